//! `AdminInitiateAuth`: begins to sign a user in, for a server.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html>

use crate::{
    flow::{self, Door},
    prelude::*,
    token,
    trigger::{self, Said},
};

operation!(
    AdminInitiateAuth, Iam, reach Pool, asks,
    adds [
        FeatureUnavailableInTier, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, InvalidUserPoolConfiguration,
        MfaMethodNotFound, PasswordResetRequired, UnexpectedLambda, UnsupportedOperation,
        UserLambdaValidation, UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    ClientId client_id: ClientId,
    AuthFlow auth_flow: AuthFlow,
    AuthParameters auth_parameters: Option<AuthParameters>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    ContextData context_data: Option<ContextDataType>,
    Session session: Option<ChallengeSession>,
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
    cx.steering.say(Said::at_first(input.client_metadata.as_ref()));
    token::ready(cx).await?;
    let parameters = input.auth_parameters.unwrap_or_default();
    let begun = (&*parameters, input.session.as_ref().map(Text::as_str));
    let outcome = trigger::steered(cx, |cx| {
        let (pool, client) = cx.client(&input.client_id)?;
        let door = Door { pool: &pool, client: &client, is_admin: true };
        flow::initiate::initiate(cx, &door, input.auth_flow, begun)
    })
    .await?;
    Ok(flow::output!(outcome.sent(cx).await?))
}
