//! What real infrared files get wrong, each in a small file by hand.

use super::*;

/// An infrared spectrum by hand: transmittance in per cent that says only TRANSMITTANCE, falling wavenumbers.
#[test]
fn an_infrared_spectrum_keeps_its_order_and_units() {
    let text = "##TITLE=film\n##JCAMP-DX=4.24\n##DATA TYPE=INFRARED SPECTRUM\n##XUNITS=1/CM\n##YUNITS=TRANSMITTANCE\n\
                ##FIRSTX=4000\n##LASTX=3994\n##XFACTOR=1\n##YFACTOR=0.5\n##NPOINTS=4\n##RESOLUTION=4\n\
                ##STATE=solid\n##SAMPLING PROCEDURE=diamond ATR\n##FIRSTY=99\n\
                ##XYDATA=(X++(Y..Y))\n4000A98c\n3996A96?\n##END=\n";
    let parsed = tolerant(read_jcamp_dx, text);
    let curve = parsed.records[0].spectrum.as_curve().unwrap();
    assert_eq!(curve.axis().points(), [4_000.0, 3_998.0, 3_996.0, 3_994.0]);
    assert_eq!((curve.values(), curve.missing_points()), (&[99.0, -1.5, 98.0, 0.0][..], &[3][..]));
    assert_eq!(
        (curve.axis_unit(), curve.value_unit()),
        (&AxisUnit::Wavenumber, &ValueUnit::PercentTransmittance)
    );
    assert_eq!(curve.acquired().technique, Some(InfraredTechnique::AttenuatedTotalReflection));
    assert_eq!(curve.acquired().resolution_cm1, Some(4.0));
    assert_eq!(parsed.report.repaired, 1, "{:?}", parsed.report);
    survives_damage(read_jcamp_dx, text.as_bytes());
}

/// A sound file of four values, in which each quirk replaces something.
const SOUND: &str = "##TITLE=film\n##JCAMP-DX=4.24\n##DATA TYPE=INFRARED SPECTRUM\n##XUNITS=1/CM\n\
    ##YUNITS=ABSORBANCE\n##FIRSTX=400\n##LASTX=406\n##DELTAX=2\n##XFACTOR=1\n##YFACTOR=0.5\n##NPOINTS=4\n\
    ##FIRSTY=0.5\n##MAXY=2\n##MINY=0.5\n##XYDATA=(X++(Y..Y))\n400 1 2\n404 3 4\n##END=\n";

fn curve(parsed: &Parsed) -> &Curve {
    parsed.records[0].spectrum.as_curve().unwrap()
}

