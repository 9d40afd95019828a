//! `Cognate.ChangeUserPoolSchema`: changes of a pool's schema what AWS freezes when a pool is made.
//!
//! Flags and bounds change at once, all of a call's or none. What users have stays, even if it would
//! not be taken now.
//!
//! Custom attributes are removed in bounded steps, one a call: repeat the call, or make it with
//! nothing but the pool's id, while the status is `IN_PROGRESS`. From the first step on nobody can
//! write them. Without `RemoveValues` nothing is taken from anybody: once all users were looked at,
//! the attributes go together, or, if somebody has a value, all of them stay and the status is
//! `FAILED` with some of these users. With `RemoveValues` users lose their values step by step and
//! the attributes go with the last; nothing can fail half-way.

use alloc::collections::BTreeSet;

use crate::{
    directory,
    model::pool::{
        Pool,
        schema::change::{self, Departure},
    },
    prelude::*,
    store::keys,
};

operation!(
    extension ChangeUserPoolSchema, Iam, reach Pool, asks,
    adds [ConcurrentModification, UserImportInProgress]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ChangeAttributes change_attributes: Option<Vec<SchemaChangeType>>,
    RemoveAttributes remove_attributes: Option<Vec<AttributeName>>,
    RemoveValues remove_values: Option<bool>,
} }

