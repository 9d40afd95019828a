//! `GetDevice`: tells users about one of their devices.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html>

use crate::{
    access::bearer::{self, Bearer},
    model::device,
    prelude::*,
};

operation!(
    GetDevice, Token, reach AccessToken, now,
    adds [
        Forbidden, InvalidUserPoolConfiguration, PasswordResetRequired, UserNotConfirmed,
        UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Option<Token>,
    DeviceKey device_key: DeviceKey,
} }

shape! { Output {
    Device device: DeviceType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let token = input.access_token.as_ref().map_or("", Text::as_str);
    let Bearer { pool, user, .. } = bearer::verify(cx, token)?;
    let key = pool.key_of(&user.username);
    let device = device::find(cx, &key, input.device_key.as_str())?;
    Ok(Output { device: device.described() })
}
