//! Does each hand-written matcher accept exactly what the pattern beside it does?
//!
//! Every pattern that an operation uses is compiled with a real regular expression engine, as Java
//! reads it, and asked about every character there is and about many strings that almost match.

use std::collections::BTreeMap;

use kernel::{
    OPERATIONS,
    shape::{Kind, Shape},
};
use regex::Regex;

type Matcher = fn(&str) -> bool;

/// The matchers of all operations, by pattern and by the name of the shape that has it.
fn matchers() -> BTreeMap<&'static str, BTreeMap<&'static str, Matcher>> {
    let mut found = BTreeMap::new();
    for operation in OPERATIONS {
        collect(operation.input, &mut found);
        collect(operation.output, &mut found);
    }
    assert!(!found.is_empty(), "no operation is declared");
    found
}

fn collect(shape: &Shape, found: &mut BTreeMap<&'static str, BTreeMap<&'static str, Matcher>>) {
    match shape.kind {
        Kind::Text { pattern, matches, .. } if !pattern.is_empty() => {
            found.entry(pattern).or_default().insert(shape.name, matches);
        }
        Kind::List { of, .. } => collect(of, found),
        Kind::Map { key, value, .. } => {
            collect(key, found);
            collect(value, found);
        }
        Kind::Structure { fields } => fields.iter().for_each(|field| collect(field.shape, found)),
        _ => {}
    }
}

/// The pattern as Java reads it, for an engine whose classes are Unicode's: `\w` and `\s` are
/// ASCII, `.` stops at every line terminator, and the whole string must match.
///
/// `\p{L}` where tags have it is `\p{Alphabetic}` here, for want of a table of letters. Of one pattern
/// the service is known to take more than its model says: a domain may be a whole name, where the
/// pattern is that of its first label.
fn compile(pattern: &str) -> Regex {
    if let Some(label) = pattern.strip_prefix("^[a-z0-9](?:[a-z0-9\\-]{0,61}") {
        assert_eq!(label, "[a-z0-9])?$");
        let label = r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?";
        return Regex::new(&format!(r"\A{label}(?:\.{label})*\z")).unwrap();
    }
    // The engine can't look behind.
    if pattern == r"^[0-9A-Za-z\.\-_]*(?<!\.)$" {
        return Regex::new(r"\A(?:[0-9A-Za-z\.\-_]*[0-9A-Za-z\-_])?\z").unwrap();
    }
    let spaces = r" \t\n\x0B\f\r";
    // Four digits are all that Java reads, and one letter property is told by another.
    let escapes = Regex::new(r"\\u([0-9A-F]{4})").unwrap();
    let mut java = escapes
        .replace_all(pattern, r"\u{$1}")
        .replace(r"\p{L}\p{Z}\p{N}", r"\p{Alphabetic}\p{Z}\p{N}")
        .replace(r"[\S]", &format!("[^{spaces}]"))
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "0-9A-Za-z_")
        .replace(r"\s", spaces);
    if !java.starts_with("(?s)") {
        java = java.replace(".*", r"[^\n\r\u{85}\u{2028}\u{2029}]*");
    }
    Regex::new(&format!(r"\A(?:{java})\z")).unwrap()
}

/// Which shapes judge `text` otherwise than the engine does.
fn wrong<'a>(
    matchers: &'a BTreeMap<&'static str, Matcher>,
    engine: &Regex,
    text: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let expected = engine.is_match(text);
    let wrong = matchers.iter().filter(move |(_, matches)| matches(text) != expected);
    wrong.map(move |(name, _)| format!("{name} on {text:?}: should be {expected}"))
}

fn assert_none(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} wrong, beginning with {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(9)]
    );
}

#[test]
fn matchers_agree_with_their_patterns_on_every_character() {
    // Which code points are unassigned is a matter of the Unicode version.
    let assigned = Regex::new(r"\P{Cn}").unwrap();
    let chars: Vec<String> = ('\0'..=char::MAX).map(String::from).collect();
    let assigned: Vec<&String> = chars.iter().filter(|char| assigned.is_match(char)).collect();
    let mut faults = Vec::new();
    for (pattern, matchers) in matchers() {
        let engine = compile(pattern);
        // A pattern that knows no Unicode classes treats all beyond the separators alike.
        let count = if pattern.contains(r"\p{") { assigned.len() } else { 0x3000 };
        for text in assigned.iter().take(count) {
            faults.extend(wrong(&matchers, &engine, text));
        }
    }
    assert_none(&faults);
}

/// Pieces of which strings are put together that match, almost match, or do not match at all.
const PIECES: [&str; 41] = [
    "",
    "a",
    "Z",
    "0",
    "9",
    "f",
    "g",
    "_",
    "-",
    "+",
    "=",
    "/",
    ",",
    ".",
    "@",
    ":",
    "\"",
    "\\",
    " ",
    "\t",
    "\n",
    "\r",
    "\u{0B}",
    "\u{85}",
    "\u{A0}",
    "\u{200D}",
    "\u{2028}",
    "é",
    "名",
    "😀",
    "\u{E000}",
    "{####}",
    "{##",
    "##}",
    "arn:",
    "aws:",
    ":1",
    "a.b",
    "eu-west-1_",
    "Level1",
    "Level5",
];

#[test]
fn matchers_agree_with_their_patterns_on_strings_that_almost_match() {
    let seeds = [
        "arn:aws:sns:eu-west-1:123456789012:topic",
        "arn:aws:iam::123456789012:role/x:y:z",
        "arn:aws:s3:::a-bucket:y",
        "eu-west-1_AbC123xyz",
        "import-0aB9-z",
        "export-0aB9-z",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+/=",
        "eu-west-1_0a1b-2c3d",
        "ann@example.com",
        "Your code is {####}.",
        "Click {##here##} now",
        "Level1",
        "a-domain",
        "authenticated",
        "unauthenticated",
        "eu-west-1:0a1b-2c3d",
        "/division/team/",
        "login.shop.example",
        "123456789012",
        "tkn0123456789abcdefghijklmno",
        "sso0123456789abcdefghijklmno",
        "",
    ];
    // A generator with a fixed seed, so that a failure comes back: Knuth's MMIX constants.
    let mut state = 1_u64;
    let mut below = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut texts: Vec<String> = seeds.iter().map(ToString::to_string).collect();
    for _ in 0..4_000 {
        let mut chars: Vec<char> = seeds[below(seeds.len())].chars().collect();
        for _ in 0..below(4) {
            let at = below(chars.len() + 1);
            let end = (at + below(3)).min(chars.len());
            chars.splice(at..end, PIECES[below(PIECES.len())].chars());
        }
        texts.push(chars.into_iter().collect());
        texts.push((0..below(6)).map(|_| PIECES[below(PIECES.len())]).collect());
    }
    for length in [61, 62, 63, 64, 65] {
        texts.push("a".repeat(length));
        texts.push("-".repeat(length));
    }
    let mut faults = Vec::new();
    for (pattern, matchers) in matchers() {
        let engine = compile(pattern);
        assert!(texts.iter().any(|text| engine.is_match(text)), "none tried matches {pattern}");
        faults.extend(texts.iter().flat_map(|text| wrong(&matchers, &engine, text)));
    }
    assert_none(&faults);
}
