//! `SignUp`: registers a user and sends a code.
//!
//! The user stands before the code is sent: where that fails, the caller learns so and may ask for
//! another code.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html>

use crate::{
    access::client_secret,
    delivery::{
        Reason,
        verification::{self, Sending},
    },
    directory,
    flow::{self, Door},
    model::{
        attribute::{self, Writer},
        credential::Credential,
        password,
        pool::Pool,
        user::{User, UserStatus as Status},
        username,
    },
    prelude::*,
    store::keys,
    trigger::{
        self, Invocation, Occasion, Said, post_confirmation,
        pre_sign_up::{self, By, Granted},
    },
};

operation!(
    SignUp, Public, reach Client, asks,
    adds [
        CodeDeliveryFailure, Forbidden, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidPassword, InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, LimitExceeded,
        UnexpectedLambda, UserLambdaValidation, UsernameExists,
    ]
);

shape! { Input {
    ClientId client_id: ClientId,
    SecretHash secret_hash: Option<SecretHash>,
    Username username: Username,
    Password password: Option<Password>,
    UserAttributes user_attributes: Option<Vec<AttributeType>>,
    ValidationData validation_data: Option<Vec<AttributeType>>,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    UserContextData user_context_data: Option<UserContextDataType>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    UserConfirmed user_confirmed: bool,
    CodeDeliveryDetails code_delivery_details: Option<CodeDeliveryDetailsType>,
    UserSub user_sub: String,
    Session session: Option<ChallengeSession>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let said = Said::to_all(input.client_metadata.as_ref());
    cx.steering.say(said.with_validation_data(input.validation_data.as_deref()));
    let Registered { user_sub, sending, confirmed, session } =
        trigger::steered(cx, |cx| register(cx, &input)).await?;
    cx.commit()?;
    let user_confirmed = confirmed.is_some();
    trigger::tell(cx, confirmed.flatten()).await?;
    let details = match sending {
        Some(Sending { delivery, details }) => {
            cx.deliver(delivery).await?;
            Some(details)
        }
        None => None,
    };
    let session = session.map(Into::into);
    Ok(Output { user_confirmed, code_delivery_details: details, user_sub, session })
}

/// A new user.
struct Registered {
    user_sub: String,
    sending: Option<Sending>,
    /// That the user is confirmed, and who is to be told.
    confirmed: Option<Option<Invocation>>,
    /// By which the first sign-in needs no other code.
    session: Option<String>,
}

fn register(cx: &Cx, input: &Input) -> Result<Registered, Error> {
    let (pool, client) = cx.client(&input.client_id)?;
    let given = input.username.as_str();
    let hash = input.secret_hash.as_ref().map(Text::as_str);
    client_secret::secret_hash(cx, &client, given, hash)?;
    let config = pool.description.admin_create_user_config.as_ref();
    if config.and_then(|config| config.allow_admin_create_user_only) == Some(true) {
        let message = "SignUp is not permitted for this user pool";
        return Err(Error::saying(Code::NotAuthorized, message));
    }
    let password = password(&pool, input)?;
    let sub = cx.uuid_here();
    let name = username::of_new_user(&pool, given, &sub)?;
    let attributes = input.user_attributes.clone().unwrap_or_default();
    let writer = Writer::Client(&client);
    let lent = name.attribute.map(|attribute| (attribute, given));
    let attributes = attribute::of_new_user(&pool, writer, attributes, lent)?;
    if pool.has_alias("preferred_username") && attributes.contains_key("preferred_username") {
        let message = "Preferred username cannot be provided for unconfirmed account, since user \
                       pool is configured for preferred username alias.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }

    let mut user = User::new(name.username, sub.clone(), Status::Unconfirmed, cx.now_ms());
    user.attributes = attributes;
    let username = user.username.clone();
    let occasion = Occasion { pool: &pool, client: Some(&client), username: &username };
    let granted = pre_sign_up::ask(cx, &occasion, &user, By::SignUp)?;
    grant(cx, &pool, &mut user, granted)?;
    directory::insert(cx, &pool, &user)?;
    let (sending, confirmed) = match granted.is_confirmed {
        true => {
            let told = post_confirmation::of(cx, &occasion, &user, post_confirmation::SIGN_UP)?;
            (None, Some(told))
        }
        false => {
            let by = (&*pool, &*client);
            (verification::of_sign_up(cx, by, (&user, given), Reason::SignUp)?, None)
        }
    };
    if let Some(password) = password {
        // The dearest step comes last.
        user.credential = Some(Credential::new(cx, pool.owner(&user), password, None)?);
        cx.put(&keys::user(&pool.key_of(&user.username)), &user)?;
    }
    let door = Door { pool: &pool, client: &client, is_admin: false };
    let session = flow::sign_up::begun(cx, &door, &user)?;
    Ok(Registered { user_sub: sub, sending, confirmed, session })
}

/// What a trigger grants. An alias that it vouches for passes to the new user.
fn grant(cx: &Cx, pool: &Pool, user: &mut User, granted: Granted) -> Result<(), Error> {
    if granted.is_confirmed {
        user.status = Status::Confirmed;
    }
    for (is_vouched_for, attribute) in granted.addresses() {
        if is_vouched_for {
            user.verify(attribute, true);
        }
        let passes = granted.is_confirmed && user.is_verified(attribute);
        if let Some(value) =
            user.attribute(attribute).filter(|_| passes && pool.has_alias(attribute))
        {
            directory::release(cx, pool, attribute, value)?;
        }
    }
    Ok(())
}

/// The password, which only users who can do without one may leave out.
fn password<'a>(pool: &Pool, input: &'a Input) -> Result<Option<&'a str>, Error> {
    match &input.password {
        Some(password) => {
            password::check(pool, password.as_str())?;
            Ok(Some(password.as_str()))
        }
        None if pool.is_passwordless() => Ok(None),
        None => Err(Error::saying(
            Code::InvalidParameter,
            "1 validation error detected: Value at 'password' failed to satisfy constraint: \
             Member must not be null",
        )),
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec::Vec};

    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde_json::{Value, json};

    use crate::{
        crypto::hmac_sha256,
        testing::{PASSWORD, TestPool, World},
    };

    fn attempt(world: &World, client: &str, name: &str, more: Value) -> Result<Value, String> {
        let mut input = json!({ "ClientId": client, "Username": name, "Password": PASSWORD });
        for (member, value) in more.as_object().unwrap() {
            input[member] = value.clone();
        }
        let outcome = world.call("SignUp", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn with(attributes: &[(&str, &str)]) -> Value {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        json!({ "UserAttributes": attributes })
    }

    fn user(world: &World, pool: &TestPool, name: &str) -> Result<Value, String> {
        let found = world.call("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }));
        found.map_err(|failure| failure.code)
    }

    const EMAIL: &[(&str, &str)] = &[("email", "ann@example.com")];

    #[test]
    fn a_new_user_is_unconfirmed_and_gets_a_code() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let answer = attempt(&world, &pool.client, "ann", with(EMAIL)).unwrap();
        assert_eq!(answer["UserConfirmed"], false);
        assert_eq!(
            answer["CodeDeliveryDetails"],
            json!({
                "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
            })
        );
        let user = user(&world, &pool, "ann").unwrap();
        assert_eq!(user["UserStatus"], "UNCONFIRMED");
        assert_eq!(user["UserAttributes"][0], json!({ "Name": "sub", "Value": answer["UserSub"] }));
        let [sent] = &*world.sent() else { panic!("one message") };
        assert_eq!(sent.destination, "ann@example.com");
        assert_eq!(sent.code.len(), 6);
        assert!(sent.body.contains(&sent.code));
        assert_eq!((sent.username.as_str(), &sent.client_id), ("ann", &Some(pool.client.clone())));
    }

    #[test]
    fn a_phone_number_gets_the_code_before_an_e_mail_address() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email", "phone_number"] }));
        let both = with(&[("email", "ann@example.com"), ("phone_number", "+12065550100")]);
        let answer = attempt(&world, &pool.client, "ann", both).unwrap();
        assert_eq!(
            answer["CodeDeliveryDetails"],
            json!({
                "Destination": "+*******0100", "DeliveryMedium": "SMS",
                "AttributeName": "phone_number",
            })
        );
        assert_eq!(world.sent().len(), 1);
    }

    #[test]
    fn nothing_is_sent_where_nothing_is_verified() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let answer = attempt(&world, &pool.client, "ann", with(EMAIL)).unwrap();
        assert_eq!(answer.get("CodeDeliveryDetails"), None);
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        let answer = attempt(&world, &pool.client, "ann", json!({})).unwrap();
        assert_eq!(answer.get("CodeDeliveryDetails"), None);
        assert_eq!(world.sent().len(), 0);
    }

    #[test]
    fn the_user_stands_when_the_code_can_not_be_sent() {
        let world = World::new();
        let pool = world.pool(json!({ "AutoVerifiedAttributes": ["email"] }));
        world.sender_fails(true);
        let refusal = attempt(&world, &pool.client, "ann", with(EMAIL)).unwrap_err();
        assert!(refusal.starts_with("CodeDeliveryFailureException: "), "{refusal}");
        assert_eq!(user(&world, &pool, "ann").unwrap()["UserStatus"], "UNCONFIRMED");
        world.sender_fails(false);
        let input = json!({ "ClientId": pool.client, "Username": "ann" });
        let _ = world.ok("ResendConfirmationCode", input.clone());
        let mut input = input;
        input["ConfirmationCode"] = json!(world.last_code());
        let _ = world.ok("ConfirmSignUp", input);
    }

    #[test]
    fn a_name_is_given_once() {
        let world = World::new();
        let pool = world.pool(json!({}));
        attempt(&world, &pool.client, "ann", json!({})).unwrap();
        let taken = Err("UsernameExistsException: User already exists".into());
        assert_eq!(attempt(&world, &pool.client, "ann", json!({})), taken);
        attempt(&world, &pool.client, "Ann", json!({})).unwrap();
        let pool = world.pool(json!({ "UsernameConfiguration": { "CaseSensitive": false } }));
        attempt(&world, &pool.client, "ann", json!({})).unwrap();
        assert_eq!(attempt(&world, &pool.client, "ANN", json!({})), taken);
    }

    #[test]
    fn where_names_are_addresses_the_stored_name_is_the_sub() {
        let world = World::new();
        let pool = world.pool(json!({
            "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        }));
        let answer = attempt(&world, &pool.client, "ann@example.com", json!({})).unwrap();
        let user = user(&world, &pool, "ann@example.com").unwrap();
        assert_eq!(user["Username"], answer["UserSub"]);
        let email = json!({ "Name": "email", "Value": "ann@example.com" });
        assert!(user["UserAttributes"].as_array().unwrap().contains(&email));
        assert_eq!(
            attempt(&world, &pool.client, "ann@example.com", json!({})),
            Err("UsernameExistsException: User already exists".into())
        );
        let other = with(&[("email", "bob@example.com")]);
        let refusal = attempt(&world, &pool.client, "carl@example.com", other).unwrap_err();
        assert!(refusal.starts_with("InvalidParameterException: "), "{refusal}");
    }

    #[test]
    fn a_name_has_the_form_that_the_pool_asks_for() {
        let world = World::new();
        let refused = |settings: Value, name: &str| {
            let pool = world.pool(settings);
            let refusal = attempt(&world, &pool.client, name, json!({})).unwrap_err();
            refusal.strip_prefix("InvalidParameterException: ").map(String::from)
        };
        for (settings, name, fault) in [
            (json!({ "UsernameAttributes": ["email"] }), "ann", "Username should be an email."),
            (
                json!({ "UsernameAttributes": ["email"] }),
                "+12065550100",
                "Username should be an email.",
            ),
            (
                json!({ "UsernameAttributes": ["email", "phone_number"] }),
                "ann",
                "Username should be either an email or a phone number.",
            ),
            (
                json!({ "UsernameAttributes": ["phone_number"] }),
                "ann@example.com",
                "Username should be a phone number.",
            ),
            (
                json!({ "AliasAttributes": ["email"] }),
                "ann@example.com",
                "Username cannot be of email format, since user pool is configured for email \
                 alias.",
            ),
            (
                json!({ "AliasAttributes": ["phone_number"] }),
                "+12065550100",
                "Username cannot be of phone number format, since user pool is configured for \
                 phone number alias.",
            ),
        ] {
            assert_eq!(refused(settings, name).as_deref(), Some(fault));
        }
    }

    #[test]
    fn who_may_not_sign_up_learns_so_before_anything_else() {
        let world = World::new();
        let admin_only = json!({ "AllowAdminCreateUserOnly": true });
        let pool = world.pool(json!({ "AdminCreateUserConfig": admin_only }));
        assert_eq!(
            attempt(&world, &pool.client, "ann", json!({ "Password": "short" })),
            Err("NotAuthorizedException: SignUp is not permitted for this user pool".into())
        );
    }

    #[test]
    fn a_bad_password_leaves_no_user() {
        let world = World::new();
        let pool = world.pool(json!({}));
        assert_eq!(
            attempt(&world, &pool.client, "ann", json!({ "Password": "Passw0rd" })),
            Err("InvalidPasswordException: Password did not conform with policy: \
                 Password must have symbol characters"
                .into())
        );
        let refusal = attempt(&world, &pool.client, "ann", json!({ "Password": null }));
        assert!(refusal.unwrap_err().ends_with(
            "at 'password' failed to satisfy constraint: \
             Member must not be null"
        ));
        assert_eq!(user(&world, &pool, "ann"), Err("UserNotFoundException".into()));
    }

    #[test]
    fn a_password_may_be_left_out_where_users_can_do_without() {
        let world = World::new();
        let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] });
        let pool = world.pool(json!({ "Policies": { "SignInPolicy": factors } }));
        attempt(&world, &pool.client, "ann", json!({ "Password": null })).unwrap();
        assert_eq!(user(&world, &pool, "ann").unwrap()["UserStatus"], "UNCONFIRMED");
    }

    #[test]
    fn a_client_writes_what_it_is_allowed_to() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = world.client(&pool.id, json!({ "WriteAttributes": ["email"] }));
        let refused = "NotAuthorizedException: A client attempted to write unauthorized attribute";
        let named = with(&[("name", "Ann")]);
        assert_eq!(attempt(&world, &client, "ann", named.clone()), Err(refused.into()));
        attempt(&world, &pool.client, "ann", named).unwrap();
        attempt(&world, &client, "bob", with(&[("email", "bob@example.com")])).unwrap();
        let verified = with(&[("email", "carl@example.com"), ("email_verified", "true")]);
        assert_eq!(attempt(&world, &pool.client, "carl", verified), Err(refused.into()));
    }

    #[test]
    fn required_attributes_must_be_given() {
        let world = World::new();
        let pool = world.pool(json!({ "Schema": [
            { "Name": "given_name", "Required": true, "AttributeDataType": "String" },
            { "Name": "email", "Required": true, "AttributeDataType": "String" },
        ] }));
        let prefix = "InvalidParameterException: Attributes did not conform to the schema: ";
        let both = "given_name: The attribute is required\nemail: The attribute is required";
        assert_eq!(attempt(&world, &pool.client, "ann", json!({})), Err([prefix, both].concat()));
        let empty = with(&[("email", "ann@example.com"), ("given_name", "")]);
        assert_eq!(
            attempt(&world, &pool.client, "ann", empty),
            Err([prefix, "given_name: The attribute is required"].concat())
        );
        let all = with(&[("email", "ann@example.com"), ("given_name", "Ann")]);
        attempt(&world, &pool.client, "ann", all).unwrap();
    }

    #[test]
    fn an_alias_that_is_chosen_comes_after_confirmation() {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["preferred_username"] }));
        let refusal = attempt(&world, &pool.client, "ann", with(&[("preferred_username", "a")]));
        assert_eq!(
            refusal,
            Err(
                "InvalidParameterException: Preferred username cannot be provided for unconfirmed \
                 account, since user pool is configured for preferred username alias."
                    .into()
            )
        );
    }

    #[test]
    fn a_client_with_a_secret_proves_that_it_knows_it() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let client = world.client(&pool.id, json!({ "GenerateSecret": true }));
        assert_eq!(
            attempt(&world, &client, "ann", json!({})),
            Err(format!(
                "NotAuthorizedException: Client {client} is configured for secret but secret was \
                 not received"
            ))
        );
        assert_eq!(
            attempt(&world, &client, "ann", json!({ "SecretHash": "AAAA" })),
            Err(format!(
                "NotAuthorizedException: Unable to verify secret hash for client {client}"
            ))
        );
        assert_eq!(user(&world, &pool, "ann"), Err("UserNotFoundException".into()));
        let described = world
            .ok("DescribeUserPoolClient", json!({ "UserPoolId": pool.id, "ClientId": client }));
        let secret = described["UserPoolClient"]["ClientSecret"].as_str().unwrap();
        let hash = hmac_sha256(secret.as_bytes(), &[b"ann", client.as_bytes()]);
        let hash = BASE64_STANDARD.encode(hash);
        assert_eq!(
            attempt(&world, &pool.client, "ann", json!({ "SecretHash": hash })),
            Err(format!(
                "InvalidParameterException: App client {} is not configured for secret but secret \
                 hash was received",
                pool.client
            ))
        );
        attempt(&world, &client, "ann", json!({ "SecretHash": hash })).unwrap();
    }

    #[test]
    fn what_leads_to_another_user_is_no_name() {
        let world = World::new();
        let pool = world.pool(json!({ "AliasAttributes": ["preferred_username"] }));
        world.user(&pool, "ann", json!([{ "Name": "preferred_username", "Value": "queen" }]));
        let ann = user(&world, &pool, "ann").unwrap();
        for name in [&json!("queen"), &ann["UserAttributes"][0]["Value"]] {
            assert_eq!(
                attempt(&world, &pool.client, name.as_str().unwrap(), json!({})),
                Err("UsernameExistsException: User already exists".into())
            );
        }
        attempt(&world, &pool.client, "bob", json!({})).unwrap();
    }

    #[test]
    fn an_unknown_client_is_reported() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let mut client = pool.client.clone();
        client.replace_range(20.., "zzzzzz");
        let refusal = attempt(&world, &client, "ann", json!({})).unwrap_err();
        assert_eq!(
            refusal,
            format!("ResourceNotFoundException: User pool client {client} does not exist.")
        );
    }
}
