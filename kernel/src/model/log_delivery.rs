//! Where a pool's events are to be delivered.

use alloc::{collections::BTreeSet, format};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Code, Error},
    shape::Choice,
    shapes::{EventSourceName, LogConfigurationType, LogConfigurations, LogLevel},
    store::Record,
};

/// What was set, as kept under `logs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LogDelivery {
    #[serde(with = "crate::shape::stored")]
    pub(crate) configurations: LogConfigurations,
}

impl Record for LogDelivery {}

/// Whether each source is there once, at the level that it has, with the one destination that it
/// can have.
///
/// # Errors
/// `InvalidParameterException` if not.
pub(crate) fn check(configurations: &LogConfigurations) -> Result<(), Error> {
    let refused = |message| Err(Error::saying(Code::InvalidParameter, message));
    let mut seen = BTreeSet::new();
    for configuration in configurations.iter() {
        let source = configuration.event_source;
        if !seen.insert(source) {
            return refused(format!("{} is configured more than once.", source.wire()));
        }
        let (level, only_logs) = match source {
            EventSourceName::UserNotification => (LogLevel::Error, true),
            EventSourceName::UserAuthEvents => (LogLevel::Info, false),
        };
        if configuration.log_level != level {
            return refused(format!("{} has the LogLevel {}.", source.wire(), level.wire()));
        }
        let [logs, bucket, stream] = destinations(configuration);
        if usize::from(logs) + usize::from(bucket) + usize::from(stream) != 1 {
            return refused(format!("{} needs exactly one destination.", source.wire()));
        }
        if only_logs && !logs {
            return refused(format!("{} goes to CloudWatch Logs only.", source.wire()));
        }
    }
    Ok(())
}

fn destinations(configuration: &LogConfigurationType) -> [bool; 3] {
    let logs = configuration.cloud_watch_logs_configuration.as_ref();
    let bucket = configuration.s3_configuration.as_ref();
    let stream = configuration.firehose_configuration.as_ref();
    [
        logs.is_some_and(|logs| logs.log_group_arn.is_some()),
        bucket.is_some_and(|bucket| bucket.bucket_arn.is_some()),
        stream.is_some_and(|stream| stream.stream_arn.is_some()),
    ]
}
