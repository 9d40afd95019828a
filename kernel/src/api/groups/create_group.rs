//! `CreateGroup`: adds a group to a user pool.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html>

use crate::{
    crypto::hex,
    model::group::{Group, GroupCount},
    prelude::*,
    store::keys,
};

operation!(CreateGroup, Iam, reach Pool, now, adds [GroupExists, LimitExceeded]);

/// Cognito's own bound.
const GROUPS_MAX: u32 = 10_000;

shape! { Input {
    GroupName group_name: GroupName,
    UserPoolId user_pool_id: UserPoolId,
    Description description: Option<Description>,
    RoleArn role_arn: Option<Arn>,
    Precedence precedence: Option<Precedence>,
} }

shape! { Output {
    Group group: Option<GroupType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let key = keys::group(input.group_name.as_str());
    if cx.has(&key)? {
        return Err(Code::GroupExists.into());
    }
    let groups = cx.get::<GroupCount>(keys::GROUP_COUNT)?.map_or(0, |count| count.groups);
    if groups >= GROUPS_MAX {
        let message = alloc::format!("A user pool can have {GROUPS_MAX} groups at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    let group = Group {
        name: input.group_name.into_string(),
        id: hex(&cx.random.bytes::<12>()),
        description: input.description.map(Text::into_string),
        role_arn: input.role_arn.map(Text::into_string),
        precedence: input.precedence.map(Bounded::get),
        created_ms: cx.now_ms(),
        modified_ms: cx.now_ms(),
    };
    cx.put(&key, &group)?;
    cx.put(keys::GROUP_COUNT, &GroupCount { groups: groups + 1 })?;
    Ok(Output { group: Some(group.described(&pool.id)) })
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use serde_json::json;

    use super::{GROUPS_MAX, GroupCount, keys};
    use crate::{Place, PoolKey, Write, store::encode, testing::World};

    #[test]
    fn a_new_group_is_shown_with_all_that_it_was_given() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let made = world.ok(
            "CreateGroup",
            json!({
                "UserPoolId": pool.id, "GroupName": "readers/north", "Description": "They read",
                "RoleArn": "arn:aws:iam::123456789012:role/reader", "Precedence": 7,
            }),
        );
        let now_s = 1_795_000_000.0;
        assert_eq!(
            made["Group"],
            json!({
                "UserPoolId": pool.id, "GroupName": "readers/north", "Description": "They read",
                "RoleArn": "arn:aws:iam::123456789012:role/reader", "Precedence": 7,
                "CreationDate": now_s, "LastModifiedDate": now_s,
            })
        );
    }

    #[test]
    fn what_is_not_given_is_not_shown() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let made = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "plain" }));
        for absent in ["Description", "RoleArn", "Precedence"] {
            assert!(made["Group"].get(absent).is_none(), "{absent}");
        }
    }

    #[test]
    fn a_name_is_taken_once_and_case_tells_names_apart() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        let failure =
            world.fails("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        assert_eq!(failure.code, "GroupExistsException");
        assert_eq!(failure.message, "A group with the name already exists.");
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "Readers" }));
    }

    #[test]
    fn a_negative_precedence_is_refused() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let failure = world.fails(
            "CreateGroup",
            json!({ "UserPoolId": pool.id, "GroupName": "readers", "Precedence": -1 }),
        );
        assert_eq!(failure.code, "InvalidParameterException");
        let _ = world.ok(
            "CreateGroup",
            json!({ "UserPoolId": pool.id, "GroupName": "readers", "Precedence": 0 }),
        );
    }

    #[test]
    fn an_unknown_pool_has_no_groups() {
        let world = World::new();
        let failure = world.fails(
            "CreateGroup",
            json!({ "UserPoolId": "eu-west-1_000000000", "GroupName": "readers" }),
        );
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "User pool eu-west-1_000000000 does not exist.");
    }

    #[test]
    fn a_pool_has_ten_thousand_groups_at_most() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let group = |name: &str| json!({ "UserPoolId": pool.id, "GroupName": name });
        let _ = world.ok("CreateGroup", group("first"));
        let records = world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()));
        let nearly_all = encode(&GroupCount { groups: GROUPS_MAX - 1 }).unwrap();
        records.commit(vec![Write::Put(keys::GROUP_COUNT.into(), nearly_all)]).unwrap();
        let _ = world.ok("CreateGroup", group("last"));
        let failure = world.fails("CreateGroup", group("one_too_many"));
        assert_eq!(failure.code, "LimitExceededException");
        let _ = world.ok("DeleteGroup", group("first"));
        let _ = world.ok("CreateGroup", group("one_more"));
    }
}
