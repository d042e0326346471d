//! What is written reads back.

use proptest::prelude::*;

use super::*;
use crate::format::test_support::{mass, peaks, strict};
use crate::format::{ReadOptions, read_bytes, read_jcamp_dx, read_msp};
use crate::spectrum::{Axis, AxisUnit, Curve, CurveAcquisition, CurveKind, InfraredTechnique, ValueUnit};

const FORMS: [JcampDxForm; 2] = [JcampDxForm::Plain, JcampDxForm::Compressed];

fn written(records: &[Record], form: JcampDxForm) -> (String, WriteReport) {
    let mut bytes = Vec::new();
    let report = write_jcamp_dx(records, &mut bytes, form).unwrap();
    (String::from_utf8(bytes).unwrap(), report)
}

/// Reads what was written, strictly: nothing of it may have to be repaired.
fn read_back(text: &str) -> Vec<Record> {
    let parsed = read_jcamp_dx(text.as_bytes(), &strict()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    parsed.records
}

fn record(name: &str, curve: Curve) -> Record {
    let mut record =
        crate::format::read_two_column(b"41 29\n", &ReadOptions::default()).unwrap().records.remove(0);
    record.name = name.to_owned();
    record.spectrum = Spectrum::Curve(curve);
    record
}

fn film(values: &[f64]) -> Record {
    let axis = Axis::uniform(4_000.0, 3_994.0, values.len()).unwrap();
    let curve = Curve::try_new(
        CurveKind::Spectrum,
        (axis, AxisUnit::Wavenumber),
        (values.to_vec(), ValueUnit::Absorbance),
    );
    record("film", curve.unwrap())
}

#[test]
fn a_block_by_hand() {
    let (text, report) = written(&[film(&[0.25, 0.5, 0.5, -0.01])], JcampDxForm::Plain);
    let expected = "##TITLE=film\n##JCAMP-DX=5.01\n##DATA TYPE=INFRARED SPECTRUM\n##DATA CLASS=XYDATA\n##ORIGIN=\n\
        ##OWNER=\n##XUNITS=1/CM\n##YUNITS=ABSORBANCE\n##MAXX=4000\n##MINX=3994\n##NPOINTS=4\n##FIRSTX=4000\n\
        ##LASTX=3994\n##DELTAX=-2\n##FIRSTY=0.25\n##MAXY=0.5\n##MINY=-0.01\n##XFACTOR=1\n##YFACTOR=0.01\n\
        ##XYDATA=(X++(Y..Y))\n4000.00 25 50 50 -1\n##END=\n";
    assert_eq!((text.as_str(), report.is_clean()), (expected, true));
    let (text, _) = written(&[film(&[0.25, 0.5, 0.5, -0.01])], JcampDxForm::Compressed);
    assert_eq!(text, expected.replace("4000.00 25 50 50 -1", "4000.00B5K5%n1\n3994.00a"));
}

#[test]
fn what_a_record_says_reads_back() {
    let mut full = film(&[0.25, 0.5]);
    full.name = "a $$ film".to_owned();
    full.identity.synonyms = vec!["one".to_owned(), "two".to_owned()];
    full.identity.cas_numbers = vec!["50-00-0".to_owned()];
    full.identity.formula = Some("CH2O".to_owned());
    full.identity.molecular_mass = Some(30.0);
    full.identity.inchikey = Some("WSFSSNUMVMOOMR-UHFFFAOYSA-N".to_owned());
    full.identity.smiles = Some("C=O".to_owned());
    full.provenance.contributor = Some("a laboratory\nin two lines".to_owned());
    full.provenance.comments = vec!["by hand".to_owned()];
    full.other_fields = vec![("OWNER".to_owned(), "nobody".to_owned()), ("NPT".to_owned(), "4".to_owned())];
    let acquisition = CurveAcquisition {
        technique: Some(InfraredTechnique::AttenuatedTotalReflection),
        resolution_cm1: Some(4.0),
        state: Some("solid".to_owned()),
        sampling: Some("diamond ATR".to_owned()),
        instrument: Some("VERTEX".to_owned()),
        measured: Some("2020-01-02 03:04".to_owned()),
        ..CurveAcquisition::default()
    };
    full.spectrum = Spectrum::Curve(full.spectrum.as_curve().unwrap().clone().acquisition(acquisition));
    let (text, report) = written(&[full.clone()], JcampDxForm::Plain);
    let back = read_back(&text).remove(0);
    assert_eq!((report.values_altered, report.values_omitted), (1, 0), "the name alone: {report:?}");
    assert_eq!(back.name, "a $ $ film");
    assert_eq!((&back.identity, &back.provenance), (&full.identity, &full.provenance));
    assert_eq!(back.spectrum, full.spectrum);
    let fields: Vec<(&str, &str)> =
        back.other_fields.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    assert_eq!(fields, [("OWNER", "nobody"), ("$NPT", "4"), ("DATA TYPE", "INFRARED SPECTRUM")]);
    // Written once more, nothing changes.
    assert_eq!(written(std::slice::from_ref(&back), JcampDxForm::Plain).0, text);
}

#[test]
fn what_has_no_place_is_counted() {
    let empty = Curve::try_new(
        CurveKind::Spectrum,
        (Axis::listed(vec![]).unwrap(), AxisUnit::Wavenumber),
        (vec![], ValueUnit::Absorbance),
    );
    let mut scanned = film(&[0.25, 0.5]);
    let acquisition = CurveAcquisition { scans: Some(32), ..CurveAcquisition::default() };
    scanned.spectrum = Spectrum::Curve(scanned.spectrum.as_curve().unwrap().clone().acquisition(acquisition));
    scanned.identity.exact_mass = Some(30.01);
    scanned.other_fields = vec![("a=b".to_owned(), "c".to_owned())];
    let (text, report) = written(&[record("empty", empty.unwrap()), scanned], JcampDxForm::Plain);
    assert_eq!(
        (report.records_written, report.records_omitted, report.values_omitted),
        (1, 1, 3),
        "{report:?}"
    );
    assert!(report.notices.iter().skip(1).all(|notice| notice.record == 2));
    assert_eq!(read_back(&text).len(), 1);
    assert!(text.contains("##DATA TYPE=LINK\n##BLOCKS=2\n"));
}

#[test]
fn mass_spectra_stand_as_lists_of_peaks() {
    let msp = "Name: a\nFormula: C2H6O\nMW: 46\nRetention_time: 90.5 s\nIonization: EI\nIon_mode: positive\n\
               Num Peaks: 3\n31 1000\n45.0335 512.25\n46 0.001\n\nName: b\nNum Peaks: 1\n41 29\n";
    let records = read_msp(msp.as_bytes(), &ReadOptions::default()).unwrap().records;
    let (text, report) = written(&records, JcampDxForm::Compressed);
    let back = read_back(&text);
    assert_eq!((report.records_written, back.len()), (2, 2));
    for (back, record) in back.iter().zip(&records) {
        assert_eq!(
            (peaks(back), &back.name, &back.identity),
            (peaks(record), &record.name, &record.identity)
        );
        let (back, record) = (&mass(back).acquisition, &mass(record).acquisition);
        assert_eq!((back.retention_time_s, &back.ionization), (record.retention_time_s, &record.ionization));
        assert_eq!((back.technique, back.polarity), (record.technique, record.polarity));
    }
}

#[test]
fn a_sink_that_fails_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = write_jcamp_dx(&[film(&[1.0, 2.0])], &mut Full, JcampDxForm::Plain).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Io);
}

