//! `GetUserAttributeVerificationCode`: sends the user who asks for it a code that proves an address.
//!
//! Where a new address waits to be proved, the code goes there.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html>

use crate::{
    access::bearer::{self, Bearer},
    delivery::{
        Reason,
        verification::{self, Sending},
    },
    prelude::*,
    trigger::{self, Said},
};

operation!(
    GetUserAttributeVerificationCode, Token, reach AccessToken, asks,
    adds [
        CodeDeliveryFailure, Forbidden, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, LimitExceeded,
        PasswordResetRequired, UnexpectedLambda, UserLambdaValidation, UserNotConfirmed,
        UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Token,
    AttributeName attribute_name: AttributeName,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    CodeDeliveryDetails code_delivery_details: Option<CodeDeliveryDetailsType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let sending = trigger::steered(cx, |cx| issue(cx, &input)).await?;
    let Sending { delivery, details } = sending;
    cx.commit()?;
    cx.deliver(delivery).await?;
    Ok(Output { code_delivery_details: Some(details) })
}

fn issue(cx: &Cx, input: &Input) -> Result<Sending, Error> {
    let Bearer { client, pool, user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let attribute = input.attribute_name.as_str();
    let address = user.provable(attribute)?;
    let by = (&*pool, Some(&*client));
    verification::of_attribute(cx, by, &user, (attribute, address), Reason::VerifyUserAttribute)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    fn ask(world: &World, token: &Value, attribute: &str) -> Result<Value, Value> {
        let input = json!({ "AccessToken": token, "AttributeName": attribute });
        let outcome = world.call("GetUserAttributeVerificationCode", input);
        outcome.map_err(|failure| json!([failure.code, failure.message]))
    }

    fn signed_in(world: &World, settings: Value) -> Value {
        let pool = world.pool(settings);
        let email = json!([{ "Name": "email", "Value": "ann@example.com" }]);
        world.user(&pool, "ann", email);
        world.sign_in(&pool, "ann")["AccessToken"].take()
    }

    #[test]
    fn a_code_goes_to_the_address_even_if_it_is_not_verified_by_itself() {
        let world = World::new();
        let token = signed_in(&world, json!({}));
        let answer = ask(&world, &token, "email").unwrap();
        assert_eq!(
            answer["CodeDeliveryDetails"],
            json!({
                "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
            })
        );
        let [sent] = &*world.sent() else { panic!("one message") };
        assert_eq!((sent.destination.as_str(), sent.code.len()), ("ann@example.com", 6));
    }

    #[test]
    fn a_code_goes_to_the_address_that_waits() {
        let world = World::new();
        let settings = json!({ "AttributesRequireVerificationBeforeUpdate": ["email"] });
        let token = signed_in(
            &world,
            json!({
                "AutoVerifiedAttributes": ["email"], "UserAttributeUpdateSettings": settings,
            }),
        );
        let new = json!([{ "Name": "email", "Value": "new@example.com" }]);
        let change = json!({ "AccessToken": token, "UserAttributes": new });
        let _ = world.ok("UpdateUserAttributes", change);
        ask(&world, &token, "email").unwrap();
        let sent = world.sent();
        assert_eq!(sent.last().unwrap().destination, "new@example.com");
        assert_ne!(sent[0].code, sent[1].code);
    }

    #[test]
    fn without_an_address_there_is_nothing_to_prove() {
        let world = World::new();
        let token = signed_in(&world, json!({}));
        for (attribute, message) in [
            ("phone_number", "User does not have a value for phone_number."),
            ("custom:none", "User does not have a value for custom:none."),
            ("sub", "sub can not be verified by a code."),
        ] {
            assert_eq!(
                ask(&world, &token, attribute),
                Err(json!(["InvalidParameterException", message]))
            );
        }
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn whoever_asks_too_often_must_wait() {
        let world = World::new();
        let token = signed_in(&world, json!({}));
        let mut sent = 0;
        let refusal = loop {
            match ask(&world, &token, "email") {
                Ok(_) => sent += 1,
                Err(refusal) => break refusal,
            }
        };
        let message = "Attempt limit exceeded, please try after some time.";
        assert_eq!(refusal, json!(["LimitExceededException", message]));
        // The first one may come along with something else.
        assert!((5..=6).contains(&sent), "{sent}");
    }
}
