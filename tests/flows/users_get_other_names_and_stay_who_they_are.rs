//! The names by which users of a pool sign in are changed while it has users: who they are, and all
//! that is kept about them, stays.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Place, PoolKey,
    testing::{Failure, Newcomer, PASSWORD, TestPool, World, shown},
};
use serde_json::{Value as Json, json};

/// A pool whose users live at one place.
fn pool(world: &World, settings: Json) -> TestPool {
    let mut all = json!({ "UserPoolTags": { "cognate:shards": "1" } });
    all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    world.pool(all)
}

fn change(world: &World, pool: &TestPool, names: &Json) -> Result<Json, Failure> {
    let mut input = json!({ "UserPoolId": pool.id });
    input.as_object_mut().unwrap().extend(names.as_object().unwrap().clone());
    world.call("ChangeUserPoolSignInNames", input)
}

/// Changes the names, and waits for that.
fn changed(world: &World, pool: &TestPool, names: Json) -> Json {
    let begun = change(world, pool, &names).unwrap();
    assert_eq!(begun["Status"], "IN_PROGRESS");
    world.sleep_s(60);
    assert_eq!(world.next_wake_ms(), None);
    change(world, pool, &json!({})).unwrap()
}

fn create(world: &World, pool: &TestPool, name: &str, email: Option<(&str, bool)>) {
    let attributes = email.map_or(json!([]), |(address, is_verified)| {
        json!([
            { "Name": "email", "Value": address },
            { "Name": "email_verified", "Value": is_verified.to_string() },
        ])
    });
    world.user(pool, name, attributes);
}

/// Who signs in by that name.
fn signs_in(world: &World, pool: &TestPool, name: &str) -> Result<String, Failure> {
    let signed_in = world.call(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
        }),
    )?;
    let token = &signed_in["AuthenticationResult"]["AccessToken"];
    let user = world.ok("GetUser", json!({ "AccessToken": token }));
    Ok(user["Username"].as_str().unwrap().into())
}

fn sub_of(world: &World, pool: &TestPool, name: &str) -> String {
    let named = json!({ "UserPoolId": pool.id, "Username": name });
    shown(&world.ok("AdminGetUser", named), "sub").unwrap()
}

fn described(world: &World, pool: &TestPool) -> Json {
    world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }))["UserPool"].take()
}

fn listed(world: &World, pool: &TestPool, filter: &str) -> Vec<String> {
    let page = world.ok("ListUsers", json!({ "UserPoolId": pool.id, "Filter": filter }));
    let users = page["Users"].as_array().unwrap();
    users.iter().map(|user| user["Username"].as_str().unwrap().into()).collect()
}

/// The records of a pool that begin so, without their first byte.
fn records(world: &World, pool: &TestPool, prefix: &str) -> BTreeMap<String, Json> {
    let store = world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()));
    let page = store.scan(prefix..&*format!("{prefix}\u{10FFFF}"), usize::MAX).unwrap();
    let parsed = |bytes: &[u8]| serde_json::from_slice(&bytes[1..]).unwrap_or_default();
    page.into_iter().map(|(key, value)| (key, parsed(&value))).collect()
}

fn alias_keys(world: &World, pool: &TestPool) -> BTreeSet<String> {
    records(world, pool, "alias/").into_keys().filter(|key| !key.contains("/sub/")).collect()
}

#[test]
fn users_sign_in_by_an_address_that_becomes_an_alias_and_no_longer_when_it_is_none() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    create(&world, &pool, "ann", Some(("ann@example.com", true)));
    create(&world, &pool, "bob", Some(("bob@example.com", false)));
    let tokens = world.sign_in(&pool, "ann");
    let sub = sub_of(&world, &pool, "ann");
    assert!(signs_in(&world, &pool, "ann@example.com").is_err());

    let told = changed(&world, &pool, json!({ "AliasAttributes": ["email"] }));
    assert_eq!(told, json!({ "Status": "SUCCEEDED", "ExaminedUsers": 2 }));
    assert_eq!(described(&world, &pool)["AliasAttributes"], json!(["email"]));
    assert_eq!(signs_in(&world, &pool, "ann@example.com").as_deref(), Ok("ann"));
    assert_eq!(signs_in(&world, &pool, "ann").as_deref(), Ok("ann"));
    assert!(signs_in(&world, &pool, "bob@example.com").is_err());
    assert_eq!(sub_of(&world, &pool, "ann@example.com"), sub);
    let _ = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));

    let told = changed(&world, &pool, json!({ "AliasAttributes": [] }));
    assert_eq!(told["Status"], "SUCCEEDED");
    assert_eq!(described(&world, &pool).get("AliasAttributes"), None);
    assert!(signs_in(&world, &pool, "ann@example.com").is_err());
    assert_eq!(signs_in(&world, &pool, "ann").as_deref(), Ok("ann"));
    assert_eq!(alias_keys(&world, &pool), BTreeSet::new());
}

