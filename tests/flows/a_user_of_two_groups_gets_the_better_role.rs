//! Which role does a user of several groups prefer, and when does a change of groups show?

use kernel::testing::{TestPool, World, claims};
use serde_json::{Value as Json, json};

fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

fn join(world: &World, pool: &TestPool, group: &str, role: Option<&str>, precedence: Option<u32>) {
    let _ = world.ok(
        "CreateGroup",
        json!({
            "UserPoolId": pool.id, "GroupName": group,
            "RoleArn": role.map(self::role), "Precedence": precedence,
        }),
    );
    let _ = world.ok("AdminAddUserToGroup", membership(pool, group));
}

fn membership(pool: &TestPool, group: &str) -> Json {
    json!({ "UserPoolId": pool.id, "Username": "ann", "GroupName": group })
}

/// The claims of Ann's next ID token when her groups have those roles and precedences.
fn claims_in(groups: &[(Option<&str>, Option<u32>)]) -> Json {
    let world = World::new();
    let pool = world.pool(json!({}));
    world.user(&pool, "ann", json!([]));
    for (n, (role, precedence)) in groups.iter().enumerate() {
        join(&world, &pool, &format!("g{n}"), *role, *precedence);
    }
    claims(&world.sign_in(&pool, "ann")["IdToken"])
}

#[test]
fn the_lower_precedence_is_the_better_one() {
    let claims = claims_in(&[(Some("a"), Some(5)), (Some("b"), Some(0))]);
    assert_eq!(claims["cognito:preferred_role"], role("b"));
    assert_eq!(claims["cognito:roles"], json!([role("b"), role("a")]));
    assert_eq!(claims["cognito:groups"], json!(["g1", "g0"]));
}

#[test]
fn no_precedence_is_worse_than_any() {
    let claims = claims_in(&[(Some("a"), None), (Some("b"), Some(u32::MAX >> 1))]);
    assert_eq!(claims["cognito:preferred_role"], role("b"));
}

#[test]
fn two_roles_of_equal_precedence_leave_none_preferred() {
    let claims = claims_in(&[(Some("a"), Some(1)), (Some("b"), Some(1)), (Some("c"), Some(2))]);
    assert!(claims.get("cognito:preferred_role").is_none());
    assert_eq!(claims["cognito:roles"].as_array().unwrap().len(), 3);
}

#[test]
fn two_groups_that_agree_on_a_role_prefer_it() {
    let claims = claims_in(&[(Some("a"), Some(1)), (Some("a"), Some(1)), (Some("b"), Some(2))]);
    assert_eq!(claims["cognito:preferred_role"], role("a"));
}

#[test]
fn the_only_role_is_preferred_whichever_group_has_it() {
    let claims = claims_in(&[(None, Some(0)), (Some("a"), None)]);
    assert_eq!(claims["cognito:preferred_role"], role("a"));
}

#[test]
fn without_roles_or_groups_the_claims_are_absent() {
    let claims = claims_in(&[(None, Some(0))]);
    assert_eq!(claims["cognito:groups"], json!(["g0"]));
    assert!(claims.get("cognito:roles").is_none());
    assert!(claims.get("cognito:preferred_role").is_none());
    assert!(claims_in(&[]).get("cognito:groups").is_none());
}

#[test]
fn a_refresh_shows_what_has_changed_since_the_sign_in() {
    let world = World::new();
    let pool = world.pool(json!({}));
    world.user(&pool, "ann", json!([]));
    join(&world, &pool, "guests", Some("guest"), Some(9));
    let tokens = world.sign_in(&pool, "ann");
    join(&world, &pool, "admins", Some("admin"), Some(1));
    let refreshed = |pool: &TestPool| {
        let result = world.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client,
                "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] },
            }),
        );
        claims(&result["AuthenticationResult"]["IdToken"])
    };
    let promoted = refreshed(&pool);
    assert_eq!(promoted["cognito:groups"], json!(["admins", "guests"]));
    assert_eq!(promoted["cognito:preferred_role"], role("admin"));
    let _ = world.ok("AdminRemoveUserFromGroup", membership(&pool, "admins"));
    let demoted = refreshed(&pool);
    assert_eq!(demoted["cognito:groups"], json!(["guests"]));
    assert_eq!(demoted["cognito:preferred_role"], role("guest"));
}