/// Why a curve that was read back is not the one that was written, if it is not: x to the last bit, and y within half
/// of the factor that the text states.
fn difference(back: &Curve, curve: &Curve, factor: f64) -> Option<String> {
    if back.axis().points() != curve.axis().points() {
        return Some("x".to_owned());
    }
    if (back.kind(), back.axis_unit(), back.missing_points())
        != (curve.kind(), curve.axis_unit(), curve.missing_points())
    {
        return Some(format!("{:?} {:?}", back.kind(), back.axis_unit()));
    }
    let far = |(back, value): (&f64, &f64)| (back - value).abs() > 0.5 * factor * (1.0 + 1e-6);
    let point = back.values().iter().zip(curve.values()).position(far)?;
    Some(format!("point {point}: {} not {}", back.values()[point], curve.values()[point]))
}

/// The factor by which values may have been rounded: none where nothing was.
fn tolerance(text: &str, report: &WriteReport) -> f64 {
    if !report.notices.iter().any(|notice| notice.field == "YFACTOR") {
        return 0.0;
    }
    let factors = text.lines().filter_map(|line| line.strip_prefix("##YFACTOR="));
    factors.map(|factor| factor.parse::<f64>().unwrap()).fold(0.0, f64::max)
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let step = prop::sample::select(vec![1.0, 0.01, 1e-5, 0.123_456_7]);
    let integers = (prop::collection::vec(-3_000_000_i64..3_000_000, 1..300), step);
    let flat = (prop::collection::vec(0_i64..2, 1..40), 1_usize..40).prop_map(|(values, times)| {
        values.iter().flat_map(|&value| std::iter::repeat_n(value as f64, times)).collect::<Vec<f64>>()
    });
    prop_oneof![
        integers.prop_map(|(integers, step)| integers.iter().map(|&units| units as f64 * step).collect()),
        prop::collection::vec(-1e3_f64..1e3, 1..300),
        flat,
    ]
}

