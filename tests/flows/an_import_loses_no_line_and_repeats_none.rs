//! An import goes on in the background, whatever stops and starts, and says what came of each line.

use std::collections::BTreeSet;

use kernel::testing::{CSV_HEADER, TestPool, World, csv_line};
use serde_json::{Value as Json, json};

use super::records;

fn pool(world: &World, settings: Json) -> TestPool {
    let mut all = json!({ "AutoVerifiedAttributes": ["email"] });
    all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    world.pool(all)
}

fn file(lines: &[String]) -> Vec<u8> {
    format!("{CSV_HEADER}\n{}\n", lines.join("\n")).into_bytes()
}

fn job(pool: &TestPool, id: &str) -> Json {
    json!({ "UserPoolId": pool.id, "JobId": id })
}

fn counts(job: &Json) -> (&str, i64, i64, i64) {
    let count = |name: &str| job[name].as_i64().unwrap();
    let status = job["Status"].as_str().unwrap();
    (status, count("ImportedUsers"), count("SkippedUsers"), count("FailedUsers"))
}

fn user(world: &World, pool: &TestPool, name: &str) -> Json {
    world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
}

#[test]
fn each_line_is_told_by_its_number() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    world.user(&pool, "bob", json!([]));
    let unverified = csv_line("carl").replace(",true,", ",false,");
    let lines = [csv_line("ann"), csv_line("bob"), unverified, csv_line("dora"), csv_line("eve")];
    let (job, log) = world.import(&pool, json!({}), &file(&lines));
    assert_eq!(counts(&job), ("Succeeded", 3, 1, 1));
    assert!(job["StartDate"].is_number() && job["CompletionDate"].is_number());
    assert_eq!(
        log,
        [
            "[SUCCEEDED] Line Number 2 - The import succeeded.",
            "[SKIPPED] Line Number 3 - The user already exists.",
            "[FAILED] Line Number 4 - The User Record does not set any of the auto verified \
             attributes to true. (Example: email_verified to true).",
            "[SUCCEEDED] Line Number 5 - The import succeeded.",
            "[SUCCEEDED] Line Number 6 - The import succeeded.",
        ]
    );
    let ann = user(&world, &pool, "ann");
    assert_eq!(ann["UserStatus"], "RESET_REQUIRED");
    assert_eq!(user(&world, &pool, "bob")["UserStatus"], "CONFIRMED");
}

#[test]
fn a_host_that_stops_at_any_time_neither_loses_nor_repeats_a_line() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let names: Vec<String> = (0..950).map(|n| format!("user{n:04}")).collect();
    let lines: Vec<String> = names.iter().map(|name| csv_line(name)).collect();
    let id = world.import_job(&pool, json!({}), &file(&lines));
    let _ = world.ok("StartUserImportJob", job(&pool, &id));
    let mut wakes = 0;
    loop {
        world.restart();
        world.advance_s(1);
        if !world.wake() {
            break;
        }
        wakes += 1;
        // Others go on meanwhile.
        let _ = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
    }
    assert!(wakes > 9, "{wakes}");
    assert_eq!(counts(&world.import_status(&pool, &id)), ("Succeeded", 950, 0, 0));
    let mut seen = BTreeSet::new();
    let mut token = json!(null);
    loop {
        let page = json!({ "UserPoolId": pool.id, "PaginationToken": token });
        let page = world.ok("ListUsers", page);
        for user in page["Users"].as_array().unwrap() {
            assert!(seen.insert(user["Username"].as_str().unwrap().to_owned()));
        }
        token = page["PaginationToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, names.into_iter().collect());
    let described = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
    assert_eq!(described["UserPool"]["EstimatedNumberOfUsers"], 950);
}

#[test]
fn the_log_is_read_page_by_page() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let lines: Vec<String> = (0..250).map(|n| csv_line(&format!("user{n:04}"))).collect();
    let (ended, whole) = world.import(&pool, json!({}), &file(&lines));
    assert_eq!(whole.len(), 250);
    let (mut paged, mut token) = (Vec::new(), json!(null));
    loop {
        let mut input = job(&pool, ended["JobId"].as_str().unwrap());
        input["MaxResults"] = json!(60);
        input["NextToken"] = token;
        let page = world.ok("ListUserImportJobLines", input);
        paged.extend(
            page["Lines"].as_array().unwrap().iter().map(|l| l.as_str().unwrap().to_owned()),
        );
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(paged, whole);
}

#[test]
fn a_job_that_is_stopped_keeps_what_it_imported() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let lines: Vec<String> = (0..500).map(|n| csv_line(&format!("user{n:04}"))).collect();
    let id = world.import_job(&pool, json!({}), &file(&lines));
    let failure = world.fails("StopUserImportJob", job(&pool, &id));
    assert_eq!(failure.code, "PreconditionNotMetException");
    assert_eq!(
        world.ok("StartUserImportJob", job(&pool, &id))["UserImportJob"]["Status"],
        "Pending"
    );
    for _ in 0..3 {
        world.advance_s(1);
        assert!(world.wake());
    }
    assert_eq!(world.import_status(&pool, &id)["Status"], "InProgress");
    let stopping = world.ok("StopUserImportJob", job(&pool, &id));
    assert_eq!(stopping["UserImportJob"]["Status"], "Stopping");
    world.sleep_s(60);
    let ended = world.import_status(&pool, &id);
    assert_eq!(counts(&ended), ("Stopped", 200, 0, 0));
    assert_eq!(ended["CompletionMessage"], "The Import Job was stopped by the developer.");
    assert_eq!(
        world.fails("StartUserImportJob", job(&pool, &id)).code,
        "PreconditionNotMetException"
    );
}

