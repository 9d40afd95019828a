//! Does `Debug` of a public type show what the value carries?

use std::fmt::Debug;

use kernel::{
    Answer, CacheEntry, Delivery, Deployment, Effect, Forward, Invocation, Medium, Memory, Place,
    Reason, Received, Request, Response, RootCredentials, RootKey, Sender, Step, Store, Trigger,
    Write,
    srp::{Group, Identity, Salt, client},
    testing::World,
};

use super::secrets::Secrets;

const SECRET: &str = "Sec\"ret-4711";

fn assert_hidden(value: &impl Debug) {
    let mut secrets = Secrets::default();
    secrets.add("the secret", SECRET);
    secrets.assert_absent("Debug", &format!("{value:?}"));
    // The same on several lines, joined as a list would be on one.
    let pretty = format!("{value:#?}").replace(|c: char| c.is_whitespace(), "");
    secrets.assert_absent("Debug", &pretty.replace(',', ", "));
}

fn request() -> Request {
    Request {
        method: "POST".into(),
        path: "/".into(),
        query: format!("code={SECRET}"),
        headers: vec![("authorization".into(), SECRET.into())],
        body: SECRET.into(),
        ..Request::default()
    }
}

fn response() -> Response {
    Response::new(200).with("set-cookie", SECRET).body("application/json", SECRET)
}

fn delivery() -> Delivery {
    Delivery {
        medium: Medium::Email,
        destination: SECRET.into(),
        subject: Some(SECRET.into()),
        body: SECRET.into(),
        code: SECRET.into(),
        link: None,
        reason: Reason::SignUp,
        user_pool_id: "eu-west-1_000000000".into(),
        client_id: None,
        username: SECRET.into(),
        sender: Sender { from: Some(SECRET.into()), ..Sender::default() },
    }
}

#[test]
fn requests_and_responses_do_not_show_headers_queries_and_bodies() {
    assert_hidden(&request());
    assert_hidden(&response());
}

#[test]
fn messages_between_front_and_place_do_not_show_what_was_sent() {
    let forward = || Forward {
        place: Place::Account,
        message: SECRET.into(),
        cache: Some(CacheEntry { key: "documents".into(), max_age_s: 1 }),
    };
    assert_hidden(&forward());
    assert_hidden(&Received::Forward(forward()));
    assert_hidden(&Received::Answer(response()));
    let effect = || Effect::Call { place: Place::Account, message: SECRET.into() };
    assert_hidden(&effect());
    assert_hidden(&Step::Ask(effect()));
    assert_hidden(&Step::Done { response: response(), log: None });
    assert_hidden(&Answer::Response(response()));
}

#[test]
fn deliveries_show_neither_code_nor_address() {
    assert_hidden(&delivery());
    assert_hidden(&Effect::Deliver(Box::new(delivery())));
}

#[test]
fn events_and_what_functions_return_are_not_shown() {
    let invocation = Invocation {
        trigger: Trigger::UserMigration,
        function: "arn:aws:lambda:eu-west-1:123456789012:function:migrate".into(),
        url: None,
        event: SECRET.into(),
    };
    assert_hidden(&invocation);
    assert_hidden(&Effect::Invoke(invocation));
    assert_hidden(&Answer::Returned(SECRET.into()));
}

#[test]
fn records_are_not_shown() {
    let put = Write::Put(SECRET.into(), SECRET.into());
    assert_hidden(&put);
    assert_hidden(&Write::Delete(SECRET.into()));
    assert_hidden(&Write::DeleteRange(SECRET.into()..SECRET.into()));
    let memory = Memory::default();
    memory.commit(vec![put]).unwrap();
    assert_hidden(&memory);
}

#[test]
fn a_deployment_does_not_show_its_keys() {
    let hex = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2";
    let key = RootKey::from_hex(hex).unwrap();
    let credentials =
        RootCredentials { access_key_id: "AKIAEXAMPLE".into(), secret_access_key: SECRET.into() };
    let deployment = Deployment {
        root_credentials: Some(credentials.clone()),
        root_key: Some(key.clone()),
        ..Deployment::default()
    };
    assert_hidden(&credentials);
    assert_hidden(&deployment);
    assert_hidden(&World::with(deployment.clone()));
    for shown in [format!("{key:?}"), format!("{deployment:?}")] {
        assert!(!shown.contains("5ec2e7") && !shown.contains("94, 194, 231"), "{shown}");
    }
}

#[test]
fn what_srp_keeps_secret_is_not_shown() {
    let group = Group::new();
    let whose = Identity { pool_name: "000000000", user_id: "ann" };
    let salt = Salt::from_random([7; 16]);
    let verifier = group.verifier(whose, SECRET, &salt);
    let secret_b = [9; 32];
    let public_b = group.begin(&verifier, &secret_b);
    let public_a = client::public_a(&group, &[8; 32]).unwrap();
    let key = group.session_key(&public_a, &verifier, &secret_b, &public_b).unwrap();
    let shown = format!("{verifier:?} {key:?} {group:?}");
    assert!(!shown.contains(char::is_numeric), "{shown}");
}
