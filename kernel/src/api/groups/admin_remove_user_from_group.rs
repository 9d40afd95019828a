//! `AdminRemoveUserFromGroup`: takes a user out of a group.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html>

use crate::{directory, prelude::*};

operation!(AdminRemoveUserFromGroup, Iam, reach Pool, now, adds [UserNotFound]);

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
    directory::leave(cx, &pool, user, &group)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{TestPool, World, claims},
    };

    fn world_with_a_member_of(groups: &[&str]) -> (World, TestPool) {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        for group in groups {
            let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": group }));
            let _ = world.ok("AdminAddUserToGroup", membership(&pool, group));
        }
        (world, pool)
    }

    fn membership(pool: &TestPool, group: &str) -> Json {
        json!({ "UserPoolId": pool.id, "Username": "ann", "GroupName": group })
    }

    #[test]
    fn who_left_is_gone_from_both_sides_and_stays_in_other_groups() {
        let (world, pool) = world_with_a_member_of(&["readers", "writers"]);
        let answer = world.ok("AdminRemoveUserFromGroup", membership(&pool, "readers"));
        assert_eq!(answer, json!({}));
        let user = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let groups = world.ok("AdminListGroupsForUser", user);
        assert_eq!(groups["Groups"].as_array().unwrap().len(), 1);
        assert_eq!(groups["Groups"][0]["GroupName"], "writers");
        for (group, members) in [("readers", 0), ("writers", 1)] {
            let group = json!({ "UserPoolId": pool.id, "GroupName": group });
            let users = world.ok("ListUsersInGroup", group);
            assert_eq!(users["Users"].as_array().unwrap().len(), members);
        }
    }

    #[test]
    fn the_next_tokens_do_not_name_a_group_that_was_left() {
        let (world, pool) = world_with_a_member_of(&["readers"]);
        let before = claims(&world.sign_in(&pool, "ann")["IdToken"]);
        assert_eq!(before["cognito:groups"], json!(["readers"]));
        let _ = world.ok("AdminRemoveUserFromGroup", membership(&pool, "readers"));
        let after = claims(&world.sign_in(&pool, "ann")["IdToken"]);
        assert!(after.get("cognito:groups").is_none());
    }

    #[test]
    fn who_is_not_in_stays_out() {
        let (world, pool) = world_with_a_member_of(&["readers"]);
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "writers" }));
        let answer = world.ok("AdminRemoveUserFromGroup", membership(&pool, "writers"));
        assert_eq!(answer, json!({}));
        let user = json!({ "UserPoolId": pool.id, "Username": "ann" });
        assert_eq!(world.ok("AdminListGroupsForUser", user)["Groups"][0]["GroupName"], "readers");
    }

    #[test]
    fn an_unknown_group_and_an_unknown_user_are_not_found() {
        let (world, pool) = world_with_a_member_of(&["readers"]);
        let failure = world.fails("AdminRemoveUserFromGroup", membership(&pool, "writers"));
        assert_eq!(failure.message, "Group not found.");
        let nobody = json!({ "UserPoolId": pool.id, "Username": "bob", "GroupName": "readers" });
        let failure = world.fails("AdminRemoveUserFromGroup", nobody);
        assert_eq!(failure.code, "UserNotFoundException");
    }
}
