//! SPLASH: a hashed identifier of a list of peaks.
//!
//! Wohlgemuth et al., *SPLASH, a hashed identifier for mass spectra*, Nature Biotechnology 34 (2016)
//! 1099–1101, version 0 for mass spectra (`splash10`). Intensities are scaled to a base peak of 100.
//! Four blocks: the kind and version; a histogram of the at most ten strongest peaks of at least 10 %
//! (bins of 5 m/z wrapped over ten, base 3, written in base 36); a histogram of all peaks (bins of
//! 100 m/z wrapped over ten, base 10); the first 20 hexadecimal digits of the SHA-256 of all peaks.

use sha2::{Digest, Sha256};

use crate::spectrum::{Peak, PeakList};

/// Added before each cut to an integer, so that 99.999… from a rounding error counts as 100.
const ROUNDING_GUARD: f64 = 1e-7;
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The SPLASH of a list of peaks; `None` for a list without any intensity, of which there is none.
#[must_use]
pub fn splash(peaks: &PeakList) -> Option<String> {
    let base = peaks.base_peak().filter(|peak| peak.intensity > 0.0)?.intensity;
    let scaled: Vec<Peak> =
        peaks.iter().map(|peak| Peak { mz: peak.mz, intensity: peak.intensity / base * 100.0 }).collect();
    let mut strongest: Vec<Peak> = scaled.iter().copied().filter(|peak| peak.intensity >= 10.0).collect();
    strongest.sort_by(|a, b| b.intensity.total_cmp(&a.intensity).then(a.mz.total_cmp(&b.mz)));
    strongest.truncate(10);

    let top = histogram(&strongest, 3, 5.0).into_iter().fold(0, |number, digit| 3 * number + digit);
    let summary: String = histogram(&scaled, 10, 100.0).into_iter().map(digit).collect();
    Some(format!("splash10-{}-{summary}-{}", base_36(top), hash(&scaled)))
}

/// Ten wrapped bins of the given width, scaled to digits of the base.
fn histogram(peaks: &[Peak], base: u32, width: f64) -> [u32; 10] {
    let mut sums = [0.0_f64; 10];
    for peak in peaks {
        // The cast saturates; the remainder keeps the index within the ten bins.
        let bin = (peak.mz / width) as u64 % 10;
        sums[bin as usize] += peak.intensity;
    }
    let highest = sums.iter().copied().fold(0.0, f64::max);
    // The largest bin gives base − 1, so every digit is below the base.
    sums.map(|sum| (ROUNDING_GUARD + f64::from(base - 1) * sum / highest) as u32)
}

fn digit(value: u32) -> char {
    DIGITS.get(value as usize).map_or('0', |&byte| char::from(byte))
}

/// A number below 36⁴ as four digits of base 36.
fn base_36(mut number: u32) -> String {
    let mut digits = ['0'; 4];
    for place in digits.iter_mut().rev() {
        *place = digit(number % 36);
        number /= 36;
    }
    digits.into_iter().collect()
}

