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
        let place = PoolKey::of_pool_id(&pool.id).map(Place::Pool);
        let store = place.map(|place| self.records(&place));
        let record = store.as_ref().and_then(|store| store.get(key).ok().flatten());
        let (Some(store), Some([version, body @ ..])) = (store, record.as_deref()) else {
            panic!("no record {key}");
        };
        let mut value: Json = serde_json::from_slice(body).unwrap_or_default();
        change(&mut value);
        let changed = [&[*version], value.to_string().as_bytes()].concat();
        let _ = store.commit([Write::Put(key.to_string(), changed)].into());
    }

    /// Runs an operation at a place of the test's choice, as root or as another place would.
    ///
    /// # Errors
    /// What the caller would see.
    pub fn at(&self, place: &Place, operation: &str, input: &Json) -> Result<Json, Failure> {
        let service = super::service_of(operation);
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
        };
        let message = Message { head, body: input.to_string().into_bytes() };
        let message = message.encode().unwrap_or_default();
        super::outcome(&self.run(place, &message))
    }
}
