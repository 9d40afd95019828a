//! What does a `Filter` of `ListUsers` ask for, and which users does it let through?

use alloc::string::String;

use super::aliases::SEARCHED;
use crate::{
    error::{Code, Error},
    model::{pool::Pool, user::User},
};

/// A filter: one attribute, one comparison, one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(super) field: Field,
    pub(super) is_prefix: bool,
    pub(super) value: String,
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// One of the attributes that are indexed, in any case.
    Attribute(&'static str),
    /// Whether the user is enabled, case mattering: `status` on the wire.
    Enabled,
    /// `cognito:user_status`, in any case.
    Status,
    Sub,
    /// In the case of the pool.
    Username,
}

impl Filter {
    /// Reads `attribute = "value"` or `attribute ^= "value"`; nothing but spaces is no filter. A
    /// quotation mark or a backslash in the value stands behind a backslash.
    ///
    /// # Errors
    /// `InvalidParameterException` if it is neither, or the attribute is not searchable.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let garbled = || Error::saying(Code::InvalidParameter, "Error while parsing filter.");
        let (name, rest) = text.split_once('=').ok_or_else(garbled)?;
        let (name, is_prefix) = match name.strip_suffix('^') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let name = name.trim_end();
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '"') {
            return Err(garbled());
        }
        let quoted = rest.trim_start().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let value = quoted.and_then(unescaped).ok_or_else(garbled)?;
        let field = Field::named(name).ok_or_else(|| {
            let message = alloc::format!("Invalid search attribute: {name}");
            Error::saying(Code::InvalidParameter, message)
        })?;
        Ok(Some(Self { field, is_prefix, value }))
    }

    /// A filter of what goes by that name, if users are listed by it.
    pub(super) fn named(name: &str, is_prefix: bool, value: &str) -> Option<Self> {
        Some(Self { field: Field::named(name)?, is_prefix, value: value.into() })
    }

    /// The filter as it is parsed.
    pub(super) fn text(&self) -> String {
        let name = match self.field {
            Field::Attribute(name) => name,
            Field::Enabled => "status",
            Field::Status => "cognito:user_status",
            Field::Sub => "sub",
            Field::Username => "username",
        };
        let comparison = if self.is_prefix { "^=" } else { "=" };
        let value = self.value.replace('\\', r"\\").replace('"', "\\\"");
        alloc::format!("{name}{comparison}\"{value}\"")
    }

    /// Whether a user is among those that are asked for.
    pub(super) fn lets_through(&self, pool: &Pool, user: &User) -> bool {
        match self.field {
            Field::Attribute(name) => {
                let value = user.attribute(name);
                value.is_some_and(|value| self.fits(&value.to_lowercase(), &self.lowercase()))
            }
            Field::Enabled => self.fits(enabled_word(user.is_enabled), &self.value),
            Field::Status => self.fits(&user.status.wire().to_lowercase(), &self.lowercase()),
            Field::Sub => self.fits(&user.sub, &self.value),
            Field::Username => self.fits(&pool.fold(&user.username), &pool.fold(&self.value)),
        }
    }

    /// Whether that is, or begins with, what is asked for.
    pub(super) fn fits(&self, value: &str, wanted: &str) -> bool {
        if self.is_prefix { value.starts_with(wanted) } else { value == wanted }
    }

    /// The value as it is indexed.
    pub(super) fn lowercase(&self) -> String {
        self.value.to_lowercase()
    }
}

/// What `status` says of a user.
pub(super) const fn enabled_word(is_enabled: bool) -> &'static str {
    if is_enabled { "Enabled" } else { "Disabled" }
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        match name {
            "cognito:user_status" => Some(Self::Status),
            "status" => Some(Self::Enabled),
            "sub" => Some(Self::Sub),
            "username" => Some(Self::Username),
            _ => SEARCHED.into_iter().find(|known| *known == name).map(Self::Attribute),
        }
    }
}

/// What stood between quotation marks; nothing if one stands in it unescaped.
fn unescaped(text: &str) -> Option<String> {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => match chars.next()? {
                c @ ('"' | '\\') => value.push(c),
                c => value.extend(['\\', c]),
            },
            c => value.push(c),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn read(text: &str) -> Option<(Field, bool, String)> {
        let filter = Filter::parse(text).ok()??;
        Some((filter.field, filter.is_prefix, filter.value))
    }

    fn fault(text: &str) -> String {
        Filter::parse(text).unwrap_err().message.into_owned()
    }

    #[test]
    fn both_comparisons_are_read_with_and_without_spaces() {
        let email = Field::Attribute("email");
        for text in ["email=\"a\"", " email  =  \"a\" ", "email = \"a\""] {
            assert_eq!(read(text), Some((email, false, "a".into())), "{text}");
        }
        for text in ["email^=\"a\"", "email ^= \"a\"", " email  ^=  \"a\""] {
            assert_eq!(read(text), Some((email, true, "a".into())), "{text}");
        }
        assert_eq!(read("cognito:user_status=\"\""), Some((Field::Status, false, "".into())));
    }

    #[test]
    fn a_value_may_hold_anything() {
        for (text, value) in [
            (r#"name = "a \"b\" c""#, r#"a "b" c"#),
            (r#"name = "a=b^=c""#, "a=b^=c"),
            (r#"name = "a\\""#, r"a\"),
            (r#"name = "a\b""#, r"a\b"),
            ("name = \"é/%\u{1}\"", "é/%\u{1}"),
            (r#"name = "a' OR '1'='1""#, "a' OR '1'='1"),
        ] {
            let filter = (Field::Attribute("name"), false, value.into());
            assert_eq!(read(text), Some(filter), "{text}");
            let parsed = Filter::parse(text).unwrap().unwrap();
            assert_eq!(Filter::parse(&parsed.text()), Ok(Some(parsed)));
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in [
            "foo",
            "email",
            "email=",
            "email=a",
            "email=\"",
            "email=\"a",
            "email=a\"",
            "=\"a\"",
            "^=\"a\"",
            "email \"a\"",
            "email == \"a\"",
            "email = \"a\" x",
            "email = \"a\"b\"",
            "email = \"a\" and name = \"b\"",
            "email > \"a\"",
            "\"email\" = \"a\"",
            "email = \"a\\\"",
        ] {
            assert_eq!(fault(text), "Error while parsing filter.", "{text}");
        }
        for name in ["custom:x", "Email", "email_verified", "enabled", "birthdate"] {
            let text = format!("{name} = \"a\"");
            assert_eq!(fault(&text), format!("Invalid search attribute: {name}"));
        }
        assert_eq!(Filter::parse("  "), Ok(None));
    }
}
