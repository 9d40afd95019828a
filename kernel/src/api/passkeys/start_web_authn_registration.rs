//! `StartWebAuthnRegistration`: tells what a new passkey is to be made with.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html>

use super::bearer;
use crate::{
    access::bearer::Bearer, flow::passkey::registration, model::factor::passkey, prelude::*,
    shape::Json,
};

operation!(
    StartWebAuthnRegistration, Token, reach AccessToken, now,
    adds [
        Forbidden, LimitExceeded, PasswordResetRequired, WebAuthnConfigurationMissing,
        WebAuthnNotEnabled,
    ],
    lacks [ResourceNotFound]
);

shape! { Input {
    AccessToken access_token: Token,
} }

shape! { Output {
    CredentialCreationOptions credential_creation_options: Json,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let Bearer { pool, client, user, .. } = bearer(cx, &input.access_token)?;
    pool.require_passkeys()?;
    let relying_party = passkey::relying_party(cx, &pool)?;
    let relying_party = relying_party.ok_or(Code::WebAuthnConfigurationMissing)?;
    user.factors.passkeys.require_room()?;
    let challenge = registration::mint(cx, &user, &client.id)?;
    let options = passkey::creation(cx, (&pool, &user), (&relying_party, &challenge))?;
    Ok(Output { credential_creation_options: options })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Authenticator, World, decoded};

    #[test]
    fn an_authenticator_is_told_what_is_wanted_and_whose_it_is() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        world.user(&pool, "ann", json!([{ "Name": "name", "Value": "Ann Example" }]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let sub = world.ok("GetUser", json!({ "AccessToken": token }))["UserAttributes"][0].take();
        let mut options = world.creation_options(&token).unwrap();
        let challenge = options["challenge"].take();
        assert!(decoded(&challenge).len() >= 16);
        assert_eq!(
            decoded(&options["user"]["id"].take()),
            sub["Value"].as_str().unwrap().as_bytes()
        );
        assert_eq!(
            options,
            json!({
                "challenge": null,
                "rp": { "id": "example.com", "name": "example.com" },
                "user": { "id": null, "name": "ann", "displayName": "Ann Example" },
                "pubKeyCredParams": [
                    { "type": "public-key", "alg": -7 },
                    { "type": "public-key", "alg": -8 },
                    { "type": "public-key", "alg": -257 },
                ],
                "timeout": 300_000,
                "excludeCredentials": [],
                "authenticatorSelection": {
                    "residentKey": "preferred", "requireResidentKey": false,
                    "userVerification": "preferred",
                },
                "attestation": "none",
            })
        );
        assert_ne!(world.creation_options(&token).unwrap()["challenge"], challenge);
    }

    #[test]
    fn what_the_user_has_is_not_made_again_and_a_pool_may_want_more() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        let authenticator = world.user_with_passkey(&pool, "ann");
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        let known = world.creation_options(&token).unwrap()["excludeCredentials"].take();
        assert_eq!(decoded(&known[0]["id"]), authenticator.id);
        assert_eq!(known[0]["transports"], json!(["internal", "hybrid"]));
        for wanted in [
            json!({ "RelyingPartyId": "example.com", "UserVerification": "required" }),
            json!({
                "RelyingPartyId": "example.com",
                "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
            }),
        ] {
            world.configure_passkeys(&pool, wanted);
            let options = world.creation_options(&token).unwrap();
            assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        }
        // Another domain's authenticators know nothing of it.
        world.configure_passkeys(&pool, json!({ "RelyingPartyId": "example.org" }));
        assert_eq!(world.creation_options(&token).unwrap()["excludeCredentials"], json!([]));
    }

    fn refusal(world: &World, token: &Value) -> alloc::string::String {
        world.creation_options(token).unwrap_err().code
    }

    #[test]
    fn a_pool_that_takes_none_says_so() {
        let world = World::new();
        let pool = world.pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        assert_eq!(refusal(&world, &token), "WebAuthnNotEnabledException");
        assert_eq!(refusal(&world, &json!("a.b.c")), "NotAuthorizedException");
    }

    #[test]
    fn a_domain_stands_in_where_the_pool_names_none() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        world.user(&pool, "ann", json!([]));
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        world.configure_passkeys(&pool, json!({ "UserVerification": "preferred" }));
        assert_eq!(refusal(&world, &token), "WebAuthnConfigurationMissingException");
        let id = || world.creation_options(&token).unwrap()["rp"]["id"].take();
        let domain = |input: Value| {
            let mut input = input;
            input["UserPoolId"] = json!(pool.id);
            let _ = world.ok("CreateUserPoolDomain", input);
        };
        domain(json!({ "Domain": "ours" }));
        assert_eq!(id(), "localhost");
        let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/a";
        domain(json!({
            "Domain": "id.example.net", "CustomDomainConfig": { "CertificateArn": certificate },
        }));
        assert_eq!(id(), "id.example.net");
    }

    #[test]
    fn a_user_has_twenty_at_most() {
        let world = World::new();
        let pool = world.passkey_pool(json!({}));
        let _ = world.user_with_passkey(&pool, "ann");
        let token = world.sign_in(&pool, "ann")["AccessToken"].take();
        for _ in 1..19 {
            world.register(&token, &mut Authenticator::new()).unwrap();
        }
        // Two that are made at once are counted as well.
        let late = world.creation_options(&token).unwrap();
        world.register(&token, &mut Authenticator::new()).unwrap();
        let credential = Authenticator::new().create(&late);
        let input = json!({ "AccessToken": token, "Credential": credential });
        let failure = world.fails("CompleteWebAuthnRegistration", input);
        assert_eq!(failure.code, "LimitExceededException");
        assert_eq!(failure.message, "The user has the maximum number of passkeys.");
        assert_eq!(refusal(&world, &token), "LimitExceededException");
    }
}
