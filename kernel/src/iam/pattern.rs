//! Patterns of policies: `*`, `?`, and variables, whose values are never taken for patterns.

use alloc::{string::String, vec::Vec};

use super::Context;

/// What a pattern is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Char(char),
    AnyChar,
    Anything,
}

/// Whether all of `text` matches; a variable without a value matches nothing.
pub(super) fn matches(pattern: &str, text: &str, context: &Context) -> bool {
    let text: Vec<char> = text.chars().collect();
    parts(pattern, true, context).is_some_and(|parts| is_match(&parts, &text))
}

/// The same of what is no pattern but may have variables.
pub(super) fn expanded(pattern: &str, context: &Context) -> Option<String> {
    let parts = parts(pattern, false, context)?;
    let chars = parts.into_iter().map(|part| match part {
        Part::Char(char) => char,
        Part::AnyChar => '?',
        Part::Anything => '*',
    });
    Some(chars.collect())
}

fn parts(pattern: &str, has_wildcards: bool, context: &Context) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some(char) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
            parts.extend(variable(name, context)?.chars().map(Part::Char));
            rest = after;
            continue;
        }
        parts.push(match char {
            '*' if has_wildcards => Part::Anything,
            '?' if has_wildcards => Part::AnyChar,
            char => Part::Char(char),
        });
        rest = rest.get(char.len_utf8()..).unwrap_or_default();
    }
    Some(parts)
}

/// What stands for `${name}` or `${name, 'default'}`.
fn variable(name: &str, context: &Context) -> Option<String> {
    if matches!(name, "*" | "?" | "$") {
        return Some(name.into());
    }
    let (name, default) = match name.split_once(',') {
        Some((name, default)) => {
            let default = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            (name.trim(), Some(default))
        }
        None => (name.trim(), None),
    };
    match context.values(name) {
        Some([value]) => Some(value.clone()),
        // What has several values stands for none of them.
        Some(_) => None,
        None => default.map(String::from),
    }
}

/// In time that grows with the product of both lengths at most, whatever the pattern is.
fn is_match(pattern: &[Part], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stood, and what it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(p), text.get(t)) {
            (Some(Part::Anything), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(Part::AnyChar), Some(_)) => (p, t) = (p + 1, t + 1),
            (Some(Part::Char(wanted)), Some(char)) if wanted == char => (p, t) = (p + 1, t + 1),
            (None, None) => return true,
            _ => match star {
                Some((at, swallowed)) if swallowed < text.len() => {
                    star = Some((at, swallowed + 1));
                    (p, t) = (at + 1, swallowed + 1);
                }
                _ => return false,
            },
        }
    }
}
