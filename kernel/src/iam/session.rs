//! Taking a role: what all ways to do so have in common.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Context, Decision, Kind, Policy, Who, role::Role};
use crate::{
    access::{
        authorize,
        credentials::{self, Facts, RoleSession},
    },
    cx::Cx,
    error::{Code, Error},
    shape::{Bounded, Text, Timestamp},
    shapes::{
        AssumedRoleUser, MinimumSessionTokenSize, PolicyDescriptor, RoleDuration,
        SessionCredentials,
    },
};

/// For how many seconds a session lasts unless somebody says otherwise.
pub(crate) const LIFE_S: i32 = 3_600;
/// The longest document of a session, in characters.
const POLICY_MAX: usize = 2_048;
/// How many bytes a session's document and tags may have together.
const PACKED_MAX: usize = 4_096;

/// A session as somebody wants it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) facts: Facts,
    /// The identity that it is of, if that is known.
    pub(crate) identity: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) transitive_tags: Vec<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) lives_s: i32,
    /// How many bytes its token has at least.
    pub(crate) token_bytes_min: usize,
}

/// A session that began.
pub(crate) struct Begun {
    pub(crate) credentials: SessionCredentials,
    pub(crate) user: AssumedRoleUser,
    /// How much of the room for documents and tags is taken, in per cent.
    pub(crate) packed: Option<i32>,
    /// How many bytes the token has.
    pub(crate) token_bytes: i32,
}

/// The document of a session that somebody sent.
///
/// # Errors
/// `MalformedPolicyDocument`, `PackedPolicyTooLarge`.
pub(crate) fn policy(
    document: Option<String>,
    arns: Option<&[PolicyDescriptor]>,
) -> Result<Option<String>, Error> {
    if let Some(named) = arns.unwrap_or_default().first() {
        let arn = named.arn.as_ref().map_or("", Text::as_str);
        let message = format!("The policy {arn} does not exist: there are no managed policies.");
        return Err(Error::saying(Code::MalformedPolicyDocument, message));
    }
    let Some(document) = document else { return Ok(None) };
    let length = document.chars().count();
    if length > POLICY_MAX {
        return Err(too_large(length.saturating_mul(100).div_ceil(POLICY_MAX)));
    }
    super::role::check(&document, Kind::Permissions)?;
    Ok(Some(document))
}

fn too_large(percent: usize) -> Error {
    let message =
        format!("Packed policy consumes {percent}% of allotted space, please use smaller policy.");
    Error::saying(Code::PackedPolicyTooLarge, message)
}

impl Wanted {
    /// How much of the room for documents and tags is taken, in per cent; nothing if there are
    /// none.
    ///
    /// # Errors
    /// `PackedPolicyTooLarge`.
    fn packed(&self) -> Result<Option<i32>, Error> {
        let policy = self.policy.iter().flat_map(|policy| policy.chars());
        let policy: usize = policy.filter(|char| !char.is_whitespace()).map(char::len_utf8).sum();
        let tags: usize = self.tags.iter().map(|(key, value)| key.len() + value.len()).sum();
        let percent = (policy + tags).saturating_mul(100).div_ceil(PACKED_MAX);
        match percent {
            0 => Ok(None),
            1..=100 => Ok(i32::try_from(percent).ok()),
            _ => Err(too_large(percent)),
        }
    }

    /// What a trust policy may ask about it.
    fn context(&self, cx: &Cx) -> Context {
        let mut context = authorize::surroundings(&cx.caller, cx.now_s(), &self.facts);
        context.say("sts:RoleSessionName", [self.name.clone()]);
        for (tag, value) in &self.tags {
            context.say(&format!("aws:RequestTag/{tag}"), [value.clone()]);
        }
        context.say("aws:TagKeys", self.tags.keys().cloned());
        context.say("sts:TransitiveTagKeys", self.transitive_tags.iter().cloned());
        if let Some(source) = &self.source_identity {
            context.say("sts:SourceIdentity", [source.clone()]);
        }
        context
    }
}

