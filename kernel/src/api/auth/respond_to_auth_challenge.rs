//! `RespondToAuthChallenge`: answers the challenge of a sign-in.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html>

use crate::{
    flow::{self, Door, respond::Answer},
    prelude::*,
    token,
    trigger::{self, Said},
};

operation!(
    RespondToAuthChallenge, Public, reach Client, asks,
    adds [
        AliasExists, CodeMismatch, ExpiredCode, Forbidden, InvalidEmailRoleAccessPolicy,
        InvalidLambdaResponse, InvalidPassword, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship, InvalidUserPoolConfiguration, MfaMethodNotFound,
        PasswordHistoryPolicyViolation, PasswordResetRequired, SoftwareTokenMfaNotFound,
        UnexpectedLambda, UserLambdaValidation, UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    ClientId client_id: ClientId,
    ChallengeName challenge_name: ChallengeName,
    Session session: Option<ChallengeSession>,
    ChallengeResponses challenge_responses: Option<ChallengeResponses>,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    UserContextData user_context_data: Option<UserContextDataType>,
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
        let door = Door { pool: &pool, client: &client, is_admin: false };
        flow::respond::respond(cx, &door, &answer)
    })
    .await?;
    Ok(flow::output!(outcome.sent(cx).await?))
}
