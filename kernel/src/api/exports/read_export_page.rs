//! `ReadExportPage`: gives the next lines of an export.

use crate::{
    model::export::{Export, page::page},
    prelude::*,
    store::{keys, last_of_page, page_token},
};

operation!(ReadExportPage, Internal, now);

shape! { Input {
    JobId job_id: String,
    Next next: Option<String>,
} }

shape! { Output {
    Lines lines: String,
    Next next: Option<String>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_here()?;
    let export = Export::find(cx, &input.job_id)?;
    let list = keys::export(&export.id);
    let after = input.next.map(|next| last_of_page(cx, &list, &next)).transpose()?;
    let (lines, next) = page(cx, &pool, &export, after.as_deref())?;
    let next = next.map(|next| page_token(cx, &list, &next)).transpose()?;
    Ok(Output { lines, next })
}
