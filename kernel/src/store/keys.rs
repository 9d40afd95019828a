//! The keys of records: one function a kind, so that no two kinds can meet.
//!
//! Parts that people choose are escaped, except the last one of a key; prefixes keep their order.

use alloc::{borrow::Cow, format, string::String};
use core::{fmt::Write, ops::Range};

/// The pool's configuration.
pub(crate) const POOL: &str = "pool";
/// How many users the pool has.
pub(crate) const USER_COUNT: &str = "count";
/// How many groups the pool has.
pub(crate) const GROUP_COUNT: &str = "groups";
/// Custom attributes that are being removed.
pub(crate) const SCHEMA_CHANGE: &str = "schema-change";
/// A change of the names by which users sign in.
pub(crate) const NAMES_CHANGE: &str = "names-change";
/// How many calls a second are answered, where that was set.
pub(crate) const RATES: &str = "rates";
/// The prefix of all pools in the account's list.
pub(crate) const POOL_ENTRIES: &str = "pools/";
/// The keys that sign the pool's tokens.
pub(crate) const SIGNING_KEYS: &str = "keys";

/// Where the pool's events are delivered.
pub(crate) const LOG_DELIVERY: &str = "logs";

/// The prefix of all times at which an operation runs by itself.
pub(crate) const WAKES: &str = "wake/";

/// When an internal operation runs by itself.
pub(crate) fn wake(operation: &str) -> String {
    format!("{WAKES}{operation}")
}

/// The prefix of all import jobs.
pub(crate) const IMPORTS: &str = "import/";
/// Which import job is under way.
pub(crate) const IMPORTING: &str = "importing";

/// What came of the lines that a place of a split pool took last.
pub(crate) const IMPORT_TAKEN: &str = "import-taken";

/// An import job; ids are in the order in which jobs were made.
pub(crate) fn import(job: &str) -> String {
    format!("{IMPORTS}{job}")
}

/// The prefix of all pieces of the file of an import job.
pub(crate) fn import_file(job: &str) -> String {
    format!("import-file/{job}/")
}

/// One piece of the file of an import job, in their order.
pub(crate) fn import_piece(job: &str, n: u32) -> String {
    format!("import-file/{job}/{n:08}")
}

/// The prefix of all that came of the lines of an import job.
pub(crate) fn import_log(job: &str) -> String {
    format!("import-log/{job}/")
}

/// What came of lines of an import job, by the last of them.
pub(crate) fn import_lines(job: &str, last: u64) -> String {
    format!("import-log/{job}/{last:010}")
}

/// The prefix of all exports.
pub(crate) const EXPORTS: &str = "export/";

/// An export of users; ids are in the order in which exports were made.
pub(crate) fn export(id: &str) -> String {
    format!("{EXPORTS}{id}")
}

/// How many passwords are still hashes that came from elsewhere.
pub(crate) const HASHES: &str = "hashes";

/// A pool in the account's list.
pub(crate) fn pool_entry(region: &str, id: &str) -> String {
    format!("pools/{region}/{id}")
}

/// The prefix of all app clients.
pub(crate) const CLIENTS: &str = "client/";

pub(crate) fn client(id: &str) -> String {
    format!("{CLIENTS}{id}")
}

pub(crate) fn group(name: &str) -> String {
    format!("group/{name}")
}

/// `id` is the folded username.
pub(crate) fn user(id: &str) -> String {
    format!("user/{id}")
}

/// Which user signs in by that value of an attribute.
pub(crate) fn alias(attribute: &str, value: &str) -> String {
    format!("alias/{attribute}/{value}")
}

/// For listing: users by the value of a searchable attribute.
pub(crate) fn index(attribute: &str, value: &str, user: &str) -> String {
    format!("index/{attribute}/{}/{user}", escaped(value))
}

/// All users whose value of the attribute begins so.
pub(crate) fn index_prefix(attribute: &str, value: &str) -> String {
    format!("index/{attribute}/{}", escaped(value))
}

/// The user whom an index entry names.
pub(crate) fn indexed(key: &str) -> Option<&str> {
    key.splitn(4, '/').nth(3)
}

/// An identity pool's configuration.
pub(crate) const IDENTITY_POOL: &str = "identity-pool";

/// An identity pool in the account's list.
pub(crate) fn identity_pool_entry(region: &str, id: &str) -> String {
    format!("identity-pools/{region}/{id}")
}

/// The prefix of all identities of an identity pool.
pub(crate) const IDENTITIES: &str = "identity/";

pub(crate) fn identity(id: &str) -> String {
    format!("{IDENTITIES}{id}")
}

/// Which identity a subject of a provider is.
pub(crate) fn login(provider: &str, subject: &str) -> String {
    format!("login/{}/{subject}", escaped(provider))
}

