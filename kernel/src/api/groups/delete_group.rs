//! `DeleteGroup`: removes a group, whoever is in it.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html>

use crate::{directory, prelude::*};

operation!(DeleteGroup, Iam, reach Pool, now, adds []);

shape! { Input {
    GroupName group_name: GroupName,
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let group = cx.group(input.group_name.as_str())?;
    directory::disband(cx, group)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{TestPool, World};

    fn world_with_a_member() -> (World, TestPool) {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        let _ = world.ok("CreateGroup", group);
        let _ = world.ok(
            "AdminAddUserToGroup",
            json!({ "UserPoolId": pool.id, "GroupName": "readers", "Username": "ann" }),
        );
        (world, pool)
    }

    #[test]
    fn a_deleted_group_is_not_found_and_its_members_are_in_none() {
        let (world, pool) = world_with_a_member();
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        assert_eq!(world.ok("DeleteGroup", group.clone()), json!({}));
        for operation in ["GetGroup", "DeleteGroup", "ListUsersInGroup"] {
            assert_eq!(world.fails(operation, group.clone()).message, "Group not found.");
        }
        let user = json!({ "UserPoolId": pool.id, "Username": "ann" });
        assert_eq!(world.ok("AdminListGroupsForUser", user)["Groups"], json!([]));
    }

    #[test]
    fn a_new_group_of_the_same_name_begins_empty() {
        let (world, pool) = world_with_a_member();
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        let _ = world.ok("DeleteGroup", group.clone());
        let _ = world.ok("CreateGroup", group.clone());
        assert_eq!(world.ok("ListUsersInGroup", group)["Users"], json!([]));
        let user = json!({ "UserPoolId": pool.id, "Username": "ann" });
        assert_eq!(world.ok("AdminListGroupsForUser", user)["Groups"], json!([]));
    }

    #[test]
    fn no_record_of_a_deleted_group_is_left() {
        let (world, pool) = world_with_a_member();
        let records = || world.pool_records(&pool.id);
        let before = records();
        let _ = world.ok("DeleteGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        // At each place the group, and at one the member.
        let is_gone = |key: &str| key.starts_with("group/") || key.starts_with("member/");
        assert!(before.keys().filter(|(_, key)| is_gone(key)).count() >= 2);
        assert!(records().keys().all(|(_, key)| !is_gone(key)));
    }
}
