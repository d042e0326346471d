//! Real instrument files against the arrays that independent readers decoded.
//!
//! The arrays are compared as they stand, but for what the other readers do: those of SPC files have x ascending
//! and end after 40 pages; those of OPUS and SPA files are the spectrum alone, which need not be the first block; x of SPA files is rounded to three digits behind the point, and the retardation of an interferogram is in mm.
//!
//! Where readers disagree, the bytes decide:
//!
//! | file | the question | the answer, and why |
//! | --- | --- | --- |
//! | `NDR0002.SPC` | main exponent 2 or the subheader's 0 | the main one: the largest whole number is 2³⁰ exactly, which it makes 1.0, as a spectrum scaled to its maximum; one page, and its subheader is blank |
//! | `LC_DIODE_ARRAY.SPC`, page 40 | its own exponent 0 or the main one, −6 | its own: the largest absorbances of pages 39 to 41 are then 0.248, 0.251 and 0.227, as on the flank of a peak; the other reader takes 0 for none |
//! | `m_ordz.spc` | main exponent 5 or the pages' own 3 to 6 | their own: with them all whole numbers of all ten pages stay below a quarter of their range and use all 32 bits, as numbers with a common exponent for each page do; with one exponent for all, those of the pages would mean nothing |

use super::test_support::npz;
use super::{Format, ReadOptions, Record, read_bytes};
use crate::spectrum::{AxisUnit, Curve, CurveKind, ValueUnit};

/// A line of `ir/formats/index.tsv`.
struct Case {
    name: String,
    kind: String,
    pages: usize,
    status: String,
}

fn formats_folder() -> std::path::PathBuf {
    std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats")
}

fn cases() -> Vec<Case> {
    let index = std::fs::read_to_string(formats_folder().join("index.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let cases = rows.map(|row| Case {
        name: row[0].to_owned(),
        kind: row[1].to_owned(),
        pages: row[3].parse().unwrap(),
        status: row[5].to_owned(),
    });
    cases.filter(|case| ["spc", "spa", "opus", "sp", "asp"].contains(&case.kind.as_str())).collect()
}

/// The bytes of a case's file; its name is the case's without the kind, or with blanks in place of underscores.
fn raw(case: &Case) -> Vec<u8> {
    let folder = formats_folder().join("cases").join(&case.name);
    let is_raw = |path: &std::path::PathBuf| {
        !["expected.npz", "meta.json"].contains(&path.file_name().unwrap().to_str().unwrap())
    };
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(is_raw);
    std::fs::read(files.next().unwrap()).unwrap()
}

fn expected_format(kind: &str) -> Format {
    match kind {
        "spc" => Format::Spc,
        "spa" => Format::Spa,
        "opus" => Format::Opus,
        "sp" => Format::PerkinElmerSp,
        _ => Format::AgilentAsp,
    }
}

/// Why two columns differ, if they do.
fn difference(what: &str, got: &[f64], expected: &[f64], absolute: f64) -> Option<String> {
    if got.len() != expected.len() {
        return Some(format!("{what}: {} points, expected {}", got.len(), expected.len()));
    }
    let far = |&point: &usize| {
        let allowed = absolute + 1e-6 * expected[point].abs();
        (got[point] - expected[point]).abs().partial_cmp(&allowed) != Some(std::cmp::Ordering::Less)
            && got[point] != expected[point]
    };
    let point = (0..got.len()).find(far)?;
    Some(format!("{what} of point {}: {}, expected {}", point + 1, got[point], expected[point]))
}

/// Pages on which the other reader is wrong, and by which factor.
const DECIDED: &[(&str, usize, f64)] = &[("spc_LC_DIODE_ARRAY.SPC", 39, 64.0)];

