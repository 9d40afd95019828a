//! `AdminUpdateUserAttributes`: changes attributes of a user.
//!
//! An address that is said to be verified stands at once, whatever the pool asks of users, and is
//! the user's alias from now on. Any other new address is treated as when the user changes it. The
//! change stands before any code is sent.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html>

use crate::{
    delivery::verification::{self, Sending},
    directory,
    model::{
        attribute::{self, Writer},
        user::User,
    },
    prelude::*,
    trigger::{self, Said},
};

operation!(
    AdminUpdateUserAttributes, Iam, reach Pool, asks,
    adds [
        AliasExists, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, UnexpectedLambda,
        UserLambdaValidation, UserNotFound,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    UserAttributes user_attributes: Vec<AttributeType>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.steering.say(Said::to_all(input.client_metadata.as_ref()));
    let sendings = trigger::steered(cx, |cx| change(cx, &input)).await?;
    cx.commit()?;
    for sending in sendings {
        cx.deliver_by_role(sending.delivery).await?;
    }
    Ok(Output {})
}

fn change(cx: &Cx, input: &Input) -> Result<Vec<Sending>, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    let given = input.user_attributes.clone();
    let changes = attribute::changes(&pool, Writer::Administrator, &user, given)?;
    let before = User::clone(&user);
    let unproved = user.change_or_wait(&pool, changes);
    directory::save(cx, &pool, &before, &mut user)?;
    verification::of_changes(cx, (&pool, None), &user, &unproved)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World, shown};

    fn attributes(pairs: &[(&str, &str)]) -> Value {
        pairs.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
    }

    fn update(
        world: &World,
        pool: &TestPool,
        name: &str,
        pairs: &[(&str, &str)],
    ) -> Result<(), String> {
        let attributes = attributes(pairs);
        let input =
            json!({ "UserPoolId": pool.id, "Username": name, "UserAttributes": attributes });
        let outcome = world.call("AdminUpdateUserAttributes", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn user(world: &World, pool: &TestPool, name: &str) -> Value {
        world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }))
    }

    const NEW: (&str, &str) = ("email", "new@example.com");
    const VERIFIED: (&str, &str) = ("email_verified", "true");

    #[test]
    fn an_address_said_to_be_verified_is_an_alias_at_once() {
        let world = World::new();
        let pool = world.pool(json!({
            "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {
                "AttributesRequireVerificationBeforeUpdate": ["email"],
            },
        }));
        world.user(&pool, "ann", attributes(&[("email", "ann@example.com"), VERIFIED]));
        update(&world, &pool, "ann", &[NEW, VERIFIED]).unwrap();
        assert_eq!(user(&world, &pool, NEW.1)["Username"], "ann");
        assert_eq!(world.sent().len(), 0);
        // An address that waited is forgotten.
        update(&world, &pool, "ann", &[("email", "later@example.com")]).unwrap();
        let shows = |value: &str| {
            let ann = user(&world, &pool, "ann");
            assert_eq!(shown(&ann, "email").as_deref(), Some(value));
            assert_eq!(shown(&ann, "email_verified").as_deref(), Some("true"));
        };
        shows(NEW.1);
        let code = world.last_code();
        update(&world, &pool, "ann", &[("email", "last@example.com"), VERIFIED]).unwrap();
        let token = world.sign_in(&pool, "last@example.com")["AccessToken"].take();
        let verify = json!({ "AccessToken": token, "AttributeName": "email", "Code": code });
        assert_eq!(world.fails("VerifyUserAttribute", verify).code, "ExpiredCodeException");
        shows("last@example.com");
    }

    #[test]
    fn an_alias_of_somebody_else_is_not_taken() {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["email", "preferred_username"] }));
        world.user(&pool, "ann", attributes(&[NEW, VERIFIED]));
        world.user(&pool, "bob", attributes(&[NEW]));
        let taken = "AliasExistsException: An account with the given email already exists.";
        assert_eq!(update(&world, &pool, "bob", &[VERIFIED]), Err(taken.into()));
        assert_eq!(shown(&user(&world, &pool, "bob"), "email_verified"), None);
        update(&world, &pool, "ann", &[("email_verified", "false")]).unwrap();
        update(&world, &pool, "bob", &[VERIFIED]).unwrap();
        assert_eq!(user(&world, &pool, NEW.1)["Username"], "bob");
    }

    #[test]
    fn a_new_address_that_nobody_vouches_for_gets_a_code() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email", "phone_number"] }));
        world.user(&pool, "ann", json!([]));
        update(&world, &pool, "ann", &[NEW, ("phone_number", "+12065550100")]).unwrap();
        let sent = world.sent();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].destination, NEW.1);
        assert_eq!((sent[1].destination.as_str(), &sent[1].client_id), ("+12065550100", &None));
        let ann = user(&world, &pool, "ann");
        assert_eq!(shown(&ann, "email_verified").as_deref(), Some("false"));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        for (attribute, sent) in [("email", &sent[0]), ("phone_number", &sent[1])] {
            let _ = world.ok(
                "VerifyUserAttribute",
                json!({ "AccessToken": token, "AttributeName": attribute, "Code": sent.code }),
            );
        }
        let ann = user(&world, &pool, "ann");
        assert_eq!(shown(&ann, "phone_number_verified").as_deref(), Some("true"));
    }

    #[test]
    fn a_code_that_can_not_be_sent_is_told_and_the_change_stands() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        world.user(&pool, "ann", json!([]));
        world.sender_fails(true);
        let refusal = update(&world, &pool, "ann", &[NEW]).unwrap_err();
        assert!(refusal.starts_with("InvalidEmailRoleAccessPolicyException"), "{refusal}");
        assert!(world.log().last().unwrap().contains("the sender is down"));
        assert_eq!(shown(&user(&world, &pool, "ann"), "email").as_deref(), Some(NEW.1));
    }

    #[test]
    fn what_only_administrators_write_is_written_and_what_is_fixed_is_not() {
        let world = World::new();
        let pool = world.pool(json!({ "Schema": [
            { "Name": "note", "DeveloperOnlyAttribute": true },
            { "Name": "tier", "Mutable": false },
        ] }));
        world.user(&pool, "ann", attributes(&[("custom:tier", "gold")]));
        update(&world, &pool, "ann", &[("dev:custom:note", "x")]).unwrap();
        let fixed = "InvalidParameterException: user.custom:tier: Attribute cannot be updated. \
                     (changing an immutable attribute)";
        let both = [("name", "Ann"), ("custom:tier", "lead")];
        assert_eq!(update(&world, &pool, "ann", &both), Err(fixed.into()));
        let ann = user(&world, &pool, "ann");
        assert_eq!(shown(&ann, "dev:custom:note").as_deref(), Some("x"));
        assert_eq!(
            (shown(&ann, "name"), shown(&ann, "custom:tier").as_deref()),
            (None, Some("gold"))
        );
    }

    #[test]
    fn an_unknown_user_is_not_found() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let unknown = "UserNotFoundException: User does not exist.";
        assert_eq!(update(&world, &pool, "ann", &[NEW]), Err(unknown.into()));
    }
}
