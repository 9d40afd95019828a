//! May whoever has a role do this? The role's policies are at the account, so that what changes
//! there holds from the next call on.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    access::credentials::{Facts, RoleSession},
    cx::Cx,
    error::{Code, Error},
    iam::{Ask, Context, Decision, Kind, Policy, decide, guest},
    message::Caller,
    operation::{Operation, Service},
    place::Place,
    shape::{Json, Wire},
    shapes::Shown,
};

/// Lets a call in, or refuses it.
///
/// # Errors
/// `AccessDeniedException`.
pub(crate) async fn authorize(
    cx: &mut Cx,
    session: &RoleSession,
    operation: &Operation,
    input: &Json,
) -> Result<(), Error> {
    // Whoever may do nothing may still know who that is, and who takes a role is its trust policy's
    // to say as well.
    let judges_itself = ["AssumeRole", "GetCallerIdentity", "GetSessionToken"];
    if operation.service == Service::Sts && judges_itself.contains(&operation.name) {
        return Ok(());
    }
    let action = format!("{}:{}", operation.service.signing_name(), operation.name);
    let resource = resource(cx, operation.service, input);
    let role = show(cx, asked(session)).await?;
    let context = context(&cx.caller, cx.now_s(), session);
    Rights::of(session, &role)?.check(&action, &resource, &context)
}

/// What whoever has a session may do.
#[derive(Debug)]
pub(crate) struct Rights {
    who: String,
    /// What the role may do.
    policies: Vec<Policy>,
    /// What the session may do at most; one without a document is bound by none.
    bound: Option<Policy>,
    is_scoped_down: bool,
    is_revoked: bool,
}

/// What policies say of one thing that the holder of a session wants to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) by_role: Decision,
    pub(crate) by_session: Decision,
}

impl Rights {
    /// Those of a session in a role, by what `ShowRole` says of that.
    ///
    /// # Errors
    /// An internal one if a policy can't be read: it might deny.
    pub(crate) fn of(session: &RoleSession, role: &Json) -> Result<Self, Error> {
        let role = Shown::read(role.clone());
        let role = role.ok_or_else(|| Error::bug("a role is shown otherwise"))?;
        let read = |policy: &String| Policy::parse(policy, Kind::Permissions).map_err(Error::bug);
        // A role that is gone may do nothing, whatever has its name now.
        let is_there = role.role_id.as_ref() == Some(&session.role_id);
        let policies = role.policies.iter().filter(|_| is_there).map(read);
        Ok(Self {
            who: session.arn(),
            policies: policies.collect::<Result<_, _>>()?,
            bound: session.policy.as_ref().map(read).transpose()?,
            is_scoped_down: session.is_scoped_down,
            is_revoked: role.revoked_at.is_some_and(|at| session.issued_ms <= at.0),
        })
    }

    /// What policies say of an action on a resource.
    pub(crate) fn judge(&self, ask: Ask<'_>) -> Verdict {
        let by_session = match &self.bound {
            _ if self.is_scoped_down && !guest::may(ask.action) => Decision::Unsaid,
            Some(bound) => decide([bound], ask),
            None => Decision::Allowed,
        };
        Verdict { by_role: decide(&self.policies, ask), by_session }
    }

    /// Whether the session goes on.
    ///
    /// # Errors
    /// `ExpiredTokenException` if it was revoked.
    pub(crate) fn stand(&self) -> Result<(), Error> {
        if self.is_revoked { Err(Code::ExpiredToken.into()) } else { Ok(()) }
    }

