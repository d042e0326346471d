//! Sums of real references with noise and a bent baseline, taken apart with the library that they are from.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// A curve with its axis, in cm⁻¹, ascending.
struct Listed {
    id: String,
    wavenumber_cm1: Vec<f64>,
    values: Vec<f64>,
}

fn folder() -> PathBuf {
    let folder = std::env::var_os("PROBITY_DATA").expect("set PROBITY_DATA to the folder with the test data");
    Path::new(&folder).join("ir")
}

fn listed(path: &Path) -> Listed {
    let text = fs::read_to_string(path).unwrap();
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    let pair = |line: &str| line.split_once(',').map(|(x, y)| (number(x), number(y))).unwrap();
    let (wavenumber_cm1, values) = text.lines().skip(1).map(pair).unzip();
    let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
    Listed { id, wavenumber_cm1, values }
}

impl Listed {
    /// The values at other points, linear between its own; `None` if it does not reach from end to end.
    fn at(&self, axis: &[f64]) -> Option<Vec<f64>> {
        let own = &self.wavenumber_cm1;
        if own.first()? > axis.first()? || own.last()? < axis.last()? {
            return None;
        }
        let value = |&at: &f64| {
            let right = own.partition_point(|&x| x < at).clamp(1, own.len() - 1);
            let share = (at - own[right - 1]) / (own[right] - own[right - 1]);
            self.values[right - 1] + share * (self.values[right] - self.values[right - 1])
        };
        Some(axis.iter().map(value).collect())
    }
}

/// All condensed-phase references of three collections.
fn references() -> Vec<Listed> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder().join("refs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let wanted = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.ends_with(".csv") && ["cos_", "enfsi_", "nist_"].iter().any(|start| name.starts_with(start))
    };
    paths.iter().filter(wanted).map(|path| listed(path)).collect()
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn sums_of_real_references_are_taken_apart() {
    let references = references();
    assert!(references.len() > 40);
    let table = fs::read_to_string(folder().join("queries/mixtures.tsv")).unwrap();
    let (mut mixtures, mut complete, mut exact, mut excess) = (0, 0, 0, 0);
    for line in table.lines().filter(|line| line.contains("SYNTHETIC")) {
        let cells: Vec<&str> = line.split('\t').collect();
        let sample = listed(&folder().join(cells[0]));
        let (ids, library): (Vec<&str>, Vec<Vec<f64>>) = references
            .iter()
            .filter_map(|reference| Some((reference.id.as_str(), reference.at(&sample.wavenumber_cm1)?)))
            .unzip();
        let options = MixtureOptions { background_order: 4, ..MixtureOptions::default() };
        let sample = MixtureSample {
            wavenumber_cm1: &sample.wavenumber_cm1,
            values: &sample.values,
            mask: None,
            noise_rms: Some(0.003),
        };
        let references = MixtureReferences { library: &views(&library), interferents: &[], targets: &[] };
        let mixture = analyse_mixture(&sample, &references, &options).unwrap();
        let found: Vec<&str> = mixture.components.iter().map(|c| ids[c.library_position]).collect();
        let truth = cells[1].split(';').map(|part| part.trim().split(' ').next().unwrap());
        let missing = truth.clone().filter(|id| !found.contains(id)).count();
        mixtures += 1;
        complete += usize::from(missing == 0);
        exact += usize::from(missing == 0 && found.len() == truth.clone().count());
        excess += found.len().saturating_sub(truth.count() - missing);
    }
    assert!(mixtures > 40);
    let counts = format!("{complete} complete and {exact} exact of {mixtures}, {excess} wrong components");
    assert!(complete == mixtures && 20 * exact >= 19 * mixtures, "{counts}");
}
