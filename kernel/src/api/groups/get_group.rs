//! `GetGroup`: tells all about a group.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html>

use crate::prelude::*;

operation!(GetGroup, Iam, reach Pool, now, adds []);

shape! { Input {
    GroupName group_name: GroupName,
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    Group group: Option<GroupType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let group = cx.group(input.group_name.as_str())?;
    Ok(Output { group: Some(group.described(&pool.id)) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_group_is_shown_as_it_was_made() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let made = world.ok(
            "CreateGroup",
            json!({
                "UserPoolId": pool.id, "GroupName": "readers", "Precedence": 3,
                "RoleArn": "arn:aws:iam::123456789012:role/reader", "Description": "They read",
            }),
        );
        world.advance_s(60);
        let read = world.ok("GetGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        assert_eq!(read, made);
    }

    #[test]
    fn an_unknown_group_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let failure =
            world.fails("GetGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "Group not found.");
    }

    #[test]
    fn a_group_of_another_pool_is_not_found() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        let failure =
            world.fails("GetGroup", json!({ "UserPoolId": other.id, "GroupName": "readers" }));
        assert_eq!(failure.message, "Group not found.");
    }
}
