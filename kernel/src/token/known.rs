//! Which tokens were verified a moment ago? A client shows the same access token with every request
//! of an hour.
//!
//! All that is remembered is that a key of the pool signed these claims, which stays true for as
//! long as the keys stand. Whether they have expired or were revoked is looked at each time.

use alloc::rc::Rc;
use core::cell::RefCell;

use super::{claims::AccessClaims, jwt};
use crate::{
    crypto::sha256,
    cx::Cx,
    model::signing_key::{KeyUse, SigningKeys},
    store::{Recent, Shared},
};

/// Tokens that were verified lately, by their hash: not even memory holds what a thief could show.
pub(crate) struct Known(RefCell<Signed>);

struct Signed {
    /// What signed all of them.
    keys: Option<Rc<SigningKeys>>,
    claims: Recent<[u8; 32], Rc<AccessClaims>>,
}

/// About half a megabyte.
const YOUNG_MAX: usize = 512;

impl Default for Known {
    fn default() -> Self {
        Self(RefCell::new(Signed { keys: None, claims: Recent::new(YOUNG_MAX) }))
    }
}

impl Signed {
    /// Forgets all that other keys signed.
    fn only(&mut self, keys: &Rc<SigningKeys>) {
        if !self.keys.as_ref().is_some_and(|known| Rc::ptr_eq(known, keys)) {
            self.keys = Some(keys.clone());
            self.claims.clear();
        }
    }
}

/// The claims of an access token that one of the pool's keys signed; nothing if none did.
pub(crate) fn access_claims(
    cx: &Cx,
    keys: &Shared<'_, SigningKeys>,
    token: &str,
) -> Option<Rc<AccessClaims>> {
    let hash = sha256(&[token.as_bytes()]);
    let mut known = cx.known_tokens().0.borrow_mut();
    known.only(keys.rc());
    if let Some(claims) = known.claims.get(&hash) {
        return Some(claims);
    }
    let claims = jwt::verify::<AccessClaims>(cx.crypto(), keys, KeyUse::Access, token)?;
    let claims = Rc::new(claims.into_inner());
    known.claims.put(hash, claims.clone());
    Some(claims)
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use serde_json::json;

    use super::*;
    use crate::testing::World;

    #[test]
    fn other_keys_make_all_unknown() {
        let claims = json!({
            "sub": "s", "iss": "i", "client_id": "c", "event_id": "e", "token_use": "access",
            "scope": "", "auth_time": 0, "exp": 0, "iat": 0, "username": "ann",
        });
        let claims = Rc::new(serde_json::from_value::<AccessClaims>(claims).unwrap());
        let (one, other) = (Rc::new(SigningKeys::default()), Rc::new(SigningKeys::default()));
        let known = Known::default();
        let mut known = known.0.borrow_mut();
        known.only(&one);
        known.claims.put([1; 32], claims);
        known.only(&one);
        assert!(known.claims.get(&[1; 32]).is_some());
        known.only(&other);
        assert!(known.claims.get(&[1; 32]).is_none());
    }

    #[test]
    fn a_token_that_was_known_is_refused_once_it_expired_or_was_revoked() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = |tokens: serde_json::Value| tokens["AccessToken"].as_str().unwrap().to_string();
        let [first, second] = [(); 2].map(|()| token(world.sign_in(&pool, "ann")));
        let get = |token: &String| world.call("GetUser", json!({ "AccessToken": token }));
        assert!(get(&first).is_ok() && get(&first).is_ok() && get(&second).is_ok());
        let mut spoiled = first.clone();
        spoiled.insert_str(first.rfind('.').unwrap() + 1, "AA");
        assert_eq!(get(&spoiled).unwrap_err().message, "Invalid Access Token");
        let _ = world.ok("GlobalSignOut", json!({ "AccessToken": first }));
        assert_eq!(get(&second).unwrap_err().message, "Access Token has been revoked");
        world.advance_s(1);
        let third = token(world.sign_in(&pool, "ann"));
        assert!(get(&third).is_ok());
        world.advance_s(3_601);
        assert_eq!(get(&third).unwrap_err().message, "Access Token has expired");
    }
}
