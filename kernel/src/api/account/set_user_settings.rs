//! `SetUserSettings`: says in the older manner where the user's second factor is sent.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserSettings.html>

use crate::{
    access::bearer::{self, Bearer},
    directory,
    model::user::User,
    prelude::*,
};

operation!(
    SetUserSettings, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound],
    lacks [TooManyRequests]
);

shape! { Input {
    AccessToken access_token: Token,
    MFAOptions mfa_options: Vec<MFAOptionType>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, mut user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let before = User::clone(&user);
    user.set_mfa_options(input.mfa_options)?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn what_is_set_is_shown_until_it_is_taken_back_or_the_number_goes() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let phone = json!([{ "Name": "phone_number", "Value": "+12065550100" }]);
        world.user(&pool, "ann", phone.clone());
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let text = json!([{ "DeliveryMedium": "SMS", "AttributeName": "phone_number" }]);
        let set = |options: &serde_json::Value| {
            world.call("SetUserSettings", json!({ "AccessToken": token, "MFAOptions": options }))
        };
        let shown =
            || world.ok("GetUser", json!({ "AccessToken": token })).get("MFAOptions").cloned();
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        assert_eq!(shown(), None);
        set(&text).unwrap();
        assert_eq!(shown(), Some(text.clone()));
        assert_eq!(world.ok("AdminGetUser", named)["MFAOptions"], text);
        let listed = world.ok("ListUsers", json!({ "UserPoolId": pool.id }));
        assert_eq!(listed["Users"][0]["MFAOptions"], text);
        set(&json!([])).unwrap();
        assert_eq!(shown(), None);
        set(&text).unwrap();
        let names = json!(["phone_number"]);
        let gone = json!({ "AccessToken": token, "UserAttributeNames": names });
        let _ = world.ok("DeleteUserAttributes", gone);
        assert_eq!(shown(), None);
        assert_eq!(set(&text).unwrap_err().code, "InvalidParameterException");
    }

    #[test]
    fn nothing_but_text_messages_to_the_phone_number_is_taken() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([{ "Name": "phone_number", "Value": "+12065550100" }]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        for option in [
            json!({ "DeliveryMedium": "EMAIL", "AttributeName": "email" }),
            json!({ "DeliveryMedium": "SMS", "AttributeName": "email" }),
            json!({ "AttributeName": "phone_number" }),
        ] {
            let input = json!({ "AccessToken": token, "MFAOptions": [option] });
            assert_eq!(world.fails("SetUserSettings", input).code, "InvalidParameterException");
        }
    }
}
