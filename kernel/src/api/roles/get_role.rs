//! `GetRole`: tells all about a role.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>

use crate::prelude::*;

operation!(iam GetRole, now, adds [NoSuchEntity]);

shape! { Input { RoleName role_name: RoleName } }

shape! { Output { Role role: RoleDescription } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    Ok(Output { role: cx.role(input.role_name.as_str())?.described() })
}
