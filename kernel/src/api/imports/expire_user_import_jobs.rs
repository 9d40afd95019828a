//! `ExpireUserImportJobs`: forgets the files of jobs that nobody started in time.

use crate::{
    model::import::{ImportJob, WAITS_MS},
    prelude::*,
    store::keys,
};

operation!(ExpireUserImportJobs, Internal, now);

shape! { Input {} }

shape! { Output {} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let range = keys::under(keys::IMPORTS);
    let mut next_ms: Option<u64> = None;
    for mut job in cx.scan::<ImportJob>(range.start.as_str()..range.end.as_str(), usize::MAX)? {
        if job.status != UserImportJobStatus::Created {
            continue;
        }
        let expires_ms = job.created_ms + WAITS_MS;
        if expires_ms > cx.now_ms() {
            next_ms = Some(next_ms.map_or(expires_ms, |next_ms| next_ms.min(expires_ms)));
            continue;
        }
        job.status = UserImportJobStatus::Expired;
        job.restore = None;
        cx.delete_range(keys::under(&keys::import_file(&job.id)));
        job.save()?;
    }
    match next_ms {
        Some(next_ms) => cx.wake_at(OPERATION.name, next_ms)?,
        None => cx.wake_no_more(OPERATION.name),
    }
    Ok(Output {})
}
