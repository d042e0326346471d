//! A method is data: how spectra are prepared, compared and ordered.

use serde::{Deserialize, Serialize};

use super::curve_points::CurvePoints;
use super::filter::Filter;
use super::measure::Measure;
use super::prepared::{Compared, Prepared};
use super::retention::RetentionPenalty;
use crate::canonical::{canonical_json, sha256_hex};
use crate::error::{Error, Result};
use crate::format::Record;
use crate::preprocess::{PreparedCurve, Recipe};
use crate::spectrum::{PeakList, Technique};

/// A named, versioned way to search. It is written as TOML; its digest is that of its canonical text,
/// so comments and layout do not matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// The name under which results quote it.
    pub name: String,
    /// Raised whenever results may change.
    pub version: u32,
    /// What it does and what it is good for, in a few sentences.
    pub description: String,
    /// The technique whose spectra it compares.
    pub technique: Technique,
    /// What happens to both spectra before they are compared.
    #[serde(default)]
    pub prepare: Recipe,
    /// How two prepared spectra are compared.
    pub measure: Measure,
    /// Which entries may become candidates; a search may narrow this further.
    #[serde(default)]
    pub candidates: Filter,
    /// Substances whose first measure lies at most this far below the best one's are rivals of it.
    pub rival_margin: f64,
    /// What a deviating retention index costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_index_penalty: Option<RetentionPenalty>,
}

/// The methods that come with this version.
const SHIPPED: [&str; 17] = [
    include_str!("../../methods/ei-default.toml"),
    include_str!("../../methods/ei-composite.toml"),
    include_str!("../../methods/ei-entropy.toml"),
    include_str!("../../methods/nist-identity.toml"),
    include_str!("../../methods/nist-simple.toml"),
    include_str!("../../methods/nist-identity-reverse.toml"),
    include_str!("../../methods/nist-simple-reverse.toml"),
    include_str!("../../methods/nist-neutral-loss.toml"),
    include_str!("../../methods/nist-hybrid.toml"),
    include_str!("../../methods/nist-dot-product.toml"),
    include_str!("../../methods/msms-entropy.toml"),
    include_str!("../../methods/msms-entropy-open.toml"),
    include_str!("../../methods/msms-entropy-neutral-loss.toml"),
    include_str!("../../methods/msms-entropy-hybrid.toml"),
    include_str!("../../methods/msms-cosine.toml"),
    include_str!("../../methods/ir-default.toml"),
    include_str!("../../methods/ir-correlation.toml"),
];

impl Method {
    /// The methods that come with this version.
    ///
    /// # Errors
    /// None for the shipped texts, which a test reads; the type leaves room for methods from elsewhere.
    pub fn shipped() -> Result<Vec<Self>> {
        SHIPPED.iter().map(|text| Self::from_toml(text)).collect()
    }

    /// The shipped method of the given name.
    ///
    /// # Errors
    /// `InvalidOption` for an unknown name; the message lists the known ones.
    pub fn named(name: &str) -> Result<Self> {
        let mut methods = Self::shipped()?;
        match methods.iter().position(|method| method.name == name) {
            Some(position) => Ok(methods.swap_remove(position)),
            None => {
                let names: Vec<_> = methods.iter().map(|method| method.name.as_str()).collect();
                Err(Error::invalid_option(format!(
                    "there is no method {name}; the methods are {}",
                    names.join(", ")
                )))
            }
        }
    }

    /// Reads a method from its TOML text.
    ///
    /// # Errors
    /// `Malformed` if the text is not a method, `InvalidOption` if a number in it makes no sense.
    pub fn from_toml(text: &str) -> Result<Self> {
        let method: Self = toml::from_str(text).map_err(|error| {
            Error::malformed(format!("this is not a method: {}", error.message())).caused_by(error)
        })?;
        method.checked()
    }

    /// SHA-256 of the canonical text, as 64 hexadecimal digits.
    ///
    /// # Errors
    /// `InvalidOption` if a number in the method is not finite.
    pub fn digest(&self) -> Result<String> {
        Ok(sha256_hex(canonical_json(self)?.as_bytes()))
    }

    /// A record's peaks after the recipe; `None` for a record without peaks, or one that a step of the
    /// recipe turns away.
    ///
    /// # Errors
    /// As [`Recipe::apply`](crate::preprocess::Recipe::apply).
    pub fn prepared_peaks(&self, record: &Record) -> Result<Option<PeakList>> {
        prepared_peaks(&self.prepare, record)
    }

    /// The number of peaks of a record that the method can compare.
    ///
    /// # Errors
    /// As [`Method::prepared_peaks`].
    pub fn comparable_peaks(&self, record: &Record) -> Result<usize> {
        let of_intensity = |peaks: PeakList| peaks.intensity().iter().filter(|&&height| height > 0.0).count();
        Ok(self.prepared_peaks(record)?.map_or(0, of_intensity))
    }

