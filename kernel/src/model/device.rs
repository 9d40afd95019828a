//! A device of a user: it has a password of its own, which it made itself and proves by SRP.

use alloc::{format, string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{pool::Pool, user::shown::shown};
use crate::{
    crypto::{Purpose, Sealed, hex},
    cx::Cx,
    error::{Code, Error},
    shape::Timestamp,
    shapes::{DeviceConfigurationType, DeviceSecretVerifierConfigType, DeviceType},
    srp::{Identity, Verifier},
    store::{Record, Row, keys},
};

/// A device, as kept under `device/{user}/{key}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) key: String,
    pub(crate) name: Option<String>,
    /// In hexadecimal digits.
    pub(crate) salt: String,
    /// Bound to the device's key.
    verifier: Sealed,
    /// Whether it is taken for its user's.
    pub(crate) is_remembered: bool,
    pub(crate) created_ms: u64,
    pub(crate) modified_ms: u64,
    pub(crate) authenticated_ms: u64,
    /// Where it was last seen.
    pub(crate) address: String,
}

impl Record for Device {}

const SALT_BYTES_MAX: usize = 64;

impl Device {
    /// A device with the password that it made.
    ///
    /// # Errors
    /// `InvalidParameterException` if salt or verifier is missing or none.
    pub(crate) fn new(
        cx: &Cx,
        key: &str,
        name: Option<String>,
        config: Option<&DeviceSecretVerifierConfigType>,
    ) -> Result<Self, Error> {
        let part = |text: Option<&String>| BASE64_STANDARD.decode(text?).ok();
        let salt = config.and_then(|config| part(config.salt.as_ref()));
        let salt = salt.filter(|salt| (1..=SALT_BYTES_MAX).contains(&salt.len()));
        let verifier = config.and_then(|config| part(config.password_verifier.as_ref()));
        let verifier = verifier.and_then(|verifier| Verifier::from_bytes(&verifier).ok());
        let (salt, verifier) = salt.zip(verifier).ok_or_else(|| {
            Error::saying(Code::InvalidParameter, "Invalid device secret verifier config.")
        })?;
        let now_ms = cx.now_ms();
        let bytes = verifier.as_bytes();
        Ok(Self {
            key: key.into(),
            name,
            salt: hex(&salt),
            verifier: cx.vault()?.seal(Purpose::Verifier, key, bytes, &cx.random)?,
            is_remembered: false,
            created_ms: now_ms,
            modified_ms: now_ms,
            authenticated_ms: now_ms,
            address: cx.caller.address.clone(),
        })
    }

    /// What a proof is checked against.
    pub(crate) fn verifier(&self, cx: &Cx) -> Result<Verifier, Error> {
        let bytes = cx.vault()?.open(Purpose::Verifier, &self.key, &self.verifier)?;
        Verifier::from_bytes(&bytes).map_err(|_| Error::bug("a verifier is not one"))
    }

    /// Remembers it, or no longer.
    pub(crate) fn remember(&mut self, is_remembered: bool, now_ms: u64) {
        self.is_remembered = is_remembered;
        self.modified_ms = now_ms;
    }

    pub(crate) fn described(&self) -> DeviceType {
        let remembered = if self.is_remembered { "remembered" } else { "not_remembered" };
        let attributes = [
            ("device_status", Some("valid")),
            ("device_name", self.name.as_deref()),
            ("last_ip_used", Some(self.address.as_str()).filter(|address| !address.is_empty())),
            ("dev:device_remembered_status", Some(remembered)),
        ];
        let attributes = attributes.into_iter();
        let attributes: Vec<_> =
            attributes.filter_map(|(name, value)| Some(shown(name, value?))).collect();
        DeviceType {
            device_key: Some(self.key.as_str().into()),
            device_attributes: Some(attributes),
            device_create_date: Some(Timestamp(self.created_ms)),
            device_last_modified_date: Some(Timestamp(self.modified_ms)),
            device_last_authenticated_date: Some(Timestamp(self.authenticated_ms)),
        }
    }
}

/// A user's device of that key.
///
/// # Errors
/// `ResourceNotFoundException` if there is none; SDKs look for the word "device" and come again
/// without the key.
pub(crate) fn find<'cx>(cx: &'cx Cx, user: &str, key: &str) -> Result<Row<'cx, Device>, Error> {
    let device = cx.get::<Device>(keys::device(user, key))?;
    device.ok_or_else(|| Error::saying(Code::ResourceNotFound, "Device does not exist."))
}

impl Pool {
    /// How devices are tracked, if they are.
    pub(crate) fn tracks_devices(&self) -> Option<&DeviceConfigurationType> {
        self.description.device_configuration.as_ref()
    }

    /// Whether a device is remembered only if its user says so.
    pub(crate) fn remembers_on_prompt(&self) -> bool {
        let devices = self.tracks_devices();
        devices.is_some_and(|devices| devices.device_only_remembered_on_user_prompt == Some(true))
    }

    /// Whether a second factor is asked for on devices alone that are not remembered.
    pub(crate) fn challenges_new_devices(&self) -> bool {
        let devices = self.tracks_devices();
        devices.is_some_and(|devices| devices.challenge_required_on_new_device == Some(true))
    }

    /// `DeviceGroupKey`: in the place of the pool's name in the arithmetic of devices.
    pub(crate) fn device_group(&self) -> String {
        format!("-{}", self.id.rsplit_once('_').map_or("", |(_, suffix)| suffix))
    }

    /// A key for a new device.
    pub(crate) fn new_device_key(&self, cx: &Cx) -> String {
        format!("{}_{}", self.region, cx.random.uuid())
    }
}

/// Whose password a device's is.
pub(crate) fn identity<'a>(group: &'a str, key: &'a str) -> Identity<'a> {
    Identity { pool_name: group, user_id: key }
}
