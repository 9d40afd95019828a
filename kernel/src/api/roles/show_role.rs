//! Tells another place who may take a role and what it may do.

use crate::{iam::role::Role, prelude::*, store::keys};

operation!(ShowRole, Internal, now);

shape! { Input { RoleArn role_arn: String } }

shape! { Output {
    Trust trust: Option<String>,
    Policies policies: Vec<String>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let name = input.role_arn.rsplit('/').next().unwrap_or_default();
    let role = cx.get::<Role>(keys::role(name))?.filter(|role| role.arn == input.role_arn);
    let Some(role) = role else { return Ok(Output { trust: None, policies: Vec::new() }) };
    let role = role.into_inner();
    Ok(Output { trust: Some(role.trust), policies: role.policies.into_values().collect() })
}