/// The first 20 hexadecimal digits of the SHA-256 of `mz:intensity` pairs, m/z in millionths.
fn hash(scaled: &[Peak]) -> String {
    let mut pairs: Vec<(i64, i64)> = scaled
        .iter()
        .map(|peak| (((peak.mz + ROUNDING_GUARD) * 1e6) as i64, (peak.intensity + ROUNDING_GUARD) as i64))
        .collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut hasher = Sha256::new();
    for (index, (mz, intensity)) in pairs.into_iter().enumerate() {
        let separator = if index == 0 { "" } else { " " };
        hasher.update(format!("{separator}{mz}:{intensity}"));
    }
    hasher.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> PeakList {
        let pairs: Vec<(f64, f64)> = text
            .split_whitespace()
            .map(|pair| pair.split_once(':').unwrap())
            .map(|(mz, intensity)| (mz.parse().unwrap(), intensity.parse().unwrap()))
            .collect();
        let (mz, intensity) = pairs.into_iter().unzip();
        PeakList::try_new(mz, intensity).unwrap()
    }

    /// The example of the paper (caffeine), vectors of the consortium's validation set (version 1.6 of
    /// the reference programs), and MassBank record AC000001 with its `PK$SPLASH`.
    #[test]
    fn published_vectors_agree() {
        for (peaks, expected) in [
            ("138.0641:71.59 195.0815:261.7", "splash10-0002-0900000000-b112e4e059e1ecf98c5f"),
            (
                "100:134.432 100:6564.541 345:0.345 345:23.438 467:352.432 633:21.235 638:32.634",
                "splash10-0udi-0900000000-fb9e173a8bb4abe4a9be",
            ),
            (
                "339.3139:1000 337.2983:1000 601.5434:1000 960.6624:1000 619.554:1000",
                "splash10-0hg9-0009009004-86ecb0dd241f09054e43",
            ),
            (
                "45.0338:2836 56.0364:5100 60.0552:912 82.0524:3272 97.0398:476 98.0466:1364 111.0417:2168 \
                 128.0458:84720 130.0498:672 172.0722:24084",
                "splash10-004i-1900000000-659f2bbb83f8ef5a85d1",
            ),
            (
                "364:159 616:50 833:60 1384:62 1393:79 1507:166",
                "splash10-0bu0-0009041010-df718dc92166814458a6",
            ),
            ("54:2 62:26 547:145 728:10 1020:23 1303:171", "splash10-0udj-2009070000-d41692bc3d3216ed6a42"),
            (
                "133.0648:21905.33203125 151.0754:9239.8974609375 155.9743:10980.8896484375 \
                 161.0597:96508.4375 179.0703:72563.875",
                "splash10-03fr-0900000000-035ec76d23650a15673b",
            ),
        ] {
            assert_eq!(splash(&list(peaks)).as_deref(), Some(expected), "{peaks}");
        }
    }

    #[test]
    fn without_intensity_there_is_no_splash() {
        assert_eq!(splash(&PeakList::default()), None);
        assert_eq!(splash(&list("50:0 51:0")), None);
    }

    proptest::proptest! {
        #[test]
        fn any_list_has_a_splash_of_the_right_shape(
            peaks in proptest::collection::vec((1e-300_f64..1e300, 0.0_f64..1e300), 1..40),
        ) {
            let (mz, intensity) = peaks.into_iter().unzip();
            let list = PeakList::try_new(mz, intensity).unwrap();
            if let Some(text) = splash(&list) {
                let lengths: Vec<usize> = text.split('-').map(str::len).collect();
                proptest::prop_assert_eq!(lengths, vec![8, 4, 10, 20]);
            }
        }
    }

    /// These files hold MassBank's SPLASH beside peaks whose intensities were rounded to 999 on the
    /// way, so that only some have the whole hash; the block of the strongest peaks hardly depends on
    /// rounding.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn massbank_values_agree_where_the_intensities_are_the_published_ones() {
        let folder = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("nist");
        let (mut records, mut top, mut whole) = (0, 0, 0);
        for name in ["massbank_subset_ei_lr.msp", "massbank_subset_msms_hr.msp"] {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            for record in text.split("name: ").filter(|record| record.contains("splash: ")) {
                let published = record.split("splash: ").nth(1).unwrap().lines().next().unwrap().trim();
                let peaks = record.split("num peaks: ").nth(1).unwrap().lines().skip(1);
                let peaks: Vec<String> =
                    peaks.filter_map(|line| line.split_once(' ')).map(|(a, b)| format!("{a}:{b}")).collect();
                let computed = splash(&list(&peaks.join(" "))).unwrap();
                records += 1;
                whole += usize::from(computed == published);
                top += usize::from(computed[..13] == published[..13]);
            }
        }
        assert_eq!(records, 25);
        assert_eq!((top, whole), (25, 14));
    }
}
