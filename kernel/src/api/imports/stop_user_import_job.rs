//! `StopUserImportJob`: has an import end before its time. What was imported stays.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StopUserImportJob.html>

use super::run_user_import_job;
use crate::{model::import, prelude::*};

operation!(StopUserImportJob, Iam, reach Pool, now, adds [PreconditionNotMet]);

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
    match job.status {
        UserImportJobStatus::Pending | UserImportJobStatus::InProgress => {}
        _ => {
            let message = "The import job is not in progress.";
            return Err(Error::saying(Code::PreconditionNotMet, message));
        }
    }
    job.status = UserImportJobStatus::Stopping;
    job.save()?;
    cx.wake_at(run_user_import_job::OPERATION.name, cx.now_ms())?;
    Ok(Output { user_import_job: Some(job.described(cx, &pool)?) })
}
