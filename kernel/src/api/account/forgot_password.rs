//! `ForgotPassword`: sends a code by which a user may choose another password.
//!
//! The present password goes on working until then.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html>

use crate::{
    access::client_secret,
    delivery::{Delivery, recovery, verification::Sending},
    directory,
    flow::migration,
    model::{pool::Pool, user::User},
    prelude::*,
    store::Row,
    trigger::{self, Said},
};

operation!(
    ForgotPassword, Public, reach Client, asks,
    adds [
        CodeDeliveryFailure, Forbidden, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, LimitExceeded,
        UnexpectedLambda, UserLambdaValidation, UserNotFound,
    ]
);

shape! { Input {
    ClientId client_id: ClientId,
    SecretHash secret_hash: Option<SecretHash>,
    UserContextData user_context_data: Option<UserContextDataType>,
    Username username: Username,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    CodeDeliveryDetails code_delivery_details: Option<CodeDeliveryDetailsType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let (delivery, details) = trigger::steered(cx, |cx| begin(cx, &input)).await?;
    cx.commit()?;
    if let Some(delivery) = delivery {
        cx.deliver_through(&input.client_id, delivery).await?;
    }
    Ok(Output { code_delivery_details: Some(details) })
}

/// The message, which goes to nobody if there is no such user, and what is said about it.
fn begin(cx: &Cx, input: &Input) -> Result<(Option<Delivery>, CodeDeliveryDetailsType), Error> {
    let (pool, client) = cx.client(&input.client_id)?;
    let name = input.username.as_str();
    let hash = input.secret_hash.as_ref().map(Text::as_str);
    client_secret::secret_hash(cx, &client, name, hash)?;
    if recovery::media(&pool).is_empty() {
        let message = "Contact administrator to reset password.";
        return Err(Error::saying(Code::NotAuthorized, message));
    }
    migration::forgot_password(cx, (&pool, &client), name)?;
    match reachable(&pool, directory::find(cx, &pool, name)?) {
        Ok(user) => {
            let sending = recovery::of_user(cx, (&pool, Some(&client)), (&user, name))?;
            let Sending { delivery, details } = sending;
            Ok((Some(delivery), details))
        }
        Err(_) if client.hides_users() => Ok((None, recovery::of_nobody(cx, &pool, name)?)),
        Err(error) => Err(error),
    }
}

/// The user, if a code can reach them and would do them good.
fn reachable<'cx>(pool: &Pool, user: Option<Row<'cx, User>>) -> Result<Row<'cx, User>, Error> {
    let unknown = || Error::saying(Code::UserNotFound, "Username/client id combination not found.");
    let user = user.ok_or_else(unknown)?;
    recovery::address(pool, &user)?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    fn forgot(world: &World, client: &str, name: &str) -> Result<Value, String> {
        let input = json!({ "ClientId": client, "Username": name });
        let outcome = world.call("ForgotPassword", input);
        let outcome = outcome.map(|mut output| output["CodeDeliveryDetails"].take());
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    /// A confirmed user with an e-mail address and a phone number, of which those are verified.
    fn user(world: &World, pool: &TestPool, verified: &[&str]) {
        let mut attributes: Vec<Value> = verified
            .iter()
            .map(|name| json!({ "Name": format!("{name}_verified"), "Value": "true" }))
            .collect();
        attributes.push(json!({ "Name": "email", "Value": "ann@example.com" }));
        attributes.push(json!({ "Name": "phone_number", "Value": "+12065550100" }));
        world.user(pool, "ann", json!(attributes));
    }

    fn recovering_by(ways: &[&str]) -> Value {
        let ways: Vec<Value> = ways
            .iter()
            .zip(1..)
            .map(|(name, priority)| json!({ "Name": name, "Priority": priority }))
            .collect();
        json!({ "AccountRecoverySetting": { "RecoveryMechanisms": ways } })
    }

    const UNREACHABLE: &str = "InvalidParameterException: Cannot reset password for the user as \
                               there is no registered/verified email or phone_number";
    const LIMIT: &str =
        "LimitExceededException: Attempt limit exceeded, please try after some time.";

    #[test]
    fn a_code_goes_to_the_verified_address_and_the_password_goes_on_working() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &["email"]);
        assert_eq!(
            forgot(&world, &pool.client, "ann").unwrap(),
            json!({
                "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
            })
        );
        let [sent] = &*world.sent() else { panic!("one message") };
        assert_eq!(sent.destination, "ann@example.com");
        assert_eq!(sent.subject.as_deref(), Some("Your verification code"));
        assert_eq!(sent.body, format!("Your password reset code is {}", sent.code));
        assert_eq!(
            (sent.reason, &sent.client_id),
            (crate::Reason::ForgotPassword, &Some(pool.client.clone()))
        );
        let shown = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(shown["UserStatus"], "CONFIRMED");
        assert!(world.sign_in(&pool, "ann")["AccessToken"].is_string());
    }

    #[test]
    fn without_a_setting_a_phone_number_goes_before_an_e_mail_address() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &["email", "phone_number"]);
        let details = forgot(&world, &pool.client, "ann").unwrap();
        assert_eq!(details["AttributeName"], "phone_number");
        assert_eq!(details["DeliveryMedium"], "SMS");
        assert_eq!(details["Destination"], "+*******0100");
        assert_eq!(world.sent().last().unwrap().destination, "+12065550100");
    }

    #[test]
    fn the_setting_says_which_address_goes_first_and_which_does_not_count() {
        let (email, phone) = ("verified_email", "verified_phone_number");
        for (ways, verified, expected) in [
            (&[email, phone][..], &["email", "phone_number"][..], Some("email")),
            (&[phone, email], &["email", "phone_number"], Some("phone_number")),
            (&[email, phone], &["phone_number"], Some("phone_number")),
            (&[phone, email], &["email"], Some("email")),
            (&[email], &["email", "phone_number"], Some("email")),
            (&[email], &["phone_number"], None),
            (&[phone], &["email"], None),
        ] {
            let world = World::new();
            let pool = world.pool(recovering_by(ways));
            user(&world, &pool, verified);
            match (forgot(&world, &pool.client, "ann"), expected) {
                (Ok(details), Some(expected)) => assert_eq!(details["AttributeName"], expected),
                (outcome, None) => assert_eq!(outcome, Err(UNREACHABLE.into())),
                (outcome, _) => panic!("{ways:?} {verified:?}: {outcome:?}"),
            }
        }
    }

    #[test]
    fn where_only_administrators_reset_passwords_nobody_gets_a_code() {
        let world = World::new();
        let pool = world.pool(recovering_by(&["admin_only"]));
        user(&world, &pool, &["email"]);
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        let refusal = "NotAuthorizedException: Contact administrator to reset password.";
        for client in [&pool.client, &hiding] {
            for name in ["ann", "bob"] {
                assert_eq!(forgot(&world, client, name), Err(refusal.into()));
            }
        }
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn an_address_that_was_not_verified_gets_no_code() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &[]);
        assert_eq!(forgot(&world, &pool.client, "ann"), Err(UNREACHABLE.into()));
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "bob", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "bob@example.com" }],
            }),
        );
        assert_eq!(forgot(&world, &pool.client, "bob"), Err(UNREACHABLE.into()));
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn a_temporary_password_is_not_reset_by_its_user() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let attributes = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ]);
        let _ = world.ok(
            "AdminCreateUser",
            json!({
                "UserPoolId": pool.id, "Username": "ann", "UserAttributes": attributes,
                "MessageAction": "SUPPRESS",
            }),
        );
        assert_eq!(
            forgot(&world, &pool.client, "ann"),
            Err("NotAuthorizedException: User password cannot be reset in the current state."
                .into())
        );
    }

    #[test]
    fn five_codes_an_hour_are_enough() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &["email"]);
        for _ in 0..5 {
            forgot(&world, &pool.client, "ann").unwrap();
        }
        assert_eq!(forgot(&world, &pool.client, "ann"), Err(LIMIT.into()));
        assert_eq!(world.sent().len(), 5);
        world.advance_s(3600);
        forgot(&world, &pool.client, "ann").unwrap();
    }

    #[test]
    fn an_unknown_user_is_reported_unless_the_client_hides_users() {
        let world = World::new();
        let pool = world.pool(json!({}));
        assert_eq!(
            forgot(&world, &pool.client, "bob"),
            Err("UserNotFoundException: Username/client id combination not found.".into())
        );
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        let said = forgot(&world, &hiding, "bob").unwrap();
        assert_eq!(forgot(&world, &hiding, "bob").unwrap(), said, "the same each time");
        let by_name = forgot(&world, &hiding, "bob@example.org").unwrap();
        assert_eq!(by_name["Destination"], "b***@e***");
        assert_eq!(by_name["DeliveryMedium"], "EMAIL");
        let by_name = forgot(&world, &hiding, "+12065550123").unwrap();
        assert_eq!(by_name["Destination"], "+*******0123");
        for _ in 0..3 {
            forgot(&world, &hiding, "bob").unwrap();
        }
        assert_eq!(forgot(&world, &hiding, "bob"), Err(LIMIT.into()), "as a user is limited");
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn where_users_are_hidden_one_who_can_not_be_reached_is_nobody() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &[]);
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        let said = forgot(&world, &hiding, "ann").unwrap();
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(forgot(&world, &hiding, "ann").unwrap(), said);
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn the_caller_learns_that_the_code_was_not_sent() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &["email"]);
        world.sender_fails(true);
        let refusal = forgot(&world, &pool.client, "ann").unwrap_err();
        assert!(refusal.starts_with("CodeDeliveryFailureException: "), "{refusal}");
    }

    #[test]
    fn a_client_with_a_secret_proves_that_it_knows_it() {
        let world = World::new();
        let pool = world.pool(json!({}));
        user(&world, &pool, &["email"]);
        let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
        let attempt = |hash: Value| {
            let input = json!({ "ClientId": client, "Username": "ann", "SecretHash": hash });
            world.call("ForgotPassword", input).map_err(|failure| failure.message)
        };
        assert_eq!(
            attempt(Value::Null),
            Err(format!("Client {client} is configured for secret but secret was not received"))
        );
        assert_eq!(
            attempt(json!("AAAA")),
            Err(format!("Unable to verify secret hash for client {client}"))
        );
        assert_eq!(world.sent().len(), 0);
        attempt(world.secret_hash(&pool.id, &client, "ann")).unwrap();
    }
}
