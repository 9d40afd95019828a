//! What may be done with numbers modulo `N`.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use wide::u32x4;

use super::modulus::{BYTES, MODULUS_LIMBS, RADIX_SQUARED, limbs};
use super::montgomery::{Integer, LIMB_BITS, LIMBS, MASK};

/// Bits of an exponent that are worked off by one multiplication.
const WINDOW_BITS: u32 = 4;

/// A number modulo `N`, held as `number × 2^3168`, not always the smallest such one: what
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
        let (mut limbs, mut held, mut width) = (number.0.into_iter(), 0, 0);
        for byte in bytes.iter_mut().rev() {
            if width < u8::BITS {
                held |= limbs.next().unwrap_or_default() << width;
                width += LIMB_BITS;
            }
            *byte = (held & 0xff) as u8;
            held >>= u8::BITS;
            width -= u8::BITS;
        }
        bytes
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        Self(sum(&self.0, &other.0, 0))
    }

    /// `-self`, if this is a product.
    pub(super) fn negate(&self) -> Self {
        // 2 N - n = 2 N + (2^3168 - 1 - n) + 1 mod 2^3168
        let complement = Integer(self.0.0.map(|limb| limb ^ MASK));
        Self(sum(&MODULUS_LIMBS, &sum(&MODULUS_LIMBS, &complement, 1), 0))
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
        powers[1] = *self;
        for index in 1..powers.len() / 2 {
            powers[2 * index] = powers[index].square();
            powers[2 * index + 1] = powers[2 * index].multiply(self);
        }
        let mut digits = exponent.iter().flat_map(|byte| [byte >> WINDOW_BITS, byte & 0xf]);
        let mut result = Self::select(&powers, digits.next().unwrap_or_default());
        for digit in digits {
            for _ in 0..WINDOW_BITS {
                result = result.square();
            }
            result = result.multiply(&Self::select(&powers, digit));
        }
        result
    }

    /// The entry at `index`, found by reading all of them.
    pub(super) fn select(entries: &[Self], index: u8) -> Self {
        let mut chosen = [u32x4::ZERO; LIMBS / 4];
        for (entry, place) in entries.iter().zip(0u8..) {
            let mask = u32x4::splat(u32::from(place.ct_eq(&index).unwrap_u8()).wrapping_neg());
            for (limbs, from) in chosen.iter_mut().zip(entry.0.0.as_chunks().0) {
                *limbs |= u32x4::new(*from) & mask;
            }
        }
        let mut limbs = [0; LIMBS];
        for (to, from) in limbs.as_chunks_mut().0.iter_mut().zip(chosen) {
            *to = from.to_array();
        }
        Self(Integer(limbs))
    }
}

