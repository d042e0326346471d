//! Files and folders as inputs.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::detect::read_detected;
use super::gzip::{is_gzip, unpack_gzip};
use super::{Format, Limits, Parsed, ReadOptions, ReadReport, Record};
use crate::error::{Error, Result};
use crate::progress::{Watch, Watched};
use crate::spectrum::{Spectrum, Technique};

/// One input: its records, and what a finding must say of its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Input {
    /// The path or name, as the caller gave it.
    pub name: String,
    /// The format it was found to be in.
    pub format: Format,
    /// Whether it was compressed with gzip.
    pub compressed: bool,
    /// SHA-256 of the source as stored (before decompression), in 64 hexadecimal digits.
    pub sha256: String,
    /// The records, in the order of the input.
    pub records: Vec<Record>,
    /// What was repaired, ignored or skipped.
    pub report: ReadReport,
}

/// Reads an input that is in memory. `name` stands in errors, and names a record of two-column text or
/// an Agilent ASP, which has no name of its own.
///
/// # Errors
/// `Malformed`, `Unsupported` or `LimitReached`, each with `name` and the place.
pub fn read_bytes(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Input> {
    let path = Path::new(name);
    read_source(bytes, path, options).map_err(|error| error.in_file(path))
}

/// Reads one file.
///
/// A file of two-column text names its record. Where such a file stands in a folder that is named by a
/// voltage (`+30 V`, as NIST keeps its DART-MS spectra), the record gets that in-source voltage among
/// its other fields and the technique in-source CID.
///
/// # Errors
/// `Io` where the file cannot be read; `LimitReached` where it is larger than `options` allow, before it
/// is read; `Malformed` or `Unsupported` with the file and the place.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<Input> {
    let bytes = load(path, &options.limits)?;
    read_source(&bytes, path, options).map_err(|error| error.in_file(path))
}

/// Takes a regular file into memory, if it is not larger than allowed.
fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| Error::io(path, "open the file", error))?;
    let metadata = file.metadata().map_err(|error| Error::io(path, "look at the file", error))?;
    if !metadata.is_file() {
        return Err(Error::unsupported("it is not a regular file").in_file(path));
    }
    let too_large =
        || Error::limit(format!("the file is larger than {} bytes", limits.input_bytes)).in_file(path);
    if metadata.len() > limits.input_bytes {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    file.take(limits.input_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io(path, "read the file", error))?;
    if bytes.len() as u64 > limits.input_bytes { Err(too_large()) } else { Ok(bytes) }
}

fn read_source(bytes: &[u8], path: &Path, options: &ReadOptions) -> Result<Input> {
    let sha256 = hex(&Sha256::digest(bytes));
    let compressed = is_gzip(bytes);
    let (format, parsed) = if compressed {
        read_detected(&unpack_gzip(bytes, &options.limits)?, options)?
    } else if bytes.len() as u64 > options.limits.input_bytes {
        return Err(Error::limit(format!("the input is larger than {} bytes", options.limits.input_bytes)));
    } else {
        read_detected(bytes, options)?
    };
    let Parsed { mut records, report } = parsed;
    if matches!(format, Format::TwoColumn | Format::AgilentAsp) {
        records.iter_mut().for_each(|record| name_by_path(record, path));
    }
    Ok(Input { name: path.display().to_string(), format, compressed, sha256, records, report })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Gives a record without a name of its own that of its file, and what its folder says.
fn name_by_path(record: &mut Record, path: &Path) {
    let file_name = path.file_name().unwrap_or(path.as_os_str());
    let mut stem = Path::new(file_name);
    if stem.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        stem = Path::new(stem.file_stem().unwrap_or(file_name));
    }
    if record.name.is_empty() {
        record.name = stem.file_stem().unwrap_or(stem.as_os_str()).to_string_lossy().into_owned();
    }
    let folder = path.parent().and_then(Path::file_name).and_then(OsStr::to_str);
    if let Some(voltage) = folder.filter(|name| is_voltage(name))
        && let Spectrum::Mass(mass) = &mut record.spectrum
    {
        mass.acquisition.technique.get_or_insert(Technique::InSourceCid);
        record.other_fields.push(("In-source_voltage".to_owned(), voltage.to_owned()));
    }
}

