//! Which operations are counted together, and how many of them does AWS answer in a second?
//!
//! Where AWS's list does not name an operation yet, it stands with its like.

use crate::operation::Service;

macro_rules! categories {
    ($($name:ident $rate:literal [$($operation:literal),* $(,)?])*) => {
        /// A category of operations, by AWS's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are AWS's own")]
        pub enum Category { $($name),* }

        impl Category {
            /// Every category.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// AWS's name for it.
            #[must_use]
            pub const fn wire(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// How many calls a second AWS answers unless more was paid for.
            pub(super) const fn aws_rate(self) -> i32 {
                match self { $(Self::$name => $rate),* }
            }

            const fn operations(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($operation),*]),* }
            }
        }
    };
}

categories! {
    ClientAuthentication 150 [
        "GetClientToken", "GetSigningKey",
    ]
    GetCredentialsForIdentity 200 []
    GetId 25 []
    GetOpenIdToken 200 []
    GetOpenIdTokenForDeveloperIdentity 50 []
    IdentityPoolManagement 10 []
    LimitManagement 1 [
        "GetProvisionedLimit", "UpdateProvisionedLimit",
    ]
    RoleManagement 20 []
    TemporaryCredentials 600 []
    UserAccountRecovery 30 [
        "AdminResetUserPassword", "AdminSetUserPassword", "ChangePassword",
        "ConfirmForgotPassword", "ForgotPassword",
    ]
    UserAuthentication 120 [
        "AdminGetUserAuthFactors", "AdminInitiateAuth", "AdminRespondToAuthChallenge",
        "GetUserAuthFactors", "InitiateAuth", "RespondToAuthChallenge",
    ]
    UserCreation 50 [
        "AdminConfirmSignUp", "AdminCreateUser", "ConfirmSignUp", "SignUp",
    ]
    UserFederation 25 [
        "GetDerivedToken",
    ]
    UserList 30 [
        "ListUsers", "ListUsersInGroup", "SearchUsers",
    ]
    UserPoolClientRead 15 [
        "DescribeUserPoolClient", "GetUserPoolClientSessionConfiguration",
        "ListUserPoolClientSecrets", "ListUserPoolClients", "ListVerifierKeys",
    ]
    UserPoolClientUpdate 15 [
        "AddUserPoolClientSecret", "CreateUserPoolClient", "CreateVerifierKey",
        "DeleteUserPoolClient", "DeleteUserPoolClientSecret", "DeleteVerifierKey", "SetUserPoolClientSessionConfiguration",
        "UpdateUserPoolClient",
    ]
    UserPoolRead 15 [
        "DescribeUserPool", "ListUserPoolReplicas", "ListUserPools",
    ]
    UserPoolResourceRead 20 [
        "DescribeIdentityProvider", "DescribeManagedLoginBranding",
        "DescribeManagedLoginBrandingByClient", "DescribeResourceServer",
        "DescribeRiskConfiguration", "DescribeTerms", "DescribeTermsByClient",
        "DescribeUserExport", "DescribeUserImportJob", "DescribeUserPoolDomain", "GetCSVHeader", "GetGroup",
        "GetIdentityProviderByIdentifier", "GetLogDeliveryConfiguration", "GetSigningCertificate",
        "GetUICustomization", "GetUserPoolMfaConfig", "GetUserPoolSessionConfiguration",
        "ListDeliveryFailures", "ListMessageTemplates", "ListGroups", "ListIdentityProviders", "ListResourceServers", "ListTagsForResource",
        "ListTerms", "ListUserImportJobLines", "ListUserImportJobs",
    ]
    UserPoolResourceUpdate 15 [
        "AddCustomAttributes", "ChangeUserPoolSchema", "ChangeUserPoolSignInNames", "CreateGroup",
        "CreateIdentityProvider",
        "CreateManagedLoginBranding", "CreateResourceServer", "CreateTerms",
        "CreateUserExport", "CreateUserImportJob", "CreateUserPoolDomain", "CreateUserRestoreJob", "DeleteGroup", "DeleteIdentityProvider",
        "DeleteManagedLoginBranding", "DeleteMessageTemplates", "PutMessageTemplates", "DeleteResourceServer", "DeleteTerms",
        "DeleteUserPoolDomain", "SetLogDeliveryConfiguration", "SetRiskConfiguration",
        "SetUICustomization", "SetUserPoolMfaConfig", "SetUserPoolSessionConfiguration",
        "StartUserImportJob", "StopUserImportJob", "TagResource", "UntagResource", "UpdateGroup",
        "UpdateIdentityProvider", "UpdateManagedLoginBranding", "UpdateResourceServer",
        "UpdateTerms", "UpdateUserPoolDomain",
    ]
    UserPoolUpdate 15 [
        "CreateUserPool", "CreateUserPoolReplica", "DeleteUserPool", "DeleteUserPoolReplica",
        "UpdateUserPool", "UpdateUserPoolReplica",
    ]
    UserRead 120 [
        "AdminGetUser", "GetUser",
    ]
    UserResourceRead 50 [
        "AdminGetDevice", "AdminListDevices", "AdminListGroupsForUser", "AdminListUserAuthEvents",
        "AdminListUserSessions", "GetDevice", "GetUserAttributeVerificationCode", "ListDevices",
        "ListUserSessions", "ListWebAuthnCredentials", "ResendConfirmationCode",
    ]
    UserResourceUpdate 25 [
        "AdminAddUserToGroup", "AdminDeleteSoftwareToken", "AdminForgetDevice",
        "AdminRemoveUserFromGroup", "AdminRevokeUserSession", "AdminSetUserMFAPreference",
        "AdminSetUserSettings", "AdminUpdateAuthEventFeedback", "AdminUpdateDeviceStatus",
        "AssociateSoftwareToken", "CompleteWebAuthnRegistration", "ConfirmDevice",
        "DeleteWebAuthnCredential", "ForgetDevice", "RevokeIdentityCredentials", "RevokeUserSession",
        "SetUserMFAPreference",
        "SetUserSettings", "StartWebAuthnRegistration", "UpdateAuthEventFeedback",
        "UpdateDeviceStatus", "VerifySoftwareToken", "VerifyUserAttribute",
    ]
    UserToken 120 [
        "GetTokensFromRefreshToken", "RevokeToken",
    ]
    UserUpdate 25 [
        "AdminDeleteUser", "AdminDeleteUserAttributes", "AdminDisableProviderForUser",
        "AdminDisableUser", "AdminEnableUser", "AdminLinkProviderForUser",
        "AdminUpdateUserAttributes", "AdminUserGlobalSignOut", "DeleteUser",
        "DeleteUserAttributes", "GlobalSignOut", "UpdateUserAttributes",
    ]
}

