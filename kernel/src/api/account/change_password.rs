//! `ChangePassword`: a user who is signed in takes another password.
//!
//! Sessions live on, as at Cognito.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html>

use crate::{
    access::bearer::{self, Bearer},
    directory,
    flow::lockout,
    model::{
        password,
        pool::Pool,
        quota::{self, Effort},
        subject::Subject,
        user::{User, UserStatus as Status},
    },
    prelude::*,
};

operation!(
    ChangePassword, Token, reach AccessToken, now,
    adds [
        Forbidden, InvalidPassword, LimitExceeded, PasswordHistoryPolicyViolation,
        PasswordResetRequired, UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    PreviousPassword previous_password: Option<Password>,
    ProposedPassword proposed_password: Password,
    AccessToken access_token: Token,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, mut user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    if user.status == Status::ForceChangePassword {
        // The challenge at the next sign-in asks for what else is wanted of the user.
        let message = "User password cannot be changed in the current state.";
        return Err(Error::saying(Code::NotAuthorized, message));
    }
    let proposed = input.proposed_password.as_str();
    password::check(&pool, proposed)?;
    let key = pool.key_of(&user.username).into_owned();
    quota::count(cx, Subject::User(&key), Effort::ChangePassword)?;
    prove(cx, &pool, &user, input.previous_password.as_ref().map(Text::as_str))?;

    let before = User::clone(&user);
    password::replace(cx, &pool, &mut user, proposed, None)?;
    lockout::forget(cx, &key)?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

/// Checks the present password; a user who has none need not give one.
fn prove(cx: &Cx, pool: &Pool, user: &User, previous: Option<&str>) -> Result<(), Error> {
    let key = pool.key_of(&user.username);
    lockout::refuse_locked(cx, Subject::User(&key))?;
    let is_right = match (&user.credential, previous) {
        (None, previous) => previous.is_none(),
        (Some(credential), Some(previous)) => credential.is(cx, pool.owner(user), previous)?,
        (Some(_), None) => {
            let message = "Missing required parameter OldPassword";
            return Err(Error::saying(Code::InvalidParameter, message));
        }
    };
    if !is_right {
        lockout::count_failure(cx, Subject::User(&key))?;
        return Err(Code::NotAuthorized.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    const CHOSEN: &str = "Ch0sen-by-ann!";
    const WRONG: &str = "NotAuthorizedException: Incorrect username or password.";
    const LIMIT: &str =
        "LimitExceededException: Attempt limit exceeded, please try after some time.";

    fn signed_in(world: &World, settings: Value) -> (TestPool, Value) {
        let pool = world.pool(settings);
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        (pool, token)
    }

    fn change(
        world: &World,
        token: &Value,
        previous: Option<&str>,
        proposed: &str,
    ) -> Result<(), String> {
        let input = json!({
            "AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed,
        });
        let outcome = world.call("ChangePassword", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn sign_in(world: &World, pool: &TestPool, password: &str) -> Result<Value, String> {
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
        });
        world.call("InitiateAuth", input).map_err(|failure| failure.message)
    }

    #[test]
    fn a_signed_in_user_takes_another_password_and_stays_signed_in() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({}));
        change(&world, &token, Some(PASSWORD), CHOSEN).unwrap();
        sign_in(&world, &pool, CHOSEN).unwrap();
        assert_eq!(sign_in(&world, &pool, PASSWORD), Err("Incorrect username or password.".into()));
        let _ = world.ok("GetUser", json!({ "AccessToken": token }));
    }

    #[test]
    fn the_present_password_must_be_given_and_right() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({}));
        assert_eq!(change(&world, &token, Some("Wrong-1!"), CHOSEN), Err(WRONG.into()));
        assert_eq!(
            change(&world, &token, None, CHOSEN),
            Err("InvalidParameterException: Missing required parameter OldPassword".into())
        );
        sign_in(&world, &pool, PASSWORD).unwrap();
    }

    #[test]
    fn wrong_ones_count_as_failed_sign_ins_do() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({}));
        for _ in 0..2 {
            assert_eq!(change(&world, &token, Some("Wrong-1!"), CHOSEN), Err(WRONG.into()));
        }
        for _ in 0..3 {
            let _ = sign_in(&world, &pool, "Wrong-1!").unwrap_err();
        }
        let locked = "Password attempts exceeded";
        assert_eq!(sign_in(&world, &pool, PASSWORD), Err(locked.into()));
        assert_eq!(
            change(&world, &token, Some(PASSWORD), CHOSEN),
            Err(format!("NotAuthorizedException: {locked}"))
        );
        world.advance_s(1);
        change(&world, &token, Some(PASSWORD), CHOSEN).unwrap();
    }

    #[test]
    fn five_attempts_an_hour_are_enough() {
        let world = World::new();
        let (_, token) = signed_in(&world, json!({}));
        let passwords = [PASSWORD, "Second-2!", "Third-3!!", "Fourth-4!", "Fifth-5!!", "Sixth-6!!"];
        for pair in passwords.windows(2) {
            change(&world, &token, Some(pair[0]), pair[1]).unwrap();
        }
        assert_eq!(change(&world, &token, Some("Sixth-6!!"), CHOSEN), Err(LIMIT.into()));
        world.advance_s(3599);
        assert_eq!(change(&world, &token, Some("Sixth-6!!"), CHOSEN), Err(LIMIT.into()));
    }

    #[test]
    fn a_user_without_a_password_gives_none_and_gets_one() {
        let world = World::new();
        let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] });
        let (pool, token) = signed_in(&world, json!({ "Policies": { "SignInPolicy": factors } }));
        world.change_record(&pool, "user/ann", |user| user["credential"] = Value::Null);
        assert_eq!(change(&world, &token, Some(PASSWORD), CHOSEN), Err(WRONG.into()));
        change(&world, &token, None, CHOSEN).unwrap();
        sign_in(&world, &pool, CHOSEN).unwrap();
    }

    #[test]
    fn policy_and_history_are_kept_to() {
        let world = World::new();
        let policy = json!({ "MinimumLength": 9, "PasswordHistorySize": 2 });
        let (_, token) = signed_in(&world, json!({ "Policies": { "PasswordPolicy": policy } }));
        assert_eq!(
            change(&world, &token, Some(PASSWORD), "short-1!"),
            Err("InvalidPasswordException: Password did not conform with policy: \
                 Password not long enough"
                .into())
        );
        let reused = "PasswordHistoryPolicyViolationException: Password has previously been used";
        assert_eq!(change(&world, &token, Some(PASSWORD), PASSWORD), Err(reused.into()));
        change(&world, &token, Some(PASSWORD), CHOSEN).unwrap();
        assert_eq!(change(&world, &token, Some(CHOSEN), PASSWORD), Err(reused.into()));
    }

    #[test]
    fn who_must_reset_or_replace_the_password_can_not_change_it() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({}));
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD }),
        );
        assert_eq!(
            change(&world, &token, Some(PASSWORD), CHOSEN),
            Err("NotAuthorizedException: User password cannot be changed in the current state."
                .into())
        );
        world.change_record(&pool, "user/ann", |user| user["status"] = json!("RESET_REQUIRED"));
        assert_eq!(
            change(&world, &token, Some(PASSWORD), CHOSEN),
            Err("PasswordResetRequiredException: Password reset required for the user".into())
        );
    }
}
