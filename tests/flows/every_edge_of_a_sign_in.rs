//! The drawing of the sign-in machine in `kernel/src/flow.rs`, walked: every edge that is drawn is
//! there, every step that is taken is drawn, and from no state does another answer lead anywhere.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use kernel::{
    srp::Identity,
    testing::{Authenticator, Failure, PASSWORD, TestPool, World, options_of},
};
use serde_json::{Value as Json, json};

use super::{
    device_client::Device,
    srp_client::{TIMESTAMP, claim, public_a},
};

const DRAWING: &str = include_str!("../../kernel/src/flow.rs");

/// From which state to which others.
type Edges = BTreeMap<String, BTreeSet<String>>;

/// The lines of the drawing that have this between their sides.
fn lines(between: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = DRAWING.lines().filter_map(|line| line.strip_prefix("//! "));
    lines.filter_map(move |line| line.split_once(between)).map(|(a, b)| (a.trim(), b))
}

fn drawn() -> Edges {
    let names: BTreeMap<&str, &str> = lines(" = ").collect();
    let mut edges = Edges::new();
    for (from, to) in lines(" -> ") {
        let mut states: Vec<&str> = to.split_whitespace().collect();
        while let Some(state) = states.pop() {
            match names.get(state) {
                Some(several) => states.extend(several.split_whitespace()),
                None => drop(edges.entry(from.into()).or_default().insert(state.into())),
            }
        }
    }
    assert!(edges.len() > 12, "the drawing is gone");
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

/// What each challenge says, in Cognito's words.
fn parameters(challenge: &str) -> &'static [&'static str] {
    match challenge {
        "PASSWORD_VERIFIER" => &["SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"],
        "NEW_PASSWORD_REQUIRED" => &["USER_ID_FOR_SRP", "requiredAttributes", "userAttributes"],
        "SMS_MFA" | "SMS_OTP" | "EMAIL_OTP" => {
            &["CODE_DELIVERY_DELIVERY_MEDIUM", "CODE_DELIVERY_DESTINATION", "USER_ID_FOR_SRP"]
        }
        "SOFTWARE_TOKEN_MFA" => &["FRIENDLY_DEVICE_NAME", "USER_ID_FOR_SRP"],
        "SELECT_MFA_TYPE" => &["MFAS_CAN_CHOOSE", "USER_ID_FOR_SRP"],
        "MFA_SETUP" => &["MFAS_CAN_SETUP", "USER_ID_FOR_SRP"],
        "DEVICE_SRP_AUTH" => &["USER_ID_FOR_SRP"],
        "DEVICE_PASSWORD_VERIFIER" => {
            &["DEVICE_KEY", "SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"]
        }
        "CUSTOM_CHALLENGE" => &["USERNAME"],
        "SELECT_CHALLENGE" | "PASSWORD" | "PASSWORD_SRP" | "ADMIN_NO_SRP_AUTH" => {
            &["USERNAME", "USER_ID_FOR_SRP"]
        }
        "WEB_AUTHN" => &["CREDENTIAL_REQUEST_OPTIONS", "USERNAME", "USER_ID_FOR_SRP"],
        _ => &[],
    }
}

const NEW_PASSWORD: &str = "An0ther-1!";

/// What a user has, and what is wanted of them.
#[derive(Clone, Copy, Default)]
struct Config {
    is_invited: bool,
    /// Second factors that are turned on.
    factors: &'static [&'static str],
    /// Whether the pool wants one.
    is_required: bool,
    has_addresses: bool,
    has_device: bool,
    has_passkey: bool,
}

/// How a sign-in is begun, and what is chosen on the way.
#[derive(Clone, Copy)]
struct Way {
    flow: &'static str,
    preferred: &'static str,
    /// Whether what goes with the preferred challenge goes along.
    is_complete: bool,
    /// The answer to `SELECT_CHALLENGE`.
    first: &'static str,
    /// The answer to `SELECT_MFA_TYPE`, or what is set up.
    second: &'static str,
    /// What functions say comes next, one time after the other.
    script: &'static [&'static str],
}

