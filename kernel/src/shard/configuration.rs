//! How does configuration come from the first place of a split pool to the others?
//!
//! Each batch that changes some is numbered, and what it changes is kept beside it until every
//! other place has taken it, in the order of the numbers. So none can be missed or overtaken.

use alloc::{format, string::String, vec::Vec};
use core::cell::Cell;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    place::Place,
    shape::Json,
    store::{Record, Write, encode, keys},
};

/// Whether there may be changes that some place does not know; nothing before this was looked up.
#[derive(Default)]
pub(crate) struct Pushes(Cell<Option<bool>>);

/// One change of a record, as it travels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Change {
    Delete(String),
    DeleteRange(String, String),
    /// The value as base64.
    Put(String, String),
}

/// The changes of one batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Push {
    pub(super) number: u64,
    pub(super) changes: Vec<Change>,
}

impl Record for Push {}

/// Up to which number a place has taken the changes, or the first place has made them.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Pushed {
    pub(super) number: u64,
}

impl Record for Pushed {}

impl Change {
    fn of(write: &Write) -> Option<Self> {
        Some(match write {
            Write::Put(key, value) if keys::is_configuration(key) => {
                Self::Put(key.clone(), BASE64_STANDARD.encode(value))
            }
            Write::Delete(key) if keys::is_configuration(key) => Self::Delete(key.clone()),
            Write::DeleteRange(range)
                // The members of a group that goes are at all places.
                if keys::is_configuration(&range.start)
                    || range.start.starts_with(keys::MEMBERS) =>
            {
                Self::DeleteRange(range.start.clone(), range.end.clone())
            }
            _ => return None,
        })
    }

    pub(super) fn write(self) -> Result<Write, Error> {
        Ok(match self {
            Self::Delete(key) => Write::Delete(key),
            Self::DeleteRange(from, to) => Write::DeleteRange(from..to),
            Self::Put(key, value) => {
                let bug = |_| Error::bug("a pushed record is no base64");
                Write::Put(key, BASE64_STANDARD.decode(value).map_err(bug)?)
            }
        })
    }
}

/// Adds to a batch of the first place what others must learn of it; says whether it is anything.
///
/// # Errors
/// If another place changes configuration by itself.
pub(super) fn note(cx: &Cx, batch: &mut Vec<Write>) -> Result<bool, Error> {
    let changes: Vec<Change> = batch.iter().filter_map(Change::of).collect();
    let takes =
        batch.iter().any(|write| matches!(write, Write::Put(key, _) if key == keys::PUSHED));
    if changes.is_empty() || takes {
        return Ok(false);
    }
    if !matches!(cx.place, Place::Pool(_)) {
        return Err(Error::bug("configuration is changed at a place that is not the first"));
    }
    let number = cx.get::<Pushed>(keys::PUSHED)?.map_or(0, |pushed| pushed.number) + 1;
    batch.push(Write::Put(keys::PUSHED.into(), encode(&Pushed { number })?));
    batch.push(Write::Put(keys::push(number), encode(&Push { number, changes })?));
    cx.kernel().pushes.0.set(Some(true));
    Ok(true)
}

/// Brings to all other places what some of them may not know from earlier calls.
///
/// # Errors
/// If a place could not be reached.
pub(super) async fn catch_up(cx: &mut Cx) -> Result<(), Error> {
    if !matches!(cx.place, Place::Pool(_)) || cx.kernel().pushes.0.get() == Some(false) {
        return Ok(());
    }
    push(cx).await
}

/// Brings what is outstanding to all other places.
///
/// # Errors
/// If a place could not be reached: then it stays outstanding.
pub(super) async fn push(cx: &mut Cx) -> Result<(), Error> {
    let range = keys::under(keys::PUSHES);
    loop {
        let rows = cx.scan::<Push>(range.start.as_str()..range.end.as_str(), 50)?;
        if rows.is_empty() {
            cx.kernel().pushes.0.set(Some(false));
            return Ok(());
        }
        let pushes: Vec<Push> = rows.into_iter().map(crate::store::Row::into_inner).collect();
        let bug = |_| Error::bug("a push does not serialise");
        let input = serde_json::json!({
            "Pushes": serde_json::to_value(&pushes).map_err(bug)?,
        });
        let others: Vec<Place> = cx.place.others().collect();
        for place in others {
            cx.told(&place, "TakeConfiguration", &input).await?;
        }
        for push in pushes {
            cx.delete(&keys::push(push.number));
        }
        cx.commit()?;
    }
}

/// Takes changes in the order of their numbers, each once.
///
/// # Errors
/// If one is missing before them.
pub(super) fn take(cx: &Cx, pushes: Vec<Json>) -> Result<(), Error> {
    let mut number = cx.get::<Pushed>(keys::PUSHED)?.map_or(0, |pushed| pushed.number);
    for push in pushes {
        let bug = |_| Error::bug("a push does not parse");
        let push: Push = serde_json::from_value(push).map_err(bug)?;
        if push.number <= number {
            continue;
        }
        if push.number != number + 1 {
            let missing = number + 1;
            return Err(Error::bug(format!(
                "the change {missing} of the configuration is missing"
            )));
        }
        number = push.number;
        for change in push.changes {
            cx.write(change.write()?);
        }
    }
    cx.put(keys::PUSHED, &Pushed { number })
}
