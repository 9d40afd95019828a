//! Lines of a file: where do their users live, and what came of each?
//!
//! In a split pool each line goes to its user's home. A place remembers what came of the lines that
//! it took last, so that whoever asks again, since the answer was lost or it was cut short itself,
//! learns the same, and no line comes twice.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{
    ImportJob, csv,
    file::Line,
    log::{Log, Outcome},
    row,
};
use crate::{
    cx::Cx,
    directory,
    error::{Code, Error},
    model::{export::restore, pool::Pool},
    place::Place,
    shape::Json,
    store::{Record, keys},
};

/// Few enough that those who call meanwhile hardly notice.
const LINES: usize = 100;

/// A line's number and what came of it; nothing, where it holds no user.
type Told = (u64, Option<Outcome>);

/// What came of the lines that this place took last, as kept under `import-taken`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Taken {
    job: String,
    told: Vec<Told>,
}

impl Record for Taken {}

/// What a line holds, as far as its place goes.
#[derive(Default)]
pub(crate) struct Outline {
    pub(crate) is_group: bool,
    /// The name of the user, if it holds one.
    pub(crate) username: Option<String>,
    /// All by which the user may come to be found, in lower case.
    pub(crate) names: Vec<String>,
}

impl ImportJob {
    /// Imports some more lines and notes what came of them; says whether they were the last.
    ///
    /// # Errors
    /// If another place can't be reached; then none of them counts yet.
    pub(crate) fn import_some(&mut self, cx: &Cx, pool: &Pool) -> Result<bool, Error> {
        let from = self.cursor.next_line();
        let (lines, is_end) = self.batch(cx)?;
        let told = self.import(cx, pool, (from, lines))?;
        self.note(cx, told)?;
        Ok(is_end)
    }

    /// Notes what other places took of lines that were never noted here.
    ///
    /// # Errors
    /// If another place can't be reached.
    pub(crate) fn note_taken(&mut self, cx: &Cx) -> Result<(), Error> {
        if !cx.place.is_split() {
            return Ok(());
        }
        let from = self.cursor.next_line();
        let others = cx.place.others();
        let told: Vec<_> = others.map(|place| self.ask(cx, &place, (from, &[]))).collect();
        let told = told.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.note(cx, told.into_iter().flatten().collect())
    }

    /// The next lines, and whether the file ends with them.
    fn batch(&mut self, cx: &Cx) -> Result<(Vec<Line>, bool), Error> {
        let start = self.cursor;
        let lines = self.read(cx, LINES)?;
        let is_end = lines.len() < LINES;
        match cx.place.is_split().then(|| self.together(cx, &lines)) {
            Some(together) if together < lines.len() => {
                self.cursor = start;
                Ok((self.read(cx, together)?, false))
            }
            _ => Ok((lines, is_end)),
        }
    }

    /// How many of the lines may be taken at the same time at different places: what a line does
    /// must be known everywhere before one that it touches.
    fn together(&self, cx: &Cx, lines: &[Line]) -> usize {
        let mut has_group = false;
        let mut homes = BTreeMap::<String, Option<Place>>::new();
        let waits = |line: &Line| {
            let outline = self.outline(line);
            has_group |= outline.is_group;
            let Some(username) = &outline.username else { return false };
            let home = cx.home(username);
            let is_elsewhere = |name: &String| homes.get(name).is_some_and(|known| *known != home);
            let waits = has_group || outline.names.iter().any(is_elsewhere);
            homes.extend(outline.names.into_iter().map(|name| (name, home.clone())));
            waits
        };
        lines.iter().position(waits).unwrap_or(lines.len())
    }

    fn outline(&self, line: &Line) -> Outline {
        let Some(text) = line.text.as_deref() else { return Outline::default() };
        if self.restore.is_some() {
            return restore::outline(text);
        }
        let values = csv::split(text);
        let value = |column: &str| {
            let at = self.columns.iter().position(|known| known == column)?;
            values.get(at).filter(|value| !value.is_empty())
        };
        let names = [csv::USERNAME, "email", "phone_number", "preferred_username"];
        Outline {
            is_group: false,
            username: value(csv::USERNAME).cloned(),
            names: names.iter().filter_map(|column| Some(value(column)?.to_lowercase())).collect(),
        }
    }

