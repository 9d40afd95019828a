//! A pool over several places: who has an alias, what all of them know, whatever is cut short.

use kernel::testing::{Cut, PASSWORD, TestPool, World, outcome};
use serde_json::{Value as Json, json};

/// A pool at four places whose users sign in by verified e-mail addresses too.
fn split(world: &World) -> TestPool {
    world.pool(json!({
        "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        "UserPoolTags": { "cognate:shards": "4" },
    }))
}

const ADDRESS: &str = "ann@example.com";

fn creation(pool: &TestPool, name: &str, address: &str) -> Json {
    json!({
        "UserPoolId": pool.id, "Username": name, "MessageAction": "SUPPRESS",
        "UserAttributes": [
            { "Name": "email", "Value": address }, { "Name": "email_verified", "Value": "true" },
        ],
    })
}

fn named(pool: &TestPool, name: &str) -> Json {
    json!({ "UserPoolId": pool.id, "Username": name })
}

/// The username of whoever has that name or address.
fn who(world: &World, pool: &TestPool, name: &str) -> Option<Json> {
    Some(world.call("AdminGetUser", named(pool, name)).ok()?["Username"].take())
}

/// Four names that live at the four places of the pool.
fn one_each(world: &World, pool: &TestPool) -> Vec<String> {
    let mut homes = Vec::new();
    let mut names = (0..).map(|n| format!("user{n}"));
    let spread = names.by_ref().filter(|name| {
        let home = world.home(&pool.id, name);
        let is_new = !homes.contains(&home);
        homes.push(home);
        is_new
    });
    spread.take(4).collect()
}

#[test]
fn of_two_who_want_one_address_at_once_one_gets_it() {
    let world = World::new();
    let pool = split(&world);
    let names = one_each(&world, &pool);
    for first in &names {
        for second in names.iter().filter(|name| *name != first) {
            let requests = [first, second]
                .map(|name| world.request("AdminCreateUser", &creation(&pool, name, ADDRESS)));
            let answers = world.together(&requests);
            let refused: Vec<_> = answers.iter().filter_map(|a| outcome(a).err()).collect();
            assert_eq!(refused.len(), 1, "{first} {second}: {refused:?}");
            assert_eq!(refused[0].code, "UsernameExistsException");
            let exist = [first, second].into_iter().filter(|n| who(&world, &pool, n).is_some());
            let exist: Vec<_> = exist.collect();
            assert_eq!(exist.len(), 1);
            assert_eq!(who(&world, &pool, ADDRESS), Some(json!(exist[0])));
            let _ = world.ok("AdminDeleteUser", named(&pool, ADDRESS));
            assert_eq!(who(&world, &pool, ADDRESS), None);
            let left = world.pool_records(&pool.id);
            assert!(left.keys().all(|(_, key)| !key.contains(ADDRESS)), "{:?}", left.keys());
        }
    }
    assert_eq!(world.log(), [""; 0]);
}

#[test]
fn an_address_is_neither_lost_nor_stuck_wherever_a_creation_is_cut_short() {
    for cut in [Cut::Answer, Cut::Message] {
        let world = World::new();
        let pool = split(&world);
        let names = one_each(&world, &pool);
        for (n, first) in names.iter().enumerate() {
            for left in 0..4 {
                let second = &names[(n + 1) % 4];
                world.calls_left(Some((left, cut)));
                let answer = world.call("AdminCreateUser", creation(&pool, first, ADDRESS));
                world.calls_left(None);
                assert!(answer.is_ok() || answer.unwrap_err().status == 500);
                let again = world.call("AdminCreateUser", creation(&pool, second, ADDRESS));
                let stands = who(&world, &pool, first).is_some();
                assert_eq!(again.is_err(), stands, "{first} {left} {cut:?}: {again:?}");
                let owner = if stands { first } else { second };
                assert_eq!(who(&world, &pool, ADDRESS), Some(json!(owner)));
                let _ = world.ok("AdminDeleteUser", named(&pool, owner));
            }
        }
    }
}

