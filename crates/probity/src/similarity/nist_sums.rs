//! The sums over a pair of spectra that all of NIST's scores for electron ionization share.

use super::explanation::Contribution;
use super::unit_mass::NistColumns;

/// One m/z of a pair, in the query's frame. An abundance is 0 if the peak is not there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) mz: i64,
    pub(crate) query: f64,
    pub(crate) library: f64,
}

/// A library spectrum as a score sees it: on the query's m/z scale, `shift` added to each m/z.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Library<'a, T> {
    pub(crate) mz: &'a [u32],
    pub(crate) abundance: &'a [T],
    pub(crate) shift: i64,
}

/// Visits each m/z from `low` on, ascending, at which the query or the library has more than a trace
/// (an abundance above 1).
#[inline]
pub(crate) fn for_each_slot<T: Copy + Into<f64>>(
    query: NistColumns<'_>,
    library: Library<'_, T>,
    low: i64,
    mut visit: impl FnMut(Slot),
) {
    let (query_mz, query_abundance) = (query.mz(), query.abundance());
    let mut q = query_mz.partition_point(|&mz| i64::from(mz) < low);
    let mut l = library.mz.partition_point(|&mz| i64::from(mz) + library.shift < low);
    loop {
        // An exhausted spectrum stands at an m/z that no peak has.
        let mz_q = query_mz.get(q).map_or(i64::MAX, |&mz| i64::from(mz));
        let mz_l = library.mz.get(l).map_or(i64::MAX, |&mz| i64::from(mz) + library.shift);
        let mz = mz_q.min(mz_l);
        if mz == i64::MAX {
            return;
        }
        let mut slot = Slot { mz, query: 0.0, library: 0.0 };
        if mz_q == mz {
            slot.query = f64::from(query_abundance[q]);
            q += 1;
        }
        if mz_l == mz {
            slot.library = library.abundance[l].into();
            l += 1;
        }
        if slot.query > 1.0 || slot.library > 1.0 {
            visit(slot);
        }
    }
}

/// The sums; `IDENTITY` weighs each peak by its m/z and adds the ratios of neighbouring common peaks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums<const IDENTITY: bool> {
    /// Σ w √(u l) over common peaks.
    pub(crate) cross: f64,
    /// Σ w u over all query peaks.
    pub(crate) query: f64,
    /// Σ w u over common peaks.
    pub(crate) query_common: f64,
    /// Σ w l over all library peaks.
    pub(crate) library: f64,
    /// n1.
    pub(crate) common_peaks: u32,
    /// Σ m min(r, 1/r).
    pub(crate) ratio_weighted: f64,
    /// Σ m over the same peaks.
    pub(crate) ratio_mz: f64,
    /// n2.
    pub(crate) ratios: u32,
    /// The common peak before this one, while the run is unbroken.
    previous: Option<Slot>,
}

impl<const IDENTITY: bool> Sums<IDENTITY> {
    /// The term that a slot adds to `cross`.
    #[inline]
    pub(crate) fn cross_term(slot: Slot) -> f64 {
        let term = (slot.query * slot.library).sqrt();
        if IDENTITY { mz_weight(slot) * term } else { term }
    }

    #[inline]
    pub(crate) fn add(&mut self, slot: Slot) {
        let Slot { query, library, .. } = slot;
        let weight = if IDENTITY { mz_weight(slot) } else { 1.0 };
        self.query += weight * query;
        self.library += weight * library;
        if query <= 0.0 || library <= 0.0 {
            self.previous = None;
            return;
        }
        self.cross += Self::cross_term(slot);
        self.query_common += weight * query;
        self.common_peaks += 1;
        if IDENTITY {
            if let Some(previous) = self.previous {
                let ratio = (query * previous.library / (previous.query * library)).sqrt();
                self.ratio_weighted += weight * ratio.min(1.0 / ratio);
                self.ratio_mz += weight;
                self.ratios += 1;
            }
            self.previous = Some(slot);
        }
    }

    /// The sums of a pair.
    #[inline]
    pub(crate) fn of<T: Copy + Into<f64>>(query: NistColumns<'_>, library: Library<'_, T>, low: i64) -> Self {
        let mut sums = Self::default();
        for_each_slot(query, library, low, |slot| sums.add(slot));
        sums
    }
}

/// The common peaks of a pair with their terms, for an explanation.
pub(crate) fn contributions<const IDENTITY: bool, T: Copy + Into<f64>>(
    query: NistColumns<'_>,
    library: Library<'_, T>,
    low: i64,
) -> Vec<Contribution> {
    let mut common = Vec::new();
    for_each_slot(query, library, low, |slot| {
        if slot.query > 0.0 && slot.library > 0.0 {
            common.push(Contribution {
                mz: slot.mz,
                query: slot.query,
                library: slot.library,
                term: Sums::<IDENTITY>::cross_term(slot),
            });
        }
    });
    common
}

/// Exact: an m/z is far below 2⁵³.
#[inline]
fn mz_weight(slot: Slot) -> f64 {
    slot.mz as f64
}