/// Which identity a user of a developer's own system is.
pub(crate) fn developer_user(user: &str) -> String {
    format!("developer/{user}")
}

/// The prefix of all users of a developer's own system that are one identity.
pub(crate) fn developer_users(identity: &str) -> String {
    format!("developer-of/{identity}/")
}

/// One user of a developer's own system, by the identity.
pub(crate) fn developer_user_of(identity: &str, user: &str) -> String {
    format!("developer-of/{identity}/{user}")
}

/// How claims of a provider become tags.
pub(crate) fn principal_tags(provider: &str) -> String {
    format!("tags/{provider}")
}

/// The prefix of the revocations of a pool's identities.
pub(crate) fn revocations(pool: &str) -> String {
    format!("revoked/{pool}/")
}

/// When the sessions of an identity were revoked.
pub(crate) fn revocation(pool: &str, identity: &str) -> String {
    format!("revoked/{pool}/{identity}")
}

/// The prefix of all OpenID Connect providers.
pub(crate) const OPEN_ID_PROVIDERS: &str = "oidc-provider/";

/// An OpenID Connect provider whose tokens the account takes.
pub(crate) fn open_id_provider(name: &str) -> String {
    format!("{OPEN_ID_PROVIDERS}{}", escaped(name))
}

/// The prefix of all roles.
pub(crate) const ROLES: &str = "role/";

pub(crate) fn role(name: &str) -> String {
    format!("{ROLES}{name}")
}

/// The prefix of all keys of verifiers.
pub(crate) const VERIFIERS: &str = "verifier/";

pub(crate) fn verifier(id: &str) -> String {
    format!("{VERIFIERS}{id}")
}

/// The prefix of all groups.
pub(crate) const GROUPS: &str = "group/";

/// The prefix of all languages in which the pool has words of its own.
pub(crate) const LANGUAGES: &str = "language/";

/// What messages say in a language.
pub(crate) fn language(tag: &str) -> String {
    format!("{LANGUAGES}{tag}")
}

/// The prefix of all resource servers.
pub(crate) const RESOURCE_SERVERS: &str = "server/";

pub(crate) fn resource_server(identifier: &str) -> String {
    format!("{RESOURCE_SERVERS}{identifier}")
}

/// The prefix of all domains of the pool.
pub(crate) const DOMAINS: &str = "domain/";

pub(crate) fn domain(name: &str) -> String {
    format!("{DOMAINS}{name}")
}

/// Which pool has a domain of that name, at the account.
pub(crate) fn domain_claim(name: &str) -> String {
    format!("domains/{name}")
}

/// A user in a group; groups are named by their id, which no later group has.
pub(crate) fn member(group_id: &str, user: &str) -> String {
    format!("member/{group_id}/{user}")
}

/// The prefix of all members of all groups.
pub(crate) const MEMBERS: &str = "member/";

/// The prefix of all members of a group.
pub(crate) fn members(group_id: &str) -> String {
    format!("member/{group_id}/")
}

/// A code that was sent to a user, by its purpose.
pub(crate) fn code(user: &str, purpose: &str) -> String {
    format!("code/{}/{purpose}", escaped(user))
}

/// What is counted of a name that stands for nobody.
pub(crate) fn of_nobody(name: &str, what: &str) -> String {
    format!("nobody/{}/{what}", escaped(name))
}

/// The passwords that a user had before.
pub(crate) fn former_passwords(user: &str) -> String {
    format!("passwords/{user}")
}

/// A device of a user.
pub(crate) fn device(user: &str, device: &str) -> String {
    format!("device/{}/{device}", escaped(user))
}

/// A passkey of a user.
pub(crate) fn passkey(user: &str, id: &str) -> String {
    format!("passkey/{}/{id}", escaped(user))
}

/// How often a user did something lately.
pub(crate) fn efforts(user: &str, effort: &str) -> String {
    format!("efforts/{}/{effort}", escaped(user))
}

/// Failed sign-ins of a user.
pub(crate) fn attempts(user: &str) -> String {
    format!("attempts/{user}")
}

/// How many messages are kept that could not be handed over.
pub(crate) const FAILURES_KEPT: &str = "undelivered";
/// The prefix of all messages that could not be handed over.
pub(crate) const FAILURES: &str = "undelivered/";

/// A message to a user that could not be handed over; keys are in the order of time.
pub(crate) fn failure(at_ms: u64, user: &str) -> String {
    format!("{FAILURES}{at_ms:015}/{user}")
}

/// When a message could not be handed over, and to whom.
pub(crate) fn failed(key: &str) -> Option<(u64, &str)> {
    let (at_ms, user) = key.strip_prefix(FAILURES)?.split_once('/')?;
    Some((at_ms.parse().ok()?, user))
}

