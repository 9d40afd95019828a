//! `AdminListDevices`: lists the devices of a user.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListDevices.html>

use crate::{
    model::device::Device,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(AdminListDevices, Iam, reach Pool, now, adds [InvalidUserPoolConfiguration]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    Limit limit: Option<QueryLimit>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

shape! { Output {
    Devices devices: Option<Vec<DeviceType>>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = super::known(cx, &pool, input.username.as_str())?;
    let key = pool.key_of(&user.username);
    let limit = page_size(input.limit.map(Bounded::get));
    let token = input.pagination_token.as_ref().map(Text::as_str);
    let (devices, token) = page::<Device>(cx, &keys::device(&key, ""), token, limit)?;
    let devices = devices.iter().map(|device| device.described()).collect();
    Ok(Output { devices: Some(devices), pagination_token: token.map(Into::into) })
}
