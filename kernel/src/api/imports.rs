//! Imports of users.

pub(crate) mod create_user_import_job;
pub(crate) mod create_user_restore_job;
pub(crate) mod describe_user_import_job;
pub(crate) mod expire_user_import_jobs;
pub(crate) mod get_csv_header;
pub(crate) mod list_user_import_job_lines;
pub(crate) mod list_user_import_jobs;
pub(crate) mod receive_import_piece;
pub(crate) mod run_user_import_job;
pub(crate) mod start_user_import_job;
pub(crate) mod stop_user_import_job;

use alloc::{format, string::String, vec::Vec};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::import::{self, ImportJob, WAITS_MS},
    shapes::UserImportJobStatus,
    store::keys,
};

/// Cognito's own bound.
const JOBS_MAX: usize = 1_000;

/// A job that waits for its file.
///
/// # Errors
/// `LimitExceededException` if the pool has as many as can be.
fn new_job(cx: &Cx, name: String) -> Result<ImportJob, Error> {
    let jobs = keys::under(keys::IMPORTS);
    if cx.keys(jobs.start.as_str()..jobs.end.as_str(), JOBS_MAX)?.len() == JOBS_MAX {
        let message = format!("A user pool can have {JOBS_MAX} import jobs at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    Ok(ImportJob {
        id: import::mint_id(&cx.random, cx.now_ms()),
        name,
        role_arn: String::new(),
        origin: cx.caller.origin.clone(),
        created_ms: cx.now_ms(),
        started_ms: None,
        completed_ms: None,
        status: UserImportJobStatus::Created,
        algorithm: None,
        file: Default::default(),
        cursor: Default::default(),
        columns: Vec::new(),
        imported: 0,
        skipped: 0,
        failed: 0,
        message: None,
        restore: None,
    })
}

/// Adds a job to the pool's, and has it expire in time.
fn enlist(cx: &Cx, job: &ImportJob) -> Result<(), Error> {
    cx.put(&keys::import(&job.id), job)?;
    let operation = expire_user_import_jobs::OPERATION.name;
    // Jobs expire in the order in which they were made: an earlier one comes first.
    if cx.has(&keys::wake(operation))? {
        return Ok(());
    }
    cx.wake_at(operation, job.created_ms + WAITS_MS)
}
