//! Sums over columns, in a fixed order and without fused multiply-add: the same bits on every machine.

/// The inner product, as four interleaved sums that are added at the end.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_chunks, b_chunks) = (a.chunks_exact(4), b.chunks_exact(4));
    let (a_rest, b_rest) = (a_chunks.remainder(), b_chunks.remainder());
    let mut sums = [0.0; 4];
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// The length of a column.
pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// Subtracts `factor` times a column.
pub(super) fn subtract(from: &mut [f64], factor: f64, column: &[f64]) {
    from.iter_mut().zip(column).for_each(|(x, c)| *x -= factor * c);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_inner_product_equals_the_plain_sum(
            pairs in proptest::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 0..30),
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
            let plain: f64 = pairs.iter().map(|(a, b)| a * b).sum();
            prop_assert!((dot(&a, &b) - plain).abs() < 1e-14);
        }
    }
}
