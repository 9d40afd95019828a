//! What verifying a signature costs, beside what AWS's own crate takes to make it.
//!
//! The same request, whose body is of 1 KiB: as a call of the service's, whose session token is
//! opened and whose key is derived each time; and as a Worker of one's own sees it, which has the
//! key of the scope.

use std::{
    hint::black_box,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use criterion::Criterion;
use kernel::{
    Request, RequestVerifier, SigningKey,
    testing::{ORIGIN, REGION, World, federated},
};
use serde_json::{Value, json};

const SERVICE: &str = "orders";

/// The request, as it is before it is signed.
fn unsigned() -> Request {
    Request {
        method: "PUT".into(),
        origin: ORIGIN.into(),
        path: "/orders/7".into(),
        query: "note=a%20b&version=3".into(),
        headers: [
            ("host".into(), "localhost:8787".into()),
            ("content-type".into(), "application/json".into()),
        ]
        .into(),
        body: vec![b'x'; 1024],
        ..Request::default()
    }
}

fn guest(world: &World, pool: &str) -> Credentials {
    world.role("guest");
    let roles = json!({ "unauthenticated": "arn:aws:iam::123456789012:role/guest" });
    let _ = world.ok("SetIdentityPoolRoles", json!({ "IdentityPoolId": pool, "Roles": roles }));
    let identity = world.ok("GetId", json!({ "IdentityPoolId": pool }));
    let given = world.ok("GetCredentialsForIdentity", identity);
    let text = |name: &str| given["Credentials"][name].as_str().unwrap_or_default().to_string();
    let token = Some(text("SessionToken"));
    Credentials::new(text("AccessKeyId"), text("SecretKey"), token, None, "bench")
}

/// What AWS's crate adds to the request.
fn signed(
    (request, service): (&Request, &str),
    credentials: &Credentials,
    now: SystemTime,
) -> Request {
    let identity = credentials.clone().into();
    let settings = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map(Into::into);
    let uri = format!("{}{}?{}", request.origin, request.path, request.query);
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let body = SignableBody::Bytes(&request.body);
    let signable = SignableRequest::new(&request.method, uri, headers, body);
    let (Ok(settings), Ok(signable)) = (settings, signable) else { return request.clone() };
    let mut signed = request.clone();
    if let Ok(output) = sign(signable, &settings) {
        let (instructions, _) = output.into_parts();
        for (name, value) in instructions.headers() {
            signed.headers.push((name.to_string(), value.to_string()));
        }
    }
    signed
}

/// What the service says of the key, as a verifier keeps it.
fn key(world: &World, request: &Request) -> Option<SigningKey> {
    let verifier = world.ok("CreateVerifierKey", json!({ "Service": SERVICE }));
    let claimed = VERIFIER.claim(request, world.now_ms()).ok()?;
    let mut question: Value = serde_json::from_str(&claimed.question()).ok()?;
    question["VerifierKey"] = verifier["VerifierKey"].clone();
    SigningKey::read(world.ok("GetSigningKey", question).to_string().as_bytes())
}

const VERIFIER: RequestVerifier<'_> = RequestVerifier { service: SERVICE, unsigned_payload: false };

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let (world, _, pool) = federated(json!({}));
    let credentials = guest(&world, &pool);
    let now_ms = world.now_ms();
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms);
    let plain = unsigned();
    let request = signed((&plain, SERVICE), &credentials, now);
    let call = signed((&plain, "cognito-identity"), &credentials, now);
    let key = key(&world, &request);
    let verify = |request: &Request| {
        let claimed = VERIFIER.claim(request, now_ms).ok()?;
        claimed.verify(key.as_ref()?, now_ms).ok()
    };
    assert!(verify(&request).is_some(), "what AWS's crate signed is verified");
    assert!(world.knows_signer_of(&call), "by its session token, too");

    criterion.bench_function("aws-sigv4 signs", |bench| {
        bench.iter(|| signed((black_box(&plain), SERVICE), &credentials, now));
    });
    criterion.bench_function("verified by a session token", |bench| {
        bench.iter(|| world.knows_signer_of(black_box(&call)));
    });
    criterion.bench_function("verified by the key of the scope", |bench| {
        bench.iter(|| verify(black_box(&request)));
    });
    criterion.final_summary();
}
