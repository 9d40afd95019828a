//! `ConfirmForgotPassword`: takes a code that was sent, and the password that its user has chosen.
//!
//! Sessions live on, as at Cognito: an app that would end them signs the user out everywhere.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html>

use crate::{
    access::client_secret,
    delivery::recovery,
    directory,
    flow::lockout,
    model::{
        code::{self, CodePurpose},
        password,
        subject::Subject,
        user::{User, UserStatus as Status},
    },
    prelude::*,
    trigger::{self, Invocation, Occasion, Said, post_confirmation},
};

operation!(
    ConfirmForgotPassword, Public, reach Client, asks,
    adds [
        CodeMismatch, ExpiredCode, Forbidden, InvalidLambdaResponse, InvalidPassword, LimitExceeded,
        PasswordHistoryPolicyViolation, TooManyFailedAttempts, UnexpectedLambda,
        UserLambdaValidation, UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    ClientId client_id: ClientId,
    SecretHash secret_hash: Option<SecretHash>,
    Username username: Username,
    ConfirmationCode confirmation_code: ConfirmationCode,
    Password password: Password,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    UserContextData user_context_data: Option<UserContextDataType>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {} }

const PURPOSE: CodePurpose = CodePurpose::PasswordReset;

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let told = confirm(cx, &input)?;
    cx.commit()?;
    trigger::tell(cx, told).await?;
    Ok(Output {})
}

