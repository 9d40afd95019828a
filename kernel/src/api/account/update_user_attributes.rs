//! `UpdateUserAttributes`: changes attributes of the user who asks for it.
//!
//! A new address stands at once, unverified, unless the pool wants it proved first: then the old one
//! stays until [`super::verify_user_attribute`]. The change stands before any code is sent.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html>

use crate::{
    access::bearer::{self, Bearer},
    delivery::verification::{self, Sending},
    directory,
    model::{
        attribute::{self, Writer},
        user::User,
    },
    prelude::*,
    trigger::{self, Said},
};

operation!(
    UpdateUserAttributes, Token, reach AccessToken, asks,
    adds [
        AliasExists, CodeDeliveryFailure, CodeMismatch, ExpiredCode, Forbidden,
        InvalidEmailRoleAccessPolicy, InvalidLambdaResponse, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship, PasswordResetRequired, UnexpectedLambda,
        UserLambdaValidation, UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    UserAttributes user_attributes: Vec<AttributeType>,
    AccessToken access_token: Token,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    CodeDeliveryDetailsList code_delivery_details_list: Option<Vec<CodeDeliveryDetailsType>>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let sendings = trigger::steered(cx, |cx| change(cx, &input)).await?;
    cx.commit()?;
    let mut told = Vec::with_capacity(sendings.len());
    for Sending { delivery, details } in sendings {
        cx.deliver(delivery).await?;
        told.push(details);
    }
    let code_delivery_details_list = (!told.is_empty()).then_some(told);
    Ok(Output { code_delivery_details_list })
}

fn change(cx: &Cx, input: &Input) -> Result<Vec<Sending>, Error> {
    let Bearer { client, pool, mut user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let given = input.user_attributes.clone();
    let changes = attribute::changes(&pool, Writer::Client(&client), &user, given)?;
    let before = User::clone(&user);
    let unproved = user.change_or_wait(&pool, changes);
    directory::save(cx, &pool, &before, &mut user)?;
    verification::of_changes(cx, (&pool, Some(&client)), &user, &unproved)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World, shown};

    const ANN: [(&str, &str); 2] = [("email", "ann@example.com"), ("email_verified", "true")];

    fn attributes(pairs: &[(&str, &str)]) -> Value {
        pairs.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
    }

    /// Ann, signed in: her pool and her access token.
    fn signed_in(world: &World, settings: Value) -> (TestPool, Value) {
        let pool = world.pool(settings);
        world.user(&pool, "ann", attributes(&ANN));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        (pool, token)
    }

    fn update(world: &World, token: &Value, pairs: &[(&str, &str)]) -> Result<Value, String> {
        let input = json!({ "AccessToken": token, "UserAttributes": attributes(pairs) });
        let outcome = world.call("UpdateUserAttributes", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn verify(world: &World, token: &Value, code: &str) -> Result<Value, String> {
        let input = json!({ "AccessToken": token, "AttributeName": "email", "Code": code });
        world.call("VerifyUserAttribute", input).map_err(|failure| failure.code)
    }

    fn of_ann(world: &World, pool: &TestPool, attribute: &str) -> Option<String> {
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        shown(&world.ok("AdminGetUser", named), attribute)
    }

    const TO_NEW: &str = "new@example.com";

    #[test]
    fn a_new_address_stands_at_once_and_is_unverified() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({ "AutoVerifiedAttributes": ["email"] }));
        let answer = update(&world, &token, &[("email", TO_NEW), ("name", "Ann")]).unwrap();
        assert_eq!(
            answer["CodeDeliveryDetailsList"],
            json!([{
                "Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
            }])
        );
        assert_eq!(of_ann(&world, &pool, "email").as_deref(), Some(TO_NEW));
        assert_eq!(of_ann(&world, &pool, "email_verified").as_deref(), Some("false"));
        assert_eq!(of_ann(&world, &pool, "name").as_deref(), Some("Ann"));
        let [sent] = &*world.sent() else { panic!("one message") };
        assert_eq!(sent.destination, TO_NEW);
        verify(&world, &token, &sent.code).unwrap();
        assert_eq!(of_ann(&world, &pool, "email_verified").as_deref(), Some("true"));
    }

    #[test]
    fn no_code_goes_where_nothing_is_verified_or_nothing_changed() {
        let world = World::new();
        let (_, token) = signed_in(&world, json!({}));
        assert_eq!(update(&world, &token, &[("email", TO_NEW)]), Ok(json!({})));
        let (pool, token) = signed_in(&world, json!({ "AutoVerifiedAttributes": ["email"] }));
        assert_eq!(update(&world, &token, &ANN[..1]), Ok(json!({})));
        assert_eq!(of_ann(&world, &pool, "email_verified").as_deref(), Some("true"));
        assert_eq!(world.sent().len(), 0);
    }

    fn proving_first() -> Value {
        json!({
            "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
            "UserAttributeUpdateSettings": {
                "AttributesRequireVerificationBeforeUpdate": ["email"],
            },
        })
    }

    #[test]
    fn where_the_pool_asks_for_it_the_old_address_stays_until_the_new_one_is_proved() {
        let world = World::new();
        let (pool, token) = signed_in(&world, proving_first());
        let answer = update(&world, &token, &[("email", TO_NEW), ("name", "Ann")]).unwrap();
        assert_eq!(answer["CodeDeliveryDetailsList"][0]["Destination"], "n***@e***");
        assert_eq!(of_ann(&world, &pool, "email").as_deref(), Some(ANN[0].1));
        assert_eq!(of_ann(&world, &pool, "email_verified").as_deref(), Some("true"));
        assert_eq!(of_ann(&world, &pool, "name").as_deref(), Some("Ann"));
        let _ = world.sign_in(&pool, ANN[0].1);
        verify(&world, &token, &world.last_code()).unwrap();
        assert_eq!(of_ann(&world, &pool, "email").as_deref(), Some(TO_NEW));
        assert_eq!(of_ann(&world, &pool, "email_verified").as_deref(), Some("true"));
        let _ = world.sign_in(&pool, TO_NEW);
        let by_old = json!({ "UserPoolId": pool.id, "Username": ANN[0].1 });
        assert_eq!(world.fails("AdminGetUser", by_old).code, "UserNotFoundException");
    }

    #[test]
    fn an_address_that_waits_is_forgotten_once_another_is_chosen() {
        let world = World::new();
        let (pool, token) = signed_in(&world, proving_first());
        update(&world, &token, &[("email", TO_NEW)]).unwrap();
        let first = world.last_code();
        update(&world, &token, &[("email", "newer@example.com")]).unwrap();
        let second = world.last_code();
        assert_eq!(verify(&world, &token, &first), Err("CodeMismatchException".into()));
        verify(&world, &token, &second).unwrap();
        assert_eq!(of_ann(&world, &pool, "email").as_deref(), Some("newer@example.com"));

        update(&world, &token, &[("email", TO_NEW)]).unwrap();
        update(&world, &token, &[("email", "newer@example.com")]).unwrap();
        let code = world.last_code();
        assert_eq!(verify(&world, &token, &code), Err("ExpiredCodeException".into()));
    }

    #[test]
    fn the_change_stands_when_the_code_can_not_be_sent() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({ "AutoVerifiedAttributes": ["email"] }));
        world.sender_fails(true);
        let refusal = update(&world, &token, &[("email", TO_NEW)]).unwrap_err();
        assert!(refusal.starts_with("CodeDeliveryFailureException"), "{refusal}");
        assert_eq!(of_ann(&world, &pool, "email").as_deref(), Some(TO_NEW));
        world.sender_fails(false);
        let again = json!({ "AccessToken": token, "AttributeName": "email" });
        let _ = world.ok("GetUserAttributeVerificationCode", again);
        verify(&world, &token, &world.last_code()).unwrap();
    }

    #[test]
    fn a_client_writes_what_it_may() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({}));
        let unauthorized = Err("NotAuthorizedException: A client attempted to write unauthorized \
                                attribute"
            .into());
        assert_eq!(update(&world, &token, &[("email_verified", "true")]), unauthorized);
        let client = world.client(&pool.id, json!({ "WriteAttributes": ["name"] }));
        let narrow = TestPool { id: pool.id.clone(), client };
        let token = world.sign_in(&narrow, "ann")["AccessToken"].take();
        update(&world, &token, &[("name", "Ann")]).unwrap();
        assert_eq!(update(&world, &token, &[("name", "A"), ("locale", "de")]), unauthorized);
        assert_eq!(of_ann(&world, &pool, "name").as_deref(), Some("Ann"));
    }

    #[test]
    fn a_preferred_username_that_is_an_alias_is_taken_once() {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["preferred_username"] }));
        let tokens: Vec<Value> = ["ann", "bob"]
            .iter()
            .map(|name| {
                world.user(&pool, name, json!([]));
                world.sign_in(&pool, name)["AccessToken"].take()
            })
            .collect();
        update(&world, &tokens[0], &[("preferred_username", "star")]).unwrap();
        let taken = "AliasExistsException: An account with the given preferred_username already \
                     exists.";
        for name in ["star", "ann"] {
            assert_eq!(
                update(&world, &tokens[1], &[("preferred_username", name)]),
                Err(taken.into()),
                "{name}"
            );
        }
        let _ = world.sign_in(&pool, "star");
        update(&world, &tokens[0], &[("preferred_username", "")]).unwrap();
        update(&world, &tokens[1], &[("preferred_username", "star")]).unwrap();
        update(&world, &tokens[1], &[("preferred_username", "bob")]).unwrap();
    }

    #[test]
    fn where_names_are_addresses_a_new_one_is_the_name_at_once_and_one_must_stay() {
        let world = World::new();
        let pool = world.pool(json!({
            "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        }));
        for name in ["ann@example.com", "bob@example.com"] {
            world.user(&pool, name, json!([]));
        }
        let token = world.sign_in(&pool, "ann@example.com")["AccessToken"].take();
        update(&world, &token, &[("email", TO_NEW)]).unwrap();
        let _ = world.sign_in(&pool, TO_NEW);
        assert_eq!(
            update(&world, &token, &[("email", "bob@example.com")]),
            Err("AliasExistsException: An account with the given email already exists.".into())
        );
        assert_eq!(
            update(&world, &token, &[("email", "")]),
            Err("InvalidParameterException: user.email: The attribute is required".into())
        );
        let _ = world.sign_in(&pool, TO_NEW);
    }

    #[test]
    fn codes_are_sent_so_often_and_not_more() {
        let world = World::new();
        let (_, token) = signed_in(&world, json!({ "AutoVerifiedAttributes": ["email"] }));
        let outcomes: Vec<_> = (0..20)
            .map(|n| update(&world, &token, &[("email", &format!("{n}@example.com"))]))
            .collect();
        let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        assert!(refused.clone().all(|error| error.starts_with("TooManyRequestsException: ")));
        assert!(refused.count() >= 10);
        world.advance_s(3_599);
        world.advance_s(1);
        assert!(world.sent().len() <= 10);
    }
}
