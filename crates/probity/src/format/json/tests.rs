use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::format::test_support::{mass, never_panics, peaks, strict, survives_damage, tolerant};
use crate::spectrum::{PeakList, Polarity, Technique};

/// Any finite number, among them the smallest, the largest and minus zero.
fn number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |number| number.is_finite())
}

fn acquisition() -> impl Strategy<Value = Acquisition> {
    (
        (option::of(any::<u8>()), option::of(any::<bool>()), option::of(any::<i32>())),
        (option::of(".*"), option::of(".*"), option::of(".*"), option::of(".*")),
        (option::of(number()), option::of(number()), option::of((number(), number()))),
        option::of(prop_oneof![Just(Technique::ElectronIonization), Just(Technique::InSourceCid)]),
    )
        .prop_map(|((ms_level, positive, charge), texts, numbers, technique)| Acquisition {
            technique,
            ms_level,
            polarity: positive.map(|yes| if yes { Polarity::Positive } else { Polarity::Negative }),
            precursor_mz: numbers.0,
            precursor_type: texts.0,
            charge,
            collision_energy: texts.1,
            fragmentation_mode: None,
            ionization: texts.2,
            instrument: texts.3,
            instrument_type: None,
            retention_time_s: numbers.1,
            retention_index: None,
            scan_range_mz: numbers.2,
        })
}

fn record() -> impl Strategy<Value = Record> {
    let peak = (1e-300_f64..1e300, 0.0_f64..1e300, option::weighted(0.2, ".*"));
    (
        (".*", proptest::collection::vec(".*", 0..3), option::of(".*"), option::of(number())),
        (proptest::collection::vec(peak, 0..12), acquisition()),
        (option::of(".*"), proptest::collection::vec(".*", 0..3)),
        proptest::collection::vec((".*", ".*"), 0..3),
    )
        .prop_map(
            |((name, synonyms, formula, exact_mass), (mut list, acquisition), texts, other_fields)| {
                list.sort_by(|a, b| a.0.total_cmp(&b.0));
                let annotations = list
                    .iter()
                    .enumerate()
                    .filter_map(|(index, (.., text))| Some((index, text.clone()?)))
                    .collect();
                let (mz, intensity) = list.into_iter().map(|(mz, intensity, _)| (mz, intensity)).unzip();
                let peaks = PeakList::try_new(mz, intensity).unwrap();
                Record {
                    name,
                    identity: Identity { synonyms, formula, exact_mass, ..Identity::default() },
                    form: Form { derivative: texts.0.clone() },
                    spectrum: Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition }),
                    provenance: Provenance { splash: texts.0, comments: texts.1, ..Provenance::default() },
                    other_fields,
                    place: RecordPlace::default(),
                }
            },
        )
}

fn bits(record: &Record) -> Vec<(u64, u64)> {
    peaks(record).into_iter().map(|(mz, intensity)| (mz.to_bits(), intensity.to_bits())).collect()
}

proptest! {
    #[test]
    fn written_records_read_back_equal(records in proptest::collection::vec(record(), 0..4)) {
        let mut sink = Vec::new();
        prop_assert!(write_json(&records, &mut sink).unwrap().is_clean());
        let mut parsed = read_json(&sink, &strict()).unwrap();
        for (number, record) in (1..).zip(&mut parsed.records) {
            prop_assert_eq!(record.place, RecordPlace { record: number, line: 0 });
            record.place = RecordPlace::default();
        }
        prop_assert_eq!(&parsed.records, &records);
        for (read, written) in parsed.records.iter().zip(&records) {
            prop_assert_eq!(bits(read), bits(written));
        }
        let mut again = Vec::new();
        write_json(&parsed.records, &mut again).unwrap();
        prop_assert_eq!(again, sink);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        never_panics(read_json, &bytes);
    }
}

const SMALL: &str = r#"[
{"kind":"mass_spectrum","name":"x","mz":[51.0,50.0,60.0],"intensity":[1.0,2.0,3.0],
 "annotations":[{"peak":0,"text":"first"}],"acquisition":{"polarity":"negative"}}]"#;

