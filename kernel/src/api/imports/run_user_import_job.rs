//! `RunUserImportJob`: imports some more lines of the file of the job that is under way.
//!
//! Each run handles a bounded number of lines and writes users, results and the place in the file in
//! one batch, so that no line is lost or comes twice, whenever it is cut short; then it has itself
//! woken again, and other calls come between.

use crate::{
    model::{
        import::{ImportJob, Importing, csv},
        pool::Pool,
    },
    prelude::*,
    store::keys,
};

operation!(RunUserImportJob, Internal, now);

/// Cognito's own bound, without the header.
const ROWS_MAX: u64 = 500_000;

shape! { Input {} }

shape! { Output {} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let importing = cx.get::<Importing>(keys::IMPORTING)?;
    let job = match &importing {
        Some(importing) => cx.get::<ImportJob>(keys::import(&importing.job))?,
        None => None,
    };
    let Some(mut job) = job else {
        cx.wake_no_more(OPERATION.name);
        return Ok(Output {});
    };
    let pool = cx.pool_here()?;
    match job.status {
        UserImportJobStatus::Pending => begin(cx, &pool, &mut job)?,
        UserImportJobStatus::InProgress => go_on(cx, &pool, &mut job)?,
        _ => {
            job.note_taken(cx)?;
            let message = "The Import Job was stopped by the developer.";
            job.end(cx, UserImportJobStatus::Stopped, Some(message));
        }
    }
    job.save()?;
    match job.completed_ms {
        Some(_) => cx.wake_no_more(OPERATION.name),
        None => cx.wake_at(OPERATION.name, cx.now_ms())?,
    }
    Ok(Output {})
}

/// Reads the first line.
fn begin(cx: &Cx, pool: &Pool, job: &mut ImportJob) -> Result<(), Error> {
    if job.file.line_ends > ROWS_MAX + 1 {
        let message = "The CSV file has too many lines: 500000 users can be imported at most.";
        job.end(cx, UserImportJobStatus::Failed, Some(message));
        return Ok(());
    }
    let first = job.read(cx, 1)?.pop().and_then(|line| line.text).unwrap_or_default();
    if job.restore.is_some() {
        match job.begin_restore(cx, &first)? {
            true => job.status = UserImportJobStatus::InProgress,
            false => {
                let message = "The file is no export of users for the key of the import job.";
                job.end(cx, UserImportJobStatus::Failed, Some(message));
            }
        }
        return Ok(());
    }
    match csv::columns(pool, &first, job.algorithm.is_some()) {
        Some(columns) => {
            job.columns = columns;
            job.status = UserImportJobStatus::InProgress;
        }
        None => {
            let message = "The header in the CSV file does not match the header of the user pool.";
            job.end(cx, UserImportJobStatus::Failed, Some(message));
        }
    }
    Ok(())
}

fn go_on(cx: &Cx, pool: &Pool, job: &mut ImportJob) -> Result<(), Error> {
    if !job.import_some(cx, pool)? {
        return Ok(());
    }
    if job.restore.as_ref().is_some_and(|restore| !restore.has_ended) {
        let message = "The file of the export is cut off.";
        job.end(cx, UserImportJobStatus::Failed, Some(message));
        return Ok(());
    }
    let rows = job.failed + job.skipped;
    match job.imported == 0 && rows > 0 {
        true => {
            let message = "Too many users have failed or been skipped during the import.";
            job.end(cx, UserImportJobStatus::Failed, Some(message));
        }
        false => job.end(cx, UserImportJobStatus::Succeeded, None),
    }
    Ok(())
}
