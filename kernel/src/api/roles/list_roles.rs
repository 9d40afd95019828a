//! `ListRoles`: lists roles, all of them or those of a path.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>

use super::page_size;
use crate::{iam::role::Role, prelude::*, store::keys};

operation!(iam ListRoles, now, adds []);

shape! { Input {
    PathPrefix path_prefix: Option<RolePathPrefix>,
    Marker marker: Option<IamMarker>,
    MaxItems max_items: Option<RoleMaxItems>,
} }

shape! { Output {
    Roles roles: Vec<RoleDescription>,
    IsTruncated is_truncated: Option<bool>,
    Marker marker: Option<FreeText>,
} }

/// How many roles are looked at for one page.
const LOOK_MAX: usize = 1_000;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let limit = page_size(input.max_items);
    let prefix = input.path_prefix.as_ref().map_or("/", Text::as_str);
    // The marker is the last name that was looked at: names of roles are no secret.
    let range = match &input.marker {
        Some(marker) => keys::after(keys::ROLES, &keys::role(marker.as_str())),
        None => keys::under(keys::ROLES),
    };
    let found = cx.scan::<Role>(&range.start..&range.end, LOOK_MAX)?;
    let (mut roles, mut last, count) = (Vec::new(), None, found.len());
    for role in found {
        if roles.len() == limit {
            return Ok(page(roles, last));
        }
        last = Some(role.name.clone());
        if role.path.starts_with(prefix) {
            roles.push(role.described());
        }
    }
    Ok(page(roles, last.filter(|_| count == LOOK_MAX)))
}

fn page(roles: Vec<RoleDescription>, marker: Option<String>) -> Output {
    Output { roles, is_truncated: Some(marker.is_some()), marker: marker.map(Into::into) }
}
