//! Which calls are measured? Each is prepared apart: signing it and a client's own arithmetic are not
//! the service's.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use kernel::{
    Request, Response,
    testing::{PASSWORD, World},
};
use serde_json::{Value as Json, json};

use super::{
    fill::{Filled, GROUP, email_of, name_of, phone_of, preferred_of},
    srp,
};

/// Makes a call and says how long the service took.
pub(crate) type Prepared = Box<dyn FnOnce(&World) -> Result<Duration>>;

/// Prepares it, for the user of a round.
type Prepare = dyn Fn(&World, &Filled, usize) -> Prepared;

/// A call.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) prepare: Box<Prepare>,
}

/// All that are measured.
pub(crate) fn calls() -> Vec<Call> {
    let mut calls = vec![
        call("sign-in by password", "InitiateAuth", |pool, n| by_password(pool, &name_of(n))),
        call("the same, by e-mail", "InitiateAuth", |pool, n| by_password(pool, &email_of(n))),
        Call { name: "sign-in by SRP".into(), prepare: Box::new(srp::prepare) },
        with_tokens("refresh", "InitiateAuth", |pool, tokens| {
            json!({
                "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.pool.client,
                "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] },
            })
        }),
        with_tokens(
            "GetUser",
            "GetUser",
            |_, tokens| json!({ "AccessToken": tokens["AccessToken"] }),
        ),
        call("AdminGetUser", "AdminGetUser", |pool, n| named(pool, &name_of(n))),
        call("the same, by phone number", "AdminGetUser", |pool, n| named(pool, &phone_of(n))),
        call("AdminUpdateUserAttributes", "AdminUpdateUserAttributes", |pool, n| {
            let mut input = named(pool, &name_of(n));
            input["UserAttributes"] = json!([{ "Name": "nickname", "Value": unique() }]);
            input
        }),
        call("AdminCreateUser", "AdminCreateUser", |pool, _| {
            let mut input = named(pool, &unique());
            input["MessageAction"] = json!("SUPPRESS");
            input["TemporaryPassword"] = json!(PASSWORD);
            input
        }),
        call("AdminListGroupsForUser", "AdminListGroupsForUser", |pool, n| {
            named(pool, &name_of(n))
        }),
        call(
            "DescribeUserPool",
            "DescribeUserPool",
            |pool, _| json!({ "UserPoolId": pool.pool.id }),
        ),
        listing("ListUsersInGroup", (GROUP, "NextToken"), false),
        listing("ListUsersInGroup", (GROUP, "NextToken"), true),
        listing("ListUsers", ("", "PaginationToken"), false),
        listing("ListUsers", ("", "PaginationToken"), true),
    ];
    calls.extend(FILTERS.map(filtered));
    calls.extend(QUESTIONS.map(searched));
    calls
}

/// Makes what is looked for of a user's number.
type Value = fn(usize) -> String;

/// Filters, the value that `…` stands for, and the size of a page, which is full in every pool or
/// holds the one user, or nobody.
const FILTERS: [(&str, Value, usize); 18] = [
    (r#"username = "…""#, name_of, 60),
    (r#"username ^= "…""#, name_of, 60),
    (r#"username ^= "user-""#, name_of, 60),
    (r#"sub ^= "a""#, name_of, 10),
    (r#"email = "…""#, email_of, 60),
    (r#"email ^= "…""#, name_of, 60),
    (r#"email ^= "user-""#, name_of, 60),
    (r#"phone_number = "…""#, phone_of, 60),
    (r#"phone_number ^= "+1555""#, name_of, 60),
    (r#"preferred_username = "…""#, preferred_of, 60),
    (r#"name = "Given-0 Family-0""#, name_of, 1),
    (r#"name ^= "given-""#, name_of, 60),
    (r#"given_name = "Given-7""#, name_of, 10),
    (r#"family_name = "Family-7""#, name_of, 10),
    (r#"family_name = "nobody""#, name_of, 60),
    (r#"cognito:user_status = "CONFIRMED""#, name_of, 60),
    (r#"cognito:user_status = "UNCONFIRMED""#, name_of, 60),
    (r#"status = "Disabled""#, name_of, 10),
];

/// Questions that an index narrows down, or that many users fit.
const QUESTIONS: [(&str, Value); 3] = [
    (r#"email eq "…""#, email_of),
    (r#"email sw "…" and custom:tier pr"#, name_of),
    (r#"custom:tier eq "gold""#, name_of),
];

/// A call that is about one user.
fn call(
    name: &str,
    operation: &'static str,
    input: impl Fn(&Filled, usize) -> Json + 'static,
) -> Call {
    let prepare = move |world: &World, pool: &Filled, round| {
        prepared(world.request(operation, &input(pool, pool.nth(round))))
    };
    Call { name: name.into(), prepare: Box::new(prepare) }
}

/// A call of a user who is signed in.
fn with_tokens(
    name: &str,
    operation: &'static str,
    input: impl Fn(&Filled, &Json) -> Json + 'static,
) -> Call {
    let prepare = move |world: &World, pool: &Filled, round: usize| {
        let tokens = &pool.tokens[round % pool.tokens.len()];
        prepared(world.request(operation, &input(pool, tokens)))
    };
    Call { name: name.into(), prepare: Box::new(prepare) }
}

/// A page of 60, the first or the second.
fn listing(operation: &'static str, (group, token): (&str, &'static str), is_second: bool) -> Call {
    let group = group.to_owned();
    let prepare = move |world: &World, pool: &Filled, _| {
        let mut input = json!({ "UserPoolId": pool.pool.id, "Limit": 60 });
        if !group.is_empty() {
            input["GroupName"] = json!(group);
        }
        if is_second {
            input[token] = world.ok(operation, input.clone())[token].take();
        }
        prepared(world.request(operation, &input))
    };
    let page = if is_second { ", the second 60" } else { ", 60" };
    Call { name: [operation, page].concat(), prepare: Box::new(prepare) }
}

fn filtered((filter, value, limit): (&'static str, Value, usize)) -> Call {
    call(&format!("ListUsers {filter}, {limit}"), "ListUsers", move |pool, n| {
        let filter = filter.replace('…', &value(n));
        json!({ "UserPoolId": pool.pool.id, "Filter": filter, "Limit": limit })
    })
}

fn searched((filter, value): (&'static str, Value)) -> Call {
    call(&format!("SearchUsers {filter}, 10"), "SearchUsers", move |pool, n| {
        let filter = filter.replace('…', &value(n));
        json!({ "UserPoolId": pool.pool.id, "Filter": filter, "Limit": 10 })
    })
}

fn by_password(pool: &Filled, username: &str) -> Json {
    json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.pool.client,
        "AuthParameters": { "USERNAME": username, "PASSWORD": PASSWORD },
    })
}

fn named(pool: &Filled, username: &str) -> Json {
    json!({ "UserPoolId": pool.pool.id, "Username": username })
}

/// A word that was not used before.
fn unique() -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static LAST: AtomicUsize = AtomicUsize::new(0);
    format!("new-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// One request.
fn prepared(request: Request) -> Prepared {
    Box::new(move |world| Ok(timed(world, &request)?.0))
}

/// How long it took, and what was answered.
pub(crate) fn timed(world: &World, request: &Request) -> Result<(Duration, Json)> {
    let began = Instant::now();
    let Response { status, body, .. } = world.send(request);
    let taken = began.elapsed();
    if status != 200 {
        bail!("answered with {status}: {}", String::from_utf8_lossy(&body));
    }
    Ok((taken, serde_json::from_slice(&body)?))
}
