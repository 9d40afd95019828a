//! `CreateRole`: makes a role, and says who may take it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>

use alloc::{collections::BTreeMap, format};

use crate::{
    iam::{
        Kind,
        role::{Role, check},
        session::LIFE_S,
        tag,
    },
    prelude::*,
    store::keys,
};

operation!(
    iam CreateRole, now,
    adds [
        ConcurrentModification, EntityAlreadyExists, InvalidInput, LimitExceeded,
        MalformedPolicyDocument,
    ]
);

shape! { Input {
    Path path: Option<RolePath>,
    RoleName role_name: RoleName,
    AssumeRolePolicyDocument assume_role_policy_document: PolicyDocument,
    Description description: Option<RoleNote>,
    MaxSessionDuration max_session_duration: Option<RoleMaxSession>,
    PermissionsBoundary permissions_boundary: Option<IamArn>,
    Tags tags: Option<IamTags>,
} }

shape! { Output { Role role: RoleDescription } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    if let Some(boundary) = &input.permissions_boundary {
        let message = format!(
            "Scope ARN: {} does not exist or is not attachable: there are no managed policies.",
            boundary.as_str()
        );
        return Err(Error::saying(Code::InvalidInput, message));
    }
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
        longest_s: input.max_session_duration.map_or(LIFE_S, RoleMaxSession::get),
        created_ms: cx.now_ms(),
        tags: tag::read(input.tags.unwrap_or_default(), Code::InvalidInput)?,
    };
    cx.put(&key, &role)?;
    Ok(Output { role: role.described() })
}
