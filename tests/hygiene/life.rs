//! A whole life of users, with everything going wrong that can: what do errors and logs tell?

use std::cell::RefCell;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use kernel::{
    RootCredentials, Write,
    testing::{PASSWORD, TestPool, World},
};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use super::secrets::Secrets;

/// The root key of every `World`.
const ROOT_KEY: &str = "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0";

struct Life {
    world: World,
    pool: TestPool,
    client_secret: String,
    secrets: RefCell<Secrets>,
    errors: RefCell<Vec<String>>,
}

impl Life {
    fn begin() -> Self {
        let world = World::new();
        let mut pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let made = world.ok(
            "CreateUserPoolClient",
            json!({
                "UserPoolId": pool.id, "ClientName": "confidential", "GenerateSecret": true,
                "ExplicitAuthFlows": [
                    "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
                ],
            }),
        );
        let text = |member: &str| made["UserPoolClient"][member].as_str().unwrap().to_string();
        pool.client = text("ClientId");
        let client_secret = text("ClientSecret");
        let life = Self {
            world,
            pool,
            client_secret,
            secrets: RefCell::default(),
            errors: RefCell::default(),
        };
        life.secret("the root key", ROOT_KEY);
        life.secret("the root secret", &RootCredentials::development().secret_access_key);
        life.secret("the client secret", &life.client_secret);
        life.secret("a password", PASSWORD);
        for name in ["ann", "bob", "cid"] {
            life.secret("a secret hash", &life.hash(name));
        }
        life
    }

    fn secret(&self, what: &str, secret: &str) {
        self.secrets.borrow_mut().add(what, secret);
    }

    /// Calls, and keeps the whole response if it is an error.
    fn call(&self, operation: &str, input: &Json) -> Option<Json> {
        self.send(operation, input, input.to_string())
    }

    fn send(&self, operation: &str, input: &Json, body: String) -> Option<Json> {
        let mut request = self.world.request(operation, input);
        request.body = body.into_bytes();
        let response = self.world.send(&request);
        let body = String::from_utf8(response.body).unwrap();
        if response.status == 200 {
            return Some(serde_json::from_str(&body).unwrap());
        }
        let error = format!("{operation}: {} {:?} {body}", response.status, response.headers);
        self.errors.borrow_mut().push(error);
        None
    }

    fn ok(&self, operation: &str, input: Json) -> Json {
        let answer = self.call(operation, &input);
        answer.unwrap_or_else(|| panic!("{:?}", self.errors.borrow().last()))
    }

    fn refused(&self, operation: &str, input: Json) {
        assert_eq!(self.call(operation, &input), None, "{operation} {input}");
    }

    /// `SECRET_HASH`.
    fn hash(&self, username: &str) -> String {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.client_secret.as_bytes()).unwrap();
        mac.update(username.as_bytes());
        mac.update(self.pool.client.as_bytes());
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    }

    /// An input of one of the operations that apps call.
    fn as_app(&self, username: &str, more: Json) -> Json {
        let mut input = json!({
            "ClientId": self.pool.client, "Username": username, "SecretHash": self.hash(username),
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }

    fn as_admin(&self, username: &str, more: Json) -> Json {
        let mut input = json!({ "UserPoolId": self.pool.id, "Username": username });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }

    fn password(&self, username: &str, password: &Json) -> Json {
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": self.pool.client,
            "AuthParameters": {
                "USERNAME": username, "PASSWORD": password, "SECRET_HASH": self.hash(username),
            },
        })
    }

    /// Everything that was told to callers and operators.
    fn end(self) {
        let (secrets, errors) = (self.secrets.into_inner(), self.errors.into_inner());
        for error in &errors {
            secrets.assert_absent("an error", error);
        }
        for line in self.world.log() {
            secrets.assert_absent("the log", &line);
        }
    }
}

