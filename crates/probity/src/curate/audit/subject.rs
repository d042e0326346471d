//! An entry as the checks look at it.

use serde::Serialize;

use crate::chem::{CoarsePattern, Formula};
use crate::error::Result;
use crate::library::{Entry, EntryId};
use crate::preprocess::ms::{UNIT_MASS_BOUNDARY, bin_to_unit_mass, remove_zero_intensities};
use crate::similarity::unit_mass::UnitMassSpectrum;
use crate::spectrum::{MassSpectrum, Technique};

/// Formulas above this nominal mass have no molecular ion in a spectrum of a volatile substance, and
/// their isotope patterns take long.
const HIGHEST_MASS: u32 = 2_000;

/// An isotope of the molecular ion is listed from this share of M on.
const LISTED_ISOTOPE_SHARE: f64 = 0.005;

/// Why a check did not look at an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotChecked {
    /// A mass spectrum that is not stated to be of electron ionization: its peaks were not looked at.
    NotElectronIonization,
    /// A curve, such as an infrared spectrum: what is stated of it was checked, but not its values, and it was not compared
    /// with others.
    Curve,
    /// No ion has an intensity.
    NoPeaks,
    /// The peaks cannot be added up to unit masses.
    NotUnitMass,
    /// Too few peaks to be compared with others.
    FewPeaks,
    /// No key: not compared with others.
    NoKey,
    /// No formula that can be read: nothing is known of its ions.
    NoFormula,
    /// The formula is not that of what was measured (the parent's of a derivative).
    FormulaOfParent,
    /// The formula is too heavy for a volatile substance.
    FormulaTooHeavy,
    /// No molecular mass is stated beside the formula.
    NoStatedMass,
    /// Fractional m/z and a mass so far from a whole number that its ions fall into the neighbouring unit
    /// mass: the molecular ion was not looked at.
    MassDefect,
    /// Isotopes lighter than the most abundant one (boron, tin, mercury ...): isotope pattern and losses
    /// were not looked at.
    LighterIsotopes,
    /// A derivative whose number of groups is not stated: it may be another one than its namesakes.
    UncountedDerivative,
    /// A substance with too many entries to compare all with each other.
    LargeReplicateGroup,
}

/// How far the mass of a molecular ion may lie below and above its nominal mass, in Da, to be added up
/// to it: the unit mass m collects from m − 0.3 to m + 0.7, less 0.05 for the mass accuracy.
const UNIT_MASS_DEFECT: (f64, f64) = (-0.25, 0.65);

/// Ions of silicone from column and septum, [Si(CH₃)₂O]ₙ less a methyl group: n = 3 to 7.
const SILICONE: [u32; 5] = [207, 281, 355, 429, 503];

/// Whether silicone gives an ion there, itself or by its two next isotopes.
pub(super) fn is_silicone(mz: u32) -> bool {
    SILICONE.iter().any(|&first| (first..first + 3).contains(&mz))
}

/// The spectrum of an entry at unit mass.
pub(super) struct UnitMass {
    pub(super) peaks: UnitMassSpectrum,
    pub(super) scan_range_mz: Option<(f64, f64)>,
    pub(super) base: f64,
    /// Whether an m/z was published as a fraction.
    is_fractional: bool,
}

impl UnitMass {
    /// # Errors
    /// The reason why there is none to look at.
    pub(super) fn of(entry: &Entry) -> Result<Self, NotChecked> {
        let spectrum = electron_ionization(entry).ok_or(NotChecked::NotElectronIonization)?;
        // Fails only if intensities add up beyond the largest number, or for an m/z beyond 2³².
        let binned =
            bin_to_unit_mass(&spectrum.peaks, UNIT_MASS_BOUNDARY).map_err(|_| NotChecked::NotUnitMass)?;
        let binned = remove_zero_intensities(&binned);
        let base = binned.base_peak().ok_or(NotChecked::NoPeaks)?.intensity;
        let is_fractional = spectrum.peaks.mz().iter().any(|mz| mz.fract() != 0.0);
        let peaks = UnitMassSpectrum::try_from_peaks(&binned).map_err(|_| NotChecked::NotUnitMass)?;
        Ok(Self { peaks, scan_range_mz: spectrum.acquisition.scan_range_mz, base, is_fractional })
    }

