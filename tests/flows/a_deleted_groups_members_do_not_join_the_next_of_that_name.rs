//! A group that takes a deleted one's name begins without members, and without their power.

use kernel::testing::{TestPool, World, claims};
use serde_json::{Value as Json, json};

fn group(pool: &TestPool) -> Json {
    json!({ "UserPoolId": pool.id, "GroupName": "admins" })
}

fn membership(pool: &TestPool, user: &str) -> Json {
    json!({ "UserPoolId": pool.id, "GroupName": "admins", "Username": user })
}

fn members(world: &World, pool: &TestPool) -> Vec<String> {
    let listed = world.ok("ListUsersInGroup", group(pool));
    let users = listed["Users"].as_array().unwrap().iter();
    users.map(|user| user["Username"].as_str().unwrap().into()).collect()
}

/// Ann and Bob were in `admins`, which was deleted and made anew.
fn world_after_a_deleted_group() -> (World, TestPool, Json) {
    let world = World::new();
    let pool = world.pool(json!({}));
    let _ = world.ok("CreateGroup", group(&pool));
    for user in ["ann", "bob"] {
        world.user(&pool, user, json!([]));
        let _ = world.ok("AdminAddUserToGroup", membership(&pool, user));
    }
    let tokens = world.sign_in(&pool, "ann");
    assert_eq!(claims(&tokens["IdToken"])["cognito:groups"], json!(["admins"]));
    let _ = world.ok("DeleteGroup", group(&pool));
    let _ = world.ok("CreateGroup", group(&pool));
    (world, pool, tokens)
}

#[test]
fn neither_list_shows_them() {
    let (world, pool, _) = world_after_a_deleted_group();
    assert!(members(&world, &pool).is_empty());
    let user = json!({ "UserPoolId": pool.id, "Username": "ann" });
    assert_eq!(world.ok("AdminListGroupsForUser", user)["Groups"], json!([]));
}

#[test]
fn neither_a_sign_in_nor_a_refresh_names_the_group() {
    let (world, pool, tokens) = world_after_a_deleted_group();
    let refreshed = world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client,
            "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] },
        }),
    );
    for result in [&refreshed["AuthenticationResult"], &world.sign_in(&pool, "ann")] {
        for token in ["IdToken", "AccessToken"] {
            assert!(claims(&result[token]).get("cognito:groups").is_none(), "{token}");
        }
    }
}

#[test]
fn who_joins_the_new_group_is_in_it_alone() {
    let (world, pool, _) = world_after_a_deleted_group();
    let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann"));
    assert_eq!(members(&world, &pool), ["ann"]);
    let tokens = world.sign_in(&pool, "ann");
    assert_eq!(claims(&tokens["IdToken"])["cognito:groups"], json!(["admins"]));
    let tokens = world.sign_in(&pool, "bob");
    assert!(claims(&tokens["IdToken"]).get("cognito:groups").is_none());
}

#[test]
fn who_was_in_the_old_group_can_leave_the_new_one_without_harm() {
    let (world, pool, _) = world_after_a_deleted_group();
    let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann"));
    let _ = world.ok("AdminRemoveUserFromGroup", membership(&pool, "bob"));
    assert_eq!(members(&world, &pool), ["ann"]);
    let _ = world.ok("AdminRemoveUserFromGroup", membership(&pool, "ann"));
    assert!(members(&world, &pool).is_empty());
}
