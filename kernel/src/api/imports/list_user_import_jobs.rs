//! `ListUserImportJobs`: lists the import jobs of a pool, the oldest first.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserImportJobs.html>

use crate::{
    model::import::ImportJob,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(ListUserImportJobs, Iam, reach Pool, now, adds []);

/// As many as AWS's model allows on a page.
const PAGE_MAX: usize = 50;

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    MaxResults max_results: PageLimit,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

shape! { Output {
    UserImportJobs user_import_jobs: Option<UserImportJobs>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let limit = page_size(Some(input.max_results.get())).min(PAGE_MAX);
    let token = input.pagination_token.as_ref().map(Text::as_str);
    let (jobs, token) = page::<ImportJob>(cx, keys::IMPORTS, token, limit)?;
    let jobs = jobs.iter().map(|job| job.described(cx, &pool)).collect::<Result<Vec<_>, _>>()?;
    Ok(Output {
        user_import_jobs: Some(jobs.into()),
        pagination_token: token.map(PaginationToken::from),
    })
}
