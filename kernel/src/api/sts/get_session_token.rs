//! `GetSessionToken`: gives the account's own credentials for a while.
//!
//! As in AWS, they open neither IAM nor the rest of STS.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>

use alloc::format;

use crate::{access::credentials::RoleSession, iam::session, message::Principal, prelude::*};

operation!(sts GetSessionToken, Iam, now, adds [RegionDisabled]);

shape! { Input {
    DurationSeconds duration_seconds: Option<SessionDuration>,
    SerialNumber serial_number: Option<MfaSerialNumber>,
    TokenCode token_code: Option<MfaTokenCode>,
    MinimumSessionTokenSize minimum_session_token_size: Option<MinimumSessionTokenSize>,
} }

shape! { Output {
    Credentials credentials: Option<SessionCredentials>,
    SessionTokenUtilization session_token_utilization: Option<NonNegative>,
    SessionTokenSize session_token_size: Option<NonNegative>,
} }

/// AWS's bound, and default, for the account itself.
const LONGEST_S: i32 = 3_600;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    if !matches!(cx.caller.principal, Principal::Root) {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(Error::saying(Code::AccessDenied, message));
    }
    if input.serial_number.is_some() || input.token_code.is_some() {
        let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        return Err(Error::saying(Code::AccessDenied, message));
    }
    let lives_s = input.duration_seconds.map_or(LONGEST_S, SessionDuration::get).min(LONGEST_S);
    let lives_ms = u64::try_from(lives_s).unwrap_or_default() * 1_000;
    let account = &cx.deployment().account_id;
    let root = RoleSession {
        role_arn: format!("arn:aws:iam::{account}:root"),
        role_id: account.clone(),
        issued_ms: cx.now_ms(),
        expires_ms: (cx.now_ms() + lives_ms) / 1000 * 1000,
        ..RoleSession::default()
    };
    let token_bytes_min = session::token_bytes_min(input.minimum_session_token_size);
    let credentials = session::credentials(cx, root, token_bytes_min)?;
    let token_bytes = i32::try_from(credentials.session_token.as_str().len()).ok();
    Ok(Output {
        credentials: Some(credentials),
        session_token_utilization: None,
        session_token_size: token_bytes.map(Into::into),
    })
}
