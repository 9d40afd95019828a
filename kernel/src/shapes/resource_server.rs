//! What is a resource server made of?

use super::{
    choice::ResourceServerManagedBy,
    text::{
        ResourceServerIdentifier, ResourceServerName, ResourceServerScopeDescription,
        ResourceServerScopeName, UserPoolId,
    },
};
use crate::shape::{list, shape};

shape! {
    /// A resource server, described in full.
    #[derive(Default)]
    pub(crate) ResourceServerType {
        UserPoolId user_pool_id: Option<UserPoolId>,
        Identifier identifier: Option<ResourceServerIdentifier>,
        Name name: Option<ResourceServerName>,
        Scopes scopes: Option<ResourceServerScopes>,
        ManagedBy managed_by: Option<ResourceServerManagedBy>,
    }
}

shape! {
    /// A scope of a resource server; tokens name it `{identifier}/{name}`.
    pub(crate) ResourceServerScopeType {
        ScopeName scope_name: ResourceServerScopeName,
        ScopeDescription scope_description: ResourceServerScopeDescription,
    }
}

list! {
    ResourceServerScopes: 0..=100 of ResourceServerScopeType;
}
