//! Products of one query with the coefficients of many rows.

use crate::InstructionSet;

/// Coefficients of a row are taken in groups of this many.
pub const CURVE_GROUP: usize = 32;

/// The largest size of a query's number: 2,048 products with row numbers of at most 127 in size stay within an i32.
pub const CURVE_QUERY_LIMIT: i16 = 8_191;

/// The most coefficients of a row.
pub const CURVE_ROW_LIMIT: usize = 2_048;

/// The products of a query with one row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CurveProducts {
    /// Of all numbers but those of the last group.
    pub heads: i32,
    /// Of the numbers of the last group.
    pub tails: i32,
}

/// Multiplies a query with each of the rows, which stand one after the other: `products[i]` is that of row i. Sums that no
/// i32 holds wrap around; within the limits there are none.
///
/// # Panics
/// If the query is no whole number of groups, or there are not as many rows as products.
pub fn multiply_curves(
    instructions: InstructionSet,
    query: &[i16],
    rows: &[i8],
    products: &mut [CurveProducts],
) {
    assert!(
        !query.is_empty() && query.len().is_multiple_of(CURVE_GROUP),
        "a query of {} numbers",
        query.len()
    );
    assert_eq!(rows.len(), products.len() * query.len(), "each row is as long as the query");
    #[cfg(target_arch = "x86_64")]
    if instructions.has_avx2() {
        // SAFETY: the processor has AVX2.
        unsafe { multiply_rows_with_avx2(query, rows, products) };
        return;
    }
    let _ = instructions;
    for (row, products) in rows.chunks_exact(query.len()).zip(products) {
        *products = multiply_portably(query, row);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn multiply_rows_with_avx2(query: &[i16], rows: &[i8], products: &mut [CurveProducts]) {
    for (row, products) in rows.chunks_exact(query.len()).zip(products) {
        *products = multiply_with_avx2(query, row);
    }
}

fn multiply_portably(query: &[i16], row: &[i8]) -> CurveProducts {
    let sum = |query: &[i16], row: &[i8]| {
        let products = query.iter().zip(row).map(|(&query, &row)| i32::from(query) * i32::from(row));
        products.fold(0_i32, i32::wrapping_add)
    };
    let heads = query.len() - CURVE_GROUP;
    CurveProducts { heads: sum(&query[..heads], &row[..heads]), tails: sum(&query[heads..], &row[heads..]) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn multiply_with_avx2(query: &[i16], row: &[i8]) -> CurveProducts {
    use std::arch::x86_64::{
        __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_loadu_si128, _mm_shuffle_epi32, _mm256_add_epi32,
        _mm256_castsi256_si128, _mm256_cvtepi8_epi16, _mm256_extracti128_si256, _mm256_loadu_si256,
        _mm256_madd_epi16, _mm256_setzero_si256,
    };
    let total = |sums: __m256i| {
        let four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b_01_00_11_10>(four));
        _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32::<0b_10_11_00_01>(two)))
    };
    let of_group = |query: &[i16; CURVE_GROUP], row: &[i8; CURVE_GROUP]| {
        // SAFETY: both arrays are as long as what is read from them; no alignment is asked.
        let (query, row) = unsafe {
            (
                [
                    _mm256_loadu_si256(query.as_ptr().cast()),
                    _mm256_loadu_si256(query.as_ptr().add(CURVE_GROUP / 2).cast()),
                ],
                [
                    _mm256_cvtepi8_epi16(_mm_loadu_si128(row.as_ptr().cast())),
                    _mm256_cvtepi8_epi16(_mm_loadu_si128(row.as_ptr().add(CURVE_GROUP / 2).cast())),
                ],
            )
        };
        // Two products of at most 2¹⁵ 2⁷ each fit an i32.
        [_mm256_madd_epi16(query[0], row[0]), _mm256_madd_epi16(query[1], row[1])]
    };
    let (queries, rows) = (query.as_chunks::<CURVE_GROUP>().0, row.as_chunks::<CURVE_GROUP>().0);
    let (Some((last_query, queries)), Some((last_row, rows))) = (queries.split_last(), rows.split_last())
    else {
        return CurveProducts::default();
    };
    let mut sums = [_mm256_setzero_si256(); 2];
    for (query, row) in queries.iter().zip(rows) {
        let products = of_group(query, row);
        sums = [_mm256_add_epi32(sums[0], products[0]), _mm256_add_epi32(sums[1], products[1])];
    }
    let tails = of_group(last_query, last_row);
    CurveProducts {
        heads: total(_mm256_add_epi32(sums[0], sums[1])),
        tails: total(_mm256_add_epi32(tails[0], tails[1])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A whole number from −size to size; xorshift64 (Marsaglia, J. Stat. Softw. 2003, 8, 14).
    fn next(state: &mut u64, size: i16) -> i16 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let span = 2 * i64::from(size) + 1;
        i16::try_from((*state >> 1) as i64 % span - i64::from(size)).unwrap()
    }

    #[test]
    fn products_are_those_of_the_definition_with_and_without_avx2() {
        let mut state = 9;
        for groups in [1, 2, 3, 5, 17, CURVE_ROW_LIMIT / CURVE_GROUP] {
            let length = groups * CURVE_GROUP;
            let mut query: Vec<i16> = (0..length).map(|_| next(&mut state, CURVE_QUERY_LIMIT)).collect();
            let mut rows: Vec<i8> =
                (0..7 * length).map(|_| i8::try_from(next(&mut state, 127)).unwrap()).collect();
            // The largest sums that the limits allow, of either sign.
            query[..length / 2].fill(CURVE_QUERY_LIMIT);
            rows[..length].fill(127);
            rows[length..2 * length].fill(-127);
            let expected: Vec<[i64; 2]> = rows
                .chunks(length)
                .map(|row| {
                    let products =
                        row.iter().zip(&query).map(|(&row, &query)| i64::from(row) * i64::from(query));
                    let products: Vec<i64> = products.collect();
                    [&products[..length - CURVE_GROUP], &products[length - CURVE_GROUP..]]
                        .map(|part| part.iter().sum())
                })
                .collect();
            for instructions in [InstructionSet::Portable, InstructionSet::Avx2] {
                let mut products = [CurveProducts::default(); 7];
                multiply_curves(instructions, &query, &rows, &mut products);
                let got: Vec<[i64; 2]> = products
                    .iter()
                    .map(|products| [i64::from(products.heads), i64::from(products.tails)])
                    .collect();
                assert_eq!(got, expected, "{groups} groups, {instructions}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "each row is as long as the query")]
    fn rows_of_another_length_are_refused() {
        let mut products = [CurveProducts::default(); 2];
        multiply_curves(InstructionSet::Portable, &[0; 32], &[0; 63], &mut products);
    }
}
