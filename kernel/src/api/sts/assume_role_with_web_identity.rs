//! `AssumeRoleWithWebIdentity`: gives somebody for whom an identity provider vouches a role.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>

use crate::{
    federation::web_identity::{self, WebIdentity},
    iam::{
        Decision, Who, revocation,
        session::{self, Wanted, untrusted},
    },
    prelude::*,
};

operation!(
    sts AssumeRoleWithWebIdentity, Public, asks,
    adds [
        IdentityTokenExpired, IdpCommunicationError, IdpRejectedClaim, InvalidIdentityToken,
        MalformedPolicyDocument, PackedPolicyTooLarge, RegionDisabled,
    ]
);

shape! { Input {
    RoleArn role_arn: StsArn,
    RoleSessionName role_session_name: RoleSessionName,
    WebIdentityToken web_identity_token: WebIdentityToken,
    ProviderId provider_id: Option<ProviderId>,
    PolicyArns policy_arns: Option<Vec<PolicyDescriptor>>,
    Policy policy: Option<SessionPolicy>,
    DurationSeconds duration_seconds: Option<RoleDuration>,
    MinimumSessionTokenSize minimum_session_token_size: Option<MinimumSessionTokenSize>,
} }

shape! { Output {
    Credentials credentials: Option<SessionCredentials>,
    SubjectFromWebIdentityToken subject_from_web_identity_token: Option<WebIdentitySubject>,
    AssumedRoleUser assumed_role_user: Option<AssumedRoleUser>,
    PackedPolicySize packed_policy_size: Option<NonNegative>,
    Provider provider: Option<FreeText>,
    Audience audience: Option<FreeText>,
    SourceIdentity source_identity: Option<SourceIdentity>,
    SessionTokenUtilization session_token_utilization: Option<NonNegative>,
    SessionTokenSize session_token_size: Option<NonNegative>,
} }

