//! A curve as bytes, every bit kept.
//!
//! It stands where the peaks of a mass spectrum would: a mark that no list of peaks begins with (0 in two
//! bytes of LEB128, which is never written so), the length of its metadata (u32), the metadata, the points of a
//! listed axis, the values. A column of numbers is its form (a byte: 4 where each number is also an f32, else 8)
//! and the numbers in as many bytes each. All numbers are little-endian.

use super::codec::{CurveData, decode, encode};
use crate::error::{Error, Result};
use crate::spectrum::Curve;

/// What a curve begins with.
const MARK: [u8; 2] = [0x80, 0x00];

/// Whether a row holds a curve, not peaks.
pub(super) fn is_curve(bytes: &[u8]) -> bool {
    bytes.starts_with(&MARK)
}

/// Appends the curve.
///
/// # Errors
/// `LimitReached` for more than 16 MiB of metadata.
pub(super) fn pack_curve(curve: &Curve, into: &mut Vec<u8>) -> Result<()> {
    let data = CurveData::of(curve)?;
    let metadata = encode(&data)?;
    into.extend(MARK);
    // Metadata have a limit far below 2³² bytes.
    into.extend((metadata.len() as u32).to_le_bytes());
    into.extend(metadata);
    if data.is_listed() {
        push_column(&curve.axis().points(), into);
    }
    push_column(curve.values(), into);
    Ok(())
}

/// The curve that `bytes` hold, all of them used.
///
/// # Errors
/// `Damaged` for anything that [`pack_curve`] cannot have written.
pub(super) fn unpack_curve(bytes: &[u8]) -> Result<Curve> {
    let rest = bytes.strip_prefix(&MARK).ok_or_else(too_short)?;
    let (length, rest) = rest.split_first_chunk().ok_or_else(too_short)?;
    let (metadata, mut rest) =
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(too_short)?;
    let data: CurveData = decode(metadata)?;
    let points = usize::try_from(data.points()).map_err(|_| too_short())?;
    let listed = if data.is_listed() { take_column(&mut rest, points)? } else { Vec::new() };
    let values = take_column(&mut rest, points)?;
    if !rest.is_empty() {
        return Err(Error::damaged(format!("{} bytes follow the curve", rest.len())));
    }
    data.into_curve(values, listed)
}

fn push_column(column: &[f64], into: &mut Vec<u8>) {
    // A cast to f32 rounds, so that casting back tells whether something was lost.
    let is_single = |number: &f64| f64::from(*number as f32).to_bits() == number.to_bits();
    if column.iter().all(is_single) {
        into.push(4);
        column.iter().for_each(|&number| into.extend((number as f32).to_le_bytes()));
    } else {
        into.push(8);
        column.iter().for_each(|number| into.extend(number.to_le_bytes()));
    }
}

fn take_column(rest: &mut &[u8], points: usize) -> Result<Vec<f64>> {
    let (&form, after) = rest.split_first().ok_or_else(too_short)?;
    let size = match form {
        4 | 8 => usize::from(form),
        _ => return Err(Error::damaged(format!("there is no form {form} of a column of numbers"))),
    };
    // Memory is only taken for what is there.
    let bytes = points.checked_mul(size).and_then(|bytes| after.split_at_checked(bytes));
    let (column, left) = bytes.ok_or_else(too_short)?;
    *rest = left;
    Ok(match size {
        4 => column.as_chunks().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect(),
        _ => column.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
    })
}

fn too_short() -> Error {
    Error::damaged("the curve ends before its number of points is reached")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spectrum::{Axis, AxisUnit, CurveAcquisition, CurveKind, InfraredTechnique, ValueUnit};

    fn packed(curve: &Curve) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack_curve(curve, &mut bytes).unwrap();
        bytes
    }

    fn some_curve() -> Curve {
        let axis = Axis::listed(vec![4_000.0, 3_998.1, 1_700.0]).unwrap();
        let units = (AxisUnit::Wavenumber, ValueUnit::Other("counts".to_owned()));
        Curve::try_new(CurveKind::SingleBeam, (axis, units.0), (vec![0.5, -0.0, 1.5], units.1))
            .unwrap()
            .missing(vec![2])
            .unwrap()
            .acquisition(CurveAcquisition {
                technique: Some(InfraredTechnique::GasPhase),
                scans: Some(16),
                block: Some("AB".to_owned()),
                ..CurveAcquisition::default()
            })
    }

    #[test]
    fn columns_take_as_few_bytes_as_keep_every_bit() {
        let bytes = packed(&some_curve());
        assert!(is_curve(&bytes));
        // 3998.1 is no f32: the axis takes 8 bytes a point, the values 4.
        let mut end = vec![8];
        [4_000.0_f64, 3_998.1, 1_700.0].iter().for_each(|point| end.extend(point.to_le_bytes()));
        end.push(4);
        [0.5_f32, -0.0, 0.0].iter().for_each(|value| end.extend(value.to_le_bytes()));
        assert!(bytes.ends_with(&end));
    }

    #[test]
    fn a_cut_or_longer_curve_is_damaged() {
        let bytes = packed(&some_curve());
        for length in 2..bytes.len() {
            assert_eq!(unpack_curve(&bytes[..length]).unwrap_err().kind(), crate::ErrorKind::Damaged);
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(unpack_curve(&longer).unwrap_err().message(), "1 bytes follow the curve");
    }

    proptest! {
        #[test]
        fn every_bit_comes_back(
            values in prop::collection::vec(prop_oneof![-1e3_f64..1e3, Just(-0.0), Just(0.25)], 0..40),
            uniform in any::<bool>(),
        ) {
            let axis = if uniform {
                Axis::uniform(4_000.0, 400.0, values.len()).unwrap()
            } else {
                Axis::listed((0..values.len()).map(|point| 400.0 + point as f64 / 3.0).collect()).unwrap()
            };
            let units = (AxisUnit::Wavenumber, ValueUnit::Absorbance);
            let curve = Curve::try_new(CurveKind::Spectrum, (axis, units.0), (values, units.1)).unwrap();
            let back = unpack_curve(&packed(&curve)).unwrap();
            prop_assert_eq!(&back, &curve);
            let bits = |curve: &Curve| curve.values().iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&back), bits(&curve));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = unpack_curve(&[&MARK[..], &bytes].concat());
        }
    }
}
