//! What each operation about passwords does to a user in each status, and where it leads.

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

/// A password that is not the user's.
const OTHER: &str = "An-0ther-one!";

const CONFIRMED: &str = "CONFIRMED";
const DISABLED: &str = "disabled";
const FORCED: &str = "FORCE_CHANGE_PASSWORD";
const RESET: &str = "RESET_REQUIRED";
const UNCONFIRMED: &str = "UNCONFIRMED";

/// A world in which Ann has that status, a verified address, and `PASSWORD`.
struct Case {
    world: World,
    pool: TestPool,
    /// Where she had a chance to get one.
    token: Json,
}

impl Case {
    fn of(status: &str) -> Self {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let mut case = Self { world, pool, token: Json::Null };
        if status == UNCONFIRMED {
            let _ = case.world.ok(
                "SignUp",
                json!({
                    "ClientId": case.pool.client, "Username": "ann", "Password": PASSWORD,
                    "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
                }),
            );
            case.change(|user| user["attributes"]["email_verified"] = json!("true"));
        } else {
            let attributes = json!([
                { "Name": "email", "Value": "ann@example.com" },
                { "Name": "email_verified", "Value": "true" },
            ]);
            case.world.user(&case.pool, "ann", attributes);
            case.token = case.world.sign_in(&case.pool, "ann")["AccessToken"].take();
        }
        match status {
            DISABLED => case.change(|user| user["is_enabled"] = json!(false)),
            FORCED => case.admin("AdminSetUserPassword", json!({ "Password": PASSWORD })),
            RESET => case.admin("AdminResetUserPassword", json!({})),
            _ => {}
        }
        assert_eq!(case.status(), status);
        case
    }

    fn change(&self, change: impl FnOnce(&mut Json)) {
        self.world.change_record(&self.pool, "user/ann", change);
    }

    fn admin(&self, operation: &str, more: Json) {
        let _ = self.world.ok(operation, self.as_admin(more));
    }

