//! Which address of a user is verified next, and what is said about the code that goes there?

use alloc::vec::Vec;

use super::{
    Delivery, Medium, Reason, language, link, masked,
    template::{self, Parts},
};
use crate::{
    crypto::Purpose,
    cx::Cx,
    error::{Code, Error},
    model::{
        attribute,
        client::Client,
        code::{self, CodePurpose},
        pool::Pool,
        subject::Subject,
        user::User,
    },
    shapes::CodeDeliveryDetailsType,
    trigger::custom_message::Draft,
};

/// A code on its way: the message, and what the caller learns of it.
#[derive(Debug)]
pub(crate) struct Sending {
    pub(crate) delivery: Delivery,
    pub(crate) details: CodeDeliveryDetailsType,
}

/// Makes a code for a new user, if the pool verifies an address that the user has. A phone number
/// goes before an e-mail address. `name` is what the user is called in the message.
///
/// # Errors
/// `LimitExceededException` if too many codes were asked for lately.
pub(crate) fn of_sign_up(
    cx: &Cx,
    (pool, client): (&Pool, &Client),
    (user, name): (&User, &str),
    reason: Reason,
) -> Result<Option<Sending>, Error> {
    let address = |medium: Medium| Some((medium, user.attribute(medium.attribute())?));
    let Some((medium, destination)) = media(pool).find_map(address) else { return Ok(None) };
    let key = pool.key_of(&user.username);
    let issue = if reason == Reason::SignUp { code::issue_unasked } else { code::issue };
    let address = (medium.attribute(), destination);
    let code = issue(cx, Subject::User(&key), CodePurpose::SignUp, address)?;
    let link = link::to_confirm(cx, (pool, client), medium, (user, &code));
    let parts = Parts { username: name, code: &code, link: link.as_deref() };
    let spoken = language::of_user(cx, pool, user)?;
    let words = template::verification(&spoken, medium, parts);
    let draft = Draft { reason, medium, parts, words };
    let delivery = Delivery::written(cx, (pool, Some(client)), user, draft, destination)?;
    Ok(Some(Sending { delivery, details: details(medium, destination) }))
}

/// Makes a code by which a user proves that an address is theirs; an administrator's change has no
/// client.
///
/// # Errors
/// `InvalidParameterException` if codes prove nothing of that kind, `LimitExceededException` if too
/// many were asked for lately.
pub(crate) fn of_attribute(
    cx: &Cx,
    (pool, client): (&Pool, Option<&Client>),
    user: &User,
    (attribute, destination): (&str, &str),
    reason: Reason,
) -> Result<Sending, Error> {
    let kind = Medium::of_attribute(attribute).zip(CodePurpose::of_attribute(attribute));
    let Some((medium, purpose)) = kind else {
        let message = alloc::format!("{attribute} can not be verified by a code.");
        return Err(Error::saying(Code::InvalidParameter, message));
    };
    let key = pool.key_of(&user.username);
    let code = code::issue(cx, Subject::User(&key), purpose, (attribute, destination))?;
    let parts = Parts::plain(&user.username, &code);
    let spoken = language::of_user(cx, pool, user)?;
    let words = template::verification(&spoken, medium, parts);
    let draft = Draft { reason, medium, parts, words };
    let delivery = Delivery::written(cx, (pool, client), user, draft, destination)?;
    Ok(Sending { delivery, details: details(medium, destination) })
}

/// Makes a code for each address that a user was just given and has to prove.
///
/// # Errors
/// `TooManyRequestsException` if too many codes were made lately: it is what the operations that
/// change attributes declare.
pub(crate) fn of_changes(
    cx: &Cx,
    by: (&Pool, Option<&Client>),
    user: &User,
    unproved: &[attribute::Unproved],
) -> Result<Vec<Sending>, Error> {
    let sendings = unproved.iter().map(|(attribute, destination)| {
        of_attribute(cx, by, user, (attribute, destination), Reason::UpdateUserAttribute)
    });
    sendings.collect::<Result<_, Error>>().map_err(|error| match error.code {
        Code::LimitExceeded => Error { code: Code::TooManyRequests, ..error },
        _ => error,
    })
}

/// The media by which the pool verifies addresses, best first.
pub(crate) fn media(pool: &Pool) -> impl Iterator<Item = Medium> {
    [Medium::Sms, Medium::Email].into_iter().filter(|medium| pool.auto_verifies(medium.attribute()))
}

/// What is said to whoever asks again for a code of a name that stands for nobody.
///
/// # Errors
/// `LimitExceededException` if too many codes were asked for lately.
pub(crate) fn of_nobody(
    cx: &Cx,
    pool: &Pool,
    name: &str,
) -> Result<CodeDeliveryDetailsType, Error> {
    let media: alloc::vec::Vec<Medium> = media(pool).collect();
    simulated(cx, (pool, &media), name, CodePurpose::SignUp)
}

/// What is said about a code that nobody gets: the same each time, and as often.
pub(super) fn simulated(
    cx: &Cx,
    (pool, media): (&Pool, &[Medium]),
    name: &str,
    purpose: CodePurpose,
) -> Result<CodeDeliveryDetailsType, Error> {
    let name = pool.fold(name);
    code::issue(cx, Subject::Nobody(&name), purpose, ("", ""))?;
    simulated_destination(cx, media, &name)
}

/// What is said of where a code goes that nobody gets: the same each time for a name.
pub(crate) fn simulated_destination(
    cx: &Cx,
    media: &[Medium],
    name: &str,
) -> Result<CodeDeliveryDetailsType, Error> {
    let is_address = |medium: &&Medium| match medium {
        Medium::Email => attribute::is_email(name),
        Medium::Sms => attribute::is_phone_number(name),
    };
    if let Some(medium) = media.iter().find(is_address) {
        return Ok(details(*medium, name));
    }
    let label: &[u8] = b"destination\0";
    let parts = [label, name.as_bytes()];
    let [a, b, c, d, ..] = cx.vault()?.fingerprint(Purpose::Simulation, &parts);
    let letter = |byte: u8| char::from(b'a' + byte % 26);
    Ok(match media.first() {
        Some(Medium::Sms) => {
            let digits = u32::from_be_bytes([0, b, c, d]) % 10_000;
            details(Medium::Sms, &alloc::format!("+1206555{digits:04}"))
        }
        _ => details(Medium::Email, &alloc::format!("{}@{}", letter(a), letter(b))),
    })
}

/// What is said about a code that goes to that address.
pub(super) fn details(medium: Medium, destination: &str) -> CodeDeliveryDetailsType {
    CodeDeliveryDetailsType {
        destination: Some(masked(medium, destination)),
        delivery_medium: Some(medium.shown()),
        attribute_name: Some(medium.attribute().into()),
    }
}
