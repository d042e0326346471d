//! The numbers of peaks by which scores with a ratio term weigh it.

use super::bound_plan::{BoundGroup, BoundPlan};
use super::row_values::BEGINNINGS;
use super::{BOUND_SLACK, MZ_LIMIT};

/// How many peaks a query has, and which columns count those in common.
#[derive(Debug)]
pub(super) struct PeakCounts {
    plan: BoundPlan,
    /// The query's peaks from each m/z on.
    from: Box<PeaksByBeginning>,
}

/// How many peaks a query has in the range of a row, for each beginning of the row.
pub(super) type PeaksByBeginning = [u16; BEGINNINGS];

impl PeakCounts {
    /// The counts of ascending m/z below [`MZ_LIMIT`].
    pub(super) fn of(mz: impl Iterator<Item = u32> + Clone) -> Self {
        let mut from = Box::new([0; BEGINNINGS]);
        mz.clone().for_each(|mz| from[mz as usize] = 1);
        for mz in (0..MZ_LIMIT as usize).rev() {
            from[mz] += from[mz + 1];
        }
        Self { plan: BoundPlan::of_counts(mz), from }
    }

    /// The columns that count the common peaks.
    pub(super) fn tiers(&self) -> &[Vec<BoundGroup>] {
        self.plan.tiers()
    }

    /// How many peaks the query has in the range of a row, for each beginning of the row.
    pub(super) fn by_beginning(&self) -> &PeaksByBeginning {
        &self.from
    }

    /// Stein and Scott's composite, (N_U F_D + N_C F_R) / (N_U + N_C): a mean, so at most F_D where F_R is not above
    /// it, and else the larger the fewer N_U are. Where an upper end of the range takes peaks of the query away,
    /// it takes the same or fewer from those in common, so that N_C bounds N_U from below.
    pub(super) fn composite(
        &self,
        squared_cosine: f64,
        ratio: f64,
        common: u16,
        beginning: Option<usize>,
    ) -> f64 {
        let query = beginning.map_or(common, |low| self.from[low].max(common));
        let (query, common) = (f64::from(query), f64::from(common));
        let squared_cosine = squared_cosine.min(1.0);
        if common < 2.0 || ratio <= squared_cosine {
            squared_cosine
        } else {
            (query * squared_cosine + common * ratio) / (query + common) * BOUND_SLACK
        }
    }
}

/// NIST's Identity, (n1 t1 + n2 t2) / (n1 + n2): a mean, so at most t1 where t2 is not above it, and else the larger
/// the fewer n1 and the more n2 are. `common` bounds n1 from above and, less the query's traces, from below; `pairs`
/// bounds n2, which is below n1, so that the mean is at most halfway.
pub(super) fn identity(squared_cosine: f64, ratio: f64, common: u16, traces: u16, pairs: u16) -> f64 {
    let squared_cosine = squared_cosine.min(1.0);
    if ratio <= squared_cosine {
        return squared_cosine;
    }
    let pairs = f64::from(pairs.min(common.saturating_sub(1)));
    let common = f64::from(common.saturating_sub(traces)).max(1.0);
    let mean = (common * squared_cosine + pairs * ratio) / (common + pairs);
    mean.min(f64::midpoint(squared_cosine, ratio)) * BOUND_SLACK
}
