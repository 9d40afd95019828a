//! Who signed a request, and may they? What the kernel says of that, for the npm package.
//!
//! Nothing is kept between calls: requests and answers go in as texts, and what comes back is JSON.
//! The text of a request is one line each for the method and the URL, then two for each header.

use std::collections::BTreeMap;

use kernel::{Error, Request, RequestVerifier, SigningKey, Verified};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

/// What is taken where requests come to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Terms {
    service: String,
    unsigned_payload: bool,
    /// The address that the request came from, if known.
    address: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    /// What to ask `Cognate.GetSigningKey`.
    Question(String),
    Refused {
        error: &'static str,
        message: String,
    },
    /// The signature is true; for [`allows`].
    Verified(Verified),
}

/// Who claims to have signed the request: a question to the service, or why it is refused.
#[wasm_bindgen]
pub fn claim(head: &[u8], terms: &str, now: f64) -> String {
    let outcome = request(head, Vec::new(), terms).and_then(|(request, terms)| {
        let claimed = verifier(&terms).claim(&request, bridge::whole(now))?;
        Ok(Outcome::Question(claimed.question()))
    });
    told(outcome)
}

/// Whether the signature is true, by what the service answered.
#[wasm_bindgen]
pub fn verify(head: &[u8], body: Vec<u8>, terms: &str, answer: &str, now: f64) -> String {
    let now_ms = bridge::whole(now);
    let outcome = request(head, body, terms).and_then(|(request, terms)| {
        let key = key(answer)?;
        let verified = verifier(&terms).claim(&request, now_ms)?.verify(&key, now_ms)?;
        Ok(Outcome::Verified(verified))
    });
    told(outcome)
}

/// Whether the role's policies allow an action on a resource, to whoever signed the request that was
/// verified. `more` says what else they may ask about: lists of texts by condition key, as JSON.
#[wasm_bindgen]
pub fn allows(verified: &str, answer: &str, action: &str, resource: &str, more: &str) -> bool {
    let more = serde_json::from_str::<BTreeMap<String, Vec<String>>>(more);
    match (serde_json::from_str::<Verified>(verified), key(answer), more) {
        (Ok(verified), Ok(key), Ok(more)) => key.allows(&verified, (action, resource), &more),
        _ => false,
    }
}

fn request(head: &[u8], body: Vec<u8>, terms: &str) -> Result<(Request, Terms), Error> {
    let terms: Terms = serde_json::from_str(terms).map_err(|_| Error::bug("no terms"))?;
    let request = bridge::read(head, body, None).ok_or_else(|| Error::bug("no request"))?;
    Ok((Request { address: terms.address.clone(), ..request }, terms))
}

fn verifier(terms: &Terms) -> RequestVerifier<'_> {
    RequestVerifier { service: &terms.service, unsigned_payload: terms.unsigned_payload }
}

fn key(answer: &str) -> Result<SigningKey, Error> {
    SigningKey::read(answer.as_bytes()).ok_or_else(|| Error::bug("no answer of the service's"))
}

fn told(outcome: Result<Outcome, Error>) -> String {
    let outcome = outcome.unwrap_or_else(|error| Outcome::Refused {
        error: error.code.wire(),
        message: error.message.into_owned(),
    });
    serde_json::to_string(&outcome).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kernel::testing::{World, federated};
    use serde_json::{Value, json};

    use super::*;

    const TERMS: &str = r#"{"service":"orders","unsignedPayload":false,"address":"192.0.2.7"}"#;

    fn parsed(outcome: &str) -> Value {
        serde_json::from_str(outcome).unwrap()
    }

    /// A world, and a guest's request as it comes: its lines, and its body.
    fn signed() -> (World, Vec<u8>, Vec<u8>) {
        let (world, _, pool) = federated(json!({}));
        world.role("guest");
        let policy = json!({ "Statement": {
            "Effect": "Allow", "Action": "orders:Read", "Resource": "*", "Condition": {
                "IpAddress": { "aws:SourceIp": "192.0.2.0/24" },
                "StringEquals": { "orders:Status": "open" },
            },
        } })
        .to_string();
        let members = [("RoleName", "guest"), ("PolicyName", "read"), ("PolicyDocument", &*policy)];
        assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
        let roles = json!({ "unauthenticated": "arn:aws:iam::123456789012:role/guest" });
        let _ = world.ok("SetIdentityPoolRoles", json!({ "IdentityPoolId": pool, "Roles": roles }));
        let identity = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let given = world.ok("GetCredentialsForIdentity", identity);
        let request = Request {
            method: "PUT".into(),
            origin: "https://orders.example.com".into(),
            path: "/7".into(),
            headers: [("host".into(), "orders.example.com".into())].into(),
            body: b"{}".to_vec(),
            ..Request::default()
        };
        let request = world.sign_anew(request, &given["Credentials"], "orders");
        let mut head = format!("PUT\n{}{}", request.origin, request.path);
        for (name, value) in &request.headers {
            head.push_str(&format!("\n{name}\n{value}"));
        }
        (world, head.into_bytes(), request.body)
    }

    fn answer(world: &World, head: &[u8]) -> String {
        let verifier = world.ok("CreateVerifierKey", json!({ "Service": "orders" }));
        let claimed = parsed(&claim(head, TERMS, now(world)));
        let mut question = parsed(claimed["question"].as_str().unwrap());
        question["VerifierKey"] = verifier["VerifierKey"].clone();
        world.ok("GetSigningKey", question).to_string()
    }

    fn now(world: &World) -> f64 {
        f64::from(u32::try_from(world.now_ms() / 1000).unwrap()) * 1000.0
    }

    #[test]
    fn a_signed_request_is_verified_and_its_role_allows_what_it_does() {
        let (world, head, body) = signed();
        let answer = answer(&world, &head);
        let outcome = parsed(&verify(&head, body, TERMS, &answer, now(&world)));
        let verified = outcome["verified"].to_string();
        let may = |action: &str, more: &str| allows(&verified, &answer, action, "*", more);
        assert!(may("orders:Read", r#"{"orders:Status":["open"]}"#));
        assert!(!may("orders:Read", r#"{"orders:Status":["sent"]}"#));
        assert!(!may("orders:Read", "{}"));
        assert!(!may("orders:Update", r#"{"orders:Status":["open"]}"#));
    }

    #[test]
    fn a_refusal_has_its_name_and_says_why() {
        let (world, head, _) = signed();
        let answer = answer(&world, &head);
        let other = verify(&head, b"{ }".to_vec(), TERMS, &answer, now(&world));
        assert_eq!(parsed(&other)["refused"]["error"], "InvalidSignatureException");
        let unsigned = parsed(&claim(b"GET\nhttp://localhost/", TERMS, now(&world)));
        assert_eq!(unsigned["refused"]["error"], "MissingAuthenticationTokenException");
        assert_eq!(unsigned["refused"]["message"], "Missing Authentication Token");
    }

    #[test]
    fn what_cannot_be_read_lets_nobody_in() {
        let (world, head, body) = signed();
        let answer = answer(&world, &head);
        let refused = |head: &[u8], terms: &str, answer: &str| {
            let outcome = parsed(&verify(head, body.clone(), terms, answer, now(&world)));
            outcome["refused"]["error"] == "InternalErrorException"
        };
        assert!(refused(b"", TERMS, &answer));
        assert!(refused(&head, "{}", &answer));
        assert!(refused(&head, TERMS, "{}"));
        for (verified, answer, more) in
            [("{}", &*answer, "{}"), ("", "{}", "{}"), ("", &answer, "")]
        {
            assert!(!allows(verified, answer, "orders:Read", "*", more));
        }
    }
}