fn signs_up(life: &Life) {
    let attributes = json!([{ "Name": "email", "Value": "ann@example.com" }]);
    let with = |password: &str| {
        let more = json!({ "Password": password, "UserAttributes": attributes });
        life.as_app("ann", more)
    };
    for weak in ["2short", "with a space in it 1!", "n0-upper-case"] {
        life.secret("a password that was refused", weak);
        life.refused("SignUp", with(weak));
    }
    let mut wrong = with(PASSWORD);
    wrong["SecretHash"] = json!(life.hash("bob"));
    life.refused("SignUp", wrong);
    life.ok("SignUp", with(PASSWORD));
    life.refused("SignUp", with(PASSWORD));

    life.world.sender_fails(true);
    life.refused("ResendConfirmationCode", life.as_app("ann", json!({})));
    life.world.sender_fails(false);
    life.ok("ResendConfirmationCode", life.as_app("ann", json!({})));
    let code = life.world.last_code();
    life.secret("a code", &code);
    for wrong in ["000000", "not-a-code"] {
        life.refused("ConfirmSignUp", life.as_app("ann", json!({ "ConfirmationCode": wrong })));
    }
    life.refused("ConfirmSignUp", life.as_app("bob", json!({ "ConfirmationCode": code })));
    life.refused("InitiateAuth", life.password("ann", &json!(PASSWORD)));
    life.ok("ConfirmSignUp", life.as_app("ann", json!({ "ConfirmationCode": code })));
    life.refused("ConfirmSignUp", life.as_app("ann", json!({ "ConfirmationCode": code })));
}

fn signs_in(life: &Life) -> Json {
    life.secret("a wrong password", "Wrong-but-close-1!");
    let wrong = json!("Wrong-but-close-1!");
    life.refused("InitiateAuth", life.password("ann", &wrong));
    life.refused("InitiateAuth", life.password("bob", &wrong));
    for mistyped in [json!([PASSWORD]), json!({ "PASSWORD": PASSWORD })] {
        life.refused("InitiateAuth", life.password("ann", &mistyped));
    }
    let mut mistyped = life.password("ann", &json!(PASSWORD));
    mistyped["AuthParameters"] = json!(PASSWORD);
    life.refused("InitiateAuth", mistyped);
    let right = life.password("ann", &json!(PASSWORD));
    for cut in [1, 40, right.to_string().len() - 1] {
        let body = right.to_string()[..cut].to_string();
        assert_eq!(life.send("InitiateAuth", &right, body), None);
    }
    for trailing in ["}", "\"", PASSWORD] {
        let body = format!("{right}{trailing}");
        assert_eq!(life.send("InitiateAuth", &right, body), None);
    }
    let mut unhashed = right.clone();
    unhashed["AuthParameters"]["SECRET_HASH"] = Json::Null;
    life.refused("InitiateAuth", unhashed);
    let tokens = life.ok("InitiateAuth", right)["AuthenticationResult"].take();
    for token in ["AccessToken", "IdToken", "RefreshToken"] {
        life.secret(token, tokens[token].as_str().unwrap());
    }
    tokens
}

fn uses_tokens(life: &Life, tokens: &Json) {
    let (access, refresh) = (&tokens["AccessToken"], &tokens["RefreshToken"]);
    let stranger = life.world.client(&life.pool.id, json!({}));
    let refreshing = |client: &str, secret: &str| json!({ "ClientId": client, "RefreshToken": refresh, "ClientSecret": secret });
    let (client, secret) = (&life.pool.client, &life.client_secret);
    life.refused("GetTokensFromRefreshToken", refreshing(&stranger, secret));
    life.refused("GetTokensFromRefreshToken", refreshing(client, &format!("{secret}x")));
    life.refused("GetTokensFromRefreshToken", refreshing(client, &format!("{secret}-!")));
    life.refused("GetUser", json!({ "AccessToken": format!("{}x", access.as_str().unwrap()) }));
    life.refused("GetUser", json!({ "AccessToken": format!("{} !", access.as_str().unwrap()) }));
    life.refused("GetUser", json!({ "AccessToken": [access] }));
    life.refused("GetUser", json!({ "AccessToken": tokens["IdToken"] }));
    life.refused("GetUser", json!({ "AccessToken": refresh }));
    let revoking = |token: &Json, secret: &str| json!({ "ClientId": client, "Token": token, "ClientSecret": secret });
    life.refused("RevokeToken", revoking(refresh, &format!("{secret}x")));
    life.refused("RevokeToken", revoking(access, secret));
    life.ok("RevokeToken", revoking(refresh, secret));
    life.refused("GetTokensFromRefreshToken", refreshing(client, secret));
    life.refused("GetUser", json!({ "AccessToken": access }));
    life.refused("GlobalSignOut", json!({ "AccessToken": access }));
}

