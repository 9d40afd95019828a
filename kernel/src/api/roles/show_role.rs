//! Tells another place who may take a role and what it may do.

use crate::{prelude::*, shape::Wire};

operation!(ShowRole, Internal, now);

shape! { Input {
    RoleArn role_arn: String,
    IdentityId identity_id: Option<String>,
} }

type Output = Shown;

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    Shown::of(cx, &input.write())
}
