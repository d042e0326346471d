//! Real files of the data folder against the arrays that other readers decoded.
//!
//! Where readers disagree, or only one decodes a file, the bytes decide:
//!
//! | file | the question | the answer, and why |
//! | --- | --- | --- |
//! | `dupinc2.jdx`, `o05.jdx`, `o07.jdx`, `o10.jdx`, `BRUKDIF.DX` | differences: is the value that a line begins with a point or the check of the line before | the check, as the standard says: all of them agree with the value reached, and as many points are there as NPOINTS says; `o05.jdx` then equals the same spectrum in plain numbers, `o01.jdx` |
//! | `TEST32.DX`, `TESTFID.DX`, `TESTNTUP.DX`, `Bruker_specific_relax.jdx` | two readers fail | read: every check and every number of points agrees, nothing had to be repaired |
//! | `xyinc2.jdx` | 298 points announced, 350 tokens | the file is damaged: lines of another spectrum (`28B2407B2394` and the six after it) were copied over the middle. No reading is right; all numbers are read over the stated axis, and the number of points, and how many lines begin elsewhere, are told |
//! | `auto_IR.dx` | are peak assignments data | x and y of `(XYA)` are read as a list of peaks, which is no spectrum; the second list is empty and left out |
//! | `assigned.jdx` | which numbers of `(XYWA)` are a peak | the first two, as the form says; the other reader took four numbers for two pairs |
//! | `multivariable.jdx` | `(XYT..XYT)` of three variables | not read, by name: the other reader took the numbers of three columns for pairs |
//! | `cosyPPM.jdx` | a plane of 1,024 by 1,024 points | not read, by name: no curve |

use super::*;

/// Real files with the arrays that independent readers agreed on: NumPy's `.npz`, which `unpack` turns
/// into columns.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn real_mass_spectra_agree_with_other_readers() {
    let cases = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats/cases");
    let mut compared = 0;
    for (name, spectra) in
        [("mass_ACD.jdx", 1), ("ISAS_MS3.DX", 3), ("chrom.jdx", 1), ("pktab1.jdx", 1), ("blckpkt1.jdx", 6)]
    {
        let folder = cases.join(format!("jdx_{name}"));
        let parsed =
            read_jcamp_dx(&std::fs::read(folder.join(name)).unwrap(), &ReadOptions::default()).unwrap();
        assert_eq!(parsed.records.len(), spectra, "{name}");
        let columns = npz::unpack(&std::fs::read(folder.join("expected.npz")).unwrap());
        for (index, record) in parsed.records.iter().enumerate() {
            let mut expected: Vec<(f64, f64)> = columns[&format!("x{index}")]
                .iter()
                .copied()
                .zip(columns[&format!("y{index}")].iter().copied())
                .filter(|&(mz, _)| mz > 0.0)
                .collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert_eq!(peaks(record), expected, "{name} {index}");
            compared += 1;
        }
    }
    assert_eq!(compared, 12);
    // No curve may be taken for a mass spectrum, nor the other way round.
    let profile = std::fs::read(cases.join("jdx_ISAS_MS2.DX/ISAS_MS2.DX")).unwrap();
    let error = read_jcamp_dx(&profile, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

/// Whatever a file holds, agreed upon or not: its records are read, or its kind is named.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn every_real_file_is_read_or_named() {
    let cases = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats/cases");
    let mut files = 0;
    for folder in std::fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()) {
        if !folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("jdx_")) {
            continue;
        }
        match read_jcamp_dx(&std::fs::read(raw_file(&folder)).unwrap(), &ReadOptions::default()) {
            Ok(parsed) => assert!(!parsed.records.is_empty(), "{}", folder.display()),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{}: {error}", folder.display()),
        }
        files += 1;
    }
    assert!(files > 50, "{files}");
}

/// The instrument's file of a case, beside the expected arrays.
fn raw_file(folder: &std::path::Path) -> std::path::PathBuf {
    let is_raw = |path: &std::path::PathBuf| {
        path.extension().is_some_and(|extension| extension != "npz" && extension != "json")
    };
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(is_raw).unwrap()
}

/// What the files of the data folder are said to be, by name: `agreed`, `DISPUTED` or `single reader`.
fn statuses(formats: &std::path::Path) -> Vec<(String, String)> {
    let index = std::fs::read_to_string(formats.join("index.tsv")).unwrap();
    let rows = index.lines().filter(|line| line.starts_with("jdx_"));
    rows.map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| (row[0].to_owned(), row[5].to_owned()))
        .collect()
}

/// The factors of the ordinates of a file: the quanta of its values.
fn quantum(bytes: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(bytes);
    let factors = text.split("YFACTOR").skip(1).filter_map(|rest| {
        let value = rest.split(['\n', '\r']).next()?.split("$$").next()?;
        value.split('=').nth(1)?.trim().parse::<f64>().ok()
    });
    factors.fold(0.0, f64::max)
}

