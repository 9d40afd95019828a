//! `DescribeUserPoolDomain`: tells all about a domain. Of one that nobody has, nothing is told, and
//! that is no error.
//!
//! A prefix is known in the region of its pool only, as at AWS.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html>

use crate::{
    PoolKey,
    model::domain::Claim,
    place::Place,
    prelude::*,
    shape::{Json, Wire},
    store::keys,
};

operation!(DescribeUserPoolDomain, Iam, reach Account, asks, adds [], lacks [TooManyRequests]);

shape! { Input {
    Domain domain: Domain,
} }

shape! { Output {
    DomainDescription domain_description: Option<DomainDescriptionType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let name = input.domain.as_str();
    let claim = cx.get::<Claim>(keys::domain_claim(name))?.map(|claim| claim.pool_id.clone());
    let place = claim.and_then(|id| PoolKey::of_pool_id(&id)).map(Place::Pool);
    let mut shown = None;
    if let Some(place) = place {
        let input = serde_json::json!({ "Name": name });
        let mut told = super::ask(cx, place, "ShowDomain", &input).await?;
        shown = DomainDescriptionType::read(told.get_mut("Domain").map_or(Json::Null, Json::take));
    }
    let is_near = |shown: &DomainDescriptionType| {
        let region = shown.user_pool_id.as_ref().and_then(|id| id.as_str().rsplit_once('_'));
        shown.custom_domain_config.is_some()
            || region.is_some_and(|(region, _)| region == cx.caller.region)
    };
    let shown = shown.filter(is_near).unwrap_or_default();
    Ok(Output { domain_description: Some(shown) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn a_domain_is_described_in_full_in_its_own_region() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ =
            world.ok("CreateUserPoolDomain", json!({ "UserPoolId": pool.id, "Domain": "shop" }));
        let describe = || {
            let mut shown = world.ok("DescribeUserPoolDomain", json!({ "Domain": "shop" }));
            shown["DomainDescription"].take()
        };
        let mut shown = describe();
        assert!(shown["Version"].take().as_str().is_some_and(|version| !version.is_empty()));
        let expected = json!({
            "UserPoolId": pool.id, "AWSAccountId": "123456789012", "Domain": "shop",
            "Status": "ACTIVE", "ManagedLoginVersion": 1, "CloudFrontDistribution": "localhost",
            "Version": null,
        });
        assert_eq!(shown, expected);
        world.move_to("us-east-1");
        assert_eq!(describe(), json!({}));
    }

    #[test]
    fn of_a_domain_that_nobody_has_nothing_is_told() {
        let world = World::new();
        let shown = world.ok("DescribeUserPoolDomain", json!({ "Domain": "nobody" }));
        assert_eq!(shown, json!({ "DomainDescription": {} }));
        for bad in ["", "Shop", "-shop", "shop-", "a..b", ".shop", &"a".repeat(64)] {
            let failure = world.fails("DescribeUserPoolDomain", json!({ "Domain": bad }));
            assert_eq!(failure.code, "InvalidParameterException", "{bad}");
        }
    }
}
