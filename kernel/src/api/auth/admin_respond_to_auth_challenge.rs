//! `AdminRespondToAuthChallenge`: answers the challenge of a sign-in, for a server.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html>

use crate::{
    flow::{self, Door, respond::Answer},
    prelude::*,
    token,
    trigger::{self, Said},
};

operation!(
    AdminRespondToAuthChallenge, Iam, reach Pool, asks,
    adds [
        AliasExists, CodeMismatch, ExpiredCode, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidPassword, InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship,
        InvalidUserPoolConfiguration, MfaMethodNotFound, PasswordHistoryPolicyViolation,
        PasswordResetRequired, SoftwareTokenMfaNotFound, UnexpectedLambda, UserLambdaValidation,
        UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    ChallengeName challenge_name: ChallengeName,
    ChallengeResponses challenge_responses: Option<ChallengeResponses>,
    Session session: Option<ChallengeSession>,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    ContextData context_data: Option<ContextDataType>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    ChallengeName challenge_name: Option<ChallengeName>,
    Session session: Option<ChallengeSession>,
    ChallengeParameters challenge_parameters: Option<ChallengeParameters>,
    AuthenticationResult authentication_result: Option<AuthenticationResultType>,
    AvailableChallenges available_challenges: Option<Vec<ChallengeName>>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    cx.client(&input.client_id)?;
    let challenge = input.challenge_name;
    cx.steering.say(Said::with_answer(input.client_metadata.as_ref(), challenge));
    token::ready(cx).await?;
    let answer = Answer {
        challenge,
        session: input.session.as_ref().map(Text::as_str),
        responses: &input.challenge_responses.unwrap_or_default(),
    };
    let outcome = trigger::steered(cx, |cx| {
        let (pool, client) = cx.client(&input.client_id)?;
        let door = Door { pool: &pool, client: &client, is_admin: true };
        flow::respond::respond(cx, &door, &answer)
    })
    .await?;
    Ok(flow::output!(outcome.sent(cx).await?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    /// A pool, an invited user, and the challenge that its first sign-in gets.
    fn invited(world: &World) -> (TestPool, Value) {
        let pool = world.pool(json!({}));
        let _ = world.ok(
            "AdminCreateUser",
            json!({
                "UserPoolId": pool.id, "Username": "ann", "TemporaryPassword": "Tempor4ry!",
                "MessageAction": "SUPPRESS",
            }),
        );
        let challenge = sign_in(world, &pool, "Tempor4ry!");
        (pool, challenge)
    }

    fn sign_in(world: &World, pool: &TestPool, password: &str) -> Value {
        world.ok(
            "AdminInitiateAuth",
            json!({
                "UserPoolId": pool.id, "ClientId": pool.client,
                "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
            }),
        )
    }

    fn answer(pool: &TestPool, session: &Value, responses: Value) -> Value {
        let mut responses = responses;
        responses["USERNAME"] = json!("ann");
        json!({
            "UserPoolId": pool.id, "ClientId": pool.client, "Session": session,
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeResponses": responses,
        })
    }

    #[test]
    fn a_new_password_gives_tokens_and_confirms_the_user() {
        let world = World::new();
        let (pool, challenge) = invited(&world);
        assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        let input = answer(
            &pool,
            &challenge["Session"],
            json!({ "NEW_PASSWORD": PASSWORD, "userAttributes.name": "Ann" }),
        );
        let done = world.ok("AdminRespondToAuthChallenge", input.clone());
        assert!(done["AuthenticationResult"]["AccessToken"].is_string());
        let user = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(user["UserStatus"], "CONFIRMED");
        assert!(sign_in(&world, &pool, PASSWORD)["AuthenticationResult"].is_object());
        let again = world.fails("AdminRespondToAuthChallenge", input);
        assert_eq!(again.message, "Invalid session for the user, session can only be used once.");
    }

    #[test]
    fn a_password_against_the_policy_leaves_the_session_good() {
        let world = World::new();
        let (pool, challenge) = invited(&world);
        let session = &challenge["Session"];
        let weak = answer(&pool, session, json!({ "NEW_PASSWORD": "short" }));
        let failure = world.fails("AdminRespondToAuthChallenge", weak);
        assert_eq!(failure.code, "InvalidPasswordException");
        let good = answer(&pool, session, json!({ "NEW_PASSWORD": PASSWORD }));
        let _ = world.ok("AdminRespondToAuthChallenge", good);
    }

    #[test]
    fn a_session_expires_and_is_no_other_clients() {
        let world = World::new();
        let (pool, challenge) = invited(&world);
        let other = TestPool { id: pool.id.clone(), client: world.client(&pool.id, json!({})) };
        let responses = json!({ "NEW_PASSWORD": PASSWORD });
        let foreign = answer(&other, &challenge["Session"], responses.clone());
        let failure = world.fails("AdminRespondToAuthChallenge", foreign);
        assert_eq!(failure.message, "Invalid session for the user.");
        world.advance_s(181);
        let late = answer(&pool, &challenge["Session"], responses);
        let failure = world.fails("AdminRespondToAuthChallenge", late);
        assert_eq!(failure.message, "Invalid session for the user, session is expired.");
    }

    #[test]
    fn a_temporary_password_dies_with_its_time() {
        let world = World::new();
        let (pool, _) = invited(&world);
        world.advance_s(7 * 24 * 3600);
        let failure = world.fails(
            "AdminInitiateAuth",
            json!({
                "UserPoolId": pool.id, "ClientId": pool.client,
                "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Tempor4ry!" },
            }),
        );
        assert_eq!(
            failure.message,
            "Temporary password has expired and must be reset by an administrator."
        );
    }
}
