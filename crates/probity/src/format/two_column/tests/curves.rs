//! Curves in two columns: what tells them, their units, and that what is written reads back.

use super::*;
use crate::format::test_support::{notices, npz, strict};
use crate::spectrum::{Axis, AxisUnit, Curve, CurveKind, ValueUnit};

fn curve(parsed: &Parsed) -> &Curve {
    parsed.records[0].spectrum.as_curve().unwrap()
}

#[test]
fn a_header_that_names_units_says_a_curve() {
    for text in [
        "cm-1,A\n4000,0.25\n3998,-1e-003\n",
        "\u{feff}Created as New Dataset,CYN-1, Fe2S2(CO)6\ncm-1,A\n4000.00,0.25\n3998.00,-0.001\n",
        "Wavenumber (cm-1)\tAbsorbance\r\n4.000000e+003\t2.5e-001\r\n3.998000e+003\t-1.000000e-003\r\n",
        "wavenumber absorbance\n4000 0.25\n3998 -0.001",
        "# by hand\n\"1/cm\";\"Absorbance\"\n4000;0.25\n3998;-0.001\n",
    ] {
        assert!(looks_like(text), "{text}");
        let parsed = read_two_column(text.as_bytes(), &strict()).unwrap();
        let read = curve(&parsed);
        assert_eq!((read.axis().points(), read.values()), (vec![4_000.0, 3_998.0], &[0.25, -0.001][..]));
        assert_eq!((read.axis_unit(), read.value_unit()), (&AxisUnit::Wavenumber, &ValueUnit::Absorbance));
        survives_damage(read_two_column, text.as_bytes());
    }
    let titled = read("A title, of a sheet\ncm-1,A\n1,2\n3,4\n").unwrap();
    assert_eq!(titled.records[0].provenance.comments, ["A title, of a sheet"]);
    assert_eq!(titled.records[0].other_fields, [("header".to_owned(), "cm-1,A".to_owned())]);
    assert_eq!((titled.records[0].place.line, titled.report.records_read), (1, 1));
}

#[test]
fn decimal_commas_and_per_cent_are_told() {
    let parsed = read("Wavenumber (cm-1);Transmittance\n4000,5;98,25\n3998,5;NaN\n").unwrap();
    assert_eq!(curve(&parsed).axis().points(), [4_000.5, 3_998.5]);
    assert_eq!((curve(&parsed).values(), curve(&parsed).missing_points()), (&[98.25, 0.0][..], &[1][..]));
    assert_eq!(curve(&parsed).value_unit(), &ValueUnit::PercentTransmittance);
    assert_eq!(
        notices(&parsed),
        [
            (Some(1), Some(2), "the commas were read as decimal signs"),
            (Some(1), Some(2), "values above 2 count per cent, though \"Transmittance\" does not say so"),
            (Some(1), Some(3), "1 values are NaN, the first of them here; they count as missing"),
        ]
    );
    assert_eq!(read("cm-1,A\nNaN,1\n").unwrap_err().location().line, Some(2));
}

fn column(first: f64, step: f64, count: u32) -> String {
    (0..count).map(|index| format!("{},{}\n", first + step * f64::from(index), 0.01)).collect()
}

#[test]
fn without_a_header_wavenumbers_are_assumed_and_said() {
    let text: String = (0..1_000)
        .map(|index| {
            format!("{},{}\n", 4_000.0 - 2.5 * f64::from(index), if index % 50 == 0 { 1.0 } else { 0.01 })
        })
        .collect();
    let parsed = read(&text).unwrap();
    assert_eq!(curve(&parsed).axis().points()[1], 3_997.5);
    assert_eq!(
        (curve(&parsed).axis_unit(), curve(&parsed).value_unit()),
        (&AxisUnit::Wavenumber, &ValueUnit::Absorbance)
    );
    let told: Vec<Option<&str>> =
        parsed.report.notices.iter().map(|notice| notice.field.as_deref()).collect();
    assert_eq!(told, [Some("x"), Some("y")]);
    assert!(read_two_column(text.as_bytes(), &strict()).is_err());
}

#[test]
fn other_columns_at_equal_distances_want_a_header() {
    for text in [
        column(400.0, 1.929, 200),
        "x,y\n".to_owned() + &column(4_000.0, -2.0, 1_000),
        "m/z,i\n".to_owned() + &column(50.0, 0.1, 4_000),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains("cm-1,absorbance"), "{error}");
    }
    // At unit mass every mass may be listed.
    assert!(read(&column(40.0, 1.0, 500)).unwrap().records[0].spectrum.as_mass().is_some());
    let headed = "cm-1,A\n".to_owned() + &column(400.0, 1.929, 200);
    assert!(read(&headed).unwrap().report.is_clean());
}

