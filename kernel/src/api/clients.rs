//! App clients.

pub(super) mod add_user_pool_client_secret;
pub(super) mod create_user_pool_client;
pub(super) mod delete_user_pool_client;
pub(super) mod delete_user_pool_client_secret;
pub(super) mod describe_user_pool_client;
pub(super) mod list_user_pool_client_secrets;
pub(super) mod list_user_pool_clients;
pub(super) mod update_user_pool_client;

use crate::{
    access::client_secret,
    cx::Cx,
    error::{Code, Error},
    model::client::{Client, Secret},
    shape::{Text, Timestamp},
    shapes::{ClientId, ClientSecretDescriptorType, UserPoolClientType, UserPoolId},
    store::{Row, keys},
};

/// The client that an administrator names.
///
/// # Errors
/// `ResourceNotFoundException` if the pool or the client does not exist.
pub(super) fn known<'cx>(
    cx: &'cx Cx,
    pool_id: &UserPoolId,
    client_id: &ClientId,
) -> Result<Row<'cx, Client>, Error> {
    cx.pool(pool_id)?;
    let id = client_id.as_str();
    cx.get(keys::client(id))?.ok_or_else(|| {
        let message = alloc::format!("User pool client {id} does not exist.");
        Error::saying(Code::ResourceNotFound, message)
    })
}

/// A secret, as it is listed.
fn listed(secret: &Secret) -> ClientSecretDescriptorType {
    ClientSecretDescriptorType {
        client_secret_id: Some(secret.id.as_str().into()),
        client_secret_value: None,
        client_secret_create_date: Some(Timestamp(secret.created_ms)),
    }
}

/// The client as administrators see it: with its secret.
fn shown(cx: &Cx, client: &Client) -> Result<UserPoolClientType, Error> {
    let client_secret = client_secret::reveal(cx, client)?;
    Ok(UserPoolClientType { client_secret, ..client.description.clone() })
}
