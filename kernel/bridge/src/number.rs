//! Which number does JavaScript mean? It has floating ones only.

/// A number that counts something, such as milliseconds since 1970.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and what is counted is far from either end"
)]
pub fn whole(number: f64) -> u64 {
    number as u64
}
