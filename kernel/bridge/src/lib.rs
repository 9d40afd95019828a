//! Between the kernel and JavaScript: what every host of it there needs.
//!
//! | room | question |
//! |---|---|
//! | `frame` | what comes out of a call into wasm? |
//! | `number` | which number does JavaScript mean? |
//! | `request` | how does a request come in? |

mod frame;
mod number;
mod request;

pub use frame::{broken, frame, headers};
pub use number::whole;
pub use request::read;
