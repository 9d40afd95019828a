//! What whole calls cost natively, over records in memory: from the request's bytes to the answer's.

use std::{cell::Cell, hint::black_box};

use criterion::Criterion;
use kernel::{
    Request,
    testing::{PASSWORD, TestPool, World},
};
use serde_json::{Value, json};

/// A request that is answered with 200.
fn checked(world: &World, operation: &str, input: &Value) -> Request {
    let _ = world.ok(operation, input.clone());
    world.request(operation, input)
}

/// The same request, over and over.
fn repeat(criterion: &mut Criterion, world: &World, (operation, input): (&str, Value)) {
    let request = checked(world, operation, &input);
    criterion.bench_function(operation, |bench| bench.iter(|| world.send(black_box(&request))));
}

fn sign_in(pool: &TestPool) -> Value {
    json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
    })
}

fn users(criterion: &mut Criterion) {
    let world = World::new();
    let pool = world.pool(json!({}));
    world.user(&pool, "ann", json!([{ "Name": "email", "Value": "ann@example.com" }]));
    let tokens = world.sign_in(&pool, "ann");
    repeat(criterion, &world, ("GetUser", json!({ "AccessToken": tokens["AccessToken"] })));

    let count = Cell::new(0u32);
    criterion.bench_function("SignUp", |bench| {
        bench.iter(|| {
            count.set(count.get() + 1);
            let input = json!({
                "ClientId": pool.client, "Username": format!("user-{}", count.get()),
                "Password": PASSWORD,
            });
            world.ok("SignUp", input)
        });
    });

    let request = checked(&world, "InitiateAuth", &sign_in(&pool));
    criterion.bench_function("InitiateAuth, USER_PASSWORD_AUTH", |bench| {
        bench.iter(|| world.send(black_box(&request)));
    });
    let refresh = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client,
        "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] },
    });
    let request = checked(&world, "InitiateAuth", &refresh);
    criterion.bench_function("InitiateAuth, REFRESH_TOKEN_AUTH", |bench| {
        bench.iter(|| world.send(black_box(&request)));
    });
}

/// Where users are hidden, a name that stands for nobody costs what a user's does.
fn strangers(criterion: &mut Criterion) {
    let world = World::new();
    let pool = world.pool(json!({}));
    let client = world.client(&pool.id, json!({ "PreventUserExistenceErrors": "ENABLED" }));
    world.user(&pool, "ann", json!([]));
    for (who, name) in [("a user", "ann"), ("nobody", "bob")] {
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": "Wrong-1!" },
        });
        let request = world.request("InitiateAuth", &input);
        criterion.bench_function(&format!("InitiateAuth, a wrong password of {who}"), |bench| {
            bench.iter(|| {
                // Long enough for every lock to be forgotten.
                world.advance_s(3600);
                world.send(black_box(&request))
            });
        });
    }
}

/// A signature is verified and a large input looked through before anything is read.
fn administrators(criterion: &mut Criterion) {
    let world = World::new();
    let pool = world.pool(json!({}));
    repeat(criterion, &world, ("DescribeUserPool", json!({ "UserPoolId": pool.id })));

    let attribute = |n: usize| {
        json!({
            "Name": format!("attribute-{n}"), "AttributeDataType": "String", "Mutable": true,
            "StringAttributeConstraints": { "MinLength": "0", "MaxLength": "2048" },
        })
    };
    let input = json!({
        // What is broken is found once all of it was looked at, and no pool is left behind.
        "PoolName": "",
        "Schema": (0..50).map(attribute).collect::<Vec<_>>(),
        "UserPoolTags": { "stage": "test" },
        "AutoVerifiedAttributes": ["email"],
    });
    let request = world.request("CreateUserPool", &input);
    criterion.bench_function("CreateUserPool, refused by its shape", |bench| {
        bench.iter(|| world.send(black_box(&request)));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    users(&mut criterion);
    strangers(&mut criterion);
    administrators(&mut criterion);
    criterion.final_summary();
}