/// The prefix of all that could not be handed over to a user.
pub(crate) fn failures_of(user: &str) -> String {
    format!("undelivered-of/{}/", escaped(user))
}

/// That a message to a user could not be handed over, by the user.
pub(crate) fn failure_of(user: &str, at_ms: u64) -> String {
    format!("{}{at_ms:015}", failures_of(user))
}

/// A record that is kept of a name which stands for nobody: what is forgotten first comes first.
pub(crate) fn stranger(until_ms: u64, key: &str) -> String {
    format!("stranger/{until_ms:015}/{key}")
}

/// A signed-in session, by its id: what a refresh token stands on.
pub(crate) fn session(id: &str) -> String {
    format!("session/{id}")
}

/// One of a user's sessions, in the order in which they expire.
pub(crate) fn user_session(user: &str, expires_ms: u64, id: &str) -> String {
    format!("sessions/{}/{expires_ms:015}/{id}", escaped(user))
}

/// The sessions of a user who might still be signed in, in the order in which they expire.
pub(crate) fn standing_sessions(user: &str) -> Range<String> {
    let prefix = user_sessions(user);
    // Times are digits, and what was revoked begins with a tilde.
    format!("{prefix}0")..format!("{prefix}:")
}

/// One of a user's sessions that were revoked, apart from those that stand.
pub(crate) fn revoked_session(user: &str, expires_ms: u64, id: &str) -> String {
    format!("sessions/{}/~{expires_ms:015}/{id}", escaped(user))
}

/// The revoked sessions of a user that have expired by then.
pub(crate) fn revoked_sessions(user: &str, now_ms: u64) -> Range<String> {
    revoked_session(user, 0, "")..revoked_session(user, now_ms, "")
}

/// The prefix of all of a user's sessions.
pub(crate) fn user_sessions(user: &str) -> String {
    format!("sessions/{}/", escaped(user))
}

/// A single-use challenge session that was used, until it expires by itself.
pub(crate) fn spent(expires_ms: u64, nonce: &str) -> String {
    format!("spent/{expires_ms:015}/{nonce}")
}

/// The prefix of changes of the configuration that other places of a split pool may not know yet.
pub(crate) const PUSHES: &str = "push/";
/// Up to which change a place of a split pool knows the configuration.
pub(crate) const PUSHED: &str = "pushed";

/// A change of the configuration, by its number.
pub(crate) fn push(number: u64) -> String {
    format!("{PUSHES}{number:020}")
}

/// The prefix of aliases that their user gave up while another place still says so.
pub(crate) const UNSETTLED: &str = "unsettled/";

/// One alias that a user gave up.
pub(crate) fn unsettled(attribute: &str, value: &str, user: &str) -> String {
    format!("{UNSETTLED}{attribute}/{}/{user}", escaped(value))
}

/// Whether a record is configuration: written at the first place of a pool alone, and known at all
/// of its places. All of a kind counts, whatever is behind the prefix.
pub(crate) fn is_configuration(key: &str) -> bool {
    const RECORDS: [&str; 4] = [LOG_DELIVERY, POOL, RATES, SIGNING_KEYS];
    const PREFIXES: [&str; 5] = [CLIENTS, DOMAINS, GROUPS, RESOURCE_SERVERS, LANGUAGES];
    RECORDS.contains(&key) || PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// The range of all keys that begin with `prefix`.
pub(crate) fn under(prefix: &str) -> Range<String> {
    // No character of a key is above this one.
    String::from(prefix)..format!("{prefix}\u{10FFFF}")
}

/// The range of the keys after `key` that begin with `prefix`.
pub(crate) fn after(prefix: &str, key: &str) -> Range<String> {
    // The smallest string above `key`; no key holds a U+0001, but the order is right anyhow.
    format!("{key}\u{1}")..under(prefix).end
}

fn escaped(part: &str) -> Cow<'_, str> {
    if !part.contains(|c: char| matches!(c, '%' | '/') || c.is_control()) {
        return Cow::Borrowed(part);
    }
    let mut text = String::with_capacity(part.len() + 8);
    for c in part.chars() {
        if matches!(c, '%' | '/') || c.is_control() {
            // Writing into a `String` can't fail.
            let _ = write!(text, "%{:02X}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_with_slashes_do_not_meet() {
        assert_ne!(code("a/b", "c"), code("a", "b/c"));
        assert_ne!(index("email", "a/b", "c"), index("email", "a", "b/c"));
        assert!(index("email", "a/b@c", "u").starts_with(&index_prefix("email", "a/b")));
    }

    #[test]
    fn an_index_entry_names_its_user_whatever_the_value_is() {
        for user in ["ann", "a/b", "a/b/c%"] {
            assert_eq!(indexed(&index("name", "x/y%\u{1}", user)), Some(user));
        }
    }
}
