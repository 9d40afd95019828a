//! `ResendConfirmationCode`: sends another code to a user who is not confirmed.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html>

use crate::{
    access::client_secret,
    delivery::{
        Delivery, Reason,
        verification::{self, Sending},
    },
    directory,
    model::user::UserStatus as Status,
    prelude::*,
    trigger::{self, Said},
};

operation!(
    ResendConfirmationCode, Public, reach Client, asks,
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
    let (delivery, details) = trigger::steered(cx, |cx| renew(cx, &input)).await?;
    cx.commit()?;
    if let Some(delivery) = delivery {
        cx.deliver_through(&input.client_id, delivery).await?;
    }
    Ok(Output { code_delivery_details: Some(details) })
}

/// The message, which an unknown user does not get, and what is said about it.
fn renew(cx: &Cx, input: &Input) -> Result<(Option<Delivery>, CodeDeliveryDetailsType), Error> {
    let (pool, client) = cx.client(&input.client_id)?;
    let name = input.username.as_str();
    let hash = input.secret_hash.as_ref().map(Text::as_str);
    client_secret::secret_hash(cx, &client, name, hash)?;
    let refused = |message: &'static str| Err(Error::saying(Code::InvalidParameter, message));
    if verification::media(&pool).next().is_none() {
        return refused("Cannot resend codes. Auto verification not turned on.");
    }
    let user = directory::find(cx, &pool, name)?;
    // Where users are hidden, one who is disabled is nobody.
    let Some(user) = user.filter(|user| user.is_enabled || !client.hides_users()) else {
        if client.hides_users() {
            return Ok((None, verification::of_nobody(cx, &pool, name)?));
        }
        let message = "Username/client id combination not found.";
        return Err(Error::saying(Code::UserNotFound, message));
    };
    if !user.is_enabled {
        return Err(Error::saying(Code::NotAuthorized, "User is disabled."));
    }
    if user.status != Status::Unconfirmed {
        return refused("User is already confirmed.");
    }
    let sending =
        verification::of_sign_up(cx, (&pool, &client), (&user, name), Reason::ResendCode)?;
    match sending {
        Some(Sending { delivery, details }) => Ok((Some(delivery), details)),
        None => refused("Cannot resend codes. The user has no address that can be verified."),
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    fn pool(world: &World) -> TestPool {
        world.pool(json!({ "AutoVerifiedAttributes": ["email"] }))
    }

    fn sign_up(world: &World, pool: &TestPool, attributes: &Value) {
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
                "UserAttributes": attributes,
            }),
        );
    }

    fn resend(world: &World, client: &str, name: &str) -> Result<Value, String> {
        let input = json!({ "ClientId": client, "Username": name });
        let outcome = world.call("ResendConfirmationCode", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn confirm(world: &World, pool: &TestPool, code: &str) -> Result<Value, String> {
        let input = json!({ "ClientId": pool.client, "Username": "ann", "ConfirmationCode": code });
        world.call("ConfirmSignUp", input).map_err(|failure| failure.code)
    }

    fn email() -> Value {
        json!([{ "Name": "email", "Value": "ann@example.com" }])
    }

    #[test]
    fn another_code_takes_the_place_of_the_first() {
        let world = World::new();
        let pool = pool(&world);
        sign_up(&world, &pool, &email());
        let first = world.last_code();
        let answer = resend(&world, &pool.client, "ann").unwrap();
        assert_eq!(
            answer["CodeDeliveryDetails"],
            json!({
                "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
            })
        );
        let second = world.last_code();
        assert_ne!(first, second);
        assert_eq!(confirm(&world, &pool, &first), Err("CodeMismatchException".into()));
        confirm(&world, &pool, &second).unwrap();
    }

    #[test]
    fn a_confirmed_user_gets_none() {
        let world = World::new();
        let pool = pool(&world);
        sign_up(&world, &pool, &email());
        confirm(&world, &pool, &world.last_code()).unwrap();
        assert_eq!(
            resend(&world, &pool.client, "ann"),
            Err("InvalidParameterException: User is already confirmed.".into())
        );
    }

    #[test]
    fn five_codes_an_hour_are_enough() {
        let world = World::new();
        let pool = pool(&world);
        sign_up(&world, &pool, &email());
        for _ in 0..5 {
            resend(&world, &pool.client, "ann").unwrap();
        }
        let code = world.last_code();
        assert_eq!(
            resend(&world, &pool.client, "ann"),
            Err("LimitExceededException: Attempt limit exceeded, please try after some time."
                .into())
        );
        assert_eq!(world.sent().len(), 6);
        world.advance_s(3600);
        resend(&world, &pool.client, "ann").unwrap();
        assert_eq!(confirm(&world, &pool, &code), Err("CodeMismatchException".into()));
    }

    #[test]
    fn an_unknown_user_is_reported_unless_the_client_hides_users() {
        let world = World::new();
        let pool = pool(&world);
        let legacy = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "LEGACY" }));
        assert_eq!(
            resend(&world, &legacy, "bob"),
            Err("UserNotFoundException: Username/client id combination not found.".into())
        );
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        let said = resend(&world, &hiding, "bob").unwrap();
        let destination = said["CodeDeliveryDetails"]["Destination"].as_str().unwrap();
        assert_eq!((destination.len(), destination.matches('*').count()), (9, 6));
        assert_eq!(said["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
        assert_eq!(resend(&world, &hiding, "bob").unwrap(), said);
        assert_ne!(resend(&world, &hiding, "carl").unwrap(), said);
        let details =
            |name: &str| resend(&world, &hiding, name).unwrap()["CodeDeliveryDetails"].take();
        let medium = &details("+12065550100")["DeliveryMedium"];
        assert_eq!(medium, "EMAIL", "the pool sends no text messages");
        assert_eq!(details("bob@example.org")["Destination"], "b***@e***");
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn there_must_be_an_address_that_the_pool_verifies() {
        let world = World::new();
        let silent = world.pool(json!({}));
        sign_up(&world, &silent, &email());
        assert_eq!(
            resend(&world, &silent.client, "ann"),
            Err("InvalidParameterException: Cannot resend codes. Auto verification not turned on."
                .into())
        );
        let pool = pool(&world);
        sign_up(&world, &pool, &json!([]));
        let refusal = resend(&world, &pool.client, "ann").unwrap_err();
        assert!(refusal.starts_with("InvalidParameterException: "), "{refusal}");
    }

    #[test]
    fn the_caller_learns_that_the_code_was_not_sent() {
        let world = World::new();
        let pool = pool(&world);
        sign_up(&world, &pool, &email());
        world.sender_fails(true);
        let refusal = resend(&world, &pool.client, "ann").unwrap_err();
        assert!(refusal.starts_with("CodeDeliveryFailureException: "), "{refusal}");
        assert!(!refusal.contains("the sender is down"), "that is for operators: {refusal}");
        assert!(world.log().iter().any(|line| line.contains("the sender is down")));
    }
}
