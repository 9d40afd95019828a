//! By which names do users sign in, where that was changed after the pool was made?
//!
//! Users keep their keys, under which everything about them stands: what changes is which names lead
//! to a key. While a change claims, users have the aliases of both settings, so that nobody takes what
//! somebody will need; once it stands, or is given up, those of the other setting are swept away.

use alloc::{borrow::Cow, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::Pool;
use crate::{
    error::{Code, Error},
    shapes::{AliasAttribute, UserPoolType, UsernameAttribute, UsernameConfigurationType},
    store::Record,
};

/// What of a pool's settings for names is not said by its description.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FormerNames {
    /// Whether keys of users tell cases apart, where that is another matter than whether names do.
    #[serde(default)]
    key_case: Option<bool>,
    /// Whether usernames are `sub`s of some users and names of others.
    #[serde(default)]
    is_mixed: bool,
    /// What is under way.
    #[serde(default)]
    change: Option<Change>,
}

/// A change under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Change {
    /// Whether it claims aliases, of settings to come; if not, it sweeps those of settings that went.
    is_claiming: bool,
    /// The settings, in the three members that speak of names.
    #[serde(with = "crate::shape::stored")]
    names: UserPoolType,
}

/// How a change goes, as kept under `names-change`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct NamesChange {
    /// The key of the user who was looked at last.
    pub(crate) last: Option<String>,
    /// How many users were looked at before it stood, or was given up.
    pub(crate) examined: u64,
    /// Names that lead to several users.
    pub(crate) collisions: Vec<Collision>,
    pub(crate) is_over: bool,
}

/// A name that two users would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Collision {
    pub(crate) attribute: String,
    pub(crate) value: String,
    pub(crate) usernames: [String; 2],
}

impl Record for NamesChange {}

/// Settings for names, those left out as they are.
pub(crate) struct Asked {
    pub(crate) alias_attributes: Option<Vec<AliasAttribute>>,
    pub(crate) username_attributes: Option<Vec<UsernameAttribute>>,
    pub(crate) is_case_sensitive: Option<bool>,
}

impl Asked {
    /// Whether all is to stay as it is.
    pub(crate) fn is_nothing(&self) -> bool {
        self.alias_attributes.is_none()
            && self.username_attributes.is_none()
            && self.is_case_sensitive.is_none()
    }
}

impl Pool {
    /// The key of the user of that username, whom nobody may have.
    pub(crate) fn key_of<'a>(&self, username: &'a str) -> Cow<'a, str> {
        match self.former_names.key_case {
            None => self.fold(username),
            Some(true) => Cow::Borrowed(username),
            Some(false) => Cow::Owned(username.to_lowercase()),
        }
    }

    /// Whether users may stand under other keys than what their names are looked up as.
    pub(crate) fn has_other_keys(&self) -> bool {
        self.former_names.key_case.is_some()
    }

    /// Whether usernames are `sub`s of some users and names of others.
    pub(crate) fn has_mixed_names(&self) -> bool {
        self.former_names.is_mixed
    }

    /// Whether a change of names is under way.
    pub(crate) fn is_changing_names(&self) -> bool {
        self.former_names.change.is_some()
    }

    /// The pool as it will be, while aliases are claimed for that.
    pub(crate) fn claimed(&self) -> Option<Self> {
        let change = self.former_names.change.as_ref().filter(|change| change.is_claiming)?;
        Some(self.with_names(&change.names))
    }

    /// The pool as it was, or was to be, while the aliases of that are swept away.
    pub(crate) fn swept(&self) -> Option<Self> {
        let change = self.former_names.change.as_ref().filter(|change| !change.is_claiming)?;
        Some(self.with_names(&change.names))
    }

    /// Begins to claim aliases for other settings; says whether they are other ones.
    ///
    /// # Errors
    /// `InvalidParameterException` if the settings exclude each other.
    pub(crate) fn begin_names(&mut self, asked: Asked) -> Result<bool, Error> {
        let names = self.names_with(asked);
        if names.alias_attributes.is_some() && names.username_attributes.is_some() {
            let message =
                "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.";
            return Err(Error::saying(Code::InvalidParameter, message));
        }
        let is_other = names != self.names();
        if is_other {
            self.former_names.change = Some(Change { is_claiming: true, names });
        }
        Ok(is_other)
    }

    /// Ends the claiming: the settings stand, or are given up; then the others are swept away.
    pub(crate) fn turn_names(&mut self, stands: bool) {
        let Some(change) = self.former_names.change.take() else { return };
        let mut swept = change.names;
        if stands {
            let before = self.names();
            let had_subs = self.has_username_attributes();
            *self = self.with_names(&swept);
            let is_sensitive = self.is_case_sensitive();
            let is_mixed = had_subs != self.has_username_attributes();
            let former = &mut self.former_names;
            former.key_case = former.key_case.filter(|key_case| *key_case != is_sensitive);
            former.is_mixed |= is_mixed;
            swept = before;
        }
        self.former_names.change = Some(Change { is_claiming: false, names: swept });
    }

    /// Ends the sweeping.
    pub(crate) fn end_names(&mut self) {
        self.former_names.change = None;
    }

    /// The three members of the description that speak of names.
    fn names(&self) -> UserPoolType {
        self.names_with(Asked {
            alias_attributes: None,
            username_attributes: None,
            is_case_sensitive: None,
        })
    }

    fn names_with(&self, asked: Asked) -> UserPoolType {
        let present = &self.description;
        let aliases = asked.alias_attributes.or_else(|| present.alias_attributes.clone());
        let usernames = asked.username_attributes.or_else(|| present.username_attributes.clone());
        let case_sensitive = asked.is_case_sensitive.unwrap_or(self.is_case_sensitive());
        UserPoolType {
            alias_attributes: aliases.map(sorted).filter(|listed| !listed.is_empty()),
            username_attributes: usernames.map(sorted).filter(|listed| !listed.is_empty()),
            username_configuration: Some(UsernameConfigurationType { case_sensitive }),
            ..UserPoolType::default()
        }
    }

    fn with_names(&self, names: &UserPoolType) -> Self {
        let mut pool = self.clone();
        // Keys stay what they are.
        let key_case = self.former_names.key_case.unwrap_or(self.is_case_sensitive());
        pool.former_names.key_case = Some(key_case);
        pool.description.alias_attributes.clone_from(&names.alias_attributes);
        pool.description.username_attributes.clone_from(&names.username_attributes);
        pool.description.username_configuration.clone_from(&names.username_configuration);
        pool
    }
}

/// Each once, in the order of AWS's words.
fn sorted<T: crate::shape::Choice>(mut listed: Vec<T>) -> Vec<T> {
    listed.sort_by_key(|one| one.wire());
    listed.dedup_by_key(|one| one.wire());
    listed
}
