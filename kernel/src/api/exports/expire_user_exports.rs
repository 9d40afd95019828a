//! `ExpireUserExports`: forgets exports that can't be fetched any more.

use crate::{
    model::export::{Export, LIVES_MS},
    prelude::*,
    store::keys,
};

operation!(ExpireUserExports, Internal, now);

shape! { Input {} }

shape! { Output {} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let range = keys::under(keys::EXPORTS);
    for export in cx.scan::<Export>(range.start.as_str()..range.end.as_str(), usize::MAX)? {
        let expires_ms = export.created_ms + LIVES_MS;
        // Ids are in the order in which exports were made.
        if expires_ms > cx.now_ms() {
            cx.wake_at(OPERATION.name, expires_ms)?;
            return Ok(Output {});
        }
        export.delete();
    }
    cx.wake_no_more(OPERATION.name);
    Ok(Output {})
}
