//! `ConfirmDevice`: keeps the device on which a user has just signed in.
//!
//! A device can be confirmed by the tokens alone that came with its key.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmDevice.html>

use crate::{
    access::bearer::{self, Bearer},
    model::device::Device,
    prelude::*,
    store::keys,
};

operation!(
    ConfirmDevice, Token, reach AccessToken, now,
    adds [
        DeviceKeyExists, Forbidden, InvalidLambdaResponse, InvalidPassword,
        InvalidUserPoolConfiguration, PasswordResetRequired, UserNotConfirmed, UserNotFound,
        UsernameExists,
    ]
);

shape! { Input {
    AccessToken access_token: Token,
    DeviceKey device_key: DeviceKey,
    DeviceSecretVerifierConfig device_secret_verifier_config:
        Option<DeviceSecretVerifierConfigType>,
    DeviceName device_name: Option<DeviceName>,
} }

shape! { Output {
    UserConfirmationNecessary user_confirmation_necessary: Option<bool>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, user, device, .. } = bearer::verify(cx, input.access_token.as_str())?;
    if pool.tracks_devices().is_none() {
        let message = "Device tracking is not enabled for the user pool.";
        return Err(Error::saying(Code::InvalidUserPoolConfiguration, message));
    }
    let key = input.device_key.as_str();
    if device.as_deref() != Some(key) {
        return Err(Error::saying(Code::ResourceNotFound, "Device does not exist."));
    }
    let record = keys::device(&pool.key_of(&user.username), key);
    if cx.has(&record)? {
        return Err(Code::DeviceKeyExists.into());
    }
    let name = input.device_name.map(Text::into_string);
    let config = input.device_secret_verifier_config.as_ref();
    let mut device = Device::new(cx, key, name, config)?;
    let asks = pool.remembers_on_prompt();
    device.is_remembered = !asks;
    cx.put(&record, &device)?;
    Ok(Output { user_confirmation_necessary: Some(asks) })
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn pool(world: &World, on_prompt: bool) -> TestPool {
        let pool = world.pool(json!({ "DeviceConfiguration": {
            "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": on_prompt,
        } }));
        world.user(&pool, "ann", json!([]));
        pool
    }

    fn confirm(world: &World, tokens: &Value, key: &Value) -> Result<Value, String> {
        let outcome = world.call(
            "ConfirmDevice",
            json!({
                "AccessToken": tokens["AccessToken"], "DeviceKey": key, "DeviceName": "laptop",
                "DeviceSecretVerifierConfig": { "PasswordVerifier": "BQ==", "Salt": "BQ==" },
            }),
        );
        outcome.map_err(|failure| alloc::format!("{}: {}", failure.code, failure.message))
    }

    #[test]
    fn a_device_is_remembered_at_once_or_when_its_user_says_so() {
        for on_prompt in [false, true] {
            let world = World::new();
            let pool = pool(&world, on_prompt);
            let tokens = world.sign_in(&pool, "ann");
            let key = &tokens["NewDeviceMetadata"]["DeviceKey"];
            assert_eq!(
                confirm(&world, &tokens, key),
                Ok(json!({ "UserConfirmationNecessary": on_prompt }))
            );
            let listed = world.ok("ListDevices", json!({ "AccessToken": tokens["AccessToken"] }));
            let device = &listed["Devices"][0];
            assert_eq!(device["DeviceKey"], *key);
            let remembered = if on_prompt { "not_remembered" } else { "remembered" };
            assert_eq!(
                device["DeviceAttributes"],
                json!([
                    { "Name": "device_status", "Value": "valid" },
                    { "Name": "device_name", "Value": "laptop" },
                    { "Name": "last_ip_used", "Value": "127.0.0.1" },
                    { "Name": "dev:device_remembered_status", "Value": remembered },
                ])
            );
            assert_eq!(
                confirm(&world, &tokens, key).unwrap_err(),
                "DeviceKeyExistsException: A device with the key already exists."
            );
        }
    }

    #[test]
    fn only_the_tokens_that_came_with_a_key_confirm_it() {
        let world = World::new();
        let pool = pool(&world, false);
        let (one, two) = (world.sign_in(&pool, "ann"), world.sign_in(&pool, "ann"));
        let (key, other) =
            (&one["NewDeviceMetadata"]["DeviceKey"], &two["NewDeviceMetadata"]["DeviceKey"]);
        assert_ne!(key, other);
        let unknown = "ResourceNotFoundException: Device does not exist.";
        assert_eq!(confirm(&world, &one, other).unwrap_err(), unknown);
        assert!(confirm(&world, &one, key).is_ok() && confirm(&world, &two, other).is_ok());
    }

    #[test]
    fn a_pool_that_tracks_none_names_none_and_keeps_none() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let tokens = world.sign_in(&pool, "ann");
        assert_eq!(tokens.get("NewDeviceMetadata"), None);
        let refused = confirm(&world, &tokens, &json!("eu-west-1_0a1b")).unwrap_err();
        assert!(refused.starts_with("InvalidUserPoolConfigurationException"), "{refused}");
    }

    #[test]
    fn a_verifier_that_is_none_is_refused() {
        let world = World::new();
        let pool = pool(&world, false);
        let tokens = world.sign_in(&pool, "ann");
        for config in [
            json!(null),
            json!({}),
            json!({ "Salt": "BQ==" }),
            json!({ "PasswordVerifier": "", "Salt": "BQ==" }),
            json!({ "PasswordVerifier": "AA==", "Salt": "BQ==" }),
            json!({ "PasswordVerifier": "no base64", "Salt": "BQ==" }),
        ] {
            let failure = world.fails(
                "ConfirmDevice",
                json!({
                    "AccessToken": tokens["AccessToken"],
                    "DeviceKey": tokens["NewDeviceMetadata"]["DeviceKey"],
                    "DeviceSecretVerifierConfig": config,
                }),
            );
            assert_eq!(failure.code, "InvalidParameterException", "{config}");
        }
    }
}
