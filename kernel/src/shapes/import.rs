//! What is an import of users, as it is shown?

use super::{
    choice::{PasswordHashingAlgorithm, UserImportJobStatus},
    text::{Arn, CompletionMessage, PreSignedUrl, UserImportJobId, UserImportJobName, UserPoolId},
};
use crate::shape::{Timestamp, list, shape};

list! {
    UserImportJobs: 1..=50 of UserImportJobType;
}

shape! {
    /// An import job, described in full.
    #[derive(Default)]
    pub(crate) UserImportJobType {
        JobName job_name: Option<UserImportJobName>,
        JobId job_id: Option<UserImportJobId>,
        UserPoolId user_pool_id: Option<UserPoolId>,
        PreSignedUrl pre_signed_url: Option<PreSignedUrl>,
        CreationDate creation_date: Option<Timestamp>,
        StartDate start_date: Option<Timestamp>,
        CompletionDate completion_date: Option<Timestamp>,
        Status status: Option<UserImportJobStatus>,
        CloudWatchLogsRoleArn cloud_watch_logs_role_arn: Option<Arn>,
        ImportedUsers imported_users: Option<i64>,
        SkippedUsers skipped_users: Option<i64>,
        FailedUsers failed_users: Option<i64>,
        CompletionMessage completion_message: Option<CompletionMessage>,
        PasswordHashingAlgorithm password_hashing_algorithm: Option<PasswordHashingAlgorithm>,
    }
}
