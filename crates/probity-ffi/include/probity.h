/*
 * probity.h: which substance of a reference library a spectrum fits, what speaks for it and against it.
 *
 * Licence: MIT or Apache-2.0. Made by `cargo xtask header`; do not edit.
 *
 * A first program
 *
 *     probity_library *library = NULL;
 *     probity_method *method = NULL;
 *     probity_searcher *searcher = NULL;
 *     probity_query *query = NULL;
 *     probity_finding *finding = NULL;
 *     probity_error *error = NULL;
 *     const char *json = NULL;
 *
 *     if (probity_library_open_starter(&library, &error) != PROBITY_OK ||
 *         probity_method_named("ei-default", 10, &method, &error) != PROBITY_OK ||
 *         probity_searcher_new(library, method, NULL, &searcher, &error) != PROBITY_OK ||
 *         probity_query_from_peaks(mz, intensity, count, NULL, &query, &error) != PROBITY_OK ||
 *         probity_searcher_identify(searcher, query, NULL, &finding, &error) != PROBITY_OK ||
 *         probity_finding_json(finding, &json, NULL, &error) != PROBITY_OK) {
 *         fprintf(stderr, "%s\n", probity_error_text(error));
 *     } else {
 *         puts(json);
 *     }
 *     probity_error_free(error);      ... and so on: NULL may always be freed
 *
 * Rules that hold everywhere
 *
 * Status. A function that can fail returns an int32_t: PROBITY_OK (0) or a PROBITY_ERROR number. Numbers stand in
 * tens by what the caller can do, and are never used again for something else. Later versions add numbers.
 *
 * Errors. The last parameter of such a function is `probity_error **error`, which may be NULL. On failure it gets an
 * error with a sentence, file, record, line and field, to be freed with probity_error_free(); on success it gets
 * NULL. It must not hold an error that is not freed yet. There is no last error of a thread.
 *
 * Outputs. They come last before the error and are written on success only (but see probity_identify_json). Outputs
 * must not overlap each other or an input.
 *
 * Handles. Types without visible fields are made by functions of this header, and ended by their _free function,
 * once. _free(NULL) does nothing. What one function allocates is never freed with free(), nor the other way. NULL in
 * place of a handle is an error, or the answer 0 or NULL of functions that cannot fail.
 *
 * Pointers of results (texts, arrays, lists within lists) are borrowed: they live as long as the handle that they
 * were asked of, and are not freed.
 *
 * Texts. Going in, UTF-8 with a length in bytes; no NUL is needed, and NULL with length 0 is an empty text. Coming
 * out, UTF-8 with a NUL behind it; a NUL within a text of a spectrum file stands as U+2400. Paths are UTF-8.
 *
 * Arrays going in are copied. NULL with length 0 is an empty array.
 *
 * Structs begin with `struct_size`. Options: call their _init function, which sets it and the defaults, then change
 * what you need; NULL stands for the defaults. Results: set struct_size to sizeof, the function fills the rest.
 * Later versions only append fields. A program with a smaller struct gets the defaults for what it lacks; one with a
 * larger struct gets an error if it sets what this version does not know.
 *
 * Threads. Each type says who may use it at once. All but probity_error may be shared by threads: they are never
 * changed once they are made. Freeing is for one thread, when no other uses the handle.
 *
 * Panics. A defect of the library becomes PROBITY_ERROR_PANIC with a message; the host lives on, and since no handle
 * is ever changed, none is spoilt.
 *
 * Unloading. A program that loads the library at run time keeps it until it ends: threads that were just told to end
 * may still be in it. On Linux it stays loaded by itself.
 *
 * The library has no settings of its own, reads no environment, prints nothing, touches neither locale nor signals,
 * never uses the network, and starts threads only where `threads` asks for them.
 */

#ifndef PROBITY_H
#define PROBITY_H

#include <stddef.h>
#include <stdint.h>

// The version of this header as text.
#define PROBITY_VERSION_TEXT "0.1.0"

// Number of the binary interface. It is raised when a program that was compiled with an earlier header could no
// longer run; it is not the number of the version. A program should compare it with probity_abi_version() once.
#define PROBITY_ABI_VERSION 1

// First number of the version of this header.
#define PROBITY_VERSION_MAJOR 0

// Second number of the version of this header.
#define PROBITY_VERSION_MINOR 1

// Third number of the version of this header.
#define PROBITY_VERSION_PATCH 0

// The version of this header as one number: 1000000 times the first, 1000 times the second, and the third.
#define PROBITY_VERSION_NUMBER 1000

// The call did what it was asked for.
#define PROBITY_OK 0

// An option or argument makes no sense; the message says which.
#define PROBITY_ERROR_INVALID_OPTION 10

// A pointer that must not be NULL is NULL; the message names it.
#define PROBITY_ERROR_NULL_POINTER 11

// The struct_size of a struct is 0, is no size of such a struct, or is that of a newer version's struct in which
// something is set that this version does not know.
#define PROBITY_ERROR_STRUCT_SIZE 12

// A text is not UTF-8.
#define PROBITY_ERROR_INVALID_UTF8 13

// There is no element of this number.
#define PROBITY_ERROR_INDEX_OUT_OF_RANGE 14

// A length is more than any memory can hold.
#define PROBITY_ERROR_LENGTH_OVERFLOW 15

// There is nothing of this name or number.
#define PROBITY_ERROR_NOT_FOUND 16

// The buffer is too small for the whole text; nothing was written to it.
#define PROBITY_ERROR_BUFFER_TOO_SMALL 17

// A pointer is not aligned as its type asks for: 8 bytes for numbers of 8 bytes and for structs.
#define PROBITY_ERROR_MISALIGNED 18

// The operating system refused an operation on a file, or threads; trying again or elsewhere may help.
#define PROBITY_ERROR_IO 20

// The input breaks the rules of its format; the input must be mended.
#define PROBITY_ERROR_MALFORMED 30

// A number in an array is NaN or infinite; the message names it, counted from 0.
#define PROBITY_ERROR_NOT_FINITE 31

// The input is legal but of a kind that this version does not read, or that the method does not compare.
#define PROBITY_ERROR_UNSUPPORTED 40

// A limit was reached before the input ended.
#define PROBITY_ERROR_LIMIT_REACHED 50

// The library was made by a version that this one cannot read.
#define PROBITY_ERROR_INCOMPATIBLE_VERSION 60

// Stored data are not what was stored; another copy or an earlier state may be sound.
#define PROBITY_ERROR_DAMAGED 70

// Another program is writing to the library; trying again later may help.
#define PROBITY_ERROR_BUSY 80

// A callback asked to stop.
#define PROBITY_ERROR_CANCELLED 90

// The library failed in a way that this header has no number for.
#define PROBITY_ERROR_INTERNAL 100

// A defect of the library stopped the call. The message says where; please report it. The host can go on, and all
// handles remain usable.
#define PROBITY_ERROR_PANIC 101

// Something to know that is no error: a repair, an assumption, a slower way that was taken.
#define PROBITY_LOG_NOTICE 1

// Something was left out, or does not agree.
#define PROBITY_LOG_WARNING 2

// The axis is in wavenumbers, cm⁻¹.
#define PROBITY_AXIS_WAVENUMBER 1

// The axis is a Raman shift, cm⁻¹.
#define PROBITY_AXIS_RAMAN_SHIFT 2

// The axis is in wavelengths, µm.
#define PROBITY_AXIS_MICROMETRE 3

// The axis is in wavelengths, nm.
#define PROBITY_AXIS_NANOMETRE 4

// The axis is in another unit; only of spectra that were read.
#define PROBITY_AXIS_OTHER 100

// The values are absorbances: minus the decadic logarithm of the transmittance.
#define PROBITY_VALUE_ABSORBANCE 1

// The values are transmittances as fractions, usually 0 to 1.
#define PROBITY_VALUE_TRANSMITTANCE 2

