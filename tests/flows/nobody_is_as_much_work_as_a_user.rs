//! Where a client hides users, does an answer about nobody take the work of an answer about a user?
//! Counted are the arithmetic of SRP, what is sealed and opened, and the records that are read.

use std::{cell::Cell, ops::Range, rc::Rc};

use kernel::{
    Memory, Page, Store, Unavailable, Write,
    testing::{Authenticator, TestPool, Work, World, decoded, options_of},
};
use serde_json::{Value as Json, json};

use super::srp_client::{TIMESTAMP, public_a};

/// Records in memory, which counts what is read.
struct Counting {
    memory: Memory,
    reads: Rc<Cell<usize>>,
}

impl Store for Counting {
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        self.reads.set(self.reads.get() + 1);
        self.memory.get(key)
    }

    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable> {
        self.reads.set(self.reads.get() + 1);
        self.memory.scan(range, limit)
    }

    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        self.memory.commit(batch)
    }
}

struct Watched {
    world: World,
    pool: TestPool,
    reads: Rc<Cell<usize>>,
}

/// What is answered to a challenge.
type Answer = fn(&Json) -> Json;

/// What one answer took.
type Cost = (Work, usize);

const USER: &str = "ann";
const NOBODY: &str = "eve";

impl Watched {
    /// A pool of somebody, whose functions ask nothing but the answer "yes".
    fn new(settings: Json) -> Self {
        let reads = Rc::new(Cell::new(0));
        let counter = reads.clone();
        let world = World::new()
            .over(move |_| Rc::new(Counting { memory: Memory::default(), reads: counter.clone() }));
        let first = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"];
        let mut all = json!({
            "UserPoolTags": { "cognate:shards": "1" },
            "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": first } },
            "LambdaConfig": World::lambda_config(&[
                "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse",
            ]),
        });
        all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let mut pool = world.mfa_pool_with("OPTIONAL", all);
        let flows = [
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_SRP_AUTH",
        ];
        let hidden = json!({
            "ExplicitAuthFlows": flows, "PreventUserExistenceErrors": "ENABLED",
        });
        pool.client = world.client(&pool.id, hidden);
        let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
        let addresses = json!([
            attribute("email", "ann@example.com"),
            attribute("email_verified", "true"),
            attribute("phone_number", "+12065550100"),
            attribute("phone_number_verified", "true"),
        ]);
        world.user(&pool, USER, addresses);
        world.trigger("DefineAuthChallenge", |mut event| {
            let rounds = event["request"]["session"].as_array().unwrap().clone();
            let is_begun_by_srp = rounds.len() == 1 && rounds[0]["challengeName"] == "SRP_A";
            let next = if is_begun_by_srp { "PASSWORD_VERIFIER" } else { "CUSTOM_CHALLENGE" };
            event["response"]["challengeName"] = json!(next);
            Ok(event)
        });
        world.trigger_answers("CreateAuthChallenge", json!({}));
        world.trigger_answers("VerifyAuthChallengeResponse", json!({ "answerCorrect": false }));
        // What is made once, such as keys, is made before anything is counted.
        let token = world.sign_in(&pool, USER)["AccessToken"].take();
        world.configure_passkeys(&pool, json!({ "RelyingPartyId": "example.com" }));
        world.register(&token, &mut Authenticator::new()).unwrap();
        Self { world, pool, reads }
    }

    fn call(&self, operation: &str, mut input: Json) -> (Result<Json, String>, Cost) {
        input["ClientId"] = json!(self.pool.client);
        if operation.starts_with("Admin") {
            input["UserPoolId"] = json!(self.pool.id);
        }
        let before = self.reads.get();
        let (outcome, work) = self.world.work_of(|| self.world.call(operation, input));
        let outcome = outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message));
        (outcome, (work, self.reads.get() - before))
    }

    fn begin(&self, flow: &str, name: &str, more: Json) -> (Result<Json, String>, Cost) {
        let mut parameters = json!({ "USERNAME": name });
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let door = if flow.starts_with("ADMIN") { "AdminInitiateAuth" } else { "InitiateAuth" };
        self.call(door, json!({ "AuthFlow": flow, "AuthParameters": parameters }))
    }

    fn answer(&self, asked: &Json, name: &str, more: Json) -> (Result<Json, String>, Cost) {
        let mut responses = json!({ "USERNAME": name });
        responses.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let input = json!({
            "ChallengeName": asked["ChallengeName"], "Session": asked["Session"],
            "ChallengeResponses": responses,
        });
        self.call("RespondToAuthChallenge", input)
    }

    /// What it costs to begin so and to give a wrong answer as often as it takes to be locked out.
    fn costs(
        &self,
        name: &str,
        (flow, begun): (&str, Json),
        wrong: impl Fn(&Json) -> Json,
    ) -> Vec<Cost> {
        let (asked, cost) = self.begin(flow, name, begun);
        let asked = asked.unwrap();
        let mut costs = vec![cost];
        for _ in 0..7 {
            let (refused, cost) = self.answer(&asked, name, wrong(&asked));
            if refused.is_ok() {
                return vec![costs[0], cost];
            }
            costs.push(cost);
        }
        costs
    }
}

/// A proof that fits no password.
fn no_proof(asked: &Json) -> Json {
    json!({
        "TIMESTAMP": TIMESTAMP, "PASSWORD_CLAIM_SIGNATURE": "AAAA",
        "PASSWORD_CLAIM_SECRET_BLOCK": asked["ChallengeParameters"]["SECRET_BLOCK"],
    })
}

