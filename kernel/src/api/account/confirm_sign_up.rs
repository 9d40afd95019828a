//! `ConfirmSignUp`: confirms a user by the code that was sent, then tells the trigger.
//!
//! The confirmation stands even when the trigger fails, as it does at Cognito.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html>

use crate::{
    access::client_secret,
    flow::{
        self, Door,
        confirmation::{self, Given},
    },
    prelude::*,
    trigger::{self, Invocation, Occasion, Said, post_confirmation},
};

operation!(
    ConfirmSignUp, Public, reach Client, asks,
    adds [
        AliasExists, CodeMismatch, ExpiredCode, Forbidden, InvalidLambdaResponse, LimitExceeded,
        TooManyFailedAttempts, UnexpectedLambda, UserLambdaValidation, UserNotFound,
    ]
);

shape! { Input {
    ClientId client_id: ClientId,
    SecretHash secret_hash: Option<SecretHash>,
    Username username: Username,
    ConfirmationCode confirmation_code: ConfirmationCode,
    ForceAliasCreation force_alias_creation: Option<bool>,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    UserContextData user_context_data: Option<UserContextDataType>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
    Session session: Option<ChallengeSession>,
} }

shape! { Output {
    Session session: Option<ChallengeSession>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let (told, session) = confirm(cx, &input)?;
    cx.commit()?;
    trigger::tell(cx, told).await?;
    Ok(Output { session: session.map(Into::into) })
}

/// Confirms the user; gives who is to be told, and the session of a first sign-in.
fn confirm(cx: &Cx, input: &Input) -> Result<(Option<Invocation>, Option<String>), Error> {
    let (pool, client) = cx.client(&input.client_id)?;
    let name = input.username.as_str();
    let hash = input.secret_hash.as_ref().map(Text::as_str);
    client_secret::secret_hash(cx, &client, name, hash)?;
    let given = Given { name, code: input.confirmation_code.as_str() };
    let is_forced = input.force_alias_creation == Some(true);
    let (user, attribute) = confirmation::confirm(cx, (&pool, &client), &given, is_forced)?;
    let door = Door { pool: &pool, client: &client, is_admin: false };
    let given = input.session.as_ref().map(Text::as_str);
    let session = flow::sign_up::confirmed(cx, &door, &user, (given, &attribute))?;
    let occasion = Occasion { pool: &pool, client: Some(&client), username: &user.username };
    let told = post_confirmation::of(cx, &occasion, &user, post_confirmation::SIGN_UP)?;
    Ok((told, session))
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    fn pool(world: &World) -> TestPool {
        world.pool(json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"] }))
    }

    /// Signs a user up and gives the code that was sent.
    fn signed_up(world: &World, pool: &TestPool, name: &str, email: &str) -> String {
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": name, "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": email }],
            }),
        );
        world.last_code()
    }

    fn confirm(
        world: &World,
        client: &str,
        name: &str,
        code: &str,
        is_forced: bool,
    ) -> Result<(), String> {
        let input = json!({
            "ClientId": client, "Username": name, "ConfirmationCode": code,
            "ForceAliasCreation": is_forced,
        });
        let outcome = world.call("ConfirmSignUp", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn user(world: &World, pool: &TestPool, name: &str) -> Value {
        world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
    }

    fn is_verified(user: &Value) -> Option<bool> {
        let attributes = user["UserAttributes"].as_array().unwrap();
        let verified = attributes.iter().find(|attribute| attribute["Name"] == "email_verified");
        verified.map(|verified| verified["Value"] == "true")
    }

    /// Another code than that one.
    fn wrong(code: &str) -> String {
        let first = if code.starts_with('0') { "1" } else { "0" };
        format!("{first}{}", &code[1..])
    }

    const MISMATCH: &str =
        "CodeMismatchException: Invalid verification code provided, please try again.";
    const EXPIRED: &str =
        "ExpiredCodeException: Invalid code provided, please request a code again.";
    const LIMIT: &str =
        "LimitExceededException: Attempt limit exceeded, please try after some time.";

    #[test]
    fn the_code_confirms_the_user_and_verifies_the_address() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        confirm(&world, &pool.client, "ann", &code, false).unwrap();
        let user = user(&world, &pool, "ann@example.com");
        assert_eq!((&user["Username"], &user["UserStatus"]), (&json!("ann"), &json!("CONFIRMED")));
        assert_eq!(is_verified(&user), Some(true));
        assert_eq!(
            confirm(&world, &pool.client, "ann", &code, false),
            Err("NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED"
                .into())
        );
    }

    #[test]
    fn a_wrong_code_confirms_nobody() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        assert_eq!(
            confirm(&world, &pool.client, "ann", &wrong(&code), false),
            Err(MISMATCH.into())
        );
        assert_eq!(user(&world, &pool, "ann")["UserStatus"], "UNCONFIRMED");
        confirm(&world, &pool.client, "ann", &code, false).unwrap();
    }

    #[test]
    fn the_code_of_another_user_is_wrong() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        let _ = signed_up(&world, &pool, "bob", "bob@example.com");
        assert_eq!(confirm(&world, &pool.client, "bob", &code, false), Err(MISMATCH.into()));
    }

    #[test]
    fn a_code_lives_for_a_day() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        world.advance_s(24 * 3600);
        assert_eq!(confirm(&world, &pool.client, "ann", &code, false), Err(EXPIRED.into()));
        let code = signed_up(&world, &pool, "bob", "bob@example.com");
        world.advance_s(24 * 3600 - 1);
        confirm(&world, &pool.client, "bob", &code, false).unwrap();
    }

    #[test]
    fn whoever_guesses_too_often_must_wait() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        for _ in 0..15 {
            assert_eq!(
                confirm(&world, &pool.client, "ann", &wrong(&code), false),
                Err(MISMATCH.into())
            );
        }
        assert_eq!(confirm(&world, &pool.client, "ann", &code, false), Err(LIMIT.into()));
        let input = json!({ "ClientId": pool.client, "Username": "ann" });
        let _ = world.ok("ResendConfirmationCode", input);
        let code = world.last_code();
        assert_eq!(confirm(&world, &pool.client, "ann", &code, false), Err(LIMIT.into()));
        world.advance_s(3600);
        confirm(&world, &pool.client, "ann", &code, false).unwrap();
    }

    #[test]
    fn a_verified_address_is_taken_only_by_force() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        confirm(&world, &pool.client, "ann", &code, false).unwrap();
        let code = signed_up(&world, &pool, "bob", "ann@example.com");
        assert_eq!(
            confirm(&world, &pool.client, "bob", &code, false),
            Err("AliasExistsException: An account with the given email already exists.".into())
        );
        assert_eq!(user(&world, &pool, "bob")["UserStatus"], "UNCONFIRMED");
        confirm(&world, &pool.client, "bob", &code, true).unwrap();
        assert_eq!(user(&world, &pool, "ann@example.com")["Username"], "bob");
        assert_eq!(is_verified(&user(&world, &pool, "ann")), Some(false));
        assert_eq!(is_verified(&user(&world, &pool, "bob")), Some(true));
    }

    #[test]
    fn force_takes_nothing_from_the_user_itself() {
        let world = World::new();
        let pool = world.pool(json!({
            "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        }));
        let code = signed_up(&world, &pool, "ann@example.com", "ann@example.com");
        confirm(&world, &pool.client, "ann@example.com", &code, true).unwrap();
        let user = user(&world, &pool, "ann@example.com");
        assert_eq!((&user["UserStatus"], is_verified(&user)), (&json!("CONFIRMED"), Some(true)));
    }

    #[test]
    fn without_a_code_there_is_nothing_to_confirm_by() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ = signed_up(&world, &pool, "ann", "ann@example.com");
        assert_eq!(confirm(&world, &pool.client, "ann", "123456", false), Err(EXPIRED.into()));
    }

    #[test]
    fn an_unknown_user_is_reported_unless_the_client_hides_users() {
        let world = World::new();
        let pool = pool(&world);
        let legacy = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "LEGACY" }));
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        assert_eq!(
            confirm(&world, &legacy, "bob", "123456", false),
            Err("UserNotFoundException: Username/client id combination not found.".into())
        );
        assert_eq!(confirm(&world, &hiding, "bob", "123456", false), Err(EXPIRED.into()));
    }

    #[test]
    fn a_confirmed_user_signs_in() {
        let world = World::new();
        let pool = pool(&world);
        let code = signed_up(&world, &pool, "ann", "ann@example.com");
        confirm(&world, &pool.client, "ann", &code, false).unwrap();
        assert!(world.sign_in(&pool, "ann@example.com")["AccessToken"].is_string());
    }
}
