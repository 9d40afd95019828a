//! `AssumeRole`: gives somebody who has credentials another role.
//!
//! The account's own credentials take roles as well, which AWS does not let them.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use alloc::{collections::BTreeMap, format};

use crate::{
    access::{
        authorize::{Rights, Verdict, context, denied},
        credentials::{Facts, RoleSession},
    },
    iam::{
        Ask, Decision, Who,
        session::{self, Wanted},
        tag,
    },
    message::Principal,
    prelude::*,
    shape::Wire,
};

operation!(
    sts AssumeRole, Iam, now,
    adds [IdentityTokenExpired, MalformedPolicyDocument, PackedPolicyTooLarge, RegionDisabled]
);

shape! { Input {
    RoleArn role_arn: StsArn,
    RoleSessionName role_session_name: RoleSessionName,
    PolicyArns policy_arns: Option<Vec<PolicyDescriptor>>,
    Policy policy: Option<LongSessionPolicy>,
    DurationSeconds duration_seconds: Option<RoleDuration>,
    Tags tags: Option<IamTags>,
    TransitiveTagKeys transitive_tag_keys: Option<TransitiveTagKeys>,
    ExternalId external_id: Option<ExternalId>,
    SerialNumber serial_number: Option<MfaSerialNumber>,
    TokenCode token_code: Option<MfaTokenCode>,
    SourceIdentity source_identity: Option<SourceIdentity>,
    ProvidedContexts provided_contexts: Option<ProvidedContexts>,
    MinimumSessionTokenSize minimum_session_token_size: Option<MinimumSessionTokenSize>,
} }

shape! { Output {
    Credentials credentials: Option<SessionCredentials>,
    AssumedRoleUser assumed_role_user: Option<AssumedRoleUser>,
    PackedPolicySize packed_policy_size: Option<NonNegative>,
    SourceIdentity source_identity: Option<SourceIdentity>,
    SessionTokenUtilization session_token_utilization: Option<NonNegative>,
    SessionTokenSize session_token_size: Option<NonNegative>,
} }

const ACTION: &str = "sts:AssumeRole";
/// For how many seconds a role may be had at most that was taken by means of another.
const CHAINED_MAX_S: i32 = 3_600;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    if input.serial_number.is_some() || input.provided_contexts.is_some() {
        let message = "MultiFactorAuthentication and provided contexts are not known here.";
        return Err(Error::saying(Code::AccessDenied, message));
    }
    let caller = cx.caller.principal.clone();
    let session = match &caller {
        Principal::Role(session) => Some(&**session),
        _ => None,
    };
    let arn = input.role_arn.as_str();
    let verdict = match session {
        Some(session) => Some(judge(cx, session, arn)?),
        None => None,
    };
    let wanted = wanted(session, &input)?;
    let refusal = || refused(cx, session, arn);
    let role = cx.role_of_arn(arn)?.ok_or_else(refusal)?;
    let has_other_source = session
        .and_then(|session| session.source_identity.as_ref())
        .is_some_and(|source| wanted.source_identity.as_ref() != Some(source));
    if has_other_source || !is_trusted(cx, (session, verdict), &role.trust, &wanted) {
        return Err(refusal());
    }
    let lives_s = session::lives_s(&role, input.duration_seconds)?;
    if session.is_some() && lives_s > CHAINED_MAX_S {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles \
                       assumed by role chaining";
        return Err(Error::saying(Code::Validation, message));
    }
    let source_identity = wanted.source_identity.clone();
    // What was agreed on is for the trust policy alone.
    let begun = session::begin(cx, &role, Wanted { lives_s, facts: Facts::new(), ..wanted })?;
    Ok(Output {
        credentials: Some(begun.credentials),
        assumed_role_user: Some(begun.user),
        packed_policy_size: begun.packed.map(Into::into),
        source_identity: source_identity.map(Into::into),
        session_token_utilization: None,
        session_token_size: Some(begun.token_bytes.into()),
    })
}

