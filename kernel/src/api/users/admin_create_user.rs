//! `AdminCreateUser`: makes a user and invites them.
//!
//! The user stands before anything is sent. In a pool where users need no password, one without a
//! password is confirmed at once and gets no invitation, since there is nothing to tell.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html>

use crate::{
    delivery::{Delivery, invitation},
    directory,
    model::{
        attribute::{self, Writer},
        credential::Credential,
        password,
        pool::Pool,
        user::{User, UserStatus as Status, VERIFIABLE},
        username,
    },
    prelude::*,
    store::keys,
    trigger::{
        self, Occasion, Said,
        pre_sign_up::{self, By},
    },
};

operation!(
    AdminCreateUser, Iam, reach Pool, asks,
    adds [
        CodeDeliveryFailure, InvalidLambdaResponse, InvalidPassword, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship, PreconditionNotMet, UnexpectedLambda, UnsupportedUserState,
        UserLambdaValidation, UserNotFound, UsernameExists,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    UserAttributes user_attributes: Option<Vec<AttributeType>>,
    ValidationData validation_data: Option<Vec<AttributeType>>,
    TemporaryPassword temporary_password: Option<Password>,
    ForceAliasCreation force_alias_creation: Option<bool>,
    MessageAction message_action: Option<MessageAction>,
    DesiredDeliveryMediums desired_delivery_mediums: Option<Vec<DeliveryMedium>>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    User user: Option<UserType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let said = Said::to_all(input.client_metadata.as_ref());
    cx.steering.say(said.with_validation_data(input.validation_data.as_deref()));
    let make = match input.message_action {
        Some(MessageAction::Resend) => renew,
        Some(MessageAction::Suppress) | None => create,
    };
    let (user, invitations) = trigger::steered(cx, |cx| make(cx, &input)).await?;
    cx.commit()?;
    for invitation in invitations {
        cx.deliver(invitation).await?;
    }
    Ok(Output { user: Some(user) })
}

fn create(cx: &Cx, input: &Input) -> Result<(UserType, Vec<Delivery>), Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let sub = cx.uuid_here();
    let given = input.username.as_str();
    let name = username::of_new_user(&pool, given, &sub)?;
    let lent = name.attribute.map(|attribute| (attribute, given));
    let attributes = input.user_attributes.clone().unwrap_or_default();
    let attributes = attribute::of_new_user(&pool, Writer::Administrator, attributes, lent)?;
    let password = password(cx, &pool, input)?;

    let status = if password.is_some() { Status::ForceChangePassword } else { Status::Confirmed };
    let mut user = User::new(name.username, sub, status, cx.now_ms());
    user.attributes = attributes;
    let occasion = Occasion { pool: &pool, client: None, username: &user.username };
    pre_sign_up::ask(cx, &occasion, &user, By::AdminCreateUser)?;
    if input.force_alias_creation == Some(true) {
        for attribute in VERIFIABLE.into_iter().filter(|name| user.is_verified(name)) {
            if let Some(value) = user.attribute(attribute) {
                directory::release(cx, &pool, attribute, value)?;
            }
        }
    }
    directory::insert(cx, &pool, &user).map_err(|error| match error.code {
        Code::UsernameExists => Error::saying(error.code, "User account already exists"),
        // The operation declares no other error for a name that is taken.
        Code::AliasExists => Error { code: Code::UsernameExists, ..error },
        _ => error,
    })?;
    let Some(password) = password else { return Ok((user.described(), Vec::new())) };
    let invitations = invitations(cx, &pool, &user, &password, input)?;
    let until_ms = password::temporary_until_ms(&pool, cx.now_ms());
    let credential = Credential::new(cx, pool.owner(&user), &password, Some(until_ms))?;
    user.credential = Some(credential);
    cx.put(&keys::user(&pool.key_of(&user.username)), &user)?;
    Ok((user.described(), invitations))
}

