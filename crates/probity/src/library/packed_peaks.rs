//! Peaks in few bytes, every bit kept.
//!
//! Published m/z and intensities are decimal fractions with few places. A column whose numbers are all
//! the f64 nearest to some whole number of 10⁻ᵈ (d from 0 to 9) is stored as these whole numbers, in
//! LEB128 (seven bits a byte, least significant first, high bit set on all but the last): m/z as
//! differences to the one before, intensities as they are. Any other column is stored as f64,
//! little-endian. A spectrum is: number of peaks (LEB128), form of the m/z (a byte: d, or 255 for
//! f64), form of the intensities, all m/z, all intensities.

use crate::error::{Error, Result};
use crate::spectrum::PeakList;

/// The form of a column of f64.
const PLAIN: u8 = 255;

/// Powers of ten by decimal places; all are whole numbers that f64 holds exactly.
const SCALES: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// Whole numbers up to here are exact in f64, and so is the quotient's nearest f64 unique.
const HIGHEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Appends the peaks.
pub(super) fn pack(peaks: &PeakList, into: &mut Vec<u8>) {
    push_number(peaks.len() as u64, into);
    let (mz, intensity) = (whole_numbers(peaks.mz()), whole_numbers(peaks.intensity()));
    into.push(mz.as_ref().map_or(PLAIN, |(decimals, _)| *decimals));
    into.push(intensity.as_ref().map_or(PLAIN, |(decimals, _)| *decimals));
    match mz {
        Some((_, numbers)) => {
            let mut before = 0;
            for number in numbers {
                // Ascending, as the peaks are.
                push_number(number - before, into);
                before = number;
            }
        }
        None => push_plain(peaks.mz(), into),
    }
    match intensity {
        Some((_, numbers)) => numbers.into_iter().for_each(|number| push_number(number, into)),
        None => push_plain(peaks.intensity(), into),
    }
}

/// The peaks that `bytes` hold, all of them used.
///
/// # Errors
/// `Damaged` for anything that [`pack`] cannot have written.
pub(super) fn unpack(bytes: &[u8]) -> Result<PeakList> {
    let mut rest = bytes;
    let count = usize::try_from(take_number(&mut rest)?).map_err(|_| too_short())?;
    let (mz_form, intensity_form) = (take_byte(&mut rest)?, take_byte(&mut rest)?);
    // Each number takes a byte at least, so that memory is only taken for what is there.
    if count > rest.len() {
        return Err(too_short());
    }
    let mz = take_column(&mut rest, mz_form, count, true)?;
    let intensity = take_column(&mut rest, intensity_form, count, false)?;
    if !rest.is_empty() {
        return Err(Error::damaged(format!("{} bytes follow the peaks", rest.len())));
    }
    PeakList::try_new(mz, intensity).map_err(|error| Error::damaged(error.message()))
}

/// The fewest decimal places that give all numbers back, bit for bit, and the numbers without point.
fn whole_numbers(column: &[f64]) -> Option<(u8, Vec<u64>)> {
    // Most columns fail or succeed at their first number, so that is tried before the others.
    (0u8..).zip(SCALES).find_map(|(decimals, scale)| {
        let numbers = column.iter().map(|&number| whole_number(number, scale));
        numbers.collect::<Option<Vec<u64>>>().map(|numbers| (decimals, numbers))
    })
}

fn whole_number(number: f64, scale: f64) -> Option<u64> {
    let whole = (number * scale).round();
    // -0.0 lies in the range, but a whole number has no sign of zero.
    let fits = number.is_sign_positive()
        && (0.0..=HIGHEST_WHOLE).contains(&whole)
        && (whole / scale).to_bits() == number.to_bits();
    // Whole and within range, so the cast is exact.
    fits.then_some(whole as u64)
}

