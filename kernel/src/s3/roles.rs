//! What may roles do, as the account said lately?
//!
//! There is one account, and there are as many requests for objects as all users make: asked about
//! each, it would bound them all. So what it says of a role is taken for [`GOOD_FOR_MS`], which is
//! how long a policy that was taken away, or a session that was revoked, may still open something, as
//! policies at AWS do for longer.

use alloc::{collections::BTreeMap, rc::Rc, string::String};
use core::cell::RefCell;

use crate::shape::Json;

/// What was said, and until when it is good, by what was asked: of a role, and of an identity that
/// has it.
#[derive(Debug, Default)]
pub(super) struct Roles(RefCell<BTreeMap<String, (Rc<Json>, u64)>>);

/// For how long what was said is good.
const GOOD_FOR_MS: u64 = 2_000;
/// How many roles are known at most; each may have policies of some ten thousand characters.
const ROLES_MAX: usize = 256;

impl Roles {
    /// What is known of a role.
    pub(super) fn known(&self, asked: &str, now_ms: u64) -> Option<Rc<Json>> {
        let roles = self.0.borrow();
        let (role, until_ms) = roles.get(asked)?;
        (now_ms < *until_ms).then(|| role.clone())
    }

    /// Takes what the account says of a role.
    pub(super) fn keep(&self, asked: String, role: Json, now_ms: u64) -> Rc<Json> {
        let mut roles = self.0.borrow_mut();
        if roles.len() >= ROLES_MAX {
            roles.clear();
        }
        let role = Rc::new(role);
        roles.insert(asked, (role.clone(), now_ms.saturating_add(GOOD_FOR_MS)));
        role
    }
}
