//! `PreTokenGeneration`: changes what tokens say of a user.
//!
//! The first version of the event changes the ID token alone; later ones both tokens and the scopes
//! of the access token. Groups and roles change by themselves, in all versions and both tokens.
//! What says who a token is for, by whom and for how long, no function changes.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde_json::json;

use super::{Occasion, Returned, Trigger, answer::unrecognizable, event};
use crate::{
    cx::Cx,
    error::Error,
    shape::{Json, Map},
};

/// Claims that stay as they are.
const FIXED: &[&str] = &[
    "acr",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "client_id",
    "cognito:groups",
    "cognito:preferred_role",
    "cognito:roles",
    "cognito:username",
    "device_key",
    "event_id",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "scope",
    "sub",
    "token_use",
    "username",
    "version",
];

/// Groups and roles as tokens show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Groups {
    pub(crate) names: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) preferred: Option<String>,
}

/// What becomes of the claims of one token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    added: Map<String, Json>,
    suppressed: Vec<String>,
}

/// What becomes of the tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) id: Claims,
    pub(crate) access: Claims,
    added_scopes: Vec<String>,
    suppressed_scopes: Vec<String>,
    /// The groups in the place of those that the user has.
    pub(crate) groups: Option<Groups>,
}

/// About what tokens the function is asked.
pub(crate) struct Tokens<'a> {
    /// After what they are made, in the words of its sources.
    pub(crate) source: &'static str,
    pub(crate) attributes: Map<String, Json>,
    /// A client that signs in for itself has none.
    pub(crate) groups: Option<&'a Groups>,
    pub(crate) scopes: &'a [&'a str],
}

/// What the function makes of the tokens; nothing if there is none.
///
/// # Errors
/// The function's; `InvalidLambdaResponseException` if what it says can't be said in a token.
pub(crate) fn ask(
    cx: &Cx,
    occasion: &Occasion<'_>,
    tokens: Tokens<'_>,
) -> Result<Option<Changes>, Error> {
    let Some((_, version)) = Trigger::PreTokenGeneration.of(occasion.pool) else { return Ok(None) };
    let groups = tokens.groups.map(|groups| {
        json!({
            "groupsToOverride": groups.names, "iamRolesToOverride": groups.roles,
            "preferredRole": groups.preferred,
        })
    });
    let mut request = event::request(
        cx,
        [
            ("userAttributes", Json::Object(tokens.attributes)),
            ("groupConfiguration", groups.unwrap_or_default()),
        ],
    );
    let details = match version {
        "1" => "claimsOverrideDetails",
        _ => {
            request.insert("scopes".into(), tokens.scopes.into());
            "claimsAndScopeOverrideDetails"
        }
    };
    let asked = (Trigger::PreTokenGeneration, tokens.source);
    let response = json!({ details: null });
    let Some(returned) = occasion.ask(cx, asked, request, response)? else { return Ok(None) };
    read(&returned, details).map(Some)
}

fn read(returned: &Returned, details: &str) -> Result<Changes, Error> {
    let details_of = match returned.member(details) {
        None => return Ok(Changes::default()),
        Some(Json::Object(details)) => details,
        Some(_) => return Err(unrecognizable()),
    };
    // To say null of groups is to take them away; to say nothing is to leave them.
    let groups = details_of.get("groupOverrideDetails").map(groups).transpose()?;
    if details == "claimsOverrideDetails" {
        let id = claims(details_of)?;
        return match id.added.values().all(Json::is_string) {
            true => Ok(Changes { id, groups, ..Changes::default() }),
            false => Err(unrecognizable()),
        };
    }
    let none = Map::new();
    let id = claims(object(details_of, "idTokenGeneration")?.unwrap_or(&none))?;
    let of_access = object(details_of, "accessTokenGeneration")?.unwrap_or(&none);
    let added_scopes = texts(of_access, "scopesToAdd")?;
    let is_scope = |scope: &String| !scope.is_empty() && !scope.contains(char::is_whitespace);
    if !added_scopes.iter().all(is_scope) {
        return Err(unrecognizable());
    }
    Ok(Changes {
        id,
        access: claims(of_access)?,
        added_scopes,
        suppressed_scopes: texts(of_access, "scopesToSuppress")?,
        groups,
    })
}

fn groups(details: &Json) -> Result<Groups, Error> {
    let details = match details {
        Json::Null => return Ok(Groups::default()),
        Json::Object(details) => details,
        _ => return Err(unrecognizable()),
    };
    let preferred = match details.get("preferredRole") {
        None | Some(Json::Null) => None,
        Some(Json::String(role)) => Some(role.clone()).filter(|role| !role.is_empty()),
        Some(_) => return Err(unrecognizable()),
    };
    Ok(Groups {
        names: texts(details, "groupsToOverride")?,
        roles: texts(details, "iamRolesToOverride")?,
        preferred,
    })
}

fn claims(details: &Map<String, Json>) -> Result<Claims, Error> {
    let added = object(details, "claimsToAddOrOverride")?.cloned().unwrap_or_default();
    Ok(Claims { added, suppressed: texts(details, "claimsToSuppress")? })
}

fn object<'a>(
    from: &'a Map<String, Json>,
    name: &str,
) -> Result<Option<&'a Map<String, Json>>, Error> {
    match from.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(object)) => Ok(Some(object)),
        Some(_) => Err(unrecognizable()),
    }
}

fn texts(from: &Map<String, Json>, name: &str) -> Result<Vec<String>, Error> {
    match from.get(name) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(list)) => list
            .iter()
            .map(|text| text.as_str().map(ToString::to_string).ok_or_else(unrecognizable))
            .collect(),
        Some(_) => Err(unrecognizable()),
    }
}

impl Claims {
    /// Changes the claims of a token of that client. To suppress wins over to add.
    pub(crate) fn apply(&self, client_id: &str, claims: &mut Map<String, Json>) {
        let is_fixed = |name: &String| FIXED.contains(&name.as_str());
        for (name, value) in self.added.iter().filter(|(name, _)| !is_fixed(name)) {
            claims.insert(name.clone(), value.clone());
        }
        for name in self.suppressed.iter().filter(|name| !is_fixed(name)) {
            claims.remove(name);
        }
        // An access token may say for whom it is, if that is the client.
        let names_client = self.added.get("aud").is_some_and(|aud| aud == client_id);
        if names_client && !claims.contains_key("aud") {
            claims.insert("aud".into(), client_id.into());
        }
    }
}

impl Changes {
    /// The scopes of an access token that has these. To suppress wins over to add.
    pub(crate) fn scopes(&self, scopes: &str) -> String {
        let mut all: Vec<&str> = scopes.split(' ').filter(|scope| !scope.is_empty()).collect();
        for added in &self.added_scopes {
            if !all.contains(&added.as_str()) {
                all.push(added);
            }
        }
        all.retain(|scope| !self.suppressed_scopes.iter().any(|suppressed| suppressed == scope));
        all.join(" ")
    }
}
