//! Messages to people: what is sent, by which medium, and why.

pub(crate) mod failures;
pub(crate) mod invitation;
pub(crate) mod language;
pub(crate) mod link;
pub(crate) mod recovery;
mod sender;
pub(crate) mod sign_in;
pub(crate) mod template;
pub(crate) mod verification;

use alloc::{boxed::Box, string::String};
use core::fmt;

use serde::{Deserialize, Serialize};

pub use self::sender::Sender;

use self::template::Parts;

use crate::{
    call::{Answer, Effect},
    cx::Cx,
    error::{Code, Error},
    model::{client::Client, pool::Pool, user::User},
    shapes::{ClientId, DeliveryMedium},
    trigger::{
        Occasion,
        custom_message::{self, Draft},
        custom_sender,
    },
};

/// How a message reaches its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Medium {
    /// By e-mail.
    #[serde(rename = "EMAIL")]
    Email,
    /// By text message.
    #[serde(rename = "SMS")]
    Sms,
}

impl Medium {
    /// The attribute that holds the address.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }

    /// The medium that reaches the address in that attribute.
    pub(crate) fn of_attribute(attribute: &str) -> Option<Self> {
        [Self::Email, Self::Sms].into_iter().find(|medium| medium.attribute() == attribute)
    }

    /// AWS's word for it.
    pub(crate) const fn shown(self) -> DeliveryMedium {
        match self {
            Self::Email => DeliveryMedium::Email,
            Self::Sms => DeliveryMedium::Sms,
        }
    }
}

/// Why a message is sent, in the words of Cognito's trigger sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// An administrator made the user: an invitation with a temporary password.
    AdminCreateUser,
    /// A code to sign in by.
    Authentication,
    /// A password was forgotten, or reset by an administrator: a code for choosing another.
    ForgotPassword,
    /// A code was asked for again.
    ResendCode,
    /// A code that confirms a new user.
    SignUp,
    /// A code that proves an address which a user was just given.
    UpdateUserAttribute,
    /// A code that proves an address, asked for by the user.
    VerifyUserAttribute,
}

/// One message to one person, ready to be sent.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// E-mail or text message.
    pub medium: Medium,
    /// An e-mail address, or a phone number in E.164.
    pub destination: String,
    /// The subject; text messages have none.
    pub subject: Option<String>,
    /// The whole text.
    pub body: String,
    /// The code or the temporary password in the text, on its own.
    pub code: String,
    /// The link in the text that does what the code would do, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Why it is sent.
    pub reason: Reason,
    /// The pool of the user.
    pub user_pool_id: String,
    /// The app client through which it was asked for, if any.
    pub client_id: Option<String>,
    /// The user.
    pub username: String,
    /// Who sends it, as far as the pool says so.
    #[serde(default)]
    pub sender: Sender,
}

impl Delivery {
    /// The message that a draft becomes, by the hand of the pool's function if it has one.
    ///
    /// # Errors
    /// Those of the trigger that writes messages.
    pub(crate) fn written(
        cx: &Cx,
        (pool, client): (&Pool, Option<&Client>),
        user: &User,
        draft: Draft<'_>,
        destination: &str,
    ) -> Result<Self, Error> {
        let Draft { reason, medium, parts: Parts { code, link, .. }, .. } = draft;
        let occasion = Occasion { pool, client, username: &user.username };
        let words = custom_message::written(cx, &occasion, user, draft)?;
        Ok(Self {
            medium,
            destination: destination.into(),
            subject: words.subject,
            body: words.body,
            code: code.into(),
            link: link.map(Into::into),
            reason,
            user_pool_id: pool.id.clone(),
            client_id: client.map(|client| client.id.clone()),
            username: user.username.clone(),
            sender: Sender::of(pool, medium),
        })
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivery({:?}, {:?})", self.medium, self.reason)
    }
}

impl Cx {
    /// Has a message sent, by the pool's own function if it has one. What is not handed over is
    /// written down for administrators.
    ///
    /// # Errors
    /// `CodeDeliveryFailureException` if nobody hands it over.
    pub(crate) async fn deliver(&mut self, delivery: Delivery) -> Result<(), Error> {
        let outcome = self.hand_over(&delivery).await;
        if let Err(Error { code: Code::CodeDeliveryFailure, detail, .. }) = &outcome {
            failures::note(self, &delivery, detail.as_deref().unwrap_or_default())?;
            self.commit()?;
        }
        outcome
    }

    /// The same; through a client that hides users once the caller is answered: nobody can be sent
    /// anything, and that is not to be told by how long it takes.
    ///
    /// # Errors
    /// Those of [`Self::deliver`], where users are not hidden.
    pub(crate) async fn deliver_through(
        &mut self,
        client_id: &ClientId,
        delivery: Delivery,
    ) -> Result<(), Error> {
        let hides_users = self.client(client_id)?.1.hides_users();
        if hides_users {
            self.afterwards(|mut cx| async move { cx.deliver(delivery).await });
            return Ok(());
        }
        self.deliver(delivery).await
    }

    /// The same for operations that declare no failure to deliver, but one of the roles by which
    /// Cognito sends.
    ///
    /// # Errors
    /// `InvalidSmsRoleAccessPolicyException` or `InvalidEmailRoleAccessPolicyException` if nobody
    /// hands it over.
    pub(crate) async fn deliver_by_role(&mut self, delivery: Delivery) -> Result<(), Error> {
        let code = match delivery.medium {
            Medium::Email => Code::InvalidEmailRoleAccessPolicy,
            Medium::Sms => Code::InvalidSmsRoleAccessPolicy,
        };
        self.deliver(delivery).await.map_err(|error| match error.code {
            Code::CodeDeliveryFailure => Error { code, ..error },
            _ => error,
        })
    }

    async fn hand_over(&mut self, delivery: &Delivery) -> Result<(), Error> {
        if custom_sender::send(self, delivery).await? {
            return Ok(());
        }
        match self.ask(Effect::Deliver(Box::new(delivery.clone()))).await {
            Answer::Delivered => Ok(()),
            Answer::Failed(reason) => Err(Error::from(Code::CodeDeliveryFailure).because(reason)),
            _ => Err(Error::bug("a delivery was answered by something else")),
        }
    }
}

/// A destination as it is shown to callers: the first character of the name and of the host, or
/// the last four digits.
pub(crate) fn masked(medium: Medium, destination: &str) -> String {
    match medium {
        Medium::Email => {
            let (name, host) = destination.split_once('@').unwrap_or((destination, ""));
            let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
            alloc::format!("{}***@{}***", first(name), first(host))
        }
        Medium::Sms => {
            let digits = destination.chars().count();
            let shown: String = destination.chars().skip(digits.saturating_sub(4)).collect();
            let hidden = "*".repeat(digits.saturating_sub(5));
            alloc::format!("+{hidden}{shown}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_destination_shows_no_more_than_cognito_does() {
        assert_eq!(masked(Medium::Email, "faa@example.com"), "f***@e***");
        assert_eq!(masked(Medium::Sms, "+12065550100"), "+*******0100");
        assert_eq!(masked(Medium::Email, ""), "***@***");
    }
}
