//! What is a user, as it is shown?

use alloc::vec::Vec;

use super::{
    choice::{DeliveryMedium, UserStatus},
    text::{AttributeName, AttributeValue, Username},
};
use crate::shape::{Timestamp, shape};

shape! {
    /// A user, as it is listed.
    #[derive(Default)]
    pub(crate) UserType {
        Username username: Option<Username>,
        Attributes attributes: Option<Vec<AttributeType>>,
        UserCreateDate user_create_date: Option<Timestamp>,
        UserLastModifiedDate user_last_modified_date: Option<Timestamp>,
        Enabled enabled: Option<bool>,
        UserStatus user_status: Option<UserStatus>,
        MFAOptions mfa_options: Option<Vec<MFAOptionType>>,
    }
}

shape! {
    /// One attribute; without a value it is empty.
    pub(crate) AttributeType {
        Name name: AttributeName,
        Value value: Option<AttributeValue>,
    }
}

shape! {
    /// Where a second factor is sent, as it was told before there were preferences.
    #[derive(Default)]
    pub(crate) MFAOptionType {
        DeliveryMedium delivery_medium: Option<DeliveryMedium>,
        AttributeName attribute_name: Option<AttributeName>,
    }
}
