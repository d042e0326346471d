//! Piecewise cubic interpolation through points (x, y): a cubic for each interval from the values and the
//! slopes at its ends. The kinds differ in the slopes alone.

/// The slopes of the cubic spline, whose second derivative is continuous, with one cubic for the first two and one
/// for the last two intervals (*not-a-knot*: de Boor, *A Practical Guide to Splines*, 1978, chapter IV). A parabola for
/// 3 points, a line for 2. `x` ascends strictly.
pub(super) fn spline_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let (h, secant) = (widths(x), secants(x, y));
    let n = x.len();
    match n {
        0 | 1 => return vec![0.0; n],
        2 => return vec![secant[0]; 2],
        3 => {
            let curvature = (secant[1] - secant[0]) / (h[0] + h[1]);
            return vec![
                secant[0] - curvature * h[0],
                secant[0] + curvature * h[0],
                secant[1] + curvature * h[1],
            ];
        }
        _ => {}
    }
    // Rows h(i) s(i−1) + 2 (h(i−1) + h(i)) s(i) + h(i−1) s(i+1), swept once down and once up.
    let (mut upper, mut slopes) = (vec![0.0; n], vec![0.0; n]);
    let span = h[0] + h[1];
    upper[0] = span / h[1];
    slopes[0] = ((h[0] + 2.0 * span) * h[1] * secant[0] + h[0] * h[0] * secant[1]) / span / h[1];
    for i in 1..n - 1 {
        let diagonal = 2.0 * (h[i - 1] + h[i]) - h[i] * upper[i - 1];
        let right = 3.0 * (h[i] * secant[i - 1] + h[i - 1] * secant[i]);
        upper[i] = h[i - 1] / diagonal;
        slopes[i] = (right - h[i] * slopes[i - 1]) / diagonal;
    }
    let (before, last) = (h[n - 3], h[n - 2]);
    let span = before + last;
    let right = (last * last * secant[n - 3] + (2.0 * span + last) * before * secant[n - 2]) / span;
    slopes[n - 1] = (right - span * slopes[n - 2]) / (before - span * upper[n - 2]);
    for i in (0..n - 1).rev() {
        slopes[i] -= upper[i] * slopes[i + 1];
    }
    slopes
}

/// The slopes of PCHIP (Fritsch & Butland, SIAM J. Sci. Stat. Comput. 1984, 5, 300, with the ends of Moler, *Numerical
/// Computing with MATLAB*, 3.6): between two points the curve does not leave their values. `x` ascends strictly.
pub(super) fn pchip_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let (h, secant) = (widths(x), secants(x, y));
    let n = x.len();
    if n < 3 {
        return vec![secant.first().copied().unwrap_or(0.0); n];
    }
    let mut slopes = vec![0.0; n];
    for i in 1..n - 1 {
        let (left, right) = (secant[i - 1], secant[i]);
        if left * right > 0.0 {
            let (first, second) = (2.0 * h[i] + h[i - 1], h[i] + 2.0 * h[i - 1]);
            slopes[i] = (first + second) / (first / left + second / right);
        }
    }
    slopes[0] = pchip_end(h[0], h[1], secant[0], secant[1]);
    slopes[n - 1] = pchip_end(h[n - 2], h[n - 3], secant[n - 2], secant[n - 3]);
    slopes
}

/// The slope at an end: of the parabola through three points, held back where it would leave their values.
fn pchip_end(width: f64, next_width: f64, secant: f64, next_secant: f64) -> f64 {
    let slope = ((2.0 * width + next_width) * secant - width * next_secant) / (width + next_width);
    if slope * secant <= 0.0 {
        0.0
    } else if secant * next_secant < 0.0 && slope.abs() > 3.0 * secant.abs() {
        3.0 * secant
    } else {
        slope
    }
}

/// Below this share of the largest, a sum of two changes of the secant counts as none.
const AKIMA_FLAT: f64 = 1e-9;

