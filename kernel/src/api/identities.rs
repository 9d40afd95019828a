//! Identities: who somebody is across providers, and what that opens.

pub(super) mod delete_identities;
pub(super) mod describe_identity;
pub(super) mod drop_identities;
pub(super) mod get_credentials_for_identity;
pub(super) mod get_id;
pub(super) mod get_open_id_token;
pub(super) mod get_open_id_token_for_developer_identity;
pub(super) mod list_identities;
pub(super) mod lookup_developer_identity;
pub(super) mod merge_developer_identities;
pub(super) mod revoke_identity_credentials;
pub(super) mod unlink_developer_identity;
pub(super) mod unlink_identity;

use crate::{
    error::{Code, Error},
    model::identity_pool::IdentityPool,
    shape::Text,
    shapes::DeveloperProviderName,
};

/// Whether that is the name of the pool's developer provider.
fn check_developer(pool: &IdentityPool, name: &DeveloperProviderName) -> Result<(), Error> {
    match pool.is_developer(name.as_str()) {
        true => Ok(()),
        false => Err(Error::saying(
            Code::InvalidParameter,
            alloc::format!("{} is not the developer provider of the pool.", name.as_str()),
        )),
    }
}
