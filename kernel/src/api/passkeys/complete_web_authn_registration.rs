//! `CompleteWebAuthnRegistration`: keeps the passkey that a user has just made.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html>

use super::bearer;
use crate::{
    access::bearer::Bearer,
    directory,
    flow::passkey::registration as ceremony,
    model::{
        factor::passkey::{self, Passkey},
        user::User,
    },
    prelude::*,
    shape::Json,
    store::keys,
    webauthn::{Registration, RelyingParty},
};

operation!(
    CompleteWebAuthnRegistration, Token, reach AccessToken, now,
    adds [
        Forbidden, LimitExceeded, PasswordResetRequired, WebAuthnChallengeNotFound,
        WebAuthnClientMismatch, WebAuthnCredentialNotSupported, WebAuthnNotEnabled,
        WebAuthnOriginNotAllowed, WebAuthnRelyingPartyMismatch,
    ],
    lacks [ResourceNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
    Credential credential: Json,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, client, mut user, .. } = bearer(cx, &input.access_token)?;
    pool.require_passkeys()?;
    let registration = Registration::read(input.credential).map_err(passkey::refused)?;
    ceremony::spend(cx, &user, &client.id, registration.challenge())?;
    // Whoever has been given a challenge had a relying party then.
    let id = passkey::relying_party(cx, &pool)?.ok_or(Code::WebAuthnRelyingPartyMismatch)?;
    let relying_party = RelyingParty { id: &id, verifies_users: pool.verifies_holders() };
    let passkey = Passkey::new(cx, registration, relying_party)?;
    user.factors.passkeys.require_room()?;
    let record = keys::passkey(&pool.key_of(&user.username), &passkey.id);
    if cx.has(&record)? {
        let message = "The passkey is registered already.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let before = User::clone(&user);
    user.factors.passkeys.add(&passkey.relying_party);
    directory::save(cx, &pool, &before, &mut user)?;
    cx.put(&record, &passkey)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::{Authenticator, TestPool, World};

    struct Scene {
        world: World,
        pool: TestPool,
        token: Value,
    }

    impl Scene {
        fn new() -> Self {
            let world = World::new();
            let pool = world.passkey_pool(json!({}));
            world.user(&pool, "ann", json!([]));
            let token = world.sign_in(&pool, "ann")["AccessToken"].take();
            Self { world, pool, token }
        }

        fn options(&self) -> Value {
            self.world.creation_options(&self.token).unwrap()
        }

        fn complete(&self, token: &Value, credential: &Value) -> Result<Value, String> {
            let input = json!({ "AccessToken": token, "Credential": credential });
            let outcome = self.world.call("CompleteWebAuthnRegistration", input);
            outcome.map_err(|failure| failure.code)
        }

        /// What is said of a passkey made by an authenticator that was changed so.
        fn refusal(&self, change: impl Fn(&mut Authenticator)) -> String {
            let mut authenticator = Authenticator::new();
            change(&mut authenticator);
            let credential = authenticator.create(&self.options());
            self.complete(&self.token, &credential).unwrap_err()
        }

        fn count(&self) -> usize {
            let input = json!({ "AccessToken": self.token });
            let listed = self.world.ok("ListWebAuthnCredentials", input);
            listed["Credentials"].as_array().unwrap().len()
        }
    }

    #[test]
    fn a_challenge_is_answered_once() {
        let scene = Scene::new();
        let options = scene.options();
        let first = Authenticator::new().create(&options);
        let second = Authenticator::new().create(&options);
        assert_eq!(scene.complete(&scene.token, &first), Ok(json!({})));
        for again in [&first, &second] {
            let outcome = scene.complete(&scene.token, again);
            assert_eq!(outcome.unwrap_err(), "WebAuthnChallengeNotFoundException");
        }
        assert_eq!(scene.count(), 1);
    }

    #[test]
    fn a_challenge_is_answered_in_time_and_by_whom_it_was_given() {
        let scene = Scene::new();
        let unknown = "WebAuthnChallengeNotFoundException";
        let late = Authenticator::new().create(&scene.options());
        scene.world.advance_s(5 * 60);
        assert_eq!(scene.complete(&scene.token, &late).unwrap_err(), unknown);
        scene.world.user(&scene.pool, "bob", json!([]));
        let bob = scene.world.sign_in(&scene.pool, "bob")["AccessToken"].take();
        let anns = Authenticator::new().create(&scene.options());
        assert_eq!(scene.complete(&bob, &anns).unwrap_err(), unknown);
        let made_up = json!({
            "challenge": "AAAAAAAAAAAAAAAAAAAAAA", "rp": { "id": "example.com" }, "user": {},
        });
        let forged = Authenticator::new().create(&made_up);
        assert_eq!(scene.complete(&scene.token, &forged).unwrap_err(), unknown);
        assert_eq!(scene.complete(&scene.token, &anns), Ok(json!({})));
    }

    #[test]
    fn a_challenge_is_answered_through_the_client_to_which_it_was_given() {
        let scene = Scene::new();
        let other = scene.world.client(&scene.pool.id, json!({}));
        let other = TestPool { client: other, ..scene.pool.clone() };
        let token = scene.world.sign_in(&other, "ann")["AccessToken"].take();
        let credential = Authenticator::new().create(&scene.options());
        let outcome = scene.complete(&token, &credential);
        assert_eq!(outcome.unwrap_err(), "WebAuthnClientMismatchException");
        assert_eq!(scene.complete(&scene.token, &credential), Ok(json!({})));
    }

    #[test]
    fn a_page_is_one_of_the_relying_partys() {
        let scene = Scene::new();
        for origin in ["https://evil.com", "http://example.com", "https://example.com.evil.com"] {
            assert_eq!(
                scene.refusal(|authenticator| authenticator.origin = origin.into()),
                "WebAuthnOriginNotAllowedException"
            );
        }
        assert_eq!(
            scene.refusal(|authenticator| authenticator.relying_party = Some("evil.com".into())),
            "WebAuthnRelyingPartyMismatchException"
        );
        let mut below = Authenticator::new();
        below.origin = "https://app.example.com:8443".into();
        assert_eq!(scene.world.register(&scene.token, &mut below), Ok(()));
    }

    #[test]
    fn an_authenticator_that_can_less_is_not_supported() {
        let scene = Scene::new();
        let unsupported = "WebAuthnCredentialNotSupportedException";
        assert_eq!(scene.refusal(|authenticator| authenticator.flags = 0), unsupported);
        let required = json!({ "RelyingPartyId": "example.com", "UserVerification": "required" });
        scene.world.configure_passkeys(&scene.pool, required);
        assert_eq!(scene.refusal(|authenticator| authenticator.flags = 1), unsupported);
        assert_eq!(scene.world.register(&scene.token, &mut Authenticator::new()), Ok(()));
    }

    #[test]
    fn one_passkey_is_one_of_a_users() {
        let scene = Scene::new();
        let mut authenticator = Authenticator::new();
        assert_eq!(scene.world.register(&scene.token, &mut authenticator), Ok(()));
        let again = scene.world.register(&scene.token, &mut authenticator).unwrap_err();
        assert_eq!(again.code, "InvalidParameterException");
        assert_eq!(again.message, "The passkey is registered already.");
        assert_eq!(scene.count(), 1);
    }

    #[test]
    fn what_is_no_credential_is_refused() {
        let scene = Scene::new();
        let good = Authenticator::new().create(&scene.options());
        let invalid = "InvalidParameterException";
        for bad in [json!({}), json!([]), json!("text"), json!(7)] {
            assert_eq!(scene.complete(&scene.token, &bad).unwrap_err(), invalid, "{bad}");
        }
        for (pointer, value) in [
            ("/id", json!("AAAA")),
            ("/rawId", json!("AAAA")),
            ("/type", json!("password")),
            ("/response/clientDataJSON", json!("e30")),
            ("/response/attestationObject", json!("oA")),
            ("/response/attestationObject", json!("!")),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).unwrap() = value;
            assert_eq!(scene.complete(&scene.token, &bad).unwrap_err(), invalid, "{pointer}");
        }
        // Of a sign-in, not of a registration.
        let mut options = scene.options();
        options["rpId"] = json!("example.com");
        let proof = Authenticator::new().get(&options);
        assert_eq!(scene.complete(&scene.token, &proof).unwrap_err(), invalid);
        assert_eq!(scene.count(), 0);
        assert_eq!(scene.complete(&scene.token, &good), Ok(json!({})));
    }

    #[test]
    fn a_pool_that_takes_none_any_more_says_so() {
        let scene = Scene::new();
        let credential = Authenticator::new().create(&scene.options());
        let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } });
        let _ = scene
            .world
            .ok("UpdateUserPool", json!({ "UserPoolId": scene.pool.id, "Policies": policies }));
        let outcome = scene.complete(&scene.token, &credential);
        assert_eq!(outcome.unwrap_err(), "WebAuthnNotEnabledException");
    }
}
