//! Users come into a pool over several places, and go out of it, whatever is cut short.

use std::collections::BTreeSet;

use kernel::testing::{CSV_HEADER, Cut, TestPool, World, csv_line};
use serde_json::{Value as Json, json};

const LINES: usize = 24;

fn pool(world: &World, shards: &str) -> TestPool {
    world.pool(json!({
        "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        "UserPoolTags": { "cognate:shards": shards },
    }))
}

fn names() -> Vec<String> {
    (0..LINES).map(|n| format!("user{n:02}")).collect()
}

fn file(lines: &[String]) -> Vec<u8> {
    format!("{CSV_HEADER}\n{}\n", lines.join("\n")).into_bytes()
}

fn job(pool: &TestPool, id: &str) -> Json {
    json!({ "UserPoolId": pool.id, "JobId": id })
}

fn named(pool: &TestPool, name: &str) -> Json {
    json!({ "UserPoolId": pool.id, "Username": name })
}

/// An import that has read its first line.
fn begun(world: &World, pool: &TestPool) -> String {
    let lines: Vec<String> = names().iter().map(|name| csv_line(name)).collect();
    let id = world.import_job(pool, json!({}), &file(&lines));
    let _ = world.ok("StartUserImportJob", job(pool, &id));
    world.advance_s(1);
    assert!(world.wake());
    world.advance_s(1);
    id
}

fn counts(world: &World, pool: &TestPool, id: &str) -> (String, [i64; 3]) {
    let shown = world.import_status(pool, id);
    let count = |name: &str| shown[name].as_i64().unwrap();
    let counts = [count("ImportedUsers"), count("SkippedUsers"), count("FailedUsers")];
    (shown["Status"].as_str().unwrap().into(), counts)
}

fn lives(world: &World, pool: &TestPool, name: &str) -> bool {
    let by_name = world.call("AdminGetUser", named(pool, name));
    let by_address = world.call("AdminGetUser", named(pool, &format!("{name}@example.com")));
    assert_eq!(by_name, by_address);
    by_name.is_ok()
}

#[test]
fn no_line_is_lost_and_none_comes_twice_wherever_an_import_is_cut_short() {
    for cut in [Cut::Answer, Cut::Message] {
        for left in 0..26 {
            let world = World::new();
            let pool = pool(&world, "4");
            let id = begun(&world, &pool);
            world.calls_left(Some((left, cut)));
            assert!(world.wake());
            world.calls_left(None);
            world.restart();
            world.sleep_s(60);
            let all = i64::try_from(LINES).unwrap();
            let expected = (String::from("Succeeded"), [all, 0, 0]);
            assert_eq!(counts(&world, &pool, &id), expected, "{left} {cut:?}");
            assert!(names().iter().all(|name| lives(&world, &pool, name)));
            let log = world.ok("ListUserImportJobLines", job(&pool, &id))["Lines"].take();
            let told = log.as_array().unwrap().iter().filter_map(Json::as_str);
            assert_eq!(told.filter(|line| line.starts_with("[SUCCEEDED]")).count(), LINES);
        }
    }
}

#[test]
fn an_import_that_is_stopped_half_way_tells_of_all_whom_it_took() {
    let mut halves = 0;
    for left in 0..26 {
        let world = World::new();
        let pool = pool(&world, "4");
        let id = begun(&world, &pool);
        world.calls_left(Some((left, Cut::Answer)));
        assert!(world.wake());
        world.calls_left(None);
        if world.call("StopUserImportJob", job(&pool, &id)).is_err() {
            // All of it arrived.
            break;
        }
        world.sleep_s(60);
        let (status, [imported, ..]) = counts(&world, &pool, &id);
        let live = names().iter().filter(|name| lives(&world, &pool, name)).count();
        assert_eq!((status.as_str(), imported), ("Stopped", i64::try_from(live).unwrap()));
        halves += usize::from(0 < live && live < LINES);
    }
    assert!(halves > 3, "{halves}");
}