#[test]
fn several_curves_stand_in_one_text() {
    let text = "# a sheet\n# curve: first\ncm-1,A\n2,0.5\n1,0.25\n\n# curve: second\n# dried\n\"x, of a kind\",counts\n7,8\n# curve\nHZ,A\n1,2\n";
    let parsed = read_two_column(text.as_bytes(), &strict()).unwrap();
    let names: Vec<&str> = parsed.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["first", "second", ""]);
    assert_eq!(parsed.records[0].provenance.comments, ["a sheet"]);
    let second = parsed.records[1].spectrum.as_curve().unwrap();
    assert_eq!(second.axis_unit(), &AxisUnit::Other("x, of a kind".to_owned()));
    assert_eq!((parsed.records[1].place.record, parsed.records[1].place.line), (2, 7));
    for (text, line) in
        [("# curve: a\ncm-1,A\n# curve: b\ncm-1,A\n1,2\n", None), ("# curve: a\ncm-1,A\n1,2\nx,y\n", Some(4))]
    {
        assert_eq!(read(text).unwrap_err().location().line, line);
    }
    survives_damage(read_two_column, text.as_bytes());
}

#[test]
fn fixtures_of_curves() {
    let curves = include_bytes!("../../../../../../fixtures/formats/two_column/curves.csv");
    let parsed = read_two_column(curves, &ReadOptions::default()).unwrap();
    assert_eq!((parsed.records.len(), parsed.report.skipped), (2, 1));
    assert_eq!(
        (curve(&parsed).values(), curve(&parsed).missing_points()),
        (&[0.25, 0.0, -0.001][..], &[1][..])
    );
    let titled = include_bytes!("../../../../../../fixtures/formats/two_column/titled.csv");
    let parsed = read_two_column(titled, &ReadOptions::default()).unwrap();
    assert_eq!(curve(&parsed).axis().points(), [4_000.5, 3_998.5]);
    assert_eq!(parsed.records[0].provenance.comments, ["Created by hand, film 7"]);
    for bytes in [&curves[..], titled] {
        survives_damage(read_two_column, bytes);
    }
}

fn written(records: &[Record]) -> (String, crate::format::WriteReport) {
    let mut bytes = Vec::new();
    let report = write_curve_csv(records, &mut bytes).unwrap();
    (String::from_utf8(bytes).unwrap(), report)
}

fn record(name: &str, curve: Curve) -> Record {
    let mut record = read("cm-1,A\n1,2\n").unwrap().records.remove(0);
    record.other_fields.clear();
    Record { name: name.to_owned(), spectrum: Spectrum::Curve(curve), ..record }
}

#[test]
fn what_has_no_place_in_the_table_is_counted() {
    let axis = || Axis::listed(vec![]).unwrap();
    let empty =
        Curve::try_new(CurveKind::Spectrum, (axis(), AxisUnit::Wavenumber), (vec![], ValueUnit::Absorbance));
    let mut records = read("41 29\n").unwrap().records;
    records.push(record("empty", empty.unwrap()));
    records.extend(read("cm-1,A\n1,2\n").unwrap().records);
    let (text, report) = written(&records);
    assert_eq!(text, "# curve: \nwavenumber (cm-1),absorbance\n1,2\n\n");
    assert_eq!((report.records_written, report.records_omitted, report.values_omitted), (1, 2, 1));
    assert_eq!((report.notices[2].record, report.notices[2].field.as_str()), (3, "other_fields"));
    let spelled = AxisUnit::Other("carbon, wavenumber".to_owned());
    let odd = Curve::try_new(
        CurveKind::Phase,
        (Axis::listed(vec![1.0]).unwrap(), spelled),
        (vec![2.0], ValueUnit::Volt),
    );
    let (text, report) = written(&[record("a\nb", odd.unwrap())]);
    assert_eq!(text, "# curve: a b\n\"carbon, wavenumber\",volt\n1,2\n\n");
    assert_eq!((report.values_altered, report.values_omitted), (2, 1));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        curves in prop::collection::vec(
            (prop::collection::vec(-1e9_f64..1e9, 1..40), -1e4_f64..1e4, 1e-3_f64..10.0, any::<bool>()), 1..4),
        unit in 0_usize..3,
    ) {
        let axis_units = [AxisUnit::Wavenumber, AxisUnit::Micrometre, AxisUnit::Other("HZ".to_owned())];
        let value_units = [ValueUnit::Absorbance, ValueUnit::KubelkaMunk, ValueUnit::Other("counts; net".to_owned())];
        let records: Vec<Record> = curves.into_iter().enumerate().map(|(number, (values, first, step, even))| {
            let last = first + step * values.len() as f64;
            let even_points = Axis::uniform(first, last, values.len()).unwrap().points();
            let points = if even { even_points } else { even_points.iter().map(|x| x * x).collect() };
            let missing = if values.len() > 3 { vec![1, 2] } else { vec![] };
            let curve = Curve::try_new(
                CurveKind::Spectrum,
                (Axis::of_points(points).unwrap(), axis_units[unit].clone()),
                (values, value_units[unit].clone()),
            ).unwrap().missing(missing).unwrap();
            record(&format!("curve {number}"), curve)
        }).collect();
        let (text, report) = written(&records);
        prop_assert!(report.is_clean());
        let back = read(&text).unwrap();
        prop_assert_eq!(back.records.len(), records.len());
        for (back, record) in back.records.iter().zip(&records) {
            prop_assert_eq!(back.spectrum.as_curve(), record.spectrum.as_curve());
            prop_assert_eq!(&back.name, &record.name);
        }
    }
}

