//! `ListGroups`: lists the groups of a user pool, by name.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html>

use crate::{
    model::group::Group,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(ListGroups, Iam, reach Pool, now, adds []);

shape! { Input {
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
    let token = input.next_token.as_ref().map(Text::as_str);
    let size = page_size(input.limit.map(Bounded::get));
    let (groups, next) = page::<Group>(cx, keys::GROUPS, token, size)?;
    Ok(Output {
        groups: Some(groups.iter().map(|group| group.described(&pool.id)).collect()),
        next_token: next.map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec, vec::Vec};

    use serde_json::json;

    use crate::{
        shape::Json,
        testing::{TestPool, World},
    };

    fn world_with_groups(names: &[&str]) -> (World, TestPool) {
        let world = World::new();
        let pool = world.pool(json!({}));
        for name in names {
            let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": name }));
        }
        (world, pool)
    }

    fn names(page: &Json) -> Vec<String> {
        let groups = page["Groups"].as_array().unwrap();
        groups.iter().map(|group| group["GroupName"].as_str().unwrap().into()).collect()
    }

    #[test]
    fn a_pool_without_groups_lists_none() {
        let (world, pool) = world_with_groups(&[]);
        assert_eq!(
            world.ok("ListGroups", json!({ "UserPoolId": pool.id })),
            json!({ "Groups": [] })
        );
    }

    #[test]
    fn groups_are_listed_in_full() {
        let (world, pool) = world_with_groups(&["a"]);
        let listed = world.ok("ListGroups", json!({ "UserPoolId": pool.id }));
        let read = world.ok("GetGroup", json!({ "UserPoolId": pool.id, "GroupName": "a" }));
        assert_eq!(listed["Groups"][0], read["Group"]);
    }

    #[test]
    fn every_group_is_on_one_page_and_the_last_page_has_no_token() {
        let (world, pool) = world_with_groups(&["e", "b", "d/1", "a", "c"]);
        let (mut pages, mut token) = (Vec::new(), Json::Null);
        loop {
            let page = world
                .ok("ListGroups", json!({ "UserPoolId": pool.id, "Limit": 2, "NextToken": token }));
            pages.push(names(&page));
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(pages, [vec!["a", "b"], vec!["c", "d/1"], vec!["e"]]);
    }

    #[test]
    fn a_page_that_is_just_full_has_no_token() {
        let (world, pool) = world_with_groups(&["a", "b"]);
        let page = world.ok("ListGroups", json!({ "UserPoolId": pool.id, "Limit": 2 }));
        assert!(page.get("NextToken").is_none());
    }

    #[test]
    fn no_limit_and_0_give_sixty() {
        let all: Vec<String> = (0..61).map(|n| std::format!("g{n:02}")).collect();
        let (world, pool) = world_with_groups(&all.iter().map(String::as_str).collect::<Vec<_>>());
        for limit in [Json::Null, json!(0), json!(60)] {
            let page = world.ok("ListGroups", json!({ "UserPoolId": pool.id, "Limit": limit }));
            assert_eq!(names(&page), all[..60]);
        }
        let failure = world.fails("ListGroups", json!({ "UserPoolId": pool.id, "Limit": 61 }));
        assert_eq!(failure.code, "InvalidParameterException");
    }

    #[test]
    fn writes_between_two_pages_neither_repeat_nor_hide_what_stands() {
        let (world, pool) = world_with_groups(&["b", "d", "f", "h"]);
        let first = world.ok("ListGroups", json!({ "UserPoolId": pool.id, "Limit": 2 }));
        assert_eq!(names(&first), ["b", "d"]);
        let _ = world.ok("DeleteGroup", json!({ "UserPoolId": pool.id, "GroupName": "d" }));
        for name in ["a", "c", "e"] {
            let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": name }));
        }
        let rest = world
            .ok("ListGroups", json!({ "UserPoolId": pool.id, "NextToken": first["NextToken"] }));
        assert_eq!(names(&rest), ["e", "f", "h"]);
    }

    #[test]
    fn a_token_that_is_none_or_of_another_pool_is_refused() {
        let (world, pool) = world_with_groups(&["a", "b", "c"]);
        let page = world.ok("ListGroups", json!({ "UserPoolId": pool.id, "Limit": 1 }));
        let token = page["NextToken"].as_str().unwrap();
        let other = world.pool(json!({}));
        for (pool, token) in
            [(&pool, "not-a-token"), (&pool, &token[..token.len() - 4]), (&other, token)]
        {
            let input = json!({ "UserPoolId": pool.id, "NextToken": token });
            let failure = world.fails("ListGroups", input);
            assert_eq!(failure.code, "InvalidParameterException", "{token}");
            assert_eq!(failure.message, "Invalid pagination token");
        }
    }
}
