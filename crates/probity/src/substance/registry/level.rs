//! How closely a substance that was asked for fits a row.

use serde::Serialize;

use super::row::RegistryRow;

/// How a row was found; closer levels come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchLevel {
    /// The whole InChIKeys agree, and they state stereochemistry.
    ExactStereoKey,
    /// The whole InChIKeys agree; neither states stereochemistry, and no stereoform has a row of its own.
    FlatKey,
    /// The skeletons agree; stereochemistry is not stated on one side, or the row is of a stereoform
    /// whose key is not at hand.
    StereoNotStated,
    /// The skeletons agree; the keys state different stereochemistry or isotopes.
    SameSkeleton,
    /// The row's substance labelled with isotopes, which is another substance.
    IsotopologueOf,
    /// A salt or hydrate of the row's substance.
    SaltOf,
    /// An ester or ether of the row's substance, as the registry states; this is never computed.
    EsterOrEtherOf,
    /// By its name a salt of the row's substance, or an ester: the name does not tell.
    SaltOrEsterOf,
    /// A derivative that a library files under the key of the row's substance.
    DerivativeOf,
    /// The CAS numbers agree.
    CasNumber,
    /// The names agree.
    Name,
    /// The molecular formulas agree, which isomers do too: no identity.
    SameFormula,
}

impl MatchLevel {
    /// The level in words that follow a row's name.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::ExactStereoKey => "exact stereo key",
            Self::FlatKey => "exact key, without stereochemistry on either side",
            Self::StereoNotStated => "same skeleton, stereochemistry not stated",
            Self::SameSkeleton => "same skeleton, but another stereoform or isotopic label",
            Self::IsotopologueOf => "isotopologue of it, another substance",
            Self::SaltOf => "salt of it",
            Self::EsterOrEtherOf => "ester or ether of it",
            Self::SaltOrEsterOf => "salt or ester of it, by name",
            Self::DerivativeOf => "derivative filed under its key",
            Self::CasNumber => "by CAS number",
            Self::Name => "by name",
            Self::SameFormula => "same formula only, no identity",
        }
    }
}

/// A row that was found, and how.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RegistryMatch<'r> {
    /// How closely it fits.
    pub level: MatchLevel,
    /// The row.
    pub row: &'r RegistryRow,
    /// Name of the salt's or ester's own row, by which this one was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<&'r str>,
}
