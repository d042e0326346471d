//! The binary interface is the one that was approved: a difference breaks C programs that are compiled already, and wants
//! PROBITY_ABI_VERSION raised, unless something was only added.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::mem::offset_of;
use std::process::Command;

use probity_ffi::*;

use crate::tools::{compile, libraries, output, package};

/// With this variable the approved files are written, as `cargo xtask abi` does.
const WRITE: &str = "PROBITY_WRITE_ABI";

/// What only the library for tests exports.
const TEST_HOOK: &str = "probity_test_panic";

fn approved(name: &str, found: &str) -> String {
    let file = package().join("abi").join(name);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, found).unwrap();
    }
    std::fs::read_to_string(&file).unwrap_or_default()
}

fn header() -> String {
    std::fs::read_to_string(package().join("include/probity.h")).unwrap()
}

#[test]
fn only_approved_symbols_are_exported_and_all_are_in_the_header() {
    let mut nm = Command::new("nm");
    let listed = output(nm.args(["-D", "--defined-only"]).arg(libraries().join("libprobity_ffi.so")));
    let mut symbols: BTreeSet<&str> = listed.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert!(symbols.remove(TEST_HOOK), "the library for tests has its hook");
    let text: String = symbols.iter().flat_map(|symbol| [symbol, "\n"]).collect();
    assert_eq!(approved("symbols.txt", &text), text);
    let header = header();
    for symbol in symbols {
        assert!(symbol.starts_with("probity_"), "{symbol}");
        assert!(header.contains(&format!("{symbol}(")), "{symbol} is not in the header");
    }
    assert!(!header.contains(TEST_HOOK));
}

/// The structs of the header with their fields.
fn structs(header: &str) -> Vec<(String, Vec<String>)> {
    let mut structs = Vec::new();
    for body in header.split("typedef struct ").skip(1) {
        let Some((name, rest)) = body.split_once(" {\n") else { continue };
        // An opaque type has no body: what follows is another's.
        if name.contains(';') {
            continue;
        }
        let (fields, _) = rest.split_once("\n}").unwrap();
        let fields = fields.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.is_empty());
        let name_of = |line: &str| {
            let declared = line.strip_suffix(';').unwrap();
            declared.rsplit([' ', '*']).next().unwrap().to_owned()
        };
        structs.push((name.to_owned(), fields.map(name_of).collect()));
    }
    structs
}

#[test]
fn c_sees_the_approved_layouts() {
    let mut program = String::from("#include <stdio.h>\n#include \"probity.h\"\nint main(void)\n{\n");
    let all = structs(&header());
    assert!(all.len() >= 10, "the header's structs were not found");
    for (name, fields) in &all {
        writeln!(program, "printf(\"{name} %zu\\n\", sizeof({name}));").unwrap();
        for field in fields {
            writeln!(
                program,
                "printf(\"    {field} %zu %zu\\n\", offsetof({name}, {field}), sizeof((({name} *)0)->{field}));"
            )
            .unwrap();
        }
    }
    program.push_str("return 0;\n}\n");
    let folder = tempfile::tempdir().unwrap();
    let (source, built) = (folder.path().join("layouts.c"), folder.path().join("layouts"));
    std::fs::write(&source, program).unwrap();
    compile("cc", "-std=c99", &source, &built, &[]);
    let found = output(&mut Command::new(built));
    assert_eq!(approved("layouts.txt", &found), found);
}

/// A struct as Rust lays it out.
macro_rules! layout {
    ($text:ident, $name:ident { $($field:ident),* $(,)? }) => {{
        writeln!($text, "{} {}", stringify!($name), size_of::<$name>()).unwrap();
        let mut end = 0;
        // Each field must be named, or this does not compile.
        #[allow(unused_variables, reason = "it only names all fields")]
        let all = |$name { $($field),* }: $name| ();
        $(
            let size = size_of_field(|value: &$name| &raw const value.$field);
            assert_eq!(offset_of!($name, $field), end, "padding before {}", stringify!($field));
            writeln!($text, "    {} {end} {size}", stringify!($field)).unwrap();
            end += size;
        )*
        assert_eq!(end, size_of::<$name>(), "padding at the end of {}", stringify!($name));
    }};
}