/// A new temporary password for a user who has not replaced the first one.
fn renew(cx: &Cx, input: &Input) -> Result<(UserType, Vec<Delivery>), Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    if user.status != Status::ForceChangePassword {
        let name = input.username.as_str();
        return Err(Error::saying(
            Code::UnsupportedUserState,
            alloc::format!("Resend not possible. {name} status is not FORCE_CHANGE_PASSWORD"),
        ));
    }
    let given = input.temporary_password.as_ref().map(Text::as_str);
    let password = match given {
        Some(given) => checked(&pool, given)?,
        None => password::temporary(&pool, &cx.random),
    };
    let invitations = invitations(cx, &pool, &user, &password, input)?;
    let before = User::clone(&user);
    // The operation declares no error for a password that the user had before.
    let until_ms = password::temporary_until_ms(&pool, cx.now_ms());
    password::renew(cx, &pool, &mut user, &password, Some(until_ms))?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok((user.described(), invitations))
}

/// The temporary password: given, or made where one is needed.
fn password(cx: &Cx, pool: &Pool, input: &Input) -> Result<Option<String>, Error> {
    match &input.temporary_password {
        Some(given) => checked(pool, given.as_str()).map(Some),
        None if pool.is_passwordless() => Ok(None),
        None => Ok(Some(password::temporary(pool, &cx.random))),
    }
}

fn checked(pool: &Pool, given: &str) -> Result<String, Error> {
    password::check(pool, given)?;
    Ok(given.into())
}

