//! `GetProvisionedLimit`: tells how many calls of a category are answered in a second.
//!
//! 2147483647 stands for what is not limited.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetProvisionedLimit.html>

use crate::prelude::*;

operation!(
    GetProvisionedLimit, Iam, reach Account, now,
    adds [],
    lacks [OperationNotEnabled]
);

shape! { Input {
    LimitDefinition limit_definition: LimitDefinitionType,
} }

shape! { Output {
    Limit limit: LimitType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    Ok(Output { limit: input.limit_definition.described(cx)? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Deployment, RateLimits, shape::Json, testing::World};

    fn limit(category: &str) -> Json {
        json!({ "LimitClass": "API_CATEGORY", "Attributes": { "Category": category } })
    }

    #[test]
    fn what_is_in_force_is_told() {
        let aws = Deployment { rate_limits: RateLimits::Aws, ..Deployment::default() };
        for (world, usual) in [(World::new(), i32::MAX), (World::with(aws), 120)] {
            let get = || {
                let input = json!({ "LimitDefinition": limit("UserRead") });
                world.advance_s(2);
                world.ok("GetProvisionedLimit", input)["Limit"].take()
            };
            let told = |now: i32| {
                json!({
                    "LimitDefinition": limit("UserRead"),
                    "ProvisionedLimitValue": now, "FreeLimitValue": usual,
                })
            };
            assert_eq!(get(), told(usual));
            world.advance_s(2);
            let input = json!({ "LimitDefinition": limit("UserRead"), "RequestedLimitValue": 7 });
            assert_eq!(world.ok("UpdateProvisionedLimit", input)["Limit"], told(7));
            assert_eq!(get(), told(7));
        }
    }

    #[test]
    fn a_category_that_is_none_is_refused() {
        let world = World::new();
        for definition in [
            limit("userread"),
            json!({
                "LimitClass": "API_CATEGORY", "Attributes": {},
            }),
        ] {
            let input = json!({ "LimitDefinition": definition });
            let failure = world.fails("GetProvisionedLimit", input);
            assert_eq!(failure.code, "InvalidParameterException");
        }
    }
}
