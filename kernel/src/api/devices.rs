//! Devices of users: confirmed, listed, remembered, forgotten.

pub(super) mod admin_forget_device;
pub(super) mod admin_get_device;
pub(super) mod admin_list_devices;
pub(super) mod admin_update_device_status;
pub(super) mod confirm_device;
pub(super) mod forget_device;
pub(super) mod get_device;
pub(super) mod list_devices;
pub(super) mod update_device_status;

use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{pool::Pool, user::User},
    store::Row,
};

/// The user whom an administrator names, where AWS declares no error of its own for nobody.
fn known<'cx>(cx: &'cx Cx, pool: &Pool, name: &str) -> Result<Row<'cx, User>, Error> {
    let user = directory::find(cx, pool, name)?;
    user.ok_or_else(|| Error::saying(Code::ResourceNotFound, Code::UserNotFound.sentence()))
}