fn forgets_the_password(life: &Life) {
    life.world.sender_fails(true);
    life.refused("ForgotPassword", life.as_app("ann", json!({})));
    life.refused("AdminResetUserPassword", life.as_admin("ann", json!({})));
    life.world.sender_fails(false);
    life.ok("ForgotPassword", life.as_app("ann", json!({})));
    let code = life.world.last_code();
    life.secret("a code for a new password", &code);
    life.secret("a password that was chosen by a code", "By-the-c0de!");
    let choosing = |name: &str, code: &str, password: &str| {
        life.as_app(name, json!({ "ConfirmationCode": code, "Password": password }))
    };
    let chosen = "By-the-c0de!";
    life.refused("ConfirmForgotPassword", choosing("ann", "not-a-code", chosen));
    life.refused("ConfirmForgotPassword", choosing("bob", &code, chosen));
    life.refused("ConfirmForgotPassword", choosing("ann", &code, "too-weak"));
    life.ok("ConfirmForgotPassword", choosing("ann", &code, chosen));
    life.refused("ConfirmForgotPassword", choosing("ann", &code, chosen));
    let tokens = life.ok("InitiateAuth", life.password("ann", &json!(chosen)));
    let token = &tokens["AuthenticationResult"]["AccessToken"];
    life.secret("an access token", token.as_str().unwrap());
    let changing = |previous: &str, proposed: &str| {
        json!({
            "AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed,
        })
    };
    life.refused("ChangePassword", changing("Wrong-but-close-1!", PASSWORD));
    life.refused("ChangePassword", changing(chosen, "with a space in it 1!"));
    life.ok("ChangePassword", changing(chosen, PASSWORD));
}

fn is_made_by_an_administrator(life: &Life) {
    for refused in ["tiny", "no spaces, please 1A"] {
        let more = json!({ "TemporaryPassword": refused });
        life.refused("AdminCreateUser", life.as_admin("cid", more));
    }
    life.secret("a refused temporary password", "no spaces, please 1A");
    life.secret("a temporary password", "Temp-0rary!");
    let temporary = json!({ "TemporaryPassword": "Temp-0rary!", "MessageAction": "SUPPRESS" });
    life.ok("AdminCreateUser", life.as_admin("cid", temporary.clone()));
    life.refused("AdminCreateUser", life.as_admin("cid", temporary));
    life.refused("AdminSetUserPassword", life.as_admin("cid", json!({ "Password": [PASSWORD] })));
    let asked = life.ok("InitiateAuth", life.password("cid", &json!("Temp-0rary!")));
    let session = asked["Session"].as_str().unwrap();
    life.secret("a session", session);
    life.secret("a chosen password", "Ch0sen-by-cid!");
    let answer = |session: &str, password: &str| {
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": life.pool.client,
            "Session": session,
            "ChallengeResponses": {
                "USERNAME": "cid", "NEW_PASSWORD": password, "SECRET_HASH": life.hash("cid"),
            },
        })
    };
    let chosen = "Ch0sen-by-cid!";
    let spoiled = format!("A{session}");
    life.refused("RespondToAuthChallenge", answer(&spoiled, chosen));
    life.refused("RespondToAuthChallenge", answer(session, "too-weak"));
    life.ok("RespondToAuthChallenge", answer(session, chosen));
    life.refused("RespondToAuthChallenge", answer(session, chosen));
}

