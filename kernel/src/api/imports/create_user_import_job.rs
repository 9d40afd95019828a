//! `CreateUserImportJob`: makes a job that will import users from a file.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserImportJob.html>

use super::{enlist, new_job};
use crate::prelude::*;

operation!(
    CreateUserImportJob, Iam, reach Pool, now,
    adds [LimitExceeded, PreconditionNotMet]
);

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
    let mut job = new_job(cx, input.job_name.into_string())?;
    job.role_arn = input.cloud_watch_logs_role_arn.into_string();
    job.algorithm = input.password_hashing_algorithm;
    enlist(cx, &job)?;
    Ok(Output { user_import_job: Some(job.described(cx, &pool)?) })
}
