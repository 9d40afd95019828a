//! `ListUserImportJobLines`: tells what came of each line of an import's file.
//!
//! Where Cognito writes CloudWatch logs: in the same words, in the order of the file.

use crate::{
    model::import::{self, log},
    prelude::*,
    store::{keys, last_of_page, page_token},
};

operation!(extension ListUserImportJobLines, Iam, reach Pool, now, adds []);

/// As many as go on a page if no fewer are asked for.
const PAGE_MAX: usize = 1_000;

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    JobId job_id: UserImportJobId,
    MaxResults max_results: Option<i32>,
    NextToken next_token: Option<PaginationToken>,
} }

shape! { Output {
    Lines lines: Vec<String>,
    NextToken next_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let job = import::find(cx, input.job_id.as_str())?;
    let asked = input.max_results.and_then(|asked| usize::try_from(asked).ok());
    let limit = asked.filter(|asked| *asked > 0).unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let list = keys::import_log(&job.id);
    let after = match &input.next_token {
        Some(token) => last_of_page(cx, &list, token.as_str())?.parse().unwrap_or(0),
        None => 0,
    };
    let (lines, last) = log::lines(cx, &job.id, after, limit)?;
    let next_token = match lines.len() == limit {
        true => Some(page_token(cx, &list, &last.to_string())?.into()),
        false => None,
    };
    Ok(Output { lines, next_token })
}
