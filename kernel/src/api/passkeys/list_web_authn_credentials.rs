//! `ListWebAuthnCredentials`: lists a user's own passkeys.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html>

use super::bearer;
use crate::{
    access::bearer::Bearer,
    model::factor::passkey::Passkey,
    prelude::*,
    store::{keys, page, page_size},
};

operation!(
    ListWebAuthnCredentials, Token, reach AccessToken, now,
    adds [Forbidden, LimitExceeded, PasswordResetRequired],
    lacks [ResourceNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
    NextToken next_token: Option<PaginationKey>,
    MaxResults max_results: Option<WebAuthnCredentialsQueryLimit>,
} }

shape! { Output {
    Credentials credentials: Vec<WebAuthnCredentialDescription>,
    NextToken next_token: Option<PaginationKey>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, user, .. } = bearer(cx, &input.access_token)?;
    let prefix = keys::passkey(&pool.key_of(&user.username), "");
    let limit = page_size(input.max_results.map(Bounded::get));
    let token = input.next_token.as_ref().map(Text::as_str);
    let (passkeys, next) = page::<Passkey>(cx, &prefix, token, limit)?;
    let credentials = passkeys.iter().map(|passkey| passkey.described()).collect();
    Ok(Output { credentials, next_token: next.map(Into::into) })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde_json::{Value, json};

    use crate::testing::{Authenticator, World, decoded};

    #[test]
    fn users_see_their_own() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        let authenticator = world.user_with_passkey(&pool, "ann");
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let mut listed = world.ok("ListWebAuthnCredentials", json!({ "AccessToken": token }));
        let mut passkey = listed["Credentials"][0].take();
        assert_eq!(decoded(&passkey["CredentialId"].take()), authenticator.id);
        assert!(passkey["CreatedAt"].take().is_number());
        assert_eq!(
            passkey,
            json!({
                "CredentialId": null, "FriendlyCredentialName": "Passkey",
                "RelyingPartyId": "example.com", "AuthenticatorAttachment": "platform",
                "AuthenticatorTransports": ["internal", "hybrid"], "CreatedAt": null,
            })
        );
        world.user(&pool, "bob", json!([]));
        let bob = world.sign_in(&pool, "bob")["AccessToken"].take();
        let none = world.ok("ListWebAuthnCredentials", json!({ "AccessToken": bob }));
        assert_eq!(none, json!({ "Credentials": [] }));
        let failure = world.fails("ListWebAuthnCredentials", json!({ "AccessToken": "a.b.c" }));
        assert_eq!(failure.code, "NotAuthorizedException");
    }

    #[test]
    fn a_list_comes_page_by_page() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        let _ = world.user_with_passkey(&pool, "ann");
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        for _ in 0..4 {
            world.register(&token, &mut Authenticator::new()).unwrap();
        }
        let mut ids: Vec<Value> = Vec::new();
        let mut next = Value::Null;
        for expected in [2, 2, 1] {
            let input = json!({ "AccessToken": token, "MaxResults": 2, "NextToken": next });
            let mut page = world.ok("ListWebAuthnCredentials", input);
            let passkeys = page["Credentials"].as_array_mut().unwrap();
            assert_eq!(passkeys.len(), expected);
            ids.extend(passkeys.iter_mut().map(|passkey| passkey["CredentialId"].take()));
            next = page["NextToken"].take();
        }
        assert_eq!(next, Value::Null);
        ids.dedup();
        assert_eq!(ids.len(), 5);
        let input = json!({ "AccessToken": token, "NextToken": "x" });
        let failure = world.fails("ListWebAuthnCredentials", input);
        assert_eq!(failure.code, "InvalidParameterException");
    }
}