/// Somebody who signs in.
struct Person {
    world: World,
    pool: TestPool,
    /// What the authenticator app holds, once it is set up.
    secret: String,
    device: Option<Device>,
    passkey: Authenticator,
    way: Way,
    /// Where the sign-in stands.
    state: String,
    challenge: Json,
    seen: Edges,
}

fn pool(world: &World) -> TestPool {
    let first = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"];
    let mut pool = world.mfa_pool_with(
        "OPTIONAL",
        json!({
            "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": first } },
            "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": false },
            "LambdaConfig": World::lambda_config(&[
                "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse",
            ]),
        }),
    );
    world.configure_passkeys(&pool, json!({ "RelyingPartyId": "example.com" }));
    let flows = [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ];
    pool.client = world.client(&pool.id, json!({ "ExplicitAuthFlows": flows }));
    pool
}

/// Functions that say what is next as it is written down, and take one answer.
fn functions(world: &World, script: &'static [&'static str]) {
    let said = Cell::new(0);
    world.trigger("DefineAuthChallenge", move |mut event| {
        match script[said.replace(said.get() + 1)] {
            "TOKENS" => event["response"]["issueTokens"] = json!(true),
            challenge => event["response"]["challengeName"] = json!(challenge),
        }
        Ok(event)
    });
    world.trigger_answers("CreateAuthChallenge", json!({}));
    world.trigger_answers("VerifyAuthChallengeResponse", json!({ "answerCorrect": true }));
}

impl Person {
    fn new(config: Config, way: Way) -> Self {
        let world = World::new();
        let pool = pool(&world);
        functions(&world, way.script);
        let Config { factors, .. } = config;
        let mut attributes = Vec::new();
        for (factor, name, value) in
            [(SMS, "phone_number", "+12065550100"), (MAIL, "email", "ann@example.com")]
        {
            if factors.contains(&factor) || config.has_addresses {
                attributes.push(json!({ "Name": name, "Value": value }));
                attributes.push(json!({ "Name": format!("{name}_verified"), "Value": "true" }));
            }
        }
        world.user(&pool, "ann", json!(attributes));
        let device =
            config.has_device.then(|| Device::confirm(&world, &world.sign_in(&pool, "ann")).0);
        let mut passkey = Authenticator::new();
        if config.has_passkey {
            let token = world.sign_in(&pool, "ann")["AccessToken"].take();
            world.register(&token, &mut passkey).unwrap();
        }
        let mut secret = String::new();
        if factors.contains(&APP) {
            secret = world.set_up_token(&pool, "ann");
        }
        let named = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let mut preferences = named.clone();
        for factor in factors {
            preferences[*factor] = json!({ "Enabled": true, "PreferredMfa": false });
        }
        let _ = world.ok("AdminSetUserMFAPreference", preferences);
        if config.is_required {
            let on = json!({ "UserPoolId": pool.id, "MfaConfiguration": "ON" });
            let _ = world.ok("SetUserPoolMfaConfig", on);
        }
        if config.is_invited {
            let mut temporary = named;
            temporary["Password"] = json!(PASSWORD);
            let _ = world.ok("AdminSetUserPassword", temporary);
        }
        let (state, challenge, seen) = (String::new(), Json::Null, Edges::new());
        Self { world, pool, secret, device, passkey, way, state, challenge, seen }
    }

    fn arrive(&mut self, output: Json) {
        let to = output["ChallengeName"].as_str().unwrap_or("TOKENS").to_string();
        let is_in = output["AuthenticationResult"]["AccessToken"].is_string();
        assert_eq!(is_in, to == "TOKENS", "{output}");
        let said = output["ChallengeParameters"].as_object().unwrap();
        assert_eq!(said.keys().collect::<Vec<_>>(), parameters(&to), "{to}");
        self.seen.entry(self.state.clone()).or_default().insert(to.clone());
        (self.state, self.challenge) = (to, output);
    }

