use alloc::{collections::BTreeMap, format, string::String};

use serde_json::json;

use super::*;
use crate::testing::{World, federated};

const VERIFIER: RequestVerifier<'_> =
    RequestVerifier { service: "orders", unsigned_payload: false };

/// A world where a guest has credentials of a role, and a Worker a verifier's key.
struct Shop {
    world: World,
    pool: String,
    credentials: Json,
    verifier_key: Json,
}

impl Shop {
    fn new(policies: &[Json]) -> Self {
        let (world, _, pool) = federated(json!({}));
        world.role("guest");
        for (n, statement) in policies.iter().enumerate() {
            let document = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
            let name = format!("policy{n}");
            let members =
                [("RoleName", "guest"), ("PolicyName", &*name), ("PolicyDocument", &*document)];
            assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
        }
        let roles = json!({ "unauthenticated": "arn:aws:iam::123456789012:role/guest" });
        let _ = world.ok("SetIdentityPoolRoles", json!({ "IdentityPoolId": pool, "Roles": roles }));
        let identity = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let given = world.ok("GetCredentialsForIdentity", identity);
        let verifier = world.ok("CreateVerifierKey", json!({ "Service": "orders" }));
        Self {
            pool,
            credentials: given["Credentials"].clone(),
            verifier_key: verifier["VerifierKey"].clone(),
            world,
        }
    }

    /// A request to the Worker, signed with the guest's credentials for that service.
    fn request(&self, service: &str) -> Request {
        let request = Request {
            method: "PUT".into(),
            origin: "https://orders.example.com".into(),
            path: "/orders/7".into(),
            headers: [("host".into(), "orders.example.com".into())].into(),
            body: b"{\"status\":\"sent\"}".to_vec(),
            address: "192.0.2.7".into(),
            ..Request::default()
        };
        self.world.sign_anew(request, &self.credentials, service)
    }

    fn key(&self, question: &str) -> SigningKey {
        SigningKey::read(self.asked(question).to_string().as_bytes()).unwrap()
    }

    fn asked(&self, question: &str) -> Json {
        let mut question: Json = serde_json::from_str(question).unwrap();
        question["VerifierKey"] = self.verifier_key.clone();
        self.world.ok("GetSigningKey", question)
    }

    /// What the service says of the guest's key.
    fn answer(&self) -> Json {
        let request = self.request("orders");
        self.asked(&VERIFIER.claim(&request, self.world.now_ms()).unwrap().question())
    }

    /// What a Worker does with a request.
    fn verify(&self, request: &Request) -> Result<(Verified, SigningKey), Error> {
        let now_ms = self.world.now_ms();
        let claimed = VERIFIER.claim(request, now_ms)?;
        let key = self.key(&claimed.question());
        Ok((claimed.verify(&key, now_ms)?, key))
    }

    fn allows(&self, action: &str, resource: &str) -> bool {
        let (verified, key) = self.verify(&self.request("orders")).unwrap();
        key.allows(&verified, (action, resource), &BTreeMap::new())
    }
}

fn code<T>(outcome: Result<T, Error>) -> Option<Code> {
    outcome.err().map(|error| error.code)
}

#[test]
fn a_request_that_credentials_signed_is_verified() {
    let shop = Shop::new(&[]);
    let (_, key) = shop.verify(&shop.request("orders")).unwrap();
    assert_eq!(key.session.role_arn, "arn:aws:iam::123456789012:role/guest");
    assert_eq!(key.session.facts["cognito-identity.amazonaws.com:aud"], [shop.pool.as_str()]);
}

#[test]
fn one_key_verifies_many_requests_without_being_asked_for_again() {
    let shop = Shop::new(&[]);
    let now_ms = shop.world.now_ms();
    let first = shop.request("orders");
    let key = shop.key(&VERIFIER.claim(&first, now_ms).unwrap().question());
    let calls = [first, shop.request("orders")];
    for request in &calls {
        let claimed = VERIFIER.claim(request, now_ms).unwrap();
        assert!(claimed.verify(&key, now_ms).is_ok());
    }
}

#[test]
fn whatever_was_changed_on_the_way_is_refused() {
    let shop = Shop::new(&[]);
    let signed = shop.request("orders");
    let changes: [fn(&mut Request); 4] = [
        |request| request.body = b"{\"status\":\"lost\"}".to_vec(),
        |request| request.path = "/orders/8".into(),
        |request| request.method = "DELETE".into(),
        |request| request.query = "force=1".into(),
    ];
    for change in changes {
        let mut request = signed.clone();
        change(&mut request);
        assert_eq!(code(shop.verify(&request)), Some(Code::InvalidSignature));
    }
}

