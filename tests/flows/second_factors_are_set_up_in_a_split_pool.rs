//! A pool over several places: a session that comes alone finds its user, and an address that is
//! proved on the way in becomes a name to sign in by, unless somebody else has it.

use kernel::testing::{TestPool, World};
use serde_json::json;

/// A pool at four places that wants a second factor of everybody.
fn split(world: &World) -> TestPool {
    world.mfa_pool_with(
        "ON",
        json!({ "AliasAttributes": ["email"], "UserPoolTags": { "cognate:shards": "4" } }),
    )
}

#[test]
fn an_app_is_set_up_wherever_the_user_lives() {
    let world = World::new();
    let pool = split(&world);
    for name in (0..8).map(|n| format!("user{n}")) {
        world.user(&pool, &name, json!([]));
        let mut challenge = world.begin_sign_in(&pool, &name);
        assert_eq!(challenge["ChallengeName"], "MFA_SETUP");
        let made = world.ok("AssociateSoftwareToken", json!({ "Session": challenge["Session"] }));
        let secret = made["SecretCode"].as_str().unwrap();
        let verified = world.ok(
            "VerifySoftwareToken",
            json!({ "Session": made["Session"], "UserCode": world.app_code(secret) }),
        );
        challenge["Session"] = verified["Session"].clone();
        let done = world.answer(&pool, &challenge, json!({})).unwrap();
        assert!(done["AuthenticationResult"]["AccessToken"].is_string(), "{name}");
        world.advance_s(60);
        let challenge = world.begin_sign_in(&pool, &name);
        assert!(world.answer_app(&pool, &challenge, secret).is_ok(), "{name}");
    }
}

#[test]
fn an_address_that_is_proved_is_a_name_unless_somebody_has_it() {
    let world = World::new();
    let pool = split(&world);
    for n in 0..6 {
        let (name, other) = (format!("user{n}"), format!("other{n}"));
        let address = format!("{name}@example.com");
        for name in [&name, &other] {
            world.user(&pool, name, json!([{ "Name": "email", "Value": address }]));
            let challenge = world.begin_sign_in(&pool, name);
            assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
            let code = json!({ "EMAIL_OTP_CODE": world.last_code() });
            let done = world.answer(&pool, &challenge, code).unwrap();
            assert!(done["AuthenticationResult"]["AccessToken"].is_string(), "{name}");
        }
        let by_address = json!({ "UserPoolId": pool.id, "Username": address });
        assert_eq!(world.ok("AdminGetUser", by_address)["Username"], name);
    }
}
