//! `CreateUserRestoreJob`: makes a job that will import what `CreateUserExport` gave, passwords
//! included.
//!
//! It answers with the public key for which the export is to be made. Its private half never leaves
//! this deployment, unless the caller brings one: that of a backup.
//! `StartUserImportJob` and the others go on with the job.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{enlist, new_job};
use crate::{
    crypto::hpke,
    model::export::{key_of, restore::Restore},
    prelude::*,
};

operation!(
    extension CreateUserRestoreJob, Iam, reach Pool, now,
    adds [LimitExceeded]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    JobName job_name: UserImportJobName,
    PrivateKey private_key: Option<X25519Key>,
} }

shape! { Output {
    UserImportJob user_import_job: UserImportJobType,
    PublicKey public_key: X25519Key,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let private = match &input.private_key {
        Some(given) => key_of(given.as_str()).ok_or_else(|| {
            Error::saying(Code::InvalidParameter, "The private key is no X25519 key.")
        })?,
        None => cx.random.bytes(),
    };
    let mut job = new_job(cx, input.job_name.into_string())?;
    job.restore = Some(Restore::new(cx, &job.id, &private)?);
    enlist(cx, &job)?;
    Ok(Output {
        user_import_job: job.described(cx, &pool)?,
        public_key: BASE64_STANDARD.encode(hpke::public_of(&private)).into(),
    })
}