#[test]
fn a_request_to_another_service_is_refused() {
    let shop = Shop::new(&[]);
    let refused = shop.verify(&shop.request("ledger"));
    assert_eq!(code(refused), Some(Code::InvalidSignature));
}

#[test]
fn a_key_of_another_service_does_not_verify() {
    let shop = Shop::new(&[]);
    let ledger = shop.world.ok("CreateVerifierKey", json!({ "Service": "ledger" }));
    let thief = Shop { verifier_key: ledger["VerifierKey"].clone(), ..shop };
    assert_eq!(code(thief.verify(&thief.request("orders"))), Some(Code::InvalidSignature));
}

#[test]
fn what_signs_to_a_worker_opens_nothing_of_the_deployment() {
    let shop = Shop::new(&[]);
    for service in ["cognito-idp", "cognito-identity", "iam", "s3", "sts"] {
        let failure = shop.world.fails("CreateVerifierKey", json!({ "Service": service }));
        assert_eq!(failure.code, "InvalidParameterException");
    }
}

#[test]
fn an_unsigned_request_and_one_without_a_session_are_refused() {
    let shop = Shop::new(&[]);
    let now_ms = shop.world.now_ms();
    let mut unsigned = shop.request("orders");
    unsigned.headers.retain(|(name, _)| name != "authorization");
    assert_eq!(code(VERIFIER.claim(&unsigned, now_ms)), Some(Code::MissingAuthenticationToken));
    let mut stripped = shop.request("orders");
    stripped.headers.retain(|(name, _)| name != "x-amz-security-token");
    for (name, value) in &mut stripped.headers {
        if name == "authorization" {
            *value = value.replace(";x-amz-security-token", "");
        }
    }
    assert_eq!(code(VERIFIER.claim(&stripped, now_ms)), Some(Code::UnrecognizedClient));
}

#[test]
fn a_request_is_good_for_five_minutes_and_a_key_until_the_credentials_expire() {
    let shop = Shop::new(&[]);
    let (signed_ms, request) = (shop.world.now_ms(), shop.request("orders"));
    let key = shop.key(&VERIFIER.claim(&request, signed_ms).unwrap().question());
    let at = |now_ms: u64| VERIFIER.claim(&request, now_ms).and_then(|r| r.verify(&key, now_ms));
    assert!(at(signed_ms + 300_000).is_ok());
    assert_eq!(code(at(signed_ms + 301_000)), Some(Code::InvalidSignature));
    shop.world.advance_s(3_600);
    let late = shop.request("orders");
    let claimed = VERIFIER.claim(&late, shop.world.now_ms()).unwrap();
    assert_eq!(code(claimed.verify(&key, shop.world.now_ms())), Some(Code::ExpiredToken));
}

#[test]
fn a_body_may_stay_unsigned_only_where_the_worker_takes_that() {
    let shop = Shop::new(&[]);
    let now_ms = shop.world.now_ms();
    let mut request = shop.request("orders");
    request.headers.retain(|(name, _)| name == "host");
    request.headers.push(("x-amz-content-sha256".into(), "UNSIGNED-PAYLOAD".into()));
    let mut signed = shop.world.sign_anew(request, &shop.credentials, "orders");
    signed.body = b"{\"status\":\"streamed\"}".to_vec();
    assert_eq!(code(shop.verify(&signed)), Some(Code::InvalidSignature));
    let lenient = RequestVerifier { unsigned_payload: true, ..VERIFIER };
    let claimed = lenient.claim(&signed, now_ms).unwrap();
    let key = shop.key(&claimed.question());
    assert!(claimed.verify(&key, now_ms).is_ok());
}

#[test]
fn the_policies_of_the_role_decide() {
    let shop = Shop::new(&[
        json!({ "Effect": "Allow", "Action": "orders:*", "Resource": "arn:orders:::order/*" }),
        json!({ "Effect": "Deny", "Action": "orders:Delete", "Resource": "*" }),
    ]);
    assert!(shop.allows("orders:Update", "arn:orders:::order/7"));
    assert!(!shop.allows("orders:Delete", "arn:orders:::order/7"));
    assert!(!shop.allows("orders:Update", "arn:orders:::invoice/7"));
    assert!(!Shop::new(&[]).allows("orders:Update", "arn:orders:::order/7"));
}