// The values are transmittances in per cent.
#define PROBITY_VALUE_PERCENT_TRANSMITTANCE 3

// The values are reflectances as fractions.
#define PROBITY_VALUE_REFLECTANCE 4

// The values are reflectances in per cent.
#define PROBITY_VALUE_PERCENT_REFLECTANCE 5

// The values are minus the decadic logarithm of the reflectance.
#define PROBITY_VALUE_LOG_INVERSE_REFLECTANCE 6

// The values are Kubelka-Munk units.
#define PROBITY_VALUE_KUBELKA_MUNK 7

// The values are intensities of a Raman spectrum.
#define PROBITY_VALUE_RAMAN_INTENSITY 8

// The values are in another unit; only of spectra that were read.
#define PROBITY_VALUE_OTHER 100

// Nothing is said of the technique.
#define PROBITY_TECHNIQUE_NOT_STATED 0

// Electron ionization, as in most GC-MS.
#define PROBITY_TECHNIQUE_ELECTRON_IONIZATION 1

// Product ions of a selected precursor (MS/MS).
#define PROBITY_TECHNIQUE_TANDEM_MASS_SPECTROMETRY 2

// Fragments made in the source without selection of a precursor (DART-MS).
#define PROBITY_TECHNIQUE_IN_SOURCE_CID 3

// A mass spectrum of another kind.
#define PROBITY_TECHNIQUE_OTHER_MASS_SPECTROMETRY 4

// Infrared spectroscopy.
#define PROBITY_TECHNIQUE_INFRARED 5

// A technique that this header has no number for.
#define PROBITY_TECHNIQUE_OTHER 100

// Nothing is said of the sign of the ions.
#define PROBITY_POLARITY_NOT_STATED 0

// Positive ions.
#define PROBITY_POLARITY_POSITIVE 1

// Negative ions.
#define PROBITY_POLARITY_NEGATIVE 2

// Nothing is said of how the sample met the light.
#define PROBITY_INFRARED_NOT_STATED 0

// Through the sample: a pellet, a film, a mull, a cell.
#define PROBITY_INFRARED_TRANSMISSION 1

// Attenuated total reflection.
#define PROBITY_INFRARED_ATTENUATED_TOTAL_REFLECTION 2

// Diffuse reflection (DRIFTS).
#define PROBITY_INFRARED_DIFFUSE_REFLECTION 3

// Specular reflection or reflection-absorption.
#define PROBITY_INFRARED_SPECULAR_REFLECTION 4

// Through a gas.
#define PROBITY_INFRARED_GAS_PHASE 5

// A mass spectrum: a list of peaks.
#define PROBITY_KIND_MASS_SPECTRUM 1

// A curve that is a spectrum, such as an infrared one.
#define PROBITY_KIND_CURVE 2

// A single beam: sample and instrument together. It cannot be searched.
#define PROBITY_KIND_SINGLE_BEAM 3

// An interferogram. It cannot be searched.
#define PROBITY_KIND_INTERFEROGRAM 4

// A phase. It cannot be searched.
#define PROBITY_KIND_PHASE 5

// A curve of another kind. It cannot be searched.
#define PROBITY_KIND_OTHER 100

// Files are read into memory and checked whole. What happens to them afterwards does not matter.
#define PROBITY_ACCESS_OWNED 0

// Files are mapped: a library opens in milliseconds, and each part is checked when it is first read. Another
// process that shortens a file meanwhile kills this one.
#define PROBITY_ACCESS_MAPPED 1

// Whole spectra, as published.
#define PROBITY_SCOPE_SPECTRA 1

// Principal ions of a few substances only: good for candidates, never for more.
#define PROBITY_SCOPE_STARTER 2

// There is no condition on the precursor beyond the method's own.
#define PROBITY_TOLERANCE_NONE 0

// The tolerance is in Da.
#define PROBITY_TOLERANCE_DA 1

// The tolerance is in parts per million.
#define PROBITY_TOLERANCE_PPM 2

// In both: speaks for the hit.
#define PROBITY_EVIDENCE_MATCHED 1

// In the query, not in the entry: speaks against the hit.
#define PROBITY_EVIDENCE_UNEXPLAINED 2

// In the entry, not in the query: speaks against the hit.
#define PROBITY_EVIDENCE_MISSING 3

// In the query, where only the query was measured: neither.
#define PROBITY_EVIDENCE_QUERY_NOT_COMPARED 4

// In the entry, where only the entry was measured: neither.
#define PROBITY_EVIDENCE_LIBRARY_NOT_COMPARED 5

// Candidates are listed, none is singled out; the reasons say why.
#define PROBITY_OUTCOME_INCONCLUSIVE 1

// An outcome that this header has no number for.
#define PROBITY_OUTCOME_OTHER 100

// The answers to many queries, in their order. It is never changed, threads may share it, and it may outlive all other
// handles.
typedef struct probity_batch probity_batch;

// What went wrong: a status, a sentence for an analyst, and the place. Made by the function that failed, and freed
// with probity_error_free(). One thread at a time; it may outlive all other handles. Its texts live as long as it.
typedef struct probity_error probity_error;

// The answer to one query: hits with what speaks for and against them, groups, outcome and warnings. It is never
// changed, threads may share it, and it may outlive all other handles.
typedef struct probity_finding probity_finding;

// The findings of many queries, in their order. It is never changed, threads may share it, and it may outlive all other
// handles.
typedef struct probity_finding_batch probity_finding_batch;

// The best entries for one query, best first. It is never changed, threads may share it, and it may outlive all other
// handles. One that belongs to a batch or a finding is freed with that.
typedef struct probity_hit_list probity_hit_list;

// An answer as JSON. It is never changed, threads may share it, and it may outlive all other handles.
typedef struct probity_json probity_json;

// One state of a library, open for searching. It is never changed, any number of threads may share it, and it may be
// freed while searchers of it remain.
typedef struct probity_library probity_library;

// How spectra are prepared, compared and ordered. It is never changed, threads may share it, and it may be freed while
// searchers by it remain.
typedef struct probity_method probity_method;

// One spectrum with what is said of it: a query, or what is to be added to a library. It is never changed, threads
// may share it, and it may outlive all other handles. One that belongs to a query list is freed with that list.
typedef struct probity_query probity_query;

// What is searched for of one file or buffer, in its order, and what its reader did besides reading. It is never changed,
// threads may share it, and it may outlive all other handles; its queries live as long as it.
typedef struct probity_query_list probity_query_list;

// A library prepared for one method. It is never changed, any number of threads may search it at once, and it may
// outlive the library and the method that it was made of. What it found remains when it is freed.
typedef struct probity_searcher probity_searcher;

// What the international lists say of a substance: of what was asked for, never of a sample, and never that something
// is not controlled. It is never changed, threads may share it, and it may outlive all other handles.
typedef struct probity_substance_answer probity_substance_answer;

// What reading a whole library found. It is never changed, threads may share it, and it may outlive all other handles.
typedef struct probity_verification probity_verification;

