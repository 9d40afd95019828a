//! An operation: its name, who may call it, where it runs, its shapes, its errors, its handler.

use alloc::boxed::Box;
use core::{future::Future, pin::Pin};

use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::{COMMON, Code, Error},
    limit::Category,
    shape::{Json, Shape},
};

/// Which API an operation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Service {
    /// What Cognate offers beyond AWS's APIs, in the same protocol.
    Extension,
    /// Roles and their policies: a part of `iam`.
    Iam,
    /// Identity pools: `cognito-identity`.
    IdentityPools,
    /// What one place asks another, and what plain HTTP paths show. Not callable by target.
    Internal,
    /// Temporary credentials: a part of `sts`.
    Sts,
    /// User pools: `cognito-idp`.
    UserPools,
}

impl Service {
    /// The service of an `X-Amz-Target` prefix.
    #[must_use]
    pub fn of_target(prefix: &str) -> Option<Self> {
        let called = [Self::Extension, Self::IdentityPools, Self::UserPools];
        called.into_iter().find(|service| service.target() == prefix)
    }

    /// What stands before the operation's name in `X-Amz-Target`.
    #[must_use]
    pub const fn target(self) -> &'static str {
        match self {
            Self::Extension => "Cognate",
            Self::IdentityPools => "AWSCognitoIdentityService",
            // The last two have forms in the place of targets.
            Self::Internal | Self::Iam | Self::Sts => "",
            Self::UserPools => "AWSCognitoIdentityProviderService",
        }
    }

    /// The name that a SigV4 scope carries. Extensions are signed as user pools are, so that an
    /// administrator's tools need no other service.
    #[must_use]
    pub const fn signing_name(self) -> &'static str {
        match self {
            Self::Internal => "",
            Self::Extension | Self::UserPools => "cognito-idp",
            Self::Iam => "iam",
            Self::IdentityPools => "cognito-identity",
            Self::Sts => "sts",
        }
    }
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever signs with an access key that is allowed to (SigV4).
    Iam,
    /// Other places of this deployment.
    Internal,
    /// Everybody.
    Public,
    /// The user whose access token is in the request.
    Token,
}

/// How the place of a call is found in its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By the issuer of `AccessToken`.
    AccessToken,
    /// By the issuer of `AccessToken`, or else by `Session`.
    AccessTokenOrSession,
    /// The account.
    Account,
    /// By `ClientId`.
    Client,
    /// By `IdentityId`.
    Identity,
    /// By `IdentityPoolId`.
    IdentityPool,
    /// By `ResourceArn`, which is an identity pool's.
    IdentityPoolResource,
    /// An identity pool that does not exist yet.
    NewIdentityPool,
    /// A pool that does not exist yet.
    NewPool,
    /// Wherever it was sent; for internal operations.
    Given,
    /// By `UserPoolId`.
    Pool,
    /// By `ResourceArn`, which is a user pool's.
    Resource,
}

pub(crate) type Later<'a> = Pin<Box<dyn Future<Output = Result<Json, Error>> + 'a>>;

/// `Now` runs to its end untouched. `Asks` may wait on the world, and others may run meanwhile.
pub(crate) enum Handler {
    Asks(for<'a> fn(&'a mut Cx, Json) -> Later<'a>),
    Now(fn(&Cx, Json) -> Result<Json, Error>),
}

/// An operation, as data.
pub struct Operation {
    /// Its name in AWS's spelling.
    pub name: &'static str,
    /// The API that it belongs to.
    pub service: Service,
    /// Who may call it.
    pub access: Access,
    /// How its place is found.
    pub reach: Reach,
    /// The structure that it takes.
    pub input: &'static Shape,
    /// The structure that it gives.
    pub output: &'static Shape,
    /// What it is counted with; operations between places are not counted.
    pub category: Option<Category>,
    /// The errors that it declares beyond [`COMMON`].
    pub errors: &'static [Code],
    /// Those of [`COMMON`] that it does not declare.
    pub lacks: &'static [Code],
    pub(crate) handler: Handler,
}

impl core::fmt::Debug for Operation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name)
    }
}

impl Operation {
    /// Whether the operation declares that error.
    #[must_use]
    pub fn declares(&self, code: Code) -> bool {
        self.errors.contains(&code) || (COMMON.contains(&code) && !self.lacks.contains(&code))
    }