#[test]
fn the_form_is_as_documented() {
    let parsed = tolerant(read_json, &SMALL.replace("51.0,50.0", "50.0,51.0"));
    let mut sink = Vec::new();
    write_json(&parsed.records, &mut sink).unwrap();
    let expected = concat!(
        "[",
        "\n",
        r#"{"kind":"mass_spectrum","name":"x","mz":[50.0,51.0,60.0],"intensity":[1.0,2.0,3.0],"#,
        r#""units":{"mz":"m/z","intensity":"arbitrary","retention_time_s":"s","mass":"Da"},"#,
        r#""annotations":[{"peak":0,"text":"first"}],"acquisition":{"polarity":"negative"},"#,
        r#""identity":{},"form":{},"provenance":{}}"#,
        "\n]\n",
    );
    assert_eq!(String::from_utf8(sink).unwrap(), expected);
    assert!(looks_like(SMALL) && !looks_like("[{}]"));
}

#[test]
fn peaks_out_of_order_keep_their_annotation_and_impossible_ones_are_skipped() {
    let parsed = tolerant(read_json, SMALL);
    assert_eq!(peaks(&parsed.records[0]), [(50.0, 2.0), (51.0, 1.0), (60.0, 3.0)]);
    assert_eq!(mass(&parsed.records[0]).annotations, [(1, "first".to_owned())].into());
    assert_eq!(parsed.report.repaired, 1);
    assert!(read_json(SMALL.as_bytes(), &strict()).is_err());
    let parsed = tolerant(read_json, &SMALL.replace("60.0", "-60.0"));
    assert_eq!((parsed.report.skipped, peaks(&parsed.records[0]).len()), (1, 2));
    let parsed = tolerant(read_json, &SMALL.replace("\"peak\":0", "\"peak\":3"));
    assert_eq!((parsed.report.ignored, mass(&parsed.records[0]).annotations.len()), (1, 0));
}

#[test]
fn what_cannot_be_read_is_named_by_its_kind() {
    for (from, to, kind) in [
        ("[51.0,", "[51.0,52.0,", ErrorKind::Malformed),
        ("51.0", "1e999", ErrorKind::Malformed),
        ("51.0", "null", ErrorKind::Malformed),
        ("\"name\"", "\"title\"", ErrorKind::Malformed),
        ("\"acquisition\"", "\"acquired\"", ErrorKind::Malformed),
        ("mass_spectrum", "infrared_spectrum", ErrorKind::Unsupported),
    ] {
        let text = SMALL.replacen(from, to, 1);
        let error = read_json(text.as_bytes(), &ReadOptions::default()).unwrap_err();
        assert_eq!(error.kind(), kind, "{to}: {error}");
    }
    let units = r#""units":{"mz":"cm-1","intensity":"arbitrary","retention_time_s":"s","mass":"Da"},"name""#;
    let text = SMALL.replace("\"name\"", units);
    assert_eq!(
        read_json(text.as_bytes(), &ReadOptions::default()).unwrap_err().kind(),
        ErrorKind::Unsupported
    );
}

#[test]
fn numbers_that_are_not_finite_are_left_out_and_counted() {
    let mut record = tolerant(read_json, SMALL).records.remove(0);
    record.identity.exact_mass = Some(f64::NAN);
    let mut sink = Vec::new();
    let report = write_json(&[record], &mut sink).unwrap();
    assert_eq!((report.values_omitted, report.notices[0].field.as_str()), (1, "exact_mass"));
    assert_eq!(read_json(&sink, &strict()).unwrap().records[0].identity.exact_mass, None);
}

#[test]
fn damaged_files_and_limits() {
    survives_damage(read_json, SMALL.as_bytes());
    let mut options = ReadOptions::default();
    options.limits.peaks = 2;
    assert_eq!(read_json(SMALL.as_bytes(), &options).unwrap_err().kind(), ErrorKind::LimitReached);
    let mut options = ReadOptions::default();
    options.limits.records = 0;
    assert_eq!(read_json(SMALL.as_bytes(), &options).unwrap_err().kind(), ErrorKind::LimitReached);
}