// What is known of a spectrum beside its numbers. Fill it with probity_spectrum_description_init(), then set what is
// known: nothing has to be. Texts are UTF-8, each with its length in bytes, and are copied.
typedef struct probity_spectrum_description {
    // sizeof (probity_spectrum_description).
    uint32_t struct_size;
    // How a mass spectrum was made: a PROBITY_TECHNIQUE number.
    int32_t technique;
    // The sign of the ions: a PROBITY_POLARITY number.
    int32_t polarity;
    // How the sample met the infrared light: a PROBITY_INFRARED number.
    int32_t infrared_technique;
    // m/z of the precursor; 0 if not stated.
    double precursor_mz;
    // Retention index; 0 if not stated.
    double retention_index;
    // Retention time in seconds; 0 if not stated.
    double retention_time_s;
    // Lowest m/z of the scan; 0 for both ends if not stated.
    double scan_low_mz;
    // Highest m/z of the scan.
    double scan_high_mz;
    // Molecular mass in Da, which nist-neutral-loss and nist-hybrid need; 0 if not stated.
    double molecular_mass_da;
    // Resolution of an infrared spectrum in cm⁻¹; 0 if not stated.
    double resolution_cm1;
    // The name: of a query the laboratory's own, of a reference the substance's.
    const char *name;
    // Bytes of `name`.
    size_t name_length;
    // Molecular formula, of a reference.
    const char *formula;
    // Bytes of `formula`.
    size_t formula_length;
    // InChIKey, of a reference.
    const char *inchikey;
    // Bytes of `inchikey`.
    size_t inchikey_length;
    // CAS number, of a reference.
    const char *cas_number;
    // Bytes of `cas_number`.
    size_t cas_number_length;
    // SMILES, of a reference.
    const char *smiles;
    // Bytes of `smiles`.
    size_t smiles_length;
    // Group of the substance, of a reference.
    const char *substance_class;
    // Bytes of `substance_class`.
    size_t substance_class_length;
    // Number or accession in the source, of a reference.
    const char *accession;
    // Bytes of `accession`.
    size_t accession_length;
    // Collection that it belongs to, of a reference.
    const char *source;
    // Bytes of `source`.
    size_t source_length;
    // Who measured it, of a reference.
    const char *contributor;
    // Bytes of `contributor`.
    size_t contributor_length;
    // Adduct of the precursor, such as "[M+H]+".
    const char *precursor_type;
    // Bytes of `precursor_type`.
    size_t precursor_type_length;
    // Collision energy with its unit, such as "20 eV".
    const char *collision_energy;
    // Bytes of `collision_energy`.
    size_t collision_energy_length;
    // State of the sample of an infrared spectrum, such as "gas" or "KBr pellet".
    const char *sample_state;
    // Bytes of `sample_state`.
    size_t sample_state_length;
    // Any remark.
    const char *comment;
    // Bytes of `comment`.
    size_t comment_length;
} probity_spectrum_description;

// Receives what happens beside a result, one sentence at a time: what readers repaired, ignored or skipped, files
// that were passed over, entries that had to be prepared at once. `user_data` is what stands beside the callback in
// the options; `level` is PROBITY_LOG_NOTICE or PROBITY_LOG_WARNING; `message` is UTF-8, `length` bytes and a NUL,
// valid during the callback. It is called on the thread that made the call, within the call. It must return, must
// not throw, and must not use handles that the call uses.
typedef void (*probity_log_callback)(void *user_data,
                                     int32_t level,
                                     const char *message,
                                     size_t length);

// How spectrum files are read. Fill it with probity_read_options_init().
typedef struct probity_read_options {
    // sizeof (probity_read_options).
    uint32_t struct_size;
    // 0 (default): repair what can be understood, and report it. 1: the first case is an error.
    int32_t strict;
    // Called with what was repaired, ignored or skipped; NULL (default) for nobody.
    probity_log_callback log;
    // Handed to `log`.
    void *log_user_data;
} probity_read_options;

// Is told how far a long call is, and stops it by returning anything but 0: the call then returns
// PROBITY_ERROR_CANCELLED. What `done` and `total` count stands with each call; `done` never falls. `user_data` is what
// stands beside the callback in the options. It is called on the thread that made the call, within the call. It must
// return, must not throw, and must not use handles that the call uses.
typedef int32_t (*probity_progress_callback)(void *user_data,
                                             uint64_t done,
                                             uint64_t total);

// How a library is opened. Fill it with probity_open_options_init().
typedef struct probity_open_options {
    // sizeof (probity_open_options).
    uint32_t struct_size;
    // PROBITY_ACCESS_OWNED (default) or PROBITY_ACCESS_MAPPED; of library folders only.
    int32_t access;
    // Which state of a library folder: its number, or eleven or more of the first digits of its digest. NULL
    // (default) for the newest.
    const char *state;
    // Bytes of `state`.
    size_t state_length;
    // Called with what was repaired, ignored, skipped or passed over; NULL (default) for nobody.
    probity_log_callback log;
    // Handed to `log`.
    void *log_user_data;
    // 0 (default): repair in spectrum files what can be understood. 1: the first case is an error.
    int32_t strict;
    // 0.
    int32_t reserved;
    // Told how many bytes of a library folder's files are read and checked, or how many spectrum files are read of
    // those found so far, and asked whether to go on; NULL (default) for nobody. It is asked before each file, and while
    // a file of a folder that is opened owned is checked.
    probity_progress_callback progress;
    // Handed to `progress`.
    void *progress_user_data;
} probity_open_options;

// By whom, when and why a library is changed. Fill it with probity_change_options_init(). Texts are UTF-8, each with
// its length in bytes.
typedef struct probity_change_options {
    // sizeof (probity_change_options).
    uint32_t struct_size;
    // Threads that prepare entries: 0 (default) for as many as there are processors. The result does not depend on it.
    uint32_t threads;
    // When, in seconds since 1970-01-01 00:00:00 UTC; 0 (default) for now.
    int64_t time_unix_s;
    // Who; may be NULL.
    const char *operator_name;
    // Bytes of `operator_name`.
    size_t operator_name_length;
    // Why; may be NULL.
    const char *note;
    // Bytes of `note`.
    size_t note_length;
} probity_change_options;

// What a change led to. An output: set struct_size, the call fills the rest. When the call returns, it is durable.
typedef struct probity_change {
    // sizeof (probity_change).
    uint32_t struct_size;
    // 0.
    int32_t reserved;
    // The number of the new state.
    uint64_t state;
    // The id of the first new entry; the others follow. 0 if none is new.
    uint64_t first_entry_id;
    // The number of new entries.
    uint64_t entries_added;
    // The number of entries in the new state.
    uint64_t entries;
} probity_change;

// How long work on a library runs, and who watches it. Fill it with probity_work_options_init().
typedef struct probity_work_options {
    // sizeof (probity_work_options).
    uint32_t struct_size;
    // Threads that work: 0 (default) for as many as there are processors. The result does not depend on it.
    uint32_t threads;
    // Told how far the work is, and asked whether to go on; NULL (default) for nobody. What it counts stands with the
    // function.
    probity_progress_callback progress;
    // Handed to `progress`.
    void *progress_user_data;
} probity_work_options;

// What making an index led to. An output: set struct_size, the call fills the rest.
typedef struct probity_indexed {
    // sizeof (probity_indexed).
    uint32_t struct_size;
    // 0.
    int32_t reserved;
    // Index files written.
    uint64_t files_written;
    // Their bytes.
    uint64_t bytes_written;
    // Index files that were there already.
    uint64_t files_kept;
    // Of those written, how many took the place of one that could not be read.
    uint64_t files_replaced;
} probity_indexed;

// A measure of likeness: what it is, and of a hit, its value. An output: set struct_size, the call fills the rest.
typedef struct probity_measure {
    // sizeof (probity_measure).
    uint32_t struct_size;
    // 1 where the higher of two values tells of more likeness, 0 where the lower one does.
    int32_t higher_is_better;
    // The value of a hit; NaN where the measure is described alone.
    double value;
    // The lowest value that can occur.
    double minimum;
    // The highest value that can occur.
    double maximum;
    // The name, such as "match_factor". It lives as long as the handle that was asked.
    const char *name;
    // What it is, in words. It lives as long as the handle that was asked.
    const char *description;
} probity_measure;

