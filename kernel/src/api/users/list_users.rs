//! `ListUsers`: lists the users of a pool, or those that a filter lets through.
//!
//! A page may be shorter than asked for although another one follows. Users who are listed by status
//! come status by status.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html>

use crate::{
    directory::{self, Filter},
    model::user::{User, shown::shown},
    prelude::*,
    store::{last_of_page, page_size, page_token},
};

operation!(ListUsers, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    AttributesToGet attributes_to_get: Option<Vec<AttributeName>>,
    Limit limit: Option<QueryLimit>,
    PaginationToken pagination_token: Option<PaginationToken>,
    Filter filter: Option<UserFilter>,
} }

shape! { Output {
    Users users: Option<Vec<UserType>>,
    PaginationToken pagination_token: Option<PaginationToken>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let wanted = input.attributes_to_get.as_deref();
    if wanted.is_some_and(|names| names.iter().any(|name| pool.schema(name.as_str()).is_none())) {
        return Err(unknown_attribute());
    }
    let text = input.filter.as_ref().map(Text::as_str).unwrap_or_default();
    let filter = Filter::parse(text)?;
    // The token of one filter is none of another.
    let list = ["ListUsers ", text].concat();
    let token = input.pagination_token.as_ref().map(Text::as_str);
    let last = token.map(|token| last_of_page(cx, &list, token)).transpose()?;
    let limit = page_size(input.limit.map(Bounded::get));

    let (users, last) = directory::search(cx, &pool, filter.as_ref(), (last, limit))?;
    let users = users.iter().map(|user| described(user, wanted));
    let token = last.map(|last| page_token(cx, &list, &last)).transpose()?;
    Ok(Output {
        users: Some(users.collect::<Result<_, _>>()?),
        pagination_token: token.map(PaginationToken::from),
    })
}

/// The user with those attributes, or with all.
fn described(user: &User, wanted: Option<&[AttributeName]>) -> Result<UserType, Error> {
    let mut described = user.described();
    if let Some(wanted) = wanted {
        let attributes = wanted.iter().map(|name| {
            let value = user.attribute(name.as_str()).ok_or_else(unknown_attribute)?;
            Ok(shown(name.as_str(), value))
        });
        described.attributes = Some(attributes.collect::<Result<_, Error>>()?);
    }
    Ok(described)
}

fn unknown_attribute() -> Error {
    Error::saying(Code::InvalidParameter, "One or more requested attributes do not exist.")
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String, vec, vec::Vec};

    use serde_json::{Value, json};

    use crate::{
        store::Write,
        testing::{TestPool, World},
    };

    /// A pool whose users need no password, which is quick.
    fn pool(world: &World, settings: Value) -> TestPool {
        let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] });
        let mut all = json!({ "Policies": { "SignInPolicy": factors } });
        for (member, value) in settings.as_object().unwrap() {
            all[member] = value.clone();
        }
        world.pool(all)
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

    fn list(world: &World, pool: &TestPool, more: Value) -> Result<Value, String> {
        let mut input = json!({ "UserPoolId": pool.id });
        for (member, value) in more.as_object().unwrap() {
            input[member] = value.clone();
        }
        let outcome = world.call("ListUsers", input);
        outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    fn names(page: &Value) -> Vec<String> {
        let users = page["Users"].as_array().unwrap();
        users.iter().map(|user| user["Username"].as_str().unwrap().into()).collect()
    }

    /// The names of all users that a filter lets through, sorted, page by page.
    fn all(world: &World, pool: &TestPool, filter: &str, limit: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut token = Value::Null;
        loop {
            let more = json!({ "Filter": filter, "Limit": limit, "PaginationToken": token });
            let page = list(world, pool, more).unwrap();
            assert!(names(&page).len() <= limit);
            found.extend(names(&page));
            match page.get("PaginationToken") {
                Some(next) => token = next.clone(),
                None => break,
            }
        }
        found.sort();
        found
    }

    #[test]
    fn everybody_is_listed_page_by_page() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        let users: Vec<String> = (0..7).map(|n| format!("user{n}")).collect();
        for user in &users {
            create(&world, &pool, user, &[("email", "a@example.com")]);
        }
        for limit in 1..=8 {
            assert_eq!(all(&world, &pool, "", limit), users, "by {limit}");
        }
        let page = list(&world, &pool, json!({})).unwrap();
        assert_eq!(page.get("PaginationToken"), None);
        let one = &page["Users"][0];
        let got = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": "user0" }));
        assert_eq!(one["Attributes"], got["UserAttributes"]);
        for member in ["UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"] {
            assert_eq!(one[member], got[member], "{member}");
        }
    }

    #[test]
    fn a_full_last_page_has_no_token() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        for name in ["a", "b", "c", "d"] {
            create(&world, &pool, name, &[("name", "N")]);
        }
        for filter in ["", "name = \"n\""] {
            let more = json!({ "Limit": 4, "Filter": filter });
            let page = list(&world, &pool, more).unwrap();
            assert_eq!((names(&page).len(), page.get("PaginationToken")), (4, None), "{filter}");
        }
    }

    #[test]
    fn a_listing_neither_repeats_nor_skips_what_stands() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        for name in ["b", "d", "f", "h"] {
            create(&world, &pool, name, &[]);
        }
        let page = list(&world, &pool, json!({ "Limit": 2 })).unwrap();
        assert_eq!(names(&page), ["b", "d"]);
        create(&world, &pool, "a", &[]);
        create(&world, &pool, "g", &[]);
        let _ = world.ok("AdminDeleteUser", json!({ "UserPoolId": pool.id, "Username": "d" }));
        let token = &page["PaginationToken"];
        let page = list(&world, &pool, json!({ "PaginationToken": token })).unwrap();
        assert_eq!(names(&page), ["f", "g", "h"]);
    }

    #[test]
    fn a_token_is_good_for_its_own_filter_and_pool() {
        let world = World::new();
        let (pool, other) = (pool(&world, json!({})), pool(&world, json!({})));
        for name in ["a", "b"] {
            create(&world, &pool, name, &[("name", "N")]);
        }
        let page = list(&world, &pool, json!({ "Limit": 1 })).unwrap();
        let token = &page["PaginationToken"];
        let refused = |pool: &TestPool, more: Value| {
            let refusal = list(&world, pool, more).unwrap_err();
            assert!(refusal.starts_with("InvalidParameterException: "), "{refusal}");
        };
        refused(&pool, json!({ "PaginationToken": token, "Filter": "name = \"N\"" }));
        refused(&other, json!({ "PaginationToken": token }));
        refused(&pool, json!({ "PaginationToken": "b" }));
        list(&world, &pool, json!({ "PaginationToken": token })).unwrap();
    }

    #[test]
    fn chosen_attributes_alone_are_shown() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        create(&world, &pool, "ann", &[("email", "ann@example.com"), ("name", "Ann")]);
        let shown = |wanted: Value| {
            let page = list(&world, &pool, json!({ "AttributesToGet": wanted }))?;
            Ok(page["Users"][0]["Attributes"].clone())
        };
        assert_eq!(shown(json!(["name"])), Ok(json!([{ "Name": "name", "Value": "Ann" }])));
        assert_eq!(shown(json!([])), Ok(json!([])));
        let refused: Result<Value, String> =
            Err("InvalidParameterException: One or more requested attributes do not exist.".into());
        assert_eq!(shown(json!(["custom:none"])), refused);
        create(&world, &pool, "bob", &[("email", "bob@example.com")]);
        assert_eq!(shown(json!(["name"])), refused);
        assert!(shown(json!(["email", "sub"])).is_ok());
    }

    #[test]
    fn values_are_found_in_any_case_and_names_in_their_own() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        create(&world, &pool, "Ann", &[("email", "Ann@Example.com"), ("name", "Ann \"A/%\" É")]);
        create(&world, &pool, "ann", &[("email", "ann@example.org"), ("name", "Ann")]);
        for (filter, found) in [
            (r#"email = "ANN@example.com""#, vec!["Ann"]),
            (r#"email ^= "ann@""#, vec!["Ann", "ann"]),
            (r#"email = "ann@""#, vec![]),
            (r#"name = "ann \"a/%\" é""#, vec!["Ann"]),
            (r#"name ^= "ann \"A/""#, vec!["Ann"]),
            (r#"name ^= "ann""#, vec!["Ann", "ann"]),
            (r#"name ^= """#, vec!["Ann", "ann"]),
            (r#"given_name ^= """#, vec![]),
            (r#"username = "ann""#, vec!["ann"]),
            (r#"username = "ANN""#, vec![]),
            (r#"username ^= "A""#, vec!["Ann"]),
            (r#"username ^= """#, vec!["Ann", "ann"]),
        ] {
            assert_eq!(all(&world, &pool, filter, 1), found, "{filter}");
        }
        let folding = json!({ "UsernameConfiguration": { "CaseSensitive": false } });
        let pool = self::pool(&world, folding);
        create(&world, &pool, "Ann", &[]);
        assert_eq!(all(&world, &pool, r#"username = "aNN""#, 1), ["Ann"]);
    }

    #[test]
    fn users_are_found_by_status_and_by_sub() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        for name in ["a", "b"] {
            create(&world, &pool, name, &[]);
        }
        let temporary = json!({
            "UserPoolId": pool.id, "Username": "new", "TemporaryPassword": "Passw0rd!",
        });
        let made = world.ok("AdminCreateUser", temporary);
        let sub = made["User"]["Attributes"][0]["Value"].as_str().unwrap();
        let exact = format!("sub = \"{sub}\"");
        let prefix = format!("sub ^= \"{}\"", &sub[..13]);
        for (filter, found) in [
            ("cognito:user_status = \"CONFIRMED\"", vec!["a", "b"]),
            ("cognito:user_status = \"force_change_password\"", vec!["new"]),
            ("cognito:user_status ^= \"c\"", vec!["a", "b"]),
            ("cognito:user_status ^= \"FORCE\"", vec!["new"]),
            ("cognito:user_status ^= \"\"", vec!["a", "b", "new"]),
            ("cognito:user_status = \"ARCHIVED\"", vec![]),
            ("status = \"Enabled\"", vec!["a", "b", "new"]),
            ("status = \"enabled\"", vec![]),
            ("status = \"Disabled\"", vec![]),
            ("status ^= \"Dis\"", vec![]),
            (&exact, vec!["new"]),
            (&prefix, vec!["new"]),
            ("sub = \"a\"", vec![]),
        ] {
            assert_eq!(all(&world, &pool, filter, 1), found, "{filter}");
        }
    }

    #[test]
    fn where_names_are_addresses_the_sub_is_the_name() {
        let world = World::new();
        let pool = pool(&world, json!({ "UsernameAttributes": ["email"] }));
        for name in ["ann@example.com", "bob@example.com"] {
            create(&world, &pool, name, &[]);
        }
        let page = list(&world, &pool, json!({ "Filter": "email = \"ann@example.com\"" })).unwrap();
        let [sub] = &names(&page)[..] else { panic!("one user") };
        for filter in ["sub = ", "sub ^= ", "username = ", "username ^= "] {
            assert_eq!(all(&world, &pool, &format!("{filter}\"{sub}\""), 1), [sub.as_str()]);
        }
    }

    #[test]
    fn one_among_many_is_found_on_the_first_page_whatever_is_asked_for() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        create(&world, &pool, "z", &[("email", "z@example.com")]);
        // Many users quickly: the same records under other names.
        let temporary = json!({
            "UserPoolId": pool.id, "Username": "a", "TemporaryPassword": "Passw0rd!",
        });
        let _ = world.ok("AdminCreateUser", temporary);
        let store = world.records(&world.home(&pool.id, "a"));
        let copies = ["user/", "index/status/enabled.force_change_password/"].map(|prefix| {
            let record = store.get(&format!("{prefix}a")).unwrap().unwrap();
            (0..1_200).map(move |n| Write::Put(format!("{prefix}b{n:04}"), record.to_vec()))
        });
        store.commit(copies.into_iter().flatten().collect()).unwrap();

        for filter in [
            "email ^= \"z@\"",
            "username = \"z\"",
            "cognito:user_status = \"CONFIRMED\"",
            "cognito:user_status ^= \"conf\"",
        ] {
            let page = list(&world, &pool, json!({ "Filter": filter })).unwrap();
            assert_eq!((names(&page), page.get("PaginationToken")), (vec!["z".into()], None));
        }
        let enabled = all(&world, &pool, "status = \"Enabled\"", 60);
        assert_eq!(enabled.len(), 1_202);
        let page = list(&world, &pool, json!({ "Filter": "status = \"Disabled\"" })).unwrap();
        assert_eq!((names(&page), page.get("PaginationToken")), (Vec::<String>::new(), None));
    }

    #[test]
    fn a_bad_filter_or_limit_is_refused() {
        let world = World::new();
        let pool = pool(&world, json!({}));
        assert_eq!(
            list(&world, &pool, json!({ "Filter": "email" })),
            Err("InvalidParameterException: Error while parsing filter.".into())
        );
        assert_eq!(
            list(&world, &pool, json!({ "Filter": "custom:x = \"y\"" })),
            Err("InvalidParameterException: Invalid search attribute: custom:x".into())
        );
        assert!(list(&world, &pool, json!({ "Limit": 61 })).is_err());
        assert!(list(&world, &pool, json!({ "Limit": 0 })).is_ok());
    }
}