#[test]
fn an_address_whose_home_can_not_be_told_is_free_all_the_same() {
    let world = World::new();
    let pool = split(&world);
    for name in one_each(&world, &pool) {
        let _ = world.ok("AdminCreateUser", creation(&pool, &name, ADDRESS));
        world.calls_left(Some((0, Cut::Message)));
        let _ = world.call("AdminDeleteUser", named(&pool, &name));
        world.calls_left(None);
        assert_eq!(who(&world, &pool, ADDRESS), None, "{name}");
    }
    // What could not be told is told after a later call of the same place.
    for name in one_each(&world, &pool) {
        let _ = world.ok("AdminCreateUser", creation(&pool, &name, ADDRESS));
        let _ = world.ok("AdminDeleteUser", named(&pool, &name));
    }
    let left = world.pool_records(&pool.id);
    assert!(left.keys().all(|(_, key)| !key.contains(ADDRESS)), "{:?}", left.keys());
}

#[test]
fn an_address_is_taken_by_force_from_whoever_has_it_wherever_they_live() {
    let world = World::new();
    let pool = split(&world);
    let names = one_each(&world, &pool);
    let _ = world.ok("AdminCreateUser", creation(&pool, &names[0], ADDRESS));
    for name in &names[1..] {
        let mut forced = creation(&pool, name, ADDRESS);
        forced["ForceAliasCreation"] = json!(true);
        let _ = world.ok("AdminCreateUser", forced);
        assert_eq!(who(&world, &pool, ADDRESS), Some(json!(name)));
    }
    let robbed = world.ok("AdminGetUser", named(&pool, &names[0]));
    let verified = json!({ "Name": "email_verified", "Value": "false" });
    assert!(robbed["UserAttributes"].as_array().unwrap().contains(&verified));
}

#[test]
fn a_change_of_configuration_is_seen_everywhere_once_it_is_acknowledged() {
    let world = World::new();
    let pool = split(&world);
    let names = one_each(&world, &pool);
    for name in &names {
        world.user(&pool, name, json!([]));
    }
    let flows = |flows: Json| json!({ "UserPoolId": pool.id, "ClientId": pool.client, "ExplicitAuthFlows": flows });
    let sign_in = |name: &String| {
        world.call(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
            }),
        )
    };
    let _ = world.ok("UpdateUserPoolClient", flows(json!(["ALLOW_REFRESH_TOKEN_AUTH"])));
    assert!(names.iter().all(|name| sign_in(name).is_err()));
    let allowed = json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"]);
    for cut in [Cut::Answer, Cut::Message] {
        for left in 0..3 {
            world.calls_left(Some((left, cut)));
            let failure = world.fails("UpdateUserPoolClient", flows(allowed.clone()));
            assert_eq!(failure.status, 500, "it is not acknowledged");
            world.calls_left(None);
            // Whatever an administrator asks next, the change is everywhere then.
            let _ = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
            assert!(names.iter().all(|name| sign_in(name).is_ok()), "{left} {cut:?}");
            let off = json!(["ALLOW_REFRESH_TOKEN_AUTH"]);
            let _ = world.ok("UpdateUserPoolClient", flows(off));
            assert!(names.iter().all(|name| sign_in(name).is_err()));
        }
    }
    let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
    assert!(world.pool_records(&pool.id).is_empty());
}

#[test]
fn all_users_are_listed_and_counted_page_by_page() {
    let world = World::new();
    let pool = split(&world);
    let mut made: Vec<String> = (0..25).map(|n| format!("user{n}")).collect();
    for name in &made {
        let _ = world.ok("AdminCreateUser", creation(&pool, name, &format!("{name}@example.com")));
    }
    made.sort();
    let mut listed: Vec<String> = Vec::new();
    let mut token = Json::Null;
    loop {
        let page = json!({ "UserPoolId": pool.id, "Limit": 4, "PaginationToken": token });
        let mut page = world.ok("ListUsers", page);
        let users = page["Users"].as_array().unwrap();
        listed.extend(users.iter().map(|user| user["Username"].as_str().unwrap().to_string()));
        token = page["PaginationToken"].take();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(listed, made);
    let shown = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
    assert_eq!(shown["UserPool"]["EstimatedNumberOfUsers"], 25);
}

#[test]
fn all_places_sign_with_the_same_keys_wherever_their_making_is_cut_short() {
    for cut in [Cut::Answer, Cut::Message] {
        for left in 0..5 {
            let world = World::new();
            let pool = split(&world);
            let names = one_each(&world, &pool);
            for name in &names {
                world.user(&pool, name, json!([]));
            }
            for first in &names {
                world.calls_left(Some((left, cut)));
                let input = json!({
                    "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                    "AuthParameters": { "USERNAME": first, "PASSWORD": PASSWORD },
                });
                let answer = world.call("InitiateAuth", input);
                world.calls_left(None);
                assert!(answer.is_ok() || answer.unwrap_err().status == 500);
            }
            let path = format!("/{}/.well-known/jwks.json", pool.id);
            let jwks: Json = serde_json::from_slice(&world.get(&path).body).unwrap();
            let known: Vec<&str> =
                jwks["keys"].as_array().unwrap().iter().filter_map(|k| k["kid"].as_str()).collect();
            assert_eq!(known.len(), 2, "{left} {cut:?}");
            for name in &names {
                let token = world.sign_in(&pool, name)["AccessToken"].take();
                let _ = world.ok("GetUser", json!({ "AccessToken": token }));
                assert!(known.contains(&kid(&token).as_str()), "{left} {cut:?} {name}");
            }
        }
    }
}

/// The id of the key that signed a token.
fn kid(token: &Json) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let head = token.as_str().unwrap().split('.').next().unwrap();
    let head: Json = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    head["kid"].as_str().unwrap().into()
}

