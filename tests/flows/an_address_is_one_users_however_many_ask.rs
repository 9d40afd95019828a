//! Where calls for the same address meet, one of them gets it and the others are told.

use kernel::testing::{Failure, PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

const EMAIL: &str = "both@example.com";

fn code(outcome: Result<Json, Failure>) -> Result<(), String> {
    outcome.map(|_| ()).map_err(|failure| failure.code)
}

fn by_email(world: &World, pool: &TestPool) -> Result<Json, Failure> {
    world.call("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": EMAIL }))
}

#[test]
fn of_two_sign_ups_that_meet_one_is_refused() {
    let world = World::new();
    let pool = world.pool(json!({
        "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
    }));
    let sign_up = json!({ "ClientId": pool.client, "Username": EMAIL, "Password": PASSWORD });
    // The first one stands while its code is on its way.
    let first = world.begin("SignUp", &sign_up).unwrap();
    let second = world.begin("SignUp", &sign_up).unwrap_err();
    assert_eq!(code(second), Err("UsernameExistsException".into()));
    let first = world.resume(first).unwrap();
    assert_eq!(by_email(&world, &pool).unwrap()["Username"], first["UserSub"]);
}

/// Two users who have the same unverified address, by their tokens.
fn rivals(world: &World, pool: &TestPool) -> [Json; 2] {
    ["ann", "bob"].map(|name| {
        world.user(pool, name, json!([{ "Name": "email", "Value": EMAIL }]));
        world.sign_in(pool, name)["AccessToken"].take()
    })
}

fn verify(world: &World, token: &Json, sent: &str) -> Result<(), String> {
    let input = json!({ "AccessToken": token, "AttributeName": "email", "Code": sent });
    code(world.call("VerifyUserAttribute", input))
}

#[test]
fn of_two_who_prove_an_address_while_codes_are_on_their_way_one_gets_it() {
    let world = World::new();
    let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
    let tokens = rivals(&world, &pool);
    let [ann, bob] = tokens.each_ref().map(|token| {
        let ask = json!({ "AccessToken": token, "AttributeName": "email" });
        world.begin("GetUserAttributeVerificationCode", &ask).unwrap()
    });
    world.resume(bob).unwrap();
    let bobs = world.last_code();
    world.resume(ann).unwrap();
    let anns = world.last_code();
    assert_eq!(verify(&world, &tokens[1], &bobs), Ok(()));
    assert_eq!(verify(&world, &tokens[0], &anns), Err("AliasExistsException".into()));
    assert_eq!(by_email(&world, &pool).unwrap()["Username"], "bob");
}

#[test]
fn what_is_verified_while_a_change_waits_is_not_undone_by_it() {
    let world = World::new();
    let pool = world.pool(json!({
        "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
    }));
    let [ann, bob] = rivals(&world, &pool);
    let change = |token: &Json, email: &str| json!({ "AccessToken": token, "UserAttributes": [{ "Name": "email", "Value": email }] });
    // Ann wants another address; before its code goes out, Bob proves the one they share.
    let waiting = world.begin("UpdateUserAttributes", &change(&ann, "ann@example.com")).unwrap();
    let ask = json!({ "AccessToken": bob, "AttributeName": "email" });
    let _ = world.ok("GetUserAttributeVerificationCode", ask);
    assert_eq!(verify(&world, &bob, &world.last_code()), Ok(()));
    world.resume(waiting).unwrap();
    assert_eq!(verify(&world, &ann, &world.last_code()), Ok(()));
    assert_eq!(by_email(&world, &pool).unwrap()["Username"], "bob");
    let anns = json!({ "UserPoolId": pool.id, "Username": "ann@example.com" });
    assert_eq!(world.ok("AdminGetUser", anns)["Username"], "ann");
}

#[test]
fn of_an_administrator_and_a_user_the_first_to_verify_gets_it() {
    let world = World::new();
    let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
    let [ann, _] = rivals(&world, &pool);
    let ask = json!({ "AccessToken": ann, "AttributeName": "email" });
    let _ = world.ok("GetUserAttributeVerificationCode", ask);
    let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
    let vouch = |name: &str| {
        let input = json!({ "UserPoolId": pool.id, "Username": name, "UserAttributes": verified });
        code(world.call("AdminUpdateUserAttributes", input))
    };
    assert_eq!(vouch("bob"), Ok(()));
    assert_eq!(verify(&world, &ann, &world.last_code()), Err("AliasExistsException".into()));
    assert_eq!(vouch("ann"), Err("AliasExistsException".into()));
    assert_eq!(by_email(&world, &pool).unwrap()["Username"], "bob");
}
