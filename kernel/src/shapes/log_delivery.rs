//! Where do a pool's events go?

use super::{
    choice::{EventSourceName, LogLevel},
    text::{Arn, S3Arn, UserPoolId},
};
use crate::shape::{list, shape};

shape! {
    /// All that is delivered of a pool.
    pub(crate) LogDeliveryConfigurationType {
        UserPoolId user_pool_id: UserPoolId,
        LogConfigurations log_configurations: LogConfigurations,
    }
}

shape! {
    /// Where one kind of event goes.
    pub(crate) LogConfigurationType {
        LogLevel log_level: LogLevel,
        EventSource event_source: EventSourceName,
        CloudWatchLogsConfiguration cloud_watch_logs_configuration:
            Option<CloudWatchLogsConfigurationType>,
        S3Configuration s3_configuration: Option<S3ConfigurationType>,
        FirehoseConfiguration firehose_configuration: Option<FirehoseConfigurationType>,
    }
}

shape! {
    /// A log group.
    #[derive(Default)]
    pub(crate) CloudWatchLogsConfigurationType {
        LogGroupArn log_group_arn: Option<Arn>,
    }
}

shape! {
    /// A bucket.
    #[derive(Default)]
    pub(crate) S3ConfigurationType {
        BucketArn bucket_arn: Option<S3Arn>,
    }
}

shape! {
    /// A stream.
    #[derive(Default)]
    pub(crate) FirehoseConfigurationType {
        StreamArn stream_arn: Option<Arn>,
    }
}

list! {
    LogConfigurations: 0..=2 of LogConfigurationType;
}
