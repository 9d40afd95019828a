//! `ForgetDevice`: forgets a device of its user's, whose refresh tokens die with that.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgetDevice.html>

use crate::{
    access::bearer::{self, Bearer},
    model::device,
    prelude::*,
    token::sessions::Whose,
};

operation!(
    ForgetDevice, Token, reach AccessToken, now,
    adds [
        Forbidden, InvalidUserPoolConfiguration, PasswordResetRequired, UserNotConfirmed,
        UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Option<Token>,
    DeviceKey device_key: DeviceKey,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let token = input.access_token.as_ref().map_or("", Text::as_str);
    let Bearer { pool, user, .. } = bearer::verify(cx, token)?;
    let key = pool.key_of(&user.username);
    device::find(cx, &key, input.device_key.as_str())?.delete();
    Whose { pool: &pool, user: &user }.stop_refreshing_at(cx, input.device_key.as_str())?;
    Ok(Output {})
}
