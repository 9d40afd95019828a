//! What an identity's providers say of it, as tags of its sessions.

use alloc::{collections::BTreeMap, string::String};

use super::{Login, issuer};
use crate::{
    cx::Cx,
    error::Error,
    model::identity_pool::{TagMap, role},
    shape::Text,
    store::keys,
};

/// The tags of somebody for whom these logins vouch: those in a developer's token, and what the
/// pool makes of claims.
///
/// # Errors
/// What the store says.
pub(crate) fn of(cx: &Cx, logins: &[Login]) -> Result<BTreeMap<String, String>, Error> {
    let mut tags = BTreeMap::new();
    for login in logins {
        tags.extend(issuer::tags_in(&login.claims));
        let Some(map) = cx.get::<TagMap>(keys::principal_tags(&login.provider))? else { continue };
        for (tag, claim) in map.tags.iter() {
            let values = login.claims.get(claim.as_str()).map(role::values).unwrap_or_default();
            if let [value] = values.as_slice() {
                tags.insert(tag.as_str().into(), value.clone());
            }
        }
    }
    Ok(tags)
}
