//! Passkeys in a world: an authenticator, and the browser before it.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::json;

use super::{Failure, TestPool, World};
use crate::{
    crypto::{base64url, sha256},
    shape::Json,
    webauthn::bytes,
};

/// An authenticator with one passkey, which does as it is told.
#[derive(Debug)]
pub struct Authenticator {
    pair: EcdsaKeyPair,
    /// The passkey's id.
    pub id: Vec<u8>,
    /// Of which page it believes to be asked.
    pub origin: String,
    /// For which domain it signs, if not for the one that asks.
    pub relying_party: Option<String>,
    /// What it says of itself and of its user: UP, UV, BE, BS.
    pub flags: u8,
    /// How often it was used.
    pub counter: u32,
    /// Whose passkey it is.
    pub user: Option<String>,
}

impl Default for Authenticator {
    fn default() -> Self {
        Self::new()
    }
}

impl Authenticator {
    /// A new one, which stands before `https://example.com` and verifies its user.
    ///
    /// # Panics
    /// Where there is no chance.
    #[must_use]
    pub fn new() -> Self {
        let Ok(pair) = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING) else {
            unreachable!("no key")
        };
        let id = sha256(&[pair.public_key().as_ref()]).to_vec();
        Self {
            pair,
            id,
            origin: "https://example.com".into(),
            relying_party: None,
            flags: 0b101,
            counter: 0,
            user: None,
        }
    }

    /// What a browser gives for those options of a new passkey.
    #[must_use]
    pub fn create(&mut self, options: &Json) -> Json {
        self.user = options["user"]["id"].as_str().map(String::from);
        let data = self.data(&options["rp"]["id"], 1 << 6, &self.attested());
        let length = u16::try_from(data.len()).unwrap_or_default().to_be_bytes();
        let object =
            [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(), &length, &data];
        let id = base64url(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&self.client_data("webauthn.create", options)),
                "attestationObject": base64url(&object.concat()),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// What a browser gives for those options of a proof.
    #[must_use]
    pub fn get(&self, options: &Json) -> Json {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(&options["rpId"], 0, &[]);
        let signed = [data.as_slice(), &sha256(&[&client_data])].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed);
        let id = base64url(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client_data),
                "authenticatorData": base64url(&data),
                "signature": signature.map(|s| base64url(s.as_ref())).unwrap_or_default(),
                "userHandle": self.user,
            },
        })
    }

    fn data(&self, relying_party: &Json, flags: u8, rest: &[u8]) -> Vec<u8> {
        let relying_party = self.relying_party.as_deref().or(relying_party.as_str());
        let hash = sha256(&[relying_party.unwrap_or_default().as_bytes()]);
        [&hash[..], &[self.flags | flags], &self.counter.to_be_bytes(), rest].concat()
    }

    fn attested(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point.split_at(point.len() / 2 + 1);
        let length = u16::try_from(self.id.len()).unwrap_or_default().to_be_bytes();
        let key = [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &x[1..], b"\x22\x58\x20", y];
        [&[0; 16], &length[..], &self.id, &key.concat()].concat()
    }

    fn client_data(&self, kind: &str, options: &Json) -> Vec<u8> {
        json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin,
            "crossOrigin": false,
        })
        .to_string()
        .into_bytes()
    }
}

/// What an authenticator is asked for in a challenge.
#[must_use]
pub fn options_of(challenge: &Json) -> Json {
    let options = &challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"];
    serde_json::from_str(options.as_str().unwrap_or_default()).unwrap_or_default()
}

/// The bytes of base64url.
#[must_use]
pub fn decoded(text: &Json) -> Vec<u8> {
    bytes(text.as_str().unwrap_or_default()).unwrap_or_default()
}

impl World {
    /// A pool that takes passkeys for `example.com`, made with `settings` beside, and with a client
    /// through which users choose how to sign in.
    #[must_use]
    pub fn passkey_pool(&self, settings: Json) -> TestPool {
        let first = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"];
        let mut settings = settings;
        settings["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"] = json!(first);
        let mut pool = self.pool(settings);
        self.configure_passkeys(&pool, json!({ "RelyingPartyId": "example.com" }));
        let flows = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
        pool.client = self.client(&pool.id, json!({ "ExplicitAuthFlows": flows }));
        pool
    }

    /// Says which passkeys a pool takes.
    pub fn configure_passkeys(&self, pool: &TestPool, configuration: Json) {
        let _ = self.ok(
            "SetUserPoolMfaConfig",
            json!({ "UserPoolId": pool.id, "WebAuthnConfiguration": configuration }),
        );
    }

    /// What a new passkey is to be made with.
    ///
    /// # Errors
    /// What the client would see.
    pub fn creation_options(&self, token: &Json) -> Result<Json, Failure> {
        let made = self.call("StartWebAuthnRegistration", json!({ "AccessToken": token }));
        made.map(|mut made| made["CredentialCreationOptions"].take())
    }

    /// Registers the passkey of an authenticator.
    ///
    /// # Errors
    /// What the client would see.
    pub fn register(&self, token: &Json, authenticator: &mut Authenticator) -> Result<(), Failure> {
        let credential = authenticator.create(&self.creation_options(token)?);
        let input = json!({ "AccessToken": token, "Credential": credential });
        self.call("CompleteWebAuthnRegistration", input).map(drop)
    }

    /// A user who can sign in, and has a passkey.
    ///
    /// # Panics
    /// If the passkey is refused.
    #[must_use]
    pub fn user_with_passkey(&self, pool: &TestPool, username: &str) -> Authenticator {
        self.user(pool, username, json!([]));
        let mut authenticator = Authenticator::new();
        let token = self.sign_in(pool, username)["AccessToken"].take();
        let registered = self.register(&token, &mut authenticator);
        assert_eq!(registered, Ok(()));
        authenticator
    }

    /// Begins a sign-in in which a passkey is preferred.
    ///
    /// # Errors
    /// What the client would see.
    pub fn begin_with_passkey(&self, pool: &TestPool, username: &str) -> Result<Json, Failure> {
        self.call(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": username, "PREFERRED_CHALLENGE": "WEB_AUTHN" },
            }),
        )
    }

    /// Answers with what an authenticator gave.
    ///
    /// # Errors
    /// What the client would see.
    pub fn answer_passkey(
        &self,
        pool: &TestPool,
        challenge: &Json,
        credential: &Json,
    ) -> Result<Json, Failure> {
        self.answer(pool, challenge, json!({ "CREDENTIAL": credential.to_string() }))
    }
}
