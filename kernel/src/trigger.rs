//! Triggers: functions of the operator that are called on the way, and what each may change.
//!
//! A step that calls triggers is written as one that reads, checks and writes, with `?` after each
//! trigger. [`steered`] runs it: where an answer is not there yet, the step is given up, whatever
//! it wrote is dropped, the trigger is called, and the step runs again from its beginning, with the
//! same chance and over the records as they are by then. So a trigger that takes its time, or after
//! which a user is gone, can do no harm: what is written was decided after its answer. What happens
//! after a commit is told by [`tell`].
//!
//! A trigger changes what its file reads of its answer and nothing else.

mod answer;
pub(crate) mod create_auth_challenge;
pub(crate) mod custom_message;
pub(crate) mod custom_sender;
pub(crate) mod define_auth_challenge;
mod event;
mod invocation;
pub(crate) mod post_authentication;
pub(crate) mod post_confirmation;
pub(crate) mod pre_authentication;
pub(crate) mod pre_sign_up;
pub(crate) mod pre_token_generation;
mod steer;
pub(crate) mod user_migration;
pub(crate) mod verify_auth_challenge_response;

pub(crate) use answer::Returned;
pub(crate) use event::{Occasion, attributes};
pub use invocation::{Invocation, Trigger};
pub(crate) use steer::{Said, Steering, given_up, steered, tell};
