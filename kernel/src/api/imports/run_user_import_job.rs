//! `RunUserImportJob`: imports some more lines of the file of the job that is under way.
//!
//! Each run handles a bounded number of lines and writes users, results and the place in the file in
//! one batch, so that no line is lost or comes twice, whenever it is cut short; then it has itself
//! woken again, and other calls come between.

use crate::{
    directory,
    model::{
        export::restore,
        import::{
            ImportJob, Importing, csv,
            log::{Log, Outcome},
            row,
        },
        pool::Pool,
    },
    prelude::*,
    store::keys,
};

operation!(RunUserImportJob, Internal, now);

/// Few enough that those who call meanwhile hardly notice.
const LINES: usize = 100;
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
    let lines = job.read(cx, LINES)?;
    let is_end = lines.len() < LINES;
    let mut log = Log::default();
    for line in lines {
        let outcome = match line.text.as_deref().map(str::trim) {
            Some("") => continue,
            Some(text) => match import(cx, pool, job, text)? {
                Some(outcome) => outcome,
                None => continue,
            },
            None => Outcome::Failed("The line is too long or not in UTF-8.".into()),
        };
        match outcome {
            Outcome::Failed(_) => job.failed += 1,
            Outcome::Skipped => job.skipped += 1,
            Outcome::Succeeded => job.imported += 1,
        }
        log.add(line.number, outcome);
    }
    log.save(cx, &job.id)?;
    if !is_end {
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

/// Imports what a line holds, or leaves no trace of it; some of an export hold no user.
fn import(cx: &Cx, pool: &Pool, job: &mut ImportJob, text: &str) -> Result<Option<Outcome>, Error> {
    let imported = cx.attempt(|| match &mut job.restore {
        Some(restore) => restore::take(cx, pool, (&job.id, restore), text),
        None => {
            let user = row::user(cx, pool, job, text)?;
            directory::insert(cx, pool, &user).map(|()| Some(Outcome::Succeeded))
        }
    });
    match imported {
        Ok(outcome) => Ok(outcome),
        Err(error) if error.code == Code::UsernameExists => Ok(Some(Outcome::Skipped)),
        Err(error) if row::is_fault(&error) => Ok(Some(Outcome::Failed(row::reason(&error)))),
        Err(error) => Err(error),
    }
}
