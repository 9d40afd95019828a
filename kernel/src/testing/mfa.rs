//! Second factors in a world.

use alloc::string::String;

use data_encoding::BASE32_NOPAD;
use serde_json::json;

use super::{Failure, PASSWORD, TestPool, World};
use crate::{model::factor::code_at, shape::Json};

impl World {
    /// A pool that takes every second factor: `OPTIONAL` or `ON`.
    #[must_use]
    pub fn mfa_pool(&self, mfa: &str) -> TestPool {
        self.mfa_pool_with(mfa, json!({}))
    }

    /// The same with other settings.
    #[must_use]
    pub fn mfa_pool_with(&self, mfa: &str, settings: Json) -> TestPool {
        let pool = self.pool(settings);
        let role = "arn:aws:iam::123456789012:role/sms";
        let _ = self.ok(
            "SetUserPoolMfaConfig",
            json!({
                "UserPoolId": pool.id, "MfaConfiguration": mfa,
                "SmsMfaConfiguration": { "SmsConfiguration": { "SnsCallerArn": role } },
                "SoftwareTokenMfaConfiguration": { "Enabled": true },
                "EmailMfaConfiguration": {},
            }),
        );
        pool
    }

    /// Sets an authenticator app up for a user who can sign in without one, and prefers it; gives
    /// its secret. A minute passes, so that its next code was not used.
    #[must_use]
    pub fn set_up_token(&self, pool: &TestPool, username: &str) -> String {
        let token = self.sign_in(pool, username)["AccessToken"].take();
        let made = self.ok("AssociateSoftwareToken", json!({ "AccessToken": token }));
        let secret: String = made["SecretCode"].as_str().unwrap_or_default().into();
        let code = self.app_code(&secret);
        let _ = self.ok(
            "VerifySoftwareToken",
            json!({ "AccessToken": token, "UserCode": code, "FriendlyDeviceName": "phone" }),
        );
        let preferred = json!({ "Enabled": true, "PreferredMfa": true });
        let _ = self.ok(
            "SetUserMFAPreference",
            json!({ "AccessToken": token, "SoftwareTokenMfaSettings": preferred }),
        );
        self.advance_s(60);
        secret
    }

    /// What an authenticator app with that secret shows now.
    #[must_use]
    pub fn app_code(&self, secret: &str) -> String {
        let secret = BASE32_NOPAD.decode(secret.as_bytes()).unwrap_or_default();
        code_at(&secret, self.now_ms() / 30_000)
    }

    /// Begins a sign-in by password that is not over with it; gives the challenge.
    #[must_use]
    pub fn begin_sign_in(&self, pool: &TestPool, username: &str) -> Json {
        self.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": username, "PASSWORD": PASSWORD },
            }),
        )
    }

    /// Answers a challenge; the user's name is added.
    ///
    /// # Errors
    /// What the client would see.
    pub fn answer(
        &self,
        pool: &TestPool,
        challenge: &Json,
        responses: Json,
    ) -> Result<Json, Failure> {
        let mut responses = responses;
        if responses.get("USERNAME").is_none() {
            let name = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"].clone();
            responses["USERNAME"] = name;
        }
        self.call(
            "RespondToAuthChallenge",
            json!({
                "ClientId": pool.client, "ChallengeName": challenge["ChallengeName"],
                "Session": challenge["Session"], "ChallengeResponses": responses,
            }),
        )
    }

    /// Answers `SOFTWARE_TOKEN_MFA` with what the app shows.
    ///
    /// # Errors
    /// What the client would see.
    pub fn answer_app(
        &self,
        pool: &TestPool,
        challenge: &Json,
        secret: &str,
    ) -> Result<Json, Failure> {
        let code = self.app_code(secret);
        self.answer(pool, challenge, json!({ "SOFTWARE_TOKEN_MFA_CODE": code }))
    }
}