shape! { Output {
    Status status: ChangeStatus,
    /// How many users were looked at so far.
    ExaminedUsers examined_users: i64,
    /// Some of the users who keep an attribute from being removed.
    Holders holders: Option<Vec<Username>>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let (pool, output) = change(cx, &input)?;
    cx.commit()?;
    super::list(cx, "RelistPool", &pool).await?;
    Ok(output)
}

fn change(cx: &Cx, input: &Input) -> Result<(Pool, Output), Error> {
    let mut pool = Pool::clone(&*cx.pool(&input.user_pool_id)?);
    let departure = departure(cx, &mut pool, input)?;
    if let (Some(changes), Some(schema)) =
        (&input.change_attributes, &mut pool.description.schema_attributes)
    {
        change::change(schema, changes)?;
    }
    let output = match departure {
        Some(mut departure) => {
            let status = directory::depart(cx, &mut pool, &mut departure)?;
            told(status, departure)
        }
        None => Output { status: ChangeStatus::Succeeded, examined_users: 0, holders: None },
    };
    pool.description.last_modified_date = Some(Timestamp(cx.now_ms()));
    cx.put(keys::POOL, &pool)?;
    Ok((pool, output))
}

/// What is being removed: what an earlier call began, or what this one does.
fn departure(cx: &Cx, pool: &mut Pool, input: &Input) -> Result<Option<Departure>, Error> {
    let names = input.remove_attributes.iter().flatten();
    let names: BTreeSet<String> = names.map(|name| name.as_str().into()).collect();
    let with_values = input.remove_values == Some(true);
    if let Some(present) = cx.get::<Departure>(keys::SCHEMA_CHANGE)? {
        let is_same = names == present.names && with_values == present.with_values;
        if !names.is_empty() && !is_same {
            let message = "Other attributes are being removed from the user pool.";
            return Err(Error::saying(Code::ConcurrentModification, message));
        }
        return Ok(Some(present.into_inner()));
    }
    if names.is_empty() {
        return Ok(None);
    }
    let schema = pool.description.schema_attributes.iter().flat_map(|schema| schema.iter());
    let schema: Vec<SchemaAttributeType> = schema.cloned().collect();
    names.iter().try_for_each(|name| change::removable(&schema, name))?;
    pool.departing.clone_from(&names);
    Ok(Some(Departure::new(names, with_values)))
}

fn told(status: ChangeStatus, departure: Departure) -> Output {
    let holders = departure.holders.iter().map(|name| name.as_str().into()).collect();
    Output {
        status,
        examined_users: i64::try_from(departure.examined).unwrap_or(i64::MAX),
        holders: (status == ChangeStatus::Failed).then_some(holders),
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World, shown};

    fn change(world: &World, pool: &TestPool, more: Value) -> Result<Value, String> {
        let mut input = json!({ "UserPoolId": pool.id });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let outcome = world.call("ChangeUserPoolSchema", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn schema(world: &World, pool: &TestPool, name: &str) -> Option<Value> {
        let pool = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        let schema = pool["UserPool"]["SchemaAttributes"].as_array().unwrap().clone();
        schema.into_iter().find(|attribute| attribute["Name"] == name)
    }

    fn write(world: &World, pool: &TestPool, name: &str, value: &str) -> Result<(), String> {
        let attributes = json!([{ "Name": name, "Value": value }]);
        let input =
            json!({ "UserPoolId": pool.id, "Username": "ann", "UserAttributes": attributes });
        let outcome = world.call("AdminUpdateUserAttributes", input);
        outcome.map(|_| ()).map_err(|failure| failure.message)
    }

    fn attribute(world: &World, pool: &TestPool, user: &str, name: &str) -> Option<String> {
        let named = json!({ "UserPoolId": pool.id, "Username": user });
        shown(&world.ok("AdminGetUser", named), name)
    }

    fn pool(world: &World) -> TestPool {
        world.pool(json!({ "Schema": [
            { "Name": "email", "Required": true, "Mutable": false },
            { "Name": "tier", "Mutable": false },
            {
                "Name": "seats", "AttributeDataType": "Number",
                "NumberAttributeConstraints": { "MinValue": "1", "MaxValue": "9" },
            },
        ] }))
    }

    /// Calls until nothing is in progress any more; gives what was told last.
    fn finish(world: &World, pool: &TestPool, removal: Value) -> Value {
        let mut told = change(world, pool, removal).unwrap();
        while told["Status"] == "IN_PROGRESS" {
            told = change(world, pool, json!({})).unwrap();
        }
        told
    }

    const DONE: &str = "SUCCEEDED";

    #[test]
    fn flags_and_bounds_change_and_what_users_have_stays() {
        let world = World::new();
        let pool = pool(&world);
        let email = json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "custom:tier", "Value": "gold" },
            { "Name": "custom:seats", "Value": "9" },
        ]);
        world.user(&pool, "ann", email);
        assert!(write(&world, &pool, "custom:tier", "lead").is_err());
        assert!(write(&world, &pool, "custom:seats", "10").is_err());
        let changes = json!({ "ChangeAttributes": [
            { "Name": "email", "Required": false, "Mutable": true },
            { "Name": "custom:tier", "Mutable": true },
            {
                "Name": "custom:seats",
                "NumberAttributeConstraints": { "MinValue": "10", "MaxValue": "99" },
            },
            { "Name": "name", "StringAttributeConstraints": { "MaxLength": "3" } },
        ] });
        let status = change(&world, &pool, changes).unwrap();
        assert_eq!(status, json!({ "Status": DONE, "ExaminedUsers": 0 }));
        let seats = schema(&world, &pool, "custom:seats").unwrap();
        assert_eq!(
            seats["NumberAttributeConstraints"],
            json!({ "MinValue": "10", "MaxValue": "99" })
        );
        let email = schema(&world, &pool, "email").unwrap();
        assert_eq!((&email["Required"], &email["Mutable"]), (&json!(false), &json!(true)));
        assert_eq!(attribute(&world, &pool, "ann", "custom:seats").as_deref(), Some("9"));
        write(&world, &pool, "custom:seats", "10").unwrap();
        assert!(write(&world, &pool, "custom:seats", "9").is_err());
        assert!(write(&world, &pool, "name", "Anna").is_err());
        write(&world, &pool, "custom:tier", "lead").unwrap();
        write(&world, &pool, "email", "").unwrap();
    }

    #[test]
    fn a_change_that_makes_no_sense_changes_nothing() {
        let world = World::new();
        let pool = pool(&world);
        let good = json!({ "Name": "email", "Required": false });
        let lengths = json!({ "MinLength": "5", "MaxLength": "4" });
        for (bad, fault) in [
            (json!({ "Name": "custom:none" }), "does not exist"),
            (json!({ "Name": "email" }), "Duplicate"),
            (json!({ "Name": "sub", "Mutable": true }), "can not change"),
            (json!({ "Name": "email_verified", "Required": true }), "can not change"),
            (json!({ "Name": "name", "StringAttributeConstraints": lengths }), "Max length"),
            (json!({ "Name": "custom:seats", "StringAttributeConstraints": {} }), "another type"),
            (json!({ "Name": "name", "NumberAttributeConstraints": {} }), "another type"),
        ] {
            let refusal = change(&world, &pool, json!({ "ChangeAttributes": [good, bad] }));
            let refusal = refusal.unwrap_err();
            assert!(refusal.starts_with("InvalidParameterException"), "{refusal}");
            assert!(refusal.contains(fault), "{refusal}");
        }
        for (name, fault) in [("name", "Only custom"), ("custom:none", "does not exist")] {
            let refusal = change(&world, &pool, json!({ "RemoveAttributes": [name] }));
            assert!(refusal.unwrap_err().contains(fault));
        }
        assert_eq!(schema(&world, &pool, "email").unwrap()["Required"], true);
    }

    #[test]
    fn an_attribute_that_nobody_has_goes_and_may_come_again_as_another() {
        let world = World::new();
        let pool = pool(&world);
        let lists = json!({
            "ReadAttributes": ["custom:tier"], "WriteAttributes": ["email", "custom:seats"],
        });
        let client = world.client(&pool.id, lists);
        let removal = json!({ "RemoveAttributes": ["custom:tier", "custom:seats"] });
        assert_eq!(finish(&world, &pool, removal)["Status"], DONE);
        assert_eq!(schema(&world, &pool, "custom:tier"), None);
        let named = json!({ "UserPoolId": pool.id, "ClientId": client });
        let client = world.ok("DescribeUserPoolClient", named)["UserPoolClient"].take();
        assert_eq!(client["WriteAttributes"], json!(["email"]));
        // No list would mean all attributes.
        assert_eq!(client["ReadAttributes"], json!([]));
        let again = json!([{ "Name": "tier", "AttributeDataType": "Number" }]);
        let _ = world
            .ok("AddCustomAttributes", json!({ "UserPoolId": pool.id, "CustomAttributes": again }));
        assert_eq!(schema(&world, &pool, "custom:tier").unwrap()["AttributeDataType"], "Number");
    }

    fn with_seats(world: &World, pool: &TestPool, name: &str) {
        let attributes = json!([{ "Name": "custom:seats", "Value": "3" }]);
        let input =
            json!({ "UserPoolId": pool.id, "Username": name, "UserAttributes": attributes });
        let _ = world.ok("AdminCreateUser", input);
    }

    #[test]
    fn an_attribute_that_somebody_has_goes_only_with_its_values() {
        let world = World::new();
        let pool = pool(&world);
        for name in ["ann", "bob"] {
            with_seats(&world, &pool, name);
        }
        let mut removal = json!({ "RemoveAttributes": ["custom:seats", "custom:tier"] });
        let mut told = finish(&world, &pool, removal.clone());
        let holders = told["Holders"].as_array_mut().unwrap();
        // In the order of their places, if these are several.
        holders.sort_by_key(|holder| String::from(holder.as_str().unwrap_or_default()));
        let holders = json!({ "Status": "FAILED", "ExaminedUsers": 2, "Holders": ["ann", "bob"] });
        assert_eq!(told, holders);
        write(&world, &pool, "custom:seats", "4").unwrap();
        assert!(schema(&world, &pool, "custom:tier").is_some());
        removal["RemoveValues"] = json!(true);
        assert_eq!(finish(&world, &pool, removal)["Status"], DONE);
        assert_eq!(attribute(&world, &pool, "ann", "custom:seats"), None);
        assert_eq!(schema(&world, &pool, "custom:seats"), None);
    }

    #[test]
    fn a_large_pool_is_walked_in_steps_during_which_nobody_writes_what_goes() {
        let world = World::new();
        let pool = pool(&world);
        for n in 0..1_003 {
            let input = json!({ "UserPoolId": pool.id, "Username": format!("user-{n:04}") });
            let _ = world.ok("AdminCreateUser", input);
        }
        with_seats(&world, &pool, "zoe");
        let removal = json!({ "RemoveAttributes": ["custom:seats"], "RemoveValues": true });
        let first = change(&world, &pool, removal.clone()).unwrap();
        assert_eq!(first["Status"], "IN_PROGRESS");
        let examined = first["ExaminedUsers"].as_i64().unwrap();
        assert!(0 < examined && examined <= 500, "{examined}");
        with_ann(&world, &pool);
        let unknown = "user.custom:seats: Attribute does not exist in the schema.";
        assert_eq!(write(&world, &pool, "custom:seats", "3"), Err(unknown.into()));
        let other = change(&world, &pool, json!({ "RemoveAttributes": ["custom:tier"] }));
        assert_eq!(
            other,
            Err("ConcurrentModificationException: Other attributes are being removed from the \
                 user pool."
                .into())
        );
        let second = change(&world, &pool, removal).unwrap()["ExaminedUsers"].as_i64().unwrap();
        assert!(examined < second && second <= 1_000, "{second}");
        let last = finish(&world, &pool, json!({}));
        assert_eq!(last["Status"], DONE);
        // Ann came while the others were looked at.
        let examined = last["ExaminedUsers"].as_i64().unwrap();
        assert!((1_004..=1_005).contains(&examined), "{examined}");
        assert_eq!(attribute(&world, &pool, "zoe", "custom:seats"), None);
    }

    fn with_ann(world: &World, pool: &TestPool) {
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let _ = world.ok("AdminCreateUser", input);
    }

    #[test]
    fn only_administrators_change_a_schema() {
        let world = World::new();
        let pool = pool(&world);
        let mut unsigned = world.request("ChangeUserPoolSchema", &json!({ "UserPoolId": pool.id }));
        unsigned.headers.retain(|(name, _)| name != "authorization");
        let failure = crate::testing::outcome(&world.send(&unsigned)).unwrap_err();
        assert_eq!(failure.code, "MissingAuthenticationTokenException");
    }
}
