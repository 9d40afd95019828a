//! `UpdateGroup`: changes a group; what is left out stays as it is.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html>

use crate::prelude::*;

operation!(UpdateGroup, Iam, reach Pool, now, adds []);

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
    let mut group = cx.group(input.group_name.as_str())?;
    if let Some(description) = input.description {
        group.description = Some(description.into_string());
    }
    if let Some(role) = input.role_arn {
        group.role_arn = Some(role.into_string());
    }
    if let Some(precedence) = input.precedence {
        group.precedence = Some(precedence.get());
    }
    group.modified_ms = cx.now_ms();
    group.save()?;
    Ok(Output { group: Some(group.described(&pool.id)) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{World, claims};

    #[test]
    fn what_is_given_changes_and_what_is_left_out_stays() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let role = "arn:aws:iam::123456789012:role/reader";
        let made = world.ok(
            "CreateGroup",
            json!({
                "UserPoolId": pool.id, "GroupName": "readers", "Description": "They read",
                "RoleArn": role, "Precedence": 7,
            }),
        );
        world.advance_s(5);
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        for (member, value) in [
            ("Description", json!("")),
            ("Precedence", json!(0)),
            ("RoleArn", json!("arn:aws:iam::123456789012:role/other")),
        ] {
            let before = world.ok("GetGroup", group.clone())["Group"].take();
            let mut input = group.clone();
            input[member] = value.clone();
            let updated = world.ok("UpdateGroup", input)["Group"].take();
            let mut expected = before;
            expected[member] = value;
            expected["LastModifiedDate"] = json!(world.now_ms() as f64 / 1000.0);
            assert_eq!(updated, expected);
            assert_eq!(updated["CreationDate"], made["Group"]["CreationDate"]);
            assert_eq!(world.ok("GetGroup", group.clone())["Group"], updated);
        }
    }

    #[test]
    fn members_carry_the_new_role_in_their_next_tokens() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
        let _ = world.ok(
            "AdminAddUserToGroup",
            json!({ "UserPoolId": pool.id, "GroupName": "readers", "Username": "ann" }),
        );
        let role = "arn:aws:iam::123456789012:role/reader";
        let _ = world.ok(
            "UpdateGroup",
            json!({ "UserPoolId": pool.id, "GroupName": "readers", "RoleArn": role }),
        );
        let id = claims(&world.sign_in(&pool, "ann")["IdToken"]);
        assert_eq!(id["cognito:groups"], json!(["readers"]));
        assert_eq!(id["cognito:preferred_role"], role);
    }

    #[test]
    fn an_unknown_group_is_not_made() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let group = json!({ "UserPoolId": pool.id, "GroupName": "readers" });
        let failure = world.fails("UpdateGroup", group.clone());
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(failure.message, "Group not found.");
        let _ = world.fails("GetGroup", group);
    }
}
