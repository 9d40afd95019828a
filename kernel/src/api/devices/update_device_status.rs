//! `UpdateDeviceStatus`: says whether a user's own device is remembered.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateDeviceStatus.html>

use crate::{
    access::bearer::{self, Bearer},
    model::device,
    prelude::*,
};

operation!(
    UpdateDeviceStatus, Token, reach AccessToken, now,
    adds [
        Forbidden, InvalidUserPoolConfiguration, PasswordResetRequired, UserNotConfirmed,
        UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Token,
    DeviceKey device_key: DeviceKey,
    DeviceRememberedStatus device_remembered_status: Option<DeviceRememberedStatus>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let key = pool.key_of(&user.username);
    let mut device = device::find(cx, &key, input.device_key.as_str())?;
    if let Some(status) = input.device_remembered_status {
        device.remember(status == DeviceRememberedStatus::Remembered, cx.now_ms());
        device.save()?;
    }
    Ok(Output {})
}
