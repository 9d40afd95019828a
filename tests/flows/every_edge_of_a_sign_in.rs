//! The drawing of the sign-in machine in `kernel/src/flow.rs`, walked: every edge that is drawn is
//! there, every step that is taken is drawn, and from no state does another answer lead anywhere.

use std::collections::{BTreeMap, BTreeSet};

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::srp_client::Attempt;

const DRAWING: &str = include_str!("../../kernel/src/flow.rs");

/// From which state to which others.
type Edges = BTreeMap<String, BTreeSet<String>>;

fn drawn() -> Edges {
    let lines = DRAWING.lines().filter_map(|line| line.strip_prefix("//! ")?.split_once(" -> "));
    let edges: Edges = lines
        .map(|(from, to)| (from.trim().into(), to.split_whitespace().map(String::from).collect()))
        .collect();
    assert!(edges.len() > 8, "the drawing is gone");
    edges
}

/// Every challenge that AWS knows.
const CHALLENGES: [&str; 16] = [
    "SMS_MFA",
    "EMAIL_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE",
    "SELECT_CHALLENGE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    "NEW_PASSWORD_REQUIRED",
    "SMS_OTP",
    "PASSWORD",
    "WEB_AUTHN",
    "PASSWORD_SRP",
];

const NEW_PASSWORD: &str = "An0ther-1!";

/// A user of whom a pool wants some second factor.
struct Person {
    world: World,
    pool: TestPool,
    /// What the authenticator app holds, once it is set up.
    secret: String,
    /// Where the sign-in stands.
    state: String,
    challenge: Json,
    seen: Edges,
}

impl Person {
    /// In a pool that takes every factor, with these turned on.
    fn new(mfa: &str, factors: &[&str]) -> Self {
        let world = World::new();
        let pool = world.mfa_pool("OPTIONAL");
        let mut attributes = Vec::new();
        if factors.contains(&"SMSMfaSettings") {
            attributes.push(json!({ "Name": "phone_number", "Value": "+12065550100" }));
        }
        if factors.contains(&"EmailMfaSettings") {
            attributes.push(json!({ "Name": "email", "Value": "ann@example.com" }));
        }
        world.user(&pool, "ann", json!(attributes));
        let mut secret = String::new();
        if factors.contains(&"SoftwareTokenMfaSettings") {
            secret = world.set_up_token(&pool, "ann");
        }
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let mut preferences = named.clone();
        for factor in factors {
            preferences[*factor] = json!({ "Enabled": true, "PreferredMfa": false });
        }
        let _ = world.ok("AdminSetUserMFAPreference", preferences);
        if mfa == "ON" {
            let _ = world.ok(
                "SetUserPoolMfaConfig",
                json!({ "UserPoolId": pool.id, "MfaConfiguration": mfa }),
            );
        }
        let (state, challenge, seen) = (String::new(), Json::Null, Edges::new());
        Self { world, pool, secret, state, challenge, seen }
    }