    /// The intensity at a nominal m/z, as a share of the base peak; 0 if there is no ion.
    pub(super) fn share(&self, mz: u32) -> f64 {
        let columns = self.peaks.columns();
        columns.mz().binary_search(&mz).map_or(0.0, |index| columns.abundance()[index] / self.base)
    }

    /// The ions as m/z and share of the base peak, ascending.
    pub(super) fn shares(&self) -> impl DoubleEndedIterator<Item = (u32, f64)> {
        let columns = self.peaks.columns();
        columns.mz().iter().zip(columns.abundance()).map(|(&mz, &abundance)| (mz, abundance / self.base))
    }
}

/// The mass spectrum, if the entry states that it is of electron ionization.
pub(super) fn electron_ionization(entry: &Entry) -> Option<&MassSpectrum> {
    let spectrum = entry.record().spectrum.as_mass()?;
    (spectrum.acquisition.technique == Some(Technique::ElectronIonization)).then_some(spectrum)
}

/// What the formula says of the molecular ion.
pub(super) struct MolecularIon {
    /// The formula; of a salt, that of its organic part, since no salt evaporates.
    pub(super) formula: Formula,
    /// Nominal m/z of M⁺· of the most abundant isotopes.
    pub(super) mz: u32,
    /// Expected at M, M + 1, M + 2 ... as a share of M; the first is 1.
    pub(super) isotopes: Vec<f64>,
    /// Whether a lighter isotope than the most abundant one is frequent enough to be seen.
    pub(super) has_lighter: bool,
    /// Whether fractional m/z of the ion add up to its nominal mass.
    fits_unit_mass: bool,
}

impl MolecularIon {
    /// # Errors
    /// The reason why nothing can be said.
    pub(super) fn of(entry: &Entry) -> Result<Self, NotChecked> {
        let stated = entry.formula().ok_or(NotChecked::NoFormula)?;
        if entry.keyed_as_parent() {
            return Err(NotChecked::FormulaOfParent);
        }
        let formula = stated.largest_organic_component().unwrap_or_else(|| stated.clone());
        let mz = formula.nominal_mass();
        if mz > HIGHEST_MASS {
            return Err(NotChecked::FormulaTooHeavy);
        }
        let pattern = CoarsePattern::of(&formula);
        let share = |offset| pattern.probability(offset) / pattern.probability(0);
        let listed = pattern
            .peaks()
            .iter()
            .map(|peak| peak.offset)
            .filter(|&offset| share(offset) >= LISTED_ISOTOPE_SHARE);
        let last = listed.clone().fold(0, i32::max);
        let has_lighter = listed.clone().any(|offset| offset < 0);
        let isotopes = (0..=last).map(share).collect();
        let defect = formula.monoisotopic_mass() - f64::from(mz);
        let fits_unit_mass = (UNIT_MASS_DEFECT.0..=UNIT_MASS_DEFECT.1).contains(&defect);
        Ok(Self { formula, mz, isotopes, has_lighter, fits_unit_mass })
    }

    /// Whether the ion is found at its nominal mass in the spectrum. Where m/z are whole numbers as
    /// published, the source has rounded them to nominal masses.
    pub(super) fn is_at_its_unit_mass(&self, spectrum: &UnitMass) -> bool {
        self.fits_unit_mass || !spectrum.is_fractional
    }
}

/// `entry 117 (SWG39-793, MDMA)`: how messages name an entry.
pub(super) fn named(entry: &Entry) -> String {
    let record = entry.record();
    let name: String = record.name.chars().take(80).collect();
    match &record.provenance.accession {
        Some(accession) => format!("entry {} ({accession}, {name})", entry.id()),
        None => format!("entry {} ({name})", entry.id()),
    }
}

/// The ids of some entries, for a message: at most eight, then how many more.
pub(super) fn id_list(ids: &[EntryId]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = ids.iter().take(SHOWN).map(ToString::to_string).collect();
    let list = shown.join(", ");
    if ids.len() > SHOWN { format!("{list} and {} more", ids.len() - SHOWN) } else { list }
}

/// A share as a percentage, for a message.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
