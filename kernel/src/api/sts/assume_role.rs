//! `AssumeRole`: gives somebody who has credentials another role.
//!
//! The account's own credentials take roles as well, which AWS does not let them.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use alloc::format;

use crate::{
    access::credentials::Facts,
    iam::{
        session::{self, Wanted},
        tag,
        taker::Taker,
    },
    prelude::*,
};

operation!(
    sts AssumeRole, Iam, now,
    adds [IdentityTokenExpired, MalformedPolicyDocument, PackedPolicyTooLarge, RegionDisabled]
);

shape! { Input {
    RoleArn role_arn: StsArn,
    RoleSessionName role_session_name: RoleSessionName,
    PolicyArns policy_arns: Option<Vec<PolicyDescriptor>>,
    Policy policy: Option<LongSessionPolicy>,
    DurationSeconds duration_seconds: Option<RoleDuration>,
    Tags tags: Option<IamTags>,
    TransitiveTagKeys transitive_tag_keys: Option<TransitiveTagKeys>,
    ExternalId external_id: Option<ExternalId>,
    SerialNumber serial_number: Option<MfaSerialNumber>,
    TokenCode token_code: Option<MfaTokenCode>,
    SourceIdentity source_identity: Option<SourceIdentity>,
    ProvidedContexts provided_contexts: Option<ProvidedContexts>,
    MinimumSessionTokenSize minimum_session_token_size: Option<MinimumSessionTokenSize>,
} }

shape! { Output {
    Credentials credentials: Option<SessionCredentials>,
    AssumedRoleUser assumed_role_user: Option<AssumedRoleUser>,
    PackedPolicySize packed_policy_size: Option<NonNegative>,
    SourceIdentity source_identity: Option<SourceIdentity>,
    SessionTokenUtilization session_token_utilization: Option<NonNegative>,
    SessionTokenSize session_token_size: Option<NonNegative>,
} }

/// For how many seconds a role may be had at most that was taken by means of another.
const CHAINED_MAX_S: i32 = 3_600;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    if input.serial_number.is_some() || input.provided_contexts.is_some() {
        let message = "MultiFactorAuthentication and provided contexts are not known here.";
        return Err(Error::saying(Code::AccessDenied, message));
    }
    let (taker, arn) = (Taker::calling(cx), input.role_arn.as_str());
    let wanted = wanted(&taker, &input)?;
    let role = cx.role_of_arn(arn)?.ok_or_else(|| taker.refusal(arn))?;
    if !taker.may_take(&role, &wanted)? {
        return Err(taker.refusal(arn));
    }
    let lives_s = session::lives_s(&role, input.duration_seconds)?;
    if taker.session.is_some() && lives_s > CHAINED_MAX_S {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles \
                       assumed by role chaining";
        return Err(Error::saying(Code::Validation, message));
    }
    let source_identity = wanted.source_identity.clone();
    // What was agreed on is for the trust policy alone.
    let begun = session::begin(cx, &role, Wanted { lives_s, facts: Facts::new(), ..wanted })?;
    Ok(Output {
        credentials: Some(begun.credentials),
        assumed_role_user: Some(begun.user),
        packed_policy_size: begun.packed.map(Into::into),
        source_identity: source_identity.map(Into::into),
        session_token_utilization: None,
        session_token_size: Some(begun.token_bytes.into()),
    })
}

