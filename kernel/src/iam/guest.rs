//! What guests may do at most, whatever their role says, where they come by the enhanced flow.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies>

use alloc::{format, string::String, vec::Vec};

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
const ACTIONS: [&str; 2] = ["rum:PutRumEvents", "sagemaker:InvokeEndpoint"];

/// Whether that action, `service:Operation`, is among them.
pub(crate) fn may(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let service = action.split_once(':').map_or("", |(service, _)| service);
    SERVICES.contains(&service) || ACTIONS.iter().any(|known| known.eq_ignore_ascii_case(&action))
}

/// The same as a session policy.
pub(crate) fn policy() -> String {
    let services = SERVICES.iter().map(|service| format!("\"{service}:*\""));
    let actions = ACTIONS.iter().map(|action| format!("\"{action}\""));
    let all: Vec<String> = services.chain(actions).collect();
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}}"#,
        all.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::{Ask, Context, Decision, Kind, Policy, decide};

    #[test]
    fn the_policy_says_what_guests_may_do() {
        assert!(policy().len() <= 2_048);
        let policy = Policy::parse(&policy(), Kind::Permissions).unwrap();
        for (action, expected) in [
            ("s3:GetObject", true),
            ("S3:getobject", true),
            ("rum:PutRumEvents", true),
            ("rum:ListAppMonitors", false),
            ("iam:CreateRole", false),
            ("sts:AssumeRole", false),
            ("s3", false),
            ("", false),
        ] {
            assert_eq!(may(action), expected, "{action}");
            let ask = Ask { action, resource: "*", context: &Context::default() };
            let is_allowed = decide([&policy], ask) == Decision::Allowed;
            assert_eq!(is_allowed, expected, "{action}");
        }
    }
}
