//! How two numbers are multiplied modulo `N`, and what that costs.
//!
//! Montgomery's product in radix 2^28, one block of [`BLOCK`] columns of the result at a time. A column
//! is a `u64`: it takes all 2 × [`LIMBS`] products of 56 bits that end in it, so carries are settled
//! once a column and never inside the loops. The loops add one row (a limb times a window of the other
//! factor) to a whole block, which stays in registers; the compiler makes 32 × 32 → 64 bit vector
//! multiplications of them (`i64x2.extmul` with wasm's simd128).
//!
//! `N` ends in 64 one bits. So `-1/N mod 2^28` is 1, a column's quotient digit is the column itself,
//! and adding `digit × N` is adding `digit × (N + 1)`, whose two lowest limbs are zero, once the digit
//! is taken away: by dropping it.
//!
//! Nothing here branches on, or indexes by, the value of a limb.

use super::modulus::SUCCESSOR;

/// Bits in a limb.
pub(super) const LIMB_BITS: u32 = 28;

/// Limbs in a number: 3136 bits, 64 more than `N` has, so that sums need no reduction.
pub(super) const LIMBS: usize = 112;

/// The bits that a limb may have.
pub(super) const MASK: u64 = (1 << LIMB_BITS) - 1;

/// Columns of a product that are summed together.
const BLOCK: usize = 16;

/// Zeros on either side of a factor, so that every window of a row exists.
const MARGIN: usize = BLOCK - 1;

/// Limbs of a factor with its margins.
const PADDED: usize = LIMBS + 2 * MARGIN;

/// An integer below 2^3136: limbs of 28 bits, the lowest first.
#[derive(Clone, Copy)]
pub(super) struct Integer(pub(super) [u32; LIMBS]);

impl Integer {
    /// `self × other / 2^3136 mod N`: at most `N`, and less than that unless it is a multiple of `N`,
    /// if the factors' product is at most `N × 2^3136`.
    pub(super) fn multiply(&self, other: &Self) -> Self {
        let (left, right) = (self.reversed(), other.padded());
        reduce(|columns, first| {
            let end = first + BLOCK;
            let rows = left.get(LIMBS.saturating_sub(end)..).unwrap_or_default();
            add_rows(columns, rows, right.from(end.saturating_sub(LIMBS)))
        })
    }

    /// `self × self / 2^3136 mod N`, with the same bound, for three quarters of the work.
    pub(super) fn square(&self) -> Self {
        let (left, right) = (self.reversed(), self.padded());
        reduce(|columns, first| {
            let half = first / 2;
            let rows = left.get(LIMBS - half..).unwrap_or_default();
            let columns = add_rows(columns, rows, right.from(half + BLOCK));
            close_squares(columns, right.from(MARGIN + half).first_chunk().unwrap_or(&[0; BLOCK]))
        })
    }

    /// The limbs between margins of zeros.
    pub(super) const fn padded(&self) -> Padded {
        let mut padded = [0; PADDED];
        let mut index = 0;
        while index < LIMBS {
            padded[MARGIN + index] = self.0[index];
            index += 1;
        }
        Padded(padded)
    }

    fn reversed(&self) -> [u32; LIMBS] {
        let mut limbs = self.0;
        limbs.reverse();
        limbs
    }
}

/// An integer between margins of zeros, from which rows take their windows.
pub(super) struct Padded([u32; PADDED]);

impl Padded {
    fn from(&self, start: usize) -> &[u32] {
        self.0.get(start..).unwrap_or_default()
    }
}

/// Montgomery's reduction of the number whose columns `[first, first + BLOCK)` are what `products`
/// returns when given `first` and columns of zeros.
#[inline(always)]
fn reduce(products: impl Fn([u64; BLOCK], usize) -> [u64; BLOCK]) -> Integer {
    let mut quotient = [0; LIMBS];
    let mut result = [0; LIMBS];
    let mut carry = 0;
    for first in (0..LIMBS).step_by(BLOCK) {
        let columns = products([0; BLOCK], first);
        let known = quotient.get(LIMBS - first..).unwrap_or_default();
        let columns = add_rows(columns, known, SUCCESSOR.from(BLOCK));
        let digits = quotient.iter_mut().take(LIMBS - first).rev();
        carry = cancel(columns, carry, digits);
    }
    for (block, limbs) in result.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let first = LIMBS + block * BLOCK;
        let columns = products([0; BLOCK], first);
        let columns = add_rows(columns, &quotient, SUCCESSOR.from(first + BLOCK - LIMBS));
        for (limb, column) in limbs.iter_mut().zip(columns) {
            let sum = column + carry;
            *limb = (sum & MASK) as u32;
            carry = sum >> LIMB_BITS;
        }
    }
    Integer(result)
}

/// Adds each row, a limb times a window of the other factor, to the columns.
#[inline(always)]
fn add_rows(mut columns: [u64; BLOCK], rows: &[u32], factor: &[u32]) -> [u64; BLOCK] {
    for (limb, window) in rows.iter().zip(factor.array_windows::<BLOCK>()) {
        for (column, other) in columns.iter_mut().zip(window) {
            *column += u64::from(*limb) * u64::from(*other);
        }
    }
    columns
}

/// Completes the columns of a square, in which every pair of limbs at least `BLOCK` apart has been
/// added once: `middle` are the limbs from half the first column's place on.
#[inline(always)]
fn close_squares(mut columns: [u64; BLOCK], middle: &[u32; BLOCK]) -> [u64; BLOCK] {
    for low in 0..BLOCK / 2 {
        for place in 2 * low + 1..BLOCK {
            columns[place] += u64::from(middle[low]) * u64::from(middle[place - low]);
        }
    }
    for (place, column) in columns.iter_mut().enumerate() {
        *column *= 2;
        if place % 2 == 0 {
            *column += u64::from(middle[place / 2]) * u64::from(middle[place / 2]);
        }
    }
    columns
}

/// Chooses the quotient digits that make these columns vanish; returns what they carry out.
#[inline(always)]
fn cancel<'a>(
    mut columns: [u64; BLOCK],
    mut carry: u64,
    digits: impl Iterator<Item = &'a mut u32>,
) -> u64 {
    let factor: &[u32; BLOCK] = SUCCESSOR.from(MARGIN).first_chunk().unwrap_or(&[0; BLOCK]);
    for (place, digit) in (0..BLOCK).zip(digits) {
        let sum = columns[place] + carry;
        *digit = (sum & MASK) as u32;
        carry = sum >> LIMB_BITS;
        for (column, other) in columns.iter_mut().skip(place).zip(factor) {
            *column += u64::from(*digit) * u64::from(*other);
        }
    }
    carry
}
