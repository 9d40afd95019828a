//! `AdminDeleteUserAttributes`: takes attributes away from a user.
//!
//! With an address go its alias and what was said of its verification.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html>

use crate::{
    directory,
    model::{
        attribute::{self, Writer},
        user::User,
    },
    prelude::*,
};

operation!(AdminDeleteUserAttributes, Iam, reach Pool, now, adds [UserNotFound]);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    UserAttributeNames user_attribute_names: Vec<AttributeName>,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let names = input.user_attribute_names;
    let removals = attribute::removals(&pool, Writer::Administrator, &user, names)?;
    let before = User::clone(&user);
    user.change(removals);
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::json;

    use crate::testing::{TestPool, World, shown};

    fn remove(world: &World, pool: &TestPool, name: &str, names: &[&str]) -> Result<(), String> {
        let input = json!({ "UserPoolId": pool.id, "Username": name, "UserAttributeNames": names });
        let outcome = world.call("AdminDeleteUserAttributes", input);
        outcome
            .map(|_| ())
            .map_err(|failure| alloc::format!("{}: {}", failure.code, failure.message))
    }

    #[test]
    fn an_address_goes_with_its_alias_and_is_free_for_others() {
        let world = World::new();
        let pool = world.pool(json!({
            "AliasAttributes": ["phone_number"],
            "Schema": [{ "Name": "note", "DeveloperOnlyAttribute": true }],
        }));
        let attributes = json!([
            { "Name": "phone_number", "Value": "+12065550100" },
            { "Name": "phone_number_verified", "Value": "true" },
        ]);
        world.user(&pool, "ann", attributes.clone());
        let note = json!([{ "Name": "dev:custom:note", "Value": "x" }]);
        world.user(&pool, "bob", note);
        remove(&world, &pool, "+12065550100", &["phone_number"]).unwrap();
        remove(&world, &pool, "bob", &["dev:custom:note"]).unwrap();
        let named = |name: &str| json!({ "UserPoolId": pool.id, "Username": name });
        let ann = world.ok("AdminGetUser", named("ann"));
        assert_eq!(shown(&ann, "phone_number_verified"), None);
        world.user(&pool, "eve", attributes);
        assert_eq!(world.ok("AdminGetUser", named("+12065550100"))["Username"], "eve");
        let bob = world.ok("AdminGetUser", named("bob"));
        assert_eq!(shown(&bob, "dev:custom:note"), None);
    }

    #[test]
    fn what_must_be_there_stays() {
        let world = World::new();
        let pool = world.pool(json!({ "UsernameAttributes": ["email", "phone_number"] }));
        world.user(&pool, "ann@example.com", json!([]));
        let required = "InvalidParameterException: user.email: The attribute is required";
        assert_eq!(remove(&world, &pool, "ann@example.com", &["email"]), Err(required.into()));
        let phone = json!([{ "Name": "phone_number", "Value": "+12065550100" }]);
        let _ = world.ok(
            "AdminUpdateUserAttributes",
            json!({
                "UserPoolId": pool.id, "Username": "ann@example.com", "UserAttributes": phone,
            }),
        );
        remove(&world, &pool, "ann@example.com", &["email"]).unwrap();
        let _ = world.sign_in(&pool, "+12065550100");
        assert_eq!(
            remove(&world, &pool, "ann@example.com", &["phone_number"]),
            Err("UserNotFoundException: User does not exist.".into())
        );
    }
}
