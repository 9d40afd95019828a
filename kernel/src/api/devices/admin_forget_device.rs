//! `AdminForgetDevice`: forgets a device of a user, whose refresh tokens die with that.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminForgetDevice.html>

use crate::{directory, model::device, prelude::*, token::sessions::Whose};

operation!(AdminForgetDevice, Iam, reach Pool, now, adds [InvalidUserPoolConfiguration, UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    DeviceKey device_key: DeviceKey,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    let key = pool.key_of(&user.username);
    device::find(cx, &key, input.device_key.as_str())?.delete();
    Whose { pool: &pool, user: &user }.stop_refreshing_at(cx, input.device_key.as_str())?;
    Ok(Output {})
}