const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let policy = input.policy.map(SessionPolicy::into_string);
    let policy = session::policy(policy, input.policy_arns.as_deref())?;
    let (token, provider) = (input.web_identity_token.as_str(), input.provider_id);
    let provider = provider.as_ref().map(Text::as_str);
    let WebIdentity {
        provider,
        principal,
        subject,
        audience,
        facts,
        identity,
        tags,
        transitive_tags,
        source_identity,
    } = web_identity::prove(cx, token, provider).await?;
    let role = cx.role_of_arn(input.role_arn.as_str())?.ok_or_else(|| untrusted(ACTION))?;
    if let Some((identity, issued_s)) = &identity
        && revocation::of(cx, identity)?.is_some_and(|at_ms| issued_s * 1_000 <= at_ms)
    {
        return Err(untrusted(ACTION));
    }
    let mut wanted = Wanted {
        name: input.role_session_name.into_string(),
        facts,
        identity: identity.map(|(identity, _)| identity),
        tags,
        transitive_tags,
        source_identity: source_identity.clone(),
        policy,
        lives_s: 0,
        token_bytes_min: session::token_bytes_min(input.minimum_session_token_size),
    };
    let who = Who { named: &[("Federated", &principal)], is_anybody: true };
    if session::trusted(cx, &role.trust, (who, ACTION), &wanted) != Decision::Allowed {
        return Err(untrusted(ACTION));
    }
    wanted.lives_s = session::lives_s(&role, input.duration_seconds)?;
    let begun = session::begin(cx, &role, wanted)?;
    Ok(Output {
        credentials: Some(begun.credentials),
        subject_from_web_identity_token: Some(subject.into()),
        assumed_role_user: Some(begun.user),
        packed_policy_size: begun.packed.map(Into::into),
        provider: Some(provider.into()),
        audience: Some(audience.into()),
        source_identity: source_identity.map(Into::into),
        session_token_utilization: None,
        session_token_size: Some(begun.token_bytes.into()),
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use serde_json::{Value as Json, json};

    use crate::testing::{
        Assumed, TestPool, World, claims, federated, outcome, provider_key, provider_token,
    };

    const ARN: &str = "arn:aws:iam::123456789012:role/";

    fn assume(world: &World, token: &str, more: &[(&str, &str)]) -> Result<Assumed, String> {
        let role = alloc::format!("{ARN}taken");
        let mut members =
            [("RoleArn", role.as_str()), ("RoleSessionName", "ann"), ("WebIdentityToken", token)]
                .to_vec();
        members.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
        members.extend(more);
        world.assume("AssumeRoleWithWebIdentity", &members)
    }

    /// A world with a role for guests, and the token of one.
    fn guest() -> (World, TestPool, String, String) {
        let (world, users, pool) = federated(json!({}));
        world.role("taken");
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let token = world.ok("GetOpenIdToken", id)["Token"].as_str().unwrap().to_string();
        (world, users, pool, token)
    }

    fn trust(world: &World, statement: &Json) {
        let document = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        let members = [("RoleName", "taken"), ("PolicyDocument", &*document)];
        assert_eq!(world.query("iam", "UpdateAssumeRolePolicy", &members).status, 200);
    }

    #[test]
    fn whom_an_identity_pool_vouches_for_gets_the_role() {
        let (world, _, pool, token) = guest();
        let taken = assume(&world, &token, &[]).unwrap();
        assert_eq!(taken.member("Provider"), claims(&json!(token))["iss"].as_str().unwrap());
        assert_eq!(taken.member("Audience"), pool);
        let sub = claims(&json!(token))["sub"].as_str().unwrap().to_string();
        assert_eq!(taken.member("SubjectFromWebIdentityToken"), sub);
        assert_eq!(taken.member("Arn"), "arn:aws:sts::123456789012:assumed-role/taken/ann");
        let id = taken.member("AssumedRoleId");
        assert!(id.starts_with("AROA") && id.ends_with(":ann"), "{id}");
        let request = world.query_by(&taken.credentials(), "sts", "GetCallerIdentity", &[]);
        let shown = String::from_utf8(world.send(&request).body).unwrap();
        assert!(shown.contains("assumed-role/taken/ann</Arn>"), "{shown}");
        assert!(shown.contains(&alloc::format!("<UserId>{id}</UserId>")), "{shown}");
    }

    #[test]
    fn a_trust_policy_says_of_whom_and_how_proved() {
        let (world, users, pool, guest) = guest();
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }));
        let input = json!({ "IdentityId": id["IdentityId"], "Logins": logins });
        let member = world.ok("GetOpenIdToken", input)["Token"].as_str().unwrap().to_string();
        let ours = "cognito-identity.amazonaws.com";
        let with = |key: &str, value: Json| {
            let operator = if key == "amr" { "ForAnyValue:StringLike" } else { "StringEquals" };
            trust(
                &world,
                &json!({
                    "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": { "Federated": ours },
                    "Condition": { operator: { alloc::format!("{ours}:{key}"): value } },
                }),
            );
            [&guest, &member].map(|token| assume(&world, token, &[]).is_ok())
        };
        assert_eq!(with("aud", json!(pool)), [true, true]);
        assert_eq!(with("aud", json!("eu-west-1:other")), [false, false]);
        assert_eq!(with("amr", json!("authenticated")), [false, true]);
        assert_eq!(with("amr", json!("unauthenticated")), [true, false]);
        assert_eq!(with("amr", json!("cognito-idp.*:CognitoSignIn:*")), [false, true]);
        assert_eq!(with("sub", id["IdentityId"].clone()), [false, true]);
        let refused = assume(&world, &guest, &[]).unwrap_err();
        assert_eq!(
            refused,
            "403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
        );
        let nobody = alloc::format!("{ARN}nobody");
        assert_eq!(assume(&world, &member, &[("RoleArn", &nobody)]).unwrap_err(), refused);
    }

    #[test]
    fn a_spoiled_or_old_token_is_refused() {
        let (world, _, _, token) = guest();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let refused = |token: &str| assume(&world, token, &[]).unwrap_err();
        let spoiled = alloc::format!("{head}.{}", signature.chars().rev().collect::<String>());
        assert!(refused(&spoiled).starts_with("400 InvalidIdentityToken: Couldn't retrieve"));
        assert!(refused("a.b.c").starts_with("400 InvalidIdentityToken: The ID Token provided"));
        let unsigned = "eyJhbGciOiJub25lIn0.e30.";
        assert!(refused(unsigned).starts_with("400 InvalidIdentityToken"));
        world.advance_s(600);
        assert!(refused(&token).starts_with("400 ExpiredTokenException: Token expired"));
    }

    #[test]
    fn a_session_lasts_as_long_as_the_role_allows() {
        let (world, _, _, token) = guest();
        let life = |seconds: &str| assume(&world, &token, &[("DurationSeconds", seconds)]);
        let taken = life("900").unwrap();
        assert!(taken.member("Expiration").ends_with("Z"));
        let refused = life("3601").unwrap_err();
        assert!(refused.starts_with("400 ValidationError: The requested DurationSeconds exceeds"));
        assert!(life("899").unwrap_err().starts_with("400 ValidationError: 1 validation error"));
        world.advance_s(900);
        let request =
            world.signed_by(&taken.credentials(), "ListIdentityPools", &json!({ "MaxResults": 1 }));
        assert_eq!(outcome(&world.send(&request)).unwrap_err().code, "ExpiredTokenException");
    }

    #[test]
    fn a_token_of_a_provider_that_iam_knows_is_taken_for_its_clients() {
        let (world, _, _, _) = guest();
        let (key, issuer) = (provider_key("one"), "https://id.example.com/a");
        world.publish(
            "https://id.example.com/a/.well-known/openid-configuration",
            json!({ "issuer": issuer, "jwks_uri": "https://id.example.com/keys" }),
        );
        world.publish("https://id.example.com/keys", json!({ "keys": [key.public] }));
        let now_s = world.now_ms() / 1000;
        let token = |more: Json| {
            let mut claims = json!({
                "iss": issuer, "aud": "app", "sub": "ann smith", "iat": now_s, "exp": now_s + 60,
            });
            claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            provider_token(&key, &claims)
        };
        let refused = |more: Json| assume(&world, &token(more), &[]).unwrap_err();
        assert_eq!(
            refused(json!({})),
            "400 InvalidIdentityToken: No OpenIDConnect provider found in your account for \
             https://id.example.com/a"
        );
        let members = [("Url", issuer), ("ClientIDList.member.1", "app")];
        assert_eq!(world.query("iam", "CreateOpenIDConnectProvider", &members).status, 200);
        let arn = "arn:aws:iam::123456789012:oidc-provider/id.example.com/a";
        let allow = |subject: &str| {
            trust(
                &world,
                &json!({
                    "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": { "Federated": arn },
                    "Condition": { "StringEquals": { "id.example.com/a:sub": subject } },
                }),
            );
        };
        // What has a space is one value, not two.
        allow("ann");
        assert!(refused(json!({})).starts_with("403 AccessDenied"));
        allow("ann smith");
        let taken = assume(&world, &token(json!({})), &[]).unwrap();
        assert_eq!(taken.member("Provider"), issuer);
        assert_eq!(taken.member("Audience"), "app");
        for (claim, value, expected) in [
            ("aud", json!("other"), "InvalidIdentityToken: Incorrect token audience"),
            ("aud", json!(null), "InvalidIdentityToken: Missing a required claim: aud"),
            ("exp", json!(now_s), "ExpiredTokenException: Token expired"),
            ("exp", json!("soon"), "InvalidIdentityToken: exp is no whole number."),
            ("iat", json!(1.5), "InvalidIdentityToken: iat is no whole number."),
            ("nbf", json!(now_s + 600), "InvalidIdentityToken: Token is not yet valid."),
            ("sub", json!("bob"), "AccessDenied"),
            ("iss", json!("https://evil.example.com"), "InvalidIdentityToken: No OpenIDConnect"),
        ] {
            let told = refused(json!({ claim: value }));
            assert!(told.get(4..).unwrap().starts_with(expected), "{claim}: {told}");
        }
        world.advance_s(3_600);
        world.publish("https://id.example.com/keys", json!(null));
        let late = token(json!({ "exp": now_s + 7_200 }));
        let silent = assume(&world, &late, &[]).unwrap_err();
        assert!(silent.starts_with("400 IDPCommunicationError"), "{silent}");
        assert_eq!(
            world
                .query("iam", "DeleteOpenIDConnectProvider", &[("OpenIDConnectProviderArn", arn),])
                .status,
            200
        );
        assert!(assume(&world, &late, &[]).unwrap_err().contains("No OpenIDConnect provider"));
    }

    #[test]
    fn a_user_pool_is_a_provider_by_either_of_its_names() {
        let (world, users, _, _) = guest();
        let token = world.sign_in(&users, "ann");
        let [id_token, access_token] =
            ["IdToken", "AccessToken"].map(|name| token[name].as_str().unwrap().to_string());
        let name = alloc::format!("cognito-idp.eu-west-1.amazonaws.com/{}", users.id);
        let url = alloc::format!("https://{name}");
        let members = [("Url", &*url), ("ClientIDList.member.1", &*users.client)];
        assert_eq!(world.query("iam", "CreateOpenIDConnectProvider", &members).status, 200);
        trust(
            &world,
            &json!({
                "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": { "Federated": alloc::format!("arn:aws:iam::123456789012:oidc-provider/{name}") },
                "Condition": { "StringEquals": { alloc::format!("{name}:aud"): users.client } },
            }),
        );
        let taken = assume(&world, &id_token, &[]).unwrap();
        assert_eq!(taken.member("Audience"), users.client);
        assert!(assume(&world, &access_token, &[]).unwrap_err().contains("claim: aud"));
    }

    #[test]
    fn google_amazon_and_facebook_need_no_entry_in_iam() {
        let (world, _, _, _) = guest();
        let key = provider_key("g");
        world.publish(
            "https://accounts.google.com/.well-known/openid-configuration",
            json!({ "issuer": "https://accounts.google.com", "jwks_uri": "https://g.test/keys" }),
        );
        world.publish("https://g.test/keys", json!({ "keys": [key.public] }));
        let now_s = world.now_ms() / 1000;
        let token = provider_token(
            &key,
            &json!({
                "iss": "https://accounts.google.com", "aud": "server", "azp": "app", "sub": "1066",
                "iat": now_s, "exp": now_s + 60,
            }),
        );
        let allow = |provider: &str, key: &str, value: &str| {
            trust(
                &world,
                &json!({
                    "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": { "Federated": provider },
                    "Condition": { "StringEquals": { alloc::format!("{provider}:{key}"): value } },
                }),
            );
        };
        allow("accounts.google.com", "aud", "app");
        assert_eq!(assume(&world, &token, &[]).unwrap().member("Audience"), "app");
        allow("accounts.google.com", "oaud", "server");
        assert!(assume(&world, &token, &[]).is_ok());
        world.publish(
            "https://api.amazon.com/auth/o2/tokeninfo?access_token=Atza",
            json!({ "aud": "amzn1.app.7", "user_id": "amzn1.account.1", "exp": 60 }),
        );
        let amazon = [("ProviderId", "www.amazon.com")];
        allow("www.amazon.com", "app_id", "amzn1.app.8");
        assert!(assume(&world, "Atza", &amazon).unwrap_err().starts_with("403 AccessDenied"));
        allow("www.amazon.com", "user_id", "amzn1.account.1");
        let taken = assume(&world, "Atza", &amazon).unwrap();
        assert_eq!(taken.member("Provider"), "www.amazon.com");
        let other = assume(&world, "Atza", &[("ProviderId", "id.example.com")]).unwrap_err();
        assert!(other.starts_with("400 ValidationError: ProviderId must be"), "{other}");
    }

    #[test]
    fn a_session_policy_only_narrows() {
        let (world, _, pool, token) = guest();
        let allow = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "cognito-identity:*", "Resource": "*",
        } })
        .to_string();
        let members = [("RoleName", "taken"), ("PolicyName", "all"), ("PolicyDocument", &*allow)];
        assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
        let may = |policy: &str, operation: &str| {
            let more = [("Policy", policy)];
            let taken = assume(&world, &token, if policy.is_empty() { &[] } else { &more });
            let input = json!({ "IdentityPoolId": pool });
            let request = world.signed_by(&taken.unwrap().credentials(), operation, &input);
            outcome(&world.send(&request)).map(drop).map_err(|failure| failure.message)
        };
        let only = |effect: &str, action: &str| {
            json!({ "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": "*", "Resource": "*" },
                { "Effect": effect, "Action": action, "Resource": "*" },
            ] })
            .to_string()
        };
        let (show, roles) = ("DescribeIdentityPool", "GetIdentityPoolRoles");
        assert_eq!(may("", show), Ok(()));
        assert_eq!(may(&only("Allow", "iam:*"), show), Ok(()));
        let told = may(&only("Deny", "cognito-identity:Describe*"), show).unwrap_err();
        assert!(told.ends_with("with an explicit deny in a session policy"), "{told}");
        let narrow = only("Allow", "x:y")
            .replace("\"*\",\"Effect\":\"Allow\"", "\"x:z\",\"Effect\":\"Allow\"");
        let told = may(&narrow, roles).unwrap_err();
        assert!(told.contains("because no session policy allows"), "{told}");
        let malformed = assume(&world, &token, &[("Policy", "{}")]).unwrap_err();
        assert!(malformed.starts_with("400 MalformedPolicyDocument"), "{malformed}");
        let arns = [("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess")];
        let unknown = assume(&world, &token, &arns).unwrap_err();
        assert!(unknown.starts_with("400 MalformedPolicyDocument: The policy arn:aws"));
        let small = assume(&world, &token, &[("Policy", &allow)]).unwrap();
        assert_eq!(small.member("PackedPolicySize"), "3");
    }

    #[test]
    fn a_token_is_as_long_as_somebody_wants() {
        let (world, _, _, token) = guest();
        let taken = assume(&world, &token, &[("MinimumSessionTokenSize", "4096")]).unwrap();
        let size: usize = taken.member("SessionTokenSize").parse().unwrap();
        assert!(size >= 4_096 && taken.member("SessionToken").len() == size);
        let request = world.query_by(&taken.credentials(), "sts", "GetCallerIdentity", &[]);
        assert_eq!(world.send(&request).status, 200);
    }
}