// What a search asks for, and conditions that an entry must meet beyond the method's own. Fill it with
// probity_search_options_init(), which asks for ten hits and sets no condition. Texts are UTF-8, each with its length
// in bytes; an empty one is no condition. An entry that does not state what a condition asks for does not meet it,
// but for the retention index.
typedef struct probity_search_options {
    // sizeof (probity_search_options).
    uint32_t struct_size;
    // 1 (default): hits of nist-identity carry NIST's relative probability. 0: they do not, and are found sooner.
    int32_t relative_probability;
    // The most hits.
    size_t hits;
    // What the first measure of a hit must reach, in its own unit; 0 (default) asks nothing.
    double minimum;
    // Lowest monoisotopic mass of the entry's formula (or its stated mass) in Da; 0 for both ends is no condition.
    double molecular_mass_low_da;
    // Highest mass in Da.
    double molecular_mass_high_da;
    // How far the entry's precursor may lie from the query's, in the unit of `precursor_tolerance_unit`.
    double precursor_tolerance;
    // PROBITY_TOLERANCE_NONE (default), PROBITY_TOLERANCE_DA or PROBITY_TOLERANCE_PPM.
    int32_t precursor_tolerance_unit;
    // 1: `retention_index_window` holds. 0 (default): no condition.
    int32_t has_retention_index_window;
    // How far the entry's retention index may lie from the query's; entries without an index stay.
    double retention_index_window;
    // Share of the query's range of wavenumbers that the entry's must cover, 0 to 1; 0 (default) is no condition. It
    // asks nothing of mass spectra.
    double minimum_common_range;
    // Molecular formula of the entry, isotope labels included.
    const char *formula;
    // Bytes of `formula`.
    size_t formula_length;
    // Elements that must occur, separated by commas: "Cl,Br".
    const char *required_elements;
    // Bytes of `required_elements`.
    size_t required_elements_length;
    // Elements beyond which none may occur, separated by commas: "C,H,N,O".
    const char *allowed_elements;
    // Bytes of `allowed_elements`.
    size_t allowed_elements_length;
    // Groups, one of which the entry must state, one a line; case does not matter.
    const char *classes;
    // Bytes of `classes`.
    size_t classes_length;
    // Contributors, one of which the entry must state, one a line; case does not matter.
    const char *contributors;
    // Bytes of `contributors`.
    size_t contributors_length;
    // Told how many of the entries that take part are scored, and asked whether to go on, before the search, after each
    // thousand entries or so, and at the end; NULL (default) for nobody. A search with an index takes milliseconds and
    // scores few entries; this is for those that score all. It must be NULL where many queries are asked: then the
    // batch options have it.
    probity_progress_callback progress;
    // Handed to `progress`.
    void *progress_user_data;
} probity_search_options;

// How a searcher is made. Fill it with probity_searcher_options_init().
typedef struct probity_searcher_options {
    // sizeof (probity_searcher_options).
    uint32_t struct_size;
    // Threads that search: 0 (default) for as many as there are processors, 1 to search on the calling thread alone.
    // Answers do not depend on it.
    uint32_t threads;
    // Told when entries have to be prepared at once because the library stores no index; NULL (default) for nobody.
    probity_log_callback log;
    // Handed to `log`.
    void *log_user_data;
    // Told how far the preparation is, and asked whether to go on; NULL (default) for nobody. It counts entries, each
    // twice: prepared, and in the index. While an index that the library stores is checked, it is asked too.
    probity_progress_callback progress;
    // Handed to `progress`.
    void *progress_user_data;
} probity_searcher_options;

// How many queries are searched. Fill it with probity_batch_options_init().
typedef struct probity_batch_options {
    // sizeof (probity_batch_options).
    uint32_t struct_size;
    // Threads that share the queries: 0 (default) for those of the searcher, else as many as said, for this call.
    // Answers do not depend on it.
    uint32_t threads;
    // Told how many queries are answered, and asked whether to go on; NULL (default) for nobody.
    probity_progress_callback progress;
    // Handed to `progress`.
    void *progress_user_data;
} probity_batch_options;

// One entry's place in a hit list. An output: set struct_size, the call fills the rest. Texts live as long as the hit
// list; one that the entry does not state is NULL.
typedef struct probity_hit {
    // sizeof (probity_hit).
    uint32_t struct_size;
    // 1 if the spectrum is a derivative's although key and formula are the parent's, else 0.
    int32_t keyed_as_parent;
    // The place, from 1.
    uint64_t rank;
    // The entry's number in its library, which it keeps for ever.
    uint64_t entry_id;
    // The measure that orders the list, without any retention index penalty.
    double first_measure;
    // What the retention index took from it; 0 if nothing.
    double retention_index_penalty;
    // Query's retention index minus the entry's; NaN if it was not compared.
    double retention_index_difference;
    // The number of measures, for probity_hit_list_measure().
    size_t measure_count;
    // The name.
    const char *name;
    // Molecular formula as published.
    const char *formula;
    // InChIKey as published.
    const char *inchikey;
    // Key of the substance: first block of the InChIKey with an isotope label. Hits of one key are one substance.
    const char *substance_key;
    // CAS numbers as published, separated by commas.
    const char *cas_numbers;
    // Group that the source puts the substance in.
    const char *substance_class;
    // Number or accession in its source.
    const char *accession;
    // Collection that it was published in.
    const char *source;
    // Who measured it.
    const char *contributor;
} probity_hit;

// How many entries took part in a search, and why the others did not. An output: set struct_size, the call fills the
// rest.
typedef struct probity_search_counts {
    // sizeof (probity_search_counts).
    uint32_t struct_size;
    // 0.
    int32_t reserved;
    // Entries in the library.
    uint64_t entries;
    // Entries compared with the query.
    uint64_t compared;
    // Entries that a condition kept out.
    uint64_t filtered_out;
    // Entries whose spectrum the method cannot prepare.
    uint64_t not_comparable;
} probity_search_counts;

// Ions of mass spectra, or bands of infrared spectra, as columns of `count` numbers. An output: set struct_size, the
// call fills the rest. Columns live as long as the finding; one that does not apply is NULL, as are all of 0 rows.
typedef struct probity_evidence {
    // sizeof (probity_evidence).
    uint32_t struct_size;
    // 0 for ions, 1 for bands.
    int32_t is_bands;
    // The number of rows.
    size_t count;
    // Share of the query (0 to 1) that has a counterpart in the entry: of ions by intensity, of bands by height.
    double explained_share;
    // Share of the entry (0 to 1) that has a counterpart in the query.
    double found_share;
    // m/z, or wavenumber in cm⁻¹, in the query.
    const double *query_position;
    // Percent of the query's base peak or strongest band; of a band that was not compared, its height in the unit of
    // the prepared curve.
    const double *query_intensity;
    // m/z, or wavenumber in cm⁻¹, in the entry.
    const double *library_position;
    // Percent of the entry's base peak or strongest band; of a band that was not compared, its height in the unit of
    // the prepared curve.
    const double *library_intensity;
} probity_evidence;

// All hits of one substance in one form. Mass spectrometry does not choose between stereoisomers: they are one group.
// An output: set struct_size, the call fills the rest. Pointers live as long as the finding; a text that is not stated
// is NULL.
typedef struct probity_group {
    // sizeof (probity_group).
    uint32_t struct_size;
    // 1 if these are spectra of a derivative filed under its parent's key and formula, else 0.
    int32_t keyed_as_parent;
    // The place among the substances, from 1.
    uint64_t place;
    // The first measure of the best hit.
    double best_first_measure;
    // The entries, best first.
    const uint64_t *entry_ids;
    // The number of entries.
    size_t entry_count;
    // The number of stereoforms that the library holds under this key, whether among the hits or not.
    size_t stereoform_count;
    // The name of the best hit.
    const char *name;
    // The formula of the best hit.
    const char *formula;
    // The substance's key.
    const char *substance_key;
    // The derivative, such as "TMS", of a derivative's spectra.
    const char *derivative;
} probity_group;

