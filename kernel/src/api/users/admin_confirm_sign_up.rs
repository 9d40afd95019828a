//! `AdminConfirmSignUp`: confirms a user without a code, then tells the trigger.
//!
//! No address is verified by it. The confirmation stands even when the trigger fails.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html>

use crate::{
    directory,
    model::{
        code::{self, CodePurpose},
        user::{User, UserStatus as Status},
    },
    prelude::*,
    trigger::{self, Invocation, Occasion, Said, post_confirmation},
};

operation!(
    AdminConfirmSignUp, Iam, reach Pool, asks,
    adds [
        InvalidLambdaResponse, LimitExceeded, TooManyFailedAttempts, UnexpectedLambda,
        UserLambdaValidation, UserNotFound,
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
    let told = confirm(cx, &input)?;
    cx.commit()?;
    trigger::tell(cx, told).await?;
    Ok(Output {})
}

/// Confirms the user; gives who is to be told.
fn confirm(cx: &Cx, input: &Input) -> Result<Option<Invocation>, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    user.confirmable()?;
    let before = User::clone(&user);
    user.status = Status::Confirmed;
    code::forget(cx, &pool.key_of(&user.username), CodePurpose::SignUp);
    directory::save(cx, &pool, &before, &mut user)?;
    let occasion = Occasion { pool: &pool, client: None, username: &user.username };
    post_confirmation::of(cx, &occasion, &user, post_confirmation::SIGN_UP)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, World};

    #[test]
    fn a_user_is_confirmed_and_no_address_is_verified() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
            }),
        );
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let _ = world.ok("AdminConfirmSignUp", named.clone());
        let user = world.ok("AdminGetUser", named.clone());
        assert_eq!(user["UserStatus"], "CONFIRMED");
        let is_verified = |attribute: &Value| attribute["Name"] == "email_verified";
        assert!(!user["UserAttributes"].as_array().unwrap().iter().any(is_verified));

        let failure = world.fails("AdminConfirmSignUp", named);
        assert_eq!(failure.code, "NotAuthorizedException");
        assert_eq!(failure.message, "User cannot be confirmed. Current status is CONFIRMED");
    }

    #[test]
    fn who_has_a_temporary_password_does_not_wait_to_be_confirmed() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let _ = world.ok("AdminCreateUser", named.clone());
        let failure = world.fails("AdminConfirmSignUp", named);
        assert_eq!(failure.code, "NotAuthorizedException");
        assert!(failure.message.ends_with("Current status is FORCE_CHANGE_PASSWORD"));
    }

    #[test]
    fn an_unknown_user_is_reported() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        assert_eq!(world.fails("AdminConfirmSignUp", named).code, "UserNotFoundException");
    }
}