/// Real exports with and without a header, in the order of the file.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn real_columns_agree() {
    let cases = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/formats/cases");
    let mut compared = 0;
    for (folder, file, unit, notices) in [
        ("csv_Fe2S2_CO_6.csv", "Fe2S2(CO)6.csv", ValueUnit::Absorbance, 0),
        ("csv_Fe2_CO_6_1_4-diol-bdt_.csv", "Fe2(CO)6(1,4-diol-bdt).csv", ValueUnit::Absorbance, 0),
        ("csv_IR.CSV", "IR.CSV", ValueUnit::Arbitrary, 2),
        ("csv_ftir_pva_without_header.csv", "ftir_pva_without_header.csv", ValueUnit::Absorbance, 2),
    ] {
        let bytes = std::fs::read(cases.join(folder).join(file)).unwrap();
        let input = crate::format::read_bytes(&bytes, "case", &ReadOptions::default()).unwrap();
        assert_eq!(input.format, crate::format::Format::TwoColumn);
        let curve = input.records[0].spectrum.as_curve().unwrap();
        let columns = npz::unpack(&std::fs::read(cases.join(folder).join("expected.npz")).unwrap());
        assert_eq!(
            (&curve.axis().points(), curve.values()),
            (&columns["x0"], columns["y0"].as_slice()),
            "{file}"
        );
        assert_eq!((curve.axis_unit(), curve.value_unit()), (&AxisUnit::Wavenumber, &unit), "{file}");
        assert_eq!((input.records.len(), input.report.notices.len()), (1, notices), "{file}");
        compared += 1;
    }
    assert_eq!(compared, 4);
}

/// The reference curves, ascending with a header.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn every_reference_curve_is_read_and_written_again() {
    let folder = std::path::PathBuf::from(std::env::var_os("PROBITY_DATA").unwrap()).join("ir/refs");
    let mut curves = 0;
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let parsed = read_two_column(&std::fs::read(&path).unwrap(), &strict()).unwrap();
        assert_eq!(curve(&parsed).axis_unit(), &AxisUnit::Wavenumber, "{}", path.display());
        assert_eq!(curve(&parsed).value_unit(), &ValueUnit::Absorbance, "{}", path.display());
        let (text, _) = written(&parsed.records);
        assert_eq!(curve(&read(&text).unwrap()), curve(&parsed), "{}", path.display());
        curves += 1;
    }
    assert_eq!(curves, 531);
}

/// Found by fuzzing: the line that names the units was read back as a point.
#[test]
fn units_that_read_as_numbers_are_written_otherwise() {
    let text = include_bytes!("../../../../../../tests/fuzz/regressions/two_column/unit_named_nan.csv");
    let records = read_two_column(text, &ReadOptions::default()).unwrap().records;
    let mut written = Vec::new();
    let report = write_curve_csv(&records, &mut written).unwrap();
    assert!(report.values_altered > 0);
    let back = read_two_column(&written, &ReadOptions::default()).unwrap().records;
    let values = |records: &[Record]| records[0].spectrum.as_curve().unwrap().values().to_vec();
    assert_eq!((back.len(), values(&back)), (records.len(), values(&records)));
}