// How a mixture is taken apart. Fill it with probity_mixture_options_init().
typedef struct probity_mixture_options {
    // sizeof (probity_mixture_options).
    uint32_t struct_size;
    // The most components, 1 to 10.
    uint32_t maximum_components;
    // How many neighbouring points share one independent piece of noise, from 1: the more, the fewer components.
    double points_per_independent_point;
    // The order of the polynomial that stands for the baseline, 0 to 6.
    uint32_t background_order;
    // 0.
    int32_t reserved;
    // Ids of entries of which the finding says what would have been seen; may be NULL.
    const uint64_t *targets;
    // The number of `targets`.
    size_t target_count;
} probity_mixture_options;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// ---- Which library this is ----
//
// The version of the library that runs, as text: "0.1.0". It lives as long as the program.
const char *probity_version_text(void);

// The version of the library that runs, as PROBITY_VERSION_NUMBER has it.
int32_t probity_version_number(void);

// What was built, for which system and how, in one line. It lives as long as the program.
const char *probity_build_text(void);

// Number of the binary interface of the library that runs. A program whose header has another PROBITY_ABI_VERSION
// must not use it.
int32_t probity_abi_version(void);

// Version of the library files that are written, which is the newest that can be read.
uint32_t probity_library_format_newest(void);

// Version of the oldest library files that can be read.
uint32_t probity_library_format_oldest(void);

// ---- Errors ----
//
// Ends an error. NULL does nothing.
void probity_error_free(struct probity_error *error);

// The status: the same that the failed function returned. 0 for NULL.
int32_t probity_error_status(const struct probity_error *error);

// The whole sentence: place and message, ready to be shown. NULL for NULL.
const char *probity_error_text(const struct probity_error *error);

// The sentence without the place. NULL for NULL.
const char *probity_error_message(const struct probity_error *error);

// The file, as the caller named it; NULL if it is about no file.
const char *probity_error_file(const struct probity_error *error);

// The section of a library's file; NULL if it is about none.
const char *probity_error_section(const struct probity_error *error);

// The field, as the format spells it; NULL if it is about none.
const char *probity_error_field(const struct probity_error *error);

// The record of a file, from 1; 0 if it is about none.
uint64_t probity_error_record(const struct probity_error *error);

// The line of the (decompressed) text, from 1; 0 if it is about none.
uint64_t probity_error_line(const struct probity_error *error);

// The byte of a file that is not text, from 0; -1 if it is about none.
int64_t probity_error_offset(const struct probity_error *error);

// ---- Spectra ----
//
// Fills a description with the defaults: nothing is stated. `size` is sizeof (probity_spectrum_description).
int32_t probity_spectrum_description_init(struct probity_spectrum_description *description,
                                          size_t size,
                                          struct probity_error **error);

// Makes a mass spectrum from `count` peaks: `mz` (finite, greater than 0, in any order) and `intensity` (finite, not
// negative, in any unit). Both are copied. `description` may be NULL. Ended by probity_query_free().
int32_t probity_query_from_peaks(const double *mz,
                                 const double *intensity,
                                 size_t count,
                                 const struct probity_spectrum_description *description,
                                 struct probity_query **query,
                                 struct probity_error **error);

// Makes an infrared spectrum from `count` points: `axis` (finite, ascending or descending, in the unit of a
// PROBITY_AXIS number) and `values` (finite, in the unit of a PROBITY_VALUE number). Both are copied. `description`
// may be NULL. Ended by probity_query_free().
int32_t probity_query_from_curve(const double *axis,
                                 int32_t axis_unit,
                                 const double *values,
                                 int32_t value_unit,
                                 size_t count,
                                 const struct probity_spectrum_description *description,
                                 struct probity_query **query,
                                 struct probity_error **error);

// Makes a query of an entry of a library: to draw it beside a query, or to search for what is like it. Ended by
// probity_query_free(). PROBITY_ERROR_NOT_FOUND if the opened state has no such entry.
int32_t probity_query_from_entry(const struct probity_library *library,
                                 uint64_t entry_id,
                                 struct probity_query **query,
                                 struct probity_error **error);

// Ends a query. NULL does nothing. A query that belongs to a list must not be freed.
void probity_query_free(struct probity_query *query);

// The name of the record, "" if it has none. It lives as long as the query. NULL for NULL.
const char *probity_query_name(const struct probity_query *query);

// What the query is: a PROBITY_KIND number. 0 for NULL.
int32_t probity_query_kind(const struct probity_query *query);

// The place of the record in its file, from 1; 0 if it was read from none.
uint64_t probity_query_record(const struct probity_query *query);

// The peaks of a mass spectrum, ascending in m/z, which live as long as the query. PROBITY_ERROR_UNSUPPORTED if it is
// a curve.
int32_t probity_query_peaks(const struct probity_query *query,
                            const double **mz,
                            const double **intensity,
                            size_t *count,
                            struct probity_error **error);

// The points of a curve as published, which live as long as the query, with the PROBITY_AXIS and PROBITY_VALUE
// numbers of their units. PROBITY_ERROR_UNSUPPORTED if it is a mass spectrum.
int32_t probity_query_curve(const struct probity_query *query,
                            const double **axis,
                            int32_t *axis_unit,
                            const double **values,
                            int32_t *value_unit,
                            size_t *count,
                            struct probity_error **error);

// Fills options for reading with the defaults. `size` is sizeof (probity_read_options).
int32_t probity_read_options_init(struct probity_read_options *options,
                                  size_t size,
                                  struct probity_error **error);

// Reads a file of any format that the library reads, told by its content; also compressed with gzip. `path` is
// UTF-8. `options` may be NULL. Ended by probity_query_list_free().
int32_t probity_query_list_from_file(const char *path,
                                     size_t path_length,
                                     const struct probity_read_options *options,
                                     struct probity_query_list **list,
                                     struct probity_error **error);

// Reads `length` bytes of any format that the library reads, as if they were a file called `name`, which stands in
// errors and names records that have no name of their own. The bytes are copied. `options` may be NULL. Ended by
// probity_query_list_free().
int32_t probity_query_list_from_bytes(const uint8_t *bytes,
                                      size_t length,
                                      const char *name,
                                      size_t name_length,
                                      const struct probity_read_options *options,
                                      struct probity_query_list **list,
                                      struct probity_error **error);

// Ends a list and its queries. NULL does nothing.
void probity_query_list_free(struct probity_query_list *list);

// The number of queries. 0 for NULL.
size_t probity_query_list_count(const struct probity_query_list *list);

// A query of the list, from 0, which lives as long as the list. NULL if there is none.
const struct probity_query *probity_query_list_query(const struct probity_query_list *list,
                                                     size_t index);

// The name of the format. It lives as long as the list. NULL for NULL.
const char *probity_query_list_format(const struct probity_query_list *list);

// SHA-256 of the input as stored, 64 hexadecimal digits. It lives as long as the list. NULL for NULL.
const char *probity_query_list_sha256(const struct probity_query_list *list);

// The number of records that could not be read and are not in the list. 0 for NULL.
uint64_t probity_query_list_records_skipped(const struct probity_query_list *list);

// The number of records that were read and are not in the list because a spectrum in it was computed from them: single
// beams, interferograms and the like of instrument files. Each is a sentence among the notices. Where the input holds
// nothing else they are queries, and searching says what is wrong with them. 0 for NULL.
uint64_t probity_query_list_records_passed_over(const struct probity_query_list *list);

// How often the reader repaired, ignored or skipped something; 0 for what was read as it stands. Any output may be
// NULL.
int32_t probity_query_list_report(const struct probity_query_list *list,
                                  uint64_t *repaired,
                                  uint64_t *ignored,
                                  uint64_t *skipped,
                                  struct probity_error **error);

// The number of sentences about what the reader did, of which at most 1,000 are kept, and about each record that was
// passed over.
size_t probity_query_list_notice_count(const struct probity_query_list *list);

// A sentence about what the reader did, from 0. It lives as long as the list. NULL if there is none.
const char *probity_query_list_notice(const struct probity_query_list *list,
                                      size_t index);

