//! Which triggers does a user pool call?

use super::{
    choice::{LambdaVersion, PreTokenGenerationLambdaVersion},
    text::Arn,
};
use crate::shape::shape;

shape! {
    /// The function of each trigger.
    #[derive(Default)]
    pub(crate) LambdaConfigType {
        PreSignUp pre_sign_up: Option<Arn>,
        CustomMessage custom_message: Option<Arn>,
        PostConfirmation post_confirmation: Option<Arn>,
        PreAuthentication pre_authentication: Option<Arn>,
        PostAuthentication post_authentication: Option<Arn>,
        DefineAuthChallenge define_auth_challenge: Option<Arn>,
        CreateAuthChallenge create_auth_challenge: Option<Arn>,
        VerifyAuthChallengeResponse verify_auth_challenge_response: Option<Arn>,
        PreTokenGeneration pre_token_generation: Option<Arn>,
        UserMigration user_migration: Option<Arn>,
        PreTokenGenerationConfig pre_token_generation_config:
            Option<PreTokenGenerationVersionConfigType>,
        CustomSMSSender custom_sms_sender: Option<CustomSMSLambdaVersionConfigType>,
        CustomEmailSender custom_email_sender: Option<CustomEmailLambdaVersionConfigType>,
        KMSKeyID kms_key_id: Option<Arn>,
        InboundFederation inbound_federation: Option<InboundFederationLambdaType>,
    }
}

shape! {
    /// The function before tokens are made, and the version of its event.
    pub(crate) PreTokenGenerationVersionConfigType {
        LambdaVersion lambda_version: PreTokenGenerationLambdaVersion,
        LambdaArn lambda_arn: Arn,
    }
}

shape! {
    /// The function that sends text messages.
    pub(crate) CustomSMSLambdaVersionConfigType {
        LambdaVersion lambda_version: LambdaVersion,
        LambdaArn lambda_arn: Arn,
    }
}

shape! {
    /// The function that sends mail.
    pub(crate) CustomEmailLambdaVersionConfigType {
        LambdaVersion lambda_version: LambdaVersion,
        LambdaArn lambda_arn: Arn,
    }
}

shape! {
    /// The function that changes what a provider says of a user.
    pub(crate) InboundFederationLambdaType {
        LambdaVersion lambda_version: LambdaVersion,
        LambdaArn lambda_arn: Arn,
    }
}