/// Changes the password; gives who is to be told.
fn confirm(cx: &Cx, input: &Input) -> Result<Option<Invocation>, Error> {
    let (pool, client) = cx.client(&input.client_id)?;
    let name = input.username.as_str();
    let hash = input.secret_hash.as_ref().map(Text::as_str);
    client_secret::secret_hash(cx, &client, name, hash)?;
    password::check(&pool, input.password.as_str())?;
    let given = input.confirmation_code.as_str();
    let user = directory::find(cx, &pool, name)?;
    // Where users are hidden, one to whom no code is sent is nobody here, too.
    let user = user.filter(|user| !client.hides_users() || recovery::address(&pool, user).is_ok());
    let Some(mut user) = user else {
        return Err(match client.hides_users() {
            true => code::refuse(cx, &pool.fold(name), PURPOSE, given),
            false => Error::saying(Code::UserNotFound, "Username/client id combination not found."),
        });
    };
    user.resettable()?;
    let key = pool.key_of(&user.username).into_owned();
    let sent = code::redeem(cx, Subject::User(&key), PURPOSE, given)?;
    let (attribute, value) = (sent.attribute.as_str(), sent.destination.as_str());
    if user.attribute(attribute) != Some(value) || !user.is_verified(attribute) {
        // It was sent to an address by which the user is not reached any more.
        return Err(Code::ExpiredCode.into());
    }

    let before = User::clone(&user);
    password::replace(cx, &pool, &mut user, input.password.as_str(), None)?;
    user.status = Status::Confirmed;
    lockout::forget(cx, &key)?;
    directory::save(cx, &pool, &before, &mut user)?;
    let occasion = Occasion { pool: &pool, client: Some(&client), username: &user.username };
    post_confirmation::of(cx, &occasion, &user, post_confirmation::FORGOT_PASSWORD)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    const CHOSEN: &str = "Ch0sen-by-ann!";
    const MISMATCH: &str =
        "CodeMismatchException: Invalid verification code provided, please try again.";
    const EXPIRED: &str =
        "ExpiredCodeException: Invalid code provided, please request a code again.";
    const LIMIT: &str =
        "LimitExceededException: Attempt limit exceeded, please try after some time.";

    fn pool_of_ann(world: &World, settings: Value) -> TestPool {
        let pool = world.pool(settings);
        let attributes = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ]);
        world.user(&pool, "ann", attributes);
        pool
    }

    /// Has a code sent and gives it.
    fn forgot(world: &World, pool: &TestPool, name: &str) -> String {
        let _ = world.ok("ForgotPassword", json!({ "ClientId": pool.client, "Username": name }));
        world.last_code()
    }

    fn confirm(
        world: &World,
        client: &str,
        (name, code, password): (&str, &str, &str),
    ) -> Result<(), String> {
        let input = json!({
            "ClientId": client, "Username": name, "ConfirmationCode": code, "Password": password,
        });
        let outcome = world.call("ConfirmForgotPassword", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn sign_in(world: &World, pool: &TestPool, password: &str) -> Result<Value, String> {
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
        });
        world.call("InitiateAuth", input).map_err(|failure| failure.message)
    }

    /// Another code than that one.
    fn wrong(code: &str) -> String {
        let first = if code.starts_with('0') { "1" } else { "0" };
        format!("{first}{}", &code[1..])
    }

    #[test]
    fn the_chosen_password_takes_the_place_of_the_forgotten_one() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({ "AliasAttributes": ["email"] }));
        let tokens = world.sign_in(&pool, "ann");
        let code = forgot(&world, &pool, "ann@example.com");
        confirm(&world, &pool.client, ("ann", &code, CHOSEN)).unwrap();
        sign_in(&world, &pool, CHOSEN).unwrap();
        assert_eq!(sign_in(&world, &pool, PASSWORD), Err("Incorrect username or password.".into()));
        let refresh = json!({ "ClientId": pool.client, "RefreshToken": tokens["RefreshToken"] });
        let _ = world.ok("GetTokensFromRefreshToken", refresh);
        assert_eq!(
            confirm(&world, &pool.client, ("ann", &code, CHOSEN)),
            Err(EXPIRED.into()),
            "a code works once"
        );
    }

    #[test]
    fn only_the_newest_code_is_right_and_a_wrong_one_changes_nothing() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        let first = forgot(&world, &pool, "ann");
        let second = forgot(&world, &pool, "ann");
        assert_ne!(first, second);
        for code in [first, wrong(&second)] {
            assert_eq!(confirm(&world, &pool.client, ("ann", &code, CHOSEN)), Err(MISMATCH.into()));
        }
        sign_in(&world, &pool, PASSWORD).unwrap();
        confirm(&world, &pool.client, ("ann", &second, CHOSEN)).unwrap();
    }

    #[test]
    fn a_code_lives_for_an_hour() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        assert_eq!(confirm(&world, &pool.client, ("ann", "1", CHOSEN)), Err(EXPIRED.into()));
        let code = forgot(&world, &pool, "ann");
        world.advance_s(3600);
        assert_eq!(confirm(&world, &pool.client, ("ann", &code, CHOSEN)), Err(EXPIRED.into()));
        let code = forgot(&world, &pool, "ann");
        world.advance_s(3599);
        confirm(&world, &pool.client, ("ann", &code, CHOSEN)).unwrap();
    }

    #[test]
    fn whoever_guesses_too_often_must_wait_whatever_code_is_asked_for() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        let code = forgot(&world, &pool, "ann");
        for _ in 0..15 {
            assert_eq!(
                confirm(&world, &pool.client, ("ann", &wrong(&code), CHOSEN)),
                Err(MISMATCH.into())
            );
        }
        assert_eq!(confirm(&world, &pool.client, ("ann", &code, CHOSEN)), Err(LIMIT.into()));
        let code = forgot(&world, &pool, "ann");
        assert_eq!(confirm(&world, &pool.client, ("ann", &code, CHOSEN)), Err(LIMIT.into()));
        world.advance_s(3600);
        let code = forgot(&world, &pool, "ann");
        confirm(&world, &pool.client, ("ann", &code, CHOSEN)).unwrap();
    }

    #[test]
    fn the_policy_is_told_first_and_leaves_the_code_good() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        let code = forgot(&world, &pool, "ann");
        assert_eq!(
            confirm(&world, &pool.client, ("ann", &wrong(&code), "Passw0rd")),
            Err("InvalidPasswordException: Password did not conform with policy: \
                 Password must have symbol characters"
                .into())
        );
        confirm(&world, &pool.client, ("ann", &code, CHOSEN)).unwrap();
    }

    #[test]
    fn a_former_password_is_refused_only_to_who_has_the_code_and_leaves_it_good() {
        let world = World::new();
        let policy = json!({ "MinimumLength": 8, "PasswordHistorySize": 1 });
        let pool = pool_of_ann(&world, json!({ "Policies": { "PasswordPolicy": policy } }));
        let code = forgot(&world, &pool, "ann");
        assert_eq!(
            confirm(&world, &pool.client, ("ann", &wrong(&code), PASSWORD)),
            Err(MISMATCH.into())
        );
        assert_eq!(
            confirm(&world, &pool.client, ("ann", &code, PASSWORD)),
            Err("PasswordHistoryPolicyViolationException: Password has previously been used".into())
        );
        confirm(&world, &pool.client, ("ann", &code, CHOSEN)).unwrap();
    }

    #[test]
    fn who_was_locked_out_is_let_in_again() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        for _ in 0..8 {
            let _ = sign_in(&world, &pool, "Wrong-1!").unwrap_err();
        }
        assert_eq!(sign_in(&world, &pool, PASSWORD), Err("Password attempts exceeded".into()));
        let code = forgot(&world, &pool, "ann");
        confirm(&world, &pool.client, ("ann", &code, CHOSEN)).unwrap();
        sign_in(&world, &pool, CHOSEN).unwrap();
    }

    #[test]
    fn a_password_that_was_set_meanwhile_makes_the_code_void() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        let code = forgot(&world, &pool, "ann");
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({
                "UserPoolId": pool.id, "Username": "ann", "Password": "By-4dmin!",
                "Permanent": true,
            }),
        );
        assert_eq!(confirm(&world, &pool.client, ("ann", &code, CHOSEN)), Err(EXPIRED.into()));
    }

    #[test]
    fn a_user_who_has_yet_to_replace_a_temporary_password_does_so_by_signing_in() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool.id, "Username": "ann", "Password": "By-4dmin!" }),
        );
        assert_eq!(
            confirm(&world, &pool.client, ("ann", "1", CHOSEN)),
            Err("NotAuthorizedException: User password cannot be reset in the current state."
                .into())
        );
    }

    #[test]
    fn an_unknown_user_is_reported_unless_the_client_hides_users() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        assert_eq!(
            confirm(&world, &pool.client, ("bob", "1", CHOSEN)),
            Err("UserNotFoundException: Username/client id combination not found.".into())
        );
        let client = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        let hiding = TestPool { id: pool.id, client };
        for name in ["ann", "bob"] {
            let attempt = || confirm(&world, &hiding.client, (name, "not-it", CHOSEN));
            assert_eq!(attempt(), Err(EXPIRED.into()), "{name}");
            let _ = forgot(&world, &hiding, name);
            for _ in 0..15 {
                assert_eq!(attempt(), Err(MISMATCH.into()), "{name}");
            }
            assert_eq!(attempt(), Err(LIMIT.into()), "{name}");
            world.advance_s(3600);
            assert_eq!(attempt(), Err(EXPIRED.into()), "{name}");
        }
    }

    #[test]
    fn a_client_with_a_secret_proves_that_it_knows_it() {
        let world = World::new();
        let pool = pool_of_ann(&world, json!({}));
        let code = forgot(&world, &pool, "ann");
        let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
        let attempt = |hash: Value| {
            let input = json!({
                "ClientId": client, "Username": "ann", "ConfirmationCode": code,
                "Password": CHOSEN, "SecretHash": hash,
            });
            world.call("ConfirmForgotPassword", input).map_err(|failure| failure.message)
        };
        assert_eq!(
            attempt(Value::Null),
            Err(format!("Client {client} is configured for secret but secret was not received"))
        );
        assert_eq!(
            attempt(json!("AAAA")),
            Err(format!("Unable to verify secret hash for client {client}"))
        );
        attempt(world.secret_hash(&pool.id, &client, "ann")).unwrap();
    }
}
