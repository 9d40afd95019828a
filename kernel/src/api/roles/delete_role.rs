//! `DeleteRole`: removes a role that has no policies any more.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html>

use crate::prelude::*;

operation!(iam DeleteRole, now, adds [
    ConcurrentModification, DeleteConflict, LimitExceeded, NoSuchEntity, UnmodifiableEntity,
]);

shape! { Input { RoleName role_name: RoleName } }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let role = cx.role(input.role_name.as_str())?;
    if !role.policies.is_empty() {
        return Err(Error::saying(
            Code::DeleteConflict,
            "Cannot delete entity, must delete policies first.",
        ));
    }
    role.delete();
    Ok(Output {})
}
