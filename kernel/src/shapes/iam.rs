//! What IAM and STS send and receive. Their strings without bounds have none at all.

mod provider;
mod role;
mod session;
mod text;

pub(crate) use {provider::*, role::*, session::*, text::*};

use super::pattern;
