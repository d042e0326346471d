//! Arithmetic on several numbers side by side, in registers that are named rather than left to the compiler to find.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Sub};

use crate::InstructionSet;

/// How many numbers stand side by side where there are wide registers.
pub const WIDE_LANES: usize = 8;

/// Numbers of double precision side by side; each operation is done for each, and rounded there, by itself.
pub trait Numbers:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// One number in all places.
    fn all(number: f64) -> Self;
    /// The lesser in each place; the first where either is no number.
    fn lesser(self, other: Self) -> Self;
    /// The greater in each place; the first where either is no number.
    fn greater(self, other: Self) -> Self;
    /// Where this is above `other` the first of two numbers, elsewhere the second.
    fn where_above(self, other: Self, then: Self, otherwise: Self) -> Self;
    /// The square root.
    fn square_root(self) -> Self;
    /// Adds the lowest 12 bits of another number's significand to the exponent: a product with a power of two, as long as the
    /// result is a normal number.
    fn raised_by_low_bits(self, of: Self) -> Self;
}

/// `L` numbers that stand in an array.
pub trait Lanes<const L: usize>: Numbers {
    /// The numbers of an array.
    fn from_array(numbers: [f64; L]) -> Self;
    /// An array of the numbers.
    fn to_array(self) -> [f64; L];
}

/// Work on `L` numbers side by side. `run` and all that it calls in its loops must be `#[inline(always)]`: only what is
/// inlined into the copy for an instruction set is compiled for it. Every copy gives the same bits.
pub trait LaneWork<const L: usize> {
    /// What it returns.
    type Output;

    /// Does it with one kind of registers.
    fn run<V: Lanes<L>>(self) -> Self::Output;
}

/// Does the work in single numbers or whatever the compiler makes of arrays.
pub fn run_on_arrays<const L: usize, W: LaneWork<L>>(work: W) -> W::Output {
    work.run::<Plain<L>>()
}

/// Does the work with an instruction set.
pub fn run_on_wide_lanes<W: LaneWork<WIDE_LANES>>(set: InstructionSet, work: W) -> W::Output {
    match set {
        #[cfg(target_arch = "x86_64")]
        set if set.has_avx2() => {
            // SAFETY: the processor has AVX2, as was just found out.
            unsafe { avx2::run(work) }
        }
        _ => run_on_arrays(work),
    }
}

/// The plain twin.
#[derive(Clone, Copy)]
struct Plain<const L: usize>([f64; L]);

macro_rules! plain {
    ($($operator:ident $name:ident $sign:tt),*) => {$(
        impl<const L: usize> $operator for Plain<L> {
            type Output = Self;

            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Self(from_fn(|lane| self.0[lane] $sign other.0[lane]))
            }
        }
    )*};
}
plain!(Add add +, Sub sub -, Mul mul *, Div div /);

impl<const L: usize> Lanes<L> for Plain<L> {
    #[inline(always)]
    fn from_array(numbers: [f64; L]) -> Self {
        Self(numbers)
    }

    #[inline(always)]
    fn to_array(self) -> [f64; L] {
        self.0
    }
}

impl<const L: usize> Numbers for Plain<L> {
    #[inline(always)]
    fn all(number: f64) -> Self {
        Self([number; L])
    }

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        other.where_below(self, other, self)
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        other.where_above(self, other, self)
    }

    #[inline(always)]
    fn where_above(self, other: Self, then: Self, otherwise: Self) -> Self {
        other.where_below(self, then, otherwise)
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }

    #[inline(always)]
    fn raised_by_low_bits(self, of: Self) -> Self {
        let raised = |lane: usize| self.0[lane].to_bits().wrapping_add(of.0[lane].to_bits() << 52);
        Self(from_fn(|lane| f64::from_bits(raised(lane))))
    }
}

