//! `GetCredentialsForIdentity`: gives an identity the credentials of its role, for an hour.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>

use crate::{
    access::{
        authorize,
        credentials::{self, RoleSession},
    },
    federation::{Login, exchange::Exchange, identities, issuer, prove, tags},
    iam::{
        Decision, Who,
        session::{self, Wanted},
    },
    model::identity_pool::{IdentityPool, provider::OURSELVES, role},
    prelude::*,
    shape::Wire,
};

operation!(
    identity GetCredentialsForIdentity, Public, reach Identity, asks,
    adds [ExternalService, InvalidIdentityPoolConfiguration, ResourceConflict]
);

shape! { Input {
    IdentityId identity_id: IdentityId,
    Logins logins: Option<Logins>,
    CustomRoleArn custom_role_arn: Option<PlainArn>,
} }

shape! { Output {
    IdentityId identity_id: Option<IdentityId>,
    Credentials credentials: Option<IdentityCredentials>,
} }

const LIFE_MS: u64 = 3_600_000;
/// For how many seconds a token is good that another STS gets.
const TOKEN_LIFE_S: u64 = 600;
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";
/// What AWS calls such sessions.
const SESSION_NAME: &str = "CognitoIdentityCredentials";

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_of_identity(&input.identity_id)?.into_inner();
    cx.identity(&input.identity_id)?;
    let logins = prove(cx, &pool, &input.logins.clone().unwrap_or_default()).await?;
    let role_arn = role::choose(&pool, &logins, asked(&input))?;
    match cx.deployment().credentials.endpoint(&pool.region) {
        Some(endpoint) => elsewhere(cx, &input, &logins, (&role_arn, endpoint)).await,
        None => here(cx, &input, &logins, role_arn).await,
    }
}

fn asked(input: &Input) -> Option<&str> {
    input.custom_role_arn.as_ref().map(Text::as_str)
}

/// The pool and the identity as they are now, after something was asked.
fn again(
    cx: &Cx,
    input: &Input,
    logins: &[Login],
    role_arn: &str,
) -> Result<(IdentityPool, String), Error> {
    let pool = cx.pool_of_identity(&input.identity_id)?.into_inner();
    if role::choose(&pool, logins, asked(input))? != role_arn {
        // The pool's roles were changed meanwhile.
        return Err(Code::InvalidIdentityPoolConfiguration.into());
    }
    let identity = identities::admitted(cx, &pool, &input.identity_id, logins)?;
    Ok((pool, identity.id))
}

/// Credentials of our own.
async fn here(
    cx: &mut Cx,
    input: &Input,
    logins: &[Login],
    role_arn: String,
) -> Result<Output, Error> {
    let role = authorize::show(cx, serde_json::json!({ "RoleArn": role_arn })).await?;
    let (pool, identity) = again(cx, input, logins, &role_arn)?;
    let wanted = Wanted {
        name: SESSION_NAME.into(),
        facts: issuer::facts(&pool.id, &identity, logins),
        tags: tags::of(cx, logins)?,
        ..Wanted::default()
    };
    let role = Shown::read(role).and_then(|role| role.role_id.zip(role.trust));
    let (role_id, trust) = role.unwrap_or_default();
    let who = Who { named: &[("Federated", OURSELVES)], is_anybody: true };
    if session::trusted(cx, &trust, (who, ACTION), &wanted) != Decision::Allowed {
        return Err(Code::InvalidIdentityPoolConfiguration.into());
    }
    let session = RoleSession {
        role_arn,
        role_id,
        name: wanted.name,
        facts: wanted.facts,
        identity: Some(identity.clone()),
        tags: wanted.tags,
        is_scoped_down: logins.is_empty(),
        issued_ms: cx.now_ms(),
        // Whole seconds, as the answer tells them.
        expires_ms: (cx.now_ms() + LIFE_MS) / 1000 * 1000,
        ..RoleSession::default()
    };
    let issued = credentials::issue(cx.deployment(), &session, &cx.random)?;
    Ok(Output {
        identity_id: Some(identity.into()),
        credentials: Some(IdentityCredentials {
            access_key_id: Some(issued.access_key_id.into()),
            secret_key: Some(issued.secret_access_key.into()),
            session_token: Some(issued.session_token.into()),
            expiration: Some(Timestamp(session.expires_ms)),
        }),
    })
}

