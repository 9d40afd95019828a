//! Which passwords did a user have before? As many are kept as the pool forbids to use again.
//!
//! The password that a user has counts as one of them, so that a size of 1 keeps nothing else.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::{Code, Error},
    model::{credential::Credential, pool::Pool, user::User},
    shape::Bounded,
    store::{Record, Row, keys},
};

/// The passwords before the present one, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct FormerPasswords {
    credentials: Vec<Credential>,
}

impl Record for FormerPasswords {}

/// Refuses a password that the user had lately.
///
/// # Errors
/// `PasswordHistoryPolicyViolationException`.
pub(super) fn refuse_former(
    cx: &Cx,
    pool: &Pool,
    user: &User,
    password: &str,
) -> Result<(), Error> {
    let size = size(pool);
    if size == 0 {
        return Ok(());
    }
    let FormerPasswords { credentials } = read(cx, pool, user)?;
    for credential in user.credential.iter().chain(&credentials).take(size) {
        if credential.is(cx, pool.owner(user), password)? {
            return Err(Code::PasswordHistoryPolicyViolation.into());
        }
    }
    Ok(())
}

/// Keeps the user's present password, which is about to be replaced.
pub(super) fn keep(cx: &Cx, pool: &Pool, user: &User) -> Result<(), Error> {
    let key = keys::former_passwords(&pool.key_of(&user.username));
    let kept = size(pool).saturating_sub(1);
    if kept == 0 {
        cx.delete(&key);
        return Ok(());
    }
    let Some(present) = &user.credential else { return Ok(()) };
    let mut former = read(cx, pool, user)?;
    former.credentials.insert(0, present.clone());
    former.credentials.truncate(kept);
    cx.put(&key, &former)
}

/// The passwords that a user had before, newest first.
pub(crate) fn former(cx: &Cx, pool: &Pool, user: &User) -> Result<Vec<Credential>, Error> {
    Ok(read(cx, pool, user)?.credentials)
}

/// Makes these the passwords that a new user had before.
pub(crate) fn set_former(
    cx: &Cx,
    pool: &Pool,
    user: &User,
    mut credentials: Vec<Credential>,
) -> Result<(), Error> {
    credentials.truncate(size(pool).saturating_sub(1));
    if credentials.is_empty() {
        return Ok(());
    }
    cx.put(&keys::former_passwords(&pool.key_of(&user.username)), &FormerPasswords { credentials })
}

fn read(cx: &Cx, pool: &Pool, user: &User) -> Result<FormerPasswords, Error> {
    let former = cx.get(keys::former_passwords(&pool.key_of(&user.username)))?;
    Ok(former.map(Row::into_inner).unwrap_or_default())
}

fn size(pool: &Pool) -> usize {
    let size = pool.password_policy().and_then(|policy| policy.password_history_size);
    size.map(Bounded::get).and_then(|size| usize::try_from(size).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use serde_json::{Value, json};

    use crate::{
        place::{Place, PoolKey},
        store::keys,
        testing::{PASSWORD, TestPool, World},
    };

    const REUSED: &str =
        "PasswordHistoryPolicyViolationException: Password has previously been used";

    fn remembering(size: u8) -> Value {
        json!({ "PasswordPolicy": { "MinimumLength": 8, "PasswordHistorySize": size } })
    }

    fn pool_of_ann(world: &World, size: u8) -> TestPool {
        let pool = world.pool(json!({ "Policies": remembering(size) }));
        world.user(&pool, "ann", json!([]));
        pool
    }

    fn set(world: &World, pool: &TestPool, password: &str) -> Result<(), String> {
        let input = json!({
            "UserPoolId": pool.id, "Username": "ann", "Password": password, "Permanent": true,
        });
        let outcome = world.call("AdminSetUserPassword", input);
        outcome.map(|_| ()).map_err(|failure| format!("{}: {}", failure.code, failure.message))
    }

    #[test]
    fn as_many_passwords_as_the_policy_says_may_not_come_back() {
        let world = World::new();
        for size in [1, 2, 4, 24] {
            let pool = pool_of_ann(&world, size);
            for n in 1..size {
                set(&world, &pool, &format!("Passw0rd!{n}")).unwrap();
            }
            assert_eq!(set(&world, &pool, PASSWORD), Err(REUSED.into()), "{size}");
            set(&world, &pool, "One-m0re!").unwrap();
            set(&world, &pool, PASSWORD).unwrap();
        }
    }

    #[test]
    fn without_a_size_any_password_may_come_back_and_none_is_kept() {
        let world = World::new();
        let pool = pool_of_ann(&world, 0);
        let store = world.records(&Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap()));
        for password in [PASSWORD, "Passw0rd!2", PASSWORD] {
            set(&world, &pool, password).unwrap();
        }
        assert_eq!(store.get(&keys::former_passwords("ann")).unwrap(), None);
    }

    #[test]
    fn a_policy_that_changes_counts_at_once() {
        let world = World::new();
        let pool = pool_of_ann(&world, 3);
        set(&world, &pool, "Passw0rd!2").unwrap();
        set(&world, &pool, "Passw0rd!3").unwrap();
        let update = |size: u8| {
            let _ = world.ok(
                "UpdateUserPool",
                json!({ "UserPoolId": pool.id, "Policies": remembering(size) }),
            );
        };
        update(2);
        set(&world, &pool, PASSWORD).unwrap();
        assert_eq!(set(&world, &pool, "Passw0rd!3"), Err(REUSED.into()));
        update(0);
        set(&world, &pool, PASSWORD).unwrap();
        update(24);
        set(&world, &pool, "Passw0rd!3").unwrap();
        assert_eq!(set(&world, &pool, PASSWORD), Err(REUSED.into()));
    }

    #[test]
    fn a_temporary_password_counts_too_and_the_challenge_keeps_to_the_history() {
        let world = World::new();
        let pool = pool_of_ann(&world, 2);
        let temporary = |password: &str| {
            let input = json!({ "UserPoolId": pool.id, "Username": "ann", "Password": password });
            world.call("AdminSetUserPassword", input).map_err(|failure| failure.code)
        };
        let refused = "PasswordHistoryPolicyViolationException";
        assert_eq!(temporary(PASSWORD), Err(refused.into()));
        temporary("Tempor4ry!").unwrap();
        let asked = world.ok(
            "InitiateAuth",
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
                "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Tempor4ry!" },
            }),
        );
        let answer = |password: &str| {
            world.call(
                "RespondToAuthChallenge",
                json!({
                    "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": pool.client,
                    "Session": asked["Session"],
                    "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": password },
                }),
            )
        };
        for former in ["Tempor4ry!", PASSWORD] {
            assert_eq!(answer(former).unwrap_err().code, refused, "{former}");
        }
        answer("Ch0sen-by-ann!").unwrap();
    }

    #[test]
    fn an_invitation_that_is_sent_again_may_say_the_same_password() {
        let world = World::new();
        let pool = world.pool(json!({ "Policies": remembering(24) }));
        for action in ["SUPPRESS", "RESEND", "RESEND"] {
            let _ = world.ok(
                "AdminCreateUser",
                json!({
                    "UserPoolId": pool.id, "Username": "ann", "TemporaryPassword": PASSWORD,
                    "MessageAction": action,
                }),
            );
        }
    }
}
