//! `Cognate.PutMessageTemplates`: says what messages say in a language.
//!
//! Whoever has a `locale` is written to in that language, or in the wider one (`de` for `de-CH`); all
//! others, and what a language leaves out, as the pool's own configuration says. A function behind
//! `CustomMessage` has the last word.

use crate::{
    delivery::language::{Templates, folded, is_tag, no_tag},
    prelude::*,
    store::keys,
};

operation!(extension PutMessageTemplates, Iam, reach Pool, now, adds [LimitExceeded]);

/// More than there are translations of anything.
const LANGUAGES_MAX: usize = 60;

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Language language: MessageLanguage,
    Templates templates: MessageTemplatesType,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let tag = folded(input.language.as_str());
    if !is_tag(&tag) {
        let message = no_tag(input.language.as_str());
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let key = keys::language(&tag);
    let all = keys::under(keys::LANGUAGES);
    if !cx.has(&key)?
        && cx.keys(all.start.as_str()..all.end.as_str(), LANGUAGES_MAX)?.len() >= LANGUAGES_MAX
    {
        let message = alloc::format!("A user pool can have {LANGUAGES_MAX} languages at most.");
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    cx.put(&key, &Templates { description: input.templates })?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    fn pool(world: &World) -> TestPool {
        world.pool(json!({
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": {
                "EmailMessage": "Code {####}", "EmailSubject": "Hello",
            },
        }))
    }

    fn put(world: &World, pool: &TestPool, language: &str, templates: &Value) {
        let _ = world.ok(
            "PutMessageTemplates",
            json!({ "UserPoolId": pool.id, "Language": language, "Templates": templates }),
        );
    }

    /// What somebody with that locale is sent for signing up.
    fn sent(world: &World, pool: &TestPool, locale: &str) -> (String, String) {
        let mut attributes = json!([{ "Name": "email", "Value": "ann@example.com" }]);
        if !locale.is_empty() {
            let locale = json!({ "Name": "locale", "Value": locale });
            attributes.as_array_mut().unwrap().push(locale);
        }
        let name = format!("user-{}", world.sent().len());
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": name, "Password": PASSWORD,
                "UserAttributes": attributes,
            }),
        );
        let message = world.sent().pop().unwrap();
        (message.subject.unwrap(), message.body.replace(&message.code, "#"))
    }

    fn words(subject: &str, body: &str) -> (String, String) {
        (subject.into(), body.into())
    }

    #[test]
    fn a_user_is_written_to_in_the_language_of_the_locale() {
        let world = World::new();
        let pool = pool(&world);
        let template = json!({ "EmailMessage": "Dein Code {####}", "EmailSubject": "Hallo" });
        put(&world, &pool, "de", &json!({ "VerificationMessageTemplate": template }));
        let swiss = json!({ "EmailMessage": "Din Code {####}" });
        put(&world, &pool, "de-CH", &json!({ "VerificationMessageTemplate": swiss }));
        for locale in ["", "en", "x", "de/..", "deutsch-deutsch-deutsch-deutsch-deutsch"] {
            assert_eq!(sent(&world, &pool, locale), words("Hello", "Code #"), "{locale}");
        }
        for locale in ["de", "DE", "de_AT", "de-DE-1996"] {
            assert_eq!(sent(&world, &pool, locale), words("Hallo", "Dein Code #"), "{locale}");
        }
        // What a language leaves out is said as the pool says it.
        assert_eq!(sent(&world, &pool, "de_CH"), words("Hello", "Din Code #"));
    }

    #[test]
    fn every_message_has_a_translation() {
        let world = World::new();
        let pool = pool(&world);
        put(
            &world,
            &pool,
            "de",
            &json!({
                "InviteMessageTemplate": {
                    "EmailMessage": "Du bist {username}: {####}", "EmailSubject": "Komm",
                },
                "VerificationMessageTemplate": { "EmailMessage": "Neues Passwort {####}" },
            }),
        );
        let _ = world.ok(
            "AdminCreateUser",
            json!({
                "UserPoolId": pool.id, "Username": "ann", "DesiredDeliveryMediums": ["EMAIL"],
                "UserAttributes": [
                    { "Name": "email", "Value": "ann@example.com" },
                    { "Name": "email_verified", "Value": "true" },
                    { "Name": "locale", "Value": "de" },
                ],
            }),
        );
        let invitation = world.sent().pop().unwrap();
        assert_eq!(invitation.subject.as_deref(), Some("Komm"));
        assert!(invitation.body.starts_with("Du bist ann: "));
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({
                "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD, "Permanent": true,
            }),
        );
        let named = json!({ "ClientId": pool.client, "Username": "ann" });
        let _ = world.ok("ForgotPassword", named);
        assert!(world.sent().pop().unwrap().body.starts_with("Neues Passwort "));
    }

    #[test]
    fn what_was_put_is_listed_and_deleted() {
        let world = World::new();
        let pool = pool(&world);
        let list = || world.ok("ListMessageTemplates", json!({ "UserPoolId": pool.id }));
        assert_eq!(list(), json!({ "Languages": [] }));
        let template = json!({ "SmsAuthenticationMessage": "Dein Code {####}" });
        put(&world, &pool, "pt_BR", &json!({ "SmsAuthenticationMessage": "old {####}" }));
        put(&world, &pool, "pt-br", &template);
        put(&world, &pool, "de", &json!({}));
        assert_eq!(
            list(),
            json!({ "Languages": [
                { "Language": "de", "Templates": {} },
                { "Language": "pt-br", "Templates": template },
            ] })
        );
        let named = json!({ "UserPoolId": pool.id, "Language": "PT-BR" });
        let _ = world.ok("DeleteMessageTemplates", named.clone());
        assert_eq!(list()["Languages"].as_array().unwrap().len(), 1);
        let refusal = world.fails("DeleteMessageTemplates", named);
        assert_eq!(refusal.code, "ResourceNotFoundException");
    }

    #[test]
    fn what_is_no_language_is_refused_and_there_is_an_end_to_them() {
        let world = World::new();
        let pool = pool(&world);
        let failure = |language: &str| {
            let input = json!({ "UserPoolId": pool.id, "Language": language, "Templates": {} });
            world.call("PutMessageTemplates", input).err().map(|failure| failure.code)
        };
        for language in ["x", "de/ch", "..", "d e"] {
            assert_eq!(failure(language).as_deref(), Some("InvalidParameterException"));
        }
        for n in 0..60 {
            assert_eq!(failure(&format!("de-{n:03}")), None);
        }
        assert_eq!(failure("fr").as_deref(), Some("LimitExceededException"));
        assert_eq!(failure("de-000"), None);
    }
}
