//! All users of a pool go to another deployment, with their groups and with what proves who they are.

use kernel::testing::{CSV_HEADER, Failure, PASSWORD, TestPool, World, csv_line, options_of};
use serde_json::{Value as Json, json};

use super::{records, srp_client::Attempt};

/// bcrypt of `a`, from jBCrypt's test vectors.
const HASH: &str = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

/// A pool with history: a hash, a temporary password, a former one, a disabled user, groups.
fn lived() -> (World, TestPool) {
    let world = World::new();
    let policy = json!({ "MinimumLength": 6, "PasswordHistorySize": 3 });
    let pool = world.pool(settings(&policy));
    let file = format!("{CSV_HEADER},password_hash\n{},{HASH}\n", csv_line("hash"));
    let _ = world.import(&pool, json!({ "PasswordHashingAlgorithm": "BCRYPT" }), file.as_bytes());
    for name in ["ann", "bob"] {
        world.user(
            &pool,
            name,
            json!([
                { "Name": "email", "Value": format!("{name}@example.com") },
                { "Name": "email_verified", "Value": "true" },
            ]),
        );
    }
    let named = |name: &str| json!({ "UserPoolId": pool.id, "Username": name });
    let _ = world.ok(
        "AdminSetUserPassword",
        with(
            named("ann"),
            json!({
                "Password": "Former-1!", "Permanent": true,
            }),
        ),
    );
    let _ = world.ok(
        "AdminSetUserPassword",
        with(
            named("ann"),
            json!({
                "Password": "Present-1!", "Permanent": true,
            }),
        ),
    );
    let _ = world.ok("AdminDisableUser", named("bob"));
    let _ = world.ok(
        "AdminCreateUser",
        with(
            named("temp"),
            json!({
                "TemporaryPassword": "Temporary-1!", "MessageAction": "SUPPRESS",
            }),
        ),
    );
    for group in ["readers", "writers"] {
        let _ = world.ok("CreateGroup", json!({
            "UserPoolId": pool.id, "GroupName": group, "Precedence": 3, "Description": "They do",
        }));
        let _ = world.ok("AdminAddUserToGroup", with(named("ann"), json!({ "GroupName": group })));
    }
    (world, pool)
}

fn settings(policy: &Json) -> Json {
    json!({
        "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        "Policies": { "PasswordPolicy": policy },
    })
}

fn with(mut input: Json, more: Json) -> Json {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

fn export(world: &World, pool: &TestPool, public_key: &Json) -> Vec<u8> {
    let input = json!({ "UserPoolId": pool.id, "PublicKey": public_key });
    let made = world.ok("CreateUserExport", input)["UserExport"].take();
    let file = world.transfer("GET", &made["PreSignedUrl"], b"");
    assert_eq!(file.status, 200, "{}", String::from_utf8_lossy(&file.body));
    file.body
}

/// An empty pool, and a job that waits for a file; gives its id and its public key.
fn waiting(world: &World, settings: Json) -> (TestPool, String, Json, Json) {
    let pool = world.pool(settings);
    let input = json!({ "UserPoolId": pool.id, "JobName": "copy" });
    let made = world.ok("CreateUserRestoreJob", input);
    let job = &made["UserImportJob"];
    let id = job["JobId"].as_str().unwrap().to_owned();
    (pool, id, job["PreSignedUrl"].clone(), made["PublicKey"].clone())
}

fn restore(world: &World, pool: &TestPool, (job, url): (&str, &Json), file: &[u8]) -> Json {
    assert_eq!(world.transfer("PUT", url, file).status, 200);
    let _ = world.ok("StartUserImportJob", json!({ "UserPoolId": pool.id, "JobId": job }));
    world.sleep_s(60);
    world.import_status(pool, job)
}

/// The lived-in pool, and its copy in another deployment.
fn copied() -> (World, TestPool, World, TestPool) {
    let (from, pool) = lived();
    let to = World::new();
    // Worlds draw the same numbers: the second pool here is called otherwise than the first there.
    let _ = to.pool(json!({}));
    to.advance_s(100);
    let policy = json!({ "MinimumLength": 6, "PasswordHistorySize": 3 });
    let (copy, job, url, public_key) = waiting(&to, settings(&policy));
    let file = export(&from, &pool, &public_key);
    let ended = restore(&to, &copy, (&job, &url), &file);
    assert_eq!((&ended["Status"], &ended["ImportedUsers"]), (&json!("Succeeded"), &json!(4)));
    (from, pool, to, copy)
}

fn sign_in(world: &World, pool: &TestPool, name: &str, password: &str) -> Result<Json, Failure> {
    world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
        }),
    )
}

