//! The records of a place, as they stand, for comparing.

use std::{collections::BTreeMap, rc::Rc};

use kernel::{
    Memory, Place, PoolKey, Store,
    testing::{TestPool, World},
};

/// Every record of a place by its key.
pub(super) type Records = BTreeMap<String, Vec<u8>>;

/// What a pool's place holds.
pub(super) fn of_pool(world: &World, pool: &TestPool) -> Records {
    all(&store(world, pool))
}

/// What the account holds.
pub(super) fn of_account(world: &World) -> Records {
    all(&world.records(&Place::Account))
}

/// Where a pool's records stand.
pub(super) fn store(world: &World, pool: &TestPool) -> Rc<Memory> {
    world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()))
}

fn all(store: &Memory) -> Records {
    let page = store.scan(""..char::MAX.to_string().as_str(), usize::MAX).unwrap();
    assert_eq!(page.len(), store.len(), "a record stands beyond the last key");
    page.into_iter().map(|(key, value)| (key, value.to_vec())).collect()
}
