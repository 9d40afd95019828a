//! `Cognate.ListDeliveryFailures`: lists messages that could not be handed over, newest first.
//!
//! Each says when, to whom and by which medium, what for, and what kept it from being sent;
//! destinations are masked, and no code is kept. The last thousand of thirty days are listed (of a
//! pool of several places, of each of them); with its user or its pool a failure goes too.

use super::list_failures_here::{Listed, here};
use crate::{
    prelude::*,
    shape::Json,
    store::{last_of_page, page_size, page_token},
};

operation!(extension ListDeliveryFailures, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Limit limit: Option<QueryLimit>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

shape! { Output {
    DeliveryFailures delivery_failures: Vec<DeliveryFailureType>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

const LIST: &str = "ListDeliveryFailures";

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let _ = cx.pool(&input.user_pool_id)?;
    let token = input.pagination_token.as_ref().map(Text::as_str);
    let before = token.map(|token| last_of_page(cx, LIST, token)).transpose()?;
    let limit = page_size(input.limit.map(Bounded::get));
    // One more than the page holds, to know whether another page follows.
    let mut listed = here(cx, before.as_deref(), limit + 1)?;
    if cx.place.is_split() {
        let asked = serde_json::json!({ "Before": before, "Limit": (limit + 1).to_string() });
        for answer in cx.consult_others("ListFailuresHere", &asked)? {
            let failures = answer.get("Failures").and_then(Json::as_array);
            for failure in failures.into_iter().flatten() {
                let failure: Result<Listed, _> = serde_json::from_value(failure.clone());
                listed.push(failure.map_err(|_| Error::bug("a failure does not parse"))?);
            }
        }
        listed.sort_by(|one, other| other.key.cmp(&one.key));
    }
    let has_more = listed.len() > limit;
    listed.truncate(limit);
    let last = listed.last().filter(|_| has_more);
    Ok(Output {
        pagination_token: last
            .map(|last| page_token(cx, LIST, &last.key))
            .transpose()?
            .map(PaginationToken::from),
        delivery_failures: listed.into_iter().map(|listed| listed.failure.described()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
        vec::Vec,
    };

    use serde_json::{Value, json};

    use crate::testing::{PASSWORD, TestPool, World};

    fn pool(world: &World) -> TestPool {
        world.pool(json!({ "AutoVerifiedAttributes": ["email"] }))
    }

    /// Somebody signs up while nothing can be sent.
    fn sign_up_in_vain(world: &World, pool: &TestPool, name: &str) {
        world.sender_fails(true);
        world.advance_s(1);
        let input = json!({
            "ClientId": pool.client, "Username": name, "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": format!("{name}@example.com") }],
        });
        assert_eq!(world.fails("SignUp", input).code, "CodeDeliveryFailureException");
        world.sender_fails(false);
    }

    fn list(world: &World, pool: &TestPool, more: &Value) -> Value {
        let mut input = json!({ "UserPoolId": pool.id });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.ok("ListDeliveryFailures", input)
    }

    fn names(page: &Value) -> Vec<String> {
        let failures = page["DeliveryFailures"].as_array().unwrap();
        failures.iter().map(|failure| failure["Username"].as_str().unwrap().into()).collect()
    }

    #[test]
    fn a_code_that_was_not_sent_is_listed_without_the_address() {
        let world = World::new();
        let pool = pool(&world);
        assert_eq!(list(&world, &pool, &json!({})), json!({ "DeliveryFailures": [] }));
        sign_up_in_vain(&world, &pool, "ann");
        let listed = list(&world, &pool, &json!({}));
        let failure = &listed["DeliveryFailures"][0];
        assert_eq!(failure["Username"], "ann");
        assert_eq!(failure["ClientId"], pool.client);
        assert_eq!(failure["DeliveryMedium"], "EMAIL");
        assert_eq!(failure["Destination"], "a***@e***");
        assert_eq!(failure["Purpose"], "SignUp");
        assert_eq!(failure["CreationDate"].to_string(), format!("{}.0", world.now_ms() / 1000));
        assert!(!failure["Cause"].as_str().unwrap().is_empty());
        assert!(!listed.to_string().contains("ann@example.com"), "{listed}");
    }

    #[test]
    fn failures_come_newest_first_and_page_by_page() {
        let world = World::new();
        let pool = pool(&world);
        let users = ["ann", "bob", "cat", "dan", "eve"];
        users.iter().for_each(|name| sign_up_in_vain(&world, &pool, name));
        let mut found = Vec::new();
        let mut question = json!({ "Limit": 2 });
        loop {
            let page = list(&world, &pool, &question);
            assert!(names(&page).len() <= 2);
            found.extend(names(&page));
            match page.get("PaginationToken") {
                Some(next) => question["PaginationToken"] = next.clone(),
                None => break,
            }
        }
        assert_eq!(found, ["eve", "dan", "cat", "bob", "ann"]);
        let input = json!({ "UserPoolId": pool.id, "PaginationToken": "x" });
        let refusal = world.fails("ListDeliveryFailures", input);
        assert_eq!(refusal.code, "InvalidParameterException");
    }

    #[test]
    fn what_is_a_month_old_is_forgotten() {
        let world = World::new();
        let pool = pool(&world);
        sign_up_in_vain(&world, &pool, "ann");
        world.advance_s(30 * 24 * 3600);
        assert_eq!(names(&list(&world, &pool, &json!({}))), Vec::<String>::new());
    }

    #[test]
    fn a_failure_goes_with_its_user() {
        let world = World::new();
        let pool = pool(&world);
        let before = world.pool_records(&pool.id);
        sign_up_in_vain(&world, &pool, "ann");
        for _ in 0..2 {
            world.advance_s(1);
            world.sender_fails(true);
            let named = json!({ "ClientId": pool.client, "Username": "ann" });
            let _ = world.fails("ResendConfirmationCode", named);
        }
        assert_eq!(names(&list(&world, &pool, &json!({}))), ["ann", "ann", "ann"]);
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "ann" }));
        assert_eq!(names(&list(&world, &pool, &json!({}))), Vec::<String>::new());
        assert_eq!(world.pool_records(&pool.id), before);
    }

    #[test]
    fn no_more_than_a_thousand_are_kept() {
        let world = World::new();
        let pool = pool(&world);
        sign_up_in_vain(&world, &pool, "ann");
        world.sender_fails(true);
        for n in 0..1_005 {
            // So that the quota of codes is never reached.
            world.advance_s(721);
            let named = json!({ "ClientId": pool.client, "Username": "ann" });
            let failure = world.fails("ResendConfirmationCode", named);
            assert_eq!(failure.code, "CodeDeliveryFailureException", "{n}");
        }
        let kept = world.pool_records(&pool.id);
        let kept = kept.keys().filter(|(_, key)| key.starts_with("undelivered/")).count();
        assert_eq!(kept, 1_000);
    }
}
