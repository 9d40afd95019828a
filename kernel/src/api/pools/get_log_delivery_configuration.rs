//! `GetLogDeliveryConfiguration`: tells where a user pool's events are to be delivered.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetLogDeliveryConfiguration.html>

use crate::{model::log_delivery::LogDelivery, prelude::*, store::keys};

operation!(
    GetLogDeliveryConfiguration, Iam, reach Pool, now,
    adds [],
    lacks [OperationNotEnabled]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    LogDeliveryConfiguration log_delivery_configuration: Option<LogDeliveryConfigurationType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let kept = cx.get::<LogDelivery>(keys::LOG_DELIVERY)?;
    let log_configurations = kept.map(|kept| kept.into_inner().configurations).unwrap_or_default();
    let user_pool_id = input.user_pool_id;
    Ok(Output {
        log_delivery_configuration: Some(LogDeliveryConfigurationType {
            user_pool_id,
            log_configurations,
        }),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_new_pool_delivers_nothing() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let shown = world.ok("GetLogDeliveryConfiguration", json!({ "UserPoolId": pool.id }));
        let expected = json!({ "UserPoolId": pool.id, "LogConfigurations": [] });
        assert_eq!(shown, json!({ "LogDeliveryConfiguration": expected }));
    }

    #[test]
    fn an_unknown_pool_delivers_nothing_either() {
        let input = json!({ "UserPoolId": "eu-west-1_000000000" });
        let failure = World::new().fails("GetLogDeliveryConfiguration", input);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