/// Credentials that another STS gives for our token. What links the logins stands by then.
async fn elsewhere(
    cx: &mut Cx,
    input: &Input,
    logins: &[Login],
    (role_arn, endpoint): (&str, String),
) -> Result<Output, Error> {
    issuer::ready(cx).await?;
    let (pool, identity) = again(cx, input, logins, role_arn)?;
    let (methods, tags) = (issuer::methods(logins), tags::of(cx, logins)?);
    let (pool_id, lives_s) = (pool.id.as_str(), TOKEN_LIFE_S);
    let statement =
        issuer::Statement { pool_id, identity: &identity, methods, tags: &tags, lives_s };
    let token = issuer::sign(cx, statement)?;
    cx.commit()?;
    let exchange = Exchange {
        endpoint,
        role_arn,
        session_name: SESSION_NAME,
        token: &token,
        is_scoped_down: logins.is_empty(),
    };
    let credentials = exchange.made(cx).await?;
    Ok(Output { identity_id: Some(identity.into()), credentials: Some(credentials) })
}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
    };

    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::json;

    use crate::{
        CredentialsSource, Deployment, Request,
        access::caller::session_in,
        iam::guest,
        shape::Json,
        testing::{ORIGIN, TestPool, World, claims, federated, outcome},
    };

    fn arn(name: &str) -> String {
        format!("arn:aws:iam::123456789012:role/{name}")
    }

    fn set_roles(world: &World, pool: &str, mappings: Json) {
        for role in ["member", "guest", "readers", "editors", "rule0", "rule1"] {
            world.role(role);
        }
        let roles = json!({ "authenticated": arn("member"), "unauthenticated": arn("guest") });
        let input = json!({ "IdentityPoolId": pool, "Roles": roles, "RoleMappings": mappings });
        let _ = world.ok("SetIdentityPoolRoles", input);
    }

    fn credentials(world: &World, pool: &str, logins: &Json, more: Json) -> Result<Json, String> {
        let identity = world.ok("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }));
        let mut input = json!({ "IdentityId": identity["IdentityId"], "Logins": logins });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let given = world.call("GetCredentialsForIdentity", input);
        let given = given.map_err(|failure| format!("{}: {}", failure.code, failure.message))?;
        assert_eq!(given["IdentityId"], identity["IdentityId"]);
        Ok(given["Credentials"].clone())
    }

    /// A request that is signed with such credentials.
    fn signed(world: &World, credentials: &Json) -> Request {
        world.signed_by(credentials, "ListIdentityPools", &json!({ "MaxResults": 1 }))
    }

    /// The role that credentials are of.
    fn role(world: &World, credentials: &Json) -> String {
        let failure = outcome(&world.send(&signed(world, credentials))).unwrap_err();
        assert_eq!(failure.code, "AccessDeniedException");
        let rest = failure.message.strip_prefix("User: arn:aws:sts::123456789012:assumed-role/");
        let (role, rest) = rest.unwrap().split_once('/').unwrap();
        assert_eq!(
            rest,
            "CognitoIdentityCredentials is not authorized to perform: \
             cognito-identity:ListIdentityPools on resource: * because no identity-based policy \
             allows the action"
        );
        role.into()
    }

    fn member(groups: &[(&str, Option<i32>)]) -> (World, TestPool, String) {
        let (world, users, pool) = federated(json!({}));
        for (group, precedence) in groups {
            let input = json!({
                "UserPoolId": users.id, "GroupName": group, "RoleArn": arn(group),
                "Precedence": precedence,
            });
            let _ = world.ok("CreateGroup", input);
            let input = json!({
                "UserPoolId": users.id, "GroupName": group, "Username": "ann",
            });
            let _ = world.ok("AdminAddUserToGroup", input);
        }
        (world, users, pool)
    }

    fn key(users: &TestPool) -> String {
        format!("cognito-idp.eu-west-1.amazonaws.com/{}:{}", users.id, users.client)
    }

    #[test]
    fn credentials_are_of_the_default_role_and_good_for_an_hour() {
        let (world, users, pool) = federated(json!({}));
        set_roles(&world, &pool, json!({}));
        let guest = credentials(&world, &pool, &json!({}), json!({})).unwrap();
        assert_eq!(guest["Expiration"], (world.now_ms() / 1000 + 3_600) as f64);
        assert!(guest["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
        assert_eq!(guest["AccessKeyId"].as_str().unwrap().len(), 20);
        assert_eq!(guest["SecretKey"].as_str().unwrap().len(), 40);
        assert_eq!(role(&world, &guest), "guest");
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let ann = credentials(&world, &pool, &logins, json!({})).unwrap();
        assert_eq!(role(&world, &ann), "member");
        world.advance_s(3_600);
        let failure = outcome(&world.send(&signed(&world, &ann))).unwrap_err();
        assert_eq!(failure.code, "ExpiredTokenException");
    }

    #[test]
    fn credentials_that_were_tampered_with_open_nothing() {
        let (world, _, pool) = federated(json!({}));
        set_roles(&world, &pool, json!({}));
        let [one, other] =
            [(); 2].map(|()| credentials(&world, &pool, &json!({}), json!({})).unwrap());
        let refused = |member: &str, value: &Json| {
            let mut credentials = one.clone();
            credentials[member] = value.clone();
            outcome(&world.send(&signed(&world, &credentials))).unwrap_err().code
        };
        assert_eq!(refused("SessionToken", &other["SessionToken"]), "UnrecognizedClientException");
        assert_eq!(refused("SessionToken", &json!("AAAA")), "UnrecognizedClientException");
        assert_eq!(refused("AccessKeyId", &other["AccessKeyId"]), "UnrecognizedClientException");
        assert_eq!(refused("SecretKey", &other["SecretKey"]), "InvalidSignatureException");
    }

    #[test]
    fn a_pool_without_roles_gives_none() {
        let (world, _, pool) = federated(json!({}));
        assert_eq!(
            credentials(&world, &pool, &json!({}), json!({})).unwrap_err(),
            "InvalidIdentityPoolConfigurationException: Invalid identity pool configuration. \
             Check assigned IAM roles for this pool."
        );
    }

    #[test]
    fn a_role_that_does_not_trust_the_identity_is_not_given() {
        let (world, _, pool) = federated(json!({}));
        set_roles(&world, &pool, json!({}));
        let get = || credentials(&world, &pool, &json!({}), json!({}));
        assert!(get().is_ok());
        for (member, value) in [
            ("Effect", json!("Deny")),
            ("Action", json!("sts:AssumeRole")),
            ("Principal", json!({ "Federated": "accounts.google.com" })),
            (
                "Condition",
                json!({ "ForAnyValue:StringLike": {
                "cognito-identity.amazonaws.com:amr": "authenticated",
            } }),
            ),
            (
                "Condition",
                json!({ "StringEquals": {
                "cognito-identity.amazonaws.com:aud": "eu-west-1:another",
            } }),
            ),
        ] {
            let mut statement = json!({
                "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": { "Federated": "cognito-identity.amazonaws.com" },
            });
            statement[member] = value;
            let trust = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
            let members = [("RoleName", "guest"), ("PolicyDocument", &*trust)];
            assert_eq!(world.query("iam", "UpdateAssumeRolePolicy", &members).status, 200);
            let refused = get().unwrap_err();
            assert!(refused.starts_with("InvalidIdentityPoolConfigurationException"), "{refused}");
        }
        let _ = world.query("iam", "DeleteRole", &[("RoleName", "guest")]);
        assert!(get().is_err());
    }

    #[test]
    fn a_token_chooses_the_role_of_the_better_group() {
        let (world, users, pool) = member(&[("readers", Some(2)), ("editors", Some(1))]);
        let mapping = json!({ "Type": "Token", "AmbiguousRoleResolution": "Deny" });
        set_roles(&world, &pool, json!({ key(&users): mapping }));
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let get = |more: Json| credentials(&world, &pool, &logins, more);
        assert_eq!(role(&world, &get(json!({})).unwrap()), "editors");
        let readers = get(json!({ "CustomRoleArn": arn("readers") })).unwrap();
        assert_eq!(role(&world, &readers), "readers");
        let refused = get(json!({ "CustomRoleArn": arn("owners") })).unwrap_err();
        assert!(refused.starts_with("NotAuthorizedException"), "{refused}");
    }

    #[test]
    fn where_no_group_is_the_better_one_the_pool_says_what_to_do() {
        for (resolution, expected) in [("AuthenticatedRole", Some("member")), ("Deny", None)] {
            let (world, users, pool) = member(&[("readers", None), ("editors", None)]);
            let mapping = json!({ "Type": "Token", "AmbiguousRoleResolution": resolution });
            set_roles(&world, &pool, json!({ key(&users): mapping }));
            let logins = world.logins(&users, &world.sign_in(&users, "ann"));
            let given = credentials(&world, &pool, &logins, json!({}));
            match expected {
                Some(expected) => assert_eq!(role(&world, &given.unwrap()), expected),
                None => assert!(given.unwrap_err().starts_with("NotAuthorizedException")),
            }
        }
    }

    #[test]
    fn the_first_rule_that_is_met_chooses() {
        let (world, users, pool) = member(&[("readers", None)]);
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let chosen = |rules: &[(&str, &str, &str)]| {
            let rules: alloc::vec::Vec<Json> = rules
                .iter()
                .enumerate()
                .map(|(n, (claim, kind, value))| {
                    json!({
                        "Claim": claim, "MatchType": kind, "Value": value,
                        "RoleARN": arn(&format!("rule{n}")),
                    })
                })
                .collect();
            let mapping = json!({
                "Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole",
                "RulesConfiguration": { "Rules": rules },
            });
            set_roles(&world, &pool, json!({ key(&users): mapping }));
            role(&world, &credentials(&world, &pool, &logins, json!({})).unwrap())
        };
        let name = "cognito:username";
        assert_eq!(chosen(&[(name, "Equals", "bob"), (name, "Equals", "ann")]), "rule1");
        assert_eq!(chosen(&[(name, "StartsWith", "a"), (name, "Equals", "ann")]), "rule0");
        assert_eq!(chosen(&[(name, "Contains", "nn")]), "rule0");
        assert_eq!(chosen(&[(name, "NotEqual", "bob")]), "rule0");
        assert_eq!(chosen(&[(name, "NotEqual", "ann")]), "member");
        assert_eq!(chosen(&[("nothing", "NotEqual", "ann")]), "member");
        assert_eq!(chosen(&[("cognito:groups", "Contains", "readers")]), "rule0");
        assert_eq!(chosen(&[("cognito:groups", "Contains", "read")]), "member");
    }

    #[test]
    fn claims_become_tags_and_the_session_knows_whose_it_is() {
        let (world, users, pool) = federated(json!({}));
        set_roles(&world, &pool, json!({}));
        let _ = world.ok("SetPrincipalTagAttributeMap", json!({
            "IdentityPoolId": pool, "IdentityProviderName": format!("localhost:8787/{}", users.id),
            "PrincipalTags": { "who": "cognito:username", "none": "nothing" },
        }));
        let tokens = world.sign_in(&users, "ann");
        let logins = world.logins(&users, &tokens);
        let given = credentials(&world, &pool, &logins, json!({})).unwrap();
        let request = signed(&world, &given);
        assert_eq!(request.origin, ORIGIN);
        let session = session_in(&world.deployment(), &request, world.now_ms()).unwrap();
        assert_eq!(session.tags, [("who".into(), "ann".into())].into());
        let fact = |name: &str| {
            session.facts[&format!("cognito-identity.amazonaws.com:{name}")].last().unwrap()
        };
        assert_eq!(fact("aud"), &pool);
        assert!(fact("sub").starts_with("eu-west-1:"));
        let sub = claims(&tokens["IdToken"])["sub"].clone();
        assert!(fact("amr").ends_with(sub.as_str().unwrap()), "{}", fact("amr"));
        let input = json!({ "IdentityId": given_id(&world, &pool, &logins), "Logins": logins });
        let token = claims(&world.ok("GetOpenIdToken", input)["Token"]);
        let tags = &token["https://aws.amazon.com/tags"]["principal_tags"];
        assert_eq!(*tags, json!({ "who": ["ann"] }));
    }

    fn given_id(world: &World, pool: &str, logins: &Json) -> Json {
        world.ok("GetId", json!({ "IdentityPoolId": pool, "Logins": logins }))["IdentityId"].take()
    }

    #[test]
    fn a_role_that_takes_no_tags_is_not_given_with_any() {
        let (world, users, pool) = federated(json!({}));
        set_roles(&world, &pool, json!({}));
        let logins = world.logins(&users, &world.sign_in(&users, "ann"));
        let get = || credentials(&world, &pool, &logins, json!({}));
        let trusts = |action: Json, condition: Json| {
            let trust = json!({ "Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Action": action, "Condition": condition,
                "Principal": { "Federated": "cognito-identity.amazonaws.com" },
            } })
            .to_string();
            let members = [("RoleName", "member"), ("PolicyDocument", &*trust)];
            assert_eq!(world.query("iam", "UpdateAssumeRolePolicy", &members).status, 200);
            get().is_ok()
        };
        let (one, both) = (
            json!("sts:AssumeRoleWithWebIdentity"),
            json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]),
        );
        assert!(trusts(one.clone(), json!({})));
        let _ = world.ok(
            "SetPrincipalTagAttributeMap",
            json!({
                "IdentityPoolId": pool, "PrincipalTags": { "who": "cognito:username" },
                "IdentityProviderName": logins.as_object().unwrap().keys().next(),
            }),
        );
        assert!(!trusts(one, json!({})));
        assert!(trusts(both.clone(), json!({})));
        let who = |name: &str| json!({ "StringEquals": { "aws:RequestTag/who": name } });
        assert!(trusts(both.clone(), who("ann")));
        assert!(!trusts(both, who("bob")));
    }

    #[test]
    fn another_sts_may_give_the_credentials_for_a_token_of_ours() {
        let credentials = CredentialsSource::Sts { url: None };
        let world = World::with(Deployment { credentials, ..World::new().deployment() });
        let pool = world.identity_pool(json!({ "AllowClassicFlow": true }));
        let roles = json!({ "IdentityPoolId": pool, "Roles": { "unauthenticated": arn("guest") } });
        let _ = world.ok("SetIdentityPoolRoles", roles);
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let get = || world.call("GetCredentialsForIdentity", id.clone());
        assert_eq!(get().unwrap_err().code, "ExternalServiceException");
        // At the same moment, the same token is made.
        let token = world.ok("GetOpenIdToken", id.clone())["Token"].as_str().unwrap().to_string();
        let [role, token, policy] = [&arn("guest"), &token, &guest::policy()]
            .map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        let asked = format!(
            "https://sts.eu-west-1.amazonaws.com/?Action=AssumeRoleWithWebIdentity\
             &Version=2011%2D06%2D15&DurationSeconds=3600&RoleArn={role}\
             &RoleSessionName=CognitoIdentityCredentials&WebIdentityToken={token}&Policy={policy}"
        );
        let given = json!({ "Credentials": {
            "AccessKeyId": "ASIA1", "SecretAccessKey": "s", "SessionToken": "t",
            "Expiration": 1_795_608_000,
        } });
        let given = json!({ "AssumeRoleWithWebIdentityResult": given });
        world.publish(&asked, json!({ "AssumeRoleWithWebIdentityResponse": given }));
        let credentials = get().unwrap()["Credentials"].take();
        assert_eq!(
            credentials,
            json!({
                "AccessKeyId": "ASIA1", "SecretKey": "s", "SessionToken": "t",
                "Expiration": 1_795_608_000.0,
            })
        );
        world.publish(&asked, json!(403));
        assert_eq!(get().unwrap_err().code, "InvalidIdentityPoolConfigurationException");
    }
}