    fn begin(&mut self) {
        let Way { flow, preferred, is_complete, .. } = self.way;
        self.state = flow.into();
        let mut parameters = json!({ "USERNAME": "ann" });
        if !preferred.is_empty() {
            parameters["PREFERRED_CHALLENGE"] = json!(preferred);
        }
        if is_complete && (flow == "USER_SRP_AUTH" || preferred == "PASSWORD_SRP") {
            parameters["SRP_A"] = json!(public_a());
        }
        if is_complete && (flow == "USER_PASSWORD_AUTH" || preferred == "PASSWORD") {
            parameters["PASSWORD"] = json!(PASSWORD);
        }
        if let Some(device) = &self.device {
            parameters["DEVICE_KEY"] = json!(device.key);
        }
        if self.way.script.first() == Some(&"PASSWORD_VERIFIER") {
            parameters["CHALLENGE_NAME"] = json!("SRP_A");
            parameters["SRP_A"] = json!(public_a());
        }
        let input = json!({ "AuthFlow": flow, "AuthParameters": parameters });
        let output = self.through_the_door("InitiateAuth", input).unwrap();
        self.arrive(output);
    }

    /// What functions lead is led through an administrator's door, which has all of it.
    fn through_the_door(&self, operation: &str, mut input: Json) -> Result<Json, Failure> {
        input["ClientId"] = json!(self.pool.client);
        if self.way.flow != "CUSTOM_AUTH" {
            return self.world.call(operation, input);
        }
        input["UserPoolId"] = json!(self.pool.id);
        self.world.call(&format!("Admin{operation}"), input)
    }

    fn answer(&self, challenge: &Json, responses: Json) -> Result<Json, Failure> {
        let mut responses = responses;
        responses["USERNAME"] = json!("ann");
        let input = json!({
            "ChallengeName": challenge["ChallengeName"], "Session": challenge["Session"],
            "ChallengeResponses": responses,
        });
        self.through_the_door("RespondToAuthChallenge", input)
    }

    /// The right answer to what is asked.
    fn responses(&mut self) -> Json {
        let (world, way) = (&self.world, self.way);
        match self.state.as_str() {
            "NEW_PASSWORD_REQUIRED" => json!({ "NEW_PASSWORD": NEW_PASSWORD }),
            "SELECT_MFA_TYPE" => json!({ "ANSWER": way.second }),
            "SELECT_CHALLENGE" => {
                json!({ "ANSWER": way.first, "PASSWORD": PASSWORD, "SRP_A": public_a() })
            }
            "PASSWORD" | "ADMIN_NO_SRP_AUTH" => json!({ "PASSWORD": PASSWORD }),
            "CUSTOM_CHALLENGE" => json!({ "ANSWER": "yes" }),
            "PASSWORD_SRP" => json!({ "SRP_A": public_a() }),
            "PASSWORD_VERIFIER" => {
                let pool_name = self.pool.id.split_once('_').unwrap().1;
                let whose = Identity { pool_name, user_id: "ann" };
                claim(&self.challenge["ChallengeParameters"], whose, PASSWORD)
            }
            "SMS_MFA" => json!({ "SMS_MFA_CODE": world.last_code() }),
            "SMS_OTP" => json!({ "SMS_OTP_CODE": world.last_code() }),
            "EMAIL_OTP" => json!({ "EMAIL_OTP_CODE": world.last_code() }),
            "WEB_AUTHN" => {
                let proof = self.passkey.get(&options_of(&self.challenge));
                json!({ "CREDENTIAL": proof.to_string() })
            }
            "SOFTWARE_TOKEN_MFA" => {
                json!({ "SOFTWARE_TOKEN_MFA_CODE": world.app_code(&self.secret) })
            }
            "DEVICE_SRP_AUTH" | "DEVICE_PASSWORD_VERIFIER" => {
                self.device.as_ref().unwrap().responses(&self.challenge)
            }
            "MFA_SETUP" if way.second == "EMAIL_OTP" => json!({ "EMAIL": "new@example.com" }),
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
        }
    }