// ---- Libraries ----
//
// Fills options for opening with the defaults. `size` is sizeof (probity_open_options).
int32_t probity_open_options_init(struct probity_open_options *options,
                                  size_t size,
                                  struct probity_error **error);

// Opens a library: the folder of one, or a spectrum file or folder of them that is read as one. `path` is UTF-8.
// `options` may be NULL. Ended by probity_library_free().
int32_t probity_library_open(const char *path,
                             size_t path_length,
                             const struct probity_open_options *options,
                             struct probity_library **library,
                             struct probity_error **error);

// Opens the starter library, which is part of this library: the principal ions of a few substances, for trying out.
// Ended by probity_library_free().
int32_t probity_library_open_starter(struct probity_library **library,
                                     struct probity_error **error);

// Ends a library; searchers of it remain. NULL does nothing.
void probity_library_free(struct probity_library *library);

// The name. It lives as long as the library. NULL for NULL.
const char *probity_library_name(const struct probity_library *library);

// SHA-256 over the ids of the entries and all that they state, 64 hexadecimal digits. It lives as long as the
// library. NULL for NULL.
const char *probity_library_digest(const struct probity_library *library);

// The number of entries. 0 for NULL.
uint64_t probity_library_entry_count(const struct probity_library *library);

// The number of the state that is open, from 1; 0 of spectrum files, which have no states.
uint64_t probity_library_state(const struct probity_library *library);

// How far its answers reach: a PROBITY_SCOPE number. 0 for NULL.
int32_t probity_library_scope(const struct probity_library *library);

// The library as JSON: name, digest, scope, entries, state (when, by whom and why it was made) and the files that the
// entries were read from. It lives as long as the library. `length` may be NULL.
int32_t probity_library_json(const struct probity_library *library,
                             const char **json,
                             size_t *length,
                             struct probity_error **error);

// The number of records that could not be read when spectrum files were opened; they are no entries. 0 for NULL.
uint64_t probity_library_records_skipped(const struct probity_library *library);

// How often something was repaired, ignored or skipped when spectrum files were opened, and how many files of a folder
// were passed over; all 0 of a library folder. Any output may be NULL.
int32_t probity_library_report(const struct probity_library *library,
                               uint64_t *repaired,
                               uint64_t *ignored,
                               uint64_t *skipped,
                               uint64_t *files_passed_over,
                               struct probity_error **error);

// The number of sentences about what was repaired, ignored, skipped or passed over when spectrum files were opened;
// at most 1,000 of files are kept.
size_t probity_library_notice_count(const struct probity_library *library);

// A sentence about what happened on opening, from 0. It lives as long as the library. NULL if there is none.
const char *probity_library_notice(const struct probity_library *library,
                                   size_t index);

// ---- Changing libraries ----
//
// Fills options for a change with the defaults. `size` is sizeof (probity_change_options).
int32_t probity_change_options_init(struct probity_change_options *options,
                                    size_t size,
                                    struct probity_error **error);

// Makes a library called `name` of `count` spectra, in the folder `path`, which must be empty or not there; the first
// gets id 1. The library keeps the names and the SHA-256 of the files or buffers that the spectra were read from.
// `options` and `change` may be NULL.
int32_t probity_library_build(const char *path,
                              size_t path_length,
                              const char *name,
                              size_t name_length,
                              const struct probity_query *const *queries,
                              size_t count,
                              const struct probity_change_options *options,
                              struct probity_change *change,
                              struct probity_error **error);

// Adds `count` spectra to the library in the folder `path`: a new state, which readers of earlier ones do not notice.
// Entries get an index where the library has one. The library keeps the names and the SHA-256 of the files or buffers
// that the spectra were read from. PROBITY_ERROR_BUSY while another program changes the library; after any error it is
// as it was. `options` and `change` may be NULL.
int32_t probity_library_add(const char *path,
                            size_t path_length,
                            const struct probity_query *const *queries,
                            size_t count,
                            const struct probity_change_options *options,
                            struct probity_change *change,
                            struct probity_error **error);

// Withdraws `count` entries from the library in the folder `path`, for a `reason` that the library keeps: a new state
// without them. They stay in earlier states, and their ids are never given again. PROBITY_ERROR_INVALID_OPTION for an
// empty reason and for an id that the library has not, or not any more; PROBITY_ERROR_BUSY while another program
// changes the library. After any error it is as it was. `options` and `change` may be NULL.
int32_t probity_library_withdraw(const char *path,
                                 size_t path_length,
                                 const uint64_t *entry_ids,
                                 size_t count,
                                 const char *reason,
                                 size_t reason_length,
                                 const struct probity_change_options *options,
                                 struct probity_change *change,
                                 struct probity_error **error);

// Writes all entries of the library in the folder `path` that are not withdrawn into one file, under their ids, with an
// index where the library has one, and removes files that no state names: a new state of the same entries. Earlier
// states can still be opened. PROBITY_ERROR_BUSY while another program changes the library; after any error it is as
// it was. `options` and `change` may be NULL.
int32_t probity_library_compact(const char *path,
                                size_t path_length,
                                const struct probity_change_options *options,
                                struct probity_change *change,
                                struct probity_error **error);

// ---- Work that is watched, and answers that are JSON ----
//
// Fills options for work with the defaults. `size` is sizeof (probity_work_options).
int32_t probity_work_options_init(struct probity_work_options *options,
                                  size_t size,
                                  struct probity_error **error);

// Ends an answer. NULL does nothing.
void probity_json_free(struct probity_json *json);

// The JSON. It lives as long as the answer. NULL for NULL.
const char *probity_json_text(const struct probity_json *json);

// The bytes of the JSON, without the NUL. 0 for NULL.
size_t probity_json_length(const struct probity_json *json);

// ---- Looking after libraries ----
//
// Stores in the library in the folder `path` what searching by a method needs, so that searchers are made in
// milliseconds. No answer and no state changes, and later additions get an index too. `method` NULL stands for the
// first choices of what the library holds: "ei-default" for mass spectra, "ir-default" for curves. PROBITY_ERROR_BUSY
// while another program changes the library. `progress` counts entries, each twice: prepared, and in the index; after
// PROBITY_ERROR_CANCELLED index files that were finished stay. `options` and `indexed` may be NULL.
int32_t probity_library_index(const char *path,
                              size_t path_length,
                              const struct probity_method *method,
                              const struct probity_work_options *options,
                              struct probity_indexed *indexed,
                              struct probity_error **error);

// The states of the library in the folder `path` as JSON: of each its number, when, by whom and why it was made, its
// entries and digest, what is withdrawn and why; and what is wrong among them. Ended by probity_json_free().
int32_t probity_library_history(const char *path,
                                size_t path_length,
                                struct probity_json **history,
                                struct probity_error **error);

// Points out doubtful entries of a library, as JSON: how many findings there are of each kind, each finding with its
// severity, entries and a sentence, and what could not be checked. It changes nothing. `progress` counts entries, each
// twice: on its own, and among the others. `options` may be NULL. Ended by probity_json_free().
int32_t probity_library_audit(const struct probity_library *library,
                              const struct probity_work_options *options,
                              struct probity_json **report,
                              struct probity_error **error);

// ---- Verifying libraries ----
//
// Reads all files of all states of a library folder: every checksum, every entry against its digest, every state
// against its own. What does not agree is no error of the call, but stands in the result. Ended by
// probity_verification_free().
int32_t probity_library_verify(const char *path,
                               size_t path_length,
                               struct probity_verification **verification,
                               struct probity_error **error);

// As probity_library_verify(), watched: `progress` counts entries that are read and compared. It runs on the calling
// thread: `threads` must be 0 or 1. `options` may be NULL.
int32_t probity_library_verify_watched(const char *path,
                                       size_t path_length,
                                       const struct probity_work_options *options,
                                       struct probity_verification **verification,
                                       struct probity_error **error);

