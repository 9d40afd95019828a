//! `ListRolePolicies`: lists the names of the documents that say what a role may do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html>

use crate::prelude::*;

operation!(iam ListRolePolicies, now, adds [NoSuchEntity]);

shape! { Input { RoleName role_name: RoleName } }

shape! { Output {
    PolicyNames policy_names: Vec<String>,
    IsTruncated is_truncated: bool,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let role = cx.role(input.role_name.as_str())?;
    Ok(Output { policy_names: role.policies.keys().cloned().collect(), is_truncated: false })
}
