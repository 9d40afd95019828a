//! Signing in, being looked up and being listed take as many reads and writes among four thousand users
//! as among four hundred: nothing is looked through, whatever is asked for.

use std::{cell::Cell, ops::Range, rc::Rc};

use kernel::{
    Memory, Page, Store, Unavailable, Write,
    testing::{Newcomer, PASSWORD, TestPool, World},
};
use serde_json::{Value as Json, json};

/// Records in memory, which counts what it is asked for.
struct Counting {
    memory: Memory,
    asked: Rc<Cell<usize>>,
}

impl Counting {
    fn count(&self, records: usize) {
        self.asked.set(self.asked.get() + records);
    }
}

impl Store for Counting {
    fn get(&self, key: &str) -> Result<Option<Rc<[u8]>>, Unavailable> {
        self.count(1);
        self.memory.get(key)
    }

    fn scan(&self, range: Range<&str>, limit: usize) -> Result<Page, Unavailable> {
        let page = self.memory.scan(range, limit)?;
        self.count(page.len() + 1);
        Ok(page)
    }

    fn commit(&self, batch: Vec<Write>) -> Result<(), Unavailable> {
        self.count(batch.len());
        self.memory.commit(batch)
    }
}

/// A world with a pool of that many users, and what its records are asked for.
struct Crowd {
    world: World,
    pool: TestPool,
    asked: Rc<Cell<usize>>,
}

impl Crowd {
    fn of(size: usize) -> Self {
        let asked = Rc::new(Cell::new(0));
        let counter = asked.clone();
        let world = World::new()
            .over(move |_| Rc::new(Counting { memory: Memory::default(), asked: counter.clone() }));
        // Who is filled in stands where the pool begins.
        let pool = world.pool(json!({
            "AliasAttributes": ["email", "preferred_username"],
            "UserPoolTags": { "cognate:shards": "1" },
        }));
        let group = json!({ "UserPoolId": pool.id, "GroupName": "half" });
        let _ = world.ok("CreateGroup", group);
        world.user(&pool, "ann", json!([]));
        world.fill(&pool, "ann", &mut (0..size).map(newcomer));
        let _ = world.ok(
            "AdminSetUserPassword",
            json!({
                "UserPoolId": pool.id, "Username": "user-00100",
                "Password": PASSWORD, "Permanent": true,
            }),
        );
        Self { world, pool, asked }
    }

    /// How many records a call reads and writes, the second time that it is made.
    fn cost(&self, operation: &str, input: &Json) -> usize {
        let mut input = input.clone();
        for (member, value) in [("UserPoolId", &self.pool.id), ("ClientId", &self.pool.client)] {
            if input.get(member).is_some() {
                input[member] = json!(value);
            }
        }
        let _ = self.world.ok(operation, input.clone());
        let before = self.asked.get();
        let _ = self.world.ok(operation, input);
        self.asked.get() - before
    }
}

fn newcomer(n: usize) -> Newcomer {
    let name = format!("user-{n:05}");
    let attributes = [
        ("email", format!("{name}@example.com")),
        ("email_verified", "true".to_owned()),
        ("preferred_username", format!("preferred-{n:05}")),
        ("name", "Somebody".to_owned()),
        ("given_name", format!("Given-{}", n % 10)),
        ("phone_number", format!("+1555{n:07}")),
    ];
    Newcomer {
        name,
        attributes: attributes.map(|(name, value)| (name.to_owned(), value)).into(),
        is_enabled: n % 10 != 9,
        group: n.is_multiple_of(2).then(|| "half".to_owned()),
    }
}

fn calls() -> Vec<(&'static str, Json)> {
    let signing_in = |name: &str| {
        let parameters = json!({ "USERNAME": name, "PASSWORD": PASSWORD });
        json!({
            "ClientId": "", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters,
        })
    };
    let named = |name: &str| json!({ "UserPoolId": "", "Username": name });
    let mut calls = vec![
        ("InitiateAuth", signing_in("user-00100")),
        ("InitiateAuth", signing_in("user-00100@example.com")),
        ("InitiateAuth", signing_in("preferred-00100")),
        ("AdminGetUser", named("user-00100")),
        ("AdminGetUser", named("user-00100@example.com")),
        ("AdminListGroupsForUser", named("user-00100")),
        ("DescribeUserPool", json!({ "UserPoolId": "" })),
        ("ListUsersInGroup", json!({ "UserPoolId": "", "GroupName": "half", "Limit": 20 })),
        ("ListUsers", json!({ "UserPoolId": "", "Limit": 20 })),
    ];
    let filters = [
        r#"username = "user-00100""#,
        r#"username ^= "user-""#,
        r#"email = "user-00100@example.com""#,
        r#"email ^= "user-""#,
        r#"email = "nobody@example.com""#,
        r#"preferred_username ^= "preferred-""#,
        r#"name = "Somebody""#,
        r#"given_name = "Given-7""#,
        r#"phone_number ^= "+1555""#,
        r#"family_name ^= "A""#,
        r#"sub ^= """#,
        r#"cognito:user_status = "CONFIRMED""#,
        r#"cognito:user_status = "UNCONFIRMED""#,
        r#"status = "Disabled""#,
        r#"status = "Enabled""#,
    ];
    let listed = |filter| json!({ "UserPoolId": "", "Filter": filter, "Limit": 20 });
    calls.extend(filters.map(|filter| ("ListUsers", listed(filter))));
    calls
}

#[test]
fn a_call_reads_no_more_where_there_are_more_users() {
    let [few, many] = [400, 4_000].map(Crowd::of);
    for (operation, input) in calls() {
        let (among_few, among_many) = (few.cost(operation, &input), many.cost(operation, &input));
        assert!(among_few > 0, "{operation} {input} reads nothing");
        assert_eq!(among_few, among_many, "{operation} {input}");
    }
}
