//! `DeleteUserAttributes`: takes attributes away from the user who asks for it.
//!
//! With an address go its alias and what was said of its verification.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html>

use crate::{
    access::bearer::{self, Bearer},
    directory,
    model::{
        attribute::{self, Writer},
        user::User,
    },
    prelude::*,
};

operation!(
    DeleteUserAttributes, Token, reach AccessToken, now,
    adds [Forbidden, PasswordResetRequired, UserNotConfirmed, UserNotFound]
);

shape! { Input {
    UserAttributeNames user_attribute_names: Vec<AttributeName>,
    AccessToken access_token: Token,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { client, pool, mut user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let writer = Writer::Client(&client);
    let removals = attribute::removals(&pool, writer, &user, input.user_attribute_names)?;
    let before = User::clone(&user);
    user.change(removals);
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{TestPool, World, shown};

    fn remove(world: &World, token: &Value, names: &[&str]) -> Result<(), (Value, Value)> {
        let input = json!({ "AccessToken": token, "UserAttributeNames": names });
        let outcome = world.call("DeleteUserAttributes", input);
        outcome.map(|_| ()).map_err(|failure| (json!(failure.code), json!(failure.message)))
    }

    fn signed_in(world: &World, settings: Value) -> (TestPool, Value) {
        let pool = world.pool(settings);
        world.user(
            &pool,
            "ann",
            json!([
                { "Name": "email", "Value": "ann@example.com" },
                { "Name": "email_verified", "Value": "true" },
                { "Name": "name", "Value": "Ann" },
            ]),
        );
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        (pool, token)
    }

    #[test]
    fn with_an_address_go_its_alias_and_its_verification() {
        let world = World::new();
        let (pool, token) = signed_in(&world, json!({ "AliasAttributes": ["email"] }));
        let _ = world.sign_in(&pool, "ann@example.com");
        remove(&world, &token, &["email", "locale"]).unwrap();
        let user = world.ok("GetUser", json!({ "AccessToken": token }));
        assert_eq!(shown(&user, "email"), None);
        assert_eq!(shown(&user, "email_verified"), None);
        assert_eq!(shown(&user, "name").as_deref(), Some("Ann"));
        let by_alias = json!({ "UserPoolId": pool.id, "Username": "ann@example.com" });
        assert_eq!(world.fails("AdminGetUser", by_alias).code, "UserNotFoundException");
    }

    #[test]
    fn what_must_be_there_what_is_fixed_and_what_nobody_knows_is_not_taken_away() {
        let world = World::new();
        let schema = json!([
            { "Name": "email", "Required": true }, { "Name": "tier", "Mutable": false },
        ]);
        let (_, token) = signed_in(&world, json!({ "Schema": schema }));
        let fixed = "Attribute cannot be updated. (changing an immutable attribute)";
        for (name, fault) in [
            ("email", "The attribute is required"),
            ("custom:tier", fixed),
            ("sub", fixed),
            ("custom:none", "Attribute does not exist in the schema."),
        ] {
            let message = alloc::format!("user.{name}: {fault}");
            let refusal = (json!("InvalidParameterException"), json!(message));
            assert_eq!(remove(&world, &token, &["name", name]), Err(refusal));
        }
        let user = world.ok("GetUser", json!({ "AccessToken": token }));
        assert_eq!(shown(&user, "name").as_deref(), Some("Ann"));
    }

    #[test]
    fn a_client_takes_away_what_it_may_write() {
        let world = World::new();
        let (pool, _) = signed_in(&world, json!({}));
        let client = world.client(&pool.id, json!({ "WriteAttributes": ["name"] }));
        let narrow = TestPool { id: pool.id, client };
        let token = world.sign_in(&narrow, "ann")["AccessToken"].take();
        remove(&world, &token, &["name"]).unwrap();
        let message = "A client attempted to write unauthorized attribute";
        assert_eq!(
            remove(&world, &token, &["email"]),
            Err((json!("NotAuthorizedException"), json!(message)))
        );
    }
}
