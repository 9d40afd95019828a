//! Which of the users who live here does a listing show?

use crate::{directory, prelude::*, shape::Json};

operation!(SearchUsersHere, Internal, now);

shape! { Input { Filter filter: String, Last last: Option<String>, Limit limit: String } }
shape! { Output { Users users: Vec<Json>, Last last: Option<String> } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool_here()?;
    let filter = directory::Filter::parse(&input.filter)?;
    let limit = input.limit.parse().map_err(|_| Error::bug("a limit is no number"))?;
    let found = directory::search_here(cx, &pool, filter.as_ref(), (input.last, limit))?;
    let (users, last) = found;
    Ok(Output { users: users.iter().map(directory::Found::write).collect(), last })
}
