//! `UpdateUserPoolDomain`: changes what a domain shows and which certificate it has; what is left
//! out stays as it is.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html>

use crate::{model::domain::check_version, prelude::*, shapes};

operation!(
    UpdateUserPoolDomain, Iam, reach Pool, now,
    adds [ConcurrentModification, FeatureUnavailableInTier]
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

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let mut domain = super::known(cx, input.domain.as_str())?;
    if input.custom_domain_config.is_some() && !domain.is_custom() {
        let message = "A prefix can not become a custom domain.";
        return Err(Error::saying(Code::InvalidParameter, message));
    }
    let is_custom = domain.is_custom();
    let shown = &mut domain.description;
    if input.managed_login_version.is_some() {
        shown.managed_login_version = Some(check_version(input.managed_login_version)?);
    }
    shown.custom_domain_config = input.custom_domain_config.or(shown.custom_domain_config.take());
    shown.routing = input.routing.or(shown.routing.take());
    shown.version = Some(cx.now_ms().to_string().into());
    let output = Output {
        managed_login_version: shown.managed_login_version,
        cloud_front_domain: is_custom.then(|| super::host(cx).into()),
        routing: shown.routing.clone(),
    };
    domain.save()?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn the_pages_and_the_certificate_change_and_the_rest_stays() {
        let world = World::new();
        let pool = world.pool(json!({}));
        let certificate = |name: &str| {
            let arn = ["arn:aws:acm:us-east-1:123456789012:certificate/", name].concat();
            json!({ "CertificateArn": arn })
        };
        let named = json!({ "UserPoolId": pool.id, "Domain": "login.shop.example" });
        let mut made = named.clone();
        made["CustomDomainConfig"] = certificate("old");
        let _ = world.ok("CreateUserPoolDomain", made);
        let shown = || {
            let domain = json!({ "Domain": "login.shop.example" });
            world.ok("DescribeUserPoolDomain", domain)["DomainDescription"].take()
        };
        let mut update = named.clone();
        update["ManagedLoginVersion"] = json!(2);
        let updated = world.ok("UpdateUserPoolDomain", update);
        assert_eq!(updated, json!({ "ManagedLoginVersion": 2, "CloudFrontDomain": "localhost" }));
        assert_eq!(shown()["ManagedLoginVersion"], 2);
        assert_eq!(shown()["CustomDomainConfig"], certificate("old"));
        let mut update = named;
        update["CustomDomainConfig"] = certificate("new");
        let _ = world.ok("UpdateUserPoolDomain", update);
        assert_eq!(shown()["ManagedLoginVersion"], 2);
        assert_eq!(shown()["CustomDomainConfig"], certificate("new"));
    }

    #[test]
    fn a_refused_change_changes_nothing() {
        let world = World::new();
        let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
        let named = json!({ "UserPoolId": pool.id, "Domain": "shop" });
        let _ = world.ok("CreateUserPoolDomain", named.clone());
        let before = world.ok("DescribeUserPoolDomain", json!({ "Domain": "shop" }));
        let mut of_another = named.clone();
        of_another["UserPoolId"] = json!(other.id);
        let mut version = named.clone();
        version["ManagedLoginVersion"] = json!(0);
        let mut certificate = named;
        certificate["CustomDomainConfig"] =
            json!({ "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c" });
        for bad in [of_another, version, certificate] {
            let failure = world.fails("UpdateUserPoolDomain", bad);
            assert_eq!(failure.code, "InvalidParameterException");
        }
        assert_eq!(world.ok("DescribeUserPoolDomain", json!({ "Domain": "shop" })), before);
    }
}
