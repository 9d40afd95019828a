//! Who is in a pool?

use std::rc::Rc;

use anyhow::{Context, Result};
use kernel::{
    Place, PoolKey,
    testing::{Newcomer, PASSWORD, TestPool, World},
};
use serde_json::{Value as Json, json};

use super::{Sqlite, Stores};

/// How many users of a pool are called for. These have passwords of their own.
pub(crate) const SAMPLES: usize = 100;
/// A group that one in four is in.
pub(crate) const GROUP: &str = "quarter";

/// A pool with its users.
pub(crate) struct Filled {
    pub(crate) pool: TestPool,
    pub(crate) size: usize,
    /// The tokens of the users who are called for.
    pub(crate) tokens: Vec<Json>,
}

/// The name of one of the users.
pub(crate) fn name_of(n: usize) -> String {
    format!("user-{n:07}")
}

/// Their phone number.
pub(crate) fn phone_of(n: usize) -> String {
    format!("+1555{n:07}")
}

/// Their e-mail address.
pub(crate) fn email_of(n: usize) -> String {
    format!("{}@example.com", name_of(n))
}

/// The name that they prefer.
pub(crate) fn preferred_of(n: usize) -> String {
    format!("preferred-{n:07}")
}

impl Filled {
    /// A new pool of that many users.
    pub(crate) fn new(world: &World, stores: &Stores, size: usize) -> Result<Self> {
        let pool = world.pool(json!({
            "AliasAttributes": ["email", "phone_number", "preferred_username"],
            "Schema": [{ "Name": "tier", "AttributeDataType": "String", "Mutable": true }],
        }));
        let store = store_of(&pool, stores)?;
        let input = json!({ "UserPoolId": pool.id, "GroupName": GROUP });
        let _ = world.ok("CreateGroup", input);
        world.user(&pool, "model", json!([]));
        store.hurry()?;
        world.fill(&pool, "model", &mut (0..size).map(newcomer));
        store.settle()?;
        let mut filled = Self { pool, size, tokens: Vec::new() };
        for sample in 0..SAMPLES {
            let username = name_of(filled.nth(sample));
            let _ = world.ok(
                "AdminSetUserPassword",
                json!({
                    "UserPoolId": filled.pool.id, "Username": username,
                    "Password": PASSWORD, "Permanent": true,
                }),
            );
            filled.tokens.push(world.sign_in(&filled.pool, &username));
        }
        Ok(filled)
    }

    /// Which user the one of that number is, of those who are called for, who all may sign in.
    pub(crate) const fn nth(&self, sample: usize) -> usize {
        (sample % SAMPLES) * self.size / SAMPLES / 10 * 10
    }
}

fn store_of(pool: &TestPool, stores: &Stores) -> Result<Rc<Sqlite>> {
    let place = PoolKey::of_pool_id(&pool.id).map(Place::Pool).context("no pool's id")?;
    stores.borrow().get(&place.name()).cloned().context("the pool has no database")
}

fn newcomer(n: usize) -> Newcomer {
    let name = name_of(n);
    let attributes = [
        ("email", email_of(n)),
        ("email_verified", "true".to_owned()),
        ("phone_number", phone_of(n)),
        ("phone_number_verified", "true".to_owned()),
        ("preferred_username", preferred_of(n)),
        ("name", format!("Given-{} Family-{}", n % 97, n % 50)),
        ("given_name", format!("Given-{}", n % 97)),
        ("family_name", format!("Family-{}", n % 50)),
        ("custom:tier", ["gold", "silver", "none"][n % 3].to_owned()),
    ];
    Newcomer {
        name,
        attributes: attributes.map(|(name, value)| (name.to_owned(), value)).into(),
        is_enabled: n % 50 != 49,
        group: n.is_multiple_of(4).then(|| GROUP.to_owned()),
    }
}
