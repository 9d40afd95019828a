//! `ListRolePolicies`: lists the names of the documents that say what a role may do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html>

use super::page_size;
use crate::prelude::*;

operation!(iam ListRolePolicies, now, adds [NoSuchEntity]);

shape! { Input {
    RoleName role_name: RoleName,
    Marker marker: Option<IamMarker>,
    MaxItems max_items: Option<RoleMaxItems>,
} }

shape! { Output {
    PolicyNames policy_names: Vec<PolicyName>,
    IsTruncated is_truncated: Option<bool>,
    Marker marker: Option<FreeText>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let role = cx.role(input.role_name.as_str())?;
    let limit = page_size(input.max_items);
    let start = input.marker.as_ref().map_or("", Text::as_str);
    // The marker is the last name of the page before.
    let mut names = role.policies.keys().filter(|name| name.as_str() > start);
    let policy_names: Vec<PolicyName> =
        names.by_ref().take(limit).map(|name| name.as_str().into()).collect();
    let is_truncated = names.next().is_some();
    let marker = policy_names.last().filter(|_| is_truncated);
    let marker = marker.map(|name| name.as_str().into());
    Ok(Output { policy_names, is_truncated: Some(is_truncated), marker })
}
