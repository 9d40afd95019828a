//! The client's half of devices: what an SDK keeps and proves.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{
    srp::{Group, Identity, Salt},
    testing::{Failure, TestPool, World},
};
use serde_json::{Value as Json, json};

use super::srp_client::{claim, public_a};

/// What a client keeps of its device.
#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) key: String,
    group: String,
    password: String,
}

impl Device {
    /// The device that `AuthenticationResult` names, confirmed; says also whether the user is to
    /// be asked.
    pub(super) fn confirm(world: &World, tokens: &Json) -> (Self, bool) {
        let text = |name: &str| tokens["NewDeviceMetadata"][name].as_str().unwrap().to_string();
        let (key, group) = (text("DeviceKey"), text("DeviceGroupKey"));
        let device = Self { key, group, password: "made by the device".into() };
        let salt = Salt::from_random([7; 16]);
        let verifier = Group::new().verifier(device.identity(), &device.password, &salt);
        let confirmed = world.ok(
            "ConfirmDevice",
            json!({
                "AccessToken": tokens["AccessToken"], "DeviceKey": device.key,
                "DeviceName": "laptop",
                "DeviceSecretVerifierConfig": {
                    "PasswordVerifier": BASE64_STANDARD.encode(verifier.as_bytes()),
                    "Salt": BASE64_STANDARD.encode(salt.as_bytes()),
                },
            }),
        );
        (device, confirmed["UserConfirmationNecessary"] == true)
    }

    fn identity(&self) -> Identity<'_> {
        Identity { pool_name: &self.group, user_id: &self.key }
    }

    /// `ChallengeResponses` to a challenge about the device.
    pub(super) fn responses(&self, challenge: &Json) -> Json {
        let mut responses = match challenge["ChallengeName"].as_str() {
            Some("DEVICE_SRP_AUTH") => json!({ "SRP_A": public_a() }),
            _ => claim(&challenge["ChallengeParameters"], self.identity(), &self.password),
        };
        responses["DEVICE_KEY"] = json!(self.key);
        responses
    }

    /// The same device with another password, as somebody would have who knows the key alone.
    pub(super) fn forged(&self) -> Self {
        Self { password: "guessed".into(), ..self.clone() }
    }

    /// Proves the device from `DEVICE_SRP_AUTH` on.
    pub(super) fn prove(
        &self,
        world: &World,
        pool: &TestPool,
        challenge: &Json,
    ) -> Result<Json, Failure> {
        assert_eq!(challenge["ChallengeName"], "DEVICE_SRP_AUTH");
        let next = world.answer(pool, challenge, self.responses(challenge))?;
        assert_eq!(next["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
        world.answer(pool, &next, self.responses(&next))
    }
}