fn by_srp(world: &World, pool: &TestPool, name: &str, password: &str) -> Result<Json, Failure> {
    let attempt = Attempt::begin(world, pool, name);
    attempt.respond(world, &attempt.responses(password))
}

#[test]
fn each_user_is_there_as_it_was() {
    let (from, pool, to, copy) = copied();
    for name in ["ann", "bob", "hash", "temp"] {
        let get = |world: &World, pool: &TestPool| {
            world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
        };
        assert_eq!(get(&from, &pool), get(&to, &copy), "{name}");
    }
    let groups = |world: &World, pool: &TestPool| {
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let list = world.ok("AdminListGroupsForUser", input)["Groups"].take();
        let mut list = list.as_array().unwrap().clone();
        list.iter_mut().for_each(|group| drop(group.as_object_mut().unwrap().remove("UserPoolId")));
        list
    };
    assert_eq!(groups(&from, &pool), groups(&to, &copy));
    let members = json!({ "UserPoolId": copy.id, "GroupName": "readers" });
    assert_eq!(to.ok("ListUsersInGroup", members)["Users"][0]["Username"], "ann");
    let by_email = json!({ "UserPoolId": copy.id, "Filter": "email = \"bob@example.com\"" });
    assert_eq!(to.ok("ListUsers", by_email)["Users"][0]["Username"], "bob");
}

#[test]
fn every_password_works_at_once_and_by_srp_from_the_first_sign_in_on() {
    let (_, _, to, copy) = copied();
    for (name, password) in [("ann", "Present-1!"), ("hash", "a")] {
        assert!(sign_in(&to, &copy, name, "Wrong-1!").is_err(), "{name}");
        assert!(by_srp(&to, &copy, name, password).is_err(), "{name}");
        let signed_in = sign_in(&to, &copy, name, password).unwrap();
        assert!(signed_in["AuthenticationResult"]["IdToken"].is_string(), "{name}");
        assert!(by_srp(&to, &copy, name, password).is_ok(), "{name}");
        assert!(sign_in(&to, &copy, name, password).is_ok(), "{name}");
    }
    // By an alias, too.
    assert!(sign_in(&to, &copy, "ann@example.com", "Present-1!").is_ok());
    let first = sign_in(&to, &copy, "temp", "Temporary-1!").unwrap();
    assert_eq!(first["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert_eq!(sign_in(&to, &copy, "bob", PASSWORD).unwrap_err().message, "User is disabled.");
}

#[test]
fn a_pool_of_the_same_name_takes_srp_at_once() {
    let (from, pool) = lived();
    let to = World::new();
    let (copy, job, url, public_key) = waiting(&to, settings(&json!({ "MinimumLength": 6 })));
    assert_eq!(copy.id, pool.id);
    let _ = restore(&to, &copy, (&job, &url), &export(&from, &pool, &public_key));
    assert!(by_srp(&to, &copy, "ann", "Present-1!").is_ok());
}

#[test]
fn a_passkey_opens_the_copy_too() {
    let from = World::new();
    let pool = from.passkey_pool(json!({}));
    let passkey = from.user_with_passkey(&pool, "ann");
    let to = World::new();
    let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] });
    let settings = json!({ "Policies": { "SignInPolicy": factors } });
    let (mut copy, job, url, public_key) = waiting(&to, settings);
    to.configure_passkeys(&copy, json!({ "RelyingPartyId": "example.com" }));
    copy.client = to.client(&copy.id, json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] }));
    let file = export(&from, &pool, &public_key);
    let _ = restore(&to, &copy, (&job, &url), &file);
    let challenge = to.begin_with_passkey(&copy, "ann").unwrap();
    let proof = passkey.get(&options_of(&challenge));
    let answer = to.answer_passkey(&copy, &challenge, &proof).unwrap();
    assert!(answer["AuthenticationResult"]["AccessToken"].is_string());
    // Whoever may read the file may not put another passkey into it.
    let id = proof["id"].as_str().unwrap();
    assert!(!String::from_utf8_lossy(&file).contains(id));
}

