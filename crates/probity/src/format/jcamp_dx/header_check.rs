//! What the header of a block says of its numbers, compared with the numbers: the data are taken, and what does not
//! agree is told.
//!
//! Files round these, leave the factor out, or copy them from another file, so that none may decide anything: only what
//! is off by more than rounding is reported.

use super::block::Block;
use crate::error::Result;
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::spectrum::Curve;

/// By how much a stated number may differ from the data, relative to the larger of the two.
const ROUNDED: f64 = 0.01;

/// Compares `FIRSTY`, `MAXY`, `MINY`, `MAXX`, `MINX` and `DELTAX` with a curve.
///
/// # Errors
/// `Malformed` where the reader is strict and one does not agree.
pub(super) fn compare(block: &Block<'_>, curve: &Curve, noter: &mut Noter) -> Result<()> {
    let missing = curve.missing_points();
    let is_there = |point: &usize| missing.binary_search(point).is_err();
    let values = || (0..curve.values().len()).filter(is_there).map(|point| curve.values()[point]);
    let Some((least, most)) = range(values()) else { return Ok(()) };
    // A number near 0 among large ones is rounded by more than its own hundredth.
    let least_step = 1e-3 * f64::max(least.abs(), most.abs());
    if is_there(&0) {
        check(block, "FIRSTY", curve.values()[0], least_step, noter)?;
    }
    check(block, "MAXY", most, least_step, noter)?;
    check(block, "MINY", least, least_step, noter)?;
    let points = curve.axis().points();
    let Some((lowest, highest)) = range(points.iter().copied()) else { return Ok(()) };
    let step = (highest - lowest) / (points.len() as f64 - 1.0).max(1.0);
    check(block, "MAXX", highest, step, noter)?;
    check(block, "MINX", lowest, step, noter)?;
    if let (Some((first, last)), true) = (curve.axis().uniform_ends(), points.len() > 1) {
        check(block, "DELTAX", (last - first) / (points.len() as f64 - 1.0), 0.0, noter)?;
    }
    Ok(())
}

/// The least and the greatest of some numbers.
fn range(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    numbers.fold(None, |range, number| {
        let (least, most) = range.unwrap_or((number, number));
        Some((f64::min(least, number), f64::max(most, number)))
    })
}

fn check(block: &Block<'_>, label: &str, found: f64, least_step: f64, noter: &mut Noter) -> Result<()> {
    let Some(ldr) = block.find(label) else { return Ok(()) };
    let Some(stated) = parse_number(ldr.first) else {
        if ldr.first.is_empty() {
            return Ok(());
        }
        let shown = ldr.first.chars().take(40).collect::<String>();
        return noter.ignored(ldr.line, ldr.name_in_places(), format!("\"{shown}\" is not a number"));
    };
    if (stated - found).abs() <= f64::max(ROUNDED * f64::max(stated.abs(), found.abs()), least_step) {
        return Ok(());
    }
    let message = format!("{stated} is stated, and the data say {found}; the data were taken");
    noter.repaired(ldr.line, ldr.name_in_places(), message)
}