/// The session that is asked for, with what passes to it from the one that it is begun from.
fn wanted(taker: &Taker<'_>, input: &Input) -> Result<Wanted, Error> {
    let mut tags = taker.tags();
    let asked = tag::read(input.tags.clone().unwrap_or_default(), Code::Validation)?;
    let is_passed_on = |key: &&String| tags.keys().any(|one| one.eq_ignore_ascii_case(key));
    if let Some(key) = asked.keys().find(is_passed_on) {
        let message = format!("The tag {key} is passed on and can not be set anew.");
        return Err(Error::saying(Code::Validation, message));
    }
    let mut transitive_tags: Vec<String> = tags.keys().cloned().collect();
    tags.extend(asked);
    for key in input.transitive_tag_keys.iter().flat_map(|keys| keys.iter()).map(Text::as_str) {
        if !tags.contains_key(key) {
            let message = format!("The transitive tag key {key} is not one of the tags.");
            return Err(Error::saying(Code::Validation, message));
        }
        transitive_tags.push(key.to_string());
    }
    let text = |member: Option<&str>| member.map(ToString::to_string);
    let agreed = text(input.external_id.as_ref().map(Text::as_str));
    let facts = agreed.map(|id| ("sts:ExternalId".to_string(), [id].into()));
    let began = taker.session.and_then(|session| session.source_identity.clone());
    let policy = text(input.policy.as_ref().map(Text::as_str));
    Ok(Wanted {
        name: input.role_session_name.as_str().to_string(),
        facts: facts.into_iter().collect(),
        identity: taker.session.and_then(|session| session.identity.clone()),
        tags,
        transitive_tags,
        source_identity: text(input.source_identity.as_ref().map(Text::as_str)).or(began),
        policy: session::policy(policy, input.policy_arns.as_deref())?,
        lives_s: 0,
        token_bytes_min: session::token_bytes_min(input.minimum_session_token_size),
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use serde_json::{Value as Json, json};

    use crate::testing::{Assumed, World};

    const ACCOUNT: &str = "arn:aws:iam::123456789012:root";
    const ROLE: &str = "arn:aws:iam::123456789012:role/";

    /// A role that the principal may take under that condition.
    fn role(world: &World, name: &str, (principal, condition): (&str, Json)) {
        let trust = json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": { "AWS": principal }, "Condition": condition,
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        } })
        .to_string();
        let members = [("RoleName", name), ("AssumeRolePolicyDocument", &*trust)];
        assert_eq!(world.query("iam", "CreateRole", &members).status, 200);
    }

    fn allow(world: &World, name: &str, statement: &Json) {
        let policy = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        let members = [("RoleName", name), ("PolicyName", "p"), ("PolicyDocument", &*policy)];
        assert_eq!(world.query("iam", "PutRolePolicy", &members).status, 200);
    }

    fn take(
        world: &World,
        (by, name): (Option<&Assumed>, &str),
        more: &[(&str, &str)],
    ) -> Result<Assumed, String> {
        let arn = alloc::format!("{ROLE}{name}");
        let mut members = [("RoleArn", arn.as_str()), ("RoleSessionName", "ann")].to_vec();
        members.extend(more);
        match by {
            None => world.assume("AssumeRole", &members),
            Some(taken) => {
                let by = taken.credentials();
                Assumed::read(&world.send(&world.query_by(&by, "sts", "AssumeRole", &members)))
            }
        }
    }

    #[test]
    fn the_account_takes_a_role_that_trusts_it() {
        let world = World::new();
        role(&world, "open", (ACCOUNT, json!({})));
        role(&world, "numbered", ("123456789012", json!({})));
        role(&world, "other", ("arn:aws:iam::210987654321:root", json!({})));
        let taken = take(&world, (None, "open"), &[]).unwrap();
        assert_eq!(taken.member("Arn"), "arn:aws:sts::123456789012:assumed-role/open/ann");
        assert!(take(&world, (None, "numbered"), &[]).is_ok());
        let refused = take(&world, (None, "other"), &[]).unwrap_err();
        assert_eq!(
            refused,
            "403 AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: \
             sts:AssumeRole on resource: arn:aws:iam::123456789012:role/other"
        );
        assert!(take(&world, (None, "nobody"), &[]).unwrap_err().starts_with("403 AccessDenied"));
        let mfa = [("SerialNumber", "arn:aws:iam::123456789012:mfa/a"), ("TokenCode", "123456")];
        assert!(take(&world, (None, "open"), &mfa).unwrap_err().starts_with("403 AccessDenied"));
    }

    #[test]
    fn what_was_agreed_on_must_be_said() {
        let world = World::new();
        let agreed = json!({ "StringEquals": { "sts:ExternalId": "shop-7" } });
        role(&world, "partner", (ACCOUNT, agreed));
        assert!(take(&world, (None, "partner"), &[]).is_err());
        assert!(take(&world, (None, "partner"), &[("ExternalId", "shop-8")]).is_err());
        assert!(take(&world, (None, "partner"), &[("ExternalId", "shop-7")]).is_ok());
        let named = json!({ "StringLike": { "sts:RoleSessionName": "b*" } });
        role(&world, "named", (ACCOUNT, named));
        assert!(take(&world, (None, "named"), &[]).is_err());
    }

    #[test]
    fn a_role_leads_to_another_if_both_say_so_or_the_other_names_it() {
        let world = World::new();
        role(&world, "first", (ACCOUNT, json!({})));
        role(&world, "second", (ACCOUNT, json!({})));
        role(&world, "friend", (&*alloc::format!("{ROLE}first"), json!({})));
        role(&world, "anyone", ("*", json!({})));
        let first = take(&world, (None, "first"), &[]).unwrap();
        let chain = |name: &str, more: &[(&str, &str)]| take(&world, (Some(&first), name), more);
        assert!(chain("second", &[]).is_err());
        assert!(chain("anyone", &[]).is_err());
        let taken = chain("friend", &[]).unwrap();
        assert!(taken.member("Arn").ends_with("assumed-role/friend/ann"));
        let statement = |effect: &str| json!({ "Effect": effect, "Action": "sts:AssumeRole", "Resource": alloc::format!("{ROLE}*") });
        allow(&world, "first", &statement("Allow"));
        assert!(chain("second", &[]).is_ok() && chain("anyone", &[]).is_ok());
        let long = chain("second", &[("DurationSeconds", "3601")]).unwrap_err();
        assert!(long.starts_with("400 ValidationError"), "{long}");
        allow(&world, "first", &statement("Deny"));
        assert!(chain("second", &[]).is_err() && chain("friend", &[]).is_err());
    }

    #[test]
    fn tags_bind_a_session_and_those_that_are_transitive_its_successors() {
        let world = World::new();
        let tagged = json!({ "StringEquals": { "aws:RequestTag/team": "blue" } });
        role(&world, "tagged", (ACCOUNT, tagged));
        role(&world, "next", (ACCOUNT, json!({})));
        allow(
            &world,
            "tagged",
            &json!([
                { "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
                  "Condition": { "StringEquals": { "aws:PrincipalTag/team": "blue" } } },
            ]),
        );
        let list = json!({ "Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*",
            "Condition": { "StringEquals": { "aws:PrincipalTag/team": "blue" },
                "Null": { "aws:PrincipalTag/desk": "true" } } });
        allow(&world, "next", &list);
        let blue = [
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "blue"),
            ("Tags.member.2.Key", "desk"),
            ("Tags.member.2.Value", "7"),
            ("TransitiveTagKeys.member.1", "team"),
        ];
        assert!(take(&world, (None, "tagged"), &[]).is_err());
        let taken = take(&world, (None, "tagged"), &blue).unwrap();
        let next = take(&world, (Some(&taken), "next"), &[]).unwrap();
        let listed = world.query_by(&next.credentials(), "iam", "ListRoles", &[]);
        assert_eq!(world.send(&listed).status, 200);
        let anew = take(&world, (Some(&taken), "next"), &blue[..2]).unwrap_err();
        assert!(anew.starts_with("400 ValidationError: The tag team is passed on"), "{anew}");
        let twice = [blue[0], blue[1], ("Tags.member.2.Key", "TEAM"), ("Tags.member.2.Value", "")];
        let told = take(&world, (None, "tagged"), &twice).unwrap_err();
        assert!(told.starts_with("400 ValidationError: Duplicate tag keys"), "{told}");
        let unknown = [blue[0], blue[1], ("TransitiveTagKeys.member.1", "desk")];
        assert!(take(&world, (None, "tagged"), &unknown).is_err());
    }

    #[test]
    fn who_began_is_known_to_the_end() {
        let world = World::new();
        role(&world, "first", (ACCOUNT, json!({})));
        role(&world, "next", (&*alloc::format!("{ROLE}first"), json!({})));
        let first = take(&world, (None, "first"), &[("SourceIdentity", "ann.smith")]).unwrap();
        assert_eq!(first.member("SourceIdentity"), "ann.smith");
        let next = take(&world, (Some(&first), "next"), &[]).unwrap();
        assert_eq!(next.member("SourceIdentity"), "ann.smith");
        let other = take(&world, (Some(&first), "next"), &[("SourceIdentity", "bob")]);
        assert!(other.unwrap_err().starts_with("403 AccessDenied"));
    }

    #[test]
    fn a_policy_that_is_too_large_is_refused() {
        let world = World::new();
        role(&world, "open", (ACCOUNT, json!({})));
        let policy = |length: usize| {
            json!({ "Version": "2012-10-17", "Statement": {
                "Sid": "a".repeat(length), "Effect": "Allow", "Action": "*", "Resource": "*",
            } })
            .to_string()
        };
        let taken = take(&world, (None, "open"), &[("Policy", &policy(1_000))]).unwrap();
        assert_eq!(taken.member("PackedPolicySize"), "27");
        let told = take(&world, (None, "open"), &[("Policy", &policy(2_000))]).unwrap_err();
        assert!(
            told.starts_with("400 PackedPolicyTooLarge: Packed policy consumes 103%"),
            "{told}"
        );
        let (key, value) = ("k".repeat(127), "v".repeat(255));
        let tags: alloc::vec::Vec<(String, String)> = (1_u8..=12)
            .flat_map(|n| {
                let at = alloc::format!("Tags.member.{n}");
                [
                    (alloc::format!("{at}.Key"), alloc::format!("{key}{}", char::from(b'a' + n))),
                    (alloc::format!("{at}.Value"), value.clone()),
                ]
            })
            .collect();
        let tags: alloc::vec::Vec<_> = tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let told = take(&world, (None, "open"), &tags).unwrap_err();
        assert!(told.starts_with("400 PackedPolicyTooLarge"), "{told}");
    }

    #[test]
    fn a_role_made_anew_opens_nothing_to_sessions_of_the_old_one() {
        let world = World::new();
        let all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        role(&world, "open", (ACCOUNT, json!({})));
        allow(&world, "open", &all);
        let taken = take(&world, (None, "open"), &[]).unwrap();
        let list =
            || world.send(&world.query_by(&taken.credentials(), "iam", "ListRoles", &[])).status;
        assert_eq!(list(), 200);
        let named = [("RoleName", "open")];
        let _ = world.query("iam", "DeleteRolePolicy", &[named[0], ("PolicyName", "p")]);
        assert_eq!(world.query("iam", "DeleteRole", &named).status, 200);
        assert_eq!(list(), 403);
        role(&world, "open", (ACCOUNT, json!({})));
        allow(&world, "open", &all);
        assert_eq!(list(), 403);
    }
}
