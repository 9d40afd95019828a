//! What does every event say?

use alloc::string::{String, ToString};

use serde_json::json;

use super::{Invocation, Returned, Trigger, answer};
use crate::{
    cx::Cx,
    error::Error,
    model::{client::Client, pool::Pool, user::User},
    shape::{Json, Map},
};

/// What SDK the caller uses is not told to functions.
const SDK: &str = "aws-sdk-unknown-unknown";
/// The client where there is none.
const NO_CLIENT: &str = "CLIENT_ID_NOT_APPLICABLE";

/// What most sources say that are about signing in.
pub(super) const SIGN_IN: &str = "Authentication";

/// About whom a function is called, and through which client.
#[derive(Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) client: Option<&'a Client>,
    pub(crate) username: &'a str,
}

impl Occasion<'_> {
    /// What the pool's function for that trigger answers; nothing if the pool has none.
    ///
    /// # Errors
    /// What the function or the way to it brought about; that the step begins again.
    pub(super) fn ask(
        &self,
        cx: &Cx,
        (trigger, source): (Trigger, &str),
        request: Map<String, Json>,
        response: Json,
    ) -> Result<Option<Returned>, Error> {
        let Some(invocation) = self.invocation((trigger, source), request, response)? else {
            return Ok(None);
        };
        let answer = cx.steering.answer(invocation)?;
        answer::read(trigger, answer).map(Some)
    }

    /// The call of the pool's function for that trigger, if it has one.
    pub(super) fn invocation(
        &self,
        (trigger, source): (Trigger, &str),
        request: Map<String, Json>,
        response: Json,
    ) -> Result<Option<Invocation>, Error> {
        let Some((function, version)) = trigger.of(self.pool) else { return Ok(None) };
        let client_id = self.client.map_or(NO_CLIENT, |client| client.id.as_str());
        let source = [trigger.stem(), "_", source].concat();
        let event = json!({
            "version": version,
            "triggerSource": source,
            "region": self.pool.region,
            "userPoolId": self.pool.id,
            "userName": self.username,
            "callerContext": { "awsSdkVersion": SDK, "clientId": client_id },
            "request": request,
            "response": response,
        });
        let event = serde_json::to_vec(&event);
        let event = event.map_err(|_| Error::bug("an event does not serialise"))?;
        Ok(Some(Invocation::new(self.pool, trigger, function, event)))
    }
}

impl Trigger {
    /// How its sources begin.
    const fn stem(self) -> &'static str {
        match self {
            Self::PreTokenGeneration => "TokenGeneration",
            other => other.name(),
        }
    }
}

/// A user's attributes as events show them; a user who does not stand yet has neither `sub` nor
/// status.
pub(crate) fn attributes(user: &User) -> Map<String, Json> {
    let mut shown = new_attributes(user);
    shown.insert("sub".into(), user.sub.as_str().into());
    shown.insert("cognito:user_status".into(), user.status.wire().into());
    shown
}

/// What a function is told of a user; of a name that stands for nobody, where that is hidden from
/// callers, that it does.
pub(super) fn known_or_not(occasion: &Occasion<'_>, user: Option<&User>) -> Map<String, Json> {
    let mut request = Map::new();
    let shown = user.map(attributes).unwrap_or_default();
    request.insert("userAttributes".into(), Json::Object(shown));
    if occasion.client.is_some_and(Client::hides_users) {
        request.insert("userNotFound".into(), user.is_none().into());
    }
    request
}

/// The attributes of a user who does not stand yet.
pub(super) fn new_attributes(user: &User) -> Map<String, Json> {
    let pairs = user.attributes.iter();
    pairs.map(|(name, value)| (name.to_string(), Json::from(value.as_str()))).collect()
}

/// A request with these members and what the caller says to all triggers.
pub(super) fn request<const N: usize>(cx: &Cx, members: [(&str, Json); N]) -> Map<String, Json> {
    let mut request: Map<String, Json> =
        members.into_iter().map(|(name, value)| (String::from(name), value)).collect();
    if let Some(metadata) = cx.steering.said().client_metadata.clone() {
        request.insert("clientMetadata".into(), metadata);
    }
    request
}
