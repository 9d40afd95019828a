//! `StartUserImportJob`: has the users of a file imported, which goes on in the background.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartUserImportJob.html>

use super::run_user_import_job;
use crate::{
    model::{
        import::{self, Importing},
        user::VERIFIABLE,
    },
    prelude::*,
    store::keys,
};

operation!(StartUserImportJob, Iam, reach Pool, now, adds [PreconditionNotMet]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    JobId job_id: UserImportJobId,
} }

shape! { Output {
    UserImportJob user_import_job: Option<UserImportJobType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut job = import::find(cx, input.job_id.as_str())?;
    let refused = |message: &'static str| Err(Error::saying(Code::PreconditionNotMet, message));
    match job.status(cx.now_ms()) {
        UserImportJobStatus::Created => {}
        UserImportJobStatus::Expired => return refused("The import job has expired."),
        _ => return refused("The import job was started already."),
    }
    if !job.file.is_whole {
        return refused("The file of the import job was not sent yet.");
    }
    let is_csv = job.restore.is_none();
    if is_csv && !VERIFIABLE.iter().any(|attribute| pool.auto_verifies(attribute)) {
        return refused("The user pool has no attributes that are verified automatically.");
    }
    if cx.has(keys::IMPORTING)? {
        return refused("Another import job is in progress.");
    }
    job.status = UserImportJobStatus::Pending;
    job.started_ms = Some(cx.now_ms());
    job.save()?;
    cx.put(keys::IMPORTING, &Importing { job: job.id.clone() })?;
    cx.wake_at(run_user_import_job::OPERATION.name, cx.now_ms())?;
    Ok(Output { user_import_job: Some(job.described(cx, &pool)?) })
}
