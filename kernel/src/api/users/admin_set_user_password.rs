//! `AdminSetUserPassword`: sets a user's password.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html>

use crate::{
    directory,
    model::{
        code::{self, CodePurpose},
        password,
        user::{User, UserStatus as Status},
    },
    prelude::*,
};

operation!(
    AdminSetUserPassword, Iam, reach Pool, now,
    adds [InvalidPassword, PasswordHistoryPolicyViolation, UserNotFound]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    Password password: Password,
    Permanent permanent: Option<bool>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    password::check(&pool, input.password.as_str())?;

    let is_permanent = input.permanent.unwrap_or(false);
    let (status, expires_ms) = match is_permanent {
        true => (Status::Confirmed, None),
        false => {
            (Status::ForceChangePassword, Some(password::temporary_until_ms(&pool, cx.now_ms())))
        }
    };
    let before = User::clone(&user);
    password::replace(cx, &pool, &mut user, input.password.as_str(), expires_ms)?;
    user.status = status;
    code::forget(cx, &pool.key_of(&user.username), CodePurpose::SignUp);
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn set(
        world: &World,
        pool: &TestPool,
        password: &str,
        is_permanent: bool,
    ) -> Result<(), String> {
        let input = json!({
            "UserPoolId": pool.id, "Username": "ann",
            "Password": password, "Permanent": is_permanent,
        });
        let outcome = world.call("AdminSetUserPassword", input);
        outcome
            .map(|_| ())
            .map_err(|failure| alloc::format!("{}: {}", failure.code, failure.message))
    }

    fn status(world: &World, pool: &TestPool) -> Value {
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        world.ok("AdminGetUser", input)["UserStatus"].take()
    }

    #[test]
    fn a_permanent_password_confirms_and_a_temporary_one_must_be_changed() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        assert_eq!(status(&world, &pool), "CONFIRMED");
        set(&world, &pool, "Passw0rd!2", false).unwrap();
        assert_eq!(status(&world, &pool), "FORCE_CHANGE_PASSWORD");
        set(&world, &pool, "Passw0rd!3", true).unwrap();
        assert_eq!(status(&world, &pool), "CONFIRMED");
    }

    #[test]
    fn a_password_that_breaks_the_policy_changes_nothing() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        for (password, fault) in [
            ("Pw0!", "Password not long enough"),
            ("passw0rd!", "Password must have uppercase characters"),
            ("PASSW0RD!", "Password must have lowercase characters"),
            ("Password!", "Password must have numeric characters"),
            ("Passw0rds", "Password must have symbol characters"),
            // Letters of other scripts are neither upper nor lower case.
            ("ÄÄÄÄasdf1!", "Password must have uppercase characters"),
        ] {
            let expected = "InvalidPasswordException: Password did not conform with policy: ";
            assert_eq!(set(&world, &pool, password, false), Err([expected, fault].concat()));
        }
        assert_eq!(status(&world, &pool), "CONFIRMED");
    }

    #[test]
    fn a_pool_may_ask_for_less_or_for_more() {
        let world = World::new();
        let policy = json!({ "MinimumLength": 6, "RequireNumbers": true });
        let pool = world.pool(json!({ "Policies": { "PasswordPolicy": policy } }));
        let _ = world.ok(
            "AdminCreateUser",
            json!({ "UserPoolId": pool.id, "Username": "ann", "MessageAction": "SUPPRESS" }),
        );
        set(&world, &pool, "aaaaa1", true).unwrap();
        assert!(set(&world, &pool, "aaaa1", true).unwrap_err().ends_with("not long enough"));
        assert!(set(&world, &pool, "aaaaaa", true).unwrap_err().ends_with("numeric characters"));
    }

    #[test]
    fn nobody_else_gets_the_password() {
        let world = World::new();
        let pool = world.pool(json!({}));
        assert_eq!(
            set(&world, &pool, "Passw0rd!", true),
            Err("UserNotFoundException: User does not exist.".into())
        );
    }
}
