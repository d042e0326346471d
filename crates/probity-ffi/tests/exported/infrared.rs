//! Infrared curves, from arrays to bands.

use std::ptr;

use probity_ffi::*;

use crate::support::{INTENSITY, MZ, call, chars, identify, make, open, peaks, searcher, sized, string};

/// Three bands on a grid, as absorbance; a triangle has no transcendental function in it.
fn curve(centres: [f64; 3]) -> (Vec<f64>, Vec<f64>) {
    let axis: Vec<f64> = (0..1_801).map(|point| 400.0 + 2.0 * f64::from(point)).collect();
    let band = |x: f64, centre: f64| (1.0 - (x - centre).abs() / 25.0).max(0.0);
    let values = axis.iter().map(|&x| 0.05 + centres.iter().map(|&centre| band(x, centre)).sum::<f64>());
    let values = values.collect();
    (axis, values)
}

#[test]
fn infrared_curves_are_searched_with_bands_for_and_against() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ftir");
    let place = path.to_str().unwrap();
    let make_query = |centres: [f64; 3], name: &str| {
        let (axis, values) = curve(centres);
        let mut description = sized!(probity_spectrum_description);
        (description.name, description.name_length) = (chars(name), name.len());
        description.infrared_technique = PROBITY_INFRARED_ATTENUATED_TOTAL_REFLECTION;
        make!(
            probity_query_from_curve(
                axis.as_ptr(),
                PROBITY_AXIS_WAVENUMBER,
                values.as_ptr(),
                PROBITY_VALUE_ABSORBANCE,
                axis.len(),
                &description
            ),
            probity_query_free
        )
    };
    let one = make_query([800.0, 1_200.0, 1_700.0], "one");
    let other = make_query([900.0, 1_200.0, 2_900.0], "other");
    let entries = [one.0.cast_const(), other.0.cast_const()];
    let name = "ftir";
    call!(probity_library_build(
        chars(place),
        place.len(),
        chars(name),
        name.len(),
        entries.as_ptr(),
        2,
        ptr::null(),
        ptr::null_mut()
    ))
    .ok();
    let searcher = searcher(&open(&path, ptr::null()), "ir-default", 1);
    let finding = identify(&searcher, other.0, ptr::null());
    let hits = unsafe { probity_finding_hits(finding.0) };
    let mut hit = sized!(probity_hit);
    call!(probity_hit_list_hit(hits, 0, &mut hit)).ok();
    assert_eq!((string(hit.name).unwrap().as_str(), hit.entry_id), ("other", 2));
    let mut shown = sized!(probity_evidence);
    call!(probity_finding_evidence(finding.0, 0, PROBITY_EVIDENCE_MATCHED, &mut shown)).ok();
    assert_eq!((shown.is_bands, shown.count, shown.explained_share), (1, 3, 1.0));
    let bands = unsafe { std::slice::from_raw_parts(shown.query_position, 3) };
    for (band, centre) in bands.iter().zip([900.0, 1_200.0, 2_900.0]) {
        assert!((band - centre).abs() < 2.0, "{band} is not near {centre}");
    }
    let (axis, values) = curve([900.0, 1_200.0, 2_900.0]);
    let mut needed = 0;
    let status = unsafe {
        let (none, value) = (ptr::null_mut(), PROBITY_VALUE_ABSORBANCE);
        let (axis, values, count) = (axis.as_ptr(), values.as_ptr(), axis.len());
        probity_identify_curve_json(searcher.0, axis, values, count, value, none, 0, &mut needed)
    };
    assert_eq!(status, PROBITY_OK);
    assert!(needed > 1_000);
    let mass = peaks(&MZ, &INTENSITY);
    call!(probity_searcher_identify(searcher.0, mass.0, ptr::null(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_UNSUPPORTED, "the query is a mass spectrum");
    let (mut shown_axis, mut shown_values, mut units) = (ptr::null(), ptr::null(), (0, 0));
    let mut count = 0;
    call!(probity_query_curve(
        other.0,
        &mut shown_axis,
        &mut units.0,
        &mut shown_values,
        &mut units.1,
        &mut count
    ))
    .ok();
    assert_eq!((count, units), (1_801, (PROBITY_AXIS_WAVENUMBER, PROBITY_VALUE_ABSORBANCE)));
    assert_eq!(unsafe { std::slice::from_raw_parts(shown_values, count) }, values);
    assert_eq!(unsafe { std::slice::from_raw_parts(shown_axis, count) }, axis);
}
