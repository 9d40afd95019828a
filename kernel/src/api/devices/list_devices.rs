//! `ListDevices`: lists a user's own devices.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html>

use crate::{
    access::bearer::{self, Bearer},
    model::device::Device,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(
    ListDevices, Token, reach AccessToken, now,
    adds [
        Forbidden, InvalidUserPoolConfiguration, PasswordResetRequired, UserNotConfirmed,
        UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Token,
    Limit limit: Option<QueryLimit>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

shape! { Output {
    Devices devices: Option<Vec<DeviceType>>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let key = pool.key_of(&user.username);
    let limit = page_size(input.limit.map(Bounded::get));
    let token = input.pagination_token.as_ref().map(Text::as_str);
    let (devices, token) = page::<Device>(cx, &keys::device(&key, ""), token, limit)?;
    let devices = devices.iter().map(|device| device.described()).collect();
    Ok(Output { devices: Some(devices), pagination_token: token.map(Into::into) })
}