#[test]
fn a_name_that_would_lead_to_two_users_leaves_all_as_it_was() {
    let world = World::new();
    let pool = pool(&world, json!({ "AliasAttributes": ["preferred_username"] }));
    create(&world, &pool, "ann", Some(("one@example.com", true)));
    create(&world, &pool, "Bob", Some(("one@example.com", true)));
    create(&world, &pool, "bob", Some(("bob@example.com", true)));
    let (before, aliases) = (described(&world, &pool), records(&world, &pool, "alias/"));
    let users = records(&world, &pool, "user/");

    for (names, attribute, value, usernames) in [
        (
            json!({ "AliasAttributes": ["email"] }),
            "email",
            "one@example.com",
            // Keys are in the order of their bytes.
            ["Bob", "ann"],
        ),
        (
            json!({ "UsernameConfiguration": { "CaseSensitive": false } }),
            "username",
            "bob",
            ["bob", "Bob"],
        ),
    ] {
        let told = changed(&world, &pool, names);
        assert_eq!(told["Status"], "FAILED");
        let collision = json!({ "Attribute": attribute, "Value": value, "Usernames": usernames });
        assert_eq!(told["Collisions"], json!([collision]));
        let mut after = described(&world, &pool);
        after["LastModifiedDate"] = before["LastModifiedDate"].clone();
        assert_eq!(after, before);
        assert_eq!(records(&world, &pool, "alias/"), aliases);
        assert_eq!(records(&world, &pool, "user/"), users);
    }
    // With one of them gone it goes.
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "Bob" }));
    assert_eq!(
        changed(&world, &pool, json!({ "AliasAttributes": ["email"] }))["Status"],
        "SUCCEEDED"
    );
}