    fn as_admin(&self, more: Json) -> Json {
        let mut input = json!({ "UserPoolId": self.pool.id, "Username": "ann" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }

    fn as_app(&self, more: Json) -> Json {
        let mut input = json!({ "ClientId": self.pool.client, "Username": "ann" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }

    fn status(&self) -> String {
        let user = self.world.ok("AdminGetUser", self.as_admin(json!({})));
        if user["Enabled"] == false {
            return DISABLED.into();
        }
        user["UserStatus"].as_str().unwrap().into()
    }

    /// The code that was sent last, or one that was not sent.
    fn code(&self) -> String {
        let code = self.world.last_code();
        if code.is_empty() { "000000".into() } else { code }
    }

    /// Does it, and tells how it ended: `ok`, a challenge, or the error and its sentence.
    fn outcome(&self, action: &str) -> String {
        let password = |flow: &str| {
            json!({
                "AuthFlow": flow, "ClientId": self.pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
            })
        };
        let (operation, input) = match action {
            "sign in" => ("InitiateAuth", password("USER_PASSWORD_AUTH")),
            "sign in by an administrator" => {
                let mut input = password("ADMIN_USER_PASSWORD_AUTH");
                input["UserPoolId"] = json!(self.pool.id);
                ("AdminInitiateAuth", input)
            }
            "confirm" => {
                let code = self.code();
                ("ConfirmSignUp", self.as_app(json!({ "ConfirmationCode": code })))
            }
            "confirm by an administrator" => ("AdminConfirmSignUp", self.as_admin(json!({}))),
            "ask for the code again" => ("ResendConfirmationCode", self.as_app(json!({}))),
            "forget" => ("ForgotPassword", self.as_app(json!({}))),
            "choose" => {
                let code = self.code();
                let more = json!({ "ConfirmationCode": code, "Password": OTHER });
                ("ConfirmForgotPassword", self.as_app(more))
            }
            "change" => (
                "ChangePassword",
                json!({
                    "AccessToken": self.token, "PreviousPassword": PASSWORD,
                    "ProposedPassword": OTHER,
                }),
            ),
            "reset" => ("AdminResetUserPassword", self.as_admin(json!({}))),
            "set" => {
                let more = json!({ "Password": OTHER, "Permanent": true });
                ("AdminSetUserPassword", self.as_admin(more))
            }
            "set for a while" => {
                ("AdminSetUserPassword", self.as_admin(json!({ "Password": OTHER })))
            }
            "invite again" => {
                ("AdminCreateUser", self.as_admin(json!({ "MessageAction": "RESEND" })))
            }
            _ => panic!("{action}?"),
        };
        match self.world.call(operation, input) {
            Ok(answer) => answer["ChallengeName"].as_str().unwrap_or("ok").into(),
            Err(failure) => format!("{}: {}", failure.code, failure.message),
        }
    }
}

/// In each status, what comes of each action, and the status that follows.
fn walk(status: &str, expected: &[(&str, &str, &str)]) {
    for (actions, outcome, after) in expected {
        let case = Case::of(status);
        let mut last = String::new();
        for action in actions.split(", ") {
            last = case.outcome(action);
        }
        assert_eq!((&*last, &*case.status()), (*outcome, *after), "{status}: {actions}");
    }
}

const NOT_RESETTABLE: &str =
    "NotAuthorizedException: User password cannot be reset in the current state.";
const IS_DISABLED: &str = "NotAuthorizedException: User is disabled.";
const IS_CONFIRMED: &str = "InvalidParameterException: User is already confirmed.";
const MUST_RESET: &str = "PasswordResetRequiredException: Password reset required for the user";
const NO_CODE: &str = "ExpiredCodeException: Invalid code provided, please request a code again.";

fn not_confirmable(status: &str) -> String {
    format!("NotAuthorizedException: User cannot be confirmed. Current status is {status}")
}

const NOT_INVITABLE: &str = "UnsupportedUserStateException: Resend not possible. ann status is not \
                             FORCE_CHANGE_PASSWORD";

#[test]
fn unconfirmed() {
    let barred = "UserNotConfirmedException: User is not confirmed.";
    walk(
        UNCONFIRMED,
        &[
            ("sign in", barred, UNCONFIRMED),
            ("sign in by an administrator", barred, UNCONFIRMED),
            ("confirm", "ok", CONFIRMED),
            ("confirm, sign in", "ok", CONFIRMED),
            ("confirm by an administrator", "ok", CONFIRMED),
            ("ask for the code again", "ok", UNCONFIRMED),
            ("ask for the code again, confirm", "ok", CONFIRMED),
            ("forget", "ok", UNCONFIRMED),
            ("forget, choose", "ok", CONFIRMED),
            ("choose", NO_CODE, UNCONFIRMED),
            ("reset", NOT_RESETTABLE, UNCONFIRMED),
            ("set", "ok", CONFIRMED),
            ("set for a while", "ok", FORCED),
            ("invite again", NOT_INVITABLE, UNCONFIRMED),
        ],
    );
}

#[test]
fn confirmed() {
    let not_confirmable = not_confirmable(CONFIRMED);
    walk(
        CONFIRMED,
        &[
            ("sign in", "ok", CONFIRMED),
            ("sign in by an administrator", "ok", CONFIRMED),
            ("confirm", &not_confirmable, CONFIRMED),
            ("confirm by an administrator", &not_confirmable, CONFIRMED),
            ("ask for the code again", IS_CONFIRMED, CONFIRMED),
            ("forget", "ok", CONFIRMED),
            ("forget, sign in", "ok", CONFIRMED),
            ("forget, choose", "ok", CONFIRMED),
            ("choose", NO_CODE, CONFIRMED),
            ("change", "ok", CONFIRMED),
            ("reset", "ok", RESET),
            ("set", "ok", CONFIRMED),
            ("set for a while", "ok", FORCED),
            ("invite again", NOT_INVITABLE, CONFIRMED),
        ],
    );
}

#[test]
fn force_change_password() {
    let not_confirmable = not_confirmable(FORCED);
    let barred = "NotAuthorizedException: User password cannot be changed in the current state.";
    walk(
        FORCED,
        &[
            ("sign in", "NEW_PASSWORD_REQUIRED", FORCED),
            ("sign in by an administrator", "NEW_PASSWORD_REQUIRED", FORCED),
            ("confirm", &not_confirmable, FORCED),
            ("confirm by an administrator", &not_confirmable, FORCED),
            ("ask for the code again", IS_CONFIRMED, FORCED),
            ("forget", NOT_RESETTABLE, FORCED),
            ("choose", NOT_RESETTABLE, FORCED),
            ("change", barred, FORCED),
            ("reset", NOT_RESETTABLE, FORCED),
            ("set", "ok", CONFIRMED),
            ("set for a while", "ok", FORCED),
            ("invite again", "ok", FORCED),
        ],
    );
}

#[test]
fn reset_required() {
    let not_confirmable = not_confirmable(RESET);
    walk(
        RESET,
        &[
            ("sign in", MUST_RESET, RESET),
            ("sign in by an administrator", MUST_RESET, RESET),
            ("confirm", &not_confirmable, RESET),
            ("confirm by an administrator", &not_confirmable, RESET),
            ("ask for the code again", IS_CONFIRMED, RESET),
            ("choose", "ok", CONFIRMED),
            ("forget", "ok", RESET),
            ("forget, choose", "ok", CONFIRMED),
            ("change", MUST_RESET, RESET),
            ("reset", "ok", RESET),
            ("reset, choose", "ok", CONFIRMED),
            ("set", "ok", CONFIRMED),
            ("set for a while", "ok", FORCED),
            ("invite again", NOT_INVITABLE, RESET),
        ],
    );
}

#[test]
fn disabled() {
    walk(
        DISABLED,
        &[
            ("sign in", IS_DISABLED, DISABLED),
            ("sign in by an administrator", IS_DISABLED, DISABLED),
            ("confirm", IS_DISABLED, DISABLED),
            ("ask for the code again", IS_DISABLED, DISABLED),
            ("forget", IS_DISABLED, DISABLED),
            ("choose", IS_DISABLED, DISABLED),
            ("change", IS_DISABLED, DISABLED),
            ("reset", IS_DISABLED, DISABLED),
            ("set", "ok", DISABLED),
            ("set for a while", "ok", DISABLED),
        ],
    );
}

#[test]
fn the_challenge_of_a_temporary_password_ends_in_confirmed() {
    let case = Case::of(FORCED);
    let asked = case.world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": case.pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
        }),
    );
    let _ = case.world.ok(
        "RespondToAuthChallenge",
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": case.pool.client,
            "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": OTHER },
        }),
    );
    assert_eq!(case.status(), CONFIRMED);
}
