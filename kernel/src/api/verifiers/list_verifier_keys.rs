//! `Cognate.ListVerifierKeys`: lists the keys by which Workers of the operator's own are known.

use crate::{
    access::verifier::Verifier,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(extension ListVerifierKeys, Iam, reach Account, now, adds []);

shape! { Input {
    MaxResults max_results: Option<QueryLimit>,
    NextToken next_token: Option<PaginationKey>,
} }

shape! { Output {
    VerifierKeys verifier_keys: Vec<VerifierKeyType>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let limit = page_size(input.max_results.map(Bounded::get));
    let token = input.next_token.as_ref().map(Text::as_str);
    let (rows, token) = page::<Verifier>(cx, keys::VERIFIERS, token, limit)?;
    Ok(Output {
        verifier_keys: rows.iter().map(|verifier| verifier.described()).collect(),
        next_token: token.map(PaginationKey::from),
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn keys_are_listed_in_pages() {
        let world = World::new();
        for service in ["orders", "ledger", "orders"] {
            let _ = world.ok("CreateVerifierKey", json!({ "Service": service }));
        }
        let first = world.ok("ListVerifierKeys", json!({ "MaxResults": 2 }));
        let token = first["NextToken"].clone();
        let second = world.ok("ListVerifierKeys", json!({ "MaxResults": 2, "NextToken": token }));
        assert_eq!(second.get("NextToken"), None);
        let pages = [&first, &second].map(|page| page["VerifierKeys"].as_array().unwrap().clone());
        let mut services: Vec<_> =
            pages.iter().flatten().map(|key| key["Service"].as_str().unwrap()).collect();
        services.sort_unstable();
        assert_eq!(services, ["ledger", "orders", "orders"]);
    }
}
