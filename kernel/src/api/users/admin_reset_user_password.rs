//! `AdminResetUserPassword`: makes a user choose another password by a code, which is sent.
//!
//! The user stands so before the code is sent: where that fails, the administrator learns so and
//! may call again.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html>

use crate::{
    delivery::{Delivery, recovery},
    directory,
    model::user::{User, UserStatus as Status},
    prelude::*,
    trigger::{self, Said},
};

operation!(
    AdminResetUserPassword, Iam, reach Pool, asks,
    adds [
        InvalidEmailRoleAccessPolicy, InvalidLambdaResponse, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship, LimitExceeded, UnexpectedLambda, UserLambdaValidation,
        UserNotFound,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let delivery = trigger::steered(cx, |cx| reset(cx, &input)).await?;
    cx.commit()?;
    cx.deliver_by_role(delivery).await?;
    Ok(Output {})
}

fn reset(cx: &Cx, input: &Input) -> Result<Delivery, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let name = input.username.as_str();
    let mut user = directory::known(cx, &pool, name)?;
    if user.status == Status::Unconfirmed {
        let message = "User password cannot be reset in the current state.";
        return Err(Error::saying(Code::NotAuthorized, message));
    }
    let sending = recovery::of_user(cx, (&pool, None), (&user, name))?;
    let before = User::clone(&user);
    user.status = Status::ResetRequired;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(sending.delivery)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    const RESET: &str = "PasswordResetRequiredException: Password reset required for the user";

    fn pool_of_ann(world: &World) -> TestPool {
        let pool = world.pool(json!({}));
        let attributes = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ]);
        world.user(&pool, "ann", attributes);
        pool
    }

    fn reset(world: &World, pool: &TestPool, name: &str) -> Result<(), String> {
        let input = json!({ "UserPoolId": pool.id, "Username": name });
        let outcome = world.call("AdminResetUserPassword", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn sign_in(world: &World, client: &str, password: &str) -> Result<Value, String> {
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
        });
        let outcome = world.call("InitiateAuth", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn status(world: &World, pool: &TestPool) -> Value {
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        world.ok("AdminGetUser", input)["UserStatus"].take()
    }

    #[test]
    fn the_password_stops_working_and_a_code_is_sent_by_which_another_is_chosen() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        reset(&world, &pool, "ann").unwrap();
        assert_eq!(status(&world, &pool), "RESET_REQUIRED");
        assert_eq!(sign_in(&world, &pool.client, PASSWORD), Err(RESET.into()));
        let failure = world.fails("GetUser", json!({ "AccessToken": token }));
        assert_eq!(failure.code, "PasswordResetRequiredException");
        let [sent] = &*world.sent() else { panic!("one message") };
        assert_eq!((sent.reason, &sent.client_id), (crate::Reason::ForgotPassword, &None));
        let _ = world.ok(
            "ConfirmForgotPassword",
            json!({
                "ClientId": pool.client, "Username": "ann", "ConfirmationCode": sent.code,
                "Password": "Ch0sen-by-ann!",
            }),
        );
        assert_eq!(status(&world, &pool), "CONFIRMED");
        sign_in(&world, &pool.client, "Ch0sen-by-ann!").unwrap();
    }

    #[test]
    fn where_users_are_hidden_only_who_knows_the_password_learns_of_it() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let hiding = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
        reset(&world, &pool, "ann").unwrap();
        assert_eq!(
            sign_in(&world, &hiding, "Wrong-1!"),
            Err("NotAuthorizedException: Incorrect username or password.".into())
        );
        assert_eq!(sign_in(&world, &hiding, PASSWORD), Err(RESET.into()));
    }

    #[test]
    fn a_code_may_be_sent_again_but_not_without_end() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        for _ in 0..5 {
            reset(&world, &pool, "ann").unwrap();
        }
        assert_eq!(
            reset(&world, &pool, "ann"),
            Err("LimitExceededException: Attempt limit exceeded, please try after some time."
                .into())
        );
    }

    #[test]
    fn a_user_who_has_no_password_of_their_own_yet_is_left_alone() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        let refusal = "NotAuthorizedException: User password cannot be reset in the current state.";
        let _ = world.ok(
            "SignUp",
            json!({ "ClientId": pool.client, "Username": "bob", "Password": PASSWORD }),
        );
        assert_eq!(reset(&world, &pool, "bob"), Err(refusal.into()));
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD }),
        );
        assert_eq!(reset(&world, &pool, "ann"), Err(refusal.into()));
        assert_eq!(status(&world, &pool), "FORCE_CHANGE_PASSWORD");
    }

    #[test]
    fn without_a_verified_address_nothing_changes() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([{ "Name": "email", "Value": "ann@example.com" }]));
        assert_eq!(
            reset(&world, &pool, "ann"),
            Err("InvalidParameterException: Cannot reset password for the user as there is no \
                 registered/verified email or phone_number"
                .into())
        );
        assert_eq!(status(&world, &pool), "CONFIRMED");
        assert_eq!(
            reset(&world, &pool, "bob"),
            Err("UserNotFoundException: User does not exist.".into())
        );
    }

    #[test]
    fn the_administrator_learns_that_the_code_was_not_sent() {
        let world = World::new();
        let pool = pool_of_ann(&world);
        world.sender_fails(true);
        assert_eq!(
            reset(&world, &pool, "ann"),
            Err("InvalidEmailRoleAccessPolicyException: The code could not be delivered.".into())
        );
        assert_eq!(status(&world, &pool), "RESET_REQUIRED");
        world.sender_fails(false);
        reset(&world, &pool, "ann").unwrap();
    }
}
