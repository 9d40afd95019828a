//! `AdminUpdateDeviceStatus`: says whether a user's device is remembered.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateDeviceStatus.html>

use crate::{directory, model::device, prelude::*};

operation!(AdminUpdateDeviceStatus, Iam, reach Pool, now, adds [InvalidUserPoolConfiguration, UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    DeviceKey device_key: DeviceKey,
    DeviceRememberedStatus device_remembered_status: Option<DeviceRememberedStatus>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    let key = pool.key_of(&user.username);
    let mut device = device::find(cx, &key, input.device_key.as_str())?;
    if let Some(status) = input.device_remembered_status {
        device.remember(status == DeviceRememberedStatus::Remembered, cx.now_ms());
        device.save()?;
    }
    Ok(Output {})
}