fn take_column(rest: &mut &[u8], form: u8, count: usize, ascending: bool) -> Result<Vec<f64>> {
    if form == PLAIN {
        let bytes = take(rest, count.checked_mul(8).ok_or_else(too_short)?)?;
        let plain = bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
        return Ok(plain.collect());
    }
    let scale = *SCALES
        .get(usize::from(form))
        .ok_or_else(|| Error::damaged(format!("there is no form {form} of a column of numbers")))?;
    let mut column = Vec::with_capacity(count);
    let mut sum: u64 = 0;
    for _ in 0..count {
        let number = take_number(rest)?;
        sum = if ascending { sum.checked_add(number).ok_or_else(too_large)? } else { number };
        if sum > HIGHEST_WHOLE as u64 {
            return Err(too_large());
        }
        column.push(sum as f64 / scale);
    }
    Ok(column)
}

fn push_plain(column: &[f64], into: &mut Vec<u8>) {
    column.iter().for_each(|number| into.extend(number.to_le_bytes()));
}

fn push_number(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        // The lowest seven bits and the mark that more follow.
        into.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn take_number(rest: &mut &[u8]) -> Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take_byte(rest)?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            return Err(too_large());
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(too_large())
}

fn take_byte(rest: &mut &[u8]) -> Result<u8> {
    take(rest, 1).map(|bytes| bytes[0])
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count).ok_or_else(too_short)?;
    *rest = left;
    Ok(taken)
}

fn too_short() -> Error {
    Error::damaged("the peaks end before their number is reached")
}

fn too_large() -> Error {
    Error::damaged("a number of the peaks is larger than any that is stored")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(mz: &[f64], intensity: &[f64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack(&PeakList::try_new(mz.to_vec(), intensity.to_vec()).unwrap(), &mut bytes);
        bytes
    }

    #[test]
    fn the_bytes_are_those_of_the_description() {
        // 2 peaks, no decimals, 41 and 43 - 41, 999 = 7 * 128 + 103, 5.
        assert_eq!(packed(&[41.0, 43.0], &[999.0, 5.0]), [2, 0, 0, 41, 2, 0x80 | 103, 7, 5]);
        // 123.04 is 12304 hundredths: 12304 = 96 * 128 + 16; a third has no decimal form.
        let mut expected = vec![1, 2, 255, 0x80 | 16, 96];
        expected.extend((1.0f64 / 3.0).to_le_bytes());
        assert_eq!(packed(&[123.04], &[1.0 / 3.0]), expected);
        assert_eq!(packed(&[], &[]), [0, 0, 0]);
        // -0.0 has no whole number.
        assert_eq!(packed(&[41.0], &[-0.0]), [1, 0, 255, 41, 0, 0, 0, 0, 0, 0, 0, 0x80]);
    }

    #[test]
    fn what_cannot_have_been_written_is_damaged() {
        for bytes in [
            &[][..],
            &[1],
            &[1, 0, 0, 41],
            // One byte too many.
            &[1, 0, 0, 41, 5, 0],
            // No such form.
            &[1, 10, 0, 41, 5],
            // m/z 0.
            &[1, 0, 0, 0, 5],
            // More peaks than bytes.
            &[0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 41, 5],
            // More than 64 bits.
            &[1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 5],
        ] {
            assert_eq!(unpack(bytes).unwrap_err().kind(), crate::ErrorKind::Damaged, "{bytes:?}");
        }
    }

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            (1u32..2_000).prop_map(f64::from),
            // As readers get them: from text.
            (1u64..20_000_000, 1usize..11).prop_map(|(whole, places)| {
                format!("{}.{:0places$}", whole / 10_000, whole % 10_000).parse::<f64>().unwrap()
            }),
            f64::MIN_POSITIVE..1e300,
        ]
    }

    proptest! {
        #[test]
        fn every_bit_comes_back(peaks in prop::collection::vec((number(), number()), 0..40), zero in any::<bool>()) {
            let (mz, mut intensity): (Vec<f64>, Vec<f64>) = peaks.into_iter().unzip();
            if zero && let Some(first) = intensity.first_mut() {
                *first = -0.0;
            }
            let list = PeakList::try_new(mz, intensity).unwrap();
            let mut bytes = Vec::new();
            pack(&list, &mut bytes);
            let back = unpack(&bytes).unwrap();
            let bits = |list: &PeakList| -> Vec<(u64, u64)> {
                list.iter().map(|peak| (peak.mz.to_bits(), peak.intensity.to_bits())).collect()
            };
            prop_assert_eq!(bits(&back), bits(&list));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = unpack(&bytes);
        }
    }
}
