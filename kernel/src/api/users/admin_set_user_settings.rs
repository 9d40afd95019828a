//! `AdminSetUserSettings`: says in the older manner where a user's second factor is sent.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserSettings.html>

use crate::{directory, model::user::User, prelude::*};

operation!(AdminSetUserSettings, Iam, reach Pool, now, adds [UserNotFound], lacks [TooManyRequests]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    MFAOptions mfa_options: Vec<MFAOptionType>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let before = User::clone(&user);
    user.set_mfa_options(input.mfa_options)?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn what_is_set_is_shown() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([{ "Name": "phone_number", "Value": "+12065550100" }]));
        world.user(&pool, "bob", json!([]));
        let set = |name: &str, medium: &str| {
            let options = json!([{ "DeliveryMedium": medium, "AttributeName": "phone_number" }]);
            let input = json!({ "UserPoolId": pool.id, "Username": name, "MFAOptions": options });
            world.call("AdminSetUserSettings", input).map(|_| options)
        };
        let options = set("ann", "SMS").unwrap();
        let named = |name: &str| json!({ "UserPoolId": pool.id, "Username": name });
        assert_eq!(world.ok("AdminGetUser", named("ann"))["MFAOptions"], options);
        assert_eq!(set("ann", "EMAIL").unwrap_err().code, "InvalidParameterException");
        assert_eq!(
            set("bob", "SMS").unwrap_err().message,
            "User does not have delivery config set to turn on SMS_MFA"
        );
        assert_eq!(world.ok("AdminGetUser", named("bob")).get("MFAOptions"), None::<&Value>);
        assert_eq!(set("eve", "SMS").unwrap_err().code, "UserNotFoundException");
    }
}
