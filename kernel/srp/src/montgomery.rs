//! How two numbers are multiplied modulo `N`, and what that costs.
//!
//! Montgomery's product in radix 2^22. Limbs are multiplied and summed as `f64`, exactly: a column
//! of a product sums at most [`LIMBS`] terms of 44 bits, which is less than 2^52, so nothing is ever
//! rounded. Floats, because theirs is the vector multiplication that processors have units for and
//! that wasm's simd128 hands through; the same loops over 28-bit integers take twice as long there.
//!
//! The result is made [`BLOCK`] columns at a time. A row, which is a limb times a window of the
//! other factor, is added to a whole block, which stays in registers; carries are settled once a
//! column.
//!
//! `N` ends in 64 one bits. So `-1/N mod 2^22` is 1, a column's quotient digit is the column
//! itself, and adding `digit × N` is adding `digit × (N + 1)`, whose two lowest limbs are zero, once
//! the digit is taken away: by dropping it.
//!
//! Nothing here branches on, or indexes by, the value of a limb, and no limb is a number that
//! floating point units are slow with: all are zero or whole.

use wide::f64x2;

use super::modulus::{LOW_SUCCESSOR, SUCCESSOR};

/// Bits in a limb.
pub(super) const LIMB_BITS: u32 = 22;

/// Limbs in a number: 3168 bits, 96 more than `N` has, so that sums need no reduction.
pub(super) const LIMBS: usize = 144;

/// The bits that a limb may have.
pub(super) const MASK: u32 = (1 << LIMB_BITS) - 1;

/// Columns of a product that are summed together.
pub(super) const BLOCK: usize = 12;

/// Zeros on either side of a factor, so that every window of a row exists.
const MARGIN: usize = BLOCK - 1;

/// Limbs of a factor with its margins.
const PADDED: usize = LIMBS + 2 * MARGIN;

const _: () = assert!(LIMBS.is_multiple_of(BLOCK) && BLOCK.is_multiple_of(2));
const _: () = assert!(LIMBS as u64 * (MASK as u64).pow(2) < 1 << (f64::MANTISSA_DIGITS - 1));

/// An integer below 2^3168: limbs of 22 bits, the lowest first.
#[derive(Clone, Copy)]
pub(super) struct Integer(pub(super) [u32; LIMBS]);

impl Integer {
    /// `self × other / 2^3168 mod N`: some such number below `N + self × other / 2^3168`.
    pub(super) fn multiply(&self, other: &Self) -> Self {
        let (left, right) = (self.reversed(), other.padded());
        reduce(|columns, first| {
            let end = first + BLOCK;
            let rows = left.get(LIMBS.saturating_sub(end)..).unwrap_or_default();
            sum_rows(columns, rows, right.from(end.saturating_sub(LIMBS)));
        })
    }

    /// `self × self / 2^3168 mod N`, with the same bound, for three quarters of the work.
    pub(super) fn square(&self) -> Self {
        let (left, right) = (self.reversed(), self.padded());
        reduce(|columns, first| {
            let half = first / 2;
            let rows = left.get(LIMBS - half..).unwrap_or_default();
            sum_rows(columns, rows, right.from(half + BLOCK));
            if let Some(middle) = right.from(MARGIN + half).first_chunk() {
                close_squares(columns, middle);
            }
        })
    }

    /// The limbs between margins of zeros.
    pub(super) const fn padded(&self) -> Padded {
        let mut padded = [0.0; PADDED];
        let mut index = 0;
        while index < LIMBS {
            padded[MARGIN + index] = self.0[index].cast_signed() as f64;
            index += 1;
        }
        Padded(padded)
    }

    fn reversed(&self) -> [f64; LIMBS] {
        let mut reversed = [0.0; LIMBS];
        for (to, from) in reversed.iter_mut().rev().zip(self.0) {
            *to = f64::from(from.cast_signed());
        }
        reversed
    }
}

/// An integer between margins of zeros, from which rows take their windows.
pub(super) struct Padded([f64; PADDED]);

impl Padded {
    fn from(&self, start: usize) -> &[f64] {
        self.0.get(start..).unwrap_or_default()
    }
}

