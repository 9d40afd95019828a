//! What does Cognito send and receive? The named shapes that user pool operations share.
//!
//! Bounds and patterns stand here and nowhere else. Scalars, choices, lists and maps are named as
//! AWS names them, without `Type`; structures keep AWS's name whole, so that none is taken for a
//! noun of `model`. A structure that a single operation takes or gives stands in its file.

mod auth;
mod choice;
mod client;
mod device;
mod domain;
mod export;
mod group;
mod iam;
mod identity_pool;
mod import;
mod lambda;
mod limit;
mod log_delivery;
mod message;
mod mfa;
mod number;
mod passkey;
mod pattern;
mod pool;
mod resource_server;
mod session;
mod text;
mod user;
mod verifier;

pub(crate) use {
    auth::*, choice::*, client::*, device::*, domain::*, export::*, group::*, iam::*,
    identity_pool::*, import::*, lambda::*, limit::*, log_delivery::*, message::*, mfa::*,
    number::*, passkey::*, pool::*, resource_server::*, session::*, text::*, user::*, verifier::*,
};
