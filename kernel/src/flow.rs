//! Sign-in: a state machine whose steps several operations share.
//!
//! A state is what is asked for next; an edge is an answer that is right. Each line names a state
//! and all states that may follow it; what stands for several is listed first. What is begun is
//! `InitiateAuth` or its twin; who got `TOKENS` is in. `tests/flows/every_edge_of_a_sign_in.rs` reads this drawing, walks each edge and tries
//! every answer that has none.
//!
//! ```text
//! FIRST               = TOKENS NEW_PASSWORD_REQUIRED SECOND
//! SECOND              = SMS_MFA EMAIL_OTP SOFTWARE_TOKEN_MFA SELECT_MFA_TYPE MFA_SETUP DEVICE_SRP_AUTH
//! CHOICE              = PASSWORD PASSWORD_SRP EMAIL_OTP SMS_OTP WEB_AUTHN
//! LED                 = TOKENS CUSTOM_CHALLENGE
//!
//! USER_PASSWORD_AUTH  -> FIRST
//! USER_SRP_AUTH       -> PASSWORD_VERIFIER
//! USER_AUTH           -> SELECT_CHALLENGE CHOICE FIRST PASSWORD_VERIFIER
//! CUSTOM_AUTH         -> LED PASSWORD_VERIFIER ADMIN_NO_SRP_AUTH NEW_PASSWORD_REQUIRED DEVICE_SRP_AUTH
//! CUSTOM_CHALLENGE    -> LED ADMIN_NO_SRP_AUTH NEW_PASSWORD_REQUIRED DEVICE_SRP_AUTH
//! ADMIN_NO_SRP_AUTH   -> FIRST CUSTOM_CHALLENGE
//! SELECT_CHALLENGE    -> EMAIL_OTP SMS_OTP WEB_AUTHN FIRST PASSWORD_VERIFIER
//! WEB_AUTHN           -> TOKENS DEVICE_SRP_AUTH
//! PASSWORD            -> FIRST
//! PASSWORD_SRP        -> PASSWORD_VERIFIER
//! PASSWORD_VERIFIER   -> FIRST CUSTOM_CHALLENGE
//! NEW_PASSWORD_REQUIRED -> LED SECOND
//! SELECT_MFA_TYPE     -> SMS_MFA EMAIL_OTP SOFTWARE_TOKEN_MFA
//! MFA_SETUP           -> LED EMAIL_OTP DEVICE_SRP_AUTH
//! SMS_MFA             -> LED DEVICE_SRP_AUTH
//! SMS_OTP             -> TOKENS DEVICE_SRP_AUTH
//! EMAIL_OTP           -> LED DEVICE_SRP_AUTH
//! SOFTWARE_TOKEN_MFA  -> LED DEVICE_SRP_AUTH
//! DEVICE_SRP_AUTH     -> DEVICE_PASSWORD_VERIFIER
//! DEVICE_PASSWORD_VERIFIER -> LED
//! ```
//!
//! `ADMIN_USER_PASSWORD_AUTH` is `USER_PASSWORD_AUTH` through another door; `REFRESH_TOKEN_AUTH`
//! leads to `TOKENS` and passes nothing. A code as the first factor is offered to those alone of
//! whom no second one is wanted, a passkey to those also of whom it is as good as two. A device that
//! is remembered is as good as a second factor where only new devices are challenged. Where a level
//! of assurance is aimed at, what does not lead there is left out, and a factor may follow that is
//! wanted of nobody else: `step_up`.
//!
//! `CUSTOM_AUTH` is led by functions: `custom` says how. Once it has a proof of the password, what
//! follows that leads back to them.

mod candidate;
mod challenge_session;
mod choice;
mod code;
pub(crate) mod confirmation;
mod custom;
mod device;
pub(crate) mod initiate;
pub(crate) mod lockout;
pub(crate) mod migration;
mod new_password;
mod passed;
pub(crate) mod passkey;
mod password;
pub(crate) mod respond;
mod second_factor;
pub(crate) mod set_up;
pub(crate) mod sign_up;
mod software_token;
mod srp;
mod step_up;

pub(crate) use passed::Passed;

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use challenge_session::{Held, Whom, mint};

use crate::{
    cx::Cx,
    delivery::Delivery,
    error::{Code, Error},
    model::{
        client::Client,
        pool::Pool,
        user::{User, UserStatus},
    },
    shape::Choice,
    shapes::{AuthenticationResultType, ChallengeName},
    token::{self, Grant},
    trigger::{Occasion, post_authentication},
};

/// What a step of a sign-in comes to.
pub(crate) enum Outcome {
    /// One more question to the user.
    Challenge(Challenge),
    /// The user is in.
    Tokens(AuthenticationResultType),
}

/// A question to the user.
pub(crate) struct Challenge {
    pub(crate) name: ChallengeName,
    pub(crate) session: Option<String>,
    pub(crate) parameters: Parameters,
    /// What the user may choose from.
    pub(crate) available: Option<Vec<ChallengeName>>,
    /// What must reach the user before the caller hears of it.
    delivery: Option<Box<Delivery>>,
    /// Whether the caller hears of it sooner: nobody can be sent anything, and where users are
    /// hidden that is not to be told by how long it takes.
    is_sent_afterwards: bool,
}

