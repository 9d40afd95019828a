//! What is a domain made of?

use alloc::string::String;

use super::{
    choice::{DomainStatus, SecurityPolicy},
    text::{
        Arn, AwsAccountId, Domain, DomainVersion, HealthCheckId, RegionName, S3Bucket, UserPoolId,
    },
};
use crate::shape::shape;

shape! {
    /// A domain, described in full.
    #[derive(Default)]
    pub(crate) DomainDescriptionType {
        UserPoolId user_pool_id: Option<UserPoolId>,
        AWSAccountId aws_account_id: Option<AwsAccountId>,
        Domain domain: Option<Domain>,
        S3Bucket s3_bucket: Option<S3Bucket>,
        CloudFrontDistribution cloud_front_distribution: Option<String>,
        Version version: Option<DomainVersion>,
        Status status: Option<DomainStatus>,
        CustomDomainConfig custom_domain_config: Option<CustomDomainConfigType>,
        ManagedLoginVersion managed_login_version: Option<i32>,
        Routing routing: Option<RoutingType>,
    }
}

shape! {
    /// What makes a domain one's own.
    pub(crate) CustomDomainConfigType {
        CertificateArn certificate_arn: Arn,
        SecurityPolicy security_policy: Option<SecurityPolicy>,
    }
}

shape! {
    /// Where requests go when a region fails.
    #[derive(Default)]
    pub(crate) RoutingType {
        Failover failover: Option<FailoverType>,
    }
}

shape! {
    /// The region that stands in.
    pub(crate) FailoverType {
        SecondaryRegion secondary_region: RegionName,
        PrimaryRoute53HealthCheckId primary_route53_health_check_id: HealthCheckId,
    }
}
