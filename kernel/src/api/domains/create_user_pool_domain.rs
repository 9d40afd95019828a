//! `CreateUserPoolDomain`: gives a user pool a prefix or a domain of its own.
//!
//! It is active at once, and no certificate is looked at: how a custom domain's name leads here, and
//! who answers for it, is the deployment's matter.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html>

use crate::{
    PoolKey, directory,
    model::domain::{Domain, check_name, check_version},
    place::Place,
    prelude::*,
    shape::Json,
    shapes,
    store::keys,
};

operation!(
    CreateUserPoolDomain, Iam, reach Pool, asks,
    adds [ConcurrentModification, FeatureUnavailableInTier, LimitExceeded],
    lacks [TooManyRequests]
);

shape! { Input {
    Domain domain: shapes::Domain,
    UserPoolId user_pool_id: UserPoolId,
    ManagedLoginVersion managed_login_version: Option<i32>,
    CustomDomainConfig custom_domain_config: Option<CustomDomainConfigType>,
    Routing routing: Option<RoutingType>,
} }

shape! { Output {
    ManagedLoginVersion managed_login_version: Option<i32>,
    CloudFrontDomain cloud_front_domain: Option<shapes::Domain>,
    Routing routing: Option<RoutingType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let version = check_version(input.managed_login_version)?;
    check_name(&input.domain, input.custom_domain_config.as_ref())?;
    check_free(cx, &input)?;
    claim(cx, &input).await?;
    if let Err(error) = check_free(cx, &input) {
        super::release(cx, input.domain.as_str(), input.user_pool_id.as_str()).await?;
        return Err(error);
    }
    let host = super::host(cx);
    let description = DomainDescriptionType {
        user_pool_id: Some(input.user_pool_id),
        aws_account_id: Some(cx.deployment().account_id.as_str().into()),
        domain: Some(input.domain.clone()),
        s3_bucket: None,
        cloud_front_distribution: Some(host.clone()),
        version: Some(cx.now_ms().to_string().into()),
        status: Some(DomainStatus::Active),
        custom_domain_config: input.custom_domain_config,
        managed_login_version: Some(version),
        routing: input.routing.clone(),
    };
    let domain = Domain { description };
    cx.put(&keys::domain(input.domain.as_str()), &domain)?;
    Ok(Output {
        managed_login_version: Some(version),
        cloud_front_domain: domain.is_custom().then(|| host.into()),
        routing: input.routing,
    })
}

/// Whether the pool may have one more domain of that kind.
fn check_free(cx: &Cx, input: &Input) -> Result<(), Error> {
    cx.pool(&input.user_pool_id)?;
    let [prefix, custom] = directory::domains(cx)?;
    let taken = if input.custom_domain_config.is_some() { custom } else { prefix };
    if taken.is_some() {
        let message = "User pool already has a domain configured.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    Ok(())
}

/// Claims the name at the account. A claimant of long ago that does not have the domain loses it.
async fn claim(cx: &mut Cx, input: &Input) -> Result<(), Error> {
    let name = input.domain.as_str();
    let taken = || {
        let message = "Domain already associated with another user pool.";
        Error::saying(Code::InvalidParameter, message)
    };
    let wanted = serde_json::json!({ "Name": name, "PoolId": input.user_pool_id.as_str() });
    let answer = super::ask(cx, Place::Account, "ClaimDomain", &wanted).await?;
    let Some(holder) = answer.get("HolderId").and_then(Json::as_str) else { return Ok(()) };
    let claimed_ms = answer.get("ClaimedMs").and_then(Json::as_u64).unwrap_or(0);
    let is_young = cx.now_ms().saturating_sub(claimed_ms) < super::CREATION_MS_MAX;
    let place = PoolKey::of_pool_id(holder).map(Place::Pool).filter(|_| !is_young);
    let place = place.ok_or_else(taken)?;
    let told = super::ask(cx, place, "ShowDomain", &serde_json::json!({ "Name": name })).await?;
    if told.get("Domain").is_some() {
        return Err(taken());
    }
    super::release(cx, name, holder).await?;
    let answer = super::ask(cx, Place::Account, "ClaimDomain", &wanted).await?;
    if answer.get("HolderId").is_some() { Err(taken()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        Place, PoolKey,
        shape::Json,
        testing::{TestPool, World},
    };

    const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/c";

    fn prefix(pool: &TestPool, name: &str) -> Json {
        json!({ "UserPoolId": pool.id, "Domain": name })
    }

    fn custom(pool: &TestPool, name: &str) -> Json {
        let config = json!({ "CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_3_2025" });
        json!({ "UserPoolId": pool.id, "Domain": name, "CustomDomainConfig": config })
    }

    fn described(world: &World, pool: &TestPool) -> [Json; 2] {
        let shown = world.ok("DescribeUserPool", json!({ "UserPoolId": pool.id }));
        ["Domain", "CustomDomain"].map(|member| shown["UserPool"][member].clone())
    }

    #[test]
    fn a_pool_has_a_prefix_and_a_domain_of_its_own() {
        let world = World::new();
        let pool = world.pool(json!({}));
        assert_eq!(described(&world, &pool), [json!(null), json!(null)]);
        let made = world.ok("CreateUserPoolDomain", prefix(&pool, "shop"));
        assert_eq!(made, json!({ "ManagedLoginVersion": 1 }));
        let mut own = custom(&pool, "login.shop.example");
        own["ManagedLoginVersion"] = json!(2);
        let made = world.ok("CreateUserPoolDomain", own.clone());
        assert_eq!(made, json!({ "ManagedLoginVersion": 2, "CloudFrontDomain": "localhost" }));
        assert_eq!(described(&world, &pool), [json!("shop"), json!("login.shop.example")]);
        world.move_to("us-east-1");
        let shown = world.ok("DescribeUserPoolDomain", json!({ "Domain": "login.shop.example" }));
        let shown = &shown["DomainDescription"];
        assert_eq!(shown["CustomDomainConfig"], own["CustomDomainConfig"]);
        for more in [prefix(&pool, "store"), custom(&pool, "login.store.example")] {
            let failure = world.fails("CreateUserPoolDomain", more);
            assert_eq!(failure.code, "InvalidParameterException");
            assert_eq!(failure.message, "User pool already has a domain configured.");
        }
    }

    #[test]
    fn a_name_is_one_pools_only() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let _ = world.ok("CreateUserPoolDomain", prefix(&pool, "shop"));
        world.advance_s(3_600);
        let failure = world.fails("CreateUserPoolDomain", prefix(&other, "shop"));
        assert_eq!(failure.code, "InvalidParameterException");
        assert_eq!(failure.message, "Domain already associated with another user pool.");
        assert_eq!(described(&world, &other), [json!(null), json!(null)]);
    }

    #[test]
    fn a_claim_that_was_cut_short_is_its_claimants_for_a_minute() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let claim = json!({ "Name": "shop", "PoolId": pool.id });
        let _ = world.at(&Place::Account, "ClaimDomain", &claim).unwrap();
        let _ = world.fails("CreateUserPoolDomain", prefix(&other, "shop"));
        let _ = world.ok("CreateUserPoolDomain", prefix(&pool, "shop"));
        let claim = json!({ "Name": "store", "PoolId": pool.id });
        let _ = world.at(&Place::Account, "ClaimDomain", &claim).unwrap();
        world.advance_s(60);
        let _ = world.ok("CreateUserPoolDomain", prefix(&other, "store"));
        let shown = world.ok("DescribeUserPoolDomain", json!({ "Domain": "store" }));
        assert_eq!(shown["DomainDescription"]["UserPoolId"], other.id);
    }

    #[test]
    fn names_that_can_not_be_are_refused_and_claim_nothing() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let account = world.records(&Place::Account).len();
        for word in ["amazon", "aws", "cognito"] {
            let name = ["my-", word, "-shop"].concat();
            let failure = world.fails("CreateUserPoolDomain", prefix(&pool, &name));
            assert_eq!(failure.code, "InvalidParameterException");
            let message = alloc::format!("Domain cannot contain reserved word: {word}");
            assert_eq!(failure.message, message);
        }
        let mut version = prefix(&pool, "shop");
        version["ManagedLoginVersion"] = json!(3);
        for bad in [prefix(&pool, "login.shop.example"), custom(&pool, "shop"), version] {
            let failure = world.fails("CreateUserPoolDomain", bad);
            assert_eq!(failure.code, "InvalidParameterException");
        }
        let nowhere = json!({ "UserPoolId": "eu-west-1_000000000", "Domain": "shop" });
        let failure = world.fails("CreateUserPoolDomain", nowhere);
        assert_eq!(failure.code, "ResourceNotFoundException");
        assert_eq!(world.records(&Place::Account).len(), account);
    }

    #[test]
    fn a_pool_with_a_domain_is_not_deleted() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let _ = world.ok("CreateUserPoolDomain", prefix(&pool, "shop"));
        let named = json!({ "UserPoolId": pool.id });
        let failure = world.fails("DeleteUserPool", named.clone());
        assert_eq!(failure.code, "InvalidParameterException");
        assert_eq!(
            failure.message,
            "User pool cannot be deleted. It has a domain configured that should be deleted first."
        );
        let _ = world.ok("DeleteUserPoolDomain", prefix(&pool, "shop"));
        let _ = world.ok("DeleteUserPool", named);
        let place = Place::Pool(PoolKey::of_pool_id(&pool.id).unwrap());
        assert!(world.records(&place).is_empty());
        assert!(world.records(&Place::Account).is_empty());
    }
}