#[test]
fn policies_may_ask_who_it_is_and_how_the_request_came() {
    let own = "arn:orders:::cart/${cognito-identity.amazonaws.com:sub}";
    let shop = Shop::new(&[
        json!({ "Effect": "Allow", "Action": "orders:Fill", "Resource": own }),
        json!({
            "Effect": "Allow", "Action": "orders:Read", "Resource": "*", "Condition": {
                "IpAddress": { "aws:SourceIp": "192.0.2.0/24" },
                "Bool": { "aws:SecureTransport": "true" },
                "StringEquals": { "aws:RequestedRegion": "eu-west-1" },
            },
        }),
    ]);
    let (verified, key) = shop.verify(&shop.request("orders")).unwrap();
    let mine = &key.session.facts["cognito-identity.amazonaws.com:sub"][0];
    assert!(shop.allows("orders:Fill", &format!("arn:orders:::cart/{mine}")));
    assert!(!shop.allows("orders:Fill", "arn:orders:::cart/another"));
    assert!(shop.allows("orders:Read", "*"));
    let caller = Caller { address: "198.51.100.1".into(), ..verified.caller };
    let elsewhere = Verified { caller, ..verified };
    assert!(!key.allows(&elsewhere, ("orders:Read", "*"), &BTreeMap::new()));
}

#[test]
fn a_worker_may_say_more_but_nothing_else_of_who_it_is() {
    let shop = Shop::new(&[
        json!({
            "Effect": "Allow", "Action": "orders:Update", "Resource": "*",
            "Condition": { "StringEquals": { "orders:Status": "open" } },
        }),
        json!({
            "Effect": "Allow", "Action": "orders:Delete", "Resource": "*",
            "Condition": { "StringEquals": { "aws:PrincipalArn": "arn:aws:iam::1:role/owner" } },
        }),
    ]);
    let (verified, key) = shop.verify(&shop.request("orders")).unwrap();
    let says = |action: &str, name: &str, value: &str| {
        let more = [(name.into(), [value.into()].into())].into();
        key.allows(&verified, (action, "*"), &more)
    };
    assert!(says("orders:Update", "orders:Status", "open"));
    assert!(!says("orders:Update", "orders:Status", "sent"));
    assert!(!says("orders:Delete", "aws:principalarn", "arn:aws:iam::1:role/owner"));
}

#[test]
fn a_session_policy_bounds_what_the_role_allows() {
    let shop = Shop::new(&[json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })]);
    let (verified, _) = shop.verify(&shop.request("orders")).unwrap();
    let policy = json!({ "Statement": {
        "Effect": "Allow", "Action": "orders:Read", "Resource": "*",
    } });
    let mut answer = shop.answer();
    answer["SessionPolicy"] = json!(policy.to_string());
    let key = SigningKey::read(answer.to_string().as_bytes()).unwrap();
    assert!(key.allows(&verified, ("orders:Read", "*"), &BTreeMap::new()));
    assert!(!key.allows(&verified, ("orders:Update", "*"), &BTreeMap::new()));
}

#[test]
fn what_is_no_answer_of_the_service_is_no_key() {
    let shop = Shop::new(&[]);
    let now_ms = shop.world.now_ms();
    let request = shop.request("orders");
    let answer = shop.answer();
    assert!(SigningKey::read(answer.to_string().as_bytes()).is_some());
    for (member, value) in
        [("SigningKey", json!("AAAA")), ("Signer", json!({})), ("Policies", json!(1))]
    {
        let mut spoiled = answer.clone();
        spoiled[member] = value;
        assert!(SigningKey::read(spoiled.to_string().as_bytes()).is_none(), "{member}");
    }
    assert!(SigningKey::read(b"{").is_none());
    // A policy that can't be read might deny.
    let mut spoiled = answer;
    spoiled["Policies"] =
        json!([r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#, "{}",]);
    let key = SigningKey::read(spoiled.to_string().as_bytes()).unwrap();
    let verified = VERIFIER.claim(&request, now_ms).unwrap().verify(&key, now_ms).unwrap();
    assert!(!key.allows(&verified, ("orders:Read", "*"), &BTreeMap::new()));
}
