//! `SetLogDeliveryConfiguration`: says where a user pool's events are to be delivered.
//!
//! It is kept and shown. No tier is asked for: at AWS `userAuthEvents` needs the Plus tier.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetLogDeliveryConfiguration.html>

use crate::{
    model::log_delivery::{LogDelivery, check},
    prelude::*,
    store::keys,
};

operation!(
    SetLogDeliveryConfiguration, Iam, reach Pool, now,
    adds [FeatureUnavailableInTier],
    lacks [OperationNotEnabled]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    LogConfigurations log_configurations: LogConfigurations,
} }

shape! { Output {
    LogDeliveryConfiguration log_delivery_configuration: Option<LogDeliveryConfigurationType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    check(&input.log_configurations)?;
    let delivery = LogDelivery { configurations: input.log_configurations };
    cx.put(keys::LOG_DELIVERY, &delivery)?;
    Ok(Output {
        log_delivery_configuration: Some(LogDeliveryConfigurationType {
            user_pool_id: input.user_pool_id,
            log_configurations: delivery.configurations,
        }),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{shape::Json, testing::World};

    const GROUP: &str = "arn:aws:logs:eu-west-1:123456789012:log-group:pool";

    fn notifications() -> Json {
        json!({
            "LogLevel": "ERROR", "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": { "LogGroupArn": GROUP },
        })
    }

    fn activity(destination: &str, settings: Json) -> Json {
        json!({ "LogLevel": "INFO", "EventSource": "userAuthEvents", destination: settings })
    }

    #[test]
    fn destinations_are_shown_back_until_others_are_set() {
        let world = World::new();
        let pool = world.pool(json!({ "UserPoolTier": "LITE" }));
        let stream = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/pool";
        for configurations in [
            json!([notifications()]),
            json!([
                notifications(),
                activity("S3Configuration", json!({ "BucketArn": "arn:aws:s3:::a-bucket" })),
            ]),
            json!([activity("FirehoseConfiguration", json!({ "StreamArn": stream }))]),
            json!([activity("CloudWatchLogsConfiguration", json!({ "LogGroupArn": GROUP }))]),
            json!([]),
        ] {
            let input = json!({ "UserPoolId": pool.id, "LogConfigurations": configurations });
            let set = world.ok("SetLogDeliveryConfiguration", input.clone());
            assert_eq!(set, json!({ "LogDeliveryConfiguration": input }));
            let shown = world.ok("GetLogDeliveryConfiguration", json!({ "UserPoolId": pool.id }));
            assert_eq!(shown, set);
        }
    }

    #[test]
    fn each_source_has_its_level_and_one_destination() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let bucket = json!({ "BucketArn": "arn:aws:s3:::a-bucket" });
        let mut wrong_level = notifications();
        wrong_level["LogLevel"] = json!("INFO");
        let mut two_places = activity("S3Configuration", bucket.clone());
        two_places["CloudWatchLogsConfiguration"] = json!({ "LogGroupArn": GROUP });
        let mut in_a_bucket = notifications();
        in_a_bucket["S3Configuration"] = bucket.clone();
        in_a_bucket.as_object_mut().unwrap().remove("CloudWatchLogsConfiguration");
        let mut quiet = activity("S3Configuration", bucket);
        quiet["LogLevel"] = json!("ERROR");
        for bad in [
            json!([notifications(), notifications()]),
            json!([wrong_level]),
            json!([two_places]),
            json!([in_a_bucket]),
            json!([quiet]),
            json!([{ "LogLevel": "INFO", "EventSource": "userAuthEvents" }]),
            json!([activity("S3Configuration", json!({}))]),
            json!([notifications(), notifications(), notifications()]),
        ] {
            let input = json!({ "UserPoolId": pool.id, "LogConfigurations": bad });
            let failure = world.fails("SetLogDeliveryConfiguration", input.clone());
            assert_eq!(failure.code, "InvalidParameterException", "{input}");
        }
    }
}