impl<const L: usize> Plain<L> {
    #[inline(always)]
    fn where_below(self, other: Self, then: Self, otherwise: Self) -> Self {
        Self(from_fn(|lane| if self.0[lane] < other.0[lane] { then.0[lane] } else { otherwise.0[lane] }))
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256d, _CMP_GT_OQ, _mm256_add_epi64, _mm256_add_pd, _mm256_blendv_pd, _mm256_castpd_si256,
        _mm256_castsi256_pd, _mm256_cmp_pd, _mm256_div_pd, _mm256_loadu_pd, _mm256_max_pd, _mm256_min_pd,
        _mm256_mul_pd, _mm256_set1_pd, _mm256_slli_epi64, _mm256_sqrt_pd, _mm256_storeu_pd, _mm256_sub_pd,
    };
    use std::ops::{Add, Div, Mul, Sub};

    use super::{LaneWork, Lanes, Numbers, WIDE_LANES};

    #[target_feature(enable = "avx2")]
    pub(super) fn run<W: LaneWork<WIDE_LANES>>(work: W) -> W::Output {
        work.run::<Wide>()
    }

    /// Eight numbers in two registers. It is named nowhere but in [`run`], so that whatever computes with it runs on a
    /// processor that has AVX2.
    #[derive(Clone, Copy)]
    struct Wide(__m256d, __m256d);

    macro_rules! wide {
        ($($operator:ident $name:ident $intrinsic:ident),*) => {$(
            impl $operator for Wide {
                type Output = Self;

                #[inline(always)]
                fn $name(self, other: Self) -> Self {
                    // SAFETY: the processor has AVX2, see `Wide`.
                    unsafe { Self($intrinsic(self.0, other.0), $intrinsic(self.1, other.1)) }
                }
            }
        )*};
    }
    wide!(Add add _mm256_add_pd, Sub sub _mm256_sub_pd, Mul mul _mm256_mul_pd, Div div _mm256_div_pd);

    impl Lanes<WIDE_LANES> for Wide {
        #[inline(always)]
        fn from_array(numbers: [f64; WIDE_LANES]) -> Self {
            // SAFETY: the array is as long as what is read, no alignment is asked; AVX2, see `Wide`.
            unsafe { Self(_mm256_loadu_pd(numbers.as_ptr()), _mm256_loadu_pd(numbers.as_ptr().add(4))) }
        }

        #[inline(always)]
        fn to_array(self) -> [f64; WIDE_LANES] {
            let mut numbers = [0.0; WIDE_LANES];
            // SAFETY: the array is as long as what is written, no alignment is asked; AVX2, see `Wide`.
            unsafe {
                _mm256_storeu_pd(numbers.as_mut_ptr(), self.0);
                _mm256_storeu_pd(numbers.as_mut_ptr().add(4), self.1);
            }
            numbers
        }
    }

    impl Numbers for Wide {
        #[inline(always)]
        fn all(number: f64) -> Self {
            // SAFETY: the processor has AVX2, see `Wide`.
            unsafe { Self(_mm256_set1_pd(number), _mm256_set1_pd(number)) }
        }

        #[inline(always)]
        fn lesser(self, other: Self) -> Self {
            // The instruction gives its second number where either is none.
            // SAFETY: the processor has AVX2, see `Wide`.
            unsafe { Self(_mm256_min_pd(other.0, self.0), _mm256_min_pd(other.1, self.1)) }
        }

        #[inline(always)]
        fn greater(self, other: Self) -> Self {
            // SAFETY: the processor has AVX2, see `Wide`.
            unsafe { Self(_mm256_max_pd(other.0, self.0), _mm256_max_pd(other.1, self.1)) }
        }

        #[inline(always)]
        fn where_above(self, other: Self, then: Self, otherwise: Self) -> Self {
            // SAFETY: the processor has AVX2, see `Wide`.
            unsafe {
                let above = (
                    _mm256_cmp_pd::<_CMP_GT_OQ>(self.0, other.0),
                    _mm256_cmp_pd::<_CMP_GT_OQ>(self.1, other.1),
                );
                Self(
                    _mm256_blendv_pd(otherwise.0, then.0, above.0),
                    _mm256_blendv_pd(otherwise.1, then.1, above.1),
                )
            }
        }