    /// The same with a temporary password.
    fn invited(self) -> Self {
        let _ = self.world.ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": self.pool.id, "Username": "ann", "Password": PASSWORD }),
        );
        self
    }

    fn arrive(&mut self, output: Json) {
        let to = output["ChallengeName"].as_str().unwrap_or("TOKENS").to_string();
        let is_in = output["AuthenticationResult"]["AccessToken"].is_string();
        assert_eq!(is_in, to == "TOKENS", "{output}");
        self.seen.entry(self.state.clone()).or_default().insert(to.clone());
        (self.state, self.challenge) = (to, output);
    }

    fn begin(&mut self, flow: &str) {
        self.state = flow.into();
        if flow == "USER_SRP_AUTH" {
            let attempt = Attempt::begin(&self.world, &self.pool, "ann");
            self.arrive(json!({ "ChallengeName": "PASSWORD_VERIFIER" }));
            let output = attempt.respond(&self.world, &attempt.responses(PASSWORD)).unwrap();
            return self.arrive(output);
        }
        let output = self.world.begin_sign_in(&self.pool, "ann");
        self.arrive(output);
    }

    /// Answers what is asked, rightly; of several ways the one that `choice` names.
    fn step(&mut self, choice: &str) {
        let world = &self.world;
        let responses = match self.state.as_str() {
            "NEW_PASSWORD_REQUIRED" => json!({ "NEW_PASSWORD": NEW_PASSWORD }),
            "SELECT_MFA_TYPE" => json!({ "ANSWER": choice }),
            "SMS_MFA" => json!({ "SMS_MFA_CODE": world.last_code() }),
            "EMAIL_OTP" => json!({ "EMAIL_OTP_CODE": world.last_code() }),
            "SOFTWARE_TOKEN_MFA" => {
                json!({ "SOFTWARE_TOKEN_MFA_CODE": world.app_code(&self.secret) })
            }
            "MFA_SETUP" if choice == "EMAIL_OTP" => json!({ "EMAIL": "new@example.com" }),
            "MFA_SETUP" => {
                let session = json!({ "Session": self.challenge["Session"] });
                let made = world.ok("AssociateSoftwareToken", session);
                let code = world.app_code(made["SecretCode"].as_str().unwrap());
                let verified = world.ok(
                    "VerifySoftwareToken",
                    json!({ "Session": made["Session"], "UserCode": code }),
                );
                self.challenge["Session"] = verified["Session"].clone();
                json!({})
            }
            other => panic!("{other} is not answered here"),
        };
        let output = self.world.answer(&self.pool, &self.challenge, responses).unwrap();
        self.arrive(output);
    }

    /// Goes on until the user is in.
    fn walk(mut self, flow: &str, choice: &str) -> Edges {
        self.begin(flow);
        while self.state != "TOKENS" {
            self.refuses_every_other_answer();
            self.step(choice);
        }
        self.seen
    }

    /// From where the sign-in stands, no other challenge's answer leads anywhere.
    fn refuses_every_other_answer(&self) {
        for other in CHALLENGES {
            if other == self.state || other == "PASSWORD_VERIFIER" {
                // That one has no session: its block is what counts, and there is none.
                continue;
            }
            let mut challenge = self.challenge.clone();
            challenge["ChallengeName"] = json!(other);
            let code = Some(self.world.last_code()).filter(|code| !code.is_empty());
            let code = code.unwrap_or("123456".into());
            let failure = self.world.answer(
                &self.pool,
                &challenge,
                json!({
                    "ANSWER": "SMS_MFA", "SMS_MFA_CODE": code, "EMAIL_OTP_CODE": code,
                    "SMS_OTP_CODE": code, "SOFTWARE_TOKEN_MFA_CODE": "123456",
                    "NEW_PASSWORD": NEW_PASSWORD, "PASSWORD": PASSWORD, "EMAIL": "e@example.com",
                }),
            );
            let failure = failure.unwrap_err();
            assert_eq!(
                (failure.code.as_str(), failure.message.as_str()),
                ("NotAuthorizedException", "Invalid session for the user."),
                "{other} in the place of {}",
                self.state
            );
        }
    }
}

const SMS: &str = "SMSMfaSettings";
const APP: &str = "SoftwareTokenMfaSettings";
const MAIL: &str = "EmailMfaSettings";

/// Everything that is walked: flow, whether the password is temporary, factors, choice.
fn walks() -> Vec<(&'static str, bool, &'static str, Vec<&'static str>, &'static str)> {
    let mut walks = Vec::new();
    for flow in ["USER_PASSWORD_AUTH", "USER_SRP_AUTH"] {
        for is_invited in [false, true] {
            walks.push((flow, is_invited, "OPTIONAL", vec![], ""));
            for factor in [SMS, APP, MAIL] {
                walks.push((flow, is_invited, "OPTIONAL", vec![factor], ""));
            }
            for choice in ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"] {
                walks.push((flow, is_invited, "OPTIONAL", vec![SMS, APP, MAIL], choice));
            }
            for choice in ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"] {
                walks.push((flow, is_invited, "ON", vec![], choice));
            }
        }
    }
    walks
}

#[test]
fn every_edge_that_is_drawn_is_walked_and_no_other_is() {
    let mut seen = Edges::new();
    for (flow, is_invited, mfa, factors, choice) in walks() {
        let mut person = Person::new(mfa, &factors);
        if is_invited {
            person = person.invited();
        }
        for (from, to) in person.walk(flow, choice) {
            seen.entry(from).or_default().extend(to);
        }
    }
    assert_eq!(seen, drawn());
}
