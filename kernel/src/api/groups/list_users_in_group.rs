//! `ListUsersInGroup`: lists the users who are in a group, by username.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html>

use crate::{
    directory,
    prelude::*,
    store::{keys, last_of_page, page_size, page_token},
};

operation!(ListUsersInGroup, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    GroupName group_name: GroupName,
    Limit limit: Option<QueryLimit>,
    NextToken next_token: Option<PaginationKey>,
} }

shape! { Output {
    Users users: Option<Vec<UserType>>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let group = cx.group(input.group_name.as_str())?;
    let token = input.next_token.as_ref().map(Text::as_str);
    let size = page_size(input.limit.map(Bounded::get));
    let list = keys::members(&group.id);
    let last = token.map(|token| last_of_page(cx, &list, token)).transpose()?;
    let mut members = directory::members(cx, &group.id, (last, size + 1))?;
    let is_last = members.len() <= size;
    members.truncate(size);
    let last = members.last().filter(|_| !is_last);
    let next = last.map(|last| page_token(cx, &list, &last.key)).transpose()?;
    let users = members.iter().map(|member| member.user.described()).collect();
    Ok(Output { users: Some(users), next_token: next.map(Into::into) })
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec::Vec};

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{TestPool, World},
    };

    fn world_with_members(names: &[&str]) -> (World, TestPool) {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        for name in names {
            world.user(&pool, name, json!([{ "Name": "email", "Value": "a@example.com" }]));
            let _ = world.ok(
                "AdminAddUserToGroup",
                json!({ "UserPoolId": pool.id, "Username": name, "GroupName": "readers" }),
            );
        }
        (world, pool)
    }

    fn page(pool: &TestPool, token: &Json) -> Json {
        json!({ "UserPoolId": pool.id, "GroupName": "readers", "Limit": 2, "NextToken": token })
    }

    fn names(page: &Json) -> Vec<String> {
        let users = page["Users"].as_array().unwrap();
        users.iter().map(|user| user["Username"].as_str().unwrap().into()).collect()
    }

    #[test]
    fn members_are_listed_page_by_page() {
        let (world, pool) = world_with_members(&["cid", "ann", "b/ob"]);
        let first = world.ok("ListUsersInGroup", page(&pool, &Json::Null));
        assert_eq!(names(&first), ["ann", "b/ob"]);
        let second = world.ok("ListUsersInGroup", page(&pool, &first["NextToken"]));
        assert_eq!(names(&second), ["cid"]);
        assert!(second.get("NextToken").is_none());
    }

    #[test]
    fn members_are_shown_as_users_are_listed() {
        let (world, pool) = world_with_members(&["ann"]);
        let listed = world.ok("ListUsersInGroup", page(&pool, &Json::Null));
        let user = &listed["Users"][0];
        let read = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(user["Attributes"], read["UserAttributes"]);
        for member in ["UserStatus", "Enabled", "UserCreateDate", "UserLastModifiedDate"] {
            assert_eq!(user[member], read[member], "{member}");
            assert!(!user[member].is_null(), "{member}");
        }
    }

    #[test]
    fn who_leaves_between_two_pages_does_not_shift_the_rest() {
        let (world, pool) = world_with_members(&["ann", "bob", "cid", "dan"]);
        let first = world.ok("ListUsersInGroup", page(&pool, &Json::Null));
        let _ = world.ok(
            "AdminRemoveUserFromGroup",
            json!({ "UserPoolId": pool.id, "Username": "bob", "GroupName": "readers" }),
        );
        let second = world.ok("ListUsersInGroup", page(&pool, &first["NextToken"]));
        assert_eq!(names(&second), ["cid", "dan"]);
    }

    #[test]
    fn a_deleted_user_is_in_no_group() {
        let (world, pool) = world_with_members(&["ann", "bob"]);
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(names(&world.ok("ListUsersInGroup", page(&pool, &Json::Null))), ["bob"]);
        world.user(&pool, "ann", json!([]));
        assert_eq!(names(&world.ok("ListUsersInGroup", page(&pool, &Json::Null))), ["bob"]);
    }

    #[test]
    fn a_token_of_another_group_is_refused() {
        let (world, pool) = world_with_members(&["ann", "bob", "cid"]);
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "writers" }));
        let first = world.ok("ListUsersInGroup", page(&pool, &Json::Null));
        let input = json!({
            "UserPoolId": pool.id, "GroupName": "writers", "NextToken": first["NextToken"],
        });
        let failure = world.fails("ListUsersInGroup", input);
        assert_eq!(failure.code, "InvalidParameterException");
    }

    #[test]
    fn an_unknown_group_is_not_found() {
        let (world, pool) = world_with_members(&[]);
        let failure = world
            .fails("ListUsersInGroup", json!({ "UserPoolId": pool.id, "GroupName": "writers" }));
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "Group not found.");
    }
}