#[test]
fn one_import_runs_at_a_time_and_nothing_pulls_its_pool_away() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let [first, second] =
        ["ann", "bob"].map(|name| world.import_job(&pool, json!({}), &file(&[csv_line(name)])));
    let _ = world.ok("StartUserImportJob", job(&pool, &first));
    let refused = world.fails("StartUserImportJob", job(&pool, &second));
    assert_eq!(refused.code, "PreconditionNotMetException");
    assert_eq!(refused.message, "Another import job is in progress.");
    for operation in ["DeleteUserPool", "UpdateUserPool"] {
        let failure = world.fails(operation, json!({ "UserPoolId": pool.id }));
        assert_eq!(failure.code, "UserImportInProgressException", "{operation}");
    }
    let more = json!([{ "Name": "team", "AttributeDataType": "String" }]);
    let more = json!({ "UserPoolId": pool.id, "CustomAttributes": more });
    assert_eq!(world.fails("AddCustomAttributes", more).code, "UserImportInProgressException");
    world.sleep_s(60);
    let _ = world.ok("StartUserImportJob", job(&pool, &second));
    world.sleep_s(60);
    assert_eq!(counts(&world.import_status(&pool, &second)), ("Succeeded", 1, 0, 0));
    let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
    assert!(records::of_pool(&world, &pool).is_empty());
}

#[test]
fn a_header_that_does_not_fit_fails_the_job() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let short = CSV_HEADER.replace(",zoneinfo", "");
    let double = CSV_HEADER.replace("zoneinfo", "locale");
    let marked = format!("\u{feff}{CSV_HEADER}");
    let hashes = format!("{CSV_HEADER},password_hash");
    for header in [&short, &double, &marked, &hashes, ""] {
        let (job, log) = world.import(&pool, json!({}), format!("{header}\nann\n").as_bytes());
        assert_eq!(counts(&job), ("Failed", 0, 0, 0), "{header}");
        let message = "The header in the CSV file does not match the header of the user pool.";
        assert_eq!(job["CompletionMessage"], message);
        assert!(log.is_empty());
    }
}

#[test]
fn a_job_of_which_nothing_came_has_failed() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let (job, _) = world.import(&pool, json!({}), &file(&["ann".into(), "bob".into()]));
    assert_eq!(counts(&job), ("Failed", 0, 0, 2));
    let message = "Too many users have failed or been skipped during the import.";
    assert_eq!(job["CompletionMessage"], message);
}

#[test]
fn columns_come_in_any_order_and_values_are_read_as_documented() {
    let world = World::new();
    let schema = json!([{ "Name": "team", "AttributeDataType": "String", "Mutable": true }]);
    let pool = pool(&world, json!({ "Schema": schema }));
    let mut columns: Vec<&str> = CSV_HEADER.split(',').chain(["custom:team"]).collect();
    columns.reverse();
    let values = |name: &str| match name {
        "cognito:username" => " ann ",
        "name" => r"Smith\, Ann",
        "birthdate" => "02/29/2000",
        "updated_at" => "1700000000",
        "email" => "ann@example.com",
        "email_verified" => "TRUE",
        "custom:team" => "blue \"team\"",
        "cognito:mfa_enabled" => "false",
        _ => "",
    };
    let row: Vec<&str> = columns.iter().map(|name| values(name)).collect();
    let text = format!("{}\r\n{}\r\n\r\n", columns.join(","), row.join(","));
    let (job, log) = world.import(&pool, json!({}), text.as_bytes());
    assert_eq!(counts(&job), ("Succeeded", 1, 0, 0), "{log:?}");
    let ann = user(&world, &pool, "ann");
    let attributes = ann["UserAttributes"].as_array().unwrap();
    for (name, value) in [
        ("name", "Smith, Ann"),
        ("birthdate", "2000-02-29"),
        ("updated_at", "1700000000"),
        ("email_verified", "true"),
        ("custom:team", "blue \"team\""),
    ] {
        assert!(attributes.contains(&json!({ "Name": name, "Value": value })), "{name}: {ann}");
    }
    assert!(!attributes.iter().any(|attribute| attribute["Name"] == "zoneinfo"));
}

