//! `GetCallerIdentity`: tells whose credentials signed the call. No policy can forbid it.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use crate::{message::Principal, prelude::*};

operation!(sts GetCallerIdentity, Iam, now, adds []);

shape! { Input {} }

shape! { Output {
    UserId user_id: Option<FreeText>,
    Account account: Option<FreeText>,
    Arn arn: Option<StsArn>,
} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let account = cx.deployment().account_id.clone();
    let (user_id, arn) = match &cx.caller.principal {
        Principal::Role(session) => (session.user_id(), session.arn()),
        _ => (account.clone(), alloc::format!("arn:aws:iam::{account}:root")),
    };
    Ok(Output {
        user_id: Some(user_id.into()),
        account: Some(account.into()),
        arn: Some(arn.into()),
    })
}
