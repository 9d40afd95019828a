//! `CreateRole`: makes a role, and says who may take it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>

use alloc::{collections::BTreeMap, format};

use crate::{
    iam::{
        Kind,
        role::{Role, check},
    },
    prelude::*,
    store::keys,
};

operation!(iam CreateRole, now, adds [EntityAlreadyExists, MalformedPolicyDocument]);

shape! { Input {
    Path path: Option<RolePath>,
    RoleName role_name: RoleName,
    AssumeRolePolicyDocument assume_role_policy_document: PolicyDocument,
    Description description: Option<RoleNote>,
    MaxSessionDuration max_session_duration: Option<RoleMaxSession>,
} }

shape! { Output { Role role: RoleDescription } }

/// For how many seconds at most credentials of the role are good unless the role says otherwise.
const LONGEST_S: i32 = 3_600;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let name = input.role_name.into_string();
    let key = keys::role(&name);
    if cx.has(&key)? {
        let message = format!("Role with name {name} already exists.");
        return Err(Error::saying(Code::EntityAlreadyExists, message));
    }
    check(input.assume_role_policy_document.as_str(), Kind::Trust)?;
    let path = input.path.map_or("/".into(), RolePath::into_string);
    let id = cx.random.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17);
    let role = Role {
        id: format!("AROA{id}"),
        arn: format!("arn:aws:iam::{}:role{path}{name}", cx.deployment().account_id),
        name,
        path,
        description: input.description.map(RoleNote::into_string),
        trust: input.assume_role_policy_document.into_string(),
        policies: BTreeMap::new(),
        longest_s: input.max_session_duration.map_or(LONGEST_S, RoleMaxSession::get),
        created_ms: cx.now_ms(),
    };
    cx.put(&key, &role)?;
    Ok(Output { role: role.described() })
}
