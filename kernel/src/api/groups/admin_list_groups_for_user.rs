//! `AdminListGroupsForUser`: lists the groups that a user is in, by name.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html>

use crate::{
    directory,
    prelude::*,
    store::{last_of_page, page_size, page_token},
};

operation!(AdminListGroupsForUser, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    Username username: Username,
    UserPoolId user_pool_id: UserPoolId,
    Limit limit: Option<QueryLimit>,
    NextToken next_token: Option<PaginationKey>,
} }

shape! { Output {
    Groups groups: Option<Vec<GroupType>>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let user = directory::known(cx, &pool, input.username.as_str())?;
    let list = alloc::format!("groups of {}", user.sub);
    let token = input.next_token.as_ref().map(Text::as_str);
    let last = token.map(|token| last_of_page(cx, &list, token)).transpose()?;

    let mut groups = directory::groups_of(cx, &user)?;
    groups.retain(|group| last.as_ref().is_none_or(|last| group.name > *last));
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    let size = page_size(input.limit.map(Bounded::get));
    let has_more = groups.len() > size;
    groups.truncate(size);
    let last = groups.last().filter(|_| has_more);
    let next = last.map(|last| page_token(cx, &list, &last.name)).transpose()?;
    Ok(Output {
        groups: Some(groups.iter().map(|group| group.described(&pool.id)).collect()),
        next_token: next.map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec::Vec};

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{TestPool, World},
    };

    fn world_with_a_member_of(groups: &[&str]) -> (World, TestPool) {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        for group in groups {
            join(&world, &pool, group);
        }
        (world, pool)
    }

    fn join(world: &World, pool: &TestPool, group: &str) {
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": group }));
        let _ = world.ok(
            "AdminAddUserToGroup",
            json!({ "UserPoolId": pool.id, "Username": "ann", "GroupName": group }),
        );
    }

    fn page(pool: &TestPool, token: &Json) -> Json {
        json!({ "UserPoolId": pool.id, "Username": "ann", "Limit": 2, "NextToken": token })
    }

    fn names(page: &Json) -> Vec<String> {
        let groups = page["Groups"].as_array().unwrap();
        groups.iter().map(|group| group["GroupName"].as_str().unwrap().into()).collect()
    }

    #[test]
    fn groups_are_listed_by_name_page_by_page() {
        let (world, pool) = world_with_a_member_of(&["c", "a", "b"]);
        let first = world.ok("AdminListGroupsForUser", page(&pool, &Json::Null));
        assert_eq!(names(&first), ["a", "b"]);
        let second = world.ok("AdminListGroupsForUser", page(&pool, &first["NextToken"]));
        assert_eq!(names(&second), ["c"]);
        assert!(second.get("NextToken").is_none());
    }

    #[test]
    fn groups_are_shown_in_full() {
        let (world, pool) = world_with_a_member_of(&["a"]);
        let listed = world.ok("AdminListGroupsForUser", page(&pool, &Json::Null));
        let read = world.ok("GetGroup", json!({ "UserPoolId": pool.id, "GroupName": "a" }));
        assert_eq!(listed["Groups"], json!([read["Group"]]));
    }

    #[test]
    fn groups_that_are_joined_or_left_between_two_pages_do_not_shift_the_rest() {
        let (world, pool) = world_with_a_member_of(&["b", "d", "f"]);
        let first = world.ok("AdminListGroupsForUser", page(&pool, &Json::Null));
        assert_eq!(names(&first), ["b", "d"]);
        let _ = world.ok(
            "AdminRemoveUserFromGroup",
            json!({ "UserPoolId": pool.id, "Username": "ann", "GroupName": "d" }),
        );
        join(&world, &pool, "a");
        let second = world.ok("AdminListGroupsForUser", page(&pool, &first["NextToken"]));
        assert_eq!(names(&second), ["f"]);
    }

    #[test]
    fn a_token_of_another_user_or_list_is_refused() {
        let (world, pool) = world_with_a_member_of(&["a", "b", "c"]);
        world.user(&pool, "bob", json!([]));
        let token = world.ok("AdminListGroupsForUser", page(&pool, &Json::Null));
        let token = &token["NextToken"];
        let of_bob = json!({ "UserPoolId": pool.id, "Username": "bob", "NextToken": token });
        let failure = world.fails("AdminListGroupsForUser", of_bob);
        assert_eq!(failure.code, "InvalidParameterException");
        let of_pool = json!({ "UserPoolId": pool.id, "NextToken": token });
        let failure = world.fails("ListGroups", of_pool);
        assert_eq!(failure.code, "InvalidParameterException");
        let failure = world.fails("AdminListGroupsForUser", page(&pool, &json!("nothing")));
        assert_eq!(failure.code, "InvalidParameterException");
    }

    #[test]
    fn an_unknown_user_is_not_found() {
        let (world, pool) = world_with_a_member_of(&[]);
        let failure = world
            .fails("AdminListGroupsForUser", json!({ "UserPoolId": pool.id, "Username": "bob" }));
        assert_eq!(failure.code, "UserNotFoundException");
    }
}