/// What a trust policy says of such a session: of the action itself, and of the tags and the source
/// identity that it brings.
pub(crate) fn trusted(
    cx: &Cx,
    trust: &str,
    (who, action): (Who<'_>, &str),
    wanted: &Wanted,
) -> Decision {
    // One that does not parse might deny.
    let Ok(trust) = Policy::parse(trust, Kind::Trust) else { return Decision::Denied };
    let context = wanted.context(cx);
    let mut actions = [action].to_vec();
    if !wanted.tags.is_empty() {
        actions.push("sts:TagSession");
    }
    if wanted.source_identity.is_some() {
        actions.push("sts:SetSourceIdentity");
    }
    let decisions = actions.into_iter().map(|action| trust.trusts(who, action, &context));
    decisions.fold(Decision::Allowed, |all, one| match (all, one) {
        (Decision::Denied, _) | (_, Decision::Denied) => Decision::Denied,
        (Decision::Allowed, one) => one,
        (unsaid, _) => unsaid,
    })
}

/// For how many seconds a session of that role lasts.
///
/// # Errors
/// `ValidationError` if that is longer than the role allows.
pub(crate) fn lives_s(role: &Role, asked: Option<RoleDuration>) -> Result<i32, Error> {
    let lives_s = asked.map_or(LIFE_S, RoleDuration::get);
    match lives_s <= role.longest_s {
        true => Ok(lives_s),
        false => Err(Error::saying(
            Code::Validation,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )),
    }
}

/// Begins a session of a role that its taker is trusted with.
///
/// # Errors
/// `PackedPolicyTooLarge`.
pub(crate) fn begin(cx: &Cx, role: &Role, wanted: Wanted) -> Result<Begun, Error> {
    let packed = wanted.packed()?;
    let lives_ms = u64::try_from(wanted.lives_s).unwrap_or_default().saturating_mul(1_000);
    let session = RoleSession {
        role_arn: role.arn.clone(),
        role_id: role.id.clone(),
        name: wanted.name,
        facts: wanted.facts,
        identity: wanted.identity,
        tags: wanted.tags,
        transitive_tags: wanted.transitive_tags,
        source_identity: wanted.source_identity,
        policy: wanted.policy,
        issued_ms: cx.now_ms(),
        // Whole seconds, as the answer tells them.
        expires_ms: (cx.now_ms() + lives_ms) / 1000 * 1000,
        ..RoleSession::default()
    };
    let user =
        AssumedRoleUser { assumed_role_id: session.user_id().into(), arn: session.arn().into() };
    let credentials = credentials(cx, session, wanted.token_bytes_min)?;
    let token_bytes = credentials.session_token.as_str().len();
    Ok(Begun { credentials, user, packed, token_bytes: i32::try_from(token_bytes).unwrap_or(0) })
}

/// Credentials of a session, with a token of so many bytes at least.
///
/// # Errors
/// An internal one if there is no root key.
pub(crate) fn credentials(
    cx: &Cx,
    mut session: RoleSession,
    token_bytes_min: usize,
) -> Result<SessionCredentials, Error> {
    let mut issued = credentials::issue(cx.deployment(), &session, &cx.random)?;
    let missing = token_bytes_min.saturating_sub(issued.session_token.len());
    if missing > 0 {
        session.padding = " ".repeat(missing);
        issued = credentials::issue(cx.deployment(), &session, &cx.random)?;
    }
    Ok(SessionCredentials {
        access_key_id: issued.access_key_id.into(),
        secret_access_key: issued.secret_access_key.into(),
        session_token: issued.session_token.into(),
        expiration: Timestamp(session.expires_ms),
    })
}

/// How many bytes a token has at least, as somebody asked.
pub(crate) fn token_bytes_min(asked: Option<MinimumSessionTokenSize>) -> usize {
    asked.and_then(|asked| usize::try_from(asked.get()).ok()).unwrap_or(0)
}

/// What is said of somebody whom a role does not trust.
pub(crate) fn untrusted(action: &str) -> Error {
    Error::saying(Code::AccessDenied, "Not authorized to perform ".to_string() + action)
}