/// The file with pieces replaced, read; its places and sentences.
fn with(pieces: &[(&str, &str)]) -> (Parsed, Vec<String>) {
    let text = pieces.iter().fold(SOUND.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let parsed = tolerant(read_jcamp_dx, &text);
    let notices = parsed.report.notices.iter().map(ToString::to_string).collect();
    survives_damage(read_jcamp_dx, text.as_bytes());
    (parsed, notices)
}

#[test]
fn headers_that_disagree_with_the_data_are_told_with_their_place() {
    assert!(with(&[]).1.is_empty());
    for (from, to, notice) in [
        (
            "NPOINTS=4",
            "NPOINTS=3",
            "line 11, field NPOINTS: 3 points are announced and 4 there; all were read",
        ),
        (
            "DELTAX=2",
            "DELTAX=2.5",
            "line 8, field DELTAX: 2.5 is stated, and the data say 2; the data were taken",
        ),
        (
            "DELTAX=2",
            "DELTAX=-2",
            "line 8, field DELTAX: -2 is stated, and the data say 2; the data were taken",
        ),
        (
            "FIRSTY=0.5",
            "FIRSTY=0",
            "line 12, field FIRSTY: 0 is stated, and the data say 0.5; the data were taken",
        ),
        (
            "MAXY=2",
            "MAXY=49.32",
            "line 13, field MAXY: 49.32 is stated, and the data say 2; the data were taken",
        ),
        (
            "MINY=0.5",
            "MINY=-3",
            "line 14, field MINY: -3 is stated, and the data say 0.5; the data were taken",
        ),
    ] {
        let (parsed, notices) = with(&[(from, to)]);
        assert_eq!(notices, [format!("repaired: record 1, {notice}")]);
        assert_eq!(curve(&parsed).axis().points(), [400.0, 402.0, 404.0, 406.0]);
        assert_eq!(curve(&parsed).values(), [0.5, 1.0, 1.5, 2.0]);
        refuses_what_it_would_repair(read_jcamp_dx, &SOUND.replace(from, to));
    }
    // Rounding is no disagreement, and what is left out is not asked for.
    for (from, to) in [
        ("DELTAX=2", "DELTAX=2.01"),
        ("##DELTAX=2\n", ""),
        ("MAXY=2", "MAXY="),
        ("=0.5\n##MAXY", "=0.499\n##MAXY"),
    ] {
        assert!(with(&[(from, to)]).1.is_empty(), "{to}");
    }
    let (_, notices) = with(&[("MAXY=2", "MAXY=two")]);
    assert_eq!(notices, ["ignored: record 1, line 13, field MAXY: \"two\" is not a number"]);
}

#[test]
fn labels_may_stand_behind_the_data_and_the_end_may_be_missing() {
    let data = "##XYDATA=(X++(Y..Y))\n400 1 2\n404 3 4\n##END=\n";
    let late = "##XYDATA=(X++(Y..Y))\n400 1 2\n404 3 4\n##NPOINTS=4\n##ORIGIN=a\n  b\n##OWNER=c\n";
    let (parsed, notices) = with(&[("##NPOINTS=4\n", ""), (data, late)]);
    assert_eq!(notices, ["repaired: line 20, field END: the text ends without ##END="]);
    assert_eq!(curve(&parsed).values().len(), 4);
    assert_eq!(parsed.records[0].provenance.contributor.as_deref(), Some("a\nb"));
    assert!(parsed.records[0].other_fields.contains(&("OWNER".to_owned(), "c".to_owned())));
}

#[test]
fn line_ends_comments_and_spellings_do_not_matter() {
    let lone_cr = SOUND.replace('\n', "\r");
    let commented =
        SOUND.replace("0.5\n##NP", "0.5 $$ the factor\n##NP").replace("400 1 2", "400 1 2 $$ 9 9");
    let spelled = SOUND
        .replace("##DATA TYPE=INFRARED SPECTRUM", "##Data_Type = Infrared Spectrum")
        .replace("XYDATA=(X++(Y..Y))", "XY DATA= ( X++ (Y..Y) )");
    let joined = SOUND.replace("##DATA TYPE", "##DATATYPE");
    let expected = tolerant(read_jcamp_dx, SOUND);
    for text in [lone_cr, commented, spelled, joined] {
        let parsed = read_jcamp_dx(text.as_bytes(), &strict()).unwrap();
        assert_eq!(curve(&parsed), curve(&expected), "{text}");
        assert_eq!(curve(&parsed).kind(), CurveKind::Spectrum);
    }
}

#[test]
fn a_difference_that_its_check_denies_is_told_and_the_check_taken() {
    // 1, 2, 3 in the first line; the second says that the last was 4, and goes on to 5.
    let (parsed, notices) = with(&[("400 1 2\n404 3 4", "400AJJ\n404DJ"), ("MAXY=2", "MAXY=2.5")]);
    assert_eq!(curve(&parsed).values(), [0.5, 1.0, 1.5, 2.5]);
    assert_eq!(
        notices,
        ["repaired: record 1, line 17, field XYDATA: the line before ends at 3, this one begins with 4"]
    );
    // A last line of nothing but the check, wrong too; and DUP's nine is a lower-case letter.
    let (parsed, notices) = with(&[("400 1 2\n404 3 4", "400AJJJ\n406C")]);
    assert_eq!((curve(&parsed).values().len(), notices.len()), (4, 1), "{notices:?}");
    let (parsed, _) =
        with(&[("400 1 2\n404 3 4", "400A%s"), ("LASTX=406", "LASTX=418"), ("NPOINTS=4", "NPOINTS=10")]);
    assert_eq!(curve(&parsed).values(), [0.5; 10]);
}

#[test]
fn missing_values_keep_their_places_in_every_form() {
    let pairs = "400, 1 402, ?\n404, 3 406, 4";
    for (form, data) in [("(X++(Y..Y))", "400 1 ? 3 4"), ("(X++(Y..Y))", "400A?C\n406D"), ("(XY..XY)", pairs)]
    {
        let (parsed, notices) = with(&[("400 1 2\n404 3 4", data), ("(X++(Y..Y))", form)]);
        assert_eq!(
            (curve(&parsed).values(), curve(&parsed).missing_points()),
            (&[0.5, 0.0, 1.5, 2.0][..], &[1][..]),
            "{notices:?}"
        );
    }
    let (parsed, _) =
        with(&[("400 1 2\n404 3 4", "400 1\n402 2\n? 3\n404 3\n406 4"), ("(X++(Y..Y))", "(XY..XY)")]);
    assert_eq!((curve(&parsed).values().len(), parsed.report.skipped), (4, 1), "a point without a place");
}

#[test]
fn a_table_that_was_cut_keeps_its_axis_and_loses_the_number_that_was_cut() {
    let cut = SOUND
        .replace("LASTX=406", "LASTX=420")
        .replace("NPOINTS=4", "NPOINTS=11")
        .replace("404 3 4\n##END=\n", "404 3 12");
    let parsed = tolerant(read_jcamp_dx, &cut.replace("MAXY=2\n", "MAXY=1.5\n"));
    assert_eq!(curve(&parsed).axis().points(), [400.0, 402.0, 404.0]);
    assert_eq!(curve(&parsed).values(), [0.5, 1.0, 1.5]);
    let notices: Vec<String> = parsed.report.notices.iter().map(ToString::to_string).collect();
    assert_eq!(
        notices,
        [
            "repaired: line 17, field END: the text ends without ##END=",
            "skipped: record 1, line 17, field XYDATA: the text ends within the table; its last number may be cut \
             short and was left out",
            "repaired: record 1, line 15, field LASTX: the table ends before LASTX, as where its lines begin shows",
            "repaired: record 1, line 11, field NPOINTS: 11 points are announced and 3 there; all were read",
        ]
    );
    let pairs = cut.replace("(X++(Y..Y))\n400 1 2\n404 3 12", "(XY..XY)\n400,1\n402,2\n404,3");
    assert_eq!(curve(&tolerant(read_jcamp_dx, &pairs)).values(), [0.5, 1.0]);
}

#[test]
fn the_axis_stays_in_its_own_unit() {
    let (parsed, notices) =
        with(&[("XUNITS=1/CM", "XUNITS=MICROMETERS"), ("400 1 2\n404 3 4", "400 1 2 3 4")]);
    assert_eq!((curve(&parsed).axis_unit(), notices.len()), (&AxisUnit::Micrometre, 0));
    assert_eq!(curve(&parsed).axis().points(), [400.0, 402.0, 404.0, 406.0]);
    let (parsed, _) = with(&[("XUNITS=1/CM", "XUNITS=1/CM"), ("INFRARED SPECTRUM", "RAMAN SPECTRUM")]);
    assert_eq!(curve(&parsed).axis_unit(), &AxisUnit::RamanShift);
}

#[test]
fn how_transmittance_was_decided_stays_with_the_record() {
    let (parsed, notices) = with(&[
        ("ABSORBANCE", "TRANSMITTANCE"),
        ("YFACTOR=0.5", "YFACTOR=25"),
        ("FIRSTY=0.5", "FIRSTY=25"),
        ("MINY=0.5", "MINY=25"),
        ("MAXY=2", "MAXY=100"),
    ]);
    let decided = "values above 2 count per cent, though \"TRANSMITTANCE\" does not say so";
    assert_eq!(curve(&parsed).value_unit(), &ValueUnit::PercentTransmittance);
    assert_eq!(notices, [format!("repaired: record 1, line 15, field YUNITS: {decided}")]);
    assert!(parsed.records[0].other_fields.contains(&("YUNITS".to_owned(), decided.to_owned())));
}

#[test]
fn lists_of_peaks_are_no_spectra() {
    let (parsed, notices) = with(&[(
        "XYDATA=(X++(Y..Y))\n400 1 2\n404 3 4",
        "PEAK ASSIGNMENTS=(XYA)\n(400, 1, <a>)\n(402, 2, <b>)\n(404, 3, <>)\n(406, 4, <c>)",
    )]);
    assert_eq!(curve(&parsed).kind(), CurveKind::Other);
    assert_eq!(curve(&parsed).values(), [0.5, 1.0, 1.5, 2.0]);
    assert_eq!(
        notices,
        ["ignored: record 1, line 15, field PEAK ASSIGNMENTS: what the peaks are assigned to was not kept"]
    );
}

#[test]
fn fixtures_of_curves() {
    let read = |text: &str| {
        survives_damage(read_jcamp_dx, text.as_bytes());
        tolerant(read_jcamp_dx, text)
    };
    let fields = |parsed: &Parsed| -> Vec<Option<String>> {
        parsed.report.notices.iter().map(|notice| notice.field.clone()).collect()
    };
    let compressed = read(fixture!("compressed.jdx"));
    // 150, twice 1 more; then 2 less, 30 more, 0 more, 4 less; the third line says 175 where 176 was reached.
    let values: Vec<f64> = curve(&compressed).values().iter().map(|value| value / 0.5).collect();
    assert_eq!(
        values,
        [
            150.0, 151.0, 152.0, 150.0, 180.0, 180.0, 176.0, 0.0, 200.0, 200.0, 200.0, 200.0, 200.0, 200.0,
            200.0, 200.0, 200.0, 199.0, 199.0, 198.0,
        ]
    );
    assert_eq!(curve(&compressed).missing_points(), [7]);
    assert_eq!(curve(&compressed).value_unit(), &ValueUnit::PercentTransmittance);
    assert_eq!(fields(&compressed), [Some("XYDATA".to_owned()), Some("YUNITS".to_owned())]);

    // 2.5 and on in steps of 0.5; the last number may have been longer.
    let cut = read(fixture!("cut.jdx"));
    assert_eq!(curve(&cut).axis().points(), [2.5, 3.0, 3.5, 4.0, 4.5, 5.0]);
    assert_eq!(curve(&cut).values(), [0.1, 0.101, 0.099, -0.003, 0.097, 450.0 * 0.001]);

    let assignments = read(fixture!("assignments.jdx"));
    let kinds: Vec<CurveKind> =
        assignments.records.iter().map(|record| record.spectrum.as_curve().unwrap().kind()).collect();
    assert_eq!(kinds, [CurveKind::Spectrum, CurveKind::Other, CurveKind::Other]);
    assert_eq!(curve(&assignments).missing_points(), [1]);
    assert_eq!((assignments.report.ignored, assignments.report.skipped), (2, 1));
}