proptest! {
    #[test]
    fn curves_read_back(
        values in values(), first in -1e4_f64..1e4, step in prop_oneof![-4.0_f64..-1e-3, 1e-3_f64..4.0],
        listed: bool, missing in prop::collection::btree_set(0_usize..300, 0..9), unit in 0_usize..4,
    ) {
        let last = first + step * (values.len() as f64 - 1.0);
        let axis = Axis::uniform(first, last, values.len()).unwrap();
        let squares = || Axis::listed(axis.points().iter().map(|x| x * x).collect()).unwrap();
        let axis = if listed { squares() } else { axis };
        let missing = missing.into_iter().filter(|&point| point < values.len()).collect();
        let (kind, axis_unit, value_unit) = [
            (CurveKind::Spectrum, AxisUnit::Wavenumber, ValueUnit::Absorbance),
            (CurveKind::Interferogram, AxisUnit::RetardationCm, ValueUnit::Volt),
            (CurveKind::SingleBeam, AxisUnit::Micrometre, ValueUnit::Arbitrary),
            (CurveKind::Other, AxisUnit::Other("HZ".to_owned()), ValueUnit::Other("counts".to_owned())),
        ][unit].clone();
        let curve = Curve::try_new(kind, (axis, axis_unit), (values, value_unit)).unwrap();
        let record = record("x", curve.missing(missing).unwrap());
        for form in FORMS {
            let (text, report) = written(std::slice::from_ref(&record), form);
            let back = read_back(&text);
            let (back, curve) = (back[0].spectrum.as_curve().unwrap(), record.spectrum.as_curve().unwrap());
            prop_assert_eq!(difference(back, curve, tolerance(&text, &report)), None, "{}", text);
            prop_assert_eq!(back.value_unit(), curve.value_unit());
            prop_assert!(text.lines().all(|line| line.len() <= 80 || line.starts_with("##")));
        }
    }
}

/// Every curve of the data folder, from whatever format, in both forms.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn every_real_curve_reads_back() {
    let cases = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats/cases");
    let (mut curves, mut exact, mut wrong) = (0, 0, Vec::new());
    for path in std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        let is_raw = |path: &std::path::PathBuf| {
            !["expected.npz", "meta.json"].contains(&path.file_name().unwrap().to_str().unwrap())
        };
        let raw = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).find(is_raw).unwrap();
        let Ok(input) = read_bytes(&std::fs::read(&raw).unwrap(), "case", &ReadOptions::default()) else {
            continue;
        };
        for record in input.records.iter().filter(|record| record.spectrum.as_curve().is_some()) {
            let curve = record.spectrum.as_curve().unwrap();
            for form in FORMS {
                let (text, report) = written(std::slice::from_ref(record), form);
                let Ok(back) = read_jcamp_dx(text.as_bytes(), &ReadOptions::default()) else {
                    wrong.push(format!("{}: cannot be read", raw.display()));
                    continue;
                };
                let tolerance = tolerance(&text, &report);
                let back = back.records[0].spectrum.as_curve().unwrap();
                if let Some(why) = difference(back, curve, tolerance) {
                    wrong.push(format!("{} {:?}: {why}", raw.display(), curve.acquired().block));
                }
                exact += usize::from(tolerance == 0.0);
            }
            curves += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {curves} curves:\n{}", wrong.len(), wrong.join("\n"));
    assert!(curves > 200 && exact > curves, "{exact} of {} tables of {curves} curves are exact", 2 * curves);
}
