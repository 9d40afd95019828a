//! The form of a file of users: what does its first line name, and what do the others hold?
//!
//! Commas stand between values, `\,` is a comma in one, and blanks around a value are not of it.
//! There are no quotes.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{model::pool::Pool, shape::Text};

pub(crate) const USERNAME: &str = "cognito:username";
pub(crate) const MFA_ENABLED: &str = "cognito:mfa_enabled";
pub(crate) const PASSWORD_HASH: &str = "password_hash";

/// The columns that a file for that pool must have, in the order in which they are told.
pub(crate) fn header(pool: &Pool) -> Vec<String> {
    let schema = pool.description.schema_attributes.iter().flat_map(|schema| schema.iter());
    let names = schema.filter_map(|attribute| attribute.name.as_ref()).map(Text::as_str);
    let is_written = |name: &&str| !matches!(*name, "sub" | "identities");
    let (custom, standard): (Vec<&str>, Vec<&str>) =
        names.filter(is_written).partition(|name| name.contains(':'));
    let columns = [USERNAME].into_iter().chain(standard).chain([MFA_ENABLED]).chain(custom);
    columns.map(ToString::to_string).collect()
}

/// The columns of a file, if they are those of the pool, in whatever order. `password_hash` comes
/// with an algorithm, and not without.
pub(crate) fn columns(pool: &Pool, line: &str, has_hashes: bool) -> Option<Vec<String>> {
    let columns = split(line);
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    let mut expected = header(pool);
    if has_hashes {
        expected.push(PASSWORD_HASH.into());
    }
    expected.sort_unstable();
    (sorted == expected).then_some(columns)
}

/// The values of a line.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' if chars.next_if_eq(&',').is_some() => value.push(','),
            ',' => {
                values.push(value.trim().into());
                value.clear();
            }
            _ => value.push(char),
        }
    }
    values.push(value.trim().into());
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_part_values_unless_they_are_escaped() {
        assert_eq!(split(r"ann , Smith\, Ann,,\x,"), ["ann", "Smith, Ann", "", r"\x", ""]);
        assert_eq!(split(""), [""]);
        // Quotes are letters like others.
        assert_eq!(split(r#""a,b""#), ["\"a", "b\""]);
    }
}