impl Category {
    /// The category of that name, if it is one of user pools: others have no other rate than AWS's.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let is_it = |category: &Self| category.wire() == name && !category.operations().is_empty();
        Self::ALL.iter().copied().find(is_it)
    }

    /// Its place in [`Self::ALL`].
    pub(super) fn index(self) -> usize {
        Self::ALL.iter().position(|category| *category == self).unwrap_or(0)
    }

    /// Whether its operations change a user; nothing if they concern none, or one who is counted
    /// otherwise.
    pub(super) const fn writes_user(self) -> Option<bool> {
        match self {
            Self::UserRead | Self::UserResourceRead => Some(false),
            Self::UserAccountRecovery | Self::UserResourceUpdate | Self::UserUpdate => Some(true),
            _ => None,
        }
    }
}

/// The category of an operation; operations between places have none.
pub(crate) const fn category(service: Service, operation: &str) -> Option<Category> {
    match service {
        Service::Extension | Service::UserPools => of_user_pools(operation),
        Service::Iam => Some(Category::RoleManagement),
        Service::IdentityPools => Some(of_identity_pools(operation)),
        Service::Internal => None,
        Service::Sts => Some(Category::TemporaryCredentials),
    }
}

/// AWS counts what everybody may call of identity pools one by one. What it says nothing of stands
/// together here.
const fn of_identity_pools(operation: &str) -> Category {
    let counted = [
        Category::GetCredentialsForIdentity,
        Category::GetId,
        Category::GetOpenIdToken,
        Category::GetOpenIdTokenForDeveloperIdentity,
    ];
    let mut c = 0;
    while c < counted.len() {
        if is_same(counted[c].wire().as_bytes(), operation.as_bytes()) {
            return counted[c];
        }
        c += 1;
    }
    Category::IdentityPoolManagement
}

const fn of_user_pools(operation: &str) -> Option<Category> {
    let mut c = 0;
    while c < Category::ALL.len() {
        let names = Category::ALL[c].operations();
        let mut n = 0;
        while n < names.len() {
            if is_same(names[n].as_bytes(), operation.as_bytes()) {
                return Some(Category::ALL[c]);
            }
            n += 1;
        }
        c += 1;
    }
    None
}

/// `==`, where constants are made.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::OPERATIONS;

    #[test]
    fn every_operation_has_a_category_but_those_between_places() {
        for operation in OPERATIONS {
            let is_counted = operation.service != Service::Internal;
            assert_eq!(operation.category.is_some(), is_counted, "{}", operation.name);
        }
    }

    #[test]
    fn no_operation_is_in_two_categories() {
        let all = Category::ALL.iter().flat_map(|category| category.operations());
        let mut all: Vec<_> = all.collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn names_lead_to_categories() {
        assert_eq!(category(Service::UserPools, "SignUp"), Some(Category::UserCreation));
        for name in ["", "SignU", "SignUpp", "signUp"] {
            assert_eq!(category(Service::UserPools, name), None, "{name}");
        }
        let token = category(Service::IdentityPools, "GetOpenIdToken");
        assert_eq!(token, Some(Category::GetOpenIdToken));
        for category in Category::ALL {
            let is_set = !category.operations().is_empty();
            assert_eq!(Category::named(category.wire()), is_set.then_some(*category));
            assert_eq!(Category::ALL.get(category.index()), Some(category));
        }
    }
}
