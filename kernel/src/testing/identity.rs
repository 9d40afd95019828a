//! Identity pools, and providers elsewhere, in tests.

use alloc::{
    format,
    rc::Rc,
    string::{String, ToString},
};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{TestPool, World};
use crate::{
    Answer, Deployment, Engine, KeyAlgorithm, KeyPair, Request, Response, RootCredentials, Service,
    access::caller::authenticate, find, shape::Json,
};

impl World {
    /// An identity pool with those settings, which takes guests unless they say otherwise; gives
    /// its id.
    #[must_use]
    pub fn identity_pool(&self, settings: Json) -> String {
        let mut input =
            json!({ "IdentityPoolName": "test", "AllowUnauthenticatedIdentities": true });
        if let (Json::Object(input), Json::Object(settings)) = (&mut input, settings) {
            input.extend(settings);
        }
        let made = self.ok("CreateIdentityPool", input);
        made["IdentityPoolId"].as_str().unwrap_or_default().to_string()
    }

    /// `Logins` of a user who got these tokens.
    #[must_use]
    pub fn logins(&self, pool: &TestPool, tokens: &Json) -> Json {
        json!({ provider(pool): tokens["IdToken"] })
    }

    /// A call that is signed with temporary credentials, as `GetCredentialsForIdentity` gives them.
    #[must_use]
    pub fn signed_by(&self, credentials: &Json, operation: &str, input: &Json) -> Request {
        let service = addressed(operation).0.signing_name();
        self.sign_anew(self.request(operation, input), credentials, service)
    }

    /// A request that is signed with temporary credentials for that service.
    #[must_use]
    pub fn sign_anew(&self, mut request: Request, credentials: &Json, service: &str) -> Request {
        let text = |name: &str| credentials[name].as_str().unwrap_or_default().to_string();
        let key = RootCredentials {
            access_key_id: text("AccessKeyId"),
            secret_access_key: text("SecretKey"),
        };
        request.headers.retain(|(name, _)| name != "authorization" && name != "x-amz-date");
        request.headers.push(("x-amz-security-token".into(), text("SessionToken")));
        super::sign::sign(&mut request, &key, (service, super::REGION), self.now_ms());
        request
    }

    /// Whether somebody signed that request for identity pools who may sign such.
    #[must_use]
    pub fn knows_signer_of(&self, request: &Request) -> bool {
        let deployment = &self.engine.deployment;
        find(Service::IdentityPools, "ListIdentityPools").is_some_and(|operation| {
            authenticate(deployment, operation, request, self.now_ms()).is_ok()
        })
    }

    /// A role that any identity may take, and that may do nothing yet.
    pub fn role(&self, name: &str) {
        let trust = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Principal": { "Federated": "cognito-identity.amazonaws.com" },
        } })
        .to_string();
        let members = [("RoleName", name), ("AssumeRolePolicyDocument", &*trust)];
        let _ = self.query("iam", "CreateRole", &members);
    }

    /// Calls IAM or STS as root.
    #[must_use]
    pub fn query(&self, service: &str, action: &str, members: &[(&str, &str)]) -> Response {
        let mut request = form(service, action, members);
        let key = RootCredentials::development();
        super::sign::sign(&mut request, &key, (service, super::REGION), self.now_ms());
        self.send(&request)
    }

    /// A call of IAM or STS that is signed with temporary credentials.
    #[must_use]
    pub fn query_by(
        &self,
        credentials: &Json,
        service: &str,
        action: &str,
        members: &[(&str, &str)],
    ) -> Request {
        self.sign_anew(form(service, action, members), credentials, service)
    }

    /// The same with any body, signed as root.
    #[must_use]
    pub fn form_of(&self, service: &str, body: &[u8]) -> Request {
        let mut request = Request { body: body.to_vec(), ..form(service, "", &[]) };
        let key = RootCredentials::development();
        super::sign::sign(&mut request, &key, (service, super::REGION), self.now_ms());
        request
    }

    /// Takes a role by that call of STS, signed as root where it is signed.
    ///
    /// # Errors
    /// The status, the code and the message of the refusal.
    pub fn assume(&self, action: &str, members: &[(&str, &str)]) -> Result<Assumed, String> {
        Assumed::read(&self.query("sts", action, members))
    }

    /// What all places of this deployment share.
    #[must_use]
    pub fn engine(&self) -> Rc<Engine> {
        self.engine.clone()
    }

    /// How this deployment is configured.
    #[must_use]
    pub fn deployment(&self) -> Deployment {
        self.engine.deployment.clone()
    }

    /// From now on, that document is to be read there; a `null` is not, and a number is the status
    /// by which the reader is refused. What is posted follows the URL, as a query would.
    pub fn publish(&self, url: &str, document: Json) {
        self.published.borrow_mut().insert(url.to_string(), document);
    }

    pub(super) fn published(&self, url: &str, form: Option<&str>) -> Answer {
        let form = form.map(|form| format!("?{form}")).unwrap_or_default();
        match self.published.borrow().get(&format!("{url}{form}")) {
            None | Some(Json::Null) => Answer::from("nothing is there"),
            Some(Json::Number(status)) => {
                let status = status.as_u64().and_then(|status| u16::try_from(status).ok());
                Answer::Response(Response::new(status.unwrap_or(500)))
            }
            Some(document) => {
                let body = document.to_string();
                Answer::Response(Response::new(200).body("application/json", body))
            }
        }
    }
}