fn has_a_second_factor(life: &Life) {
    life.ok(
        "SetUserPoolMfaConfig",
        json!({
            "UserPoolId": life.pool.id, "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": { "Enabled": true }, "EmailMfaConfiguration": {},
        }),
    );
    let password = life.password("ann", &json!(PASSWORD));
    let token =
        life.ok("InitiateAuth", password.clone())["AuthenticationResult"]["AccessToken"].take();
    life.secret("an access token that sets an app up", token.as_str().unwrap());
    let made = life.ok("AssociateSoftwareToken", json!({ "AccessToken": token }));
    let secret = made["SecretCode"].as_str().unwrap();
    life.secret("the secret of an app", secret);
    let verify = |code: &str| json!({ "AccessToken": token, "UserCode": code });
    life.refused("VerifySoftwareToken", verify("wrong!"));
    life.ok("VerifySoftwareToken", verify(&life.world.app_code(secret)));
    life.refused("VerifySoftwareToken", verify(&life.world.app_code(secret)));
    let prefer = |settings: &str| {
        let preferred = json!({ "Enabled": true, "PreferredMfa": true });
        json!({ "AccessToken": token, settings: preferred })
    };
    life.ok("SetUserMFAPreference", prefer("EmailMfaSettings"));
    life.world.sender_fails(true);
    life.refused("InitiateAuth", password.clone());
    life.world.sender_fails(false);
    let asked = life.ok("InitiateAuth", password.clone());
    let code = life.world.last_code();
    life.secret("a code to sign in by", &code);
    let session = asked["Session"].as_str().unwrap();
    life.secret("a session that holds a code", session);
    let answer = |challenge: &str, session: &str, parameter: &str, code: &str| {
        json!({
            "ChallengeName": challenge, "ClientId": life.pool.client, "Session": session,
            "ChallengeResponses": {
                "USERNAME": "ann", parameter: code, "SECRET_HASH": life.hash("ann"),
            },
        })
    };
    let mail = |session: &str, code: &str| answer("EMAIL_OTP", session, "EMAIL_OTP_CODE", code);
    life.refused("RespondToAuthChallenge", mail(session, "not-a-code"));
    life.refused("RespondToAuthChallenge", mail(&format!("{session}A"), &code));
    life.refused("RespondToAuthChallenge", answer("SMS_MFA", session, "SMS_MFA_CODE", &code));
    life.refused("AssociateSoftwareToken", json!({ "Session": session }));
    life.ok("RespondToAuthChallenge", mail(session, &code));
    life.refused("RespondToAuthChallenge", mail(session, &code));
}

#[test]
fn neither_errors_nor_logs_tell_a_secret() {
    let life = Life::begin();
    signs_up(&life);
    let tokens = signs_in(&life);
    uses_tokens(&life, &tokens);
    forgets_the_password(&life);
    is_made_by_an_administrator(&life);
    has_a_second_factor(&life);
    assert!(life.errors.borrow().len() > 35, "{}", life.errors.borrow().len());
    assert!(!life.world.log().is_empty(), "the failed delivery is worth a line");
    life.end();
}

#[test]
fn whichever_record_is_damaged_no_error_and_no_log_tells_a_secret() {
    let life = Life::begin();
    signs_up(&life);
    let tokens = signs_in(&life);
    let store = life.world.records(&life.world.home(&life.pool.id, "ann"));
    let records = store.scan(""..char::MAX.to_string().as_str(), usize::MAX).unwrap();
    let calls = [
        ("InitiateAuth", life.password("ann", &json!(PASSWORD))),
        ("GetUser", json!({ "AccessToken": tokens["AccessToken"] })),
        (
            "GetTokensFromRefreshToken",
            json!({
                "ClientId": life.pool.client, "RefreshToken": tokens["RefreshToken"],
                "ClientSecret": life.client_secret,
            }),
        ),
        ("ResendConfirmationCode", life.as_app("ann", json!({}))),
        ("ForgotPassword", life.as_app("ann", json!({}))),
    ];
    for (key, record) in &records {
        let middle = record.len() / 2;
        let mut flipped = record.to_vec();
        flipped[middle] ^= 1;
        for damaged in [Vec::new(), b"\x01{}".to_vec(), record[..middle].to_vec(), flipped] {
            store.commit(vec![Write::Put(key.clone(), damaged)]).unwrap();
            for (operation, input) in &calls {
                life.call(operation, input);
            }
            let restored = records.iter().map(|(k, v)| Write::Put(k.clone(), v.to_vec()));
            store.commit(restored.collect()).unwrap();
        }
    }
    assert!(life.world.log().len() > records.len(), "damage is worth a line");
    for (operation, input) in &calls[..3] {
        assert!(life.call(operation, input).is_some(), "{operation} works again");
    }
    life.end();
}
