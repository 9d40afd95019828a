//! Regions, and what happens between places, in tests.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use super::{Failure, ORIGIN, TestPool, World};
use crate::{
    Place, PoolKey, Service, Store, Write,
    message::{Caller, Head, Message, Principal, Protocol},
    shape::Json,
};

impl dyn Store {
    /// The number of records held.
    #[must_use]
    pub fn len(&self) -> usize {
        let all = crate::store::keys::under("");
        self.scan(&all.start..&all.end, usize::MAX).unwrap_or_default().len()
    }

    /// Whether it holds no record at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl World {
    /// From now on, calls are signed for that region.
    pub fn move_to(&self, region: &str) {
        self.region.replace(region.to_string());
    }

    /// From now on (or no longer), no place reaches another.
    pub fn calls_fail(&self, fails: bool) {
        self.calls_fail.set(fails);
    }

    /// Every record of every place, by the place's name and the record's key.
    #[must_use]
    pub fn all_records(&self) -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
        let all = crate::store::keys::under("");
        let places: Vec<Place> = self.places.borrow().keys().cloned().collect();
        let records = |place: &Place| {
            let page = self.records(place).scan(&all.start..&all.end, usize::MAX);
            let records = page.unwrap_or_default().into_iter();
            records.map(|(key, value)| (key, value.to_vec())).collect()
        };
        places.iter().map(|place| (place.name(), records(place))).collect()
    }

    /// Where in its pool what goes by that name lives.
    ///
    /// # Panics
    /// If the pool's id is none.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test ends here")]
    pub fn home(&self, pool_id: &str, name: &str) -> Place {
        PoolKey::of_pool_id(pool_id).expect("a pool's id").home(name)
    }

    /// The records of all places of a pool, each place's by its name.
    #[must_use]
    pub fn pool_records(&self, pool_id: &str) -> BTreeMap<(String, String), Vec<u8>> {
        let mut all = BTreeMap::new();
        let range = crate::store::keys::under("");
        for place in PoolKey::of_pool_id(pool_id).into_iter().flat_map(PoolKey::places) {
            let records = self.records(&place);
            let page = records.scan(range.start.as_str()..range.end.as_str(), usize::MAX);
            for (key, value) in page.unwrap_or_default() {
                all.insert((place.name(), key), value.to_vec());
            }
        }
        all
    }

    /// Takes away all records of a place, as if they had never been written.
    pub fn forget(&self, place: &Place) {
        let all = crate::store::keys::under("");
        let _ = self.records(place).commit([Write::DeleteRange(all)].into());
    }

    /// Changes a record of a pool as no operation does.
    ///
    /// # Panics
    /// If there is no such record.
    #[expect(clippy::panic, reason = "a test ends here")]
    pub fn change_record(&self, pool: &TestPool, key: &str, change: impl FnOnce(&mut Json)) {
        let mut places = PoolKey::of_pool_id(&pool.id).into_iter().flat_map(PoolKey::places);
        let found = places.find_map(|place| {
            let store = self.records(&place);
            store.get(key).ok().flatten().map(|record| (store, record))
        });
        let (store, record) = found.unzip();
        let (Some(store), Some([version, body @ ..])) = (store, record.as_deref()) else {
            panic!("no record {key}");
        };
        let mut value: Json = serde_json::from_slice(body).unwrap_or_default();
        change(&mut value);
        let changed = [&[*version], value.to_string().as_bytes()].concat();
        let _ = store.commit([Write::Put(key.to_string(), changed)].into());
    }

    /// A record of a pool's place as it stands.
    #[must_use]
    pub fn record(&self, pool: &TestPool, key: &str) -> String {
        let place = PoolKey::of_pool_id(&pool.id).map(Place::Pool);
        let store = place.map(|place| self.records(&place));
        let record = store.and_then(|store| store.get(key).ok().flatten());
        String::from_utf8_lossy(&record.unwrap_or_default()).into_owned()
    }

    /// Runs an operation at a place of the test's choice, as root or as another place would.
    ///
    /// # Errors
    /// What the caller would see.
    pub fn at(&self, place: &Place, operation: &str, input: &Json) -> Result<Json, Failure> {
        let (service, operation) = super::identity::addressed(operation);
        let is_internal = service == Service::Internal;
        let head = Head {
            place: place.clone(),
            service,
            operation: operation.to_string(),
            protocol: Protocol::AwsJson,
            caller: Caller {
                address: "127.0.0.1".to_string(),
                agent: "".to_string(),
                origin: ORIGIN.to_string(),
                principal: if is_internal { Principal::Kernel } else { Principal::Root },
                region: self.region.borrow().clone(),
                request_id: "".to_string(),
            },
            resolved: None,
        };
        let message = Message { head, body: input.to_string().into_bytes() };
        let message = message.encode().unwrap_or_default();
        super::outcome(&self.run(place, &message))
    }
}
