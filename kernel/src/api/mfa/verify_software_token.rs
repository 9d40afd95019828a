//! `VerifySoftwareToken`: takes the first code of an authenticator app.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html>

use crate::{
    access::bearer::{self, Bearer},
    directory, flow,
    model::{
        factor::{self, SoftwareToken},
        user::User,
    },
    prelude::*,
};

operation!(
    VerifySoftwareToken, Token, reach AccessTokenOrSession, now,
    adds [
        CodeMismatch, EnableSoftwareTokenMfa, Forbidden, InvalidUserPoolConfiguration,
        PasswordResetRequired, SoftwareTokenMfaNotFound, UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    AccessToken access_token: Option<Token>,
    Session session: Option<ChallengeSession>,
    UserCode user_code: SoftwareTokenMfaUserCode,
    FriendlyDeviceName friendly_device_name: Option<String>,
} }

shape! { Output {
    Status status: Option<VerifySoftwareTokenResponse>,
    Session session: Option<ChallengeSession>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let name = input.friendly_device_name.as_deref();
    let code = (input.user_code.as_str(), name);
    let status = Some(VerifySoftwareTokenResponse::Success);
    let Some(token) = input.access_token else {
        let session = input.session.as_ref().map_or("", Text::as_str);
        let session = flow::set_up::verify(cx, session, code)?;
        return Ok(Output { status, session: Some(session.into()) });
    };
    let Bearer { pool, mut user, .. } = bearer::verify(cx, token.as_str())?;
    pool.require_software_tokens()?;
    let before = User::clone(&user);
    let pending = user.factors.pending.take().ok_or(Code::EnableSoftwareTokenMfa)?;
    let secret = factor::open(cx, &before, &pending)?;
    let app = SoftwareToken::new(cx, &before, &secret, code)?;
    user.factors.token = Some(app.ok_or(Code::EnableSoftwareTokenMfa)?);
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output { status, session: None })
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use serde_json::{Value, json};

    use crate::testing::{TestPool, World};

    fn ann(world: &World) -> (TestPool, Value) {
        let pool = world.mfa_pool("OPTIONAL");
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        (pool, token)
    }

    fn associate(world: &World, token: &Value) -> String {
        let made = world.ok("AssociateSoftwareToken", json!({ "AccessToken": token }));
        made["SecretCode"].as_str().unwrap().into()
    }

    fn verify(world: &World, token: &Value, code: &str) -> Result<Value, String> {
        let input = json!({ "AccessToken": token, "UserCode": code });
        let outcome = world.call("VerifySoftwareToken", input);
        outcome.map_err(|failure| alloc::format!("{}: {}", failure.code, failure.message))
    }

    const MISMATCH: &str = "EnableSoftwareTokenMFAException: Code mismatch";

    #[test]
    fn a_right_code_sets_the_app_up_and_turns_nothing_on() {
        let world = World::new();
        let (pool, token) = ann(&world);
        let secret = associate(&world, &token);
        let right = world.app_code(&secret);
        let wrong = alloc::format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
        assert_eq!(verify(&world, &token, &wrong), Err(MISMATCH.into()));
        assert_eq!(verify(&world, &token, &right), Ok(json!({ "Status": "SUCCESS" })));
        assert_eq!(
            world.ok("GetUser", json!({ "AccessToken": token })).get("UserMFASettingList"),
            None
        );
        assert!(world.sign_in(&pool, "ann")["AccessToken"].is_string());
        // There is nothing to verify any more.
        assert_eq!(verify(&world, &token, &right), Err(MISMATCH.into()));
    }

    #[test]
    fn only_the_last_secret_counts() {
        let world = World::new();
        let (_, token) = ann(&world);
        assert_eq!(verify(&world, &token, "123456"), Err(MISMATCH.into()));
        let (first, second) = (associate(&world, &token), associate(&world, &token));
        assert_eq!(verify(&world, &token, &world.app_code(&first)), Err(MISMATCH.into()));
        assert!(verify(&world, &token, &world.app_code(&second)).is_ok());
    }

    #[test]
    fn the_app_that_is_there_counts_until_another_one_is_verified() {
        let world = World::new();
        let (pool, token) = ann(&world);
        let first = world.set_up_token(&pool, "ann");
        let second = associate(&world, &token);
        let challenge = world.begin_sign_in(&pool, "ann");
        assert!(world.answer_app(&pool, &challenge, &first).is_ok());
        assert!(verify(&world, &token, &world.app_code(&second)).is_ok());
        world.advance_s(60);
        let challenge = world.begin_sign_in(&pool, "ann");
        assert!(world.answer_app(&pool, &challenge, &first).is_err());
        assert!(world.answer_app(&pool, &challenge, &second).is_ok());
    }
}
