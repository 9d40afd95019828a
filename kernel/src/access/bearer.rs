//! The user whose access token is in a request.

use alloc::{format, string::String};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{
        client::Client,
        pool::Pool,
        session::Session,
        signing_key::SigningKeys,
        user::{User, UserStatus},
    },
    store::{Row, Shared, keys},
    token::{self, ACCOUNT_SCOPE},
};

/// A user who proved to be signed in, and through which client.
pub(crate) struct Bearer<'cx> {
    pub(crate) pool: Shared<'cx, Pool>,
    pub(crate) client: Shared<'cx, Client>,
    pub(crate) user: Row<'cx, User>,
    /// The session that the token was born from, if it says.
    pub(crate) session_id: Option<String>,
    /// The device that the token was given to, if it says.
    pub(crate) device: Option<String>,
}

/// Verifies an access token of the pool at this place.
///
/// # Errors
/// `NotAuthorizedException` if it is invalid, expired, revoked, or not for the user's own account;
/// `UserNotFoundException` if the user is gone, `ResourceNotFoundException` if the client is;
/// `PasswordResetRequiredException` if an administrator reset the password.
pub(crate) fn verify<'cx>(cx: &'cx Cx, token: &str) -> Result<Bearer<'cx>, Error> {
    let refused = |why: &'static str| Error::saying(Code::NotAuthorized, why);
    let invalid = || refused("Invalid Access Token");
    let pool = cx.shared::<Pool>(keys::POOL)?.ok_or_else(invalid)?;
    let signing = cx.shared::<SigningKeys>(keys::SIGNING_KEYS)?.ok_or_else(invalid)?;
    let claims = token::access_claims(cx, &signing, token).ok_or_else(invalid)?;
    let is_of_pool = claims.iss.rsplit_once('/').is_some_and(|(_, id)| id == pool.id);
    if !is_of_pool || claims.token_use != "access" {
        return Err(invalid());
    }
    if claims.exp <= cx.now_s() {
        return Err(refused("Access Token has expired"));
    }
    if !claims.scope.split(' ').any(|scope| scope == ACCOUNT_SCOPE) {
        return Err(refused("Access Token does not have required scopes"));
    }
    let client = cx.shared::<Client>(&keys::client(&claims.client_id))?.ok_or_else(|| {
        let message = format!("User pool client {} does not exist.", claims.client_id);
        Error::saying(Code::ResourceNotFound, message)
    })?;
    let key = pool.key_of(&claims.username);
    let user = cx.get::<User>(keys::user(&key))?.filter(|user| user.sub == claims.sub);
    let user = user.ok_or(Code::UserNotFound)?;
    cx.admit_for(user.key())?;
    if !user.is_enabled {
        return Err(refused("User is disabled."));
    }
    let is_live = match &claims.origin_jti {
        Some(session_id) => cx
            .shared::<Session>(&keys::session(session_id))?
            .is_some_and(|session| session.is_live(&user)),
        // Seconds are all that such a token tells of its beginning.
        None => claims.auth_time > user.signed_out_ms / 1000,
    };
    if !is_live {
        return Err(refused("Access Token has been revoked"));
    }
    if user.status == UserStatus::ResetRequired {
        return Err(Code::PasswordResetRequired.into());
    }
    let (session_id, device) = (claims.origin_jti.clone(), claims.device_key.clone());
    Ok(Bearer { pool, client, user, session_id, device })
}
