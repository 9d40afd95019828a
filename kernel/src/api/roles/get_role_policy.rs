//! `GetRolePolicy`: shows a document that says what a role may do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html>

use crate::{iam::role::encoded, prelude::*};

operation!(iam GetRolePolicy, now, adds [NoSuchEntity]);

shape! { Input {
    RoleName role_name: RoleName,
    PolicyName policy_name: PolicyName,
} }

shape! { Output {
    RoleName role_name: RoleName,
    PolicyName policy_name: PolicyName,
    PolicyDocument policy_document: PolicyDocument,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let role = cx.role(input.role_name.as_str())?;
    let document = role.policies.get(input.policy_name.as_str());
    let document = document.ok_or_else(|| super::no_policy(&input.policy_name))?;
    Ok(Output {
        policy_document: encoded(document).into(),
        role_name: input.role_name,
        policy_name: input.policy_name,
    })
}