        #[inline(always)]
        fn square_root(self) -> Self {
            // SAFETY: the processor has AVX2, see `Wide`.
            unsafe { Self(_mm256_sqrt_pd(self.0), _mm256_sqrt_pd(self.1)) }
        }

        #[inline(always)]
        fn raised_by_low_bits(self, of: Self) -> Self {
            // SAFETY: the processor has AVX2, see `Wide`.
            unsafe {
                let raises = (
                    _mm256_slli_epi64::<52>(_mm256_castpd_si256(of.0)),
                    _mm256_slli_epi64::<52>(_mm256_castpd_si256(of.1)),
                );
                Self(
                    _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(self.0), raises.0)),
                    _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(self.1), raises.1)),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every operation on two columns of numbers.
    struct Everything([f64; WIDE_LANES], [f64; WIDE_LANES]);

    impl LaneWork<WIDE_LANES> for Everything {
        type Output = [[u64; WIDE_LANES]; 10];

        #[inline(always)]
        fn run<V: Lanes<WIDE_LANES>>(self) -> Self::Output {
            let (a, b) = (V::from_array(self.0), V::from_array(self.1));
            [
                a + b,
                a - b,
                a * b,
                a / b,
                a.lesser(b),
                a.greater(b),
                a.where_above(b, V::all(0.1), a),
                a.square_root(),
                a.raised_by_low_bits(b),
                // What a fused product and sum would change.
                a * b + a,
            ]
            .map(|lanes| lanes.to_array().map(f64::to_bits))
        }
    }

    fn any_number() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => -2.0_f64..2.0,
            4 => any::<u64>().prop_map(f64::from_bits).prop_filter("NaN differ in their bits", |x| !x.is_nan()),
            1 => prop::sample::select(vec![0.0, -0.0, 1.0, f64::INFINITY, f64::NEG_INFINITY, 5e-324]),
        ]
    }

    /// The same bits; the sign and the payload of what is no number are left open.
    fn are_same(one: u64, other: u64) -> bool {
        one == other || f64::from_bits(one).is_nan() && f64::from_bits(other).is_nan()
    }

    proptest! {
        #[test]
        fn every_operation_has_the_same_bits_in_wide_registers(
            a in prop::array::uniform8(any_number()),
            b in prop::array::uniform8(any_number()),
        ) {
            let plain = run_on_arrays(Everything(a, b));
            let wide = run_on_wide_lanes(InstructionSet::Avx2, Everything(a, b));
            let pairs = plain.iter().flatten().zip(wide.iter().flatten());
            for (number, (&plain, &wide)) in pairs.enumerate() {
                prop_assert!(are_same(plain, wide), "operation {}: {:x} {:x}", number / WIDE_LANES, plain, wide);
            }
            for lane in 0..WIDE_LANES {
                let (a, b) = (a[lane], b[lane]);
                let expected = [a + b, a - b, a * b, a / b, if b < a { b } else { a }, if b > a { b } else { a }];
                for (operation, expected) in expected.into_iter().enumerate() {
                    prop_assert!(are_same(plain[operation][lane], expected.to_bits()), "{}", operation);
                }
            }
        }

        #[test]
        fn a_comparison_with_no_number_takes_what_the_plain_twin_takes(x in -1.0_f64..1.0) {
            let (one, other) = ([x; WIDE_LANES], [f64::NAN; WIDE_LANES]);
            for (a, b) in [(one, other), (other, one), (other, other)] {
                let plain = run_on_arrays(Everything(a, b));
                let wide = run_on_wide_lanes(InstructionSet::Avx2, Everything(a, b));
                for operation in 4..7 {
                    prop_assert!(plain[operation].iter().zip(&wide[operation]).all(|(a, b)| are_same(*a, *b)));
                }
            }
        }
    }
}