    /// Lets an action on a resource pass, or refuses it.
    ///
    /// # Errors
    /// `AccessDeniedException`, `ExpiredTokenException`.
    pub(crate) fn check(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> Result<(), Error> {
        self.stand()?;
        let Verdict { by_role, by_session } = self.judge(Ask { action, resource, context });
        let why = match (by_role, by_session) {
            (Decision::Allowed, Decision::Allowed) => return Ok(()),
            (Decision::Denied, _) => "with an explicit deny in an identity-based policy",
            (_, Decision::Denied) => "with an explicit deny in a session policy",
            (Decision::Unsaid, _) => "because no identity-based policy allows the action",
            (_, Decision::Unsaid) => "because no session policy allows the action",
        };
        Err(denied(&self.who, (action, resource), why))
    }
}

/// What is said of somebody who may not do something.
pub(crate) fn denied(who: &str, (action, resource): (&str, &str), why: &str) -> Error {
    let message =
        format!("User: {who} is not authorized to perform: {action} on resource: {resource} {why}");
    Error::saying(Code::AccessDenied, message.trim_end().to_string())
}

/// What the account is asked about a session.
pub(crate) fn asked(session: &RoleSession) -> Json {
    serde_json::json!({ "RoleArn": session.role_arn, "IdentityId": session.identity })
}

/// What the account shows of a role; of one that it does not have, nothing.
///
/// # Errors
/// An internal one if the account does not answer.
pub(crate) async fn show(cx: &mut Cx, asked: Json) -> Result<Json, Error> {
    if cx.place == Place::Account {
        return Ok(Shown::of(cx, &asked)?.write());
    }
    let response = cx.call(Place::Account, "ShowRole", &asked).await?;
    match response.status {
        200 => Ok(serde_json::from_slice(&response.body).unwrap_or_default()),
        status => Err(Error::bug(format!("ShowRole answered {status}"))),
    }
}

/// What policies may ask about the session and its call.
pub(crate) fn context(caller: &Caller, now_s: u64, session: &RoleSession) -> Context {
    let mut context = surroundings(caller, now_s, &session.facts);
    for (tag, value) in &session.tags {
        context.say(&format!("aws:PrincipalTag/{tag}"), [value.clone()]);
    }
    let account = session.role_arn.split(':').nth(4).unwrap_or_default();
    let mut say = |key: &str, value: String| context.say(key, [value]);
    say("aws:PrincipalArn", session.role_arn.clone());
    say("aws:PrincipalAccount", account.to_string());
    say("aws:PrincipalType", "AssumedRole".to_string());
    say("aws:userid", session.user_id());
    say("aws:TokenIssueTime", (session.issued_ms / 1000).to_string());
    if let Some(source) = &session.source_identity {
        say("aws:SourceIdentity", source.clone());
    }
    context
}

/// What policies may ask about a call, and about somebody of whom that is known.
pub(crate) fn surroundings(caller: &Caller, now_s: u64, facts: &Facts) -> Context {
    let mut context = Context::default();
    for (key, values) in facts {
        context.say(key, values.iter().cloned());
    }
    let mut say = |key: &str, value: String| context.say(key, [value]);
    say("aws:CurrentTime", now_s.to_string());
    say("aws:EpochTime", now_s.to_string());
    say("aws:SourceIp", caller.address.clone());
    say("aws:UserAgent", caller.agent.clone());
    say("aws:RequestedRegion", caller.region.clone());
    say("aws:SecureTransport", caller.origin.starts_with("https://").to_string());
    context
}

/// The ARN of what a call is about: of the pool or role that it names, if it names one.
fn resource(cx: &Cx, service: Service, input: &Json) -> String {
    let member = |name: &str| input.get(name).and_then(Json::as_str);
    let account = &cx.deployment().account_id;
    // A pool is where its id says, wherever the call was signed for.
    let region =
        |id: &str, end: char| id.rsplit_once(end).map_or("", |(region, _)| region).to_string();
    if let Some(arn) = member("ResourceArn").or_else(|| member("OpenIDConnectProviderArn")) {
        return arn.into();
    }
    if let (Service::Iam, Some(name)) = (service, member("RoleName")) {
        return format!("arn:aws:iam::{account}:role/{name}");
    }
    if let Some(id) = member("UserPoolId") {
        let region = region(id, '_');
        return format!("arn:aws:cognito-idp:{region}:{account}:userpool/{id}");
    }
    match member("IdentityPoolId") {
        Some(id) => {
            let region = region(id, ':');
            format!("arn:aws:cognito-identity:{region}:{account}:identitypool/{id}")
        }
        None => "*".into(),
    }
}
