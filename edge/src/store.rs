//! How do records stand in the SQLite database of a Durable Object?
//!
//! In one table, by key; in front of it a cache, which is right because nobody else writes. The
//! tables are made with the first record, so that an object that was merely asked holds nothing.

mod batch;
mod cache;
mod sql;

use std::{cell::Cell, ops::Range, rc::Rc};

use kernel::{Page, Store, Unavailable, Write};
use wasm_bindgen::JsValue;
use worker::{SqlStorage, SqlStorageValue, State, Storage};

use crate::platform;
use batch::Statement;
use cache::Cached;

/// The form of the tables; a later release must read what this one wrote.
const SCHEMA: &str = "1";

/// The records of one object.
pub(crate) struct Sqlite {
    storage: Storage,
    sql: SqlStorage,
    /// Whether the tables are there.
    is_made: Cell<bool>,
    /// Whether the last thing that happened was that every record was removed.
    is_cleared: Cell<bool>,
    /// Whether the object's name was written down since it was opened.
    is_named: Cell<bool>,
    cache: Cached,
}

type Row = Vec<SqlStorageValue>;

impl Sqlite {
    /// Opens what is there, if anything is.
    pub(crate) fn open(state: &State) -> Result<Self, Unavailable> {
        let storage = state.storage();
        let store = Self {
            sql: storage.sql(),
            storage,
            is_made: Cell::new(false),
            is_cleared: Cell::new(false),
            is_named: Cell::new(false),
            cache: Cached::new(),
        };
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'";
        if store.rows(tables, Vec::new())?.is_empty() {
            return Ok(store);
        }
        let schema = store.rows("SELECT value FROM meta WHERE name = 'schema'", Vec::new())?;
        match schema.first().map(Vec::as_slice) {
            Some([SqlStorageValue::String(schema)]) if schema == SCHEMA => {}
            _ => return Err(Unavailable("the records were written by another release".into())),
        }
        store.is_made.set(true);
        Ok(store)
    }

    /// Whether every record was removed and none was written since.
    pub(crate) fn is_cleared(&self) -> bool {
        self.is_cleared.get()
    }

    /// Has the platform wake the object then, which is given its name only when it is called: so it
    /// is written down.
    pub(crate) fn set_alarm(&self, name: &str, at_ms: Option<u64>) {
        if at_ms.is_some() && !self.is_named.replace(true) {
            let text = "INSERT OR REPLACE INTO meta (name, value) VALUES ('object', ?)";
            if let Err(reason) = self.rows(text, vec![name.into()]) {
                self.is_named.set(false);
                platform::complain(&reason.0);
            }
        }
        platform::set_alarm(self.storage.as_raw(), at_ms.map(|at_ms| at_ms as f64));
    }

    /// The database is gone with all its tables.
    pub(crate) fn was_emptied(&self) {
        self.is_named.set(false);
        self.is_made.set(false);
        self.is_cleared.set(false);
        self.cache.clear();
    }

    /// All rows of a statement: a cursor that is left half-way keeps its statement busy.
    fn rows(&self, text: &str, bindings: Vec<JsValue>) -> Result<Vec<Row>, Unavailable> {
        let cursor = self.sql.exec_raw(text, bindings).map_err(unavailable)?;
        cursor.raw().collect::<Result<_, _>>().map_err(unavailable)
    }

    fn read(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        let record = platform::record(self.storage.as_raw(), key).map_err(thrown)?;
        Ok(record.map(Into::into))
    }

    fn write(&self, batch: &[Write]) -> Result<(), Unavailable> {
        let mut statements = Vec::new();
        if !self.is_made.get() {
            statements.extend(sql::CREATE.map(Statement::plain));
        }
        statements.extend(batch::statements(batch));
        // One statement stands or falls by itself.
        if statements.len() == 1 {
            let alone = statements.remove(0).into_array();
            return platform::execute(self.storage.as_raw(), &alone).map_err(thrown);
        }
        let statements = statements.into_iter().map(Statement::into_array).collect();
        platform::transact(self.storage.as_raw(), &statements).map_err(thrown)
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
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let bindings = vec![range.start.into(), range.end.into(), limit.into()];
        let records = self.rows(sql::SCAN, bindings)?.into_iter().map(|row| {
            let mut row = row.into_iter();
            match row.next() {
                Some(SqlStorageValue::String(key)) => Ok((key, bytes(row.next())?)),
                _ => Err(Unavailable("a key is no text".into())),
            }
        });
        records.collect()
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
                Write::Delete(key) => self.cache.replace(key, None),
                Write::DeleteRange(range) => self.cache.forget(&range),
                Write::Put(key, value) => self.cache.replace(key, Some(value.into())),
            }
        }
        Ok(())
    }
}

fn thrown(error: JsValue) -> Unavailable {
    Unavailable(platform::sentence(&error))
}

fn unavailable(error: worker::Error) -> Unavailable {
    Unavailable(error.to_string())
}

fn bytes(column: Option<SqlStorageValue>) -> Result<Rc<[u8]>, Unavailable> {
    match column {
        Some(SqlStorageValue::Blob(bytes)) => Ok(bytes.into()),
        _ => Err(Unavailable("a record is no bytes".into())),
    }
}