    fn step(&mut self) {
        let mut responses = self.responses();
        if let (Some(device), "PASSWORD_VERIFIER") = (&self.device, self.state.as_str()) {
            responses["DEVICE_KEY"] = json!(device.key);
        }
        let output = self.answer(&self.challenge, responses).unwrap();
        self.arrive(output);
    }

    /// Goes on until the user is in.
    fn walk(mut self, tried: &mut BTreeSet<String>) -> Edges {
        self.begin();
        while self.state != "TOKENS" {
            if tried.insert(self.state.clone()) {
                self.refuses_every_other_answer();
            }
            self.step();
        }
        self.seen
    }

    /// From where the sign-in stands, no other challenge's answer leads anywhere.
    fn refuses_every_other_answer(&self) {
        // A proof by SRP has no session: its block is what counts, and there is none.
        if self.state == "PASSWORD_VERIFIER" {
            return;
        }
        for other in CHALLENGES.into_iter().filter(|other| *other != self.state) {
            let mut challenge = self.challenge.clone();
            challenge["ChallengeName"] = json!(other);
            let code = Some(self.world.last_code()).filter(|code| !code.is_empty());
            let code = code.unwrap_or("123456".into());
            let key = self.device.as_ref().map_or("eu-west-1_0a", |device| &device.key);
            let failure = self.answer(
                &challenge,
                json!({
                    "ANSWER": "PASSWORD", "SMS_MFA_CODE": code,
                    "EMAIL_OTP_CODE": code, "SMS_OTP_CODE": code,
                    "SOFTWARE_TOKEN_MFA_CODE": "123456", "NEW_PASSWORD": NEW_PASSWORD,
                    "PASSWORD": PASSWORD, "SRP_A": public_a(), "EMAIL": "e@example.com",
                    "CREDENTIAL": "{}",
                    "DEVICE_KEY": key, "TIMESTAMP": TIMESTAMP,
                    "PASSWORD_CLAIM_SIGNATURE": "AAAA", "PASSWORD_CLAIM_SECRET_BLOCK": "AAAA",
                }),
            );
            let failure = failure.unwrap_err();
            let has_session = other != "PASSWORD_VERIFIER" || self.way.flow == "CUSTOM_AUTH";
            let message = match has_session {
                true => "Invalid session for the user.",
                false => "Incorrect username or password.",
            };
            assert_eq!(
                (failure.code.as_str(), failure.message.as_str()),
                ("NotAuthorizedException", message),
                "{other} in the place of {}",
                self.state
            );
        }
    }
}

const SMS: &str = "SMSMfaSettings";
const APP: &str = "SoftwareTokenMfaSettings";
const MAIL: &str = "EmailMfaSettings";

const BY_PASSWORD: Way = Way {
    flow: "USER_PASSWORD_AUTH",
    preferred: "",
    is_complete: true,
    first: "PASSWORD",
    second: "SOFTWARE_TOKEN_MFA",
    script: &[],
};

/// A sign-in that functions lead.
const LED: Way = Way { flow: "CUSTOM_AUTH", ..BY_PASSWORD };

/// Every way to prove a password.
fn ways_by_password() -> [Way; 8] {
    let choosing = Way { flow: "USER_AUTH", is_complete: false, ..BY_PASSWORD };
    [
        BY_PASSWORD,
        Way { flow: "USER_SRP_AUTH", ..BY_PASSWORD },
        choosing,
        Way { first: "PASSWORD_SRP", ..choosing },
        Way { preferred: "PASSWORD", ..choosing },
        Way { preferred: "PASSWORD", is_complete: true, ..choosing },
        Way { preferred: "PASSWORD_SRP", ..choosing },
        Way { preferred: "PASSWORD_SRP", is_complete: true, ..choosing },
    ]
}

