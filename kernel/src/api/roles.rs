//! Roles: a minimal IAM, because roles must exist somewhere.

pub(super) mod create_role;
pub(super) mod delete_role;
pub(super) mod delete_role_policy;
pub(super) mod get_role;
pub(super) mod get_role_policy;
pub(super) mod list_role_policies;
pub(super) mod list_roles;
pub(super) mod put_role_policy;
pub(super) mod revoke_identity_here;
pub(super) mod show_role;
pub(super) mod update_assume_role_policy;

use crate::{
    error::{Code, Error},
    shape::{Bounded, Text},
    shapes::{PolicyName, RoleMaxItems},
};

/// How many go on a page: as many as asked for, or AWS's hundred.
fn page_size(asked: Option<RoleMaxItems>) -> usize {
    asked.and_then(|asked| usize::try_from(asked.get()).ok()).unwrap_or(100)
}

/// What is said of a document that a role does not have.
fn no_policy(name: &PolicyName) -> Error {
    let message = alloc::format!("The role policy with name {} cannot be found.", name.as_str());
    Error::saying(Code::NoSuchEntity, message)
}
