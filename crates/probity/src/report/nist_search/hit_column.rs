//! The columns of MSPepSearch's table.

use super::{NistHit, SimpleMatch, TableRow, one_line};

/// A column of MSPepSearch's table, in the order in which they stand.
///
/// The order is that of tables that MSPepSearch 0.9.7.1 wrote, and for columns that none of these has that of the
/// list of column names in MRC2 Toolbox, which reads such tables by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HitColumn {
    /// The number of the query's spectrum.
    Number,
    /// The query's name.
    Unknown,
    /// The query's InChIKey.
    UnknownInchiKey,
    /// How many peaks the query has.
    UnknownPeaks,
    /// The place in the hit list, from 1.
    Rank,
    /// The library's name.
    Library,
    /// The entry's number, from 1.
    Id,
    /// Monoisotopic mass of the entry in Da.
    Mass,
    /// Precursor m/z of the entry minus the query's.
    DeltaMz,
    /// Always empty, as MSPepSearch leaves it in searches of unit mass.
    DeltaMw,
    /// Nominal mass of the entry in Da.
    LibraryMw,
    /// NIST's *Compound in Library Factor*. It has no public definition: always empty.
    InLibrary,
    /// Match factor.
    MatchFactor,
    /// Reverse match factor.
    ReverseMatch,
    /// The score of product ion spectra: the dot product.
    Score,
    /// Dot product of product ion spectra.
    DotProduct,
    /// NIST's relative probability in percent; 0.0 in searches that have none.
    Probability,
    /// NIST's probability of product ion spectra. How it follows from the scores is not known: always empty.
    UnknownProbability,
    /// Reverse dot product of product ion spectra.
    ReverseDot,
    /// How many peaks of product ion spectra match. In searches of unit mass MSPepSearch's count has no public definition:
    /// empty there.
    MatchedPeaks,
    /// How many peaks the entry has, as [`NistHit::peaks`] counts them.
    Peaks,
    /// Match factor of the Simple search of the same pair.
    SimpleMatch,
    /// Reverse match factor of the Simple search of the same pair.
    SimpleReverseMatch,
    /// Query's nominal mass minus the entry's.
    DeltaMass,
    /// The entry's name.
    Name,
    /// The entry's name, in tables of product ion spectra.
    Peptide,
    /// Charge of product ion spectra; empty in searches of unit mass.
    Charge,
    /// Formula of the entry.
    Formula,
    /// Of peptides: always empty.
    FlankingResidues,
    /// Of peptides: always empty.
    Modifications,
    /// Of peptides: always empty.
    PeptideType,
    /// CAS number of the entry, 0 where it states none.
    Cas,
    /// NIST's number of the entry.
    NistNumber,
    /// InChIKey of the entry.
    InchiKey,
    /// Of consensus spectra: always empty.
    Replicates,
    /// Of consensus spectra: always empty.
    TfRatio,
    /// Of peptides: always empty.
    Protein,
}

