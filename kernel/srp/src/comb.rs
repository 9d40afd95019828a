//! How powers of `g` are computed seven times as fast as other powers: by a table of some of them.
//!
//! Lim and Lee's comb (CRYPTO '94). The exponent is written in [`TEETH`] rows of [`TABLES`] ×
//! [`COLUMNS`] bits; the bits of a column, one from each row, choose an entry of that column's
//! table.

use alloc::boxed::Box;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use super::residue::Residue;

/// The generator.
pub(super) const GENERATOR: u8 = 2;

const TEETH: usize = 6;
const TABLES: usize = 2;
const COLUMNS: usize = 22;

/// The longest exponent of a single walk through the columns, in bytes.
const SPAN_BYTES: usize = 32;

const _: () = assert!(TEETH * TABLES * COLUMNS >= SPAN_BYTES * 8);

/// Powers of the generator: 128 of them, 74 kB.
pub(super) struct Comb {
    tables: [Vec<Residue>; TABLES],
}

impl Comb {
    /// The table, made when first asked for; that takes as long as an ordinary power.
    pub(super) fn shared() -> &'static Self {
        static SHARED: OnceBox<Comb> = OnceBox::new();
        SHARED.get_or_init(|| Box::new(Self::new()))
    }

    fn new() -> Self {
        let mut tables = [const { Vec::new() }; TABLES];
        tables.iter_mut().for_each(|table| table.push(Residue::small(1)));
        let mut power = Residue::small(GENERATOR);
        for _ in 0..TEETH {
            for table in &mut tables {
                let with: Vec<_> = table.iter().map(|entry| entry.multiply(&power)).collect();
                table.extend(with);
                for _ in 0..COLUMNS {
                    power = power.square();
                }
            }
        }
        Self { tables }
    }

    /// The generator to the power of `exponent`, big-endian. Time and memory accesses tell the
    /// exponent's length alone.
    pub(super) fn power(&self, exponent: &[u8]) -> Residue {
        let mut result = Residue::small(1);
        for (place, span) in exponent.rchunks(SPAN_BYTES).rev().enumerate() {
            if place > 0 {
                for _ in 0..SPAN_BYTES * 8 {
                    result = result.square();
                }
            }
            result = result.multiply(&self.power_of_span(span));
        }
        result
    }

    fn power_of_span(&self, exponent: &[u8]) -> Residue {
        let mut result = Residue::small(1);
        for column in (0..COLUMNS).rev() {
            result = result.square();
            for (index, table) in self.tables.iter().enumerate() {
                let entry = Residue::select(table, teeth(exponent, index * COLUMNS + column));
                result = result.multiply(&entry);
            }
        }
        result
    }
}

/// The exponent's bits at `lowest` and every `TABLES × COLUMNS` above, the lowest first.
fn teeth(exponent: &[u8], lowest: usize) -> u8 {
    (0..TEETH).fold(0, |teeth, tooth| {
        let place = lowest + tooth * TABLES * COLUMNS;
        let byte = exponent.iter().rev().nth(place / 8).copied().unwrap_or_default();
        teeth | (byte >> (place % 8) & 1) << tooth
    })
}