/// `left + right + carry mod 2^3168`.
fn sum(left: &Integer, right: &Integer, mut carry: u32) -> Integer {
    let mut limbs = left.0;
    for (limb, other) in limbs.iter_mut().zip(right.0) {
        let sum = *limb + other + carry;
        *limb = sum & MASK;
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
        *limb = rest & MASK;
        borrow = rest >> 31;
    }
    let keep = Choice::from(u8::from(borrow != 0));
    let mut result = [0; LIMBS];
    for (limb, (same, less)) in result.iter_mut().zip(number.0.iter().zip(&difference.0)) {
        *limb = u32::conditional_select(less, same, keep);
    }
    Integer(result)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::super::comb::Comb;
    use super::super::modulus::MODULUS;
    use super::*;

    fn modulus() -> BigUint {
        BigUint::from_bytes_be(&MODULUS)
    }

    /// `2^-3168 mod N`.
    fn radix_inverse() -> BigUint {
        (BigUint::from(1u8) << 3168u32).modinv(&modulus()).unwrap()
    }

    fn residue(number: &BigUint) -> Residue {
        let mut bytes = [0; BYTES];
        let digits = number.to_bytes_be();
        bytes[BYTES - digits.len()..].copy_from_slice(&digits);
        Residue::new(&bytes)
    }

    fn number(residue: &Residue) -> BigUint {
        BigUint::from_bytes_be(&residue.to_bytes())
    }

    fn value(integer: &Integer) -> BigUint {
        integer.0.iter().rev().fold(BigUint::ZERO, |sum, limb| (sum << LIMB_BITS) + limb)
    }

    /// 0, 1, 2, around N, the widest number, single bits and runs of them.
    fn edges() -> Vec<BigUint> {
        let one = BigUint::from(1u8);
        let mut edges: Vec<_> = (0..3u8).map(BigUint::from).collect();
        edges.extend([modulus() - 2u8, modulus() - 1u8, modulus(), modulus() + 1u8]);
        edges.push((&one << 3072u32) - 1u8);
        for bit in [21u32, 22, 44, 63, 64, 307, 308, 1539, 1540, 3008, 3071] {
            edges.extend([&one << bit, (&one << bit) - 1u8]);
        }
        edges
    }

    fn any_number() -> impl Strategy<Value = BigUint> {
        prop_oneof![
            4 => prop::collection::vec(any::<u8>(), BYTES).prop_map(|b| BigUint::from_bytes_be(&b)),
            1 => prop::collection::vec(prop_oneof![Just(0u8), Just(255u8)], BYTES)
                .prop_map(|b| BigUint::from_bytes_be(&b)),
            1 => prop::sample::select(edges()),
        ]
    }

    #[test]
    fn edge_values_multiply_add_and_negate_right() {
        for left in edges() {
            let l = residue(&left);
            assert_eq!(number(&l), &left % modulus());
            assert_eq!(number(&l.square()), &left * &left % modulus());
            assert_eq!(number(&l.negate().add(&l)), BigUint::ZERO);
            for right in edges() {
                let r = residue(&right);
                assert_eq!(number(&l.multiply(&r)), &left * &right % modulus());
                assert_eq!(number(&l.add(&r)), (&left + &right) % modulus());
            }
        }
    }

    #[test]
    fn columns_hold_the_largest_limbs() {
        let scaled = |product: BigUint| product * radix_inverse() % modulus();
        let all_ones = Integer([MASK; LIMBS]);
        for bits in [3072u32, 3058, 1540, 22, 1] {
            let ones = (BigUint::from(1u8) << bits) - 1u8;
            let mut bytes = [0; BYTES];
            bytes[BYTES - ones.to_bytes_be().len()..].copy_from_slice(&ones.to_bytes_be());
            let product = all_ones.multiply(&limbs(&bytes));
            assert_eq!(value(&product) % modulus(), scaled(value(&all_ones) * ones), "{bits}");
            assert_eq!(value(&product), value(&limbs(&bytes).multiply(&all_ones)));
        }
        let product = all_ones.multiply(&MODULUS_LIMBS);
        assert_eq!(value(&product) % modulus(), BigUint::ZERO);

        // One bit less, lest the square leave no room for the multiple of N.
        let mut ones = all_ones;
        ones.0[LIMBS - 1] >>= 1;
        assert_eq!(value(&ones.square()) % modulus(), scaled(value(&ones).pow(2)));
        assert_eq!(value(&ones.square()), value(&ones.multiply(&ones)));
    }

    #[test]
    fn the_constants_are_what_they_say() {
        assert_eq!(value(&MODULUS_LIMBS), modulus());
        assert_eq!(value(&RADIX_SQUARED), (BigUint::from(1u8) << 6336u32) % modulus());
    }

    #[test]
    fn an_entry_is_found_by_its_index() {
        let entries: Vec<_> = (0..64).map(|n| residue(&BigUint::from(n + 100u8))).collect();
        for index in 0..64 {
            assert_eq!(number(&Residue::select(&entries, index)), BigUint::from(index + 100));
        }
    }

    #[test]
    fn edge_exponents_give_the_right_power() {
        let comb = Comb::shared();
        let base = residue(&BigUint::from(2u8));
        for exponent in [&[][..], &[0], &[1], &[2, 0], &[0xff; 32], &[0x80; 33], &[0; 32]] {
            let e = BigUint::from_bytes_be(exponent);
            let expected = BigUint::from(2u8).modpow(&e, &modulus());
            assert_eq!(number(&base.power(exponent)), expected);
            assert_eq!(number(&comb.power(exponent)), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn products_are_those_of_another_library(left in any_number(), right in any_number()) {
            let (l, r) = (residue(&left), residue(&right));
            prop_assert_eq!(number(&l.multiply(&r)), &left * &right % modulus());
            prop_assert_eq!(number(&l.square()), &left * &left % modulus());
            prop_assert_eq!(number(&l.add(&r)), (&left + &right) % modulus());
            // Sums go into products unreduced.
            let sum = l.add(&r).add(&r).multiply(&l.add(&l));
            prop_assert_eq!(number(&sum), (&left + &right * 2u8) * &left * 2u8 % modulus());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3))]

        #[test]
        fn powers_are_those_of_another_library(
            base in any_number(),
            exponent in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let e = BigUint::from_bytes_be(&exponent);
            prop_assert_eq!(number(&residue(&base).power(&exponent)), base.modpow(&e, &modulus()));
            let two = BigUint::from(2u8);
            prop_assert_eq!(number(&Comb::shared().power(&exponent)), two.modpow(&e, &modulus()));
        }
    }
}
