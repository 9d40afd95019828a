//! `AssociateSoftwareToken`: gives a secret for an authenticator app.
//!
//! A user who is signed in keeps the app that is set up until the new one has shown a code.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html>

use crate::{
    access::bearer::{self, Bearer},
    directory, flow,
    model::{
        factor::{self, SECRET_BYTES},
        user::User,
    },
    prelude::*,
};

operation!(
    AssociateSoftwareToken, Token, reach AccessTokenOrSession, now,
    adds [ConcurrentModification, Forbidden, SoftwareTokenMfaNotFound],
    lacks [TooManyRequests]
);

shape! { Input {
    AccessToken access_token: Option<Token>,
    Session session: Option<ChallengeSession>,
} }

shape! { Output {
    SecretCode secret_code: Option<SecretCode>,
    Session session: Option<ChallengeSession>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Some(token) = input.access_token else {
        let session = input.session.as_ref().map_or("", Text::as_str);
        let (secret, session) = flow::set_up::associate(cx, session)?;
        return Ok(Output { secret_code: Some(secret.into()), session: Some(session.into()) });
    };
    let Bearer { pool, mut user, .. } = bearer::verify(cx, token.as_str())?;
    pool.require_software_tokens()?;
    let secret = cx.random.bytes::<SECRET_BYTES>();
    let before = User::clone(&user);
    user.factors.pending = Some(factor::seal(cx, &before, &secret)?);
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output { secret_code: Some(factor::shown(&secret).into()), session: None })
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn every_call_gives_another_secret_and_keeps_it_sealed() {
        let world = World::new();
        let pool = world.mfa_pool("OPTIONAL");
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let associate = || {
            let made = world.ok("AssociateSoftwareToken", json!({ "AccessToken": token }));
            assert_eq!(made.get("Session"), None::<&Value>);
            String::from(made["SecretCode"].as_str().unwrap())
        };
        let (first, second) = (associate(), associate());
        assert_ne!(first, second);
        assert_eq!(second.len(), 32);
        let record = world.record(&pool, "user/ann");
        assert!(!record.contains(&first) && !record.contains(&second), "{record}");
    }

    #[test]
    fn a_pool_that_takes_no_apps_says_so() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let failure = world.fails("AssociateSoftwareToken", json!({ "AccessToken": token }));
        assert_eq!(failure.code, "SoftwareTokenMFANotFoundException");
        assert_eq!(failure.message, "Software Token MFA has not been enabled by the userPool");
    }

    #[test]
    fn whoever_is_not_known_gets_none() {
        let world = World::new();
        let pool = world.mfa_pool("OPTIONAL");
        let failure = |input: Value| world.fails("AssociateSoftwareToken", input);
        assert_eq!(failure(json!({})).code, "InvalidParameterException");
        let suffix = pool.id.rsplit_once('_').unwrap().1;
        for session in ["0123456789012345678901", &alloc::format!("{suffix}.c2VhbGVkc2VhbGVk")] {
            let failure = failure(json!({ "Session": session }));
            assert_eq!(failure.code, "NotAuthorizedException");
            assert_eq!(failure.message, "Invalid session for the user.");
        }
    }
}
