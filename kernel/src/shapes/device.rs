//! What do operations about devices carry?

use alloc::{string::String, vec::Vec};

use super::{text::DeviceKey, user::AttributeType};
use crate::shape::{Timestamp, shape};

shape! {
    /// A device of a user.
    #[derive(Default)]
    pub(crate) DeviceType {
        DeviceKey device_key: Option<DeviceKey>,
        DeviceAttributes device_attributes: Option<Vec<AttributeType>>,
        DeviceCreateDate device_create_date: Option<Timestamp>,
        DeviceLastModifiedDate device_last_modified_date: Option<Timestamp>,
        DeviceLastAuthenticatedDate device_last_authenticated_date: Option<Timestamp>,
    }
}

shape! {
    /// What a device's own password is checked against, each in base64.
    #[derive(Default)]
    pub(crate) DeviceSecretVerifierConfigType {
        PasswordVerifier password_verifier: Option<String>,
        Salt salt: Option<String>,
    }
}
