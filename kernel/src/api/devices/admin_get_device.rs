//! `AdminGetDevice`: tells about a device of a user.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetDevice.html>

use crate::{model::device, prelude::*};

operation!(AdminGetDevice, Iam, reach Pool, now, adds [InvalidUserPoolConfiguration]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    DeviceKey device_key: DeviceKey,
} }

shape! { Output {
    Device device: DeviceType,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = super::known(cx, &pool, input.username.as_str())?;
    let key = pool.key_of(&user.username);
    let device = device::find(cx, &key, input.device_key.as_str())?;
    Ok(Output { device: device.described() })
}
