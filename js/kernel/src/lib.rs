//! The kernel for JavaScript: all places of a deployment in one process, over one journal.
//!
//! `js/src/kernel` is what drives this crate. All that crosses is bytes, and every call is
//! synchronous: what must be waited for goes out as a [`frame`] and comes back by another call.
//! Records live in memory; what changes them is written down in a [`journal`], which the driver
//! takes after each call and keeps before it lets anybody see an answer.
//!
//! | room | question |
//! |---|---|
//! | `embedded` | how does a request become an answer? |
//! | `options` | what is this deployment? |
//! | `journal`, `store` | how are records kept, and read again? |
//! | `crypto` | who signs and verifies? |
//! | `frame` | what crosses to JavaScript? |

mod crypto;
pub mod embedded;
mod frame;
pub mod journal;
mod options;
mod store;
