//! A spectrum of accurate mass as the fragment index takes it, and where its peaks stand in the index.
//!
//! Peaks stand at places of 1/1,024 m/z unit. Those that are paired by m/z stand at their m/z; those that are
//! paired by what they lose from the precursor stand behind all m/z, at a fixed distance plus their loss, which
//! is below 0 for a peak above its precursor.

use crate::units::MassTolerance;

/// Spectra with more peaks than this, and queries, are not indexed: within it no assignment of peaks reaches
/// its limits, so that scoring a spectrum or sparing it cannot decide whether a search ends with an error.
const PEAKS_LIMIT: usize = 1_000;

/// m/z, of peaks and precursors, from which on nothing is indexed.
const MZ_LIMIT: f64 = 4_096.0;

/// Where a loss of 0 stands: losses lie from −4,096 to 4,096.
const NO_LOSS: f64 = 2.0 * MZ_LIMIT;

/// Places that a unit is divided into.
const PLACES: f64 = 1_024.0;

/// Places before that of the first loss, and of everything, which have 24 bits.
pub(super) const MZ_PLACES: u32 = (MZ_LIMIT * PLACES) as u32;
pub(super) const ALL_PLACES: u32 = ((NO_LOSS + MZ_LIMIT) * PLACES) as u32;

/// By what the peaks of two spectra may be paired.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pairing {
    /// By their m/z.
    Mz,
    /// By what they lose from the precursor at this m/z.
    Loss(f64),
    /// By either, with the precursor's m/z.
    MzOrLoss(f64),
}

/// A spectrum as the index takes it: m/z and value of each peak, ascending by m/z, values from 0 to 1: for a
/// cosine the share of the norm, for the entropy similarity the weight. All rows of an index, and its queries,
/// are paired in the same way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FragmentRow {
    pub(crate) peaks: Vec<(f64, f64)>,
    pub(crate) pairing: Pairing,
}

/// The places, first and last, at which a query's peak may find a partner, and the peak's value.
pub(super) type Window = (u32, u32, f64);

impl FragmentRow {
    /// A precursor that is no m/z counts as too large: what is to be said of it says the reference scorer.
    pub(super) fn can_be_indexed(&self) -> bool {
        let precursor_is_known = match self.pairing {
            Pairing::Mz => true,
            Pairing::Loss(mz) | Pairing::MzOrLoss(mz) => mz > 0.0 && mz < MZ_LIMIT,
        };
        precursor_is_known
            && self.peaks.len() <= PEAKS_LIMIT
            && self.peaks.iter().all(|&(mz, value)| (0.0..MZ_LIMIT).contains(&mz) && value.is_finite())
    }

    /// Where the peaks above 0 stand, with their values.
    pub(super) fn places(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.standing().map(|(mz, loss, value)| {
            let position = if loss { self.loss_position(mz) } else { mz };
            (place(position), value)
        })
    }

    /// The windows around the peaks above 0; the tolerance belongs to the m/z, also of a loss.
    pub(super) fn windows(&self, tolerance: MassTolerance) -> impl Iterator<Item = Window> + '_ {
        self.standing().map(move |(mz, loss, value)| {
            // A little wider than it is, so that rounding hides nothing: all numbers are below 2¹⁴, so that
            // the few operations on either side are off by less than 2⁻³⁷ together, about 10⁻¹¹.
            let wide = tolerance.half_width(mz) * (1.0 + 1e-9) + 1e-9 * (1.0 + mz);
            let position = if loss { self.loss_position(mz) } else { mz };
            let (low, high) = (place(position - wide), place(position + wide));
            // Windows of either kind end where the other begins.
            if loss {
                (low.max(MZ_PLACES), high.min(ALL_PLACES - 1), value)
            } else {
                (low, high.min(MZ_PLACES - 1), value)
            }
        })
    }

    /// For each place of a peak whether it is that of its loss.
    pub(super) fn kinds(&self) -> &'static [bool] {
        match self.pairing {
            Pairing::Mz => &[false],
            Pairing::Loss(_) => &[true],
            Pairing::MzOrLoss(_) => &[false, true],
        }
    }

    /// m/z, whether it stands as a loss, and value of each peak above 0.
    fn standing(&self) -> impl Iterator<Item = (f64, bool, f64)> + '_ {
        let above_0 = self.peaks.iter().filter(|(_, value)| *value > 0.0);
        above_0.flat_map(|&(mz, value)| self.kinds().iter().map(move |&loss| (mz, loss, value)))
    }

    fn loss_position(&self, mz: f64) -> f64 {
        let precursor_mz = match self.pairing {
            Pairing::Mz => mz,
            Pairing::Loss(precursor_mz) | Pairing::MzOrLoss(precursor_mz) => precursor_mz,
        };
        NO_LOSS + (precursor_mz - mz)
    }
}

