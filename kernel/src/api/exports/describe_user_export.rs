//! `DescribeUserExport`: shows an export, with a URL that is good for a quarter of an hour from now.

use super::described;
use crate::{model::export::Export, prelude::*};

operation!(extension DescribeUserExport, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ExportId export_id: UserExportId,
} }

shape! { Output {
    UserExport user_export: UserExportType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let export = Export::find(cx, input.export_id.as_str())?;
    Ok(Output { user_export: described(cx, &pool, &export)? })
}
