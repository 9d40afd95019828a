//! The first step: `InitiateAuth` and `AdminInitiateAuth`.

use alloc::string::String;

use super::{Door, Outcome, Parameters, choice, custom, password, required, srp};
use crate::{
    access::client_secret,
    cx::Cx,
    error::{Code, Error},
    shape::Choice,
    shapes::{AuthFlow, ExplicitAuthFlow},
    token,
    trigger::define_auth_challenge,
};

/// Begins a sign-in, or refreshes one; `session` is of somebody who has just signed up.
///
/// [`token::ready`] must have been awaited in this call.
///
/// # Errors
/// `InvalidParameterException` for a flow that the client or the operation does not have; those of
/// each flow.
pub(crate) fn initiate(
    cx: &Cx,
    door: &Door<'_>,
    flow: AuthFlow,
    (parameters, session): (&Parameters, Option<&str>),
) -> Result<Outcome, Error> {
    match flow {
        AuthFlow::UserAuth => {
            allow(door, flow, &[ExplicitAuthFlow::AllowUserAuth])?;
            choice::start(cx, door, parameters, session)
        }
        AuthFlow::UserPasswordAuth if !door.is_admin => {
            allow(
                door,
                flow,
                &[ExplicitAuthFlow::AllowUserPasswordAuth, ExplicitAuthFlow::UserPasswordAuth],
            )?;
            password::start(cx, door, parameters)
        }
        AuthFlow::AdminUserPasswordAuth | AuthFlow::AdminNoSrpAuth if door.is_admin => {
            allow(
                door,
                flow,
                &[ExplicitAuthFlow::AllowAdminUserPasswordAuth, ExplicitAuthFlow::AdminNoSrpAuth],
            )?;
            password::start(cx, door, parameters)
        }
        AuthFlow::UserSrpAuth => {
            allow(door, flow, &[ExplicitAuthFlow::AllowUserSrpAuth])?;
            srp::start(cx, door, parameters)
        }
        AuthFlow::RefreshTokenAuth | AuthFlow::RefreshToken => {
            allow(door, flow, &[ExplicitAuthFlow::AllowRefreshTokenAuth])?;
            refresh(cx, door, parameters)
        }
        AuthFlow::CustomAuth => {
            define_auth_challenge::required(door.pool)?;
            allow(
                door,
                flow,
                &[ExplicitAuthFlow::AllowCustomAuth, ExplicitAuthFlow::CustomAuthFlowOnly],
            )?;
            custom::start(cx, door, parameters)
        }
        _ => Err(Error::saying(Code::InvalidParameter, "Initiate Auth method not supported.")),
    }
}

/// Lists in the older manner, which say nothing of SRP and refresh, allow both.
fn allow(door: &Door<'_>, flow: AuthFlow, by: &[ExplicitAuthFlow]) -> Result<(), Error> {
    let older = [ExplicitAuthFlow::AdminNoSrpAuth, ExplicitAuthFlow::UserPasswordAuth];
    let goes_without_saying = [AuthFlow::UserSrpAuth, AuthFlow::RefreshTokenAuth];
    let is_allowed = door.client.allows(by)
        || (goes_without_saying.contains(&flow) && door.client.allows(&older));
    if is_allowed {
        return Ok(());
    }
    let message = match door.is_admin {
        true => "Auth flow not enabled for this client".into(),
        false => alloc::format!("{} flow not enabled for this client", flow.wire()),
    };
    Err(Error::saying(Code::InvalidParameter, message))
}

/// `REFRESH_TOKEN_AUTH`: an invalid token is told before a wrong secret hash.
fn refresh(cx: &Cx, door: &Door<'_>, parameters: &Parameters) -> Result<Outcome, Error> {
    let given = required(parameters, "REFRESH_TOKEN")?;
    if door.client.rotation_grace_s().is_some() {
        let message = "Refresh token rotation is enabled: use GetTokensFromRefreshToken.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let device = parameters.get("DEVICE_KEY").map(String::as_str).filter(|key| !key.is_empty());
    let (result, user) = token::refresh::exchange(cx, door.pool, door.client, (given, device))?;
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    let by_name = client_secret::secret_hash_if_any(cx, door.client, &user.username, hash);
    by_name.or_else(|_| client_secret::secret_hash_if_any(cx, door.client, &user.sub, hash))?;
    Ok(Outcome::Tokens(result))
}
