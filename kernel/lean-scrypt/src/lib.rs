//! How is a password checked against scrypt (RFC 7914) where memory is short?
//!
//! scrypt fills `128 r N` bytes with blocks that follow from one another, then reads them in an
//! order that nobody foresees. Whoever keeps only every k-th block can do the others again from the
//! one before them: a k-th of the memory, for (k - 1) / 2 steps more in each of N reads. The result
//! is the same.
//!
//! WebAssembly's memory never shrinks, and what is free of it is not always in one piece, so that
//! the 64 MB of the dearest hashes might take 128: all that a Worker may have.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::{vec, vec::Vec};

use pbkdf2::pbkdf2_hmac;
use salsa20::{
    SalsaCore,
    cipher::{StreamCipherCore, consts::U4},
};
use sha2::Sha256;

/// What salsa20/8 works on: 64 bytes, as numbers.
const WORDS: usize = 16;

/// What one derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// The binary logarithm of N.
    pub log_n: u8,
    /// The size of blocks, in 128 bytes.
    pub r: usize,
    /// How often all of it is done.
    pub p: usize,
}

/// Derives as many bytes as `output` has, with `memory_max` bytes for blocks that are kept, but at
/// least one block. Who may choose the parameters bounds them first.
pub fn scrypt(password: &[u8], salt: &[u8], params: Params, memory_max: usize, output: &mut [u8]) {
    let mut blocks = vec![0; 128 * params.r * params.p];
    pbkdf2_hmac::<Sha256>(password, salt, 1, &mut blocks);
    for block in blocks.chunks_exact_mut(128 * params.r) {
        mix(block, 1 << params.log_n, memory_max);
    }
    pbkdf2_hmac::<Sha256>(password, &blocks, 1, output);
}

/// scryptROMix.
fn mix(block: &mut [u8], n: usize, memory_max: usize) {
    let size = block.len() / 4;
    let stride = (n * block.len()).div_ceil(memory_max.max(block.len()));
    let mut now: Vec<u32> =
        block.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
    let (mut next, mut old) = (vec![0; size], vec![0; size]);
    let mut kept = Vec::with_capacity(n.div_ceil(stride) * size);
    for i in 0..n {
        if i % stride == 0 {
            kept.extend_from_slice(&now);
        }
        step(&mut now, &mut next);
    }
    for _ in 0..n {
        let wanted = last(&now)[0] as usize & (n - 1);
        old.copy_from_slice(&kept[wanted / stride * size..][..size]);
        for _ in 0..wanted % stride {
            step(&mut old, &mut next);
        }
        now.iter_mut().zip(&old).for_each(|(word, old)| *word ^= old);
        step(&mut now, &mut next);
    }
    for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(now) {
        *bytes = word.to_le_bytes();
    }
}

/// scryptBlockMix, in place by way of a second block.
fn step(block: &mut Vec<u32>, spare: &mut Vec<u32>) {
    let mut x = last(block);
    let half = block.len() / 2;
    for (i, part) in block.as_chunks::<WORDS>().0.iter().enumerate() {
        x.iter_mut().zip(part).for_each(|(word, part)| *word ^= part);
        x = salsa20_8(x);
        let place = i / 2 * WORDS + i % 2 * half;
        spare[place..place + WORDS].copy_from_slice(&x);
    }
    core::mem::swap(block, spare);
}

/// The last 64 bytes of a block.
fn last(block: &[u32]) -> [u32; WORDS] {
    block.last_chunk().copied().unwrap_or_default()
}

fn salsa20_8(state: [u32; WORDS]) -> [u32; WORDS] {
    let mut bytes = [0; 4 * WORDS];
    SalsaCore::<U4>::from_raw_state(state).write_keystream_block((&mut bytes).into());
    let mut words = [0; WORDS];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived<const N: usize>(params: Params, memory_max: usize) -> [u8; N] {
        let mut output = [0; N];
        scrypt(b"pleaseletmein", b"SodiumChloride", params, memory_max, &mut output);
        output
    }

    #[test]
    fn rfc_7914_is_kept_in_whole_and_in_less_memory() {
        let expected = [
            0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd, 0x81, 0xfd,
            0x38, 0xeb, 0xfd, 0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e, 0x3e, 0xa9, 0xb5, 0x43, 0xf6,
            0x54, 0x5d, 0xa1, 0xf2,
        ];
        let params = Params { log_n: 14, r: 8, p: 1 };
        for memory_max in [16 << 20, 5 << 20] {
            assert_eq!(derived(params, memory_max), expected, "{memory_max}");
        }
    }

    #[test]
    fn the_usual_implementation_agrees_for_all_small_parameters() {
        for log_n in 1..8 {
            for (r, p) in [(1, 1), (2, 1), (3, 2), (8, 3)] {
                let params = Params { log_n, r, p };
                let [r, p] = [r, p].map(|size| u32::try_from(size).unwrap());
                let usual = scrypt::Params::new(log_n, r, p, 40).unwrap();
                let mut expected = [0; 40];
                scrypt::scrypt(b"pleaseletmein", b"SodiumChloride", &usual, &mut expected).unwrap();
                for memory_max in [0, 1000, 4096, usize::MAX] {
                    let derived: [u8; 40] = derived(params, memory_max);
                    assert_eq!(derived, expected, "{params:?} in {memory_max}");
                }
            }
        }
    }
}
