//! Whether the user of an ID token is still signed in: what a signature alone does not tell.

use crate::{
    model::{session::Session, user::User},
    prelude::*,
    shape::Json,
    store::keys,
};

operation!(CheckIdToken, Internal, now);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    /// The claims of a token whose signature holds.
    Claims claims: Json,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let refused = || Error::from(Code::NotAuthorized);
    let pool = cx.pool(&input.user_pool_id)?;
    let text = |name: &str| input.claims.get(name).and_then(Json::as_str);
    let key = pool.fold(text("cognito:username").unwrap_or_default());
    let user = cx.get::<User>(keys::user(&key))?.ok_or_else(refused)?;
    let is_same = text("sub") == Some(user.sub.as_str());
    let is_signed_in = match text("origin_jti") {
        Some(session_id) => cx
            .shared::<Session>(&keys::session(session_id))?
            .is_some_and(|session| session.is_live(&user)),
        None => {
            let signed_in_s = input.claims.get("auth_time").and_then(Json::as_u64);
            signed_in_s.is_some_and(|signed_in_s| signed_in_s > user.signed_out_ms / 1000)
        }
    };
    match is_same && user.is_enabled && is_signed_in {
        true => Ok(Output {}),
        false => Err(refused()),
    }
}
