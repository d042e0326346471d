//! Weighted sums of moving windows.

use probity_kernels::Work;

use super::lanes::plus_product;

/// Σ weight · value, in the order of the points.
pub(super) fn weighted_sum(weights: &[f64], window: &[f64]) -> f64 {
    weights.iter().zip(window).map(|(weight, value)| weight * value).sum()
}

/// Sums of a window's points times their weights, each in the order of the points; for each window of the values one.
pub(super) struct Convolution<'a> {
    pub(super) weights: &'a [f64],
    pub(super) values: &'a [f64],
    pub(super) sums: &'a mut [f64],
}

/// Windows that are summed side by side.
const WINDOWS: usize = 16;

impl Work for Convolution<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (blocks, rest) = self.sums.as_chunks_mut::<WINDOWS>();
        let rest_start = blocks.len() * WINDOWS;
        for (block, sums) in blocks.iter_mut().enumerate() {
            // Starts at −0 as a sum of numbers does, so that one alone has the same bits.
            let mut sum = [-0.0; WINDOWS];
            let windows = self.values[block * WINDOWS..].windows(WINDOWS);
            for (weight, values) in self.weights.iter().zip(windows) {
                if let Some(values) = values.first_chunk() {
                    sum = plus_product(&sum, &[*weight; WINDOWS], values);
                }
            }
            *sums = sum;
        }
        for (number, sum) in rest.iter_mut().enumerate() {
            *sum = weighted_sum(self.weights, &self.values[rest_start + number..]);
        }
    }
}
