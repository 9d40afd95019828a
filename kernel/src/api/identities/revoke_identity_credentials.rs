//! `Cognate.RevokeIdentityCredentials`: ends all sessions of an identity that began until now.
//!
//! From the next signed call on, its temporary credentials are refused as expired, and so are those
//! that were taken by means of them; OpenID tokens that it has give no role any more. The identity
//! stays, and may get new credentials.

use crate::{place::Place, prelude::*};

operation!(
    extension RevokeIdentityCredentials, Iam, reach Identity, asks,
    adds []
);

shape! { Input { IdentityId identity_id: IdentityId } }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.identity(&input.identity_id)?;
    let told = serde_json::json!({ "IdentityId": input.identity_id.as_str() });
    let response = cx.call(Place::Account, "RevokeIdentityHere", &told).await?;
    match response.status {
        200 => Ok(Output {}),
        status => Err(Error::bug(alloc::format!("RevokeIdentityHere answered {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use serde_json::{Value as Json, json};

    use crate::testing::{Assumed, World, federated, outcome};

    /// A world with a role that may list identity pools and take itself, and its ARN.
    fn world() -> (World, String, String) {
        let (world, _, pool) = federated(json!({}));
        let arn = "arn:aws:iam::123456789012:role/open";
        let trust = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
              "Principal": { "Federated": "cognito-identity.amazonaws.com" } },
            { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": arn } },
        ] })
        .to_string();
        let members = [("RoleName", "open"), ("AssumeRolePolicyDocument", &*trust)];
        assert_eq!(world.query("iam", "CreateRole", &members).status, 200);
        let policy = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*",
        } })
        .to_string();
        let members = [("RoleName", "open"), ("PolicyName", "p"), ("PolicyDocument", &*policy)];
        assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
        let roles = json!({ "IdentityPoolId": pool, "Roles": { "unauthenticated": arn } });
        let _ = world.ok("SetIdentityPoolRoles", roles);
        (world, pool, arn.into())
    }

    fn list(world: &World, by: &Json) -> Result<(), String> {
        let request = world.signed_by(by, "ListIdentityPools", &json!({ "MaxResults": 1 }));
        outcome(&world.send(&request)).map(drop).map_err(|failure| failure.code)
    }

    fn guest(world: &World, pool: &str) -> (Json, Json, String) {
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let by = world.ok("GetCredentialsForIdentity", id.clone())["Credentials"].take();
        let token = world.ok("GetOpenIdToken", id.clone())["Token"].as_str().unwrap().to_string();
        (id, by, token)
    }

    #[test]
    fn credentials_of_a_revoked_identity_open_nothing_from_the_next_call_on() {
        let (world, pool, arn) = world();
        let (id, by, token) = guest(&world, &pool);
        let (_, of_another, _) = guest(&world, &pool);
        let take = |action: &str, members: &[(&str, &str)]| {
            let mut all = [("RoleArn", &*arn), ("RoleSessionName", "ann")].to_vec();
            all.extend(members);
            world.assume(action, &all)
        };
        let by_token = || take("AssumeRoleWithWebIdentity", &[("WebIdentityToken", &token)]);
        let taken = by_token().unwrap().credentials();
        let chained = || {
            let members = [("RoleArn", &*arn), ("RoleSessionName", "bob")];
            Assumed::read(&world.send(&world.query_by(&taken, "sts", "AssumeRole", &members)))
        };
        let of_chain = chained().unwrap().credentials();
        for by in [&by, &of_another, &taken, &of_chain] {
            assert_eq!(list(&world, by), Ok(()));
        }
        world.advance_s(1);
        let _ = world.ok("RevokeIdentityCredentials", id.clone());
        let expired = Err(String::from("ExpiredTokenException"));
        for by in [&by, &taken, &of_chain] {
            assert_eq!(list(&world, by), expired);
        }
        assert_eq!(list(&world, &of_another), Ok(()));
        assert!(by_token().unwrap_err().starts_with("403 AccessDenied"));
        assert!(chained().unwrap_err().starts_with("403 ExpiredToken"));
        world.advance_s(1);
        let anew = world.ok("GetCredentialsForIdentity", id.clone())["Credentials"].take();
        assert_eq!(list(&world, &anew), Ok(()));
        let _ = world.ok("DeleteIdentityPool", json!({ "IdentityPoolId": pool }));
        let left = world.all_records();
        assert!(!left["account"].keys().any(|key| key.starts_with("revoked/")));
    }

    #[test]
    fn sessions_of_a_role_are_revoked_by_its_policy() {
        let (world, pool, _) = world();
        let (id, by, _) = guest(&world, &pool);
        world.advance_s(1);
        let older = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": { "DateLessThan": { "aws:TokenIssueTime": world.now_ms() / 1000 } },
        } })
        .to_string();
        let members = [
            ("RoleName", "open"),
            ("PolicyName", "AWSRevokeOlderSessions"),
            ("PolicyDocument", &*older),
        ];
        assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
        assert_eq!(list(&world, &by), Err("AccessDeniedException".into()));
        let anew = world.ok("GetCredentialsForIdentity", id)["Credentials"].take();
        assert_eq!(list(&world, &anew), Ok(()));
    }

    #[test]
    fn an_identity_that_does_not_exist_is_not_revoked() {
        let (world, pool, _) = world();
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let gone = json!({ "IdentityIdsToDelete": [id["IdentityId"]] });
        let _ = world.ok("DeleteIdentities", gone);
        let failure = world.fails("RevokeIdentityCredentials", id);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
