//! Exports of users, which AWS does not have.

pub(crate) mod create_user_export;
pub(crate) mod describe_user_export;
pub(crate) mod expire_user_exports;
pub(crate) mod read_export_page;

use crate::{cx::Cx, error::Error, model::export::Export, model::pool::Pool, shapes::*, transfer};
use crate::{model::export::LIVES_MS, shape::Timestamp};

/// An export, as it is shown. Each time, its URL is good for a quarter of an hour from then on.
fn described(cx: &Cx, pool: &Pool, export: &Export) -> Result<UserExportType, Error> {
    let file = transfer::File { room: transfer::EXPORT, pool_id: &pool.id, job: &export.id };
    let url = transfer::url(cx.vault()?, file, &export.origin, cx.now_ms());
    Ok(UserExportType {
        export_id: export.id.as_str().into(),
        user_pool_id: pool.id.as_str().into(),
        pre_signed_url: url.into(),
        creation_date: Timestamp(export.created_ms),
        expiration_date: Timestamp(export.created_ms + LIVES_MS),
    })
}
