//! Which of the users who live here are in a group?

use crate::{directory, prelude::*, shape::Json};

operation!(ListMembers, Internal, now);

shape! { Input { Group group: String, Last last: Option<String>, Limit limit: String } }
shape! { Output { Users users: Vec<Json> } }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let limit = input.limit.parse().map_err(|_| Error::bug("a limit is no number"))?;
    let found = directory::members_here(cx, &input.group, (input.last, limit))?;
    Ok(Output { users: found.iter().map(directory::Found::write).collect() })
}
