//! What is written reads back as it was, in all fields that the format can carry.

use proptest::option;
use proptest::prelude::*;

use super::super::*;
use crate::format::field_value::technique;
use crate::format::test_support::{mass, strict, tolerant};
use crate::format::{Provenance, RecordPlace, splash};
use crate::spectrum::{Acquisition, MassSpectrum, PeakList, Polarity, Spectrum};
use crate::substance::{Form, Identity};

/// Text that a line can hold: no outer blanks, and not a word for "absent".
fn text() -> impl Strategy<Value = String> {
    "[A-Za-z0-9(\u{e9}\u{3b2}][ -~\u{e9}]{0,12}[a-z0-9);]".prop_filter("says something", |text| {
        crate::format::field_value::stated(text).is_some() && derivative::in_title(text).is_none()
    })
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![1e-3_f64..2e3, (1_u32..3_000).prop_map(f64::from), 1e-9_f64..1e12]
}

fn identity() -> impl Strategy<Value = Identity> {
    (
        proptest::collection::vec(text(), 0..3),
        (option::of(text()), option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        proptest::collection::vec("[0-9]{2,7}-[0-9]{2}-[0-9]", 0..3),
        option::of(number()),
    )
        .prop_map(|(synonyms, (formula, inchikey, inchi, smiles, class), cas_numbers, exact_mass)| {
            Identity {
                synonyms,
                formula,
                inchikey,
                inchi,
                smiles,
                cas_numbers,
                molecular_mass: None,
                exact_mass,
                class,
            }
        })
}

fn acquisition() -> impl Strategy<Value = Acquisition> {
    (
        (option::of(1_u8..9), option::of(any::<bool>()), option::of(number()), option::of(text())),
        (option::of(text()), option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        (option::of(number()), option::of(number()), option::of((number(), number()))),
    )
        .prop_map(|((ms_level, positive, precursor_mz, precursor_type), texts, numbers)| {
            let (collision_energy, fragmentation_mode, ionization, instrument, instrument_type) = texts;
            let (retention_time_s, retention_index, range) = numbers;
            Acquisition {
                technique: technique(ms_level, instrument_type.as_deref(), ionization.as_deref()),
                ms_level,
                polarity: positive.map(|yes| if yes { Polarity::Positive } else { Polarity::Negative }),
                precursor_mz,
                precursor_type,
                charge: None,
                collision_energy,
                fragmentation_mode,
                ionization,
                instrument,
                instrument_type,
                retention_time_s,
                retention_index,
                scan_range_mz: range.map(|(a, b)| (a.min(b), a.max(b))),
            }
        })
}

/// Peaks of different m/z, some annotated.
fn spectrum() -> impl Strategy<Value = MassSpectrum> {
    let peak = (1_u32..2_000_000, prop_oneof![Just(0.0), number()], option::weighted(0.2, text()));
    (proptest::collection::btree_map(1_u32..2_000_000, peak, 0..20), acquisition()).prop_map(
        |(peaks, acquisition)| {
            let mz = peaks.keys().map(|&mz| f64::from(mz) / 1_000.0).collect();
            let intensity = peaks.values().map(|&(_, intensity, _)| intensity).collect();
            let annotations = peaks
                .into_values()
                .enumerate()
                .filter_map(|(index, (_, _, text))| Some((index, text?)))
                .collect();
            MassSpectrum { peaks: PeakList::try_new(mz, intensity).unwrap(), annotations, acquisition }
        },
    )
}

/// Other fields in the order in which the format has them.
fn other_fields() -> impl Strategy<Value = Vec<(String, String)>> {
    const KEYS: [&str; 12] = [
        "RECORD_TITLE",
        "DATE",
        "COPYRIGHT",
        "PROJECT",
        "CH$LINK: PUBCHEM",
        "SP$SAMPLE",
        "AC$MASS_SPECTROMETRY: RESOLUTION",
        "AC$CHROMATOGRAPHY: SOLVENT",
        "AC$GENERAL: CONCENTRATION",
        "MS$FOCUSED_ION: BASE_PEAK",
        "MS$DATA_PROCESSING: WHOLE",
        "PK$ANNOTATION",
    ];
    let fields: Vec<_> =
        KEYS.iter().map(|&key| option::weighted(0.4, text()).prop_map(move |t| (key, t))).collect();
    fields.prop_map(|fields| {
        fields.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?))).collect()
    })
}