/// Files on which the other reader is wrong or takes for curves what is none.
const DECIDED: [&str; 4] = ["jdx_auto_IR.dx", "jdx_assigned.jdx", "jdx_multivariable.jdx", "jdx_cosyPPM.jdx"];

/// The curves that other readers decoded, point by point: each number within 1e-6 of itself, or one unit of the
/// file's own quantum.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn real_curves_agree() {
    let formats = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats");
    let (mut curves, mut wrong) = (0, Vec::new());
    for (name, _) in statuses(&formats).into_iter().filter(|(name, _)| !DECIDED.contains(&name.as_str())) {
        let folder = formats.join("cases").join(&name);
        let bytes = std::fs::read(raw_file(&folder)).unwrap();
        let parsed = match read_jcamp_dx(&bytes, &ReadOptions::default()) {
            Ok(parsed) => parsed,
            Err(error) if error.message().contains("profile (continuous) mass spectrum") => continue,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let columns = npz::unpack(&std::fs::read(folder.join("expected.npz")).unwrap());
        if columns.len() != 2 * parsed.records.len() {
            wrong.push(format!("{name}: {} records, not {}", parsed.records.len(), columns.len() / 2));
            continue;
        }
        let quantum = quantum(&bytes);
        for (number, record) in parsed.records.iter().enumerate() {
            let Some(curve) = record.spectrum.as_curve() else { continue };
            curves += 1;
            let (x, y) = (&columns[&format!("x{number}")], &columns[&format!("y{number}")]);
            let differ = differs(&curve.axis().points(), x, 0.0);
            if let Some(why) = differ.or_else(|| differs(curve.values(), y, quantum)) {
                wrong.push(format!("{name} {number}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{curves} curves compared; {} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(curves, 70);
}

/// Where two columns differ by more than 1e-6 of a number and more than a quantum, if they do.
fn differs(found: &[f64], expected: &[f64], quantum: f64) -> Option<String> {
    if found.len() != expected.len() {
        return Some(format!("{} points, not {}", found.len(), expected.len()));
    }
    let is_off = |(found, expected): (&f64, &f64)| {
        expected.is_finite() && (found - expected).abs() > f64::max(1e-6 * expected.abs(), quantum)
    };
    let point = found.iter().zip(expected).position(is_off)?;
    Some(format!("point {}: {} instead of {}", point + 1, found[point], expected[point]))
}

fn read_case(name: &str) -> Result<Parsed> {
    let formats = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats");
    let file = raw_file(&formats.join("cases").join(format!("jdx_{name}")));
    read_jcamp_dx(&std::fs::read(file).unwrap(), &ReadOptions::default())
}

/// What decides the files that readers disagree on: the table at the top.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn disputed_files_are_decided_by_their_bytes() {
    let values = |name: &str| -> Vec<Vec<f64>> {
        let parsed = read_case(name).unwrap();
        parsed.records.iter().map(|record| record.spectrum.as_curve().unwrap().values().to_vec()).collect()
    };
    for name in ["o05.jdx", "o07.jdx", "o10.jdx", "BRUKDIF.DX", "TEST32.DX", "TESTFID.DX", "TESTNTUP.DX"] {
        let report = read_case(name).unwrap().report;
        assert!(report.is_clean(), "{name}: {report:?}");
    }
    assert_eq!(values("o05.jdx"), values("o01.jdx"));
    let notices_of = |name: &str| -> Vec<String> {
        let notices = read_case(name).unwrap().report.notices;
        notices.iter().filter_map(|notice| notice.field.clone()).collect()
    };
    assert_eq!(notices_of("dupinc2.jdx"), ["YUNITS", "MINY"], "no check of a line fails");
    assert_eq!(notices_of("xyinc2.jdx")[..2], ["XYDATA", "NPOINTS"]);
    let assigned = read_case("assigned.jdx").unwrap();
    let curves: Vec<(Vec<f64>, &[f64])> = assigned
        .records
        .iter()
        .map(|record| record.spectrum.as_curve().unwrap())
        .map(|curve| (curve.axis().points(), curve.values()))
        .collect();
    let pair = (vec![1.0, 2.0], &[2.0, 3.0][..]);
    assert_eq!(curves, [pair.clone(), pair, (vec![1.0, 2.0, 3.0], &[2.0, 3.0, 4.0][..])]);
    let auto = read_case("auto_IR.dx").unwrap();
    assert_eq!((auto.records.len(), auto.report.records_skipped), (2, 1));
    let peaks = auto.records[1].spectrum.as_curve().unwrap();
    assert_eq!((peaks.kind(), peaks.values().len()), (CurveKind::Other, 40));
    for (name, kind) in [("multivariable.jdx", "TGA"), ("cosyPPM.jdx", "ND NMR SPECTRUM")] {
        let error = read_case(name).unwrap_err();
        assert!(error.kind() == ErrorKind::Unsupported && error.message().contains(kind), "{error}");
    }
}
