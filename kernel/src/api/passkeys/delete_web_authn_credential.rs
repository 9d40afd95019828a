//! `DeleteWebAuthnCredential`: forgets a passkey of its user's.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html>

use super::bearer;
use crate::{
    access::bearer::Bearer,
    directory,
    model::{factor::passkey::Passkey, user::User},
    prelude::*,
    store::keys,
};

operation!(
    DeleteWebAuthnCredential, Token, reach AccessToken, now,
    adds [Forbidden, LimitExceeded, PasswordResetRequired]
);

shape! { Input {
    AccessToken access_token: Token,
    CredentialId credential_id: String,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, mut user, .. } = bearer(cx, &input.access_token)?;
    let key = keys::passkey(&pool.key_of(&user.username), &input.credential_id);
    let passkey = cx.get::<Passkey>(key)?.ok_or_else(|| {
        Error::saying(Code::ResourceNotFound, "Passkey credential does not exist.")
    })?;
    let before = User::clone(&user);
    user.factors.passkeys.take(&passkey.delete().relying_party);
    directory::save(cx, &pool, &before, &mut user)?;
    Ok(Output {})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::World;

    #[test]
    fn a_passkey_that_was_deleted_is_neither_listed_nor_asked_for() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        let _ = world.user_with_passkey(&pool, "ann");
        world.user(&pool, "bob", json!([]));
        let token = |name: &str| world.sign_in(&pool, name)["AccessToken"].take();
        let (ann, bob) = (token("ann"), token("bob"));
        let list = |token: &Value| {
            let input = json!({ "AccessToken": token });
            world.ok("ListWebAuthnCredentials", input)["Credentials"].take()
        };
        let id = list(&ann)[0]["CredentialId"].take();
        let delete = |token: &Value, id: &Value| {
            let input = json!({ "AccessToken": token, "CredentialId": id });
            world.call("DeleteWebAuthnCredential", input)
        };
        let missing = delete(&bob, &id).unwrap_err();
        assert_eq!(missing.code, "ResourceNotFoundException");
        assert_eq!(missing.message, "Passkey credential does not exist.");
        let offered = world.begin_with_passkey(&pool, "ann").unwrap();
        assert_eq!(offered["ChallengeName"], "WEB_AUTHN");
        assert_eq!(delete(&ann, &id), Ok(json!({})));
        assert_eq!(delete(&ann, &id).unwrap_err().code, "ResourceNotFoundException");
        assert_eq!(list(&ann), json!([]));
        let offered = world.begin_with_passkey(&pool, "ann").unwrap();
        assert_eq!(offered["ChallengeName"], "SELECT_CHALLENGE");
        let refused = delete(&json!("a.b.c"), &id).unwrap_err();
        assert_eq!(refused.code, "NotAuthorizedException");
    }
}
