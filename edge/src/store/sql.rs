//! What is said to SQLite? The words alone: `tests/load/scale` says the same natively.

/// Makes the tables.
pub(crate) const CREATE: [&str; 3] = [
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE record (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta (name, value) VALUES ('schema', '1')",
];

/// Reads records: from a key, to a key, at most so many.
pub(crate) const SCAN: &str =
    "SELECT key, value FROM record WHERE key >= ? AND key < ? ORDER BY key LIMIT ?";
/// Removes one record, by its key.
pub(crate) const DELETE: &str = "DELETE FROM record WHERE key = ?";
/// Removes records: from a key, to a key.
pub(crate) const DELETE_RANGE: &str = "DELETE FROM record WHERE key >= ? AND key < ?";

/// A statement takes at most 100 parameters, two a record.
pub(crate) const PUTS_MAX: usize = 50;

/// Writes so many records: each a key and a value.
pub(crate) fn put(records: usize) -> String {
    let mut text = String::from("INSERT OR REPLACE INTO record (key, value) VALUES (?, ?)");
    text.push_str(&", (?, ?)".repeat(records.saturating_sub(1)));
    text
}