impl HitColumn {
    /// The name in the table's first row.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            Self::Number => "Num",
            Self::Unknown => "Unknown",
            Self::UnknownInchiKey => "uInChIKey",
            Self::UnknownPeaks => "uNumPeaks",
            Self::Rank => "Rank",
            Self::Library => "Library",
            Self::Id => "Id",
            Self::Mass => "Mass",
            Self::DeltaMz => "Delta(m/z)",
            Self::DeltaMw => "DeltaMW",
            Self::LibraryMw => "Lib MW",
            Self::InLibrary => "InLib",
            Self::MatchFactor => "MF",
            Self::ReverseMatch => "R.Match",
            Self::Score => "Score",
            Self::DotProduct => "Dot Product",
            Self::Probability | Self::UnknownProbability => "Prob(%)",
            Self::ReverseDot => "Rev-Dot",
            Self::MatchedPeaks => "NumMP",
            Self::Peaks => "Num.Peaks",
            Self::SimpleMatch => "o.Match",
            Self::SimpleReverseMatch => "o.R.Match",
            Self::DeltaMass => "DeltaMass",
            Self::Name => "Name",
            Self::Peptide => "Peptide",
            Self::Charge => "Charge",
            Self::Formula => "Formula",
            Self::FlankingResidues => "FlankRes",
            Self::Modifications => "Mods",
            Self::PeptideType => "Pep",
            Self::Cas => "CAS",
            Self::NistNumber => "NIST r.n.",
            Self::InchiKey => "InChIKey",
            Self::Replicates => "Nreps",
            Self::TfRatio => "Tfratio",
            Self::Protein => "Protein",
        }
    }

    /// Whether the column tells of the query, so that it stands in the row of a query without hits too.
    pub(super) fn is_of_unknown(self) -> bool {
        self < Self::Rank
    }

    /// The cell of a column about the query.
    pub(super) fn of_unknown(self, row: &TableRow<'_>) -> String {
        match self {
            Self::Number => row.number.to_string(),
            Self::Unknown => one_line(row.unknown),
            Self::UnknownInchiKey => one_line(row.inchikey.unwrap_or("")),
            Self::UnknownPeaks => row.peaks.to_string(),
            _ => String::new(),
        }
    }

    /// The cell of a column about a hit.
    pub(super) fn of_hit(self, hit: &NistHit) -> String {
        let text = |text: &Option<String>| one_line(text.as_deref().unwrap_or(""));
        let simple =
            |factor: fn(SimpleMatch) -> u16| hit.simple.map(factor).map_or_else(String::new, three_digits);
        match self {
            Self::Rank => hit.rank.to_string(),
            Self::Library => one_line(&hit.library),
            Self::Id => hit.id.to_string(),
            Self::Mass => hit.exact_mass.map_or_else(|| "0".to_owned(), |mass| format!("{mass:.3}")),
            Self::LibraryMw => hit.nominal_mass.unwrap_or(0).to_string(),
            Self::DeltaMz => {
                hit.precursor_difference.map_or_else(String::new, |difference| format!("{difference:.4}"))
            }
            Self::MatchFactor | Self::Score | Self::DotProduct => hit.match_factor.to_string(),
            Self::ReverseMatch | Self::ReverseDot => hit.reverse_match_factor.to_string(),
            Self::Probability => format!("{:.1}", hit.relative_probability.unwrap_or(0.0)),
            Self::MatchedPeaks => hit.matched_peaks.map_or_else(String::new, |peaks| peaks.to_string()),
            Self::Peaks => hit.peaks.to_string(),
            Self::SimpleMatch => simple(|simple| simple.match_factor),
            Self::SimpleReverseMatch => simple(|simple| simple.reverse_match_factor),
            Self::DeltaMass => hit.mass_difference.map_or_else(String::new, |mass| delta_mass(hit, mass)),
            Self::Charge => hit.charge.map_or_else(String::new, |charge| charge.to_string()),
            Self::Name | Self::Peptide => one_line(&hit.name),
            Self::Formula => text(&hit.formula),
            Self::Cas => hit.cas_number.map_or_else(|| "0".to_owned(), |number| number.to_string()),
            Self::NistNumber => text(&hit.nist_number),
            Self::InchiKey => text(&hit.inchikey),
            _ => String::new(),
        }
    }
}

/// A whole number with three digits, as MSPepSearch writes the Simple match factors of a hybrid search.
fn three_digits(number: u16) -> String {
    match number {
        0 => "0".to_owned(),
        1..10 => format!("{number}.00"),
        10..100 => format!("{number}.0"),
        _ => number.to_string(),
    }
}

/// The difference of masses as MSPepSearch writes it: with a sign before a zero of the hybrid search, without one in
/// the neutral loss search.
fn delta_mass(hit: &NistHit, mass: i64) -> String {
    let sign = if mass == 0 && hit.simple.is_some() { "-" } else { "" };
    format!("{sign}{mass}.0000")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::nist_search::test_support::undecane;

    #[test]
    fn simple_match_factors_have_three_digits() {
        let written: Vec<String> = [0, 5, 13, 85, 100, 842].into_iter().map(three_digits).collect();
        assert_eq!(written, ["0", "5.00", "13.0", "85.0", "100", "842"]);
    }

    #[test]
    fn differences_of_masses_are_written_as_by_mspepsearch() {
        let mut hit = undecane();
        for (mass, loss, hybrid) in
            [(0, "0.0000", "-0.0000"), (-142, "-142.0000", "-142.0000"), (14, "14.0000", "14.0000")]
        {
            hit.mass_difference = Some(mass);
            hit.simple = None;
            assert_eq!(HitColumn::DeltaMass.of_hit(&hit), loss);
            hit.simple = Some(SimpleMatch { match_factor: 1, reverse_match_factor: 2 });
            assert_eq!(HitColumn::DeltaMass.of_hit(&hit), hybrid);
        }
    }

    #[test]
    fn what_an_entry_lacks_is_0_or_empty() {
        let mut hit = undecane();
        (hit.formula, hit.exact_mass, hit.nominal_mass) = (None, None, None);
        for (column, cell) in [
            (HitColumn::Formula, ""),
            (HitColumn::Mass, "0"),
            (HitColumn::LibraryMw, "0"),
            (HitColumn::Cas, "0"),
            (HitColumn::NistNumber, ""),
            (HitColumn::InLibrary, ""),
            (HitColumn::DeltaMass, ""),
            (HitColumn::SimpleMatch, ""),
        ] {
            assert_eq!(column.of_hit(&hit), cell, "{}", column.header());
        }
    }
}