fn invitations(
    cx: &Cx,
    pool: &Pool,
    user: &User,
    password: &str,
    input: &Input,
) -> Result<Vec<Delivery>, Error> {
    if input.message_action == Some(MessageAction::Suppress) {
        return Ok(Vec::new());
    }
    let desired = input.desired_delivery_mediums.as_deref();
    invitation::of_new_user(cx, pool, (user, input.username.as_str()), password, desired)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn attempt(world: &World, pool: &TestPool, name: &str, more: Value) -> Result<Value, String> {
        let mut input = json!({ "UserPoolId": pool.id, "Username": name });
        for (member, value) in more.as_object().unwrap() {
            input[member] = value.clone();
        }
        let outcome = world.call("AdminCreateUser", input);
        let outcome = outcome.map(|mut output| output["User"].take());
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn with(attributes: &[(&str, &str)]) -> Value {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        json!({ "UserAttributes": attributes, "DesiredDeliveryMediums": ["EMAIL", "SMS"] })
    }

    fn user(world: &World, pool: &TestPool, name: &str) -> Result<Value, String> {
        let found = world.call("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }));
        found.map_err(|failure| failure.code)
    }

    /// What a sign-in by password leads to: a challenge, or an error.
    fn sign_in(world: &World, pool: &TestPool, name: &str, password: &str) -> String {
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
        });
        match world.call("InitiateAuth", input) {
            Ok(answer) => answer["ChallengeName"].as_str().unwrap_or("tokens").into(),
            Err(failure) => failure.message,
        }
    }

    const EMAIL: (&str, &str) = ("email", "ann@example.com");
    const PHONE: (&str, &str) = ("phone_number", "+12065550100");

    #[test]
    fn a_new_user_is_told_as_it_stands() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let made = attempt(&world, &pool, "ann", with(&[EMAIL])).unwrap();
        let stood = user(&world, &pool, "ann").unwrap();
        assert_eq!(made["UserStatus"], "FORCE_CHANGE_PASSWORD");
        assert_eq!(made["Attributes"], stood["UserAttributes"]);
        for member in ["Username", "Enabled", "UserStatus", "UserCreateDate"] {
            assert_eq!(made[member], stood[member], "{member}");
        }
    }

    #[test]
    fn the_temporary_password_is_sent_and_must_be_changed() {
        let world = World::new();
        let pool = world.pool(json!({}));
        attempt(&world, &pool, "ann", with(&[EMAIL, PHONE])).unwrap();
        let [mail, sms] = &*world.sent() else { panic!("two messages") };
        assert_eq!((mail.destination.as_str(), sms.destination.as_str()), (EMAIL.1, PHONE.1));
        assert_eq!(mail.subject.as_deref(), Some("Your temporary password"));
        assert!(mail.body.contains("ann") && sms.body.contains(&sms.code));
        assert_eq!(sign_in(&world, &pool, "ann", &mail.code), "NEW_PASSWORD_REQUIRED");
    }

    #[test]
    fn a_message_goes_by_sms_unless_told_otherwise() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let attributes = with(&[EMAIL, PHONE])["UserAttributes"].take();
        attempt(&world, &pool, "ann", json!({ "UserAttributes": attributes })).unwrap();
        let [sms] = &*world.sent() else { panic!("one message") };
        assert_eq!(sms.destination, PHONE.1);
        attempt(&world, &pool, "bob", with(&[])).unwrap();
        let mut silent = with(&[EMAIL]);
        silent["MessageAction"] = json!("SUPPRESS");
        attempt(&world, &pool, "carl", silent).unwrap();
        assert_eq!(world.sent().len(), 1);
    }

    #[test]
    fn the_user_stands_when_the_invitation_can_not_be_sent() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.sender_fails(true);
        let refusal = attempt(&world, &pool, "ann", with(&[EMAIL])).unwrap_err();
        assert!(refusal.starts_with("CodeDeliveryFailureException: "), "{refusal}");
        assert_eq!(user(&world, &pool, "ann").unwrap()["UserStatus"], "FORCE_CHANGE_PASSWORD");
    }

    #[test]
    fn a_given_password_keeps_to_the_policy() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let given = |password: &str| json!({ "TemporaryPassword": password });
        assert_eq!(
            attempt(&world, &pool, "ann", given("Passw0rd")),
            Err("InvalidPasswordException: Password did not conform with policy: \
                 Password must have symbol characters"
                .into())
        );
        assert_eq!(user(&world, &pool, "ann"), Err("UserNotFoundException".into()));
        attempt(&world, &pool, "ann", given("Passw0rd!")).unwrap();
        assert_eq!(sign_in(&world, &pool, "ann", "Passw0rd!"), "NEW_PASSWORD_REQUIRED");
    }

    #[test]
    fn a_temporary_password_expires_and_is_renewed_by_another_invitation() {
        let world = World::new();
        let policy = json!({ "MinimumLength": 8, "TemporaryPasswordValidityDays": 2 });
        let pool = world.pool(json!({ "Policies": { "PasswordPolicy": policy } }));
        attempt(&world, &pool, "ann", with(&[EMAIL])).unwrap();
        let first = world.last_code();
        world.advance_s(2 * 24 * 3600);
        assert_eq!(
            sign_in(&world, &pool, "ann", &first),
            "Temporary password has expired and must be reset by an administrator."
        );
        let again = json!({ "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"] });
        attempt(&world, &pool, "ann", again).unwrap();
        let second = world.last_code();
        assert_ne!(first, second);
        assert_eq!(sign_in(&world, &pool, "ann", &second), "NEW_PASSWORD_REQUIRED");
        assert_eq!(sign_in(&world, &pool, "ann", &first), "Incorrect username or password.");
    }

    #[test]
    fn the_older_life_of_temporary_passwords_still_counts_to_the_second() {
        let world = World::new();
        let config = json!({ "UnusedAccountValidityDays": 3 });
        let pool = world.pool(json!({ "AdminCreateUserConfig": config }));
        attempt(&world, &pool, "ann", with(&[EMAIL])).unwrap();
        let password = world.last_code();
        world.advance_s(3 * 24 * 3600 - 1);
        assert_eq!(sign_in(&world, &pool, "ann", &password), "NEW_PASSWORD_REQUIRED");
        world.advance_s(1);
        assert_eq!(
            sign_in(&world, &pool, "ann", &password),
            "Temporary password has expired and must be reset by an administrator."
        );
        assert_eq!(sign_in(&world, &pool, "ann", "Wrong-1!"), "Incorrect username or password.");
    }

    #[test]
    fn only_who_waits_for_a_password_is_invited_again() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let again = json!({ "MessageAction": "RESEND" });
        assert_eq!(
            attempt(&world, &pool, "ann", again.clone()),
            Err("UnsupportedUserStateException: Resend not possible. ann status is not \
                 FORCE_CHANGE_PASSWORD"
                .into())
        );
        assert_eq!(
            attempt(&world, &pool, "bob", again),
            Err("UserNotFoundException: User does not exist.".into())
        );
    }

    #[test]
    fn a_name_is_given_once() {
        let world = World::new();
        for settings in [json!({}), json!({ "UsernameAttributes": ["email"] })] {
            let pool = world.pool(settings);
            attempt(&world, &pool, "ann@example.com", json!({})).unwrap();
            assert_eq!(
                attempt(&world, &pool, "ann@example.com", json!({})),
                Err("UsernameExistsException: User account already exists".into())
            );
        }
    }

    #[test]
    fn a_verified_address_is_taken_only_by_force() {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["email"] }));
        let verified = with(&[EMAIL, ("email_verified", "true")]);
        attempt(&world, &pool, "ann", verified.clone()).unwrap();
        attempt(&world, &pool, "unverified", with(&[EMAIL])).unwrap();
        assert_eq!(
            attempt(&world, &pool, "bob", verified.clone()),
            Err("UsernameExistsException: An account with the given email already exists.".into())
        );
        assert_eq!(user(&world, &pool, EMAIL.1).unwrap()["Username"], "ann");
        let mut forced = verified;
        forced["ForceAliasCreation"] = json!(true);
        attempt(&world, &pool, "bob", forced).unwrap();
        assert_eq!(user(&world, &pool, EMAIL.1).unwrap()["Username"], "bob");
        let ann = user(&world, &pool, "ann").unwrap();
        let lost = json!({ "Name": "email_verified", "Value": "false" });
        assert!(ann["UserAttributes"].as_array().unwrap().contains(&lost));
    }

    #[test]
    fn force_does_not_take_a_name() {
        let world = World::new();
        let pool = world.pool(json!({ "UsernameAttributes": ["email"] }));
        let verified = json!({
            "UserAttributes": [{ "Name": "email_verified", "Value": "true" }],
            "ForceAliasCreation": true,
        });
        let first = attempt(&world, &pool, EMAIL.1, verified.clone()).unwrap();
        assert_eq!(
            attempt(&world, &pool, EMAIL.1, verified),
            Err("UsernameExistsException: User account already exists".into())
        );
        let stands = user(&world, &pool, EMAIL.1).unwrap();
        assert_eq!(stands["UserAttributes"], first["Attributes"]);
    }

    #[test]
    fn where_users_need_no_password_one_without_is_confirmed_at_once() {
        let world = World::new();
        let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] });
        let pool = world.pool(json!({ "Policies": { "SignInPolicy": factors } }));
        let made = attempt(&world, &pool, "ann", with(&[EMAIL])).unwrap();
        assert_eq!(made["UserStatus"], "CONFIRMED");
        assert_eq!(world.sent().len(), 0);
        let mut given = with(&[EMAIL]);
        given["TemporaryPassword"] = json!("Passw0rd!");
        let made = attempt(&world, &pool, "bob", given).unwrap();
        assert_eq!(made["UserStatus"], "FORCE_CHANGE_PASSWORD");
        assert_eq!(world.last_code(), "Passw0rd!");
    }

    #[test]
    fn an_unknown_pool_is_reported() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ = world.ok("DeleteUserPool", json!({ "UserPoolId": pool.id }));
        assert_eq!(
            attempt(&world, &pool, "ann", json!({})),
            Err(format!("ResourceNotFoundException: User pool {} does not exist.", pool.id))
        );
    }
}
