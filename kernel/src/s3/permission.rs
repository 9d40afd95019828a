//! What may the caller do? What its role's policies say.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>

use alloc::{format, string::ToString};

use super::fault::Fault;
use crate::{
    access::{
        authorize::{self, Rights},
        credentials::RoleSession,
    },
    error::{Code, Error},
    iam::Context,
    message::Caller,
    shape::Json,
};

/// What a caller may do.
pub(super) enum Permission {
    /// Whoever has the root credentials may do anything.
    Everything,
    Role {
        rights: Rights,
        context: Context,
    },
}

impl Permission {
    pub(super) fn everything() -> Self {
        Self::Everything
    }

    /// That of a session, by what the account says of its role.
    pub(super) fn of(
        session: &RoleSession,
        role: &Json,
        (caller, now_ms): (&Caller, u64),
    ) -> Result<Self, Fault> {
        let rights = Rights::of(session, role).map_err(|_| Fault::bug())?;
        Ok(Self::Role { rights, context: authorize::context(caller, now_ms / 1000, session) })
    }

    /// Lets something be done with an object.
    pub(super) fn check_object(
        &self,
        action: &str,
        (bucket, key): (&str, &str),
    ) -> Result<(), Fault> {
        self.check(action, &format!("arn:aws:s3:::{bucket}/{key}"), &[])
    }

    /// Lets something be done with a bucket; `said` are keys of conditions, and what the call says.
    pub(super) fn check_bucket(
        &self,
        action: &str,
        bucket: &str,
        said: &[(&str, Option<&str>)],
    ) -> Result<(), Fault> {
        self.check(action, &format!("arn:aws:s3:::{bucket}"), said)
    }

    /// Lets something be done that is about no one bucket.
    pub(super) fn check_all(&self, action: &str) -> Result<(), Fault> {
        self.check(action, "arn:aws:s3:::*", &[])
    }

    fn check(
        &self,
        action: &str,
        resource: &str,
        said: &[(&str, Option<&str>)],
    ) -> Result<(), Fault> {
        let Self::Role { rights, context } = self else { return Ok(()) };
        let mut context = context.clone();
        for (key, value) in said {
            context.say(key, value.map(ToString::to_string));
        }
        let refuse = |refusal: Error| match refusal.code {
            Code::ExpiredToken => Fault::new(400, "ExpiredToken", refusal.message),
            _ => Fault::new(403, "AccessDenied", refusal.message),
        };
        rights.check(action, resource, &context).map_err(refuse)
    }
}
