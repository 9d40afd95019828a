//! `GetUser`: tells a user about themself, as far as the client may read.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html>

use crate::{access::bearer, prelude::*};

operation!(
    GetUser, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
} }

shape! { Output {
    Username username: Username,
    UserAttributes user_attributes: Vec<AttributeType>,
    MFAOptions mfa_options: Option<Vec<MFAOptionType>>,
    PreferredMfaSetting preferred_mfa_setting: Option<String>,
    UserMFASettingList user_mfa_setting_list: Option<Vec<String>>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let bearer = bearer::verify(cx, input.access_token.as_str())?;
    let attributes = bearer
        .user
        .all_attributes()
        .filter(|(name, _)| bearer.client.reads(name))
        .map(|(name, value)| AttributeType { name: name.into(), value: Some(value.into()) });
    Ok(Output {
        username: bearer.user.username.as_str().into(),
        user_attributes: attributes.collect(),
        mfa_options: bearer.user.mfa_options_shown(),
        preferred_mfa_setting: bearer.user.preferred_factor_shown(),
        user_mfa_setting_list: bearer.user.factors_shown(),
    })
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn signed_in(world: &World) -> (TestPool, String) {
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([{ "Name": "email", "Value": "ann@example.com" }]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].as_str().unwrap().into();
        (pool, token)
    }

    fn refusal(world: &World, token: &str) -> String {
        let failure = world.fails("GetUser", json!({ "AccessToken": token }));
        format!("{}: {}", failure.code, failure.message)
    }

    #[test]
    fn a_user_reads_its_own_attributes() {
        let world = World::new();
        let (_, token) = signed_in(&world);
        let user = world.ok("GetUser", json!({ "AccessToken": token }));
        assert_eq!(user["Username"], "ann");
        let attributes = user["UserAttributes"].as_array().unwrap();
        assert!(attributes.contains(&json!({ "Name": "email", "Value": "ann@example.com" })));
        assert_eq!(attributes[0]["Name"], "sub");
    }

    #[test]
    fn a_client_shows_only_what_it_may_read() {
        let world = World::new();
        let (pool, _) = signed_in(&world);
        let client = world.client(&pool.id, json!({ "ReadAttributes": ["name"] }));
        let narrow = TestPool { id: pool.id, client };
        let result = world.sign_in(&narrow, "ann");
        let user = world.ok("GetUser", json!({ "AccessToken": result["AccessToken"] }));
        let shown = user["UserAttributes"].as_array().unwrap();
        let names: alloc::vec::Vec<_> = shown.iter().map(|one| &one["Name"]).collect();
        assert_eq!(names, ["sub"]);
    }

    #[test]
    fn an_expired_token_is_refused() {
        let world = World::new();
        let (_, token) = signed_in(&world);
        world.advance_s(3600);
        assert_eq!(refusal(&world, &token), "NotAuthorizedException: Access Token has expired");
    }

    #[test]
    fn a_changed_token_is_refused() {
        let world = World::new();
        let (_, token) = signed_in(&world);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let spoiled = format!(
            "{message}.{}{}",
            if signature.starts_with('A') { "B" } else { "A" },
            &signature[1..]
        );
        assert_eq!(refusal(&world, &spoiled), "NotAuthorizedException: Invalid Access Token");
    }

    #[test]
    fn an_id_token_is_no_access_token() {
        let world = World::new();
        let (pool, _) = signed_in(&world);
        let result = world.sign_in(&pool, "ann");
        let id: &Value = &result["IdToken"];
        assert_eq!(
            refusal(&world, id.as_str().unwrap()),
            "NotAuthorizedException: Invalid Access Token"
        );
    }

    #[test]
    fn a_deleted_user_is_not_found() {
        let world = World::new();
        let (pool, token) = signed_in(&world);
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(refusal(&world, &token), "UserNotFoundException: User does not exist.");
    }
}
