//! The identity kernel: requests in, responses and effects out.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
