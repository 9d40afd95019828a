//! Cognate on Cloudflare Workers: a thin host around the kernel.
//!
//! The shim (`edge/shim`) is the Worker and its Durable Objects; this crate is what they call. All
//! that crosses is bytes, and every call is synchronous: what must be waited for goes out as a
//! [`frame`] and comes back by another call, so that a fault surfaces at once where it happened.
//!
//! | room | question |
//! |---|---|
//! | `config`, `host` | what is this deployment, and what do all its calls share? |
//! | `door` | how does an HTTP request come in? |
//! | `room`, `errand` | how does a call run in a Durable Object, and what does it send out for? |
//! | `objects` | how do objects of buckets come and go? |
//! | `function` | how are the functions behind triggers called? |
//! | `sender`, `webhook` | who hands messages to people, and how is each of them asked? |
//! | `store` | how do records stand in SQLite? |
//! | `crypto` | who signs and verifies? |
//! | `frame`, `platform` | what crosses to JavaScript, and what comes from there? |

mod config;
mod crypto;
pub mod door;
mod errand;
mod frame;
mod function;
pub mod host;
pub mod objects;
mod platform;
pub mod room;
mod sender;
mod store;
mod webhook;
