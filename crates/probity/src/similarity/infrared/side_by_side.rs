//! The correlations of one curve with several, side by side: each has the bits that it has alone
//! ([`correlation`](super::correlation::correlation),
//! [`first_derivative_correlation`](super::first_derivative_correlation::first_derivative_correlation)).
//!
//! A sum in a fixed order waits for itself, since each addition needs the one before. Eight sums wait no longer than one.

use std::array::from_fn;
use std::ops::Range;

use probity_kernels::{InstructionSet, Work, run_with};

use super::curve_pair::{factor_to_one, largest};
use super::sums::CosineSums;

/// How many curves are compared with the one at a time.
pub(crate) const LANES: usize = 8;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    /// The values.
    Values,
    /// The differences of neighbours within a run.
    Differences,
}

/// The correlation of a curve with each of some others of as many points, over the points of some runs, which all weigh the
/// same; each `None` as for the one alone. Values are finite.
pub(crate) fn correlations(
    instructions: InstructionSet,
    first: &[f32],
    others: [&[f32]; LANES],
    runs: &[Range<usize>],
    compared: Compared,
) -> [Option<f64>; LANES] {
    let factor = factor_to_one(largest(first, runs));
    let factors = others.map(|other| factor_to_one(largest(other, runs)));
    run_with(instructions, Correlations { first, factor, others, factors, runs, compared })
}

struct Correlations<'a> {
    first: &'a [f32],
    factor: f64,
    others: [&'a [f32]; LANES],
    factors: [f64; LANES],
    runs: &'a [Range<usize>],
    compared: Compared,
}

/// A number of the one curve, and those of the others.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    first: f64,
    others: [f64; LANES],
}

impl Numbers {
    const ZERO: Self = Self { first: 0.0, others: [0.0; LANES] };

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        let others = from_fn(|lane| self.others[lane] + other.others[lane]);
        Self { first: self.first + other.first, others }
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self {
        let others = from_fn(|lane| self.others[lane] - other.others[lane]);
        Self { first: self.first - other.first, others }
    }
}

impl Correlations<'_> {
    #[inline(always)]
    fn at(&self, point: usize) -> Numbers {
        // In two steps, so that the second is one for all lanes.
        let others: [f32; LANES] = from_fn(|lane| self.others[lane][point]);
        let others = from_fn(|lane| f64::from(others[lane]) * self.factors[lane]);
        Numbers { first: f64::from(self.first[point]) * self.factor, others }
    }
}

impl Work for Correlations<'_> {
    type Output = [Option<f64>; LANES];

    #[inline(always)]
    fn run(self) -> Self::Output {
        let points = self.runs.iter().map(ExactSizeIterator::len).sum();
        let mut all: Vec<Numbers> = Vec::with_capacity(points);
        let mut sum = Numbers::ZERO;
        for run in self.runs {
            match self.compared {
                Compared::Values => {
                    for point in run.clone() {
                        let numbers = self.at(point);
                        sum = sum.plus(numbers);
                        all.push(numbers);
                    }
                }
                Compared::Differences => {
                    let mut before = self.at(run.start);
                    for point in run.start + 1..run.end {
                        let this = self.at(point);
                        let numbers = this.less(before);
                        sum = sum.plus(numbers);
                        all.push(numbers);
                        before = this;
                    }
                }
            }
        }
        // A sum of ones.
        let weight = all.len() as f64;
        let mean = Numbers { first: sum.first / weight, others: sum.others.map(|sum| sum / weight) };
        let (mut products, mut squares) = ([0.0; LANES], Numbers::ZERO);
        for numbers in &all {
            let Numbers { first: x, others: y } = numbers.less(mean);
            products = from_fn(|lane| products[lane] + x * y[lane]);
            squares = squares.plus(Numbers { first: x * x, others: from_fn(|lane| y[lane] * y[lane]) });
        }
        let of_lane = |lane: usize| {
            let (first, second) = (squares.first, squares.others[lane]);
            CosineSums { product: products[lane], first, second, weight }.cosine()
        };
        from_fn(of_lane)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::curve_pair::CurvePair;
    use super::super::measure::InfraredMeasure;
    use super::*;

    /// Curves whose sizes differ, one flat, and which of their points are compared.
    fn any_curves() -> impl Strategy<Value = (Vec<Vec<f32>>, Vec<bool>)> {
        (1_usize..70).prop_flat_map(|points| {
            let curve = (prop::collection::vec(-2.0..2.0_f32, points), -30..30_i32, 0_u8..9).prop_map(
                |(mut curve, power, kind)| {
                    let scale = libm::scalbnf(1.0, power);
                    curve
                        .iter_mut()
                        .for_each(|x| *x = if kind == 0 { scale } else { *x * scale + 0.3 * scale });
                    curve
                },
            );
            (
                prop::collection::vec(curve, LANES + 1),
                prop::collection::vec(prop::bool::weighted(0.9), points),
            )
        })
    }

    proptest! {
        #[test]
        fn each_has_the_bits_that_it_has_alone((curves, mask) in any_curves()) {
            let mut runs: Vec<Range<usize>> = Vec::new();
            for point in (0..mask.len()).filter(|&point| mask[point]) {
                match runs.last_mut() {
                    Some(run) if run.end == point => run.end += 1,
                    _ => runs.push(point..point + 1),
                }
            }
            let others: [&[f32]; LANES] = from_fn(|lane| &curves[lane + 1][..]);
            for (compared, measure) in [
                (Compared::Values, InfraredMeasure::Correlation),
                (Compared::Differences, InfraredMeasure::FirstDerivativeCorrelation),
            ] {
                let alone = others.map(|other| {
                    let pair = CurvePair::of_runs([&curves[0][..], other], None, &runs).unwrap();
                    measure.compare(&pair).map(f64::to_bits)
                });
                for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
                    let together = correlations(instructions, &curves[0], others, &runs, compared);
                    prop_assert_eq!(together.map(|r| r.map(f64::to_bits)), alone, "{:?}", compared);
                }
            }
        }
    }
}
