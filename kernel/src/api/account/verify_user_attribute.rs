//! `VerifyUserAttribute`: takes the code that proves an address of the user who brings it.
//!
//! An address that waited takes the place of the old one now; one that is an alias is the user's from
//! now on, unless somebody else proved it before.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html>

use crate::{
    access::bearer::{self, Bearer},
    directory,
    model::{
        code::{self, CodePurpose},
        subject::Subject,
        user::User,
    },
    prelude::*,
};

operation!(
    VerifyUserAttribute, Token, reach AccessToken, now,
    adds [
        AliasExists, CodeMismatch, ExpiredCode, Forbidden, LimitExceeded, PasswordResetRequired,
        UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Token,
    AttributeName attribute_name: AttributeName,
    Code code: ConfirmationCode,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, mut user, .. } = bearer::verify(cx, input.access_token.as_str())?;
    let attribute = input.attribute_name.as_str();
    let purpose = CodePurpose::of_attribute(attribute).ok_or_else(|| {
        let message = alloc::format!("{attribute} can not be verified by a code.");
        Error::saying(Code::InvalidParameter, message)
    })?;
    let key = pool.key_of(&user.username);
    let sent = code::redeem(cx, Subject::User(&key), purpose, input.code.as_str())?;
    let before = User::clone(&user);
    user.prove(attribute, &sent.destination)?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World, shown};

    fn pool(world: &World) -> TestPool {
        world.pool(json!({ "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"] }))
    }

    /// A user who is signed in and was sent a code: the token and the code.
    fn asked(world: &World, pool: &TestPool, name: &str, email: &str) -> (Value, String) {
        world.user(pool, name, json!([{ "Name": "email", "Value": email }]));
        let token = world.sign_in(pool, name)["AccessToken"].take();
        let ask = json!({ "AccessToken": token, "AttributeName": "email" });
        let _ = world.ok("GetUserAttributeVerificationCode", ask);
        (token, world.last_code())
    }

    fn verify(world: &World, (token, code): &(Value, String)) -> Result<(), String> {
        let input = json!({ "AccessToken": token, "AttributeName": "email", "Code": code });
        let outcome = world.call("VerifyUserAttribute", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn is_verified(world: &World, (token, _): &(Value, String)) -> bool {
        let user = world.ok("GetUser", json!({ "AccessToken": token }));
        shown(&user, "email_verified").as_deref() == Some("true")
    }

    const EXPIRED: &str =
        "ExpiredCodeException: Invalid code provided, please request a code again.";
    const MISMATCH: &str =
        "CodeMismatchException: Invalid verification code provided, please try again.";

    #[test]
    fn a_proved_address_is_a_name_to_sign_in_by() {
        let world = World::new();
        let pool = pool(&world);
        let ann = asked(&world, &pool, "ann", "ann@example.com");
        let by_alias = json!({ "UserPoolId": pool.id, "Username": "ann@example.com" });
        assert_eq!(world.fails("AdminGetUser", by_alias.clone()).code, "UserNotFoundException");
        verify(&world, &ann).unwrap();
        assert!(is_verified(&world, &ann));
        assert_eq!(world.ok("AdminGetUser", by_alias)["Username"], "ann");
        // It works once.
        assert_eq!(verify(&world, &ann), Err(EXPIRED.into()));
    }

    #[test]
    fn of_two_who_have_an_address_the_first_to_prove_it_keeps_it() {
        let world = World::new();
        let pool = pool(&world);
        let ann = asked(&world, &pool, "ann", "both@example.com");
        let bob = asked(&world, &pool, "bob", "both@example.com");
        verify(&world, &bob).unwrap();
        let taken = "AliasExistsException: An account with the given email already exists.";
        assert_eq!(verify(&world, &ann), Err(taken.into()));
        assert!(is_verified(&world, &bob) && !is_verified(&world, &ann));
        // The code was not used up, and the address is free once its owner leaves.
        let _ = world.ok("DeleteUser", json!({ "AccessToken": bob.0 }));
        verify(&world, &ann).unwrap();
    }

    #[test]
    fn a_wrong_code_proves_nothing_and_is_counted() {
        let world = World::new();
        let pool = pool(&world);
        let ann = asked(&world, &pool, "ann", "ann@example.com");
        let bob = asked(&world, &pool, "bob", "bob@example.com");
        let wrong = (ann.0.clone(), bob.1);
        for _ in 0..15 {
            assert_eq!(verify(&world, &wrong), Err(MISMATCH.into()));
        }
        let limit = "LimitExceededException: Attempt limit exceeded, please try after some time.";
        assert_eq!(verify(&world, &ann), Err(limit.into()));
        assert!(!is_verified(&world, &ann));
    }

    #[test]
    fn a_code_lives_for_a_day_and_no_longer_than_its_address() {
        let world = World::new();
        let pool = pool(&world);
        let day = json!({ "AccessToken": "days", "IdToken": "days" });
        let settings = json!({ "AccessTokenValidity": 1, "TokenValidityUnits": day });
        let client = world.client(&pool.id, settings);
        let long = TestPool { id: pool.id.clone(), client };
        let ann = asked(&world, &long, "ann", "ann@example.com");
        world.advance_s(24 * 3600 - 1);
        verify(&world, &ann).unwrap();
        let bob = asked(&world, &long, "bob", "bob@example.com");
        world.advance_s(1);
        let other = json!([{ "Name": "email", "Value": "other@example.com" }]);
        let change = json!({ "UserPoolId": pool.id, "Username": "bob", "UserAttributes": other });
        let sent = world.sent().len();
        let _ = world.ok("AdminUpdateUserAttributes", change);
        assert_eq!(world.sent().len(), sent + 1);
        assert_eq!(verify(&world, &bob), Err(MISMATCH.into()));
        verify(&world, &(bob.0, world.last_code())).unwrap();
        let eve = asked(&world, &long, "eve", "eve@example.com");
        world.advance_s(24 * 3600);
        let token = world.sign_in(&long, "eve")["AccessToken"].take();
        assert_eq!(verify(&world, &(token, eve.1)), Err(EXPIRED.into()));
    }

    #[test]
    fn only_addresses_are_proved() {
        let world = World::new();
        let pool = pool(&world);
        let (token, code) = asked(&world, &pool, "ann", "ann@example.com");
        for name in ["name", "email_verified", "custom:none"] {
            let input = json!({ "AccessToken": token, "AttributeName": name, "Code": code });
            let refused = world.fails("VerifyUserAttribute", input);
            assert_eq!(refused.code, "InvalidParameterException");
        }
        let input = json!({ "AccessToken": token, "AttributeName": "phone_number", "Code": code });
        assert_eq!(world.fails("VerifyUserAttribute", input).code, "ExpiredCodeException");
    }
}