#[test]
fn former_passwords_are_still_refused() {
    let (_, _, to, copy) = copied();
    let set =
        |password: &str| {
            to.call("AdminSetUserPassword", json!({
            "UserPoolId": copy.id, "Username": "ann", "Password": password, "Permanent": true,
        }))
        };
    for former in ["Former-1!", "Present-1!", PASSWORD] {
        assert_eq!(set(former).unwrap_err().code, "PasswordHistoryPolicyViolationException");
    }
    set("Another-1!").unwrap();
}

#[test]
fn nothing_secret_can_be_read_in_the_file_or_opened_with_another_key() {
    let (from, pool) = lived();
    let to = World::new();
    let policy = json!({ "MinimumLength": 6 });
    let (copy, job, url, public_key) = waiting(&to, settings(&policy));
    let (other, ..) = waiting(&to, settings(&policy));
    let file = export(&from, &pool, &public_key);
    let text = String::from_utf8(file.clone()).unwrap();
    assert!(!text.contains("m0CrhHm10qJ3lXRY") && !text.contains("verifier"), "{text}");
    assert_eq!(text.matches("\"secrets\":").count(), 4);
    let another = to.ok("CreateUserRestoreJob", json!({ "UserPoolId": other.id, "JobName": "x" }));
    let another_url = &another["UserImportJob"]["PreSignedUrl"];
    let another_id = another["UserImportJob"]["JobId"].as_str().unwrap();
    let ended = restore(&to, &other, (another_id, another_url), &file);
    assert_eq!((&ended["Status"], &ended["FailedUsers"]), (&json!("Failed"), &json!(4)));
    assert!(records::of_pool(&to, &other).keys().all(|(_, key)| !key.starts_with("user/")));
    let ended = restore(&to, &copy, (&job, &url), &file);
    assert_eq!(ended["Status"], "Succeeded");
    // Neither the file nor the key that opens it is left.
    let left = records::of_pool(&to, &copy);
    assert!(!left.keys().any(|(_, key)| key.starts_with("import-file")));
    let kept = left.iter().find(|((_, key), _)| *key == format!("import/{job}")).unwrap().1;
    assert!(!String::from_utf8_lossy(kept).contains("private"));
}

#[test]
fn a_backup_is_opened_with_the_key_that_it_was_made_for() {
    let (from, pool) = lived();
    // X25519 of RFC 7748 §6.1: Alice's keys.
    let private = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";
    let public = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";
    let file = export(&from, &pool, &json!(public));
    let to = World::new();
    let policy = json!({ "MinimumLength": 6 });
    let copy = to.pool(settings(&policy));
    let input = json!({ "UserPoolId": copy.id, "JobName": "backup", "PrivateKey": private });
    let made = to.ok("CreateUserRestoreJob", input);
    assert_eq!(made["PublicKey"], public);
    let job = &made["UserImportJob"];
    let id = job["JobId"].as_str().unwrap();
    let ended = restore(&to, &copy, (id, &job["PreSignedUrl"]), &file);
    assert_eq!((&ended["Status"], &ended["ImportedUsers"]), (&json!("Succeeded"), &json!(4)));
    assert!(sign_in(&to, &copy, "ann", "Present-1!").is_ok());
}

