//! `Cognate.CreateVerifierKey`: makes a key by which a Worker of the operator's own asks who signed
//! the requests that it gets. It is told once.
//!
//! It is good for signatures that are scoped to one service, and for nothing else.

use crate::{access::verifier::Verifier, prelude::*, store::keys};

operation!(extension CreateVerifierKey, Iam, reach Account, now, adds [LimitExceeded]);

/// For all services together.
const KEYS_MAX: usize = 1_000;

shape! { Input { Service service: ScopeService } }

shape! { Output {
    VerifierKeyId verifier_key_id: VerifierKeyId,
    Service service: ScopeService,
    CreationDate creation_date: Timestamp,
    VerifierKey verifier_key: VerifierKey,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let kept = keys::under(keys::VERIFIERS);
    let kept = cx.scan::<Verifier>(kept.start.as_str()..kept.end.as_str(), KEYS_MAX)?;
    if kept.len() >= KEYS_MAX {
        return Err(Error::saying(Code::LimitExceeded, "There are too many verifier keys."));
    }
    let (verifier, key) = Verifier::new(cx, input.service.as_str())?;
    cx.put(&keys::verifier(&verifier.id), &verifier)?;
    let VerifierKeyType { verifier_key_id, service, creation_date } = verifier.described();
    Ok(Output { verifier_key_id, service, creation_date, verifier_key: key.into() })
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_key_is_told_once_and_says_what_it_is() {
        let world = World::new();
        let made = world.ok("CreateVerifierKey", json!({ "Service": "orders" }));
        let key = made["VerifierKey"].as_str().unwrap();
        let id = made["VerifierKeyId"].as_str().unwrap();
        assert!(key.starts_with(&alloc::format!("cognate-verifier.{id}.")), "{key}");
        assert_eq!(made["Service"], "orders");
        let listed = world.ok("ListVerifierKeys", json!({}));
        assert!(!listed.to_string().contains(key.rsplit('.').next().unwrap()));
    }

    #[test]
    fn no_service_of_the_deployment_can_be_verified_elsewhere() {
        let world = World::new();
        for service in ["cognito-idp", "cognito-identity", "cognito-sync", "iam", "s3", "sts"] {
            let failure = world.fails("CreateVerifierKey", json!({ "Service": service }));
            assert_eq!(failure.code, "InvalidParameterException");
            assert_eq!(
                failure.message,
                alloc::format!("{service} is a service of this deployment.")
            );
        }
    }
}
