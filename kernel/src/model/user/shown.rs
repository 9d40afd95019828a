//! How is a user shown to administrators?

use alloc::vec::Vec;

use super::User;
use crate::{
    shape::{Choice, Timestamp},
    shapes::{AttributeType, MFAOptionType, UserStatus, UserType},
};

impl User {
    /// All attributes, `sub` first, in the shape in which they are told.
    pub(crate) fn attributes_shown(&self) -> Vec<AttributeType> {
        self.all_attributes().map(|(name, value)| shown(name, value)).collect()
    }

    /// The user, as it is listed.
    pub(crate) fn described(&self) -> UserType {
        UserType {
            username: Some(self.username.as_str().into()),
            attributes: Some(self.attributes_shown()),
            user_create_date: Some(Timestamp(self.created_ms)),
            user_last_modified_date: Some(Timestamp(self.modified_ms)),
            enabled: Some(self.is_enabled),
            user_status: self.status_shown(),
            mfa_options: self.mfa_options_shown(),
        }
    }

    /// Where a second factor is sent, if that was told in the older manner.
    pub(crate) fn mfa_options_shown(&self) -> Option<Vec<MFAOptionType>> {
        (!self.mfa_options.is_empty()).then(|| self.mfa_options.clone())
    }

    /// Where the user stands, in AWS's word.
    pub(crate) fn status_shown(&self) -> Option<UserStatus> {
        UserStatus::from_wire(self.status.wire())
    }
}

/// One attribute, as it is told.
pub(crate) fn shown(name: &str, value: &str) -> AttributeType {
    AttributeType { name: name.into(), value: Some(value.into()) }
}