#[test]
fn of_two_lines_that_want_one_address_the_first_gets_it() {
    let world = World::new();
    let pool = pool(&world, "4");
    for (first, second) in [("ann", "bob"), ("bob", "ann"), ("carl", "dora"), ("eve", "carl")] {
        let thief = csv_line(first).replace(first, second).replacen(second, "*", 1);
        let thief = thief.replace(second, first).replacen('*', second, 1);
        let (_, log) = world.import(&pool, json!({}), &file(&[csv_line(first), thief]));
        assert!(log[0].starts_with("[SUCCEEDED]"), "{log:?}");
        assert!(log[1].contains("email already exists"), "{log:?}");
        assert!(lives(&world, &pool, first));
        for name in [first, second] {
            let _ = world.call("AdminDeleteUser", named(&pool, name));
        }
    }
}

/// Everybody of one pool goes into another; gives the file.
fn copy(world: &World, from: &TestPool, to: &TestPool) -> Json {
    let waiting = world.ok("CreateUserRestoreJob", json!({ "UserPoolId": to.id, "JobName": "x" }));
    let key = json!({ "UserPoolId": from.id, "PublicKey": waiting["PublicKey"] });
    let export = world.ok("CreateUserExport", key);
    let file = world.transfer("GET", &export["UserExport"]["PreSignedUrl"], b"");
    let restore = &waiting["UserImportJob"];
    assert_eq!(world.transfer("PUT", &restore["PreSignedUrl"], &file.body).status, 200);
    let id = restore["JobId"].as_str().unwrap();
    let _ = world.ok("StartUserImportJob", job(to, id));
    world.sleep_s(60);
    world.import_status(to, id)
}

#[test]
fn users_keep_names_groups_and_ids_however_many_places_their_pools_have() {
    for (before, after) in [("1", "4"), ("4", "16"), ("16", "1"), ("4", "4")] {
        let world = World::new();
        let (from, to) = (pool(&world, before), pool(&world, after));
        let group = json!({ "UserPoolId": from.id, "GroupName": "readers" });
        let _ = world.ok("CreateGroup", group.clone());
        let attributes = |name: &str| {
            json!([
                { "Name": "email", "Value": format!("{name}@example.com") },
                { "Name": "email_verified", "Value": "true" },
            ])
        };
        for name in &names() {
            world.user(&from, name, attributes(name));
            let mut member = named(&from, name);
            member["GroupName"] = json!("readers");
            let _ = world.ok("AdminAddUserToGroup", member);
        }
        let empty = world.pool_records(&to.id);
        let status = copy(&world, &from, &to);
        assert_eq!(status["ImportedUsers"], json!(LINES), "{before} {after}: {status}");
        let mut group = group;
        group["UserPoolId"] = json!(to.id);
        let members = world.ok("ListUsersInGroup", group)["Users"].take();
        let members = members.as_array().unwrap().iter().map(|user| user["Username"].as_str());
        assert_eq!(members.flatten().map(String::from).collect::<Vec<_>>(), names());
        for name in &names() {
            assert!(lives(&world, &to, name));
            let user = world.ok("AdminGetUser", named(&from, name));
            let sub = &user["UserAttributes"].as_array().unwrap()[0];
            assert_eq!(sub["Name"], "sub");
            let found = world.ok("AdminGetUser", named(&to, sub["Value"].as_str().unwrap()));
            assert_eq!(found["Username"], json!(name));
            assert!(world.sign_in(&to, name)["AccessToken"].is_string());
        }
        for name in names() {
            let _ = world.ok("AdminDeleteUser", named(&to, &name));
        }
        // Only the group and what is kept of the import, and the keys, are left.
        let kinds: BTreeSet<String> = world
            .pool_records(&to.id)
            .into_keys()
            .filter(|key| !empty.contains_key(key))
            .map(|(_, key)| key.split('/').next().unwrap_or_default().into())
            .collect();
        let may_stay = ["group", "groups", "import", "import-log", "import-taken", "keys", "wake"];
        assert!(kinds.iter().all(|kind| may_stay.contains(&kind.as_str())), "{kinds:?}");
    }
}