#[test]
fn a_pool_whose_deletion_was_cut_short_is_deleted_when_it_is_asked_for_again() {
    for cut in [Cut::Answer, Cut::Message] {
        for left in 0..4 {
            let world = World::new();
            let pool = split(&world);
            for name in one_each(&world, &pool) {
                let address = format!("{name}@example.com");
                let _ = world.ok("AdminCreateUser", creation(&pool, &name, &address));
            }
            world.calls_left(Some((left, cut)));
            let _ = world.call("DeleteUserPool", json!({ "UserPoolId": pool.id }));
            world.calls_left(None);
            world.advance_s(60);
            let _ = world.call("DeleteUserPool", json!({ "UserPoolId": pool.id }));
            assert!(world.pool_records(&pool.id).is_empty(), "{left} {cut:?}");
            let listed = world.ok("ListUserPools", json!({ "MaxResults": 9 }));
            assert_eq!(listed["UserPools"], json!([]), "{left} {cut:?}");
        }
    }
}

#[test]
fn who_comes_while_the_pool_goes_leaves_nothing_behind() {
    let mut waited = 0;
    for n in 0..4 {
        let world = World::new();
        let pool = split(&world);
        let name = &one_each(&world, &pool)[n];
        // Its first question is asked when the pool is gone.
        let Ok(waiting) = world.begin("AdminCreateUser", &creation(&pool, name, ADDRESS)) else {
            continue;
        };
        waited += 1;
        let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(world.resume(waiting).unwrap_err().code, "ResourceNotFoundException");
        let left = world.pool_records(&pool.id);
        assert!(left.is_empty(), "{name}: {:?}", left.keys());
    }
    assert_eq!(waited, 3);
    for n in 0..4 {
        let world = World::new();
        let pool = split(&world);
        let name = &one_each(&world, &pool)[n];
        let Ok(deletion) = world.begin("DeleteUserPool", &json!({ "UserPoolId": pool.id })) else {
            panic!("a deletion asks other places");
        };
        let _ = world.call("AdminCreateUser", creation(&pool, name, ADDRESS));
        world.resume(deletion).unwrap();
        let left = world.pool_records(&pool.id);
        assert!(left.is_empty(), "{name}: {:?}", left.keys());
    }
}

#[test]
fn a_rate_holds_at_every_place() {
    let world = World::new();
    let pool = split(&world);
    let names = one_each(&world, &pool);
    for name in &names {
        let _ = world.ok("AdminCreateUser", creation(&pool, name, &format!("{name}@example.com")));
    }
    let limit = json!({
        "LimitDefinition": {
            "LimitClass": "API_CATEGORY", "Attributes": { "Category": "UserRead" },
        },
        "RequestedLimitValue": 1,
    });
    let _ = world.ok("UpdateProvisionedLimit", limit);
    world.advance_s(5);
    for name in &names {
        let _ = world.ok("AdminGetUser", named(&pool, name));
        let failure = world.fails("AdminGetUser", named(&pool, name));
        assert_eq!(failure.code, "TooManyRequestsException", "{name}");
    }
    world.advance_s(5);
    // By an alias, a call is counted once.
    for name in &names {
        let _ = world.ok("AdminGetUser", named(&pool, &format!("{name}@example.com")));
        world.advance_s(5);
    }
}
