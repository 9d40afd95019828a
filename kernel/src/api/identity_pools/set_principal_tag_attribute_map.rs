//! `SetPrincipalTagAttributeMap`: says how the claims of a provider become tags of a session.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html>

use crate::{
    model::identity_pool::{TagMap, provider::canonical},
    prelude::*,
    store::keys,
};

operation!(identity SetPrincipalTagAttributeMap, Iam, reach IdentityPool, now, adds []);

shape! { Input {
    IdentityPoolId identity_pool_id: IdentityPoolId,
    IdentityProviderName identity_provider_name: IdentityProviderName,
    UseDefaults use_defaults: Option<bool>,
    PrincipalTags principal_tags: Option<PrincipalTags>,
} }

shape! { Output {
    IdentityPoolId identity_pool_id: Option<IdentityPoolId>,
    IdentityProviderName identity_provider_name: Option<IdentityProviderName>,
    UseDefaults use_defaults: Option<bool>,
    PrincipalTags principal_tags: Option<PrincipalTags>,
} }

/// What tags say where nothing else is chosen: for whom the token is, and of whom it speaks.
const DEFAULTS: [(&str, &str); 2] = [("client", "aud"), ("username", "sub")];

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let _ = cx.identity_pool(&input.identity_pool_id)?;
    let uses_defaults = input.use_defaults.unwrap_or(false);
    let tags: PrincipalTags = match (uses_defaults, input.principal_tags) {
        (true, _) => PrincipalTags(DEFAULTS.map(|(tag, claim)| (tag.into(), claim.into())).into()),
        (false, tags) => tags.unwrap_or_default(),
    };
    let key = keys::principal_tags(&canonical(input.identity_provider_name.as_str()));
    cx.put(&key, &TagMap { uses_defaults, tags: tags.clone() })?;
    Ok(Output {
        identity_pool_id: Some(input.identity_pool_id),
        identity_provider_name: Some(input.identity_provider_name),
        use_defaults: Some(uses_defaults),
        principal_tags: Some(tags),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn tags_are_shown_as_they_were_set() {
        let world = World::new();
        let id = world.identity_pool(json!({}));
        let about = json!({ "IdentityPoolId": id, "IdentityProviderName": "accounts.google.com" });
        let failure = world.fails("GetPrincipalTagAttributeMap", about.clone());
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(
            failure.message,
            "No Principal Tags configured for Provider accounts.google.com"
        );
        let mut set = about.clone();
        set["UseDefaults"] = json!(false);
        set["PrincipalTags"] = json!({ "department": "custom:department" });
        assert_eq!(world.ok("SetPrincipalTagAttributeMap", set.clone()), set);
        assert_eq!(world.ok("GetPrincipalTagAttributeMap", about.clone()), set);
        let mut defaults = about.clone();
        defaults["UseDefaults"] = json!(true);
        let shown = world.ok("SetPrincipalTagAttributeMap", defaults);
        assert_eq!(shown["PrincipalTags"], json!({ "client": "aud", "username": "sub" }));
        assert_eq!(world.ok("GetPrincipalTagAttributeMap", about), shown);
    }
}
