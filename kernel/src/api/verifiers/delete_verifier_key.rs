//! `Cognate.DeleteVerifierKey`: from now on nobody is known by that key. What it was told before is
//! good until its time is over.

use crate::{access::verifier::Verifier, prelude::*, store::keys};

operation!(extension DeleteVerifierKey, Iam, reach Account, now, adds []);

shape! { Input { VerifierKeyId verifier_key_id: VerifierKeyId } }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let id = input.verifier_key_id.as_str();
    let key = keys::verifier(id);
    if cx.get::<Verifier>(key.as_str())?.is_none() {
        let message = alloc::format!("Verifier key {id} does not exist.");
        return Err(Error::saying(Code::ResourceNotFound, message));
    }
    cx.delete(&key);
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_deleted_key_is_gone() {
        let world = World::new();
        let made = world.ok("CreateVerifierKey", json!({ "Service": "orders" }));
        let key = json!({ "VerifierKeyId": made["VerifierKeyId"] });
        let _ = world.ok("DeleteVerifierKey", key.clone());
        assert_eq!(world.ok("ListVerifierKeys", json!({}))["VerifierKeys"], json!([]));
        let failure = world.fails("DeleteVerifierKey", key);
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
