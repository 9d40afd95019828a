//! An import of users: a job, the file that was sent for it, and what came of each of its lines.

pub(crate) mod csv;
pub(crate) mod file;
pub(crate) mod lines;
pub(crate) mod log;
pub(crate) mod row;

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use self::file::{Cursor, File};
use super::{export::restore::Restore, pool::Pool};
use crate::{
    crypto::Random,
    cx::Cx,
    error::{Code, Error},
    shape::Timestamp,
    shapes::{
        PasswordHashingAlgorithm, UserImportJobId, UserImportJobStatus as Status, UserImportJobType,
    },
    store::{Record, Row, keys},
    transfer,
};

/// An import job, as kept under `import/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ImportJob {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role_arn: String,
    /// Where the service was called when the job was made: its file comes there.
    pub(crate) origin: String,
    pub(crate) created_ms: u64,
    pub(crate) started_ms: Option<u64>,
    pub(crate) completed_ms: Option<u64>,
    #[serde(with = "crate::shape::stored")]
    pub(crate) status: Status,
    #[serde(with = "crate::shape::stored")]
    pub(crate) algorithm: Option<PasswordHashingAlgorithm>,
    pub(crate) file: File,
    /// What was read of the file.
    pub(crate) cursor: Cursor,
    /// The names in the file's first line.
    pub(crate) columns: Vec<String>,
    pub(crate) imported: u64,
    pub(crate) skipped: u64,
    pub(crate) failed: u64,
    pub(crate) message: Option<String>,
    /// Set where the file is another pool's export.
    #[serde(default)]
    pub(crate) restore: Option<Restore>,
}

impl Record for ImportJob {}

/// The job that is under way, as kept under `importing`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Importing {
    pub(crate) job: String,
}

impl Record for Importing {}

/// A job that is not started for so long can't be started any more.
pub(crate) const WAITS_MS: u64 = 24 * 60 * 60 * 1000;

/// An id that comes after those of earlier jobs.
pub(crate) fn mint_id(random: &Random, now_ms: u64) -> String {
    let tail = random.text("0123456789abcdefghijklmnopqrstuvwxyz", 8);
    alloc::format!("import-{now_ms:012x}{tail}")
}

/// The job of that id.
///
/// # Errors
/// `ResourceNotFoundException` if there is none.
pub(crate) fn find<'cx>(cx: &'cx Cx, id: &str) -> Result<Row<'cx, ImportJob>, Error> {
    cx.get(keys::import(id))?.ok_or_else(|| {
        let message = alloc::format!("User import job {id} does not exist.");
        Error::saying(Code::ResourceNotFound, message)
    })
}

/// Checks that no import is under way.
///
/// # Errors
/// `UserImportInProgressException`.
pub(crate) fn refuse_while_importing(cx: &Cx) -> Result<(), Error> {
    match cx.has(keys::IMPORTING)? {
        true => Err(Code::UserImportInProgress.into()),
        false => Ok(()),
    }
}

impl ImportJob {
    /// Where the job stands; one that was never started expires by itself.
    pub(crate) fn status(&self, now_ms: u64) -> Status {
        match self.status {
            Status::Created if self.created_ms + WAITS_MS <= now_ms => Status::Expired,
            status => status,
        }
    }

    /// Ends the job and forgets its file.
    pub(crate) fn end(&mut self, cx: &Cx, status: Status, message: Option<&str>) {
        self.status = status;
        self.completed_ms = Some(cx.now_ms());
        self.message = message.map(String::from);
        cx.delete_range(keys::under(&keys::import_file(&self.id)));
        cx.delete(keys::IMPORTING);
        // With its key, there is nothing left to open.
        self.restore = None;
    }

    /// The job, as it is shown. As long as it waits for its file, the URL is good for as long from
    /// now on as it was when the job was made.
    pub(crate) fn described(&self, cx: &Cx, pool: &Pool) -> Result<UserImportJobType, Error> {
        let now_ms = cx.now_ms();
        let count = |n: u64| i64::try_from(n).ok();
        let file = transfer::File { room: transfer::IMPORT, pool_id: &pool.id, job: &self.id };
        let signed_ms = match self.file.is_whole || self.status(now_ms) != Status::Created {
            true => self.created_ms,
            false => now_ms,
        };
        Ok(UserImportJobType {
            job_name: Some(self.name.as_str().into()),
            job_id: Some(UserImportJobId::from(self.id.as_str())),
            user_pool_id: Some(pool.id.as_str().into()),
            pre_signed_url: Some(transfer::url(cx.vault()?, file, &self.origin, signed_ms).into()),
            creation_date: Some(Timestamp(self.created_ms)),
            start_date: self.started_ms.map(Timestamp),
            completion_date: self.completed_ms.map(Timestamp),
            status: Some(self.status(now_ms)),
            cloud_watch_logs_role_arn: Some(self.role_arn.as_str())
                .filter(|arn| !arn.is_empty())
                .map(Into::into),
            imported_users: count(self.imported),
            skipped_users: count(self.skipped),
            failed_users: count(self.failed),
            completion_message: self.message.as_deref().map(Into::into),
            password_hashing_algorithm: self.algorithm,
        })
    }
}