#[test]
fn a_file_that_is_cut_off_or_spoiled_is_told_so() {
    let (from, pool) = lived();
    let to = World::new();
    let policy = json!({ "MinimumLength": 6 });
    let cut = |change: &dyn Fn(&str) -> String| {
        let (copy, job, url, public_key) = waiting(&to, settings(&policy));
        let file = String::from_utf8(export(&from, &pool, &public_key)).unwrap();
        restore(&to, &copy, (&job, &url), change(&file).as_bytes())
    };
    let headless = cut(&|file| file.split_once('\n').unwrap().1.to_owned());
    assert_eq!(headless["Status"], "Failed");
    assert!(headless["CompletionMessage"].as_str().unwrap().contains("no export of users"));
    let endless = cut(&|file| file[..file.rfind("{\"end\"").unwrap()].to_owned());
    assert_eq!((&endless["Status"], &endless["ImportedUsers"]), (&json!("Failed"), &json!(4)));
    assert_eq!(endless["CompletionMessage"], "The file of the export is cut off.");
    // Secrets are bound to their user: Bob's are not good for Ann.
    let renamed = cut(&|file| file.replace("\"username\":\"ann\"", "\"username\":\"eve\""));
    assert_eq!((&renamed["ImportedUsers"], &renamed["FailedUsers"]), (&json!(3), &json!(1)));
}

#[test]
fn users_who_are_there_stay_as_they_are() {
    let (from, pool) = lived();
    let to = World::new();
    let policy = json!({ "MinimumLength": 6 });
    let (copy, job, url, public_key) = waiting(&to, settings(&policy));
    to.user(&copy, "ann", json!([]));
    let file = export(&from, &pool, &public_key);
    let ended = restore(&to, &copy, (&job, &url), &file);
    assert_eq!((&ended["ImportedUsers"], &ended["SkippedUsers"]), (&json!(3), &json!(1)));
    assert!(sign_in(&to, &copy, "ann", PASSWORD).is_ok());
}

#[test]
fn an_export_of_many_pages_gives_each_user_once_whatever_is_written_meanwhile() {
    let world = World::new();
    let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
    let lines: Vec<String> = (0..450).map(|n| csv_line(&format!("user{n:04}"))).collect();
    let file = format!("{CSV_HEADER}\n{}\n", lines.join("\n"));
    let _ = world.import(&pool, json!({}), file.as_bytes());
    let key = world.ok("CreateUserRestoreJob", json!({ "UserPoolId": pool.id, "JobName": "x" }));
    let text = String::from_utf8(export(&world, &pool, &key["PublicKey"])).unwrap();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["header"]["pool_id"], json!(pool.id));
    let mut users: Vec<&str> =
        lines.iter().filter_map(|line| line["user"]["username"].as_str()).collect();
    users.sort_unstable();
    let expected: Vec<String> = (0..450).map(|n| format!("user{n:04}")).collect();
    assert_eq!(users, expected);
    assert_eq!(lines.last().unwrap()["end"], json!({ "groups": 0, "users": 450 }));
}

#[test]
fn exports_are_fetched_for_a_day_by_a_fresh_url() {
    let world = World::new();
    let pool = world.pool(json!({}));
    let key = world.ok("CreateUserRestoreJob", json!({ "UserPoolId": pool.id, "JobName": "x" }));
    let input = json!({ "UserPoolId": pool.id, "PublicKey": key["PublicKey"] });
    let made = world.ok("CreateUserExport", input)["UserExport"].take();
    world.sleep_s(16 * 60);
    assert_eq!(world.transfer("GET", &made["PreSignedUrl"], b"").status, 403);
    let named = json!({ "UserPoolId": pool.id, "ExportId": made["ExportId"] });
    let shown = world.ok("DescribeUserExport", named.clone());
    assert_eq!(world.transfer("GET", &shown["UserExport"]["PreSignedUrl"], b"").status, 200);
    world.sleep_s(24 * 60 * 60);
    assert_eq!(world.fails("DescribeUserExport", named).code, "ResourceNotFoundException");
    assert!(records::of_pool(&world, &pool).keys().all(|(_, key)| !key.starts_with("export/")));
    let zero = json!({ "UserPoolId": pool.id, "PublicKey": "A".repeat(43) + "=" });
    assert_eq!(world.fails("CreateUserExport", zero).code, "InvalidParameterException");
}
