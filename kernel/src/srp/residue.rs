//! What may be done with numbers modulo `N`.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::modulus::{BYTES, MODULUS_LIMBS, RADIX_SQUARED, limbs};
use super::montgomery::{Integer, LIMB_BITS, LIMBS, MASK};

/// Bits of an exponent that are worked off by one multiplication.
const WINDOW_BITS: u32 = 4;

/// A number modulo `N`, held as `number × 2^3136`, not always the smallest such one: what
/// [`Residue::multiply`] makes is at most `N`, a sum as much as its parts together.
#[derive(Clone, Copy)]
pub(super) struct Residue(Integer);

impl Residue {
    /// Takes in any 3072-bit number, big-endian.
    pub(super) fn new(bytes: &[u8; BYTES]) -> Self {
        Self(limbs(bytes).multiply(&RADIX_SQUARED))
    }

    /// Takes in a small number.
    pub(super) fn small(number: u8) -> Self {
        let mut limbs = [0; LIMBS];
        limbs[0] = u32::from(number);
        Self(Integer(limbs).multiply(&RADIX_SQUARED))
    }

    /// The smallest such number, big-endian.
    pub(super) fn to_bytes(self) -> [u8; BYTES] {
        let mut one = [0; LIMBS];
        one[0] = 1;
        let number = subtract_modulus_once(&self.0.multiply(&Integer(one)));
        let mut bytes = [0; BYTES];
        // Two limbs of 28 bits are seven bytes.
        for (septet, pair) in bytes.rchunks_mut(7).zip(number.0.as_chunks::<2>().0) {
            let [low, high] = pair.map(u64::from);
            let value = (low | high << LIMB_BITS).to_le_bytes();
            septet.iter_mut().rev().zip(value).for_each(|(byte, from)| *byte = from);
        }
        bytes
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        Self(sum(&self.0, &other.0, 0))
    }

    /// `-self`, if this is a product.
    pub(super) fn negate(&self) -> Self {
        // N - n = N + (2^3136 - 1 - n) + 1 mod 2^3136
        let complement = self.0.0.map(|limb| limb ^ MASK as u32);
        Self(sum(&MODULUS_LIMBS, &Integer(complement), 1))
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        Self(self.0.multiply(&other.0))
    }

    pub(super) fn square(&self) -> Self {
        Self(self.0.square())
    }

    /// `self^exponent`, big-endian. Time and memory accesses tell the exponent's length alone.
    pub(super) fn power(&self, exponent: &[u8]) -> Self {
        let mut powers = [Self::small(1); 1 << WINDOW_BITS];
        for index in 1..powers.len() {
            powers[index] = powers[index - 1].multiply(self);
        }
        let digits = exponent.iter().flat_map(|byte| [byte >> WINDOW_BITS, byte & 0xf]);
        let mut result = powers[0];
        for (place, digit) in digits.enumerate() {
            if place > 0 {
                for _ in 0..WINDOW_BITS {
                    result = result.square();
                }
            }
            result = result.multiply(&Self::select(&powers, digit));
        }
        result
    }

    /// The entry at `index`, found by reading all of them.
    pub(super) fn select(entries: &[Self], index: u8) -> Self {
        let mut chosen = [0; LIMBS];
        for (entry, place) in entries.iter().zip(0u8..) {
            let mask = u32::from(place.ct_eq(&index).unwrap_u8()).wrapping_neg();
            for (limb, from) in chosen.iter_mut().zip(entry.0.0) {
                *limb |= from & mask;
            }
        }
        Self(Integer(chosen))
    }
}

/// `left + right + carry mod 2^3136`.
fn sum(left: &Integer, right: &Integer, mut carry: u64) -> Integer {
    let mut limbs = left.0;
    for (limb, other) in limbs.iter_mut().zip(right.0) {
        let sum = u64::from(*limb) + u64::from(other) + carry;
        *limb = (sum & MASK) as u32;
        carry = sum >> LIMB_BITS;
    }
    Integer(limbs)
}

/// Brings a number below `2 N` below `N`.
fn subtract_modulus_once(number: &Integer) -> Integer {
    let mut difference = *number;
    let mut borrow = 0;
    for (limb, other) in difference.0.iter_mut().zip(MODULUS_LIMBS.0) {
        let rest = limb.wrapping_sub(other).wrapping_sub(borrow);
        *limb = rest & MASK as u32;
        borrow = rest >> 31;
    }
    let keep = Choice::from(u8::from(borrow != 0));
    let mut result = [0; LIMBS];
    for (limb, (same, less)) in result.iter_mut().zip(number.0.iter().zip(&difference.0)) {
        *limb = u32::conditional_select(less, same, keep);
    }
    Integer(result)
}