fn place(position: f64) -> u32 {
    // Cut to whole places, which keeps the order.
    (position.clamp(0.0, NO_LOSS + MZ_LIMIT) * PLACES) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(peaks: &[(f64, f64)], pairing: Pairing) -> FragmentRow {
        FragmentRow { peaks: peaks.to_vec(), pairing }
    }

    #[test]
    fn peaks_stand_at_their_mz_and_behind_it_at_their_loss() {
        let peaks = [(100.0, 0.5), (150.0, 0.0), (310.0, 0.25)];
        let places = |pairing| row(&peaks, pairing).places().collect::<Vec<_>>();
        assert_eq!(places(Pairing::Mz), [(102_400, 0.5), (317_440, 0.25)]);
        // 8,192 + 200 and 8,192 − 10, times 1,024.
        assert_eq!(places(Pairing::Loss(300.0)), [(8_593_408, 0.5), (8_378_368, 0.25)]);
        let both = [(102_400, 0.5), (8_593_408, 0.5), (317_440, 0.25), (8_378_368, 0.25)];
        assert_eq!(places(Pairing::MzOrLoss(300.0)), both);
    }

    #[test]
    fn windows_of_one_kind_never_reach_into_the_other() {
        let peaks = [(0.0, 1.0), (4_095.9, 1.0)];
        for tolerance in [MassTolerance::Da(1.0), MassTolerance::Da(1e300), MassTolerance::Ppm(1e300)] {
            let windows: Vec<_> = row(&peaks, Pairing::Mz).windows(tolerance).collect();
            assert!(windows.iter().all(|&(low, high, _)| low <= high && high < MZ_PLACES), "{windows:?}");
            for precursor_mz in [1e-9, 4_095.9] {
                let windows: Vec<_> = row(&peaks, Pairing::Loss(precursor_mz)).windows(tolerance).collect();
                let all_are_losses = windows
                    .iter()
                    .all(|&(low, high, _)| MZ_PLACES <= low && low <= high && high < ALL_PLACES);
                assert!(all_are_losses, "{windows:?}");
            }
        }
    }

    #[test]
    fn what_has_no_place_is_not_indexed() {
        for precursor_mz in [0.0, -1.0, 4_096.0, f64::NAN, f64::INFINITY] {
            assert!(!row(&[(100.0, 1.0)], Pairing::Loss(precursor_mz)).can_be_indexed());
            assert!(!row(&[(100.0, 1.0)], Pairing::MzOrLoss(precursor_mz)).can_be_indexed());
        }
        assert!(row(&[(100.0, 1.0)], Pairing::Loss(4_095.0)).can_be_indexed());
        assert!(!row(&[(4_096.0, 1.0)], Pairing::Mz).can_be_indexed());
        assert!(!row(&[(100.0, f64::NAN)], Pairing::Mz).can_be_indexed());
        assert!(!row(&vec![(100.0, 0.1); 1_001], Pairing::Mz).can_be_indexed());
    }
}
