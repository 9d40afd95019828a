//! `CustomEmailSender` and `CustomSMSSender`: hand over messages in the place of the deployment's
//! own senders.
//!
//! Unlike the other functions these must know the code, which Cognito encrypts with a KMS key. Here
//! it is sealed to the X25519 key whose public half is the pool's tag `cognate:sender-key`, in
//! base64: `code` is base64 of the ephemeral public key (32 bytes), a dot, and base64 of nonce (24
//! bytes) and ciphertext of XChaCha20-Poly1305. The key is what RFC 9180 calls the exported secret:
//! base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export only, info `cognate custom sender`,
//! context `sec`, 32 bytes. The associated data is the user pool's id, a slash, and the username.
//! Temporary passwords are escaped for HTML, as at Cognito.

use alloc::{borrow::Cow, format, string::String};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::{Invocation, Occasion, Trigger, attributes, event};
use crate::{
    call::{Answer, Effect},
    crypto::{hpke, seal_with},
    cx::Cx,
    delivery::{Delivery, Medium, Reason},
    error::{Code, Error},
    model::{
        client::Client,
        pool::{Pool, tags},
        user::User,
    },
    page::escaped,
    shape::Json,
    store::keys,
};

const INFO: &[u8] = b"cognate custom sender";

/// Has the pool's function hand a message over; says whether there is one.
///
/// # Errors
/// `CodeDeliveryFailureException` if the message could not be handed over.
pub(crate) async fn send(cx: &mut Cx, delivery: &Delivery) -> Result<bool, Error> {
    let Some(invocation) = invocation(cx, delivery)? else { return Ok(false) };
    let name = invocation.trigger.name();
    match cx.ask(Effect::Invoke(invocation)).await {
        Answer::Returned(payload) if has_failed(&payload) => {
            Err(undelivered(format!("{name} failed")))
        }
        Answer::Returned(_) => Ok(true),
        Answer::Failed(reason) => Err(undelivered(reason)),
        _ => Err(Error::bug("a function was called and something else came")),
    }
}

fn undelivered(reason: impl Into<String>) -> Error {
    Error::from(Code::CodeDeliveryFailure).because(reason.into())
}

/// Whether a function failed; what it returns otherwise is not looked at.
fn has_failed(payload: &[u8]) -> bool {
    let payload = serde_json::from_slice::<Json>(payload);
    payload.is_ok_and(|payload| payload.get("errorMessage").is_some())
}

fn invocation(cx: &Cx, delivery: &Delivery) -> Result<Option<Invocation>, Error> {
    let (trigger, form) = match delivery.medium {
        Medium::Email => (Trigger::CustomEmailSender, "customEmailSenderRequestV1"),
        Medium::Sms => (Trigger::CustomSMSSender, "customSMSSenderRequestV1"),
    };
    let Some(pool) = cx.shared::<Pool>(keys::POOL)?.filter(|pool| trigger.of(pool).is_some())
    else {
        return Ok(None);
    };
    let client = delivery.client_id.as_ref();
    let client = client.map(|id| cx.shared::<Client>(&keys::client(id))).transpose()?.flatten();
    let user = cx.get::<User>(keys::user(&pool.key_of(&delivery.username)))?;
    let attributes = user.map(|user| attributes(&user)).unwrap_or_default();
    let members = [
        ("type", form.into()),
        ("code", sealed(cx, &pool, delivery)?.into()),
        ("userAttributes", Json::Object(attributes)),
    ];
    let request = event::request(cx, members);
    let client = client.as_deref();
    let occasion = Occasion { pool: &pool, client, username: &delivery.username };
    occasion.invocation((trigger, &format!("{:?}", delivery.reason)), request, json!({}))
}

