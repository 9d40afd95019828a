//! Does all of a string match one of Cognito's patterns? A few lines each, since a regular
//! expression engine would outweigh the rest of the kernel.
//!
//! AWS matches as Java does: `\w` and `\s` are ASCII, `.` stops at every line terminator, and the
//! whole string must match. `tests/patterns.rs` holds each function against the pattern that
//! stands beside it in `text.rs`.

/// `[\p{L}\p{M}\p{S}\p{N}\p{P}]`: whatever leaves a mark on the page.
///
/// Which code points are still unassigned depends on the Unicode version that one asks; they pass.
fn is_graphic(char: char) -> bool {
    !(char.is_whitespace() || char.is_control() || is_format(char) || is_private(char))
}

/// `\p{Cf}`: characters that are not seen.
fn is_format(char: char) -> bool {
    matches!(char,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}'
        | '\u{890}'..='\u{891}' | '\u{8E2}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
        | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

/// `\p{Co}`: characters that mean what two parties agree on.
fn is_private(char: char) -> bool {
    matches!(char,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// `\w`
fn is_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// `\s`
fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t'..='\r')
}

/// `[\p{L}\p{M}\p{S}\p{N}\p{P}\s]`
fn is_text(char: char) -> bool {
    is_graphic(char) || is_space(char)
}

/// `[\w+=/,.@-]`
fn is_arn(char: char) -> bool {
    is_word(char) || "+=/,.@-".contains(char)
}

/// Whether there is at least one character and each passes.
fn some(text: &str, each: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(each)
}

pub(super) fn session_id(text: &str) -> bool {
    let rest = text.strip_prefix("tkn").or_else(|| text.strip_prefix("sso"));
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    rest.is_some_and(|rest| rest.len() == 25 && rest.bytes().all(is_plain))
}

pub(super) fn acr_level(text: &str) -> bool {
    matches!(text, "Level1" | "Level2" | "Level3" | "Level4")
}

pub(super) fn alphanumeric(text: &str) -> bool {
    some(text, |char| char.is_ascii_alphanumeric())
}

pub(super) fn anything(_: &str) -> bool {
    true
}

pub(super) fn application(text: &str) -> bool {
    some(text, |char| is_word(char) || ".;/-".contains(char))
}

pub(super) fn arn(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.next() == Some("arn")
        && parts.next().is_some_and(|partition| some(partition, is_arn))
        && parts.next().is_some_and(|service| some(service, is_arn))
        && parts.next().is_some_and(|region| region.chars().all(is_arn))
        && parts.next().is_some_and(|account| some(account, |char| char.is_ascii_digit()))
        && (1..=3).contains(&parts.clone().count())
        && parts.all(|resource| some(resource, is_arn))
}

pub(super) fn assumed_role_id(text: &str) -> bool {
    text.chars().all(|char| is_word(char) || "+=,.@:-".contains(char))
}

pub(super) fn attribute_name(text: &str) -> bool {
    some(text, |char| is_graphic(char) || matches!(char, '\t' | '\n' | '\r' | ' '))
}

pub(super) fn client(text: &str) -> bool {
    some(text, |char| is_word(char) || char == '+')
}

pub(super) fn developer_provider(text: &str) -> bool {
    some(text, |char| is_word(char) || ".-".contains(char))
}

pub(super) fn device_key(text: &str) -> bool {
    let is_hex = |char| matches!(char, '0'..='9' | 'a'..='f' | '-');
    text.rsplit_once('_').is_some_and(|(region, id)| {
        some(region, |char| is_word(char) || char == '-') && some(id, is_hex)
    })
}

pub(super) fn digits(text: &str) -> bool {
    some(text, |char| char.is_ascii_digit())
}

pub(super) fn digits_or_nothing(text: &str) -> bool {
    text.chars().all(|char| char.is_ascii_digit())
}

/// The pattern of AWS's model is that of a prefix; the service takes whole domain names as well.
pub(super) fn domain(text: &str) -> bool {
    text.split('.').all(|label| {
        label.len() <= 63
            && some(label, |char| matches!(char, 'a'..='z' | '0'..='9' | '-'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

pub(super) fn email(text: &str) -> bool {
    // `@` is graphic itself: one that is neither first nor last is enough.
    let mut chars = text.chars();
    let has_ends = chars.next().is_some() && chars.next_back().is_some();
    has_ends && text.chars().all(is_graphic) && chars.any(|char| char == '@')
}

pub(super) fn external_id(text: &str) -> bool {
    text.chars().all(|char| is_word(char) || "+=,.@:/-".contains(char))
}

pub(super) fn graphic(text: &str) -> bool {
    some(text, is_graphic)
}

pub(super) fn hex(text: &str) -> bool {
    some(text, |char| char.is_ascii_hexdigit())
}

pub(super) fn identity_id(text: &str) -> bool {
    let is_hex = |char| matches!(char, '0'..='9' | 'a'..='f' | '-');
    text.split_once(':').is_some_and(|(region, id)| {
        some(region, |char| is_word(char) || char == '-') && some(id, is_hex)
    })
}

pub(super) fn latin_text(text: &str) -> bool {
    some(text, |char| matches!(char, '\t' | '\n' | '\r' | ' '..='\u{FF}'))
}

pub(super) fn line_with_code(text: &str) -> bool {
    let ends_line = |char| matches!(char, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.contains("{####}") && !text.contains(ends_line)
}

pub(super) fn marker(text: &str) -> bool {
    some(text, |char| matches!(char, ' '..='\u{FF}'))
}

pub(super) fn message(text: &str) -> bool {
    text.chars().all(is_text)
}

pub(super) fn message_with_code(text: &str) -> bool {
    text.contains("{####}") && message(text)
}

pub(super) fn message_with_link(text: &str) -> bool {
    text.split_once("{##").is_some_and(|(_, rest)| rest.contains("##}")) && message(text)
}

pub(super) fn name(text: &str) -> bool {
    some(text, |char| is_word(char) || is_space(char) || "+=,.@-".contains(char))
}

pub(super) fn optional_arn(text: &str) -> bool {
    text.is_empty() || arn(text)
}

pub(super) fn provider(text: &str) -> bool {
    some(text, |char| is_graphic(char) || (char.is_whitespace() && !char.is_control()))
}

pub(super) fn provider_path(text: &str) -> bool {
    some(text, |char| is_word(char) || ".:/-".contains(char))
}

pub(super) fn role_name(text: &str) -> bool {
    some(text, |char| is_word(char) || "+=,.@-".contains(char))
}

pub(super) fn role_note(text: &str) -> bool {
    let is_allowed = |char| matches!(char, '\t' | '\n' | '\r' | ' '..='~' | '\u{A1}'..='\u{FF}');
    text.chars().all(is_allowed)
}

pub(super) fn role_path(text: &str) -> bool {
    let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    text == "/" || inner.is_some_and(|inner| some(inner, |char| char.is_ascii_graphic()))
}

pub(super) fn role_path_prefix(text: &str) -> bool {
    let rest = text.strip_prefix('/');
    rest.is_some_and(|rest| rest.chars().all(|char| matches!(char, '!'..='\u{7F}')))
}

pub(super) fn role_type(text: &str) -> bool {
    matches!(text, "authenticated" | "unauthenticated")
}

pub(super) fn s3_arn(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.next() == Some("arn")
        && parts.next().is_some_and(|partition| some(partition, is_arn))
        && parts.next().is_some_and(|service| some(service, is_arn))
        && parts.next() == Some("")
        && parts.next() == Some("")
        && (1..=3).contains(&parts.clone().count())
        && parts.all(|resource| some(resource, is_arn))
}

pub(super) fn s3_bucket(text: &str) -> bool {
    text.chars().all(|char| char.is_ascii_alphanumeric() || ".-_".contains(char))
        && !text.ends_with('.')
}

pub(super) fn scope(text: &str) -> bool {
    some(text, |char| char.is_ascii_graphic() && !matches!(char, '"' | '\\'))
}

pub(super) fn scope_name(text: &str) -> bool {
    scope(text) && !text.contains('/')
}

pub(super) fn scope_part(text: &str) -> bool {
    some(text, |char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-')
}

pub(super) fn secret_hash(text: &str) -> bool {
    some(text, |char| is_word(char) || "+=/".contains(char))
}

pub(super) fn serial_number(text: &str) -> bool {
    text.chars().all(|char| is_word(char) || "+=/:,.@-".contains(char))
}

pub(super) fn ses_configuration_set(text: &str) -> bool {
    some(text, |char| is_word(char) || char == '-')
}

pub(super) fn session_name(text: &str) -> bool {
    text.chars().all(|char| is_word(char) || "+=,.@-".contains(char))
}

pub(super) fn subject(text: &str) -> bool {
    some(text, is_text)
}

pub(super) fn tag_key(text: &str) -> bool {
    !text.is_empty() && tag_value(text)
}

/// Letters are those that Unicode calls alphabetic.
pub(super) fn tag_value(text: &str) -> bool {
    let is_separator = |char: char| char.is_whitespace() && !char.is_control();
    text.chars()
        .all(|char| char.is_alphanumeric() || is_separator(char) || "_.:/=+-@".contains(char))
}

pub(super) fn token(text: &str) -> bool {
    some(text, |char| is_word(char) || "-=.".contains(char))
}

pub(super) fn unspaced(text: &str) -> bool {
    some(text, |char| !is_space(char))
}

pub(super) fn user_export_id(text: &str) -> bool {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || char == '-';
    text.strip_prefix("export-").is_some_and(|rest| some(rest, is_allowed))
}

pub(super) fn user_import_job_id(text: &str) -> bool {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || char == '-';
    text.strip_prefix("import-").is_some_and(|rest| some(rest, is_allowed))
}

pub(super) fn user_pool_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(region, id)| {
        some(region, |char| is_word(char) || char == '-')
            && some(id, |char| char.is_ascii_alphanumeric())
    })
}

pub(super) fn word(text: &str) -> bool {
    some(text, is_word)
}

pub(super) fn word_or_nothing(text: &str) -> bool {
    text.chars().all(is_word)
}

pub(super) fn x25519_key(text: &str) -> bool {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || "+/".contains(char);
    text.strip_suffix('=').is_some_and(|rest| rest.len() == 43 && some(rest, is_allowed))
}

/// The pattern names two characters beyond the 16 bits that its escapes have, which makes a range of
/// what was meant otherwise; so it is read as Java reads it.
pub(super) fn xml_text(text: &str) -> bool {
    some(text, |char| matches!(char, '\t' | '\n' | '\r' | ' '..='\u{FFFD}'))
}
