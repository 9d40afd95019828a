//! Is every operation what AWS's model says it is, and which are missing?
//!
//! `model/*.json` holds the facts of AWS's models (`model/strip.py` renews them). Each operation
//! that the kernel declares is held against them, both ways and all the way down; each that it
//! does not declare must stand in `model/missing.txt`, which only shrinks.
#![expect(clippy::unwrap_used, reason = "a test ends here")]

mod patterns;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use kernel::{
    Access, Code, OPERATIONS, Operation, Service,
    error::COMMON,
    shape::{Kind, Shape},
};
use serde_json::Value as Json;

/// The service as SigV4 scopes name it, which is its table's name too, and what people call it.
const SERVICES: [(&str, &str); 5] = [
    ("cognito-idp", "user pools"),
    ("cognito-identity", "identity pools"),
    ("cognito-sync", "sync"),
    ("iam", "roles and providers"),
    ("sts", "temporary credentials"),
];

/// What every call in the query protocol may be answered with, so that no model says so.
const OF_EVERY_CALL: [&str; 1] = ["InternalFailure"];

/// The facts of one service's model.
struct Model(Json);

impl Model {
    fn of(service: &str) -> Self {
        let text = fs::read_to_string(here(&format!("{service}.json"))).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    fn operations(&self) -> BTreeSet<&str> {
        self.0["operations"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    fn operation(&self, name: &str) -> Option<&Json> {
        self.0["operations"].get(name)
    }

    /// What an error is called on the wire, which is not its shape's name everywhere.
    fn error<'a>(&'a self, shape: &'a str) -> &'a str {
        self.shape(shape)["error"]["code"].as_str().unwrap_or(shape)
    }

    fn shape(&self, name: &str) -> &Json {
        &self.0["shapes"][name]
    }

    /// The members of a structure with the names of their shapes; of no structure, none.
    fn members(&self, structure: &Json) -> BTreeMap<String, String> {
        let Some(name) = structure.as_str() else { return BTreeMap::new() };
        let members = self.shape(name)["members"].as_object().unwrap();
        members.iter().map(|(name, shape)| (name.clone(), shape_name(shape).into())).collect()
    }
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("model").join(file)
}

fn shape_name(member: &Json) -> &str {
    member.as_str().or_else(|| member["shape"].as_str()).unwrap()
}

fn declared(service: &str) -> impl Iterator<Item = &'static Operation> {
    let is_of_aws = |operation: &&Operation| operation.service != Service::Extension;
    OPERATIONS
        .iter()
        .filter(is_of_aws)
        .filter(move |operation| operation.service.signing_name() == service)
}

fn words(list: &Json) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

#[test]
fn every_declared_operation_is_what_the_model_says() {
    let mut faults = Vec::new();
    for (service, _) in SERVICES {
        let model = Model::of(service);
        for operation in declared(service) {
            match model.operation(operation.name) {
                Some(facts) => compare_operation(&model, operation, facts, &mut faults),
                None => faults.push(format!("{}: not in the model", operation.name)),
            }
        }
    }
    assert!(faults.is_empty(), "{} differences:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_missing_is_listed_and_nothing_else() {
    let listed_text = fs::read_to_string(here("missing.txt")).unwrap();
    let listed: Vec<&str> = listed_text.lines().filter(|line| !line.starts_with('#')).collect();
    let (mut missing, mut counts) = (Vec::new(), Vec::new());
    for (service, called) in SERVICES {
        let model = Model::of(service);
        let there: BTreeSet<&str> = declared(service).map(|operation| operation.name).collect();
        let all = model.operations();
        counts.push(format!("{called} {} of {}", all.intersection(&there).count(), all.len()));
        missing.extend(all.difference(&there).map(|name| format!("{service} {name}")));
    }
    // Straight to the terminal: how far we are is worth a line in every run.
    writeln!(std::io::stderr(), "surface: {}", counts.join(", ")).unwrap();
    for name in &missing {
        assert!(listed.contains(&name.as_str()), "{name} is neither declared nor in missing.txt");
    }
    for name in &listed {
        assert!(missing.iter().any(|one| one == name), "take {name} out of missing.txt");
    }
    assert_eq!(listed, missing, "missing.txt repeats itself or is out of order");
}

#[test]
fn every_error_of_the_model_is_known_with_its_status() {
    let model = Model::of("cognito-idp");
    for (name, facts) in model.0["shapes"].as_object().unwrap() {
        let Some(error) = facts.get("error") else { continue };
        let code = Code::ALL.iter().find(|code| code.wire() == name);
        let code = code.unwrap_or_else(|| panic!("{name} is not declared"));
        assert_eq!(Some(u64::from(code.status())), error["status"].as_u64(), "{name}");
    }
}

#[test]
fn what_iam_and_sts_call_an_error_has_the_status_that_the_model_says() {
    for (name, service) in [("iam", Service::Iam), ("sts", Service::Sts)] {
        let model = Model::of(name);
        for (shape, facts) in model.0["shapes"].as_object().unwrap() {
            let Some(error) = facts.get("error") else { continue };
            let called = model.error(shape);
            let told = Code::ALL.iter().map(|code| service.told(*code));
            let found: Vec<u64> =
                told.filter(|told| told.1 == called).map(|told| u64::from(told.0)).collect();
            assert!(found.contains(&error["status"].as_u64().unwrap()), "{called}: {found:?}");
        }
    }
}

#[test]
fn no_operation_is_declared_twice() {
    let mut seen = BTreeSet::new();
    for operation in OPERATIONS {
        assert!(seen.insert((operation.service, operation.name)), "{}", operation.name);
    }
}

fn compare_operation(model: &Model, ours: &Operation, facts: &Json, faults: &mut Vec<String>) {
    let name = ours.name;
    let takes_token = model.members(&facts["input"]).contains_key("AccessToken");
    // AWS's prose says that no signature is looked at, though its model has SDKs sign.
    let is_signed = facts["signed"].as_bool().unwrap() && name != "GetClientToken";
    let access = match (is_signed, takes_token) {
        (true, _) => Access::Iam,
        (false, true) => Access::Token,
        (false, false) => Access::Public,
    };
    if ours.access != access {
        faults.push(format!("{name}: access is {:?}, should be {access:?}", ours.access));
    }
    for code in ours.errors.iter().filter(|code| COMMON.contains(code)) {
        faults.push(format!("{name}: adds {code:?}, which is common"));
    }
    for code in ours.lacks.iter().filter(|code| !COMMON.contains(code)) {
        faults.push(format!("{name}: lacks {code:?}, which is not common"));
    }
    let declared = Code::ALL.iter().copied().filter(|code| ours.declares(*code));
    let speaks_query = matches!(ours.service, Service::Iam | Service::Sts);
    let called = |code: Code| if speaks_query { ours.service.told(code).1 } else { code.wire() };
    let errors = declared.map(called).filter(|name| !OF_EVERY_CALL.contains(name)).collect();
    let wanted = words(&facts["errors"]).into_iter().map(|error| model.error(error));
    differ(&format!("{name}: error"), &errors, &wanted.collect::<Vec<_>>(), faults);
    for (what, shape, structure) in
        [("input", ours.input, &facts["input"]), ("output", ours.output, &facts["output"])]
    {
        let place = format!("{name} {what}");
        match structure.as_str() {
            Some(structure) => compare(model, &place, shape, structure, faults),
            None if matches!(shape.kind, Kind::Structure { fields: [] }) => {}
            None => faults.push(format!("{place}: should have no members")),
        }
    }
}

/// Reports what one side has and the other lacks.
fn differ(what: &str, ours: &BTreeSet<&str>, theirs: &[&str], faults: &mut Vec<String>) {
    let theirs: BTreeSet<&str> = theirs.iter().copied().collect();
    faults.extend(ours.difference(&theirs).map(|name| format!("{what} {name} is too much")));
    faults.extend(theirs.difference(ours).map(|name| format!("{what} {name} is missing")));
}

/// Holds one of our shapes against one of the model's, and all that they are made of.
fn compare(model: &Model, place: &str, ours: &Shape, theirs: &str, faults: &mut Vec<String>) {
    let facts = model.shape(theirs);
    let is_sensitive = facts["sensitive"].as_bool().unwrap_or(false);
    if ours.sensitive != is_sensitive {
        faults.push(format!("{place}: sensitive is {}, should be {is_sensitive}", ours.sensitive));
    }
    let expected = expected(facts);
    let found = described(&ours.kind);
    if found != expected {
        faults.push(format!("{place}: is {found}, should be {expected}"));
        return;
    }
    match &ours.kind {
        Kind::List { of, .. } => {
            compare(model, &format!("{place}[]"), of, shape_name(&facts["member"]), faults);
        }
        Kind::Map { key, value, .. } => {
            compare(model, &format!("{place} key"), key, shape_name(&facts["key"]), faults);
            compare(model, &format!("{place} value"), value, shape_name(&facts["value"]), faults);
        }
        Kind::Structure { fields } => {
            let names: BTreeSet<&str> = fields.iter().map(|field| field.name).collect();
            let members = facts["members"].as_object().unwrap();
            let wanted: Vec<&str> = members.keys().map(String::as_str).collect();
            differ(&format!("{place}: member"), &names, &wanted, faults);
            let required: BTreeSet<&str> =
                fields.iter().filter(|field| field.required).map(|field| field.name).collect();
            differ(&format!("{place}: required"), &required, &words(&facts["required"]), faults);
            for field in *fields {
                if let Some(member) = members.get(field.name) {
                    let place = format!("{place}.{}", field.name);
                    compare(model, &place, field.shape, shape_name(member), faults);
                }
            }
        }
        _ => {}
    }
}

/// What a shape of the model allows, in one line. A bound that it doesn't set is its type's end.
fn expected(facts: &Json) -> String {
    let bound = |name: &str, default: i64| facts[name].as_i64().unwrap_or(default);
    let lengths = || format!("{}..={}", bound("min", 0), bound("max", u32::MAX.into()));
    let numbers = |least, most| format!("{}..={}", bound("min", least), bound("max", most));
    match facts["type"].as_str().unwrap() {
        "structure" if facts["document"] == true => "a document".into(),
        "string" if facts.get("enum").is_some() => format!("one of {:?}", words(&facts["enum"])),
        "string" => {
            let pattern = facts["pattern"].as_str().unwrap_or_default();
            format!("a string of {} like {pattern:?}", lengths())
        }
        "integer" => format!("an integer of {}", numbers(i32::MIN.into(), i32::MAX.into())),
        "long" => format!("a long of {}", numbers(i64::MIN, i64::MAX)),
        kind @ ("blob" | "list" | "map") => format!("a {kind} of {}", lengths()),
        kind => format!("a {kind}"),
    }
}

/// The same of one of ours.
fn described(kind: &Kind) -> String {
    match kind {
        Kind::Blob { min, max } => format!("a blob of {min}..={max}"),
        Kind::Boolean => "a boolean".into(),
        Kind::Choice { values } => format!("one of {values:?}"),
        Kind::Document => "a document".into(),
        Kind::Double => "a double".into(),
        Kind::Integer { min, max } => format!("an integer of {min}..={max}"),
        Kind::List { min, max, .. } => format!("a list of {min}..={max}"),
        Kind::Long { min, max } => format!("a long of {min}..={max}"),
        Kind::Map { min, max, .. } => format!("a map of {min}..={max}"),
        Kind::Structure { .. } => "a structure".into(),
        Kind::Text { min, max, pattern, .. } => {
            format!("a string of {min}..={max} like {pattern:?}")
        }
        Kind::Timestamp => "a timestamp".into(),
    }
}
