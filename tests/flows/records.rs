//! The records of a place, as they stand, for comparing.

use std::{collections::BTreeMap, rc::Rc};

use kernel::{
    Place, PoolKey, Store,
    testing::{TestPool, World},
};

/// Every record by its place and its key.
pub(super) type Records = BTreeMap<(String, String), Vec<u8>>;

/// What a pool's places hold.
pub(super) fn of_pool(world: &World, pool: &TestPool) -> Records {
    world.pool_records(&pool.id)
}

/// The store of a pool's first place, where its configuration and its jobs stand.
pub(super) fn store(world: &World, pool: &TestPool) -> Rc<dyn Store> {
    world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()))
}

/// What the account holds, by its keys.
pub(super) fn of_account(world: &World) -> BTreeMap<String, Vec<u8>> {
    let store = world.records(&Place::Account);
    let page = store.scan(""..char::MAX.to_string().as_str(), usize::MAX).unwrap();
    let beyond = store.scan(char::MAX.to_string().as_str().."\u{10FFFF}\u{10FFFF}", 1).unwrap();
    assert!(beyond.is_empty(), "a record stands beyond the last key");
    page.into_iter().map(|(key, value)| (key, value.to_vec())).collect()
}
