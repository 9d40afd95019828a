//! What is refused before any secret is looked at, in AWS's words.

use super::*;

const INCOMPLETE: Code = Code::IncompleteSignature;
const INVALID: Code = Code::InvalidSignature;

fn plain() -> Vector {
    vector("list-users")
}

fn authorized(header: &str) -> Vector {
    let mut vector = plain();
    *vector.header("authorization") = header.into();
    vector
}

#[test]
fn a_request_without_a_signature_is_told_so() {
    let missing = |v: Vector| {
        v.fails(Code::MissingAuthenticationToken, "Missing Authentication Token");
    };
    missing(plain().without("authorization"));
    for other in ["", "Bearer abc", "Basic YTpi", "AWS AKIDEXAMPLE:c2lnbmF0dXJl"] {
        missing(authorized(other));
    }
}

#[test]
fn every_part_that_lacks_is_named() {
    authorized("AWS4-HMAC-SHA256").without("x-amz-date").fails(
        INCOMPLETE,
        "Authorization header requires 'Credential' parameter. Authorization header requires \
         'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. \
         Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         (Hashed with SHA-256 and encoded with Base64) \
         Authorization=YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0=",
    );
    authorized("AWS4-HMAC-SHA256 Credential=a, Signature=b").fails(
        INCOMPLETE,
        "Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded \
         with Base64) Authorization=WIPqWomlL2QGrBJdKVmMFJN71JLikBxi7Io9l4Y9baM=",
    );
    for name in ["Credential", "Signature"] {
        let empty = plain().stating(&format!("{name}="), &format!("{name}=, Other="));
        let error = empty.outcome().unwrap_err();
        let lack = format!("Authorization header requires '{name}' parameter. (Hashed with ");
        assert!(error.code == INCOMPLETE && error.message.starts_with(&lack), "{error}");
    }
    authorized("AWS4-HMAC-SHA256 Credential, Signature=b").fails(
        INCOMPLETE,
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 \
         and encoded with Base64): 'kifMgjMuGxvwZDzjPMt9JIGIYAGWlK3G4muUYjFxxTc='.",
    );
}

#[test]
fn parameters_may_stand_apart_by_commas_or_blanks() {
    plain().stating(", ", ",").verifies();
    plain().stating(", ", " ").verifies();
    plain().stating(", ", " ,  ").verifies();
}

#[test]
fn nothing_that_says_who_signed_may_be_said_twice() {
    for name in ["Credential", "SignedHeaders", "Signature"] {
        plain().stating("Signature=", &format!("{name}=a, {name}=a, Signature=")).fails(
            INCOMPLETE,
            &format!("Authorization header must not have the '{name}' parameter twice."),
        );
    }
    for vector in [vector("list-user-pools-of-a-temporary-key"), vector("with-content-hash")] {
        for name in ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]
        {
            if vector.headers.iter().any(|(n, _)| n == name) {
                vector
                    .clone()
                    .with(name, "a")
                    .fails(INCOMPLETE, &format!("The header '{name}' must not be sent twice."));
            }
        }
    }
    let host = "The header 'host' must not be sent twice.";
    plain().with("host", "other.example.com").fails(INCOMPLETE, host);
    for mut vector in presigned() {
        vector.query += "&X-Amz-Date=20260101T000001Z";
        let message = "The query-string parameter 'X-Amz-Date' must be sent once, as UTF-8.";
        vector.fails(INCOMPLETE, message);
    }
}

#[test]
fn two_authorizations_that_a_proxy_joined_do_not_pass() {
    let mut vector = plain();
    let header = vector.header("authorization");
    *header = format!("{header}, {header}");
    assert_eq!(vector.outcome().unwrap_err().code, INCOMPLETE);
}

#[test]
fn a_request_is_good_for_five_minutes_in_both_directions() {
    for vector in signed_in_header() {
        for skew_ms in [-300_000, 300_999] {
            let now_ms = vector.now_ms.checked_add_signed(skew_ms).unwrap();
            Vector { now_ms, ..vector.clone() }.verifies();
        }
    }
    Vector { now_ms: plain().now_ms + 301_000, ..plain() }.fails(
        INVALID,
        "Signature expired: 20260101T000000Z is now earlier than 20260101T000001Z \
         (20260101T000501Z - 5 min.)",
    );
    Vector { now_ms: plain().now_ms - 300_001, ..plain() }.fails(
        INVALID,
        "Signature not yet current: 20260101T000000Z is still later than 20251231T235959Z \
         (20251231T235459Z + 5 min.)",
    );
    for now_ms in [0, u64::MAX] {
        assert_eq!(Vector { now_ms, ..plain() }.outcome().unwrap_err().code, INVALID);
    }
}

#[test]
fn a_date_is_in_a_form_that_aws_reads() {
    for date in ["2026-01-01T00:00:00Z", "20260101T000000", "20261301T000000Z", "+0260101T000000Z"]
    {
        let mut vector = plain();
        *vector.header("x-amz-date") = date.into();
        vector.fails(
            INCOMPLETE,
            &format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'. See \
                 http://en.wikipedia.org/wiki/ISO_8601"
            ),
        );
    }
    for date in ["Thu, 01 Jan 2026 00:00:00 GMT", "1 Jan 2026 00:00:00 +0000", "20260101T000000Z"] {
        let mut vector = vector("by-date-header");
        *vector.header("date") = date.into();
        vector.mismatches();
    }
    let mut moved = plain();
    *moved.header("x-amz-date") = "20260101T000001Z".into();
    moved.mismatches();
}

