//! Whoever takes a role by means of credentials: the account itself, or somebody who has another
//! role.

use alloc::{collections::BTreeMap, format, string::String};

use super::{
    Ask, Decision, Who,
    role::Role,
    session::{self, Wanted},
};
use crate::{
    access::{
        authorize::{Rights, Verdict, asked, context, denied},
        credentials::RoleSession,
    },
    cx::Cx,
    error::Error,
    message::Principal,
    shape::Wire,
    shapes::Shown,
};

const ACTION: &str = "sts:AssumeRole";

/// Somebody who has credentials.
pub(crate) struct Taker<'a> {
    cx: &'a Cx,
    /// The session that they are of; the account's own are of none.
    pub(crate) session: Option<&'a RoleSession>,
}

impl<'a> Taker<'a> {
    /// Whoever calls, which is at the account.
    pub(crate) fn calling(cx: &'a Cx) -> Self {
        let session = match &cx.caller.principal {
            Principal::Role(session) => Some(&**session),
            _ => None,
        };
        Self { cx, session }
    }

    /// The tags that every session has that is begun from this one.
    pub(crate) fn tags(&self) -> BTreeMap<String, String> {
        let Some(session) = self.session else { return BTreeMap::new() };
        let mut tags = session.tags.clone();
        tags.retain(|key, _| session.transitive_tags.contains(key));
        tags
    }

    /// What is said if they may not take that role.
    pub(crate) fn refusal(&self, role_arn: &str) -> Error {
        let account = || format!("arn:aws:iam::{}:root", self.cx.deployment().account_id);
        let who = self.session.map_or_else(account, RoleSession::arn);
        denied(&who, (ACTION, role_arn), "")
    }

    /// Whether they may take the role: its trust policy names the session or its role, or it names
    /// the account and their own policies allow it; and no policy denies it.
    ///
    /// # Errors
    /// `ExpiredToken` if the session was revoked.
    pub(crate) fn may_take(&self, role: &Role, wanted: &Wanted) -> Result<bool, Error> {
        let account = self.cx.deployment().account_id.as_str();
        let root = format!("arn:aws:iam::{account}:root");
        let (own_role, own) = match self.session {
            Some(session) => (session.role_arn.clone(), session.arn()),
            None => (root.clone(), root.clone()),
        };
        let named =
            [("AWS", own_role.as_str()), ("AWS", own.as_str()), ("AWS", &*root), ("AWS", account)];
        let says = |named, is_anybody| {
            let who = Who { named, is_anybody };
            session::trusted(self.cx, &role.trust, (who, ACTION), wanted)
        };
        let in_all = says(&named, true);
        let Some(session) = self.session else { return Ok(in_all == Decision::Allowed) };
        let by_name = says(named.get(..2).unwrap_or_default(), false);
        let Verdict { by_role, by_session } = self.judge(session, &role.arn)?;
        let may = by_role == Decision::Allowed || by_name == Decision::Allowed;
        let is_denied = by_role == Decision::Denied || by_name == Decision::Denied;
        let began = session.source_identity.as_ref();
        let began_so = began.is_none_or(|began| wanted.source_identity.as_ref() == Some(began));
        let is_trusted = in_all == Decision::Allowed && by_session == Decision::Allowed;
        Ok(may && !is_denied && is_trusted && began_so)
    }

    /// What the policies of a session say of taking that role.
    fn judge(&self, session: &RoleSession, role_arn: &str) -> Result<Verdict, Error> {
        let cx = self.cx;
        let shown = Shown::of(cx, &asked(session))?;
        let rights = Rights::of(session, &shown.write())?;
        rights.stand()?;
        let context = context(&cx.caller, cx.now_s(), session);
        Ok(rights.judge(Ask { action: ACTION, resource: role_arn, context: &context }))
    }
}
