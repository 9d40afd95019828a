//! What guests may do at most, whatever their role says, where they come by the enhanced flow.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies>

/// Services of which they may use all.
const SERVICES: [&str; 29] = [
    "appsync",
    "cloudwatch",
    "cognito-identity",
    "cognito-idp",
    "cognito-sync",
    "comprehend",
    "dynamodb",
    "execute-api",
    "firehose",
    "gamelift",
    "iot",
    "kinesis",
    "lambda",
    "lex",
    "logs",
    "machinelearning",
    "mobileanalytics",
    "mobiletargeting",
    "personalize",
    "polly",
    "rekognition",
    "s3",
    "scs",
    "sdb",
    "ses",
    "sns",
    "sqs",
    "transcribe",
    "translate",
];

/// What they may use of other services; `geo` and `kms` are not ours to know.
const ACTIONS: [&str; 2] = ["rum:putrumevents", "sagemaker:invokeendpoint"];

/// Whether that action, `service:Operation`, is among them.
pub(crate) fn may(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let service = action.split_once(':').map_or("", |(service, _)| service);
    SERVICES.contains(&service) || ACTIONS.contains(&action.as_str())
}
