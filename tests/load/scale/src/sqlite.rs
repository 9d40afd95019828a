//! The records of a place in SQLite: the tables, the words and the cache of a Durable Object.

use std::{cell::RefCell, ops::Range, path::Path, rc::Rc};

use anyhow::Result;
use kernel::{Page, Store, Unavailable, Write};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter, types::Value};

#[path = "../../../../edge/src/store/cache.rs"]
mod cache;
#[path = "../../../../edge/src/store/sql.rs"]
mod sql;

use cache::Cached;

/// Reads one record, by its key, as the Worker does in JavaScript.
const GET: &str = "SELECT value FROM record WHERE key = ?";

/// A database, in a file of its own.
pub(crate) struct Sqlite {
    connection: RefCell<Connection>,
    cache: Cached,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let is_new = !path.exists();
        let connection = Connection::open(path)?;
        // Nobody else reads or writes it.
        connection.pragma_update(None, "locking_mode", "exclusive")?;
        connection.set_prepared_statement_cache_capacity(256);
        if is_new {
            for text in sql::CREATE {
                connection.execute(text, [])?;
            }
        }
        let store = Self { connection: RefCell::new(connection), cache: Cached::new() };
        store.settle()?;
        Ok(store)
    }

    /// While it is filled nothing need survive a crash, and memory is plenty.
    pub(crate) fn hurry(&self) -> Result<()> {
        let connection = self.connection.borrow();
        connection.pragma_update(None, "journal_mode", "off")?;
        connection.pragma_update(None, "synchronous", "off")?;
        connection.pragma_update(None, "cache_size", -4_000_000)?;
        Ok(())
    }

    /// As a Durable Object's, from now on: a small cache of pages, and commits that wait for no disk,
    /// which is not what is measured.
    pub(crate) fn settle(&self) -> Result<()> {
        let connection = self.connection.borrow();
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "cache_size", -2_000)?;
        connection.execute_batch("PRAGMA shrink_memory")?;
        Ok(())
    }

    /// Forgets what was read, as an object does that went to sleep.
    pub(crate) fn sleep(&self) -> Result<()> {
        self.cache.clear();
        self.connection.borrow().execute_batch("PRAGMA shrink_memory")?;
        Ok(())
    }

    fn read(&self, key: &str) -> rusqlite::Result<Option<Rc<[u8]>>> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(GET)?;
        let row = statement.query_row([key], |row| Ok(Rc::from(row.get_ref(0)?.as_blob()?)));
        row.optional()
    }

    fn read_all(&self, range: Range<&str>, limit: usize) -> rusqlite::Result<Page> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(sql::SCAN)?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let rows = statement.query_map(params![range.start, range.end, limit], |row| {
            Ok((row.get(0)?, Rc::from(row.get_ref(1)?.as_blob()?)))
        })?;
        rows.collect()
    }

    fn write(&self, batch: &[Write]) -> rusqlite::Result<()> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction()?;
        let is_put = |write: &Write| matches!(write, Write::Put(..));
        for group in batch.chunk_by(|one, next| is_put(one) && is_put(next)) {
            match group {
                [Write::Delete(key)] => {
                    transaction.prepare_cached(sql::DELETE)?.execute([key])?;
                }
                [Write::DeleteRange(range)] => {
                    let bounds = [&range.start, &range.end];
                    transaction.prepare_cached(sql::DELETE_RANGE)?.execute(bounds)?;
                }
                puts => {
                    for some in puts.chunks(sql::PUTS_MAX) {
                        let mut statement = transaction.prepare_cached(&sql::put(some.len()))?;
                        statement.execute(params_from_iter(some.iter().flat_map(parts)))?;
                    }
                }
            }
        }
        transaction.commit()
    }
}

/// The key and the value of a record, if one is put.
fn parts(write: &Write) -> Vec<Value> {
    match write {
        Write::Put(key, value) => vec![Value::from(key.clone()), Value::from(value.clone())],
        Write::Delete(_) | Write::DeleteRange(_) => Vec::new(),
    }
}

impl Store for Sqlite {
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        if let Some(known) = self.cache.get(key) {
            return Ok(known);
        }
        let record = self.read(key).map_err(unavailable)?;
        self.cache.put(key.to_owned(), record.clone());
        Ok(record)
    }

    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable> {
        if range.start >= range.end || limit == 0 {
            return Ok(Page::new());
        }
        self.read_all(range, limit).map_err(unavailable)
    }

    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        if let Err(error) = self.write(&batch) {
            self.cache.clear();
            return Err(unavailable(error));
        }
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

fn unavailable(error: rusqlite::Error) -> Unavailable {
    Unavailable(error.to_string())
}
