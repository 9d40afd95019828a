//! `AdminGetUser`: tells all about a user.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html>

use crate::{directory, prelude::*};

operation!(AdminGetUser, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
} }

shape! { Output {
    Username username: Username,
    UserAttributes user_attributes: Option<Vec<AttributeType>>,
    UserCreateDate user_create_date: Option<Timestamp>,
    UserLastModifiedDate user_last_modified_date: Option<Timestamp>,
    Enabled enabled: Option<bool>,
    UserStatus user_status: Option<UserStatus>,
    MFAOptions mfa_options: Option<Vec<MFAOptionType>>,
    PreferredMfaSetting preferred_mfa_setting: Option<String>,
    UserMFASettingList user_mfa_setting_list: Option<Vec<String>>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    Ok(Output {
        username: user.username.as_str().into(),
        user_attributes: Some(user.attributes_shown()),
        user_create_date: Some(Timestamp(user.created_ms)),
        user_last_modified_date: Some(Timestamp(user.modified_ms)),
        enabled: Some(user.is_enabled),
        user_status: user.status_shown(),
        mfa_options: user.mfa_options_shown(),
        preferred_mfa_setting: user.preferred_factor_shown(),
        user_mfa_setting_list: user.factors_shown(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn everything_about_a_user_is_told() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let created_s = world.now_ms() / 1000;
        world.user(&pool, "ann", json!([{ "Name": "email", "Value": "ann@example.com" }]));
        let user = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(user["Username"], "ann");
        assert_eq!(user["Enabled"], true);
        assert_eq!(user["UserStatus"], "CONFIRMED");
        assert_eq!(user["UserCreateDate"].as_f64(), Some(created_s as f64));
        assert_eq!(user["UserLastModifiedDate"], user["UserCreateDate"]);
        let attributes = user["UserAttributes"].as_array().unwrap();
        assert_eq!(attributes[0]["Name"], "sub");
        assert_eq!(attributes[0]["Value"].as_str().map(str::len), Some(36));
        assert!(attributes.contains(&json!({ "Name": "email", "Value": "ann@example.com" })));
        assert_eq!(user.get("Password"), None);
        assert_eq!(user.get("UserMFASettingList"), None);
    }

    #[test]
    fn a_user_is_found_by_sub_and_by_alias() {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
        world.user(
            &pool,
            "ann",
            json!([
                { "Name": "email", "Value": "ann@example.com" },
                { "Name": "email_verified", "Value": "true" },
            ]),
        );
        let get = |name: &Value| {
            world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
        };
        let user = get(&json!("ann"));
        assert_eq!(get(&user["UserAttributes"][0]["Value"]), user);
        assert_eq!(get(&json!("ann@example.com")), user);
    }

    #[test]
    fn an_unknown_user_is_reported() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let failure =
            world.fails("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "bob" }));
        assert_eq!((failure.status, failure.code.as_str()), (400, "UserNotFoundException"));
        assert_eq!(failure.message, "User does not exist.");
    }
}