/// What STS answered.
#[derive(Debug)]
pub struct Assumed(String);

impl Assumed {
    /// Reads an answer.
    ///
    /// # Errors
    /// The status, the code and the message of a refusal.
    pub fn read(response: &Response) -> Result<Self, String> {
        let told = Self(String::from_utf8_lossy(&response.body).to_string());
        match response.status {
            200 => Ok(told),
            status => Err(format!("{status} {}: {}", told.member("Code"), told.member("Message"))),
        }
    }

    /// The text of the first element of that name; nothing if there is none.
    #[must_use]
    pub fn member(&self, name: &str) -> String {
        let rest = self.0.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
        rest.split_once(&format!("</{name}>")).map_or("", |(text, _)| text).to_string()
    }

    /// The credentials in the form in which `GetCredentialsForIdentity` gives them.
    #[must_use]
    pub fn credentials(&self) -> Json {
        json!({
            "AccessKeyId": self.member("AccessKeyId"),
            "SecretKey": self.member("SecretAccessKey"),
            "SessionToken": self.member("SessionToken"),
        })
    }
}

/// The unsigned request of a call in AWS's query protocol.
fn form(service: &str, action: &str, members: &[(&str, &str)]) -> Request {
    let version = if service == "iam" { "2010-05-08" } else { "2011-06-15" };
    let mut body = format!("Action={action}&Version={version}");
    for (name, value) in members {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        body.push_str(&format!("&{name}={value}"));
    }
    Request {
        method: "POST".into(),
        origin: super::ORIGIN.into(),
        path: "/".into(),
        headers: [
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("host", "localhost:8787"),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into(),
        body: body.into_bytes(),
        ..Request::default()
    }
}

/// A key pair of a provider elsewhere; its public part is named `kid`.
///
/// # Panics
/// If none can be made.
#[must_use]
#[expect(clippy::panic, reason = "a test ends here")]
pub fn provider_key(kid: &str) -> KeyPair {
    let Answer::Key(mut pair) = super::keys::make(KeyAlgorithm::ES256) else { panic!("no key") };
    pair.public.common.key_id = Some(kid.to_string());
    *pair
}

/// A token that a provider elsewhere signs.
#[must_use]
pub fn provider_token(key: &KeyPair, claims: &Json) -> String {
    let mut header = Header::new(Algorithm::ES256);
    header.kid.clone_from(&key.public.common.key_id);
    let private = EncodingKey::from_ec_der(&key.private);
    jsonwebtoken::encode(&header, claims, &private).unwrap_or_default()
}

/// An operation by its target, or by its name alone where that is enough: the first service that
/// has one of that name is meant; user pools, if none has.
pub(super) fn addressed(operation: &str) -> (Service, &str) {
    if let Some((target, name)) = operation.split_once('.') {
        return (Service::of_target(target).unwrap_or(Service::UserPools), name);
    }
    let all = [Service::UserPools, Service::Internal, Service::Extension, Service::IdentityPools];
    let found = all.into_iter().find(|service| find(*service, operation).is_some());
    (found.unwrap_or(Service::UserPools), operation)
}

/// The name of a user pool as a provider.
fn provider(pool: &TestPool) -> String {
    format!("cognito-idp.eu-west-1.amazonaws.com/{}", pool.id)
}

/// A user pool with the user `ann`, and an identity pool that takes its users, with those settings
/// of the provider; it takes guests and users of `login.shop`, and allows the basic flow.
#[must_use]
pub fn federated(settings: Json) -> (World, TestPool, String) {
    let world = World::new();
    let users = world.pool(json!({}));
    world.user(&users, "ann", json!([]));
    let mut one = json!({ "ProviderName": provider(&users), "ClientId": users.client });
    if let (Json::Object(one), Json::Object(settings)) = (&mut one, settings) {
        one.extend(settings);
    }
    let pool = world.identity_pool(json!({
        "AllowClassicFlow": true,
        "CognitoIdentityProviders": [one],
        "DeveloperProviderName": "login.shop",
    }));
    (world, users, pool)
}