#[test]
fn lines_that_can_be_no_user_fail_alone() {
    let world = World::new();
    let pool = pool(
        &world,
        json!({
            "AliasAttributes": ["email"],
            "Schema": [{ "Name": "given_name", "Required": true, "Mutable": true }],
        }),
    );
    let line = |name: &str, email: &str| format!("{name},,Given,,,,,,,,{email},true,,,,,,,,,false");
    let good = line("ann", "ann@example.com");
    let long = good.replace("Given", &"x".repeat(16_000));
    let bad = [
        good.replace(",false", ""),
        line("", "a@example.com"),
        line("a b", "a@example.com"),
        line("b", "no address"),
        line("b", "ann@example.com"),
        line("b", "b@example.com").replace("Given", ""),
        line("b", "b@example.com").replace("false", "maybe"),
        line("b", "b@example.com").replace("false", "true"),
        line("b", "b@example.com").replace(",,,,,,,,,false", ",,2000-01-01,,,,,,,false"),
        long,
    ];
    let mut lines = vec![good];
    lines.extend(bad.clone());
    let mut text = file(&lines);
    text.extend(b"\xff\xfe\n");
    let (job, log) = world.import(&pool, json!({}), &text);
    assert_eq!(counts(&job), ("Succeeded", 1, 0, 11), "{log:#?}");
    for part in [
        "Line Number 3 - The number of values",
        "Line Number 4 - The value of cognito:username is invalid.",
        "Line Number 5 - The value of cognito:username is invalid.",
        "Line Number 6 - Invalid email address format.",
        "Line Number 7 - An account with the given email already exists.",
        "Line Number 8 - Attributes did not conform to the schema: given_name: The attribute is",
        "Line Number 9 - The value of cognito:mfa_enabled is neither true nor false.",
        "Line Number 10 - User does not have delivery config set to turn on SMS_MFA",
        "Line Number 11 - The value of birthdate is no date",
        "Line Number 12 - The line is too long or not in UTF-8.",
        "Line Number 13 - The line is too long or not in UTF-8.",
    ] {
        assert!(log.iter().any(|line| line.contains(part)), "{part}: {log:#?}");
    }
    // Nothing of a line that failed is left: its alias is free.
    world.user(&pool, "b", json!([
        { "Name": "email", "Value": "b@example.com" }, { "Name": "email_verified", "Value": "true" },
    ]));
}

#[test]
fn a_pool_that_verifies_nothing_starts_no_import() {
    let world = World::new();
    let pool = world.pool(json!({}));
    let id = world.import_job(&pool, json!({}), &file(&[csv_line("ann")]));
    let failure = world.fails("StartUserImportJob", job(&pool, &id));
    assert_eq!(failure.code, "PreconditionNotMetException");
}

#[test]
fn a_second_factor_by_text_message_is_kept() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let line = csv_line("ann").replace(",,,,false", "+12065550100,,,,true");
    let (job, log) = world.import(&pool, json!({}), &file(&[line]));
    assert_eq!(counts(&job), ("Succeeded", 1, 0, 0), "{log:?}");
    let options = json!([{ "DeliveryMedium": "SMS", "AttributeName": "phone_number" }]);
    assert_eq!(user(&world, &pool, "ann")["MFAOptions"], options);
}

#[test]
fn who_can_sign_in_by_a_code_is_confirmed_at_once() {
    let world = World::new();
    let policy = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] });
    let pool = pool(&world, json!({ "Policies": { "SignInPolicy": policy } }));
    let _ = world.import(&pool, json!({}), &file(&[csv_line("ann")]));
    assert_eq!(user(&world, &pool, "ann")["UserStatus"], "CONFIRMED");
}

#[test]
fn names_that_are_addresses_are_looked_up_by_them() {
    let world = World::new();
    let pool = pool(&world, json!({ "UsernameAttributes": ["email"] }));
    let line = csv_line("ann").replacen("ann", "ann@example.com", 1);
    let (job, log) = world.import(&pool, json!({}), &file(&[line.clone(), line]));
    assert_eq!(counts(&job), ("Succeeded", 1, 1, 0), "{log:?}");
    let ann = user(&world, &pool, "ann@example.com");
    assert_eq!(ann["Username"], ann["UserAttributes"][0]["Value"]);
}

#[test]
fn a_work_that_fails_is_tried_again_later() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    let id = world.import_job(&pool, json!({}), &file(&[csv_line("ann")]));
    let _ = world.ok("StartUserImportJob", job(&pool, &id));
    let store = records::store(&world, &pool);
    let key = format!("import/{id}");
    let good = kernel::Store::get(&*store, &key).unwrap().unwrap();
    let spoiled = kernel::Write::Put(key.clone(), b"?".to_vec());
    kernel::Store::commit(&*store, vec![spoiled]).unwrap();
    assert!(world.sleep_s(30) >= 2);
    assert!(world.log().iter().any(|line| line.contains("does not parse")), "{:?}", world.log());
    kernel::Store::commit(&*store, vec![kernel::Write::Put(key, good.to_vec())]).unwrap();
    world.sleep_s(30);
    assert_eq!(counts(&world.import_status(&pool, &id)), ("Succeeded", 1, 0, 0));
}
