//! The values of a page.

use super::super::bytes::Bytes;
use super::header::Header;
use super::layout::{Place, SUBHEADER};
use crate::error::{Error, Location, Result};

/// The exponent that means floating-point numbers.
pub(super) const FLOAT: i16 = -128;

impl Header<'_> {
    /// The exponent that holds for the page at an offset.
    pub(super) fn exponent_at(&self, offset: usize) -> Result<i16> {
        if !self.multiple {
            return Ok(self.exponent);
        }
        let own = i16::from(self.bytes.i8(offset.saturating_add(1), "subexp")?);
        // Programs that write floating-point numbers may leave the page's own exponent blank.
        Ok(if self.exponent == FLOAT && own == 0 { FLOAT } else { own })
    }

    /// The x values that a page lists itself.
    pub(super) fn own_x_values(&self, place: Place) -> Result<Vec<f64>> {
        self.bytes.f32s(place.offset + SUBHEADER, place.points, "x")
    }

    /// The y values of a page.
    pub(super) fn y_values(&self, place: Place) -> Result<Vec<f64>> {
        let x_bytes = if self.own_x { 4 * place.points } else { 0 };
        let start = place.offset + SUBHEADER + x_bytes;
        let exponent = self.exponent_at(place.offset)?;
        if exponent == FLOAT {
            return self.bytes.f32s(start, place.points, "y");
        }
        if self.sixteen_bits {
            let scale = power_of_two(exponent.saturating_sub(16), place.offset)?;
            let values = self.bytes.i16s(start, place.points, "y")?;
            return Ok(values.into_iter().map(|value| f64::from(value) * scale).collect());
        }
        let scale = power_of_two(exponent.saturating_sub(32), place.offset)?;
        let values = if self.old {
            swapped_words(self.bytes, start, place.points)?
        } else {
            self.bytes.i32s(start, place.points, "y")?
        };
        Ok(values.into_iter().map(|value| f64::from(value) * scale).collect())
    }
}

/// Whole numbers of which the upper 16 bits stand first, each half little-endian, as the old version stores them.
fn swapped_words(bytes: Bytes<'_>, start: usize, count: usize) -> Result<Vec<i32>> {
    Ok(bytes.i32s(start, count, "y")?.into_iter().map(|value| value.rotate_left(16)).collect())
}

/// 2 to the power `exponent`, exactly.
fn power_of_two(exponent: i16, offset: usize) -> Result<f64> {
    match u64::try_from(i32::from(exponent) + 1_023) {
        Ok(biased @ 1..=2_046) => Ok(f64::from_bits(biased << 52)),
        _ => {
            let message = format!("2 to the power {exponent} is no scale of values");
            Err(Error::malformed(message).at(Location::at_offset(offset as u64).at_field("exponent")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_exact() {
        for (exponent, power) in
            [(0, 1.0), (1, 2.0), (-31, 1.0 / 2_147_483_648.0), (1_023, f64::MAX / 2.0 + 1e292)]
        {
            let got = power_of_two(exponent, 0).unwrap();
            assert!((got / power - 1.0).abs() < 1e-15, "{exponent}");
        }
        assert!(power_of_two(-1_023, 0).is_err() && power_of_two(1_024, 0).is_err());
    }
}