fn size_of_field<T, F>(_: impl FnOnce(&T) -> *const F) -> usize {
    size_of::<F>()
}

#[test]
fn rust_sees_the_same_layouts_without_padding() {
    let mut text = String::new();
    layouts(&mut text);
    let file = std::fs::read_to_string(package().join("abi/layouts.txt")).unwrap();
    let sorted = |text: &str| {
        let mut structs: Vec<String> = Vec::new();
        for line in text.lines() {
            match structs.last_mut() {
                Some(last) if line.starts_with(' ') => last.extend(["\n", line]),
                _ => structs.push(line.to_owned()),
            }
        }
        structs.sort();
        structs
    };
    assert_eq!(sorted(&text), sorted(&file));
}

fn layouts(text: &mut String) {
    layout!(
        text,
        probity_spectrum_description {
            struct_size,
            technique,
            polarity,
            infrared_technique,
            precursor_mz,
            retention_index,
            retention_time_s,
            scan_low_mz,
            scan_high_mz,
            molecular_mass_da,
            resolution_cm1,
            name,
            name_length,
            formula,
            formula_length,
            inchikey,
            inchikey_length,
            cas_number,
            cas_number_length,
            smiles,
            smiles_length,
            substance_class,
            substance_class_length,
            accession,
            accession_length,
            source,
            source_length,
            contributor,
            contributor_length,
            precursor_type,
            precursor_type_length,
            collision_energy,
            collision_energy_length,
            sample_state,
            sample_state_length,
            comment,
            comment_length
        }
    );
    layout!(text, probity_read_options { struct_size, strict, log, log_user_data });
    layout!(
        text,
        probity_open_options {
            struct_size,
            access,
            state,
            state_length,
            log,
            log_user_data,
            strict,
            reserved,
            progress,
            progress_user_data
        }
    );
    layout!(
        text,
        probity_change_options {
            struct_size,
            threads,
            time_unix_s,
            operator_name,
            operator_name_length,
            note,
            note_length
        }
    );
    layout!(text, probity_change { struct_size, reserved, state, first_entry_id, entries_added, entries });
    layout!(
        text,
        probity_measure { struct_size, higher_is_better, value, minimum, maximum, name, description }
    );
    layout!(
        text,
        probity_search_options {
            struct_size,
            relative_probability,
            hits,
            minimum,
            molecular_mass_low_da,
            molecular_mass_high_da,
            precursor_tolerance,
            precursor_tolerance_unit,
            has_retention_index_window,
            retention_index_window,
            minimum_common_range,
            formula,
            formula_length,
            required_elements,
            required_elements_length,
            allowed_elements,
            allowed_elements_length,
            classes,
            classes_length,
            contributors,
            contributors_length,
            progress,
            progress_user_data
        }
    );
    layout!(
        text,
        probity_searcher_options { struct_size, threads, log, log_user_data, progress, progress_user_data }
    );
    layout!(text, probity_work_options { struct_size, threads, progress, progress_user_data });
    layout!(
        text,
        probity_indexed { struct_size, reserved, files_written, bytes_written, files_kept, files_replaced }
    );
    layout!(
        text,
        probity_mixture_options {
            struct_size,
            maximum_components,
            points_per_independent_point,
            background_order,
            reserved,
            targets,
            target_count
        }
    );
    layout!(text, probity_batch_options { struct_size, threads, progress, progress_user_data });
    layout!(
        text,
        probity_hit {
            struct_size,
            keyed_as_parent,
            rank,
            entry_id,
            first_measure,
            retention_index_penalty,
            retention_index_difference,
            measure_count,
            name,
            formula,
            inchikey,
            substance_key,
            cas_numbers,
            substance_class,
            accession,
            source,
            contributor
        }
    );
    layout!(
        text,
        probity_search_counts { struct_size, reserved, entries, compared, filtered_out, not_comparable }
    );
    layout!(
        text,
        probity_evidence {
            struct_size,
            is_bands,
            count,
            explained_share,
            found_share,
            query_position,
            query_intensity,
            library_position,
            library_intensity
        }
    );
    layout!(
        text,
        probity_group {
            struct_size,
            keyed_as_parent,
            place,
            best_first_measure,
            entry_ids,
            entry_count,
            stereoform_count,
            name,
            formula,
            substance_key,
            derivative
        }
    );
}
