//! `PutRolePolicy`: says what a role may do, in a document of that name.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html>

use crate::{
    iam::{
        Kind,
        role::{check, weight},
    },
    prelude::*,
};

operation!(
    iam PutRolePolicy, now,
    adds [LimitExceeded, MalformedPolicyDocument, NoSuchEntity, UnmodifiableEntity]
);

shape! { Input {
    RoleName role_name: RoleName,
    PolicyName policy_name: PolicyName,
    PolicyDocument policy_document: PolicyDocument,
} }

shape! { Output {} }

/// AWS's bound of all documents of a role together, without white space.
const BYTES_MAX: usize = 10_240;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let mut role = cx.role(input.role_name.as_str())?;
    check(input.policy_document.as_str(), Kind::Permissions)?;
    role.policies.insert(input.policy_name.into_string(), input.policy_document.into_string());
    if role.policies.values().map(|document| weight(document)).sum::<usize>() > BYTES_MAX {
        let message = alloc::format!(
            "Maximum policy size of {BYTES_MAX} bytes exceeded for role {}",
            role.name
        );
        return Err(Error::saying(Code::LimitExceeded, message));
    }
    role.save()?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
    };

    use serde_json::{Value as Json, json};

    use crate::{
        Response,
        testing::{World, federated, outcome},
    };

    const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Federated":"cognito-identity.amazonaws.com"},
        "Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAnyValue:StringLike":
        {"cognito-identity.amazonaws.com:amr":"unauthenticated"}}}]}"#;

    fn body(response: &Response) -> String {
        String::from_utf8(response.body.clone()).unwrap()
    }

    fn iam(world: &World, action: &str, members: &[(&str, &str)]) -> (u16, String) {
        let response = world.query("iam", action, members);
        (response.status, body(&response))
    }

    fn put(world: &World, statement: &Json) -> (u16, String) {
        let document = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        let members = [("RoleName", "guest"), ("PolicyName", "p"), ("PolicyDocument", &*document)];
        iam(world, "PutRolePolicy", &members)
    }

    /// A world with a role for guests, and credentials of one.
    fn guest() -> (World, String, Json) {
        let (world, _, pool) = federated(json!({}));
        let members = [("RoleName", "guest"), ("AssumeRolePolicyDocument", TRUST)];
        assert_eq!(iam(&world, "CreateRole", &members).0, 200);
        let role = "arn:aws:iam::123456789012:role/guest";
        let roles = json!({ "IdentityPoolId": pool, "Roles": { "unauthenticated": role } });
        let _ = world.ok("SetIdentityPoolRoles", roles);
        let id = world.ok("GetId", json!({ "IdentityPoolId": pool }));
        let given = world.ok("GetCredentialsForIdentity", id);
        (world, pool, given["Credentials"].clone())
    }

    #[test]
    fn a_role_may_do_what_its_policies_allow_from_the_next_call_on() {
        let (world, pool, credentials) = guest();
        let call = |operation: &str, input: Json| {
            let request = world.signed_by(&credentials, operation, &input);
            outcome(&world.send(&request)).map_err(|failure| failure.code)
        };
        let describe = || call("DescribeIdentityPool", json!({ "IdentityPoolId": pool }));
        let denied = Err(String::from("AccessDeniedException"));
        assert_eq!(describe(), denied);
        let allows = |resource: &str| {
            json!({
                "Effect": "Allow", "Action": "cognito-identity:Describe*", "Resource": resource,
            })
        };
        let arn = format!("arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/{pool}");
        assert_eq!(put(&world, &allows(&format!("{arn}x"))).0, 200);
        assert_eq!(describe(), denied);
        assert_eq!(put(&world, &allows(&arn)).0, 200);
        assert_eq!(describe().unwrap()["IdentityPoolId"], pool);
        assert_eq!(call("DeleteIdentityPool", json!({ "IdentityPoolId": pool })), denied);
        let revoked = json!({
            "Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": { "DateLessThan": { "aws:TokenIssueTime": "2100-01-01T00:00:00Z" } },
        });
        assert_eq!(put(&world, &json!([allows(&arn), revoked])).0, 200);
        assert_eq!(describe(), denied);
    }

    #[test]
    fn a_role_is_shown_as_it_was_made_and_goes_without_its_policies() {
        let (world, _, _) = guest();
        let named = [("RoleName", "guest")];
        let (status, shown) = iam(&world, "GetRole", &named);
        assert_eq!(status, 200);
        assert!(shown.starts_with(
            "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult>"
        ));
        assert!(shown.contains("<Arn>arn:aws:iam::123456789012:role/guest</Arn>"), "{shown}");
        assert!(shown.contains("<CreateDate>2026-11-"), "{shown}");
        assert!(shown.contains("%22Version%22%3A%222012-10-17%22"), "{shown}");
        let (status, again) =
            iam(&world, "CreateRole", &[named[0], ("AssumeRolePolicyDocument", TRUST)]);
        assert!(status == 409 && again.contains("<Code>EntityAlreadyExists</Code>"), "{again}");
        let _ = put(&world, &json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
        let (status, refused) = iam(&world, "DeleteRole", &named);
        assert!(status == 409 && refused.contains("<Code>DeleteConflict</Code>"), "{refused}");
        let policy = [named[0], ("PolicyName", "p")];
        assert!(iam(&world, "GetRolePolicy", &policy).1.contains("%22Effect%22"));
        let listed = iam(&world, "ListRolePolicies", &named).1;
        assert!(listed.contains("<PolicyNames><member>p</member></PolicyNames>"), "{listed}");
        assert_eq!(iam(&world, "DeleteRolePolicy", &policy).0, 200);
        assert!(iam(&world, "ListRoles", &[]).1.contains("<RoleName>guest</RoleName>"));
        assert_eq!(iam(&world, "DeleteRole", &named).0, 200);
        let (status, gone) = iam(&world, "GetRole", &named);
        assert!(status == 404 && gone.contains("<Code>NoSuchEntity</Code>"), "{gone}");
    }

    #[test]
    fn what_is_no_policy_or_no_call_is_refused() {
        let (world, _, _) = guest();
        let (status, refused) = put(&world, &json!({ "Effect": "Allow", "Action": "*" }));
        assert!(status == 400 && refused.contains("<Code>MalformedPolicyDocument</Code>"));
        let named = [("RoleName", "guest"), ("PolicyDocument", "{}")];
        let (status, refused) = iam(&world, "UpdateAssumeRolePolicy", &named);
        assert!(status == 400 && refused.contains("<Code>MalformedPolicyDocument</Code>"));
        let (status, refused) = iam(&world, "GetRole", &[]);
        assert!(status == 400 && refused.contains("<Code>ValidationError</Code>"), "{refused}");
        let (status, refused) = iam(&world, "CreateUser", &[]);
        assert!(status == 400 && refused.contains("<Code>InvalidAction</Code>"), "{refused}");
        let evil = [("RoleName", "<b>&\"")];
        let (status, refused) = iam(&world, "GetRole", &evil);
        assert!(status == 400 && !refused.contains("<b>"), "{refused}");
    }

    #[test]
    fn whoever_has_a_role_can_ask_who_that_is() {
        let (world, _, credentials) = guest();
        let shown = body(&world.query("sts", "GetCallerIdentity", &[]));
        assert!(shown.contains("<Arn>arn:aws:iam::123456789012:root</Arn>"), "{shown}");
        let request = world.query_by(&credentials, "sts", "GetCallerIdentity", &[]);
        let shown = body(&world.send(&request));
        let arn = "arn:aws:sts::123456789012:assumed-role/guest/CognitoIdentityCredentials";
        assert!(shown.contains(&format!("<Arn>{arn}</Arn>")), "{shown}");
    }
}