    pub(crate) async fn run(&self, cx: &mut Cx, input: Json) -> Result<Json, Error> {
        match self.handler {
            Handler::Now(handle) => handle(cx, input),
            Handler::Asks(handle) => handle(cx, input).await,
        }
    }
}

/// The operation of that name, which must be in AWS's spelling.
#[must_use]
pub fn find(service: Service, name: &str) -> Option<&'static Operation> {
    crate::OPERATIONS.iter().find(|op| op.service == service && op.name == name)
}

/// Declares this file's operation: its name, access, reach, whether it asks, and its errors.
///
/// `lacks` names those of [`COMMON`] that AWS's model does not declare for it. An operation that
/// AWS does not have says `extension` before its name, one of identity pools `identity`.
macro_rules! operation {
    (iam $name:ident, $kind:ident, adds [$($error:ident),* $(,)?]) => {
        operation!(@ $name, Iam, Iam, Account, [$($error),*],
            [InvalidParameter, NotAuthorized, OperationNotEnabled, ResourceNotFound,
                TooManyRequests], operation!(@ $kind));
    };
    (sts $name:ident, $access:ident, $kind:ident, adds [$($error:ident),* $(,)?]) => {
        operation!(@ $name, Sts, $access, Account, [$($error),*],
            [InvalidParameter, NotAuthorized, OperationNotEnabled, ResourceNotFound,
                TooManyRequests], operation!(@ $kind));
    };
    (identity $name:ident, $access:ident, reach $reach:ident, $kind:ident, adds [$($error:ident),* $(,)?] $(, lacks [$($lack:ident),* $(,)?])? $(,)?) => {
        operation!(@ $name, IdentityPools, $access, $reach, [$($error),*],
            [OperationNotEnabled $(, $($lack),*)?], operation!(@ $kind));
    };
    (extension $name:ident, $access:ident, reach $reach:ident, $kind:ident, adds [$($error:ident),* $(,)?] $(,)?) => {
        operation!(@ $name, Extension, $access, $reach, [$($error),*], [], operation!(@ $kind));
    };
    ($name:ident, Internal, $kind:ident) => {
        operation!(@ $name, Internal, Internal, Given, [], [], operation!(@ $kind));
    };
    ($name:ident, $access:ident, reach $reach:ident, $kind:ident, adds [$($error:ident),* $(,)?] $(, lacks [$($lack:ident),* $(,)?])? $(,)?) => {
        operation!(@ $name, UserPools, $access, $reach, [$($error),*], [$($($lack),*)?],
            operation!(@ $kind));
    };
    (@ now) => {
        $crate::operation::Handler::Now(|cx, json| {
            let input = $crate::operation::read::<Input>(json)?;
            handle(cx, input).map($crate::shape::Wire::write)
        })
    };
    (@ asks) => {
        $crate::operation::Handler::Asks(|cx, json| alloc::boxed::Box::pin(async move {
            let input = $crate::operation::read::<Input>(json)?;
            handle(cx, input).await.map($crate::shape::Wire::write)
        }))
    };
    (@ $name:ident, $service:ident, $access:ident, $reach:ident, [$($error:ident),*], [$($lack:ident),*], $handler:expr) => {
        pub(crate) const OPERATION: $crate::operation::Operation = $crate::operation::Operation {
            name: stringify!($name),
            service: $crate::operation::Service::$service,
            access: $crate::operation::Access::$access,
            reach: $crate::operation::Reach::$reach,
            input: <Input as $crate::shape::Wire>::SHAPE,
            output: <Output as $crate::shape::Wire>::SHAPE,
            // Made as constants are, so that no call pays for the look-up.
            category: const {
                $crate::limit::category($crate::operation::Service::$service, stringify!($name))
            },
            errors: &[$($crate::error::Code::$error),*],
            lacks: &[$($crate::error::Code::$lack),*],
            handler: $handler,
        };
    };
}
pub(crate) use operation;

/// Reads an input whose shape was checked before.
pub(crate) fn read<T: crate::shape::Wire>(json: Json) -> Result<T, Error> {
    T::read(json).ok_or_else(|| Code::Serialization.into())
}