/// The slopes of Akima (J. ACM 1970, 17, 589): means of the secants on either side, each weighted by the change of the
/// secant on the other side, so that a bend stays local. A line for 2 points. `x` ascends strictly.
pub(super) fn akima_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let inner = secants(x, y);
    let n = x.len();
    if n < 3 {
        return vec![inner.first().copied().unwrap_or(0.0); n];
    }
    // Two more on either side, each as far from the next as that from its next.
    let mut secant = vec![0.0; n + 3];
    secant[2..=n].copy_from_slice(&inner);
    secant[1] = 2.0 * secant[2] - secant[3];
    secant[0] = 2.0 * secant[1] - secant[2];
    secant[n + 1] = 2.0 * secant[n] - secant[n - 1];
    secant[n + 2] = 2.0 * secant[n + 1] - secant[n];
    let changes: Vec<f64> = secant.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let largest = changes.windows(3).map(|three| three[0] + three[2]).fold(0.0, f64::max);
    let slope = |i: usize| {
        let (left, right) = (changes[i], changes[i + 2]);
        if left + right > AKIMA_FLAT * largest {
            (right * secant[i + 1] + left * secant[i + 2]) / (left + right)
        } else {
            0.5 * (secant[i] + secant[i + 3])
        }
    };
    (0..n).map(slope).collect()
}

/// The cubic of an interval from (x0, y0) to (x1, y1), with the slopes there, at `x`.
pub(super) fn cubic(x: f64, [x0, x1]: [f64; 2], [y0, y1]: [f64; 2], [s0, s1]: [f64; 2]) -> f64 {
    let (width, at) = (x1 - x0, x - x0);
    let secant = (y1 - y0) / width;
    let third = (s0 + s1 - 2.0 * secant) / (width * width);
    let second = (3.0 * secant - 2.0 * s0 - s1) / width;
    y0 + at * (s0 + at * (second + at * third))
}

fn widths(x: &[f64]) -> Vec<f64> {
    x.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

fn secants(x: &[f64], y: &[f64]) -> Vec<f64> {
    x.windows(2).zip(y.windows(2)).map(|(x, y)| (y[1] - y[0]) / (x[1] - x[0])).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Slopes = fn(&[f64], &[f64]) -> Vec<f64>;

    #[test]
    fn few_points_have_a_line_or_a_parabola() {
        for slopes in [spline_slopes as Slopes, pchip_slopes, akima_slopes] {
            assert_eq!(slopes(&[], &[]), Vec::<f64>::new());
            assert_eq!(slopes(&[1.0], &[5.0]), [0.0]);
            assert_eq!(slopes(&[1.0, 3.0], &[5.0, 9.0]), [2.0, 2.0]);
        }
        // x² at 0, 1 and 3.
        assert_eq!(spline_slopes(&[0.0, 1.0, 3.0], &[0.0, 1.0, 9.0]), [0.0, 2.0, 6.0]);
    }

    proptest! {
        #[test]
        fn the_spline_keeps_a_cubic_and_all_keep_a_line(
            widths in prop::collection::vec(0.5..2.0_f64, 3..20),
            [a, b, c, d] in prop::array::uniform4(-1.0..1.0_f64),
        ) {
            let mut x = vec![-3.0];
            widths.iter().for_each(|width| x.push(x[x.len() - 1] + width));
            let of = |c: f64, d: f64| -> Vec<f64> {
                x.iter().map(|x| a + x * (b + x * (c + x * d))).collect()
            };
            let scale = x[x.len() - 1] * x[x.len() - 1] + 10.0;
            for (x, slope) in x.iter().zip(spline_slopes(&x, &of(c, d))) {
                prop_assert!((slope - (b + x * (2.0 * c + 3.0 * x * d))).abs() < 1e-10 * scale);
            }
            for slopes in [spline_slopes as Slopes, pchip_slopes, akima_slopes] {
                prop_assert!(slopes(&x, &of(0.0, 0.0)).iter().all(|slope| (slope - b).abs() < 1e-11));
            }
        }

        #[test]
        fn pchip_does_not_overshoot(y in prop::collection::vec(-1.0..1.0_f64, 3..20)) {
            let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
            let slopes = pchip_slopes(&x, &y);
            for i in 0..y.len() - 1 {
                for tenth in 0..=10 {
                    let at = x[i] + f64::from(tenth) / 10.0;
                    let value =
                        cubic(at, [x[i], x[i + 1]], [y[i], y[i + 1]], [slopes[i], slopes[i + 1]]);
                    prop_assert!(value >= y[i].min(y[i + 1]) - 1e-12 && value <= y[i].max(y[i + 1]) + 1e-12);
                }
            }
        }
    }
}
