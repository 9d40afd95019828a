//! The identity kernel: requests in, responses and effects out.
//!
//! It reads no clock, opens no socket and draws no randomness of its own. A [`Front`] turns a
//! request into an answer or into a message for a [`Place`]; there a [`Kernel`] begins a [`Call`],
//! which is stepped until it is done, each [`Effect`] that it asks for being answered by the host.
//!
//! | room | question |
//! |---|---|
//! | `front`, `wire`, `http`, `page` | what is a request, and how is it answered? |
//! | `call`, `cx`, `operation` | what is a running operation, and what may it touch? |
//! | `api`, `outbox` | what does each operation do? One file each. |
//! | `flow`, `token`, `access` | sign-in, tokens, who is calling |
//! | `webauthn` | what did an authenticator prove? |
//! | `trigger` | which functions of the operator's are called, and what may they change? |
//! | `iam` | what may whoever has a role do? |
//! | `s3` | how do objects come and go, and who may have them? |
//! | `federation` | who vouches for a caller, and which identity is that? |
//! | `transfer`, `wake` | how do files come and go, and what happens when nobody calls? |
//! | `limit` | how many calls a second are answered? |
//! | `shard` | how is one pool spread over several places? |
//! | `directory`, `model` | pools, clients, groups, users: the nouns and where they stand |
//! | `store`, `shape`, `shapes`, `crypto`, `srp`, `error` | the floor |
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(test, feature = "testing"))]
extern crate std;

mod access;
mod api;
mod call;
mod crypto;
mod cx;
mod delivery;
mod deployment;
mod directory;
pub mod error;
mod federation;
mod flow;
mod front;
mod http;
mod iam;
mod limit;
mod message;
mod model;
mod operation;
mod outbox;
mod page;
mod place;
pub mod s3;
pub mod shape;
mod shapes;
mod shard;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod token;
mod transfer;
mod trigger;
mod wake;
mod webauthn;
mod wire;

pub use access::sigv4::Signer;
pub use access::verify_request::{RequestVerifier, SignedRequest, SigningKey, Verified};
pub use api::OPERATIONS;
pub use call::{Answer, Call, Effect, Engine, Kernel, Step};
pub use crypto::{Crypto, KeyAlgorithm, KeyPair, RootKey};
pub use delivery::{Delivery, Medium, Reason, Sender};
pub use deployment::{CredentialsSource, Deployment, IssuerForm, RootCredentials, is_local};
pub use error::{Code, Error};
pub use front::{CacheEntry, Forward, Front, Received};
pub use http::{BODY_BYTES_MAX, HEADERS_READ, Request, Response};
pub use limit::{Category, RateLimits};
pub use operation::{Access, Operation, Reach, Service, find};
pub use place::{IdentityPoolKey, Place, PoolKey, Shards};
pub use srp;
pub use store::{Memory, Page, Store, Unavailable, Write};
pub use transfer::{Download, PIECE_BYTES, Upload, next_page, piece};
pub use trigger::{Invocation, Trigger};
pub use wake::Alarm;
pub use wire::NEXT_PAGE;

/// What every operation file sees.
mod prelude {
    pub(crate) use alloc::{
        string::{String, ToString},
        vec::Vec,
    };

    pub(crate) use crate::{
        cx::Cx,
        error::{Code, Error},
        operation::operation,
        shape::{Bounded, Text, Timestamp, shape},
        shapes::*,
    };
}
