//! By which address does a user get back in, and what is said about the code that goes there?
//!
//! Only an address that was verified will do, and that is no second factor of the user.
//! `AccountRecoverySetting` says which goes first; where it says nothing, a phone number goes before
//! an e-mail address.

use alloc::{vec, vec::Vec};

use super::{
    Delivery, Medium, Reason, language,
    template::{self, Parts},
    verification::{self, Sending},
};
use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{
        client::Client,
        code::{self, CodePurpose},
        pool::Pool,
        subject::Subject,
        user::User,
    },
    shapes::{CodeDeliveryDetailsType, RecoveryOptionName},
    trigger::custom_message::Draft,
};

/// The media by which users of the pool get back in, best first; none if only administrators let
/// them in.
pub(crate) fn media(pool: &Pool) -> Vec<Medium> {
    let setting = pool.description.account_recovery_setting.as_ref();
    let ways = setting.and_then(|setting| setting.recovery_mechanisms.as_deref());
    let Some(ways) = ways.filter(|ways| !ways.is_empty()) else {
        return vec![Medium::Sms, Medium::Email];
    };
    let mut ways: Vec<_> = ways.iter().collect();
    ways.sort_by_key(|way| way.priority);
    let medium = |name: RecoveryOptionName| match name {
        RecoveryOptionName::VerifiedEmail => Some(Medium::Email),
        RecoveryOptionName::VerifiedPhoneNumber => Some(Medium::Sms),
        RecoveryOptionName::AdminOnly => None,
    };
    ways.into_iter().filter_map(|way| medium(way.name)).collect()
}

/// The address by which a user gets back in.
///
/// # Errors
/// `NotAuthorizedException` if the user may not choose another password now,
/// `InvalidParameterException` if no address of theirs was verified.
pub(crate) fn address<'a>(pool: &Pool, user: &'a User) -> Result<(Medium, &'a str), Error> {
    user.resettable()?;
    let address = |medium: Medium| {
        let attribute = medium.attribute();
        user.is_verified(attribute).then(|| user.attribute(attribute)).flatten()
    };
    // What proves a user beside the password does not replace it as well.
    let factors = user.usable_factors(pool);
    let is_factor = |medium: Medium| factors.iter().any(|factor| factor.medium() == Some(medium));
    let media = media(pool).into_iter().filter(|medium| !is_factor(*medium));
    let mut found = media.filter_map(|medium| Some((medium, address(medium)?)));
    found.next().ok_or_else(|| {
        let message = "Cannot reset password for the user as there is no registered/verified email \
                       or phone_number";
        Error::saying(Code::InvalidParameter, message)
    })
}

/// Makes a code by which a user may choose another password. `name` is what the user is called in
/// the message; an administrator asks without a client.
///
/// # Errors
/// Those of [`address`]; `LimitExceededException` if too many codes were asked for lately.
pub(crate) fn of_user(
    cx: &Cx,
    (pool, client): (&Pool, Option<&Client>),
    (user, name): (&User, &str),
) -> Result<Sending, Error> {
    let (medium, destination) = address(pool, user)?;
    let key = pool.key_of(&user.username);
    let code = code::issue(
        cx,
        Subject::User(&key),
        CodePurpose::PasswordReset,
        (medium.attribute(), destination),
    )?;
    let parts = Parts::plain(name, &code);
    let spoken = language::of_user(cx, pool, user)?;
    let words = template::recovery(&spoken, medium, parts);
    let draft = Draft { reason: Reason::ForgotPassword, medium, parts, words };
    let delivery = Delivery::written(cx, (pool, client), user, draft, destination)?;
    Ok(Sending { delivery, details: verification::details(medium, destination) })
}

/// What is said to whoever asks for a code of a name that stands for nobody.
///
/// # Errors
/// `LimitExceededException` if too many codes were asked for lately.
pub(crate) fn of_nobody(
    cx: &Cx,
    pool: &Pool,
    name: &str,
) -> Result<CodeDeliveryDetailsType, Error> {
    let mut media = media(pool);
    // Users have the address that the pool verifies, most of them no other.
    media.sort_by_key(|medium| !pool.auto_verifies(medium.attribute()));
    verification::simulated(cx, (pool, &media), name, CodePurpose::PasswordReset)
}