/// The session that is asked for, with what passes to it from the one that it is begun from.
fn wanted(session: Option<&RoleSession>, input: &Input) -> Result<Wanted, Error> {
    let policy = input.policy.as_ref().map(|policy| policy.as_str().to_string());
    let mut tags = BTreeMap::new();
    if let Some(session) = session {
        tags.extend(session.tags.clone());
        tags.retain(|key, _| session.transitive_tags.contains(key));
    }
    let asked = tag::read(input.tags.clone().unwrap_or_default(), Code::Validation)?;
    let is_inherited = |key: &&String| tags.keys().any(|one| one.eq_ignore_ascii_case(key));
    if let Some(key) = asked.keys().find(is_inherited) {
        let message = format!("The tag {key} is passed on and can not be set anew.");
        return Err(Error::saying(Code::Validation, message));
    }
    tags.extend(asked);
    let mut transitive_tags =
        session.map(|session| session.transitive_tags.clone()).unwrap_or_default();
    for key in input.transitive_tag_keys.iter().flat_map(|keys| keys.iter()).map(Text::as_str) {
        if !tags.contains_key(key) {
            let message = format!("The transitive tag key {key} is not one of the tags.");
            return Err(Error::saying(Code::Validation, message));
        }
        transitive_tags.push(key.to_string());
    }
    let external_id = input.external_id.as_ref();
    let source = input.source_identity.as_ref().map(|source| source.as_str().to_string());
    let facts = external_id
        .map(|id| ("sts:ExternalId".to_string(), [id.as_str().to_string()].into()))
        .into_iter();
    Ok(Wanted {
        name: input.role_session_name.as_str().to_string(),
        facts: facts.collect(),
        tags,
        transitive_tags,
        source_identity: source
            .or_else(|| session.and_then(|session| session.source_identity.clone())),
        policy: session::policy(policy, input.policy_arns.as_deref())?,
        lives_s: 0,
        token_bytes_min: session::token_bytes_min(input.minimum_session_token_size),
    })
}

/// What the caller's own policies say of taking the role.
fn judge(cx: &Cx, session: &RoleSession, arn: &str) -> Result<Verdict, Error> {
    let rights = Rights::of(session, &Shown::of(cx, &session.role_arn)?.write())?;
    let context = context(&cx.caller, cx.now_s(), session);
    Ok(rights.judge(Ask { action: ACTION, resource: arn, context: &context }))
}

/// Whether the caller may take the role: its trust policy names the caller's session or role, or it
/// names the account and the caller's own policies allow it; and no policy denies it.
fn is_trusted(
    cx: &Cx,
    (session, verdict): (Option<&RoleSession>, Option<Verdict>),
    trust: &str,
    wanted: &Wanted,
) -> bool {
    let account = cx.deployment().account_id.as_str();
    let root = format!("arn:aws:iam::{account}:root");
    let (role, own) = match session {
        Some(session) => (session.role_arn.clone(), session.arn()),
        None => (root.clone(), root.clone()),
    };
    let named = [("AWS", role.as_str()), ("AWS", own.as_str()), ("AWS", &*root), ("AWS", account)];
    let says = |named, is_anybody| {
        session::trusted(cx, trust, (Who { named, is_anybody }, ACTION), wanted)
    };
    let by_name = says(named.get(..2).unwrap_or_default(), false);
    let in_all = says(&named, true);
    let Some(Verdict { by_role, by_session }) = verdict else {
        return in_all == Decision::Allowed;
    };
    let may = by_role == Decision::Allowed || by_name == Decision::Allowed;
    let is_denied = by_role == Decision::Denied || by_name == Decision::Denied;
    may && !is_denied && in_all == Decision::Allowed && by_session == Decision::Allowed
}

fn refused(cx: &Cx, session: Option<&RoleSession>, arn: &str) -> Error {
    let root = || format!("arn:aws:iam::{}:root", cx.deployment().account_id);
    denied(&session.map_or_else(root, RoleSession::arn), (ACTION, arn), "")
}