/// Montgomery's reduction of the number of which `products(columns, first)` writes the columns from
/// `first` on.
#[inline(always)]
fn reduce(products: impl Fn(&mut [f64; BLOCK], usize)) -> Integer {
    let mut quotient = [0.0; LIMBS];
    let mut result = [0; LIMBS];
    let mut carry = 0;
    let (mut columns, mut multiples) = ([0.0; BLOCK], [0.0; BLOCK]);
    for first in (0..LIMBS).step_by(BLOCK) {
        products(&mut columns, first);
        let known = quotient.get(LIMBS - first..).unwrap_or_default();
        sum_rows(&mut multiples, known, SUCCESSOR.from(BLOCK));
        let digits;
        (digits, carry) = cancel(total(&columns, &multiples), carry);
        let places = quotient.iter_mut().take(LIMBS - first).rev();
        places.zip(digits).for_each(|(place, digit)| *place = f64::from(digit.cast_signed()));
    }
    for (block, limbs) in result.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let first = LIMBS + block * BLOCK;
        products(&mut columns, first);
        sum_rows(&mut multiples, &quotient, SUCCESSOR.from(first + BLOCK - LIMBS));
        for (limb, column) in limbs.iter_mut().zip(total(&columns, &multiples)) {
            (*limb, carry) = split(column + carry);
        }
    }
    Integer(result)
}

/// Makes each column the sum of its share of each row, a limb times a window of the other factor.
///
/// In vectors by name, because in a program that is built for size the compiler makes none of
/// plain loops, whatever this crate is built for.
#[inline(never)]
fn sum_rows(columns: &mut [f64; BLOCK], rows: &[f64], factor: &[f64]) {
    let mut sums = [f64x2::ZERO; BLOCK / 2];
    for (limb, window) in rows.iter().zip(factor.array_windows::<BLOCK>()) {
        let limb = f64x2::splat(*limb);
        let window: [f64x2; BLOCK / 2] = bytemuck::cast(*window);
        for (sum, other) in sums.iter_mut().zip(window) {
            *sum += limb * other;
        }
    }
    *columns = bytemuck::cast(sums);
}

/// Completes the columns of a square, in which every pair of limbs at least `BLOCK` apart has been
/// added once: `middle` are the limbs from half the first column's place on.
#[inline(always)]
fn close_squares(columns: &mut [f64; BLOCK], middle: &[f64; BLOCK]) {
    for low in 0..BLOCK / 2 {
        for place in 2 * low + 1..BLOCK {
            columns[place] += middle[low] * middle[place - low];
        }
    }
    for (place, column) in columns.iter_mut().enumerate() {
        *column *= 2.0;
        if place % 2 == 0 {
            *column += middle[place / 2] * middle[place / 2];
        }
    }
}

/// The quotient digits that make these columns vanish, and what they carry out.
#[inline(always)]
fn cancel(mut columns: [u64; BLOCK], mut carry: u64) -> ([u32; BLOCK], u64) {
    let mut digits = [0; BLOCK];
    for place in 0..BLOCK {
        (digits[place], carry) = split(columns[place] + carry);
        for above in place + 2..BLOCK {
            columns[above] += u64::from(digits[place]) * LOW_SUCCESSOR[above - place];
        }
    }
    (digits, carry)
}

/// The sums of two blocks of columns.
#[inline(always)]
fn total(left: &[f64; BLOCK], right: &[f64; BLOCK]) -> [u64; BLOCK] {
    let mut columns = (*left).map(whole);
    for (column, other) in columns.iter_mut().zip(right) {
        *column += whole(*other);
    }
    columns
}

/// A whole number below 2^52: added to 2^52 it is the sum's mantissa.
fn whole(number: f64) -> u64 {
    const HIDDEN_BIT: u64 = 1 << (f64::MANTISSA_DIGITS - 1);
    (number + HIDDEN_BIT as f64).to_bits() & (HIDDEN_BIT - 1)
}

/// A column's lowest limb, and what it carries.
fn split(column: u64) -> (u32, u64) {
    let [b0, b1, b2, b3, ..] = column.to_le_bytes();
    (u32::from_le_bytes([b0, b1, b2, b3]) & MASK, column >> LIMB_BITS)
}
