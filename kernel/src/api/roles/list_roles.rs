//! `ListRoles`: lists all roles.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>

use crate::{
    iam::role::Role,
    prelude::*,
    store::{keys, page},
};

operation!(iam ListRoles, now, adds []);

shape! { Input {
    Marker marker: Option<String>,
    MaxItems max_items: Option<RoleMaxItems>,
} }

shape! { Output {
    Roles roles: Vec<RoleDescription>,
    IsTruncated is_truncated: bool,
    Marker marker: Option<String>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let limit = input.max_items.map_or(100, RoleMaxItems::get);
    let limit = usize::try_from(limit).unwrap_or(1);
    let (roles, marker) = page::<Role>(cx, keys::ROLES, input.marker.as_deref(), limit)?;
    Ok(Output {
        roles: roles.iter().map(|role| role.described()).collect(),
        is_truncated: marker.is_some(),
        marker,
    })
}
