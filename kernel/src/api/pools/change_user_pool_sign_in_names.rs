//! `Cognate.ChangeUserPoolSignInNames`: changes by which names users sign in, which AWS freezes when a
//! pool is made: `AliasAttributes`, `UsernameAttributes` and whether names tell cases apart.
//!
//! What is left out stays; an empty list is none. Users are looked at step by step while calls go on.
//! If a name would lead to two users, nothing changes, and the status is `FAILED` with such names; if
//! none would, the settings change at once. Call with nothing but the pool's id to hear how it goes;
//! the status is `IN_PROGRESS` until nothing is left of the other settings.
//!
//! Users keep their usernames, `sub`s, passwords, sessions and groups. So where usernames become
//! addresses, who had a name may use it still; where names come to tell cases apart, new usernames
//! must differ from earlier ones in more than case. Pools over several shards are refused.

use crate::{
    model::pool::{
        Pool,
        names::{Asked, NamesChange},
    },
    prelude::*,
    store::keys,
};

operation!(
    extension ChangeUserPoolSignInNames, Iam, reach Pool, asks,
    adds [ConcurrentModification]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    AliasAttributes alias_attributes: Option<Vec<AliasAttribute>>,
    UsernameAttributes username_attributes: Option<Vec<UsernameAttribute>>,
    UsernameConfiguration username_configuration: Option<UsernameConfigurationType>,
} }

shape! { Output {
    Status status: ChangeStatus,
    /// How many users were looked at so far.
    ExaminedUsers examined_users: i64,
    /// Some of the names that keep the settings from being changed.
    Collisions collisions: Option<Vec<NameCollisionType>>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let Some(pool) = begin(cx, &input)? else { return told(cx) };
    cx.commit()?;
    super::list(cx, "RelistPool", &pool).await?;
    told(cx)
}

/// Begins what is asked for, if anything is.
fn begin(cx: &Cx, input: &Input) -> Result<Option<Pool>, Error> {
    let mut pool = Pool::clone(&*cx.pool(&input.user_pool_id)?);
    let asked = Asked {
        alias_attributes: input.alias_attributes.clone(),
        username_attributes: input.username_attributes.clone(),
        is_case_sensitive: input.username_configuration.as_ref().map(|names| names.case_sensitive),
    };
    if asked.is_nothing() {
        return Ok(None);
    }
    if cx.place.is_split() {
        let message = "The names of users can't be changed where they live in several shards.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    if pool.is_changing_names() {
        let message = "The names by which users of the user pool sign in are being changed.";
        return Err(Error::saying(Code::ConcurrentModification, message));
    }
    let is_over = !pool.begin_names(asked)?;
    cx.put(keys::NAMES_CHANGE, &NamesChange { is_over, ..NamesChange::default() })?;
    if is_over {
        return Ok(None);
    }
    pool.description.last_modified_date = Some(Timestamp(cx.now_ms()));
    cx.put(keys::POOL, &pool)?;
    cx.wake_at(super::run_sign_in_name_change::OPERATION.name, cx.now_ms())?;
    Ok(Some(pool))
}

fn told(cx: &Cx) -> Result<Output, Error> {
    let change = cx.get::<NamesChange>(keys::NAMES_CHANGE)?.map(|change| change.into_inner());
    let change = change.unwrap_or(NamesChange { is_over: true, ..NamesChange::default() });
    let status = match (change.is_over, change.collisions.is_empty()) {
        (false, _) => ChangeStatus::InProgress,
        (true, false) => ChangeStatus::Failed,
        (true, true) => ChangeStatus::Succeeded,
    };
    let collisions = change.collisions.into_iter().map(|collision| NameCollisionType {
        attribute: collision.attribute.as_str().into(),
        value: collision.value.as_str().into(),
        usernames: collision.usernames.iter().map(|name| name.as_str().into()).collect(),
    });
    let collisions: Vec<_> = collisions.collect();
    Ok(Output {
        status,
        examined_users: i64::try_from(change.examined).unwrap_or(i64::MAX),
        collisions: (status == ChangeStatus::Failed).then_some(collisions),
    })
}
