//! `CreateUserImportJob`: makes a job that will import users from a file.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserImportJob.html>

use super::expire_user_import_jobs;
use crate::{
    model::import::{self, ImportJob, WAITS_MS},
    prelude::*,
    store::keys,
};

operation!(
    CreateUserImportJob, Iam, reach Pool, now,
    adds [LimitExceeded, PreconditionNotMet]
);

/// Cognito's own bound.
const JOBS_MAX: usize = 1_000;

shape! { Input {
    JobName job_name: UserImportJobName,
    UserPoolId user_pool_id: UserPoolId,
    CloudWatchLogsRoleArn cloud_watch_logs_role_arn: Arn,
    PasswordHashingAlgorithm password_hashing_algorithm: Option<PasswordHashingAlgorithm>,
} }

shape! { Output {
    UserImportJob user_import_job: Option<UserImportJobType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let jobs = keys::under(keys::IMPORTS);
    if cx.keys(jobs.start.as_str()..jobs.end.as_str(), JOBS_MAX)?.len() == JOBS_MAX {
        let message = alloc::format!("A user pool can have {JOBS_MAX} import jobs at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let now_ms = cx.now_ms();
    let job = ImportJob {
        id: import::mint_id(&cx.random, now_ms),
        name: input.job_name.into_string(),
        role_arn: input.cloud_watch_logs_role_arn.into_string(),
        origin: cx.caller.origin.clone(),
        created_ms: now_ms,
        started_ms: None,
        completed_ms: None,
        status: UserImportJobStatus::Created,
        algorithm: input.password_hashing_algorithm,
        file: Default::default(),
        cursor: Default::default(),
        columns: Vec::new(),
        imported: 0,
        skipped: 0,
        failed: 0,
        message: None,
    };
    cx.put(&keys::import(&job.id), &job)?;
    // Jobs expire in the order in which they were made: an earlier one comes first.
    if !cx.has(&keys::wake(expire_user_import_jobs::OPERATION.name))? {
        cx.wake_at(expire_user_import_jobs::OPERATION.name, now_ms + WAITS_MS)?;
    }
    Ok(Output { user_import_job: Some(job.described(cx, &pool)?) })
}