fn record() -> impl Strategy<Value = Record> {
    (
        text(),
        identity(),
        option::weighted(0.3, prop_oneof![Just("2 TMS".to_owned()), Just("TFA".to_owned()), text()]),
        spectrum(),
        (option::of(text()), option::of(text()), proptest::collection::vec(text(), 0..3)),
        ("(MSBNK-)?[A-Z]{1,5}[0-9]{1,6}", other_fields()),
    )
        .prop_map(|(name, identity, derivative, spectrum, provenance, (accession, other_fields))| {
            let (contributor, licence, comments) = provenance;
            let source = accession.starts_with("MSBNK-").then(|| "MassBank".to_owned());
            let splash = splash(&spectrum.peaks);
            Record {
                name,
                identity,
                form: Form { derivative },
                spectrum: Spectrum::Mass(spectrum),
                provenance: Provenance {
                    accession: Some(accession),
                    source,
                    contributor,
                    licence,
                    splash,
                    comments,
                    ..Provenance::default()
                },
                other_fields,
                place: RecordPlace::default(),
            }
        })
}

proptest! {
    #[test]
    fn written_records_read_back_equal(records in proptest::collection::vec(record(), 1..4)) {
        let mut sink = Vec::new();
        let report = write_massbank(&records, &mut sink, &MassBankWriteOptions::default()).unwrap();
        prop_assert!(report.is_clean(), "{:?}", report);
        prop_assert_eq!(report.records_written, records.len() as u64);
        let mut parsed = read_massbank(&sink, &strict()).unwrap();
        for record in &mut parsed.records {
            record.place = RecordPlace::default();
        }
        prop_assert_eq!(parsed.records, records);
    }
}

#[test]
fn a_read_record_is_written_and_read_again_without_change() {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/formats/massbank/product_ions.txt"
    ));
    let mut first = tolerant(read_massbank, text).records;
    let mut sink = Vec::new();
    let report = write_massbank(&first, &mut sink, &MassBankWriteOptions::default()).unwrap();
    // The fixture's SPLASH is invented and is replaced by that of the peaks.
    assert_eq!((report.values_altered, report.values_omitted), (1, 0));
    let second = tolerant(read_massbank, std::str::from_utf8(&sink).unwrap()).records;
    first[0].provenance.splash = splash(&mass(&first[0]).peaks);
    assert_eq!(
        first,
        second
            .into_iter()
            .map(|mut r| {
                r.place = first[0].place;
                r
            })
            .collect::<Vec<_>>()
    );
}

#[test]
fn relative_intensities_are_rounded_to_999_and_required_values_are_there() {
    let record = Record {
        name: "x\ny".to_owned(),
        identity: Identity { molecular_mass: Some(100.0), ..Identity::default() },
        form: Form::default(),
        spectrum: Spectrum::Mass(MassSpectrum {
            peaks: PeakList::try_new(vec![50.0, 51.5, 52.0], vec![0.0, 8.0, 1.0]).unwrap(),
            ..MassSpectrum::default()
        }),
        provenance: Provenance::default(),
        other_fields: vec![("SCANS".to_owned(), "7".to_owned())],
        place: RecordPlace::default(),
    };
    let options = MassBankWriteOptions::default();
    let error = write_massbank(std::slice::from_ref(&record), &mut Vec::new(), &options).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::InvalidOption);
    assert_eq!(error.location().record, Some(1));
    let bad = options.clone().accession_prefix("a b");
    assert!(write_massbank(&[], &mut Vec::new(), &bad).is_err());

    let mut sink = Vec::new();
    let report = write_massbank(&[record], &mut sink, &options.accession_prefix("MSBNK-Lab-Q")).unwrap();
    // 999 · 1/8 + ½ = 125.375, cut to 125.
    let text = String::from_utf8(sink).unwrap();
    let expected = "ACCESSION: MSBNK-Lab-Q000001\nRECORD_TITLE: x y\nDATE: N/A\nAUTHORS: N/A\nLICENSE: N/A\n\
        COMMENT: SCANS: 7\nCH$NAME: x y\nCH$COMPOUND_CLASS: N/A\nCH$FORMULA: N/A\nCH$EXACT_MASS: N/A\n\
        CH$SMILES: N/A\nCH$IUPAC: N/A\nAC$INSTRUMENT: N/A\nAC$INSTRUMENT_TYPE: N/A\n\
        AC$MASS_SPECTROMETRY: MS_TYPE N/A\nAC$MASS_SPECTROMETRY: ION_MODE N/A\n";
    assert_eq!(text.split_at(expected.len()).0, expected);
    assert!(
        text.ends_with(
            "PK$NUM_PEAK: 3\nPK$PEAK: m/z int. rel.int.\n  50 0 0\n  51.5 8 999\n  52 1 125\n//\n"
        )
    );
    // The title and the name lost a line end, SCANS became a comment; the molecular mass has no place.
    assert_eq!((report.values_altered, report.values_omitted), (3, 1));
}
