//! `UpdateAssumeRolePolicy`: says anew who may take a role.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html>

use crate::{
    iam::{Kind, role::check},
    prelude::*,
};

operation!(
    iam UpdateAssumeRolePolicy, now,
    adds [LimitExceeded, MalformedPolicyDocument, NoSuchEntity, UnmodifiableEntity]
);

shape! { Input {
    RoleName role_name: RoleName,
    PolicyDocument policy_document: PolicyDocument,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut role = cx.role(input.role_name.as_str())?;
    check(input.policy_document.as_str(), Kind::Trust)?;
    role.trust = input.policy_document.into_string();
    role.save()?;
    Ok(Output {})
}