/// Whether a folder's name is a signed voltage, such as `+30 V`.
fn is_voltage(name: &str) -> bool {
    let Some(number) = name.strip_prefix(['+', '-']).and_then(|rest| rest.strip_suffix('V')) else {
        return false;
    };
    let number = number.trim_end();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A file that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedFile {
    /// The path.
    pub name: String,
    /// The reason, in a sentence.
    pub reason: String,
}

/// What was read from a path.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Inputs {
    /// The inputs, sorted by path within each folder.
    pub inputs: Vec<Input>,
    /// Files and folders that were passed over.
    pub skipped: Vec<SkippedFile>,
    /// How many files and folders were passed over because their names begin with a dot.
    pub hidden: u64,
}

impl IntoIterator for Inputs {
    type Item = Input;
    type IntoIter = std::vec::IntoIter<Input>;

    /// The inputs alone; look at [`Inputs::skipped`] first.
    fn into_iter(self) -> Self::IntoIter {
        self.inputs.into_iter()
    }
}

/// Reads a file, or every file of a folder and its subfolders, in the order of their names.
///
/// In a folder, hidden files (with a dot before the name) are counted and passed over; files that
/// cannot be read as spectra are passed over and listed, unless the reader is strict. A folder that is
/// reached a second time through a link is not entered again.
///
/// # Errors
/// As [`read_file`] for a single file; for a folder `Io` and `LimitReached`, `Malformed` and `Unsupported`
/// where the reader is strict, and `Unsupported` where no file in it could be read.
pub fn read_path(path: &Path, options: &ReadOptions) -> Result<Inputs> {
    super::folder::read(path, options, &mut Watched::by_nobody())
}

