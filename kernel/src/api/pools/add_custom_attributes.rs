//! `AddCustomAttributes`: adds custom attributes to a pool's schema.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html>

use crate::{
    model::{
        import,
        pool::{Pool, schema},
    },
    prelude::*,
    store::keys,
};

operation!(AddCustomAttributes, Iam, reach Pool, asks, adds [UserImportInProgress]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    CustomAttributes custom_attributes: CustomAttributes,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let mut pool = Pool::clone(&*cx.pool(&input.user_pool_id)?);
    // The file of an import was made for the schema as it is.
    import::refuse_while_importing(cx)?;
    let present = pool.description.schema_attributes.as_deref().map_or(&[][..], Vec::as_slice);
    let schema = schema::extended(present, &input.custom_attributes)?;
    pool.description.schema_attributes = Some(SchemaAttributes(schema));
    pool.description.last_modified_date = Some(Timestamp(cx.now_ms()));
    cx.put(keys::POOL, &pool)?;
    cx.commit()?;
    super::list(cx, "RelistPool", &pool).await?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn add(world: &World, pool: &TestPool, attributes: &Value) -> Result<(), String> {
        let input = json!({ "UserPoolId": pool.id, "CustomAttributes": attributes });
        let outcome = world.call("AddCustomAttributes", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn schema(world: &World, pool: &TestPool) -> Vec<Value> {
        let pool = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        pool["UserPool"]["SchemaAttributes"].as_array().unwrap().clone()
    }

    fn named(names: &[&str]) -> Value {
        names.iter().map(|name| json!({ "Name": name })).collect()
    }

    #[test]
    fn added_attributes_follow_the_others_and_can_be_written() {
        let world = World::new();
        let pool = world.pool(json!({ "Schema": [{ "Name": "team" }] }));
        world.user(&pool, "ann", json!([]));
        let update = |value: &str| {
            let attributes = json!([{ "Name": "custom:seats", "Value": value }]);
            let input =
                json!({ "UserPoolId": pool.id, "Username": "ann", "UserAttributes": attributes });
            world.call("AdminUpdateUserAttributes", input).map_err(|failure| failure.message)
        };
        let unknown = "user.custom:seats: Attribute does not exist in the schema.";
        assert_eq!(update("3"), Err(unknown.into()));
        let seats = json!([
            {
                "Name": "seats", "AttributeDataType": "Number",
                "NumberAttributeConstraints": { "MinValue": "1", "MaxValue": "9" },
            },
            { "Name": "note", "DeveloperOnlyAttribute": true },
        ]);
        add(&world, &pool, &seats).unwrap();
        let schema = schema(&world, &pool);
        let names: Vec<_> = schema.iter().skip(21).map(|one| one["Name"].clone()).collect();
        assert_eq!(names, ["custom:team", "custom:seats", "dev:custom:note"]);
        assert_eq!(
            schema[22],
            json!({
                "Name": "custom:seats", "AttributeDataType": "Number",
                "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false,
                "NumberAttributeConstraints": { "MinValue": "1", "MaxValue": "9" },
            })
        );
        update("3").unwrap();
        assert!(update("10").is_err());
    }

    #[test]
    fn a_name_is_added_once() {
        let world = World::new();
        let pool = world.pool(json!({ "Schema": [{ "Name": "team" }] }));
        let before = schema(&world, &pool);
        for names in [&["a", "team"][..], &["b", "b"]] {
            let name = names[1];
            assert_eq!(
                add(&world, &pool, &named(names)),
                Err(format!(
                    "InvalidParameterException: custom:{name}: Existing attribute already has name \
                     custom:{name}."
                ))
            );
        }
        assert_eq!(schema(&world, &pool), before);
        // A standard attribute's name is another one under the prefix.
        add(&world, &pool, &named(&["email"])).unwrap();
    }

    #[test]
    fn fifty_are_the_most_and_twenty_five_at_once() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let many = |start: usize, count: usize| -> Value {
            (start..start + count).map(|n| json!({ "Name": format!("a{n}") })).collect()
        };
        assert!(add(&world, &pool, &many(0, 26)).unwrap_err().contains("less than or equal to 25"));
        add(&world, &pool, &many(0, 25)).unwrap();
        add(&world, &pool, &many(25, 24)).unwrap();
        assert!(add(&world, &pool, &many(50, 2)).unwrap_err().contains("50"));
        add(&world, &pool, &many(50, 1)).unwrap();
        assert_eq!(schema(&world, &pool).len(), 71);
    }

    #[test]
    fn what_a_new_pool_could_not_have_is_refused() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let required = json!([{ "Name": "a", "Required": true }]);
        assert_eq!(
            add(&world, &pool, &required),
            Err("InvalidParameterException: Required custom attributes are not supported \
                 currently."
                .into())
        );
        let bounds = json!({ "MinLength": "5", "MaxLength": "4" });
        let narrow = json!([{
            "Name": "a", "AttributeDataType": "String", "StringAttributeConstraints": bounds,
        }]);
        assert!(add(&world, &pool, &narrow).is_err());
        assert!(add(&world, &pool, &json!([{ "AttributeDataType": "String" }])).is_err());
        let gone = TestPool { id: "eu-west-1_000000000".into(), client: String::new() };
        let unknown = add(&world, &gone, &named(&["a"])).unwrap_err();
        assert!(unknown.starts_with("ResourceNotFoundException"), "{unknown}");
    }
}