// Ends a verification. NULL does nothing.
void probity_verification_free(struct probity_verification *verification);

// The number of things that do not agree: 0 for a sound library, and for NULL.
size_t probity_verification_problem_count(const struct probity_verification *verification);

// A sentence about what does not agree, from 0, which names file and section. It lives as long as the verification.
// NULL if there is none.
const char *probity_verification_problem(const struct probity_verification *verification,
                                         size_t index);

// What was read and found, as JSON: sound states, segments, bytes, entries, index files, problems, files that no state
// names. It lives as long as the verification. NULL for NULL.
const char *probity_verification_json(const struct probity_verification *verification);

// ---- Methods ----
//
// The number of methods that come with the library.
size_t probity_method_shipped_count(void);

// A method that comes with the library, from 0. Ended by probity_method_free().
int32_t probity_method_shipped(size_t index,
                               struct probity_method **method,
                               struct probity_error **error);

// The method of a name that comes with the library, such as "ei-default" or "ir-default". PROBITY_ERROR_NOT_FOUND for
// an unknown name; the message lists the known ones. Ended by probity_method_free().
int32_t probity_method_named(const char *name,
                             size_t name_length,
                             struct probity_method **method,
                             struct probity_error **error);

// A method of one's own from its text in TOML, as those in crates/probity/methods are written. Ended by
// probity_method_free().
int32_t probity_method_from_toml(const char *toml,
                                 size_t toml_length,
                                 struct probity_method **method,
                                 struct probity_error **error);

// Ends a method; searchers by it remain. NULL does nothing.
void probity_method_free(struct probity_method *method);

// The name. It lives as long as the method. NULL for NULL.
const char *probity_method_name(const struct probity_method *method);

// The version, which is raised whenever results may change. 0 for NULL.
uint32_t probity_method_version(const struct probity_method *method);

// What it does and what it is good for. It lives as long as the method. NULL for NULL.
const char *probity_method_description(const struct probity_method *method);

// SHA-256 of its canonical text, 64 hexadecimal digits. It lives as long as the method. NULL for NULL.
const char *probity_method_digest(const struct probity_method *method);

// The whole method as JSON. It lives as long as the method. NULL for NULL.
const char *probity_method_json(const struct probity_method *method);

// The technique whose spectra it compares: a PROBITY_TECHNIQUE number. 0 for NULL.
int32_t probity_method_technique(const struct probity_method *method);

// The number of measures that a hit may have. 0 for NULL.
size_t probity_method_measure_count(const struct probity_method *method);

// A measure that a hit may have, from 0; the first orders the hits.
int32_t probity_method_measure(const struct probity_method *method,
                               size_t index,
                               struct probity_measure *measure,
                               struct probity_error **error);

// ---- Searching ----
//
// Fills options for searching with the defaults. `size` is sizeof (probity_search_options).
int32_t probity_search_options_init(struct probity_search_options *options,
                                    size_t size,
                                    struct probity_error **error);

// Fills options for a searcher with the defaults. `size` is sizeof (probity_searcher_options).
int32_t probity_searcher_options_init(struct probity_searcher_options *options,
                                      size_t size,
                                      struct probity_error **error);

// Prepares a library for searching by a method. It takes milliseconds where the library stores an index for the
// method, else each entry is prepared now. `options` may be NULL. Ended by probity_searcher_free().
int32_t probity_searcher_new(const struct probity_library *library,
                             const struct probity_method *method,
                             const struct probity_searcher_options *options,
                             struct probity_searcher **searcher,
                             struct probity_error **error);

// Ends a searcher. No thread may be searching. NULL does nothing.
void probity_searcher_free(struct probity_searcher *searcher);

// The number of threads that search. 0 for NULL.
uint32_t probity_searcher_threads(const struct probity_searcher *searcher);

// The number of entries that the method cannot compare: without peaks or points, or refused by a step. 0 for NULL.
uint64_t probity_searcher_entries_not_comparable(const struct probity_searcher *searcher);

// Searches: the best entries with their measures, without evidence and warnings. `options` may be NULL. Ended by
// probity_hit_list_free().
int32_t probity_searcher_search(const struct probity_searcher *searcher,
                                const struct probity_query *query,
                                const struct probity_search_options *options,
                                struct probity_hit_list **hits,
                                struct probity_error **error);

// Searches and explains: hits with the ions or bands for and against them, groups by substance, outcome, warnings,
// and the whole answer as JSON. `options` may be NULL. Ended by probity_finding_free().
int32_t probity_searcher_identify(const struct probity_searcher *searcher,
                                  const struct probity_query *query,
                                  const struct probity_search_options *options,
                                  struct probity_finding **finding,
                                  struct probity_error **error);

// ---- Many queries at once ----
//
// Fills options for a batch with the defaults. `size` is sizeof (probity_batch_options).
int32_t probity_batch_options_init(struct probity_batch_options *options,
                                   size_t size,
                                   struct probity_error **error);

// Searches `count` queries: the same answers as one after the other, sooner. Queries that fail do not stop the others:
// their errors are in the batch. `options` and `batch_options` may be NULL; `progress` of `options` must be NULL. Ended
// by probity_batch_free().
int32_t probity_searcher_search_many(const struct probity_searcher *searcher,
                                     const struct probity_query *const *queries,
                                     size_t count,
                                     const struct probity_search_options *options,
                                     const struct probity_batch_options *batch_options,
                                     struct probity_batch **batch,
                                     struct probity_error **error);

// Ends a batch and its hit lists. NULL does nothing.
void probity_batch_free(struct probity_batch *batch);

// The number of answers: that of the queries. 0 for NULL.
size_t probity_batch_count(const struct probity_batch *batch);

// The hits of a query, from 0, which live as long as the batch; or the status and error that the search of this query
// ended with.
int32_t probity_batch_hits(const struct probity_batch *batch,
                           size_t index,
                           const struct probity_hit_list **hits,
                           struct probity_error **error);

// ---- Hits ----
//
// Ends a hit list. NULL does nothing. One that belongs to a batch or a finding must not be freed.
void probity_hit_list_free(struct probity_hit_list *hits);

// The number of hits. 0 for NULL.
size_t probity_hit_list_count(const struct probity_hit_list *hits);

// A hit, from 0.
int32_t probity_hit_list_hit(const struct probity_hit_list *hits,
                             size_t index,
                             struct probity_hit *hit,
                             struct probity_error **error);

// A measure of a hit, both from 0; the first orders the list.
int32_t probity_hit_list_measure(const struct probity_hit_list *hits,
                                 size_t hit_index,
                                 size_t measure_index,
                                 struct probity_measure *measure,
                                 struct probity_error **error);

// The value of a hit's measure of a name, such as "match_factor". PROBITY_ERROR_NOT_FOUND if the hit has none.
int32_t probity_hit_list_value(const struct probity_hit_list *hits,
                               size_t hit_index,
                               const char *name,
                               size_t name_length,
                               double *value,
                               struct probity_error **error);

// How many entries took part in the search.
int32_t probity_hit_list_counts(const struct probity_hit_list *hits,
                                struct probity_search_counts *counts,
                                struct probity_error **error);

// Ranks, entry ids, measures and counts as JSON. It lives as long as the list. `length` may be NULL.
int32_t probity_hit_list_json(const struct probity_hit_list *hits,
                              const char **json,
                              size_t *length,
                              struct probity_error **error);

// ---- Findings: hits with evidence, outcome and warnings ----
//
// Ends a finding. NULL does nothing.
void probity_finding_free(struct probity_finding *finding);

// The whole answer as JSON, as crates/probity/schema/finding.schema.json describes it. It lives as long as the
// finding. `length` may be NULL.
int32_t probity_finding_json(const struct probity_finding *finding,
                             const char **json,
                             size_t *length,
                             struct probity_error **error);

