//! Where is a second factor sent, as it was told before there were preferences?

use alloc::vec::Vec;

use super::User;
use crate::{
    error::{Code, Error},
    model::factor::Factor,
    shape::Text,
    shapes::{DeliveryMedium, MFAOptionType},
};

impl User {
    /// Makes these the only options; without any, nothing is sent.
    ///
    /// # Errors
    /// `InvalidParameterException` for anything but text messages to the user's phone number.
    pub(crate) fn set_mfa_options(&mut self, options: Vec<MFAOptionType>) -> Result<(), Error> {
        let refused = |message: &'static str| Err(Error::saying(Code::InvalidParameter, message));
        let is_text = |option: &MFAOptionType| {
            option.delivery_medium == Some(DeliveryMedium::Sms)
                && option.attribute_name.as_ref().is_some_and(|name| name.as_str() == PHONE)
        };
        if !options.iter().all(is_text) {
            return refused("MFAOptions can only send text messages to phone_number.");
        }
        if !options.is_empty() && self.attribute(PHONE).is_none() {
            return refused("User does not have delivery config set to turn on SMS_MFA");
        }
        self.factors.enable(Factor::Sms, !options.is_empty());
        self.mfa_options = options;
        self.mfa_options.truncate(1);
        Ok(())
    }
}

const PHONE: &str = "phone_number";
