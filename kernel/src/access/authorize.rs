//! May whoever has a role do this? The role's policies are at the account, so that what changes
//! there holds from the next call on.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    access::credentials::RoleSession,
    cx::Cx,
    error::{Code, Error},
    iam::{Ask, Context, Decision, Kind, Policy, decide},
    message::Caller,
    operation::Operation,
    place::Place,
    shape::Json,
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
    let action = format!("{}:{}", operation.service.signing_name(), operation.name);
    let role = role(cx, &session.role_arn).await?;
    let context = context(&cx.caller, cx.now_s(), session);
    Rights::of(session, &role)?.check(&action, &resource(cx, input), &context)
}

/// What whoever has a role may do.
#[derive(Debug)]
pub(crate) struct Rights {
    who: String,
    policies: Vec<Policy>,
}

impl Rights {
    /// Those of a session in a role, by what `ShowRole` says of that.
    ///
    /// # Errors
    /// An internal one if a policy can't be read: it might deny.
    pub(crate) fn of(session: &RoleSession, role: &Json) -> Result<Self, Error> {
        let documents = role.get("Policies").and_then(Json::as_array).into_iter().flatten();
        let documents = documents.filter_map(Json::as_str);
        let policies = documents.map(|document| Policy::parse(document, Kind::Permissions));
        let policies = policies.collect::<Result<_, _>>().map_err(Error::bug)?;
        Ok(Self { who: session.arn(), policies })
    }

    /// Lets an action on a resource pass, or refuses it.
    ///
    /// # Errors
    /// `AccessDeniedException`.
    pub(crate) fn check(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> Result<(), Error> {
        let why = match decide(&self.policies, Ask { action, resource, context }) {
            Decision::Allowed => return Ok(()),
            Decision::Unsaid => "because no identity-based policy allows the action",
            Decision::Denied => "with an explicit deny in an identity-based policy",
        };
        let who = &self.who;
        let message = format!(
            "User: {who} is not authorized to perform: {action} on resource: {resource} {why}"
        );
        Err(Error::saying(Code::AccessDenied, message))
    }
}

/// Who may take a role; nothing if there is none of that ARN.
///
/// # Errors
/// An internal one if the account does not answer.
pub(crate) async fn trust(cx: &mut Cx, role_arn: &str) -> Result<Option<Policy>, Error> {
    let role = role(cx, role_arn).await?;
    let document = role.get("Trust").and_then(Json::as_str);
    Ok(document.and_then(|document| Policy::parse(document, Kind::Trust).ok()))
}

async fn role(cx: &mut Cx, role_arn: &str) -> Result<Json, Error> {
    let asked = serde_json::json!({ "RoleArn": role_arn });
    let response = cx.call(Place::Account, "ShowRole", &asked).await?;
    match response.status {
        200 => Ok(serde_json::from_slice(&response.body).unwrap_or_default()),
        status => Err(Error::bug(format!("ShowRole answered {status}"))),
    }
}

/// What policies may ask about an identity.
pub(crate) fn context_of(facts: &BTreeMap<String, String>) -> Context {
    let mut context = Context::default();
    for (key, fact) in facts {
        context.say(key, fact.split(' ').map(ToString::to_string));
    }
    context
}

/// What policies may ask about the session and its call.
pub(crate) fn context(caller: &Caller, now_s: u64, session: &RoleSession) -> Context {
    let mut context = context_of(&session.facts);
    for (tag, value) in &session.tags {
        context.say(&format!("aws:PrincipalTag/{tag}"), [value.clone()]);
    }
    let mut say = |key: &str, value: String| context.say(key, [value]);
    say("aws:PrincipalArn", session.role_arn.clone());
    say("aws:TokenIssueTime", (session.issued_ms / 1000).to_string());
    say("aws:CurrentTime", now_s.to_string());
    say("aws:EpochTime", now_s.to_string());
    say("aws:SourceIp", caller.address.clone());
    say("aws:UserAgent", caller.agent.clone());
    say("aws:RequestedRegion", caller.region.clone());
    say("aws:SecureTransport", caller.origin.starts_with("https://").to_string());
    context
}

/// The ARN of what a call is about: of the pool that it names, if it names one.
fn resource(cx: &Cx, input: &Json) -> String {
    let member = |name: &str| input.get(name).and_then(Json::as_str);
    let account = &cx.deployment().account_id;
    // A pool is where its id says, wherever the call was signed for.
    let region =
        |id: &str, end: char| id.rsplit_once(end).map_or("", |(region, _)| region).to_string();
    if let Some(arn) = member("ResourceArn") {
        return arn.into();
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
