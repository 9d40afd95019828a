//! Policy documents.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Ask, Context, Decision, condition::Condition, pattern};
use crate::shape::{Json, Map};

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    statements: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    allows: bool,
    actions: Selection,
    resources: Option<Selection>,
    principals: Option<Principals>,
    conditions: Vec<Condition>,
}

/// What is meant: what is named, or all but that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Selection {
    is_inverted: bool,
    patterns: Vec<String>,
}

/// Who is meant, by kind: `AWS`, `Federated`, `Service`; `*` is of every kind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Principals {
    is_inverted: bool,
    named: Vec<(String, String)>,
}

/// Somebody who wants a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who<'a> {
    /// The names that mean them, by kind.
    pub(crate) named: &'a [(&'a str, &'a str)],
    /// Whether they are meant as well where everybody is allowed.
    pub(crate) is_anybody: bool,
}

/// Which kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What a role may do: it names resources.
    Permissions,
    /// Who may take a role: it names principals.
    Trust,
}

const VERSION: &str = "2012-10-17";
/// What a document is of that does not say it; it has no variables.
const OLD: &str = "2008-10-17";
/// The kinds of principals.
const PRINCIPALS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];
const MEMBERS: [&str; 10] = [
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
    "Version",
];

impl Policy {
    /// Reads a document.
    ///
    /// # Errors
    /// Why it is none.
    pub(crate) fn parse(document: &str, kind: Kind) -> Result<Self, String> {
        let document: Json =
            serde_json::from_str(document).map_err(|_| "Syntax errors in policy.".to_string())?;
        let Json::Object(members) = document else {
            return Err("Syntax errors in policy.".into());
        };
        let known = ["Version", "Id", "Statement"];
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("Syntax errors in policy: {name} is not known."));
        }
        let version = members.get("Version").map_or(Some(OLD), Json::as_str);
        if !version.is_some_and(|version| [OLD, VERSION].contains(&version)) {
            return Err("Policy document must be version 2012-10-17 or greater.".into());
        }
        let is_old = version == Some(OLD);
        let statements = match members.get("Statement") {
            Some(Json::Array(statements)) => statements.iter().collect(),
            Some(one @ Json::Object(_)) => [one].into(),
            _ => Vec::new(),
        };
        if statements.is_empty() {
            return Err("Policy document must have statements.".into());
        }
        let statements = statements.into_iter().map(|statement| match is_old {
            true => Statement::read(&without_variables(statement), kind),
            false => Statement::read(statement, kind),
        });
        Ok(Self { statements: statements.collect::<Result<_, _>>()? })
    }

    /// What this document says of what is asked.
    pub(super) fn decide(&self, ask: Ask<'_>) -> Decision {
        let is_met = |statement: &&Statement| statement.applies(ask);
        self.verdict(self.statements.iter().filter(is_met))
    }

    /// What a trust policy says of whether somebody may take the role by that action.
    pub(crate) fn trusts(&self, who: Who<'_>, action: &str, context: &Context) -> Decision {
        let ask = Ask { action, resource: "*", context };
        let is_met = |statement: &&Statement| statement.names(who) && statement.applies(ask);
        self.verdict(self.statements.iter().filter(is_met))
    }

    fn verdict<'a>(&self, met: impl Iterator<Item = &'a Statement>) -> Decision {
        met.fold(Decision::Unsaid, |so_far, statement| match (so_far, statement.allows) {
            (Decision::Denied, _) | (_, false) => Decision::Denied,
            _ => Decision::Allowed,
        })
    }
}

