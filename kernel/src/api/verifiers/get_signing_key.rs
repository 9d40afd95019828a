//! `Cognate.GetSigningKey`: tells a verifier who has an access key, what the role allows, and what
//! signs with the key for the verifier's service on one day in one region.
//!
//! Whoever asks is known by a verifier's key. Credentials are not known any more once their role is
//! gone.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    access::{
        authorize::{Rights, asked},
        credentials,
        sigv4::Scope,
        verifier::Verifier,
    },
    prelude::*,
    shape::Wire,
    shapes::SigningKeyType as Output,
};

operation!(extension GetSigningKey, Public, reach Account, now, adds []);

shape! { Input {
    VerifierKey verifier_key: VerifierKey,
    AccessKeyId access_key_id: SignerKeyId,
    SessionToken session_token: SignerToken,
    Date date: ScopeDate,
    Region region: ScopeRegion,
} }

/// For how many seconds verifiers may keep what they are told.
const MAX_AGE_S: i32 = 60;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let verifier = Verifier::known(cx, input.verifier_key.as_str())?;
    let key_id = input.access_key_id.as_str();
    let opened = credentials::open(cx.deployment(), key_id, input.session_token.as_str());
    let (session, secret) = opened.ok_or(Code::UnrecognizedClient)?;
    if session.expires_ms <= cx.now_ms() {
        return Err(Code::ExpiredToken.into());
    }
    let role = Shown::of(cx, &asked(&session))?;
    if role.role_id.as_ref() != Some(&session.role_id) {
        return Err(Code::UnrecognizedClient.into());
    }
    let Shown { policies, .. } = role.clone();
    Rights::of(&session, &role.write())?.stand()?;
    let scope = Scope {
        access_key_id: key_id.into(),
        date: input.date.into_string(),
        region: input.region.into_string(),
        service: verifier.service,
    };
    Ok(Output {
        signing_key: BASE64_STANDARD.encode(scope.signing_key(&secret)).into(),
        policies,
        session_policy: session.policy.clone(),
        signer: SignerType {
            arn: session.arn(),
            role_arn: session.role_arn,
            role_id: session.role_id,
            role_session_name: session.name,
            source_identity: session.source_identity,
            facts: session.facts,
            tags: session.tags,
            issue_date: Timestamp(session.issued_ms),
            expiration_date: Timestamp(session.expires_ms),
        },
        max_age: MAX_AGE_S,
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{World, federated},
    };

    /// Credentials of a guest, and a verifier's question about them.
    fn guest() -> (World, Json, Json) {
        let (world, _, pool) = federated(json!({}));
        world.role("guest");
        let roles = json!({ "unauthenticated": "arn:aws:iam::123456789012:role/guest" });
        let _ = world.ok("SetIdentityPoolRoles", json!({ "IdentityPoolId": pool, "Roles": roles }));
        let identity = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let given = world.ok("GetCredentialsForIdentity", identity);
        let credentials = given["Credentials"].clone();
        let verifier = world.ok("CreateVerifierKey", json!({ "Service": "orders" }));
        let question = json!({
            "VerifierKey": verifier["VerifierKey"],
            "AccessKeyId": credentials["AccessKeyId"],
            "SessionToken": credentials["SessionToken"],
            "Date": "20261118", "Region": "eu-west-1",
        });
        (world, given, question)
    }

    fn refused(world: &World, question: &Json, member: &str, value: Json) -> String {
        let mut question = question.clone();
        question[member] = value;
        world.fails("GetSigningKey", question).code
    }

    #[test]
    fn a_verifier_learns_who_signs_and_by_which_policies() {
        let (world, given, question) = guest();
        let policy = r#"{"Statement":{"Effect":"Allow","Action":"orders:Read","Resource":"*"}}"#;
        let members = [("RoleName", "guest"), ("PolicyName", "read"), ("PolicyDocument", policy)];
        assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
        let key = world.ok("GetSigningKey", question);
        assert_eq!(key["Policies"], json!([policy]));
        assert_eq!(key["MaxAge"], 60);
        let signer = &key["Signer"];
        assert_eq!(signer["RoleArn"], "arn:aws:iam::123456789012:role/guest");
        assert_eq!(
            signer["Arn"],
            "arn:aws:sts::123456789012:assumed-role/guest/CognitoIdentityCredentials"
        );
        let facts = &signer["Facts"];
        assert_eq!(facts["cognito-identity.amazonaws.com:sub"], json!([given["IdentityId"]]));
        assert_eq!(facts["cognito-identity.amazonaws.com:amr"], json!(["unauthenticated"]));
        assert_eq!(signer["ExpirationDate"], given["Credentials"]["Expiration"]);
    }

    #[test]
    fn each_day_region_and_service_has_a_key_of_its_own() {
        let (world, _, question) = guest();
        let key = world.ok("GetSigningKey", question.clone())["SigningKey"].clone();
        let ledger = world.ok("CreateVerifierKey", json!({ "Service": "ledger" }));
        for (member, value) in [
            ("Date", json!("20261119")),
            ("Region", json!("us-east-1")),
            ("VerifierKey", ledger["VerifierKey"].clone()),
        ] {
            let mut other = question.clone();
            other[member] = value;
            assert_ne!(world.ok("GetSigningKey", other)["SigningKey"], key, "{member}");
        }
        assert_eq!(world.ok("GetSigningKey", question)["SigningKey"], key);
    }

    #[test]
    fn nobody_is_told_anything_without_a_key_of_a_verifier() {
        let (world, _, question) = guest();
        let key = question["VerifierKey"].as_str().unwrap();
        let (named, secret) = key.rsplit_once('.').unwrap();
        let other = world.ok("CreateVerifierKey", json!({ "Service": "orders" }));
        let other = other["VerifierKey"].as_str().unwrap().rsplit_once('.').unwrap().1.to_string();
        for wrong in [
            "x".into(),
            named.into(),
            alloc::format!("{named}.{}", secret.to_lowercase()),
            alloc::format!("{named}.{other}"),
            alloc::format!("{named}.{secret}."),
            alloc::format!("cognate-verifier.0123456789abcdef.{secret}"),
        ] {
            let code = refused(&world, &question, "VerifierKey", Json::from(wrong));
            assert_eq!(code, "NotAuthorizedException");
        }
    }

    #[test]
    fn a_deleted_key_asks_nothing_any_more() {
        let (world, _, question) = guest();
        let id = question["VerifierKey"].as_str().unwrap().split('.').nth(1).unwrap();
        let _ = world.ok("DeleteVerifierKey", json!({ "VerifierKeyId": id }));
        assert_eq!(world.fails("GetSigningKey", question).code, "NotAuthorizedException");
    }

    #[test]
    fn credentials_that_are_not_ours_or_are_over_are_refused() {
        let (world, _, question) = guest();
        let unknown = "UnrecognizedClientException";
        let other = json!("ASIAAAAAAAAAAAAAAAAA");
        assert_eq!(refused(&world, &question, "AccessKeyId", other), unknown);
        assert_eq!(refused(&world, &question, "SessionToken", json!("AAAA")), unknown);
        world.advance_s(3_600);
        assert_eq!(world.fails("GetSigningKey", question).code, "ExpiredTokenException");
    }

    #[test]
    fn credentials_end_when_their_identity_is_revoked() {
        let (world, given, question) = guest();
        let _ = world.ok("GetSigningKey", question.clone());
        let identity = json!({ "IdentityId": given["IdentityId"] });
        let _ = world.ok("RevokeIdentityCredentials", identity);
        assert_eq!(world.fails("GetSigningKey", question).code, "ExpiredTokenException");
    }

    #[test]
    fn credentials_end_with_their_role_whatever_has_its_name_then() {
        let (world, _, question) = guest();
        let _ = world.ok("GetSigningKey", question.clone());
        let _ = world.query("iam", "DeleteRole", &[("RoleName", "guest")]);
        let refused = || world.fails("GetSigningKey", question.clone()).code;
        assert_eq!(refused(), "UnrecognizedClientException");
        world.role("guest");
        assert_eq!(refused(), "UnrecognizedClientException");
    }
}