#[test]
fn only_one_algorithm_is_known() {
    for other in ["AWS4-ECDSA-P256-SHA256", "AWS4-HMAC-SHA25", "AWS4-hmac-sha256"] {
        let message =
            format!("Unsupported AWS 'algorithm': '{other}' (only AWS4-HMAC-SHA256 for now).");
        plain().stating("AWS4-HMAC-SHA256", other).fails(INCOMPLETE, &message);
        vector("presigned").stating("AWS4-HMAC-SHA256", other).fails(INCOMPLETE, &message);
    }
}

#[test]
fn a_credential_has_five_parts() {
    for credential in
        ["AKIDEXAMPLE", "AKIDEXAMPLE/20260101/eu-central-1/cognito-idp", "a/b/c/d/e/f"]
    {
        plain()
            .stating("AKIDEXAMPLE/20260101/eu-central-1/cognito-idp/aws4_request", credential)
            .fails(
                INCOMPLETE,
                &format!(
                    "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
                ),
            );
    }
}

#[test]
fn a_credential_is_for_this_day_and_service() {
    let fails = |from: &str, to: &str, message: &str| {
        plain().stating(from, to).fails(INVALID, message);
        vector("presigned")
            .stating(&from.replace('/', "%2F"), &to.replace('/', "%2F"))
            .fails(INVALID, message);
    };
    fails(
        "/cognito-idp/",
        "/cognito-sync/",
        "Credential should be scoped to correct service: 'cognito-idp'.",
    );
    fails(
        "/aws4_request",
        "/aws5_request",
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.",
    );
    fails(
        "/20260101/",
        "/20251231/",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
         '20251231' != '20260101', from '20260101T000000Z'.",
    );
    for region in ["", "EU-central-1", "eu_central_1", "a2345678901234567890123456789012"] {
        let message = "Credential should be scoped to a valid region.";
        let region = if region.len() == 32 { region.to_string() + "3" } else { region.into() };
        fails("/eu-central-1/", &format!("/{region}/"), message);
    }
    fails(
        "/20260101/eu-central-1/cognito-idp/aws4_request",
        "/b/C/d/e",
        "Credential should be scoped to a valid region. Credential should be scoped to correct \
         service: 'cognito-idp'. Credential should be scoped with a valid terminator: \
         'aws4_request', not 'e'. Date in Credential scope does not match YYYYMMDD from ISO-8601 \
         version of date from HTTP: 'b' != '20260101', from '20260101T000000Z'.",
    );
}

#[test]
fn another_region_is_another_signature() {
    for vector in vectors() {
        let region = vector.region.clone();
        vector.stating(&region, "eu-west-1").mismatches();
    }
}

#[test]
fn a_presigned_request_is_good_for_as_long_as_it_says() {
    for vector in presigned() {
        let good_for_ms = vector.expires.unwrap() * 1000;
        Vector { now_ms: vector.now_ms - 300_000, ..vector.clone() }.verifies();
        Vector { now_ms: vector.now_ms + good_for_ms, ..vector }.verifies();
    }
    let now_ms = plain().now_ms;
    Vector { now_ms: now_ms + 91_000, ..vector("presigned") }.fails(
        INVALID,
        "Signature expired: 20260101T000000Z is now earlier than 20260101T000001Z \
         (20260101T000131Z - 90 sec.)",
    );
    Vector { now_ms: now_ms + 3_601_000, ..vector("presigned-by-a-temporary-key") }.fails(
        INVALID,
        "Signature expired: 20260101T000000Z is now earlier than 20260101T000001Z \
         (20260101T010001Z - 60 min.)",
    );
    Vector { now_ms: now_ms - 301_000, ..vector("presigned-object") }.fails(
        INVALID,
        "Signature not yet current: 20260101T000000Z is still later than 20251231T235959Z \
         (20251231T235459Z + 5 min.)",
    );
}

#[test]
fn an_expiry_is_a_number_of_seconds_within_a_week() {
    let expires = |value: &str, message: &str| {
        let value = format!("X-Amz-Expires={value}");
        vector("presigned").stating("X-Amz-Expires=90", &value).fails(INCOMPLETE, message);
    };
    expires(
        "604801",
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
         must be less than 604800 seconds",
    );
    expires("-1", "X-Amz-Expires must be non-negative");
    for value in ["", "a", "1.5", "99999999999999999999"] {
        expires(value, "X-Amz-Expires should be a number");
    }
    let longer = vector("presigned").stating("X-Amz-Expires=90", "X-Amz-Expires=91");
    longer.mismatches();
}

#[test]
fn a_presigned_request_is_complete_and_has_no_other_signature() {
    let query = "X-Amz-Algorithm".to_string();
    Vector { query, ..vector("presigned") }.fails(
        INCOMPLETE,
        "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters \
         must include 'X-Amz-Credential'. AWS query-string parameters must include \
         'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS \
         query-string parameters must include 'X-Amz-Date'. Re-examine the query-string \
         parameters.",
    );
    vector("presigned").stating("X-Amz-Date", "x-amz-date").fails(
        INCOMPLETE,
        "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string \
         parameters.",
    );
    vector("presigned").with("authorization", "AWS4-HMAC-SHA256").fails(
        INVALID,
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
}

#[test]
fn what_is_too_large_is_not_looked_at() {
    let message = "The request's headers or its URL are too large to be verified.";
    let large = "a".repeat(70_000);
    plain().with("cookie", &large).fails(INCOMPLETE, message);
    Vector { query: large[..20_000].into(), ..plain() }.fails(INCOMPLETE, message);
    Vector { path: large[..20_000].into(), ..plain() }.fails(INCOMPLETE, message);
    let many = (0..300).fold(plain(), |v, i| v.with(&format!("a{i}"), ""));
    many.fails(INCOMPLETE, message);
}