fn compare(case: &Case, page: usize, curve: &Curve, (x, y): (&[f64], &[f64])) -> Option<String> {
    let (mut points, mut values) = (curve.axis().points(), curve.values().to_vec());
    let falls = |x: &[f64]| x.first() > x.last();
    if falls(&points) && !falls(x) {
        points.reverse();
        values.reverse();
    }
    let decided = DECIDED.iter().find(|(name, decided, _)| (*name, *decided) == (&case.name, page));
    let y: Vec<f64> = y.iter().map(|value| value * decided.map_or(1.0, |(_, _, factor)| *factor)).collect();
    let absolute = if case.kind == "spa" { 5.1e-4 } else { 0.0 };
    if curve.axis_unit() == &AxisUnit::RetardationCm {
        points.iter_mut().for_each(|point| *point *= 10.0);
    }
    difference("x", &points, x, absolute).or_else(|| difference("y", &values, &y, 0.0))
}

/// Whether a file keeps more than its spectrum.
fn is_of_blocks(case: &Case) -> bool {
    matches!(case.kind.as_str(), "spa" | "opus")
}

/// The spectrum of an OPUS or SPA file, as last processed, or the single beam or interferogram of one that has nothing
/// else.
fn main_curve(records: &[Record]) -> &Curve {
    let curves = || records.iter().map(|record| record.spectrum.as_curve().unwrap());
    let is_main = |curve: &&Curve| {
        let block = curve.acquired().block.as_deref().unwrap_or_default();
        curve.kind() == CurveKind::Spectrum && !block.ends_with("(original)")
    };
    let single_beam = || curves().find(|curve| curve.kind() == CurveKind::SingleBeam);
    curves().find(is_main).or_else(single_beam).or_else(|| curves().next()).unwrap()
}

