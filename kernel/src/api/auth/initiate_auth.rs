//! `InitiateAuth`: begins to sign a user in.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html>

use crate::{
    flow::{self, Door},
    prelude::*,
    token,
};

operation!(
    InitiateAuth, Public, reach Client, asks,
    adds [
        FeatureUnavailableInTier, Forbidden, InvalidEmailRoleAccessPolicy, InvalidLambdaResponse,
        InvalidSmsRoleAccessPolicy, InvalidSmsRoleTrustRelationship, InvalidUserPoolConfiguration,
        PasswordResetRequired, UnexpectedLambda, UnsupportedOperation, UserLambdaValidation,
        UserNotConfirmed, UserNotFound,
    ]
);

shape! { Input {
    AuthFlow auth_flow: AuthFlow,
    AuthParameters auth_parameters: Option<AuthParameters>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
    ClientId client_id: ClientId,
    AnalyticsMetadata analytics_metadata: Option<AnalyticsMetadataType>,
    UserContextData user_context_data: Option<UserContextDataType>,
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
    cx.client(&input.client_id)?;
    token::ready(cx).await?;
    let (pool, client) = cx.client(&input.client_id)?;
    let door = Door { pool: &pool, client: &client, is_admin: false };
    let parameters = input.auth_parameters.unwrap_or_default();
    let outcome = flow::initiate::initiate(cx, &door, input.auth_flow, &parameters)?;
    Ok(flow::output!(outcome))
}
