//! How do records stand in the SQLite database of a Durable Object?
//!
//! In one table, by key; in front of it a cache, which is right because nobody else writes. The
//! tables are made with the first record, so that an object that was merely asked holds nothing.

mod batch;
mod cache;

use std::{
    cell::{Cell, OnceCell},
    ops::Range,
    rc::Rc,
};

use js_sys::{Array, JsString, Uint8Array};
use kernel::{Page, Store, Unavailable, Write};
use wasm_bindgen::{JsCast, JsValue};

use crate::platform::{self, Storage};
use cache::Cached;

/// The form of the tables; a later release must read what this one wrote.
const SCHEMA: &str = "1";

const CREATE: [&str; 3] = [
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE record (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta (name, value) VALUES ('schema', '1')",
];

/// The records of one object.
pub(crate) struct Sqlite {
    storage: Storage,
    /// Whether the tables are there.
    is_made: Cell<bool>,
    /// Whether the last thing that happened was that every record was removed.
    is_cleared: Cell<bool>,
    cache: Cached,
    get: OnceCell<JsString>,
    scan: OnceCell<JsString>,
}

impl Sqlite {
    /// Opens what is there, if anything is.
    pub(crate) fn open(storage: Storage) -> Result<Self, Unavailable> {
        let store = Self {
            storage,
            is_made: Cell::new(false),
            is_cleared: Cell::new(false),
            cache: Cached::new(),
            get: OnceCell::new(),
            scan: OnceCell::new(),
        };
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?";
        if store.rows(&tables.into(), &Array::of1(&"meta".into()))?.length() == 0 {
            return Ok(store);
        }
        let schema = "SELECT value FROM meta WHERE name = ?";
        let rows = store.rows(&schema.into(), &Array::of1(&"schema".into()))?;
        let schema = column(&rows.get(0), 0).as_string();
        if schema.as_deref() != Some(SCHEMA) {
            return Err(Unavailable("the records were written by another release".into()));
        }
        store.is_made.set(true);
        Ok(store)
    }

    /// Whether every record was removed and none was written since.
    pub(crate) fn is_cleared(&self) -> bool {
        self.is_cleared.get()
    }

    /// The database is gone with all its tables.
    pub(crate) fn was_emptied(&self) {
        self.is_made.set(false);
        self.is_cleared.set(false);
        self.cache.clear();
    }

    fn rows(&self, text: &JsString, bindings: &Array) -> Result<Array, Unavailable> {
        platform::rows(&self.storage, text, bindings).map_err(unavailable)
    }

    fn read(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        let text = self.get.get_or_init(|| "SELECT value FROM record WHERE key = ?".into());
        let value = platform::value(&self.storage, text, key).map_err(unavailable)?;
        Ok(value.map(|bytes| bytes.to_vec().into()))
    }

    fn write(&self, batch: &[Write]) -> Result<(), Unavailable> {
        let statements = Array::new();
        if !self.is_made.get() {
            for text in CREATE {
                statements.push(&Array::of1(&text.into()));
            }
        }
        batch::statements(batch, &statements);
        // One statement stands or falls by itself.
        let written = match statements.length() {
            0 => Ok(()),
            1 => {
                let statement: Array = statements.get(0).unchecked_into();
                let text = statement.shift().unchecked_into();
                platform::rows(&self.storage, &text, &statement).map(drop)
            }
            _ => platform::transact(&self.storage, &statements),
        };
        written.map_err(unavailable)
    }
}

impl Store for Sqlite {
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        if !self.is_made.get() {
            return Ok(None);
        }
        if let Some(known) = self.cache.get(key) {
            return Ok(known);
        }
        let record = self.read(key)?;
        self.cache.put(key.to_owned(), record.clone());
        Ok(record)
    }

    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable> {
        if !self.is_made.get() || range.start >= range.end || limit == 0 {
            return Ok(Page::new());
        }
        let text = self.scan.get_or_init(|| {
            "SELECT key, value FROM record WHERE key >= ? AND key < ? ORDER BY key LIMIT ?".into()
        });
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let bindings = Array::of3(&range.start.into(), &range.end.into(), &limit.into());
        let rows = self.rows(text, &bindings)?;
        let records = rows.iter().map(|row| {
            let key = column(&row, 0).as_string();
            let value = Uint8Array::new(&column(&row, 1)).to_vec();
            Some((key?, value.into()))
        });
        let page = records.collect::<Option<Page>>();
        page.ok_or_else(|| Unavailable("a key is no text".into()))
    }

    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        let is_put = |write: &Write| matches!(write, Write::Put(..));
        if !self.is_made.get() && !batch.iter().any(is_put) {
            return Ok(());
        }
        if let Err(reason) = self.write(&batch) {
            self.cache.clear();
            return Err(reason);
        }
        self.is_made.set(true);
        let is_all =
            |write: &Write| matches!(write, Write::DeleteRange(range) if range.start.is_empty());
        self.is_cleared.set(batch.iter().any(is_all) && !batch.iter().any(is_put));
        for write in batch {
            match write {
                Write::Delete(key) => self.cache.put(key, None),
                Write::DeleteRange(range) => self.cache.forget(&range),
                Write::Put(key, value) => self.cache.put(key, Some(value.into())),
            }
        }
        Ok(())
    }
}

fn unavailable(thrown: JsValue) -> Unavailable {
    Unavailable(platform::sentence(&thrown))
}

fn column(row: &JsValue, n: u32) -> JsValue {
    row.dyn_ref::<Array>().map_or(JsValue::UNDEFINED, |row| row.get(n))
}