/// The code, for nobody but the holder of the pool's key.
fn sealed(cx: &Cx, pool: &Pool, delivery: &Delivery) -> Result<String, Error> {
    let missing = || undelivered(format!("the pool has no good tag {}", tags::SENDER_KEY));
    let key = tags::sender_key(pool.description.user_pool_tags.as_ref()).ok_or_else(missing)?;
    let sent = hpke::send(&key, cx.random.bytes(), INFO)?.ok_or_else(missing)?;
    let bound_to = format!("{}/{}", pool.id, delivery.username);
    let code = match delivery.reason {
        // As at Cognito, whose functions put it into HTML as it is.
        Reason::AdminCreateUser => Cow::Owned(escaped(&delivery.code)),
        _ => Cow::Borrowed(delivery.code.as_str()),
    };
    let code = seal_with(&sent.key, bound_to.as_bytes(), code.as_bytes(), &cx.random)?;
    Ok(format!("{}.{code}", BASE64_STANDARD.encode(sent.encapsulated)))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::{
        crypto::open_with,
        testing::{PASSWORD, TestPool, World},
    };

    const PRIVATE: [u8; 32] = [7; 32];

    fn pool(world: &World, key: Option<&[u8; 32]>) -> TestPool {
        let sender = |name: &str| {
            let arn = format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}");
            json!({ "LambdaVersion": "V1_0", "LambdaArn": arn })
        };
        let key = key.map(|key| BASE64_STANDARD.encode(hpke::public_of(key)));
        let tags = key.map(|key| json!({ "cognate:sender-key": key }));
        world.pool(json!({
            "AutoVerifiedAttributes": ["email"],
            "LambdaConfig": {
                "CustomEmailSender": sender("mail"), "CustomSMSSender": sender("sms"),
                "KMSKeyID": "arn:aws:kms:eu-west-1:123456789012:key/any",
            },
            "UserPoolTags": tags.unwrap_or_else(|| json!({})),
        }))
    }

    fn sign_up(world: &World, pool: &TestPool) -> Result<Json, crate::testing::Failure> {
        world.call(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
                "ClientMetadata": { "a": "b" },
            }),
        )
    }

    fn opened(pool: &TestPool, event: &Json) -> String {
        let (encapsulated, code) =
            event["request"]["code"].as_str().unwrap().split_once('.').unwrap();
        let encapsulated = BASE64_STANDARD.decode(encapsulated).unwrap().try_into().unwrap();
        let key = hpke::receive(&PRIVATE, &encapsulated, INFO).unwrap().unwrap();
        let bound_to = format!("{}/ann", pool.id);
        String::from_utf8(open_with(&key, bound_to.as_bytes(), code).unwrap()).unwrap()
    }

    #[test]
    fn the_function_gets_the_code_and_nobody_else_does() {
        let world = World::new();
        let pool = pool(&world, Some(&PRIVATE));
        world.trigger("CustomEmailSender", |_| Ok(Json::Null));
        let _ = sign_up(&world, &pool).unwrap();
        assert!(world.sent().is_empty());
        let event = world.events().pop().unwrap();
        assert_eq!(event["triggerSource"], "CustomEmailSender_SignUp");
        assert_eq!(event["callerContext"]["clientId"], pool.client);
        assert_eq!(event["request"]["type"], "customEmailSenderRequestV1");
        assert_eq!(event["request"]["userAttributes"]["email"], "ann@example.com");
        assert_eq!(event["request"]["clientMetadata"], json!({ "a": "b" }));
        let code = opened(&pool, &event);
        assert!(!event.to_string().contains(&code));
        let input = json!({
            "ClientId": pool.client, "Username": "ann", "ConfirmationCode": code.to_string(),
        });
        let _ = world.ok("ConfirmSignUp", input);
    }

    #[test]
    fn a_temporary_password_comes_as_html() {
        let world = World::new();
        let pool = pool(&world, Some(&PRIVATE));
        world.trigger("CustomEmailSender", |_| Ok(Json::Null));
        let _ = world.ok(
            "AdminCreateUser",
            json!({
                "UserPoolId": pool.id, "Username": "ann", "TemporaryPassword": "Pa&ss<w0rd>",
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
                "DesiredDeliveryMediums": ["EMAIL"],
            }),
        );
        let event = world.events().pop().unwrap();
        assert_eq!(event["triggerSource"], "CustomEmailSender_AdminCreateUser");
        assert_eq!(opened(&pool, &event), "Pa&amp;ss&lt;w0rd&gt;");
    }

    #[test]
    fn what_the_function_does_not_hand_over_is_told() {
        let world = World::new();
        let pool = pool(&world, Some(&PRIVATE));
        world.trigger_fails("CustomEmailSender", "no route");
        assert_eq!(sign_up(&world, &pool).unwrap_err().code, "CodeDeliveryFailureException");
        world.trigger("CustomEmailSender", |_| Ok(Json::Null));
        let named = json!({ "ClientId": pool.client, "Username": "ann" });
        let _ = world.ok("ResendConfirmationCode", named);
        let event = world.events().pop().unwrap();
        assert_eq!(event["triggerSource"], "CustomEmailSender_ResendCode");
    }

    #[test]
    fn without_a_key_no_code_leaves() {
        let world = World::new();
        let pool = pool(&world, None);
        world.trigger("CustomEmailSender", |_| Ok(Json::Null));
        assert_eq!(sign_up(&world, &pool).unwrap_err().code, "CodeDeliveryFailureException");
        assert!(world.events().is_empty() && world.sent().is_empty());
        assert!(world.log().pop().unwrap().contains("cognate:sender-key"));
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        let world = World::new();
        for bad in ["", "x", "AAAA"] {
            let tags = json!({ "cognate:sender-key": bad });
            let input = json!({ "PoolName": "p", "UserPoolTags": tags });
            let failure = world.fails("CreateUserPool", input);
            assert_eq!(failure.code, "InvalidParameterException", "{bad}");
        }
    }
}
