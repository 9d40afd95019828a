//! Do the macros, the walker and the moves to and from JSON do what they say?

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Blob, Bounded, Choice, Fault, Json, Text, Timestamp, Wire, check, choice, integer, list, map,
    shape, summary, text,
};

fn is_lower(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

text! {
    Name: 2..=4, "[a-z]+" is_lower;
    Note: 0..=_;
    Secret: 6..=_, "[a-z]+" is_lower, sensitive;
}
choice! { Colour { DeepBlue "DEEP_BLUE", Red "RED" } }
integer! { Limit: 1..=60; Rank: 0..=_; }
list! { Names: 1..=2 of Name; }
map! {
    Tags: 0..=2 Name => Note;
    Parts: 0..=_ Name => Part;
    Hidden: 0..=_ Name => Name, sensitive;
}
shape! {
    #[derive(Default)]
    pub(crate) Part { Name name: Option<Name>, Colour colour: Option<Colour> }
}
shape! { pub(crate) Place, sensitive { IpAddress ip_address: Name } }
shape! { pub(crate) Thing {
    UserName user_name: Name,
    Password password: Secret,
    Limit limit: Option<Limit>,
    Rank rank: Option<Rank>,
    Names names: Option<Names>,
    Colours colours: Option<Vec<Colour>>,
    Tags tags: Option<Tags>,
    Parts parts: Option<Parts>,
    PartList part_list: Option<Vec<Part>>,
    Hidden hidden: Option<Hidden>,
    Place place: Option<Place>,
    At at: Option<Timestamp>,
    Bytes bytes: Option<Blob>,
    Is is: Option<bool>,
    Plain plain: Option<BTreeMap<String, i64>>,
    Any any: Option<Json>,
} }

/// A thing with one member changed.
fn with(name: &str, value: Json) -> Json {
    let mut thing = json!({ "UserName": "ann", "Password": "secret" });
    thing[name] = value;
    thing
}

fn broken(value: &Json) -> String {
    match check(Thing::SHAPE, value) {
        Err(Fault::Broken(faults)) => summary(&faults),
        other => panic!("{other:?}"),
    }
}

fn mistyped(value: &Json) -> String {
    match check(Thing::SHAPE, value) {
        Err(Fault::Mistyped(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_written_reads_back_the_same() {
    let json = json!({
        "UserName": "ann", "Password": "secret", "Limit": 1, "Rank": 7, "Names": ["bob"],
        "Colours": ["RED", "DEEP_BLUE"], "Tags": { "one": "" },
        "Parts": { "two": { "Colour": "RED" } }, "PartList": [{}, { "Name": "eve" }],
        "Hidden": { "key": "val" }, "Place": { "IpAddress": "here" }, "At": 1790312384.592,
        "Bytes": "AAH/", "Is": false, "Plain": { "n": -9007199254740993_i64 }, "Any": [1, null],
    });
    assert_eq!(check(Thing::SHAPE, &json), Ok(()));
    let thing = Thing::read(json.clone()).unwrap();
    assert_eq!(thing.at, Some(Timestamp(1_790_312_384_592)));
    assert_eq!(thing.bytes, Some(Blob([0, 1, 255].into())));
    assert_eq!(thing.colours, Some([Colour::Red, Colour::DeepBlue].into()));
    assert_eq!(thing.clone().write(), json);
    assert_eq!(Thing::read(thing.clone().write()), Some(thing));
}

#[test]
fn every_millisecond_of_a_moment_survives() {
    for ms in (1_790_312_384_000..1_790_312_385_000).chain([0, 1, 253_402_300_799_999]) {
        assert_eq!(Timestamp::read(Timestamp(ms).write()), Some(Timestamp(ms)));
    }
}

#[test]
fn null_is_absent_everywhere_and_unknown_members_are_ignored() {
    let mut json = with("Limit", Json::Null);
    json["Colours"] = json!([null, "RED", null]);
    json["Tags"] = json!({ "gone": null, "kept": "x" });
    json["Unknown"] = json!({ "whatever": [] });
    assert_eq!(check(Thing::SHAPE, &json), Ok(()));
    let thing = Thing::read(json).unwrap();
    assert_eq!(thing.limit, None);
    assert_eq!(thing.colours, Some([Colour::Red].into()));
    assert_eq!(thing.tags.unwrap().len(), 1);
}

#[test]
fn all_faults_are_told_together_in_the_order_of_the_members() {
    assert_eq!(
        broken(&json!({ "UserName": "", "Limit": 61 })),
        "4 validation errors detected: Value '' at 'userName' failed to satisfy constraint: \
         Member must have length greater than or equal to 2; Value '' at 'userName' failed to \
         satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; Value at \
         'password' failed to satisfy constraint: Member must not be null; Value '61' at \
         'limit' failed to satisfy constraint: Member must have value less than or equal to 60"
    );
    assert_eq!(
        broken(&json!({ "Password": "secret" })),
        "1 validation error detected: Value null at 'userName' failed to satisfy constraint: \
         Member must not be null"
    );
}

#[test]
fn a_sensitive_value_is_never_repeated() {
    for json in [
        with("Password", json!("Hush")),
        with("Hidden", json!({ "HushKey": "ok" })),
        with("Hidden", json!({ "key": "Hush" })),
        with("Place", json!({ "IpAddress": "Hush" })),
    ] {
        let message = broken(&json);
        assert!(message.contains("Value at '"), "{message}");
        assert!(!message.contains("Hush"), "{message}");
    }
    let json = json!({ "UserName": "ann", "Password": "hushed", "Hidden": { "hush": "hush" },
        "Place": { "IpAddress": "hush" } });
    let debug = alloc::format!("{:?}", Thing::read(json).unwrap());
    assert!(debug.contains("ann") && !debug.contains("hush"), "{debug}");
}

#[test]
fn structures_in_lists_and_maps_are_reported_where_they_are() {
    let json = with("PartList", json!([{}, { "Name": "X" }]));
    assert!(broken(&json).contains("Value 'X' at 'partList.2.member.name' failed"));
    let json = with("Parts", json!({ "one": { "Colour": "x" } }));
    assert_eq!(
        broken(&json),
        "1 validation error detected: Value 'x' at 'parts.one.member.colour' failed to satisfy \
         constraint: Member must satisfy enum value set: [DEEP_BLUE, RED]"
    );
}

#[test]
fn plain_items_are_reported_at_their_list_or_map() {
    assert_eq!(
        broken(&with("Colours", json!(["RED", "PINK"]))),
        "1 validation error detected: Value '[RED, PINK]' at 'colours' failed to satisfy \
         constraint: Member must satisfy constraint: [Member must satisfy enum value set: \
         [DEEP_BLUE, RED]]"
    );
    assert_eq!(
        broken(&with("Tags", json!({ "TOO": "x", "two": "y", "tri": "z" }))),
        "2 validation errors detected: Value '{TOO=x, tri=z, two=y}' at 'tags' failed to \
         satisfy constraint: Member must have length less than or equal to 2; Value \
         '{TOO=x, tri=z, two=y}' at 'tags' failed to satisfy constraint: Map keys must satisfy \
         constraint: [Member must have length less than or equal to 4, Member must have length \
         greater than or equal to 2, Member must satisfy regular expression pattern: [a-z]+]"
    );
    assert!(broken(&with("Names", json!([]))).contains("length greater than or equal to 1"));
}

#[test]
fn another_json_type_is_told_in_aws_words_before_any_other_fault() {
    for (name, value, sentence) in [
        ("UserName", json!(1), "NUMBER_VALUE can not be converted to a String"),
        ("UserName", json!(true), "TRUE_VALUE can not be converted to a String"),
        ("UserName", json!([]), "Start of list found where not expected"),
        ("Limit", json!("1"), "STRING_VALUE can not be converted to an Integer"),
        ("Limit", json!(1.5), "NUMBER_VALUE can not be converted to an Integer"),
        ("Limit", json!({}), "Start of structure or map found where not expected."),
        ("Names", json!("x"), "Expected list or null"),
        ("Names", json!([1]), "NUMBER_VALUE can not be converted to a String"),
        ("Place", json!("x"), "Expected null"),
        ("Is", json!("true"), "STRING_VALUE can not be converted to a Boolean"),
        ("At", json!("now"), "STRING_VALUE can not be converted to milliseconds since epoch"),
    ] {
        let mut json = with(name, value);
        json["Password"] = json!("no");
        assert_eq!(mistyped(&json), sentence);
    }
}

#[test]
fn a_number_too_big_for_its_type_breaks_a_bound_instead_of_wrapping() {
    let max = json!(u64::MAX);
    assert!(broken(&with("Rank", max)).ends_with("less than or equal to 2147483647"));
    assert!(broken(&with("Rank", json!(1e300))).contains("less than or equal to 2147483647"));
    assert!(broken(&with("Limit", json!(0))).ends_with("greater than or equal to 1"));
    assert_eq!(check(Thing::SHAPE, &with("Limit", json!(5.0))), Ok(()));
    assert_eq!(Limit::read(json!(5.0)).map(Bounded::get), Some(5));
}

#[test]
fn words_and_choices_stand_for_each_other() {
    assert!(Colour::ALL.iter().all(|&one| Colour::from_wire(one.wire()) == Some(one)));
    assert_eq!(Colour::from_wire("deep_blue"), None);
    assert_eq!(Note::from("x").into_string(), Note::from(String::from("x")).as_str());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    #[serde(with = "super::stored")]
    thing: Thing,
    #[serde(default, with = "super::stored")]
    part: Option<Part>,
}

#[test]
fn a_shape_in_a_record_reads_back_and_an_older_record_may_lack_it() {
    let thing = Thing::read(with("Tags", json!({ "one": "x" }))).unwrap();
    let part = Some(Part { name: Some("bob".into()), ..Part::default() });
    let kept = Kept { thing, part };
    let stored = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<Kept>(&stored).unwrap(), kept);
    let older = r#"{ "thing": { "UserName": "ann", "Password": "secret" } }"#;
    assert_eq!(serde_json::from_str::<Kept>(older).unwrap().part, None);
    assert!(serde_json::from_str::<Kept>(r#"{ "thing": { "UserName": "ann" } }"#).is_err());
}
