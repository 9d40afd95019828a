//! Counts the users who live here.

use crate::{model::pool::UserCount, prelude::*, store::keys};

operation!(CountUsers, Internal, now);

shape! { Input {} }
shape! { Output { Users users: String } }

fn handle(cx: &Cx, _: Input) -> Result<Output, Error> {
    let count = cx.get::<UserCount>(keys::USER_COUNT)?.map_or(0, |count| count.users);
    Ok(Output { users: count.to_string() })
}
