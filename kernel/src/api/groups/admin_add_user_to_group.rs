//! `AdminAddUserToGroup`: puts a user into a group.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html>

use crate::{directory, prelude::*};

operation!(AdminAddUserToGroup, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    GroupName group_name: GroupName,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    let group = cx.group(input.group_name.as_str())?;
    directory::join(cx, &pool, user, &group)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec::Vec};

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{TestPool, World, claims},
    };

    fn world_with(groups: &[&str]) -> (World, TestPool) {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
        let email = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ]);
        world.user(&pool, "ann", email);
        for group in groups {
            let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": group }));
        }
        (world, pool)
    }

    fn membership(pool: &TestPool, user: &str, group: &str) -> Json {
        json!({ "UserPoolId": pool.id, "Username": user, "GroupName": group })
    }

    fn groups(world: &World, pool: &TestPool) -> Vec<String> {
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let listed = world.ok("AdminListGroupsForUser", input);
        let groups = listed["Groups"].as_array().unwrap();
        groups.iter().map(|group| group["GroupName"].as_str().unwrap().into()).collect()
    }

    #[test]
    fn a_member_is_seen_from_both_sides() {
        let (world, pool) = world_with(&["readers"]);
        assert_eq!(world.ok("AdminAddUserToGroup", membership(&pool, "ann", "readers")), json!({}));
        assert_eq!(groups(&world, &pool), ["readers"]);
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        assert_eq!(world.ok("ListUsersInGroup", group)["Users"][0]["Username"], "ann");
    }

    #[test]
    fn a_user_may_be_named_by_alias_or_sub() {
        let (world, pool) = world_with(&["a", "b"]);
        let user = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        let attributes = user["UserAttributes"].as_array().unwrap();
        let sub = attributes.iter().find(|one| one["Name"] == "sub").unwrap();
        let sub = sub["Value"].as_str().unwrap();
        let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann@example.com", "a"));
        let _ = world.ok("AdminAddUserToGroup", membership(&pool, sub, "b"));
        assert_eq!(groups(&world, &pool), ["a", "b"]);
    }

    #[test]
    fn who_is_in_stays_in() {
        let (world, pool) = world_with(&["readers"]);
        for _ in 0..2 {
            let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann", "readers"));
        }
        assert_eq!(groups(&world, &pool), ["readers"]);
    }

    #[test]
    fn the_next_tokens_name_the_groups_and_the_best_role() {
        let (world, pool) = world_with(&[]);
        let role = |name: &str| std::format!("arn:aws:iam::123456789012:role/{name}");
        for (name, role, precedence) in [
            ("writers", Some(role("writer")), Some(2)),
            ("admins", Some(role("admin")), Some(1)),
            ("guests", None, None),
        ] {
            let _ = world.ok(
                "CreateGroup",
                json!({
                    "UserPoolId": pool.id, "GroupName": name,
                    "RoleArn": role, "Precedence": precedence,
                }),
            );
            let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann", name));
        }
        let tokens = world.sign_in(&pool, "ann");
        let id = claims(&tokens["IdToken"]);
        assert_eq!(id["cognito:groups"], json!(["admins", "writers", "guests"]));
        assert_eq!(id["cognito:roles"], json!([role("admin"), role("writer")]));
        assert_eq!(id["cognito:preferred_role"], role("admin"));
        let access = claims(&tokens["AccessToken"]);
        assert_eq!(access["cognito:groups"], json!(["admins", "writers", "guests"]));
        assert!(access.get("cognito:roles").is_none());
    }

    #[test]
    fn a_hundred_groups_are_enough_and_deleted_ones_do_not_count() {
        let names: Vec<String> = (0..102).map(|n| std::format!("g{n:03}")).collect();
        let (world, pool) = world_with(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for name in &names[..100] {
            let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann", name));
        }
        let failure = world.fails("AdminAddUserToGroup", membership(&pool, "ann", &names[100]));
        assert_eq!(failure.code, "InvalidParameterException");
        let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann", &names[99]));
        let _ = world.ok("DeleteGroup", json!({ "UserPoolId": pool.id, "GroupName": names[0] }));
        let _ = world.ok("AdminAddUserToGroup", membership(&pool, "ann", &names[100]));
        let _ = world.fails("AdminAddUserToGroup", membership(&pool, "ann", &names[101]));
    }

    #[test]
    fn nobody_joins_an_unknown_group_and_no_unknown_user_joins() {
        let (world, pool) = world_with(&["readers"]);
        let failure = world.fails("AdminAddUserToGroup", membership(&pool, "ann", "writers"));
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "Group not found.");
        let failure = world.fails("AdminAddUserToGroup", membership(&pool, "bob", "readers"));
        assert_eq!(failure.code, "UserNotFoundException");
        assert_eq!(failure.message, "User does not exist.");
    }
}