    fn import(
        &mut self,
        cx: &Cx,
        pool: &Pool,
        (from, lines): (u64, Vec<Line>),
    ) -> Result<Vec<Told>, Error> {
        let mut here = Vec::new();
        let mut elsewhere = BTreeMap::<Place, Vec<Line>>::new();
        for line in lines {
            let is_split = cx.place.is_split();
            let username = is_split.then(|| self.outline(&line).username).flatten();
            match username.and_then(|username| cx.home(&username)) {
                None => here.push(line),
                Some(place) => elsewhere.entry(place).or_default().push(line),
            }
        }
        let asked: Vec<_> =
            elsewhere.iter().map(|(place, lines)| self.ask(cx, place, (from, lines))).collect();
        let mut told = self.import_here(cx, pool, &here)?;
        for asked in asked {
            told.extend(asked?);
        }
        told.sort_by_key(|(number, _)| *number);
        Ok(told)
    }

    fn ask(
        &self,
        cx: &Cx,
        place: &Place,
        (from, lines): (u64, &[Line]),
    ) -> Result<Vec<Told>, Error> {
        let bug = |_| Error::bug("lines of a file do not serialise");
        let input = serde_json::json!({
            "Job": serde_json::to_value(self).map_err(bug)?,
            "From": serde_json::to_value(from).map_err(bug)?,
            "Lines": serde_json::to_value(lines).map_err(bug)?,
        });
        let mut answer = cx.consult(place, "ImportLines", &input)?;
        let told = answer.get_mut("Told").map(Json::take).unwrap_or_default();
        serde_json::from_value(told).map_err(|_| Error::bug("what came of lines does not parse"))
    }

    /// Imports lines of users who live here, unless they were already; says what came of these and
    /// of all others from that number on.
    ///
    /// # Errors
    /// If another place can't be reached.
    pub(crate) fn import_once(
        &mut self,
        cx: &Cx,
        pool: &Pool,
        (from, lines): (u64, Vec<Line>),
    ) -> Result<Vec<Told>, Error> {
        let taken = cx.get::<Taken>(keys::IMPORT_TAKEN)?.filter(|taken| taken.job == self.id);
        let mut told = taken.map(|taken| taken.into_inner().told).unwrap_or_default();
        told.retain(|(number, _)| *number >= from);
        let is_new = |line: &Line| told.iter().all(|(number, _)| *number != line.number);
        let lines: Vec<Line> = lines.into_iter().filter(is_new).collect();
        if !lines.is_empty() {
            told.extend(self.import_here(cx, pool, &lines)?);
            cx.put(keys::IMPORT_TAKEN, &Taken { job: self.id.clone(), told: told.clone() })?;
        }
        Ok(told)
    }

    fn import_here(&mut self, cx: &Cx, pool: &Pool, lines: &[Line]) -> Result<Vec<Told>, Error> {
        let mut told = Vec::with_capacity(lines.len());
        let mut waits = None;
        for line in lines {
            let outcome = match line.text.as_deref().map(str::trim) {
                Some("") => Ok(None),
                Some(text) => self.import_line(cx, pool, text),
                None => Ok(Some(Outcome::Failed("The line is too long or not in UTF-8.".into()))),
            };
            match outcome {
                Ok(outcome) => told.push((line.number, outcome)),
                // What the lines after it need of other places is asked together with this.
                Err(error) if cx.is_given_up() => waits = Some(error),
                Err(error) => return Err(error),
            }
        }
        waits.map_or(Ok(told), Err)
    }

    /// Imports what a line holds, or leaves no trace of it; some of an export hold no user.
    fn import_line(&mut self, cx: &Cx, pool: &Pool, text: &str) -> Result<Option<Outcome>, Error> {
        let imported = cx.attempt(|| match &mut self.restore {
            Some(restore) => restore::take(cx, pool, (&self.id, restore), text),
            None => {
                let user = row::user(cx, pool, self, text)?;
                directory::insert(cx, pool, &user).map(|()| Some(Outcome::Succeeded))
            }
        });
        match imported {
            Ok(outcome) => Ok(outcome),
            Err(error) if error.code == Code::UsernameExists => Ok(Some(Outcome::Skipped)),
            Err(error) if row::is_fault(&error) => Ok(Some(Outcome::Failed(row::reason(&error)))),
            Err(error) => Err(error),
        }
    }

    fn note(&mut self, cx: &Cx, told: Vec<Told>) -> Result<(), Error> {
        let mut log = Log::default();
        for (number, outcome) in told {
            let Some(outcome) = outcome else { continue };
            match outcome {
                Outcome::Failed(_) => self.failed += 1,
                Outcome::Skipped => self.skipped += 1,
                Outcome::Succeeded => self.imported += 1,
            }
            log.add(number, outcome);
        }
        log.save(cx, &self.id)
    }
}