/// Why a case fails, if it does.
fn failure(case: &Case) -> Option<String> {
    let bytes = raw(case);
    let input = match read_bytes(&bytes, "case", &ReadOptions::default()) {
        Ok(input) => input,
        Err(error) => return Some(error.to_string()),
    };
    if input.format != expected_format(&case.kind) {
        return Some(format!("taken for {}", input.format));
    }
    let alone = is_of_blocks(case);
    if input.records.len() != case.pages && !alone {
        return Some(format!("{} records, expected {}", input.records.len(), case.pages));
    }
    let path = formats_folder().join("cases").join(&case.name).join("expected.npz");
    let columns = npz::unpack(&std::fs::read(path).unwrap());
    assert!(columns.len() / 2 == case.pages.min(40), "{}", case.name);
    (0..columns.len() / 2).find_map(|page| {
        let curve = if is_of_blocks(case) {
            main_curve(&input.records)
        } else {
            input.records[page].spectrum.as_curve()?
        };
        compare(case, page, curve, (&columns[&format!("x{page}")], &columns[&format!("y{page}")]))
            .map(|why| format!("page {}: {why}", page + 1))
    })
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn real_files_agree_with_other_readers() {
    let cases = cases();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| failure(case).map(|why| format!("{} ({}): {why}", case.name, case.status)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let count = |kind: &str| cases.iter().filter(|case| case.kind == kind).count();
    assert_eq!((count("spc"), count("spa"), count("opus"), count("asp")), (23, 13, 8, 1));
}

/// What files state: curves, and of the first one (of OPUS and SPA files, the spectrum) its kind, units, resolution, scans and time. The numbers were found
/// by a script that reads the bytes at the places of the layout, and agree with what the files' own logs and
/// histories say, such as a history's `Resolution: 4.000`.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn real_files_keep_what_they_state() {
    use AxisUnit::{Nanometre, RamanShift, RetardationCm, Wavenumber};
    use CurveKind::{Interferogram, SingleBeam, Spectrum};
    use ValueUnit::{Absorbance, Arbitrary, KubelkaMunk, LogInverseReflectance, PercentReflectance};
    use ValueUnit::{PercentTransmittance, RamanIntensity, Reflectance, Volt};
    let other = |unit: &str| ValueUnit::Other(unit.to_owned());
    let expected = [
        ("spc_TOLUENE.SPC", 1, Spectrum, Wavenumber, Absorbance, Some(4.0), None, "1997-03-09 08:46"),
        (
            "spc_IG_SAMP.SPC",
            1,
            Interferogram,
            Wavenumber,
            other("interferogram"),
            Some(4.0),
            None,
            "1993-03-03 12:28",
        ),
        ("spc_nir.spc", 20, Spectrum, Nanometre, KubelkaMunk, None, Some(4), ""),
        ("spc_NDR0002.SPC", 1, Spectrum, RamanShift, RamanIntensity, None, None, "2014-12-12 04:23"),
        ("spc_HENE25.SPC", 1, Spectrum, Wavenumber, Arbitrary, None, None, "2014-07-10 13:58"),
        (
            "spa_interfero.SPA",
            1,
            Interferogram,
            RetardationCm,
            Volt,
            Some(4.0),
            Some(32),
            "2020-11-25 11:13:56 UTC",
        ),
        (
            "spa_2-BaSO4_0.SPA",
            3,
            Spectrum,
            Wavenumber,
            Absorbance,
            Some(4.0),
            Some(32),
            "2020-11-12 09:26:02 UTC",
        ),
        (
            "spa_advatrcor.SPA",
            1,
            Spectrum,
            Wavenumber,
            LogInverseReflectance,
            None,
            Some(128),
            "2002-11-06 18:03:04 UTC",
        ),
        (
            "spa_PAR1628-SE.SPA",
            1,
            Spectrum,
            Wavenumber,
            PercentTransmittance,
            Some(2.0),
            Some(64),
            "2026-03-25 09:07:35 UTC",
        ),
        (
            "spa_Acetominophen_Caffeine_Acetylsalicylic_acid.SPA",
            3,
            Spectrum,
            Wavenumber,
            PercentReflectance,
            Some(4.0),
            Some(64),
            "2007-05-09 19:02:38 UTC",
        ),
        (
            "opus_file.0",
            6,
            Spectrum,
            Wavenumber,
            Absorbance,
            Some(4.0),
            Some(50),
            "03/05/2019 13:34:44.641 (GMT-4)",
        ),
        (
            "opus_background.0",
            2,
            SingleBeam,
            Wavenumber,
            Arbitrary,
            Some(4.0),
            Some(32),
            "06/02/2020 13:01:55.349 (GMT+1)",
        ),
        (
            "opus_test_spectra.0",
            3,
            Spectrum,
            Wavenumber,
            Reflectance,
            Some(4.0),
            Some(64),
            "11/05/2020 09:09:55.555 (GMT+12)",
        ),
        ("asp_ftir_ldpe_soil.asp", 1, Spectrum, Wavenumber, Absorbance, None, None, ""),
    ];
    let cases = cases();
    for (name, count, kind, axis_unit, value_unit, resolution, scans, measured) in expected {
        let case = cases.iter().find(|case| case.name == name).unwrap();
        let input = read_bytes(&raw(case), "case", &ReadOptions::default()).unwrap();
        assert!(input.report.is_clean(), "{name}: {:?}", input.report);
        let first = input.records[0].spectrum.as_curve().unwrap();
        let curve = if is_of_blocks(case) { main_curve(&input.records) } else { first };
        let acquired = curve.acquired();
        assert_eq!((input.records.len(), curve.kind()), (count, kind), "{name}");
        assert_eq!((curve.axis_unit(), curve.value_unit()), (&axis_unit, &value_unit), "{name}");
        assert_eq!((acquired.resolution_cm1, acquired.scans), (resolution, scans), "{name}");
        assert_eq!(acquired.measured.as_deref().unwrap_or_default(), measured, "{name}");
    }
}

/// A file cut anywhere, or with a byte changed, is an error or a report.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn damaged_real_files_are_errors_or_reports() {
    for case in cases().into_iter().filter(|case| case.kind != "asp") {
        let bytes = raw(&case);
        let ends = (0..bytes.len().min(16 << 10)).step_by(17).chain([bytes.len() - 1]);
        for end in ends {
            let _ = read_bytes(&bytes[..end], "case", &ReadOptions::default());
        }
        let mut damaged = bytes.clone();
        for place in (0..bytes.len().min(2_048)).step_by(3) {
            damaged[place] ^= 0xff;
            if let Ok(input) = read_bytes(&damaged, "case", &ReadOptions::default()) {
                let values =
                    |record: &Record| record.spectrum.as_curve().map_or(0, |curve| curve.values().len());
                assert!(input.records.iter().map(values).sum::<usize>() <= bytes.len());
            }
            damaged[place] ^= 0xff;
        }
    }
}
