//! `Cognate.SearchUsers`: finds users by any of their attributes, in any order.
//!
//! `Filter` is SCIM's (RFC 7644 §3.4.2.2): `eq ne co sw ew gt ge lt le pr`, `and`, `or`, `not` and
//! parentheses, over the pool's attributes by their names and over `username`, `status`, `enabled`,
//! `created`, `modified` and `groups`.
//!
//! A call looks at a thousand users or so and says at how many: a page may be short, or empty, although
//! another one follows. Where a condition that all must meet is one of an index (`eq` or `sw` on what
//! `ListUsers` filters by), only those whom it names are looked at. Where users are wanted in an order,
//! all whom the filter may concern are looked at before the first page is full: until then pages are
//! empty and their tokens hold what was found.

use crate::{
    directory::{self, Asked, Progress},
    model::query::{Order, Query},
    prelude::*,
    shape::Choice,
    store::{last_of_page, page_size, page_token},
};

operation!(extension SearchUsers, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Filter filter: Option<SearchFilter>,
    SortBy sort_by: Option<AttributeName>,
    SortOrder sort_order: Option<SortOrder>,
    Limit limit: Option<QueryLimit>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

shape! { Output {
    Users users: Vec<UserType>,
    /// How many users were looked at for this page.
    ExaminedUsers examined_users: i64,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let text = input.filter.as_ref().map(Text::as_str).unwrap_or_default();
    let query = Query::parse(&pool, text)?;
    let direction = input.sort_order.unwrap_or(SortOrder::Ascending);
    let by = input.sort_by.as_ref().map(Text::as_str);
    let order = by.map(|name| Order::by(&pool, name, direction)).transpose()?;
    // The token of one question is none of another.
    let (by, direction) = (by.unwrap_or_default(), direction.wire());
    let list = alloc::format!("SearchUsers {by} {direction} {text}");
    let progress = match &input.pagination_token {
        None => Progress::default(),
        Some(token) => {
            let last = last_of_page(cx, &list, token.as_str())?;
            serde_json::from_str(&last).map_err(|_| Error::bug("a token does not parse"))?
        }
    };
    let limit = page_size(input.limit.map(Bounded::get));

    let asked = Asked { query: query.as_ref(), order: order.as_ref(), limit };
    let answered = directory::query(cx, &pool, &asked, progress)?;
    let token = answered.progress.map(|progress| {
        let last = serde_json::to_string(&progress);
        page_token(cx, &list, &last.map_err(|_| Error::bug("a token does not serialise"))?)
    });
    Ok(Output {
        users: answered.users.iter().map(|user| user.described()).collect(),
        examined_users: i64::try_from(answered.examined).unwrap_or(i64::MAX),
        pagination_token: token.transpose()?.map(PaginationToken::from),
    })
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec, vec::Vec};

    use serde_json::{Value, json};

    use crate::testing::{Newcomer, TestPool, World};

    /// A pool whose users need no password, which is quick.
    fn pool(world: &World) -> TestPool {
        let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] });
        world.pool(json!({
            "Policies": { "SignInPolicy": factors },
            "Schema": [
                { "Name": "tier", "AttributeDataType": "String", "Mutable": true },
                { "Name": "seats", "AttributeDataType": "Number", "Mutable": true },
            ],
        }))
    }

    fn create(world: &World, pool: &TestPool, name: &str, attributes: &[(&str, &str)]) {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        let _ = world.ok(
            "AdminCreateUser",
            json!({ "UserPoolId": pool.id, "Username": name, "UserAttributes": attributes }),
        );
    }

    fn search(world: &World, pool: &TestPool, more: &Value) -> Result<Value, String> {
        let mut input = json!({ "UserPoolId": pool.id });
        for (member, value) in more.as_object().unwrap() {
            input[member] = value.clone();
        }
        let outcome = world.call("SearchUsers", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn names(page: &Value) -> Vec<String> {
        let users = page["Users"].as_array().unwrap();
        users.iter().map(|user| user["Username"].as_str().unwrap().into()).collect()
    }

    /// The names of all who are found, page by page.
    fn all(world: &World, pool: &TestPool, question: Value, limit: usize) -> Vec<String> {
        let mut question = question;
        question["Limit"] = json!(limit);
        let mut found = Vec::new();
        loop {
            let page = search(world, pool, &question).unwrap();
            assert!(names(&page).len() <= limit);
            found.extend(names(&page));
            match page.get("PaginationToken") {
                Some(next) => question["PaginationToken"] = next.clone(),
                None => return found,
            }
        }
    }

    fn five(world: &World) -> TestPool {
        let pool = pool(world);
        for (name, tier, seats) in
            [("ann", "Gold", "9"), ("bob", "silver", "10"), ("cat", "gold", "100"), ("dan", "", "")]
        {
            let attributes = [("custom:tier", tier), ("custom:seats", seats), ("email", "a@b.c")];
            let given = attributes.iter().filter(|(_, value)| !value.is_empty());
            create(world, &pool, name, &given.copied().collect::<Vec<_>>());
        }
        create(world, &pool, "eve", &[("custom:tier", "bronze"), ("name", "Eve of Gold")]);
        let _ = world.ok("AdminDisableUser", json!({ "UserPoolId": pool.id, "Username": "bob" }));
        pool
    }

    #[test]
    fn users_are_found_by_any_attribute() {
        let world = World::new();
        let pool = five(&world);
        for (filter, found) in [
            ("", vec!["ann", "bob", "cat", "dan", "eve"]),
            (r#"custom:tier eq "gold""#, vec!["ann", "cat"]),
            (r#"custom:tier co "o""#, vec!["ann", "cat", "eve"]),
            (r#"custom:tier ew "ER" or name co "gold""#, vec!["bob", "eve"]),
            ("custom:seats ge 10", vec!["bob", "cat"]),
            (r#"not (custom:tier pr) and email eq "A@B.C""#, vec!["dan"]),
            ("enabled eq false", vec!["bob"]),
            (r#"username sw "e" or username eq "ann""#, vec!["ann", "eve"]),
            (r#"username eq "ann" and enabled eq false"#, vec![]),
            (r#"status eq "UNCONFIRMED""#, vec![]),
            (
                r#"created gt "2026-01-01" and modified lt "2126-01-01" and email pr"#,
                vec!["ann", "bob", "cat", "dan"],
            ),
        ] {
            for limit in [1, 2, 60] {
                let mut names = all(&world, &pool, json!({ "Filter": filter }), limit);
                names.sort();
                assert_eq!(names, found, "{filter} by {limit}");
            }
        }
    }

    #[test]
    fn users_come_in_the_order_that_is_asked_for() {
        let world = World::new();
        let pool = five(&world);
        for (by, order, found) in [
            // Who lacks it comes last, or first where all is turned round.
            ("custom:seats", "ascending", ["ann", "bob", "cat", "dan", "eve"]),
            ("custom:seats", "descending", ["eve", "dan", "cat", "bob", "ann"]),
            ("custom:tier", "ascending", ["eve", "ann", "cat", "bob", "dan"]),
            ("username", "descending", ["eve", "dan", "cat", "bob", "ann"]),
            ("enabled", "ascending", ["bob", "ann", "cat", "dan", "eve"]),
            ("created", "ascending", ["ann", "bob", "cat", "dan", "eve"]),
        ] {
            for limit in [1, 2, 5, 60] {
                let question = json!({ "SortBy": by, "SortOrder": order });
                assert_eq!(all(&world, &pool, question, limit), found, "{by} {order} by {limit}");
            }
        }
        let question = json!({ "Filter": "custom:seats pr", "SortBy": "custom:seats" });
        let page = search(&world, &pool, &question).unwrap();
        assert_eq!(
            (names(&page), page.get("PaginationToken")),
            (vec!["ann".into(), "bob".into(), "cat".into()], None)
        );
    }

    #[test]
    fn users_are_found_by_the_groups_that_there_are() {
        let world = World::new();
        let pool = five(&world);
        let group = json!({ "UserPoolId": pool.id, "GroupName": "Staff" });
        let _ = world.ok("CreateGroup", group.clone());
        for name in ["ann", "eve"] {
            let mut input = group.clone();
            input["Username"] = json!(name);
            let _ = world.ok("AdminAddUserToGroup", input);
        }
        let staff = json!({ "Filter": r#"groups eq "staff""#, "SortBy": "username" });
        assert_eq!(all(&world, &pool, staff.clone(), 60), ["ann", "eve"]);
        let _ = world.ok("DeleteGroup", group);
        assert_eq!(all(&world, &pool, staff, 60), Vec::<String>::new());
    }

    /// Many users, at one place.
    fn crowd(world: &World) -> TestPool {
        let pool = world.pool(json!({ "UserPoolTags": { "cognate:shards": "1" } }));
        world.user(&pool, "model", json!([]));
        let newcomer = |n: usize| {
            let nickname = format!("n{:04}", (n * 7_919) % 2_300);
            let address = format!("user{n:04}@example.com");
            Newcomer {
                name: format!("user{n:04}"),
                attributes: [("nickname", nickname), ("email", address)]
                    .map(|(name, value)| (name.into(), value))
                    .into(),
                is_enabled: true,
                group: None,
            }
        };
        world.fill(&pool, "model", &mut (0..2_300).map(newcomer));
        pool
    }

    #[test]
    fn a_call_looks_at_a_thousand_users_or_so() {
        let world = World::new();
        let pool = crowd(&world);
        let mut question = json!({ "Filter": r#"nickname eq "n2299""# });
        let (mut found, mut examined) = (Vec::new(), Vec::new());
        loop {
            let page = search(&world, &pool, &question).unwrap();
            found.extend(names(&page));
            examined.push(page["ExaminedUsers"].as_u64().unwrap());
            match page.get("PaginationToken") {
                Some(next) => question["PaginationToken"] = next.clone(),
                None => break,
            }
        }
        assert_eq!(found.len(), 1);
        assert!(examined.iter().all(|examined| *examined <= 1_250), "{examined:?}");
        assert_eq!(examined.iter().sum::<u64>(), 2_301);

        let question = json!({ "SortBy": "nickname", "SortOrder": "descending" });
        let names = all(&world, &pool, question, 60);
        assert_eq!(names.len(), 2_301);
        assert_eq!(names[0], "model");
        assert_eq!(names[1], found[0]);
    }

    #[test]
    fn where_an_index_knows_more_fewer_are_looked_at() {
        let world = World::new();
        let pool = crowd(&world);
        for (filter, count) in [
            (r#"email eq "user0042@example.com" and nickname pr"#, 1),
            (r#"nickname pr and username eq "user0042""#, 1),
            (r#"email sw "user00" and email ew ".com" and not (nickname eq "x")"#, 100),
            (r#"username eq "user0042" and email sw "user""#, 1),
            (r#"status eq "UNCONFIRMED""#, 0),
            ("enabled eq false", 0),
        ] {
            let question = json!({ "Filter": filter, "SortBy": "email" });
            let page = search(&world, &pool, &question).unwrap();
            assert_eq!(page["ExaminedUsers"], count, "{filter}");
        }
    }

    #[test]
    fn a_token_goes_on_with_its_own_question_only() {
        let world = World::new();
        let pool = five(&world);
        let page = search(&world, &pool, &json!({ "Limit": 2, "SortBy": "username" })).unwrap();
        let token = &page["PaginationToken"];
        for other in [
            json!({ "PaginationToken": token }),
            json!({ "PaginationToken": token, "SortBy": "custom:tier" }),
            json!({ "PaginationToken": token, "SortBy": "username", "SortOrder": "descending" }),
            json!({ "PaginationToken": token, "SortBy": "username", "Filter": "email pr" }),
            json!({ "PaginationToken": "x", "SortBy": "username" }),
        ] {
            let refusal = search(&world, &pool, &other).unwrap_err();
            assert_eq!(refusal, "InvalidParameterException: Invalid pagination token");
        }
        // Who was shown may go meanwhile, and who was not may come.
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "bob" }));
        create(&world, &pool, "bea", &[]);
        create(&world, &pool, "cut", &[]);
        let question = json!({ "PaginationToken": token, "SortBy": "username" });
        let page = search(&world, &pool, &question).unwrap();
        assert_eq!(names(&page), ["cat", "cut", "dan", "eve"]);
    }

    #[test]
    fn a_question_that_makes_no_sense_is_refused() {
        let world = World::new();
        let pool = pool(&world);
        for (question, told) in [
            (json!({ "Filter": "email like 5" }), "Invalid filter at character 7: "),
            (json!({ "SortBy": "groups" }), "Invalid sort attribute: groups"),
            (json!({ "SortBy": "custom:none" }), "Invalid sort attribute: custom:none"),
            (json!({ "Filter": "x".repeat(4_097) }), "1 validation error detected: "),
            (json!({ "SortOrder": "up" }), "1 validation error detected: "),
            (json!({ "Limit": 61 }), "1 validation error detected: "),
        ] {
            let refusal = search(&world, &pool, &question).unwrap_err();
            assert!(
                refusal.starts_with(&format!("InvalidParameterException: {told}")),
                "{question}: {refusal}"
            );
        }
    }
}