// SHA-256 of the answer but for the path of the query's file, 64 hexadecimal digits. It lives as long as the finding.
// NULL for NULL.
const char *probity_finding_digest(const struct probity_finding *finding);

// What the finding is not; to be shown under every report. It lives as long as the finding. NULL for NULL.
const char *probity_finding_statement(const struct probity_finding *finding);

// The hits, which live as long as the finding and must not be freed. NULL for NULL.
const struct probity_hit_list *probity_finding_hits(const struct probity_finding *finding);

// Ions or bands of a hit (from 0): one of the PROBITY_EVIDENCE kinds.
int32_t probity_finding_evidence(const struct probity_finding *finding,
                                 size_t hit_index,
                                 int32_t which,
                                 struct probity_evidence *evidence,
                                 struct probity_error **error);

// The number of groups: substances, each in one form. 0 for NULL.
size_t probity_finding_group_count(const struct probity_finding *finding);

// A group, from 0, in the order of their best hits.
int32_t probity_finding_group(const struct probity_finding *finding,
                              size_t index,
                              struct probity_group *group,
                              struct probity_error **error);

// What may be said: a PROBITY_OUTCOME number. Later versions have more: treat one that you do not know as
// inconclusive. 0 for NULL.
int32_t probity_finding_outcome(const struct probity_finding *finding);

// The outcome as its JSON has it, such as "inconclusive". It lives as long as the finding. NULL for NULL.
const char *probity_finding_outcome_name(const struct probity_finding *finding);

// The number of reasons for the outcome. 0 for NULL.
size_t probity_finding_reason_count(const struct probity_finding *finding);

// A reason for the outcome, from 0: its name, such as "no_calibration", and a sentence. Both live as long as the
// finding; either output may be NULL.
int32_t probity_finding_reason(const struct probity_finding *finding,
                               size_t index,
                               const char **code,
                               const char **sentence,
                               struct probity_error **error);

// The number of warnings. 0 for NULL.
size_t probity_finding_warning_count(const struct probity_finding *finding);

// Something to look at before a hit is believed, from 0: its name, such as "rivals", and a sentence. Both live as long
// as the finding; either output may be NULL.
int32_t probity_finding_warning(const struct probity_finding *finding,
                                size_t index,
                                const char **code,
                                const char **sentence,
                                struct probity_error **error);

// Searches and explains `count` queries: the same findings as one after the other, sooner. Queries that fail do not stop
// the others: their errors are in the batch. `options` and `batch_options` may be NULL; `progress` of `options` must be
// NULL. Ended by probity_finding_batch_free().
int32_t probity_searcher_identify_many(const struct probity_searcher *searcher,
                                       const struct probity_query *const *queries,
                                       size_t count,
                                       const struct probity_search_options *options,
                                       const struct probity_batch_options *batch_options,
                                       struct probity_finding_batch **batch,
                                       struct probity_error **error);

// Ends a batch and its findings. NULL does nothing.
void probity_finding_batch_free(struct probity_finding_batch *batch);

// The number of findings: that of the queries. 0 for NULL.
size_t probity_finding_batch_count(const struct probity_finding_batch *batch);

// The finding of a query, from 0, which lives as long as the batch and must not be freed; or the status and error that
// this query ended with.
int32_t probity_finding_batch_finding(const struct probity_finding_batch *batch,
                                      size_t index,
                                      const struct probity_finding **finding,
                                      struct probity_error **error);

// All findings as JSON, one line for each query, as probity_finding_json() has them; a query that failed has
// {"error":{"status":..., "message":...}} in its line. It lives as long as the batch. `length` may be NULL.
int32_t probity_finding_batch_json(const struct probity_finding_batch *batch,
                                   const char **json,
                                   size_t *length,
                                   struct probity_error **error);

// ---- One hit, and mixtures ----
//
// How the first measure of an entry comes about, as JSON: a tree of `value`, `description` and `children`, whose root is
// the measure itself, whether or not a search finds the entry. PROBITY_ERROR_NOT_FOUND if the library has no such entry,
// PROBITY_ERROR_UNSUPPORTED if the method cannot compare the two. Ended by probity_json_free().
int32_t probity_searcher_explain(const struct probity_searcher *searcher,
                                 const struct probity_query *query,
                                 uint64_t entry_id,
                                 struct probity_json **explanation,
                                 struct probity_error **error);

// Fills options for mixtures with the defaults. `size` is sizeof (probity_mixture_options).
int32_t probity_mixture_options_init(struct probity_mixture_options *options,
                                     size_t size,
                                     struct probity_error **error);

// Takes an infrared spectrum apart: which few entries add up to it, with shares of the signal, what speaks against
// each, and what would have been seen of the targets; as JSON, as crates/probity/schema/mixture_finding.schema.json
// describes it. Of the searcher's method the recipe is used, and no more. `conditions` say which entries may be
// components; its `hits`, `minimum`, `relative_probability` and `progress`, which are about searching, must be as
// probity_search_options_init() sets them. `conditions` and `options` may be NULL. It cannot be stopped. Ended by
// probity_json_free().
int32_t probity_searcher_find_mixture(const struct probity_searcher *searcher,
                                      const struct probity_query *query,
                                      const struct probity_search_options *conditions,
                                      const struct probity_mixture_options *options,
                                      struct probity_json **finding,
                                      struct probity_error **error);

// ---- One call for hosts without structs and callbacks ----
//
// Searches a mass spectrum of `count` peaks and writes the whole answer as JSON, for hosts that have neither structs nor
// callbacks (LabVIEW, Visual Basic): plain arrays and numbers only, the searcher as a number of pointer size.
//
// `needed` gets the bytes of the JSON with its NUL. If `capacity` is less, nothing is written to `buffer` and the
// status is PROBITY_ERROR_BUFFER_TOO_SMALL; `buffer` NULL with `capacity` 0 only asks for `needed`, and is
// PROBITY_OK. The same query has the same JSON, so that a second call with a buffer of that size succeeds. A first
// buffer of one megabyte saves most hosts the second search.
//
// This is the one call whose outputs are written on failure too, since it hands out no error: `buffer` then gets
// {"error":{"status":..., "message":...}}, if it fits, and `needed` the bytes of that.
int32_t probity_identify_json(const struct probity_searcher *searcher,
                              const double *mz,
                              const double *intensity,
                              size_t count,
                              char *buffer,
                              size_t capacity,
                              size_t *needed);

// As probity_identify_json(), of an infrared spectrum of `count` points: wavenumbers in cm⁻¹, and values in the unit of
// a PROBITY_VALUE number.
int32_t probity_identify_curve_json(const struct probity_searcher *searcher,
                                    const double *wavenumber_cm1,
                                    const double *values,
                                    size_t count,
                                    int32_t value_unit,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *needed);

// ---- What the international lists say ----
//
// Looks a substance up by InChIKey, CAS number, name, substance key or molecular formula, whichever `text` is. That
// nothing is found is an answer too. Ended by probity_substance_answer_free().
int32_t probity_substance_lookup(const char *text,
                                 size_t text_length,
                                 struct probity_substance_answer **answer,
                                 struct probity_error **error);

// Ends an answer. NULL does nothing.
void probity_substance_answer_free(struct probity_substance_answer *answer);

// The number of rows of the lists that fit, the closest first. 0 for NULL.
size_t probity_substance_answer_match_count(const struct probity_substance_answer *answer);

// The number of sentences: one a row, then what to keep in mind, such as the state of the lists. 0 for NULL.
size_t probity_substance_answer_sentence_count(const struct probity_substance_answer *answer);

// A sentence of the answer, from 0. It lives as long as the answer. NULL if there is none.
const char *probity_substance_answer_sentence(const struct probity_substance_answer *answer,
                                              size_t index);

// The answer as JSON with all that the lists hold of each row. It lives as long as the answer. NULL for NULL.
const char *probity_substance_answer_json(const struct probity_substance_answer *answer);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PROBITY_H */