impl Statement {
    fn read(statement: &Json, kind: Kind) -> Result<Self, String> {
        let Json::Object(members) = statement else {
            return Err("Syntax errors in policy.".into());
        };
        if let Some(name) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(format!("Syntax errors in policy: {name} is not known."));
        }
        let allows = match members.get("Effect").and_then(Json::as_str) {
            Some("Allow") => true,
            Some("Deny") => false,
            _ => return Err("The Effect of a statement is Allow or Deny.".into()),
        };
        let actions = selection(members, "Action")?;
        let actions = actions.ok_or("Policy statement must contain actions.")?;
        let resources = selection(members, "Resource")?;
        let principals = principals(members)?;
        match kind {
            Kind::Permissions if principals.is_some() => {
                return Err("Policy document should not specify a principal.".into());
            }
            Kind::Permissions if resources.is_none() => {
                return Err("Policy statement must contain resources.".into());
            }
            Kind::Trust if principals.is_none() => {
                return Err("Policy statement must contain a principal.".into());
            }
            Kind::Trust if resources.is_some() => {
                return Err("Has prohibited field Resource".into());
            }
            _ => {}
        }
        Ok(Self { allows, actions, resources, principals, conditions: conditions(members)? })
    }

    fn applies(&self, ask: Ask<'_>) -> bool {
        let action = ask.action.to_ascii_lowercase();
        let is_action = |wanted: &str| {
            pattern::matches(&wanted.to_ascii_lowercase(), &action, &Context::default())
        };
        let is_resource = |wanted: &str| pattern::matches(wanted, ask.resource, ask.context);
        self.actions.has(is_action)
            && self.resources.as_ref().is_none_or(|resources| resources.has(is_resource))
            && self.conditions.iter().all(|condition| condition.is_met(ask.context))
    }

    fn names(&self, who: Who<'_>) -> bool {
        self.principals.as_ref().is_some_and(|principals| {
            // What denies everybody denies whoever it is.
            let is_anybody = who.is_anybody || !self.allows;
            let is_named = principals.named.iter().any(|(kind, name)| {
                (is_anybody && kind == "*")
                    || who.named.iter().any(|(known_kind, known)| {
                        kind == known_kind && ((is_anybody && name == "*") || name == known)
                    })
            });
            is_named != principals.is_inverted
        })
    }
}

impl Selection {
    fn has(&self, matches: impl Fn(&str) -> bool) -> bool {
        self.patterns.iter().any(|pattern| matches(pattern)) != self.is_inverted
    }
}

/// `{name}` or `Not{name}`.
fn selection(members: &Map<String, Json>, name: &str) -> Result<Option<Selection>, String> {
    let inverted = format!("Not{name}");
    let (is_inverted, value) = match (members.get(name), members.get(&inverted)) {
        (Some(value), None) => (false, value),
        (None, Some(value)) => (true, value),
        (None, None) => return Ok(None),
        _ => return Err(format!("A statement has {name} or {inverted}.")),
    };
    let patterns = texts(value).filter(|patterns| !patterns.is_empty());
    let patterns = patterns.ok_or_else(|| format!("Syntax errors in policy: {name}."))?;
    Ok(Some(Selection { is_inverted, patterns }))
}

fn principals(members: &Map<String, Json>) -> Result<Option<Principals>, String> {
    let (is_inverted, value) = match (members.get("Principal"), members.get("NotPrincipal")) {
        (Some(value), None) => (false, value),
        (None, Some(value)) => (true, value),
        (None, None) => return Ok(None),
        _ => return Err("A statement has Principal or NotPrincipal.".into()),
    };
    let mut named = Vec::new();
    match value {
        Json::String(all) if all == "*" => named.push(("*".to_string(), "*".to_string())),
        Json::Object(kinds) => {
            for (kind, names) in kinds {
                if !PRINCIPALS.contains(&kind.as_str()) {
                    return Err("Invalid principal in policy.".into());
                }
                let names = texts(names).ok_or("Invalid principal in policy.")?;
                named.extend(names.into_iter().map(|name| (kind.clone(), name)));
            }
        }
        _ => return Err("Invalid principal in policy.".into()),
    }
    Ok(Some(Principals { is_inverted, named }))
}

fn conditions(members: &Map<String, Json>) -> Result<Vec<Condition>, String> {
    let mut conditions = Vec::new();
    let operators = match members.get("Condition") {
        Some(Json::Object(operators)) => operators,
        Some(_) => return Err("Syntax errors in policy: Condition.".into()),
        None => return Ok(conditions),
    };
    for (operator, keys) in operators {
        let keys = keys.as_object().ok_or("Syntax errors in policy: Condition.")?;
        for (key, values) in keys {
            let values = texts(values).ok_or("Syntax errors in policy: Condition.")?;
            let condition = Condition::new(operator, key, values);
            conditions
                .push(condition.ok_or_else(|| format!("Invalid Condition type : {operator}."))?);
        }
    }
    Ok(conditions)
}

/// The same, in which what looks like a variable stands for itself.
fn without_variables(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::String(text.replace("${", "${$}{")),
        Json::Array(items) => items.iter().map(without_variables).collect(),
        Json::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), without_variables(value))).collect()
        }
        other => other.clone(),
    }
}

/// One text or several; numbers and truth values count as texts.
fn texts(value: &Json) -> Option<Vec<String>> {
    match value {
        Json::Array(items) => {
            let texts = items.iter().map(texts).collect::<Option<Vec<_>>>()?;
            Some(texts.into_iter().flatten().collect())
        }
        Json::Bool(value) => Some([value.to_string()].into()),
        Json::Number(value) => Some([value.to_string()].into()),
        Json::String(value) => Some([value.clone()].into()),
        Json::Null | Json::Object(_) => None,
    }
}
