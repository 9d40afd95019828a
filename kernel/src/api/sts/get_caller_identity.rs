//! `GetCallerIdentity`: tells whose credentials signed the call. No policy can forbid it.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use crate::{message::Principal, prelude::*};

operation!(sts GetCallerIdentity, Iam, now, adds []);

shape! { Input {} }

shape! { Output {
    UserId user_id: String,
    Account account: String,
    Arn arn: String,
} }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let account = cx.deployment().account_id.clone();
    let (user_id, arn) = match &cx.caller.principal {
        Principal::Role(session) => (session.name.clone(), session.arn()),
        _ => (account.clone(), alloc::format!("arn:aws:iam::{account}:root")),
    };
    Ok(Output { user_id, account, arn })
}
