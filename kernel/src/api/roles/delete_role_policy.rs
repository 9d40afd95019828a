//! `DeleteRolePolicy`: takes a document from a role.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html>

use crate::prelude::*;

operation!(iam DeleteRolePolicy, now, adds [LimitExceeded, NoSuchEntity, UnmodifiableEntity]);

shape! { Input {
    RoleName role_name: RoleName,
    PolicyName policy_name: PolicyName,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut role = cx.role(input.role_name.as_str())?;
    if role.policies.remove(input.policy_name.as_str()).is_none() {
        return Err(super::no_policy(&input.policy_name));
    }
    role.save()?;
    Ok(Output {})
}