#[test]
fn names_that_told_cases_apart_no_longer_do() {
    let world = World::new();
    let pool = pool(&world, json!({ "AliasAttributes": ["email", "preferred_username"] }));
    create(&world, &pool, "Ann", Some(("Ann@Example.com", true)));
    create(&world, &pool, "bob", None);
    let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "staff" }));
    let member = json!({ "UserPoolId": pool.id, "GroupName": "staff", "Username": "Ann" });
    let _ = world.ok("AdminAddUserToGroup", member);
    let tokens = world.sign_in(&pool, "Ann");
    assert!(signs_in(&world, &pool, "ann").is_err());

    let names = json!({ "UsernameConfiguration": { "CaseSensitive": false } });
    assert_eq!(changed(&world, &pool, names)["Status"], "SUCCEEDED");
    for name in ["Ann", "ann", "aNN", "ann@example.com", "ANN@EXAMPLE.COM"] {
        assert_eq!(signs_in(&world, &pool, name).as_deref(), Ok("Ann"), "{name}");
    }
    for name in ["bob", "BOB"] {
        assert_eq!(signs_in(&world, &pool, name).as_deref(), Ok("bob"), "{name}");
    }
    assert_eq!(
        alias_keys(&world, &pool),
        ["alias/email/ann@example.com", "alias/username/ann"].map(String::from).into()
    );

    // What was there is there.
    let _ = world.ok("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    let refreshed = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client,
        "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] },
    });
    let _ = world.ok("InitiateAuth", refreshed);
    let groups = json!({ "UserPoolId": pool.id, "Username": "ANN" });
    let groups = world.ok("AdminListGroupsForUser", groups);
    assert_eq!(groups["Groups"][0]["GroupName"], "staff");

    // Nobody else gets such a name, not even as an alias.
    for name in ["ann", "ANN", "Bob"] {
        let input = json!({ "UserPoolId": pool.id, "Username": name });
        assert_eq!(world.fails("AdminCreateUser", input).code, "UsernameExistsException", "{name}");
    }
    let preferred = json!([{ "Name": "preferred_username", "Value": "aNn" }]);
    let input = json!({ "UserPoolId": pool.id, "Username": "bob", "UserAttributes": preferred });
    assert_eq!(world.fails("AdminUpdateUserAttributes", input).code, "AliasExistsException");
    create(&world, &pool, "Cat", None);
    assert_eq!(signs_in(&world, &pool, "cAT").as_deref(), Ok("Cat"));

    for (filter, found) in [
        (r#"username = "ANN""#, vec!["Ann"]),
        (r#"username = "bob""#, vec!["bob"]),
        (r#"username ^= "A""#, vec!["Ann"]),
        (r#"username ^= """#, vec!["Ann", "Cat", "bob"]),
    ] {
        assert_eq!(listed(&world, &pool, filter), found, "{filter}");
    }
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "aNn" }));
    let left = records(&world, &pool, "").into_keys();
    let left: Vec<_> = left.filter(|key| key.to_lowercase().contains("ann")).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn names_that_did_not_tell_cases_apart_do() {
    let world = World::new();
    let insensitive = json!({ "CaseSensitive": false });
    let settings = json!({ "AliasAttributes": ["email"], "UsernameConfiguration": insensitive });
    let pool = pool(&world, settings);
    create(&world, &pool, "Ann", Some(("Ann@Example.com", true)));
    let sensitive = json!({ "UsernameConfiguration": { "CaseSensitive": true } });
    assert_eq!(changed(&world, &pool, sensitive)["Status"], "SUCCEEDED");
    for name in ["Ann", "Ann@Example.com"] {
        assert_eq!(signs_in(&world, &pool, name).as_deref(), Ok("Ann"), "{name}");
    }
    for name in ["ann", "ANN", "ann@example.com"] {
        assert!(signs_in(&world, &pool, name).is_err(), "{name}");
    }
    // A key is a key: names that differ in case alone stay impossible.
    let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
    assert_eq!(world.fails("AdminCreateUser", input).code, "UsernameExistsException");
    create(&world, &pool, "Bob", None);
    assert_eq!(listed(&world, &pool, r#"username = "Bob""#), ["Bob"]);
    assert_eq!(listed(&world, &pool, r#"username = "bob""#), Vec::<String>::new());

    let again = changed(&world, &pool, json!({ "UsernameConfiguration": insensitive }));
    assert_eq!(again["Status"], "SUCCEEDED");
    for name in ["Ann", "ann", "ann@EXAMPLE.com"] {
        assert_eq!(signs_in(&world, &pool, name).as_deref(), Ok("Ann"), "{name}");
    }
    let keys = ["alias/email/ann@example.com"].map(String::from);
    assert_eq!(alias_keys(&world, &pool), keys.into());
}

#[test]
fn addresses_become_usernames_and_names_stay_good() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    create(&world, &pool, "ann", Some(("ann@example.com", false)));
    create(&world, &pool, "bob", Some(("ann@example.com", false)));
    let names = json!({ "UsernameAttributes": ["email"] });
    let told = changed(&world, &pool, names.clone());
    assert_eq!(told["Collisions"][0]["Usernames"], json!(["ann", "bob"]));
    let address = json!([{ "Name": "email", "Value": "bob@example.com" }]);
    let input = json!({ "UserPoolId": pool.id, "Username": "bob", "UserAttributes": address });
    let _ = world.ok("AdminUpdateUserAttributes", input);

    assert_eq!(changed(&world, &pool, names)["Status"], "SUCCEEDED");
    for name in ["ann", "ann@example.com"] {
        assert_eq!(signs_in(&world, &pool, name).as_deref(), Ok("ann"), "{name}");
    }
    create(&world, &pool, "cat@example.com", None);
    let cat = signs_in(&world, &pool, "cat@example.com").unwrap();
    assert_eq!(sub_of(&world, &pool, "cat@example.com"), cat);
    let input = json!({ "UserPoolId": pool.id, "Username": "bob@example.com" });
    assert_eq!(world.fails("AdminCreateUser", input).code, "UsernameExistsException");
    let ann = sub_of(&world, &pool, "ann");
    for (sub, name) in [(&ann, "ann"), (&cat, &cat)] {
        assert_eq!(listed(&world, &pool, &format!("sub = \"{sub}\"")), [name]);
        assert_eq!(listed(&world, &pool, &format!("sub ^= \"{}\"", &sub[..12])), [name]);
    }
    assert_eq!(listed(&world, &pool, r#"sub ^= """#).len(), 3);

    // And back, with addresses beside names.
    let names = json!({ "UsernameAttributes": [], "AliasAttributes": ["email"] });
    assert_eq!(changed(&world, &pool, names)["Status"], "SUCCEEDED");
    assert!(signs_in(&world, &pool, "ann@example.com").is_err(), "it was never verified");
    assert_eq!(signs_in(&world, &pool, "ann").as_deref(), Ok("ann"));
    assert_eq!(signs_in(&world, &pool, &cat).as_deref(), Ok(&*cat));
    create(&world, &pool, "dan", Some(("dan@example.com", true)));
    assert_eq!(signs_in(&world, &pool, "dan@example.com").as_deref(), Ok("dan"));
    assert_eq!(listed(&world, &pool, &format!("sub = \"{cat}\"")), [cat]);
}

fn newcomer(n: usize) -> Newcomer {
    let name = if n.is_multiple_of(2) { format!("User{n:04}") } else { format!("user{n:04}") };
    let email = format!("Mail{n:04}@example.com");
    Newcomer {
        name,
        attributes: [("email", email), ("email_verified", "true".into())]
            .map(|(name, value)| (name.into(), value))
            .into(),
        is_enabled: true,
        group: None,
    }
}

/// The aliases that users must have, where addresses are aliases and names do not tell cases apart.
fn wanted(users: &BTreeMap<String, Json>) -> BTreeSet<String> {
    let of_user = |(key, user): (&String, &Json)| {
        let name = user["username"].as_str().unwrap().to_lowercase();
        let mut aliases = Vec::new();
        if key.strip_prefix("user/") != Some(&name) {
            aliases.push(format!("alias/username/{name}"));
        }
        let attribute = |name: &str| user["attributes"][name].as_str().map(str::to_lowercase);
        if attribute("email_verified").as_deref() == Some("true") {
            aliases.push(format!("alias/email/{}", attribute("email").unwrap()));
        }
        aliases
    };
    users.iter().flat_map(of_user).collect()
}

#[test]
fn calls_between_the_steps_leave_neither_gap_nor_rest() {
    let world = World::new();
    let pool = pool(&world, json!({ "AliasAttributes": ["email"] }));
    create(&world, &pool, "model", None);
    world.fill(&pool, "model", &mut (0..900).map(newcomer));
    let names = json!({
        "AliasAttributes": ["email", "phone_number"], "UsernameConfiguration": { "CaseSensitive": false },
    });
    assert_eq!(change(&world, &pool, &names).unwrap()["Status"], "IN_PROGRESS");
    assert_eq!(change(&world, &pool, &names).unwrap_err().code, "ConcurrentModificationException");
    let set = |name: &str, address: &str| {
        let attributes = json!([
            { "Name": "email", "Value": address }, { "Name": "email_verified", "Value": "true" },
        ]);
        json!({ "UserPoolId": pool.id, "Username": name, "UserAttributes": attributes })
    };
    let mut steps = 0;
    loop {
        world.advance_s(1);
        if !world.wake() {
            break;
        }
        steps += 1;
        // Only what is written down outlives a host.
        world.restart();
        let n = 10 * steps;
        // Behind the place that was reached and before it.
        for (name, letter) in [("Aaa", "A"), ("zzz", "z")] {
            let address = format!("{letter}{n}@Example.com");
            create(&world, &pool, &format!("{name}{n}"), Some((&address, true)));
            let shouted = format!("{name}{n}").to_uppercase();
            let input = json!({ "UserPoolId": pool.id, "Username": shouted });
            assert_eq!(world.fails("AdminCreateUser", input).code, "UsernameExistsException");
        }
        for n in [n, 898 - n] {
            let name = newcomer(n).name;
            let _ = world.ok("AdminUpdateUserAttributes", set(&name, &format!("New{n}@x.com")));
            let other = newcomer(n + 1).name;
            let _ =
                world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": other }));
        }
        // Nobody takes what somebody will need.
        let lower = json!({ "UserPoolId": pool.id, "Username": newcomer(4).name.to_lowercase() });
        assert_eq!(world.fails("AdminCreateUser", lower).code, "UsernameExistsException");
        let taken = set("model", &format!("new{n}@X.COM"));
        assert!(world.call("AdminUpdateUserAttributes", taken).is_err());
    }
    assert!(steps > 6, "{steps}");
    let told = change(&world, &pool, &json!({})).unwrap();
    assert_eq!(told["Status"], "SUCCEEDED", "{told}");
    let users = records(&world, &pool, "user/");
    assert_eq!(alias_keys(&world, &pool), wanted(&users));
    assert_eq!(signs_in(&world, &pool, "AAA10").as_deref(), Ok("Aaa10"));
    assert_eq!(signs_in(&world, &pool, "A10@example.COM").as_deref(), Ok("Aaa10"));
}

#[test]
fn who_loses_a_name_to_be_takes_it_from_nobody_who_has_it() {
    let world = World::new();
    let pool = pool(&world, json!({ "AliasAttributes": ["email"] }));
    create(&world, &pool, "ann", Some(("ann@example.com", true)));
    create(&world, &pool, "bob", Some(("Ann@Example.com", true)));
    create(&world, &pool, "cat", Some(("ANN@example.com", true)));
    let names = json!({ "UsernameConfiguration": { "CaseSensitive": false } });
    let _ = change(&world, &pool, &names).unwrap();
    // Before its turn came, and after that.
    let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "bob" }));
    world.advance_s(1);
    assert!(world.wake());
    let address = json!([{ "Name": "email", "Value": "cat@example.com" }]);
    let input = json!({ "UserPoolId": pool.id, "Username": "cat", "UserAttributes": address });
    let _ = world.ok("AdminUpdateUserAttributes", input);
    world.sleep_s(60);
    assert_eq!(change(&world, &pool, &json!({})).unwrap()["Status"], "FAILED");
    assert_eq!(signs_in(&world, &pool, "ann@example.com").as_deref(), Ok("ann"));
}

#[test]
fn a_pool_that_goes_meanwhile_leaves_nothing() {
    let world = World::new();
    let pool = pool(&world, json!({}));
    create(&world, &pool, "ann", Some(("ann@example.com", true)));
    let _ = change(&world, &pool, &json!({ "AliasAttributes": ["email"] })).unwrap();
    world.advance_s(1);
    assert!(world.wake());
    let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
    world.sleep_s(60);
    assert_eq!(records(&world, &pool, ""), BTreeMap::new());
}

#[test]
fn a_pool_of_several_shards_keeps_its_names() {
    let world = World::new();
    let pool = world.pool(json!({ "UserPoolTags": { "cognate:shards": "2" } }));
    let refusal = change(&world, &pool, &json!({ "AliasAttributes": ["email"] })).unwrap_err();
    assert_eq!(refusal.code, "InvalidParameterException");
    assert!(refusal.message.contains("several shards"), "{}", refusal.message);
}

#[test]
fn what_changes_nothing_is_over_at_once_and_what_makes_no_sense_is_refused() {
    let world = World::new();
    let pool = pool(&world, json!({ "AliasAttributes": ["email"] }));
    let over = json!({ "Status": "SUCCEEDED", "ExaminedUsers": 0 });
    assert_eq!(change(&world, &pool, &json!({})).unwrap(), over);
    let same = json!({ "AliasAttributes": ["email", "email"], "UsernameAttributes": [] });
    assert_eq!(change(&world, &pool, &same).unwrap(), over);
    assert_eq!(world.next_wake_ms(), None);
    let both = change(&world, &pool, &json!({ "UsernameAttributes": ["email"] })).unwrap_err();
    assert!(both.message.starts_with("Only one of the aliasAttributes"), "{}", both.message);
    let unknown = change(&world, &pool, &json!({ "AliasAttributes": ["name"] })).unwrap_err();
    assert_eq!(unknown.code, "InvalidParameterException");
}