    /// A record's infrared spectrum after the recipe; `None` for a record without one.
    ///
    /// # Errors
    /// As [`Recipe::apply_to_curve`](crate::preprocess::Recipe::apply_to_curve).
    pub fn prepared_curve(&self, record: &Record) -> Result<Option<PreparedCurve>> {
        if !self.measure.is_infrared() {
            return Ok(None);
        }
        record.spectrum.as_curve().map(|curve| self.prepare.apply_to_curve(curve)).transpose()
    }

    /// A record as the measure takes it; `None` if it cannot be compared by this method.
    pub(super) fn prepare_record(&self, record: &Record) -> Result<Option<Prepared>> {
        if self.measure.is_infrared() {
            let points = self.prepared_curve(record)?.as_ref().and_then(CurvePoints::of);
            let prepared = |points| Prepared {
                peaks: PeakList::default(),
                compared: Compared::Curve(points),
                nist: None,
            };
            return Ok(points.map(prepared));
        }
        match self.prepared_peaks(record)? {
            Some(peaks) => self.measure.prepare(peaks, record),
            None => Ok(None),
        }
    }

    /// Steps, measure and technique must be about the same kind of spectrum.
    fn check_technique(&self) -> Result<()> {
        let is_infrared = self.measure.is_infrared();
        let steps = self.prepare.steps();
        let has_grid = !is_infrared || self.prepare.grid_cm1().is_some();
        if steps.iter().any(|step| step.is_for_curves() != is_infrared)
            || (self.technique == Technique::Infrared) != is_infrared
        {
            let message =
                "technique, steps and measure of a method must all be about infrared spectra, or none";
            return Err(Error::invalid_option(message));
        }
        if !has_grid {
            let message =
                "a method for infrared spectra needs a step resample, which gives all the same points";
            return Err(Error::invalid_option(message));
        }
        Ok(())
    }

    fn checked(mut self) -> Result<Self> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid_option("a method needs a name"));
        }
        if !(self.rival_margin.is_finite() && self.rival_margin >= 0.0) {
            return Err(Error::invalid_option("rival_margin must be finite and not negative"));
        }
        if let Some(penalty) = self.retention_index_penalty {
            penalty.checked()?;
        }
        self.candidates = self.candidates.checked()?;
        self.measure.check()?;
        self.check_technique()?;
        Ok(self)
    }
}

/// A record's peaks after a recipe; `None` if there is nothing to compare.
pub(super) fn prepared_peaks(recipe: &Recipe, record: &Record) -> Result<Option<PeakList>> {
    let Some(mass) = record.spectrum.as_mass() else { return Ok(None) };
    let prepared = recipe.apply(&mass.peaks, mass.acquisition.precursor_mz)?;
    Ok(prepared.accepted().filter(has_intensity))
}

/// Whether there is anything to compare.
pub(super) fn has_intensity(peaks: &PeakList) -> bool {
    peaks.intensity().iter().any(|&intensity| intensity > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSINE: &str = include_str!("../../methods/ei-default.toml");

    #[test]
    fn shipped_methods_have_names_of_their_own() {
        let methods = Method::shipped().unwrap();
        let names: std::collections::BTreeSet<&str> = methods.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names.len(), SHIPPED.len());
        let digests: std::collections::BTreeSet<String> =
            methods.iter().map(|m| m.digest().unwrap()).collect();
        assert_eq!(digests.len(), SHIPPED.len());
    }

    #[test]
    fn the_digest_follows_numbers_not_comments() {
        let digest = |text: &str| Method::from_toml(text).unwrap().digest().unwrap();
        assert_eq!(digest(COSINE), digest(&format!("# a comment\n{COSINE}\n\n")));
        for (old, new) in [("0.53\n", "0.54\n"), ("boundary = 0.7", "boundary = 0.65"), ("0.08", "0.09")] {
            assert_ne!(digest(COSINE), digest(&COSINE.replace(old, new)), "{old}");
        }
    }

    #[test]
    fn impossible_methods_are_refused_and_say_what_is_wrong() {
        for (old, new, expected) in [
            ("version = 1", "version = 1\ncolour = 2", "colour"),
            ("step = \"bin_to_unit_mass\"", "step = \"bin_to_gold\"", "bin_to_gold"),
            ("kind = \"weighted_cosine\"", "kind = \"magic\"", "magic"),
            ("rival_margin = 0.08", "rival_margin = nan", "rival_margin"),
            ("rival_margin = 0.08", "rival_margin = -0.08", "rival_margin"),
            ("mz_power = 1.3", "mz_power = inf", "power"),
            ("name = \"ei-default\"", "name = \" \"", "needs a name"),
        ] {
            assert!(COSINE.contains(old), "{old}");
            let error = Method::from_toml(&COSINE.replace(old, new)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let error = Method::named("best").unwrap_err().to_string();
        assert!(error.contains("ei-default") && error.contains("msms-cosine"), "{error}");
    }
}
