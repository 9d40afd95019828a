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

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use serde_json::json;

    use crate::testing::{Assumed, World, outcome};

    #[test]
    fn the_account_gets_its_own_credentials_for_an_hour() {
        let world = World::new();
        let given = world.assume("GetSessionToken", &[]).unwrap();
        let by = given.credentials();
        let sts = |action: &str, members: &[(&str, &str)]| {
            let answer = world.send(&world.query_by(&by, "sts", action, members));
            Assumed::read(&answer)
        };
        let who = sts("GetCallerIdentity", &[]).unwrap();
        assert_eq!(who.member("Arn"), "arn:aws:iam::123456789012:root");
        let pools = || {
            let request = world.signed_by(&by, "ListUserPools", &json!({ "MaxResults": 1 }));
            outcome(&world.send(&request)).map_err(|failure| failure.code)
        };
        assert!(pools().is_ok());
        let refused = sts("GetSessionToken", &[]).unwrap_err();
        assert!(refused.starts_with("403 AccessDenied"), "{refused}");
        let listed = world.send(&world.query_by(&by, "iam", "ListRoles", &[]));
        assert_eq!(listed.status, 403);
        world.advance_s(3_600);
        assert_eq!(pools().unwrap_err(), "ExpiredTokenException");
    }

    #[test]
    fn whoever_has_a_role_gets_none_and_so_does_a_code_of_no_device() {
        let world = World::new();
        let trust = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": "123456789012" },
        } })
        .to_string();
        let members = [("RoleName", "open"), ("AssumeRolePolicyDocument", &*trust)];
        let _ = world.query("iam", "CreateRole", &members);
        let role = "arn:aws:iam::123456789012:role/open";
        let taken = [("RoleArn", role), ("RoleSessionName", "ann")];
        let taken = world.assume("AssumeRole", &taken).unwrap().credentials();
        let answer = world.send(&world.query_by(&taken, "sts", "GetSessionToken", &[]));
        assert_eq!(
            Assumed::read(&answer).unwrap_err(),
            "403 AccessDenied: Cannot call GetSessionToken with session credentials"
        );
        let code = [("SerialNumber", "arn:aws:iam::1:mfa/a"), ("TokenCode", "123456")];
        assert!(world.assume("GetSessionToken", &code).unwrap_err().starts_with("403"));
        let short = world.assume("GetSessionToken", &[("DurationSeconds", "899")]).unwrap_err();
        assert!(short.starts_with("400 ValidationError"), "{short}");
    }
}