impl Challenge {
    /// A question that the user answers in a session; `parameters` go with it.
    fn in_session<'w, const N: usize>(
        cx: &Cx,
        door: &Door<'_>,
        whom: impl Into<Whom<'w>>,
        (name, passed, held): (ChallengeName, Passed, Held),
        parameters: [(&str, String); N],
    ) -> Result<Self, Error> {
        let session = Some(mint(cx, door, whom.into(), (name.wire(), passed, held))?);
        let parameters = parameters.map(|(name, value)| (name.to_string(), value));
        Ok(Self { session, parameters: BTreeMap::from(parameters), ..Self::plain(name) })
    }

    const fn plain(name: ChallengeName) -> Self {
        Self {
            name,
            session: None,
            parameters: BTreeMap::new(),
            available: None,
            delivery: None,
            is_sent_afterwards: false,
        }
    }
}

impl Outcome {
    /// Sends what must be sent. The step stands before that: an answer is used up by whoever gave
    /// it first, so that two who give it at once make for one message.
    ///
    /// # Errors
    /// `InvalidSmsRoleAccessPolicyException` or `InvalidEmailRoleAccessPolicyException` if the
    /// message can't be handed over: it is what the operations of sign-in declare.
    pub(crate) async fn sent(mut self, cx: &mut Cx) -> Result<Self, Error> {
        let Self::Challenge(challenge) = &mut self else { return Ok(self) };
        let Some(delivery) = challenge.delivery.take() else { return Ok(self) };
        if challenge.is_sent_afterwards {
            cx.afterwards(|mut cx| async move { cx.deliver_by_role(*delivery).await });
            return Ok(self);
        }
        cx.commit()?;
        cx.deliver_by_role(*delivery).await?;
        Ok(self)
    }
}

/// The members that all four operations answer with, from an [`Outcome`].
macro_rules! output {
    ($outcome:expr) => {
        match $outcome {
            $crate::flow::Outcome::Challenge(challenge) => Output {
                challenge_name: Some(challenge.name),
                session: challenge.session.map(Into::into),
                challenge_parameters: Some(ChallengeParameters(challenge.parameters)),
                authentication_result: None,
                available_challenges: challenge.available,
            },
            $crate::flow::Outcome::Tokens(result) => Output {
                challenge_name: None,
                session: None,
                challenge_parameters: Some(ChallengeParameters::default()),
                authentication_result: Some(result),
                available_challenges: None,
            },
        }
    };
}
pub(crate) use output;

/// Through which door a sign-in came: what both operations of a pair have in common.
pub(crate) struct Door<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) client: &'a Client,
    /// An administrator's operation.
    pub(crate) is_admin: bool,
}

/// The parameters of one step, by name.
pub(crate) type Parameters = BTreeMap<String, String>;

/// A parameter that must be there.
///
/// # Errors
/// `InvalidParameterException` that names it.
fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Error> {
    let value = parameters.get(name).map(String::as_str).filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        let message = alloc::format!("Missing required parameter {name}");
        Error::saying(Code::InvalidParameter, message)
    })
}

/// Refuses users who may not sign in, whatever they prove.
fn refuse_barred(user: &User) -> Result<(), Error> {
    if !user.is_enabled {
        return Err(Error::saying(Code::NotAuthorized, "User is disabled."));
    }
    match user.status {
        UserStatus::Unconfirmed => Err(Code::UserNotConfirmed.into()),
        UserStatus::ResetRequired => Err(Code::PasswordResetRequired.into()),
        UserStatus::Confirmed | UserStatus::ExternalProvider | UserStatus::ForceChangePassword => {
            Ok(())
        }
    }
}

/// What follows once a user has passed so far. Failures are forgotten when the user is in and no
/// sooner: else whoever has the password could guess codes without end.
fn next(cx: &Cx, door: &Door<'_>, user: &User, passed: Passed) -> Result<Outcome, Error> {
    if user.status == UserStatus::ForceChangePassword {
        let is_expired = user.credential.as_ref().is_some_and(|c| c.is_expired(cx.now_ms()));
        if is_expired {
            return Err(Error::saying(
                Code::NotAuthorized,
                "Temporary password has expired and must be reset by an administrator.",
            ));
        }
        return new_password::ask(cx, door, user, passed).map(Outcome::Challenge);
    }
    let device = device::named(cx, door, user, &passed)?;
    let is_at_home = door.pool.challenges_new_devices()
        && device.as_ref().is_some_and(|device| device.is_remembered);
    let is_wanted = !passed.has_second && !is_at_home;
    if (is_wanted || passed.is_short())
        && let Some(challenge) = second_factor::ask(cx, door, user, &passed)?
    {
        return Ok(Outcome::Challenge(challenge));
    }
    if device.is_some() && !passed.has_device {
        return device::ask(cx, door, user, passed).map(Outcome::Challenge);
    }
    if passed.rounds.is_some() {
        return custom::resume(cx, door, user, passed);
    }
    let occasion =
        Occasion { pool: door.pool, client: Some(door.client), username: &user.username };
    let is_at_new_device = door.pool.tracks_devices().is_some() && device.is_none();
    post_authentication::ask(cx, &occasion, (user, is_at_new_device))?;
    lockout::forget(cx, &door.pool.key_of(&user.username))?;
    let grant = Grant { pool: door.pool, client: door.client, user };
    token::sign_in(cx, &grant, &passed).map(Outcome::Tokens)
}

/// One answer for a wrong password and, where the client hides users, for an unknown user.
fn wrong_password() -> Error {
    Error::saying(Code::NotAuthorized, Code::NotAuthorized.sentence().to_string())
}
