//! `DescribeUserImportJob`: shows how an import stands.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserImportJob.html>

use crate::{model::import, prelude::*};

operation!(DescribeUserImportJob, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    JobId job_id: UserImportJobId,
} }

shape! { Output {
    UserImportJob user_import_job: Option<UserImportJobType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let job = import::find(cx, input.job_id.as_str())?;
    Ok(Output { user_import_job: Some(job.described(cx, &pool)?) })
}