fn pools() -> [Watched; 3] {
    [
        json!({}),
        json!({ "AliasAttributes": ["email", "phone_number", "preferred_username"] }),
        json!({ "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true } }),
    ]
    .map(Watched::new)
}

#[test]
fn a_wrong_password_in_clear_text() {
    for pool in pools() {
        for flow in ["USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH"] {
            let cost = |name: &str| -> Vec<Cost> {
                let wrong = || json!({ "PASSWORD": "Wrong-1!", "DEVICE_KEY": "eu-west-1_0a" });
                (0..7).map(|_| pool.begin(flow, name, wrong()).1).collect()
            };
            assert_eq!(cost(NOBODY), cost(USER), "{flow}");
            pool.world.advance_s(3_600);
        }
    }
}

#[test]
fn a_wrong_proof_by_srp() {
    for pool in pools() {
        let begun = || ("USER_SRP_AUTH", json!({ "SRP_A": public_a() }));
        let cost = |name: &str| pool.costs(name, begun(), no_proof);
        assert_eq!(cost(NOBODY), cost(USER));
        assert!(cost(USER)[0].0.proofs > 0);
    }
}

#[test]
fn a_choice_and_a_wrong_answer_to_it() {
    for pool in pools() {
        let ways: [(Json, Answer); 6] = [
            (json!({}), |_| json!({ "ANSWER": "PASSWORD", "PASSWORD": "Wrong-1!" })),
            (json!({}), |_| json!({ "ANSWER": "PASSWORD_SRP", "SRP_A": public_a() })),
            (json!({ "PREFERRED_CHALLENGE": "PASSWORD" }), |_| json!({ "PASSWORD": "Wrong-1!" })),
            (json!({ "PREFERRED_CHALLENGE": "EMAIL_OTP" }), |_| json!({ "EMAIL_OTP_CODE": "00" })),
            (json!({ "PREFERRED_CHALLENGE": "SMS_OTP" }), |_| json!({ "SMS_OTP_CODE": "00" })),
            (
                json!({ "TARGET_ACR_VALUES": "urn:cognito:loa:3" }),
                |_| json!({ "ANSWER": "PASSWORD", "PASSWORD": "Wrong-1!" }),
            ),
        ];
        for (begun, wrong) in ways {
            let cost = |name: &str| pool.costs(name, ("USER_AUTH", begun.clone()), wrong);
            let (of_nobody, mut of_user) = (cost(NOBODY), cost(USER));
            // A message goes out once the answer has; the record that is read for it counts here.
            let preferred = begun["PREFERRED_CHALLENGE"].as_str();
            if preferred.is_some_and(|preferred| preferred.ends_with("OTP")) {
                of_user[0].1 -= 1;
            }
            assert_eq!(of_nobody, of_user, "{begun}");
            pool.world.advance_s(3_600);
        }
    }
}

#[test]
fn a_wrong_proof_by_passkey() {
    for pool in pools() {
        let wrong = |asked: &Json| {
            let options = options_of(asked);
            let mut forger = Authenticator::new();
            forger.id = decoded(&options["allowCredentials"][0]["id"]);
            json!({ "CREDENTIAL": forger.get(&options).to_string() })
        };
        let begun = || ("USER_AUTH", json!({ "PREFERRED_CHALLENGE": "WEB_AUTHN" }));
        let is_asked = |name: &String| {
            let (flow, begun) = begun();
            pool.begin(flow, name, begun).0.unwrap()["ChallengeName"] == "WEB_AUTHN"
        };
        let nobody = (0..).map(|n| format!("{NOBODY}{n}")).find(is_asked).unwrap();
        let cost = |name: &str| pool.costs(name, begun(), wrong);
        let of_user = cost(USER);
        assert_eq!(cost(&nobody), of_user);
        assert_eq!(of_user[1].0.signatures, 1);
    }
}

#[test]
fn what_functions_ask() {
    for pool in pools() {
        let wrong = |_: &Json| json!({ "ANSWER": "no" });
        let cost = |name: &str| pool.costs(name, ("CUSTOM_AUTH", json!({})), wrong);
        assert_eq!(cost(NOBODY), cost(USER));
        let begun = || json!({ "CHALLENGE_NAME": "SRP_A", "SRP_A": public_a() });
        let cost = |name: &str| pool.costs(name, ("CUSTOM_AUTH", begun()), no_proof);
        assert_eq!(cost(NOBODY), cost(USER));
    }
}

#[test]
fn a_code_is_handed_over_once_the_caller_is_answered() {
    let pool = Watched::new(json!({}));
    let asked = |name: &str| {
        let parameters = json!({ "USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP" });
        let input = json!({
            "AuthFlow": "USER_AUTH", "ClientId": pool.pool.client, "AuthParameters": parameters,
        });
        // A call that waits for nothing is over at once.
        let answered = pool.world.begin("InitiateAuth", &input).unwrap_err().unwrap();
        assert_eq!(answered["ChallengeName"], "EMAIL_OTP");
        answered
    };
    asked(NOBODY);
    assert!(pool.world.sent().is_empty());
    let challenge = asked(USER);
    assert_eq!(pool.world.sent().len(), 1);
    let code = json!({ "EMAIL_OTP_CODE": pool.world.last_code() });
    let (tokens, _) = pool.answer(&challenge, USER, code);
    assert!(tokens.unwrap()["AuthenticationResult"]["IdToken"].is_string());
}

#[test]
fn what_could_not_be_handed_over_afterwards_is_written_down() {
    let pool = Watched::new(json!({}));
    pool.world.sender_fails(true);
    let preferred = json!({ "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    let (asked, _) = pool.begin("USER_AUTH", USER, preferred.clone());
    let (of_nobody, _) = pool.begin("USER_AUTH", NOBODY, preferred);
    assert_eq!(asked.unwrap()["ChallengeName"], of_nobody.unwrap()["ChallengeName"]);
    assert_eq!(pool.world.log().len(), 1);
}