/// Everything that is walked.
fn walks() -> Vec<(Config, Way)> {
    let plain = Config::default();
    let ends = [
        Config { factors: &[SMS], ..plain },
        Config { factors: &[APP], ..plain },
        Config { factors: &[MAIL], ..plain },
        Config { factors: &[SMS, APP, MAIL], ..plain },
        Config { is_required: true, ..plain },
        Config { has_device: true, ..plain },
    ];
    let mut walks = Vec::new();
    for way in ways_by_password() {
        walks.push((plain, way));
        // What leads to the proof of SRP leads nowhere else.
        if way.first != "PASSWORD_SRP" && way.preferred != "PASSWORD_SRP" {
            walks.extend(ends.map(|config| (config, way)));
            walks.push((Config { is_invited: true, ..plain }, way));
        }
    }
    walks.extend(ends.map(|config| (Config { is_invited: true, ..config }, BY_PASSWORD)));
    walks.extend(ends.map(|config| (Config { has_device: true, ..config }, BY_PASSWORD)));
    for second in ["SMS_MFA", "EMAIL_OTP"] {
        let way = Way { second, ..BY_PASSWORD };
        walks.push((Config { factors: &[SMS, APP, MAIL], ..plain }, way));
        walks.push((Config { is_required: true, ..plain }, way));
    }
    let choosing = Way { flow: "USER_AUTH", is_complete: false, ..BY_PASSWORD };
    for code in ["EMAIL_OTP", "SMS_OTP"] {
        for way in [Way { first: code, ..choosing }, Way { preferred: code, ..choosing }] {
            for has_device in [false, true] {
                walks.push((Config { has_addresses: true, has_device, ..plain }, way));
            }
        }
    }
    for way in [Way { first: "WEB_AUTHN", ..choosing }, Way { preferred: "WEB_AUTHN", ..choosing }]
    {
        for has_device in [false, true] {
            walks.push((Config { has_passkey: true, has_device, ..plain }, way));
        }
    }
    walks.extend(led());
    walks
}

/// Everything that functions lead.
fn led() -> Vec<(Config, Way)> {
    let plain = Config::default();
    let ends = [
        plain,
        Config { is_invited: true, ..plain },
        Config { has_device: true, ..plain },
        Config { factors: &[SMS], ..plain },
        Config { factors: &[APP], ..plain },
        Config { factors: &[MAIL], ..plain },
        Config { factors: &[SMS, APP, MAIL], ..plain },
        Config { is_required: true, ..plain },
    ];
    let by = |script| Way { script, ..LED };
    let mut walks = Vec::new();
    for config in ends {
        walks.push((config, by(&["PASSWORD_VERIFIER", "CUSTOM_CHALLENGE", "TOKENS"])));
        walks.push((config, by(&["ADMIN_NO_SRP_AUTH", "TOKENS"])));
    }
    for config in &ends[..3] {
        walks.push((*config, by(&["TOKENS"])));
        walks.push((*config, by(&["CUSTOM_CHALLENGE", "CUSTOM_CHALLENGE", "TOKENS"])));
    }
    walks.push((plain, by(&["ADMIN_NO_SRP_AUTH", "CUSTOM_CHALLENGE", "TOKENS"])));
    walks.push((plain, by(&["CUSTOM_CHALLENGE", "ADMIN_NO_SRP_AUTH", "TOKENS"])));
    walks
}

#[test]
fn every_edge_that_is_drawn_is_walked_and_no_other_is() {
    let (mut seen, mut tried) = (Edges::new(), BTreeSet::new());
    for (config, way) in walks() {
        for (from, to) in Person::new(config, way).walk(&mut tried) {
            seen.entry(from).or_default().extend(to);
        }
    }
    assert_eq!(seen, drawn());
}