/// As [`read_path`], and tells `watch` how many files are read, of those that were found so far.
///
/// # Errors
/// As [`read_path`]; `Cancelled` if `watch` breaks off.
pub fn read_path_watched(path: &Path, options: &ReadOptions, watch: &mut Watch<'_>) -> Result<Inputs> {
    super::folder::read(path, options, &mut Watched::by(watch))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const MSP: &[u8] = b"Name: a\nNum Peaks: 1\n41 29\n";

    #[test]
    fn an_input_names_its_format_and_digest() {
        let input = read_bytes(b"abc", "note.txt", &ReadOptions::default()).unwrap_err();
        assert_eq!(input.to_string(), "note.txt: the input is text in no format that this version knows");
        let input = read_bytes(MSP, "a.msp", &ReadOptions::default()).unwrap();
        assert_eq!((input.format, input.compressed, input.records.len()), (Format::Msp, false, 1));
        // The digest of "abc" is the example of FIPS 180-4.
        assert_eq!(
            hex(&Sha256::digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_limit_holds_before_and_after_unpacking() {
        let options = ReadOptions::default().limits(Limits { input_bytes: 10, ..Limits::default() });
        assert_eq!(read_bytes(MSP, "a", &options).unwrap_err().kind(), ErrorKind::LimitReached);
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let error = read_file(&place, &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
        assert!(error.location().file.is_some());
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read_file(Path::new("no such file.msp"), &ReadOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().starts_with("no such file.msp: cannot open the file"), "{error}");
    }

    #[test]
    fn an_agilent_asp_is_named_by_its_path() {
        let bytes = b"2\n4000\n400\n1\n2\n4\n0.1\n0.2\n";
        let input = read_bytes(bytes, "run/film 3.asp", &ReadOptions::default()).unwrap();
        assert_eq!((input.format, input.records[0].name.as_str()), (Format::AgilentAsp, "film 3"));
    }

    #[test]
    fn two_columns_are_named_by_their_path() {
        let read = |name| read_bytes(b"41 29\n", name, &ReadOptions::default()).unwrap().records.remove(0);
        let record = read("run/+30 V/L0331.txt.gz");
        assert_eq!(record.name, "L0331");
        assert_eq!(record.other_fields, [("In-source_voltage".to_owned(), "+30 V".to_owned())]);
        assert_eq!(record.spectrum.as_mass().unwrap().acquisition.technique, Some(Technique::InSourceCid));
        let record = read("30 V/query 7.csv");
        assert_eq!((record.name.as_str(), record.other_fields.len()), ("query 7", 0));
    }

    /// The folder of real data; the tests that need it are ignored unless asked for.
    fn data_folder() -> std::path::PathBuf {
        std::env::var_os("PROBITY_DATA").expect("PROBITY_DATA names the folder of real data").into()
    }

    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn every_record_of_the_data_pack_is_read() {
        use Technique::{ElectronIonization, InSourceCid, TandemMassSpectrometry};
        // The counts are those of the pack's README and of the lines "Name:"; each file holds spectra of
        // one technique only, and those of queries_600.msp state none.
        for (file, records, technique) in [
            ("ms/ei_reference_swgdrug.msp.gz", 3_025, Some(ElectronIonization)),
            ("ms/ei_reference_massbank.msp.gz", 1_649, Some(ElectronIonization)),
            ("ms/msms_reference.msp.gz", 51_734, Some(TandemMassSpectrometry)),
            ("ms/dart_reference.msp", 42, Some(InSourceCid)),
            ("ms/dart_simulated_reference.msp.gz", 1_344, Some(InSourceCid)),
            ("ms/queries/dart_queries.msp", 27, Some(InSourceCid)),
            ("ms/queries/ei_queries.msp", 201, Some(ElectronIonization)),
            ("ms/queries/msms_queries.msp", 667, Some(TandemMassSpectrometry)),
            ("nist/massbank_subset_ei_lr.msp", 10, Some(ElectronIonization)),
            ("nist/massbank_subset_msms_hr.msp", 15, Some(TandemMassSpectrometry)),
            ("nist/queries_600.msp", 600, None),
        ] {
            let input = read_file(&data_folder().join(file), &ReadOptions::default()).unwrap();
            assert_eq!(input.records.len(), records, "{file}");
            assert!(
                input.report.is_clean() && input.report.records_skipped == 0,
                "{file}: {:?}",
                input.report
            );
            let others = input
                .records
                .iter()
                .filter(|record| record.spectrum.as_mass().unwrap().acquisition.technique != technique);
            assert_eq!(others.count(), 0, "{file}");
        }
    }

    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn fields_of_the_data_pack_are_where_they_belong() {
        let records = |file| read_file(&data_folder().join(file), &ReadOptions::default()).unwrap().records;
        let count = |records: &[Record], has: fn(&Record) -> bool| {
            records.iter().filter(|record| has(record)).count()
        };
        let acquisition = |record: &Record| record.spectrum.as_mass().unwrap().acquisition.clone();
        // Numbers of lines of each field, found with grep.
        let swgdrug = records("ms/ei_reference_swgdrug.msp.gz");
        assert_eq!(count(&swgdrug, |record| record.identity.inchikey.is_some()), 3_022);
        assert_eq!(count(&swgdrug, |record| record.identity.smiles.is_some()), 2_404);
        assert_eq!(count(&swgdrug, |record| !record.identity.cas_numbers.is_empty()), 1_833);
        // 4,996 synonyms, 698 of them empty, repeated or the name (counted with a script).
        assert_eq!(swgdrug.iter().map(|record| record.identity.synonyms.len()).sum::<usize>(), 4_298);
        // 1,279 retention indices, 79 of them 0 and 32 "NA"; 1,186 derivatives, 12 of them "0 TMS".
        let massbank = records("ms/ei_reference_massbank.msp.gz");
        let with_index = massbank.iter().filter(|record| acquisition(record).retention_index.is_some());
        assert_eq!(with_index.count(), 1_279 - 79 - 32);
        assert_eq!(count(&massbank, |record| record.form.derivative.is_some()), 1_186 - 12);
        // 49,522 precursors, 63 of them "NA".
        let msms = records("ms/msms_reference.msp.gz");
        let with_precursor = msms.iter().filter(|record| acquisition(record).precursor_mz.is_some());
        assert_eq!(with_precursor.count(), 49_522 - 63);
    }
}
