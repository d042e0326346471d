//! What the end-to-end tests share: where fixtures and the data folder are, seeded spectra, and storages
//! that record, fail and lose.

pub mod crash;
pub mod disk_image;
pub mod faulty_storage;
pub mod forged_index;
pub mod forged_library;
pub mod locators;
pub mod raw_container;
pub mod recorded_storage;

use std::path::{Path, PathBuf};

use probity::format::{Provenance, ReadOptions, Record, RecordPlace, read_path};
use probity::search::Method;
use probity::spectrum::{
    Acquisition, Axis, AxisUnit, Curve, CurveAcquisition, CurveKind, InfraredTechnique, MassSpectrum,
    PeakList, Spectrum, Technique, ValueUnit,
};
use probity::substance::{Form, Identity};

/// The folder of fixtures.
#[must_use]
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// The folder of real data that `PROBITY_DATA` names.
///
/// # Panics
/// If the variable is not set or the folder holds no README: a test that needs the data must not pass
/// without it.
#[must_use]
pub fn data() -> PathBuf {
    let folder = std::env::var_os("PROBITY_DATA").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| panic!("PROBITY_DATA does not name the data folder"));
    assert!(folder.join("README.md").is_file(), "{} is not the data folder", folder.display());
    folder
}

/// All records of a fixture.
///
/// # Panics
/// If the fixture cannot be read.
#[must_use]
pub fn read_fixture(name: &str) -> Vec<Record> {
    read_records(&fixtures().join(name))
}

/// All records of a file or folder.
///
/// # Panics
/// If it cannot be read.
#[must_use]
pub fn read_records(path: &Path) -> Vec<Record> {
    match read_path(path, &ReadOptions::default()) {
        Ok(inputs) => inputs.inputs.into_iter().flat_map(|input| input.records).collect(),
        Err(error) => panic!("{error}"),
    }
}

/// A generator of numbers that are the same everywhere: splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Seeded(u64);

impl Seeded {
    /// Starts from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next_bits() % end
    }
}

/// Spectra with unit-mass-like m/z, a precursor and skewed intensities.
///
/// # Panics
/// Never: the generated peaks are sound.
#[must_use]
pub fn synthetic_records(count: usize, seed: u64) -> Vec<Record> {
    let mut random = Seeded::new(seed);
    (0..count)
        .map(|index| {
            let peaks = 5 + random.below(60);
            let (mut mz, mut intensity) = (Vec::new(), Vec::new());
            for _ in 0..peaks {
                mz.push(35.0 + random.below(350) as f64 + 0.001 * random.below(300) as f64);
                let height = random.below(1_000) as f64;
                intensity.push(1.0 + height * height / 1_000.0);
            }
            let peaks = PeakList::try_new(mz, intensity).unwrap_or_default();
            let acquisition = Acquisition {
                technique: (index % 2 == 0).then_some(Technique::ElectronIonization),
                precursor_mz: Some(200.0 + random.below(5) as f64),
                ..Acquisition::default()
            };
            Record {
                name: format!("synthetic {seed}-{index}"),
                identity: Identity { formula: Some("C17H21NO4".to_owned()), ..Identity::default() },
                form: Form::default(),
                spectrum: Spectrum::Mass(MassSpectrum { peaks, acquisition, ..MassSpectrum::default() }),
                provenance: Provenance::default(),
                other_fields: Vec::new(),
                place: RecordPlace::default(),
            }
        })
        .collect()
}

/// Infrared spectra in families of three, over several ranges, ascending and descending, some with a gap.
///
/// # Panics
/// Never: the generated curves are sound.
#[must_use]
pub fn synthetic_curves(count: usize, seed: u64) -> Vec<Record> {
    let mut random = Seeded::new(seed);
    let ranges = [(400.0, 4_000.0), (4_000.0, 650.0), (3_846.0, 550.0), (1_800.0, 600.0)];
    let mut bands: Vec<(f64, f64, f64)> = Vec::new();
    let mut records = Vec::with_capacity(count);
    for index in 0..count {
        if index % 3 == 0 {
            bands = (0..3 + random.below(12))
                .map(|_| {
                    let number = |end: u64, random: &mut Seeded| random.below(end) as f64;
                    (
                        450.0 + number(3_500, &mut random),
                        4.0 + number(60, &mut random),
                        number(100, &mut random) / 50.0,
                    )
                })
                .collect();
        }
        let (first, last) = ranges[random.below(4) as usize];
        let points = [401, 901, 1_801][random.below(3) as usize];
        let slope = random.below(100) as f64 / 1e6;
        let value = |point: usize, random: &mut Seeded| {
            let x = first + (last - first) * point as f64 / (points as f64 - 1.0);
            let band = |&(centre, width, height): &(f64, f64, f64)| {
                let distance = (x - centre) / width;
                height / (1.0 + distance * distance)
            };
            bands.iter().map(band).sum::<f64>() + slope * x + random.below(1_000) as f64 / 1e6
        };
        let values: Vec<f64> = (0..points).map(|point| value(point, &mut random)).collect();
        let missing = if random.below(5) == 0 { (90..120).collect() } else { Vec::new() };
        let axis = Axis::uniform(first, last, points).unwrap_or_else(|error| unreachable!("{error}"));
        let axis = (axis, AxisUnit::Wavenumber);
        let curve = Curve::try_new(CurveKind::Spectrum, axis, (values, ValueUnit::Absorbance))
            .and_then(|curve| curve.missing(missing))
            .unwrap_or_else(|error| unreachable!("{error}"));
        let technique =
            [Some(InfraredTechnique::AttenuatedTotalReflection), Some(InfraredTechnique::GasPhase), None];
        let technique = technique[index % 3];
        records.push(Record {
            name: format!("curve {seed}-{}", index / 3),
            identity: Identity::default(),
            form: Form::default(),
            spectrum: Spectrum::Curve(
                curve.acquisition(CurveAcquisition { technique, ..CurveAcquisition::default() }),
            ),
            provenance: Provenance::default(),
            other_fields: Vec::new(),
            place: RecordPlace::default(),
        });
    }
    records
}

/// The shipped methods of a kind: for infrared spectra, or for mass spectra.
///
/// # Panics
/// If a shipped method cannot be read.
#[must_use]
pub fn shipped_methods(infrared: bool) -> Vec<Method> {
    let mut methods = Method::shipped().unwrap_or_else(|error| unreachable!("{error}"));
    methods.retain(|method| (method.technique == Technique::Infrared) == infrared);
    methods
}

/// Set in the process of [`lines_of_masked_process`], which only prints.
const PRINT_ONLY: &str = "PROBITY_TEST_PRINT_ONLY";

/// What begins a printed line.
const LINE: &str = "computed: ";

/// The lines that a test of this program computes where fused multiply-add, AVX2 and AVX-512 are masked. In the masked process
/// itself `None`, with the lines printed for the other.
///
/// # Panics
/// If the process cannot be started or prints no text.
#[must_use]
#[allow(clippy::print_stdout, clippy::expect_used, reason = "for tests only, which a failed step fails")]
pub fn lines_of_masked_process(test: &str, computed_here: &[String]) -> Option<Vec<String>> {
    if std::env::var_os(PRINT_ONLY).is_some() {
        computed_here.iter().for_each(|line| println!("{LINE}{line}"));
        return None;
    }
    let output = std::process::Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", test, "--nocapture"])
        .env(PRINT_ONLY, "1")
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-FMA4,-AVX512F")
        .output()
        .expect("this program can be started");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    Some(text.lines().filter_map(|line| line.split_once(LINE).map(|(_, line)| line.to_owned())).collect())
}
