//! The table that MSPepSearch writes: a row for each hit, cells separated by tabs.

use super::{HitColumn, NistHit};

/// Which of NIST's searches a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchKind {
    /// Identity.
    Identity,
    /// Simple similarity.
    Simple,
    /// Neutral loss.
    NeutralLoss,
    /// Hybrid.
    Hybrid,
    /// Dot product of product ion spectra.
    DotProduct,
}

impl SearchKind {
    /// The columns of every table of this search.
    fn columns(self) -> Vec<HitColumn> {
        use HitColumn::{
            Charge, DeltaMass, DotProduct, FlankingResidues, Id, InLibrary, Library, Mass, MatchFactor,
            Modifications, Name, Peptide, PeptideType, Probability, Protein, Rank, Replicates, Score,
            SimpleMatch, SimpleReverseMatch, TfRatio, Unknown, UnknownProbability,
        };
        let mut columns =
            vec![Unknown, Rank, Library, Id, Mass, Charge, FlankingResidues, Modifications, PeptideType];
        columns.extend_from_slice(&[Replicates, TfRatio, Protein]);
        columns.extend_from_slice(match self {
            Self::Identity => &[InLibrary, MatchFactor, Probability, Name],
            Self::Simple => &[MatchFactor, Probability, Name],
            Self::NeutralLoss => &[MatchFactor, Probability, DeltaMass, Name],
            Self::Hybrid => &[MatchFactor, Probability, SimpleMatch, SimpleReverseMatch, DeltaMass, Name],
            Self::DotProduct => &[Score, DotProduct, UnknownProbability, Peptide],
        });
        columns
    }
}

/// The layout of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitTable {
    columns: Vec<HitColumn>,
}

/// A query and one of its hits.
#[derive(Debug, Clone, Copy)]
pub struct TableRow<'a> {
    /// The number of the query's spectrum.
    pub number: usize,
    /// The query's name.
    pub unknown: &'a str,
    /// The query's InChIKey.
    pub inchikey: Option<&'a str>,
    /// How many peaks the query has.
    pub peaks: usize,
    /// The hit; `None` for a query without hits.
    pub hit: Option<&'a NistHit>,
}

impl HitTable {
    /// The table of a search, with further columns and without some, whatever the order in which they are asked for.
    #[must_use]
    pub fn new(kind: SearchKind, further: &[HitColumn], without: &[HitColumn]) -> Self {
        let mut columns = kind.columns();
        columns.extend_from_slice(further);
        columns.retain(|column| !without.contains(column));
        columns.sort_unstable();
        columns.dedup();
        Self { columns }
    }

    /// The columns, in their order.
    #[must_use]
    pub fn columns(&self) -> &[HitColumn] {
        &self.columns
    }

    /// The names of the columns, in one line without its end.
    #[must_use]
    pub fn header(&self) -> String {
        let headers: Vec<&str> = self.columns.iter().map(|column| column.header()).collect();
        headers.join("\t")
    }

    /// A row, in one line without its end. That of a query without hits ends behind what tells of the query.
    #[must_use]
    pub fn row(&self, row: &TableRow<'_>) -> String {
        let cells = self.columns.iter().filter_map(|column| match row.hit {
            _ if column.is_of_unknown() => Some(column.of_unknown(row)),
            Some(hit) => Some(column.of_hit(hit)),
            None => None,
        });
        cells.collect::<Vec<String>>().join("\t")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::nist_search::SimpleMatch;
    use crate::report::nist_search::test_support::undecane;

    fn row<'a>(unknown: &'a str, hit: Option<&'a NistHit>) -> TableRow<'a> {
        TableRow { number: 7, unknown, inchikey: Some("KEY"), peaks: 28, hit }
    }

    #[test]
    fn the_headers_are_those_that_mspepsearch_writes() {
        use HitColumn::{
            DeltaMw, InchiKey, MatchedPeaks, Peaks, ReverseMatch, UnknownInchiKey, UnknownPeaks,
        };
        // From tables of MSPepSearch 0.9.7.1.
        for (kind, further, header) in [
            (
                SearchKind::Identity,
                vec![ReverseMatch],
                "Unknown\tRank\tLibrary\tId\tMass\tInLib\tMF\tR.Match\tProb(%)\tName\tCharge\tFlankRes\tMods\tPep\tNreps\tTfratio\tProtein",
            ),
            (
                SearchKind::Simple,
                vec![ReverseMatch],
                "Unknown\tRank\tLibrary\tId\tMass\tMF\tR.Match\tProb(%)\tName\tCharge\tFlankRes\tMods\tPep\tNreps\tTfratio\tProtein",
            ),
            (
                SearchKind::NeutralLoss,
                vec![DeltaMw, ReverseMatch],
                "Unknown\tRank\tLibrary\tId\tMass\tDeltaMW\tMF\tR.Match\tProb(%)\tDeltaMass\tName\tCharge\tFlankRes\tMods\tPep\tNreps\tTfratio\tProtein",
            ),
            (
                SearchKind::Hybrid,
                vec![ReverseMatch, DeltaMw],
                "Unknown\tRank\tLibrary\tId\tMass\tDeltaMW\tMF\tR.Match\tProb(%)\to.Match\to.R.Match\tDeltaMass\tName\tCharge\tFlankRes\tMods\tPep\tNreps\tTfratio\tProtein",
            ),
        ] {
            assert_eq!(HitTable::new(kind, &further, &[]).header(), header);
        }
        let further = [MatchedPeaks, Peaks, UnknownPeaks, InchiKey, UnknownInchiKey, HitColumn::ReverseDot];
        assert_eq!(
            HitTable::new(SearchKind::DotProduct, &further, &[]).header(),
            "Unknown\tuInChIKey\tuNumPeaks\tRank\tLibrary\tId\tMass\tScore\tDot Product\tProb(%)\tRev-Dot\tNumMP\tNum.Peaks\tPeptide\tCharge\tFlankRes\tMods\tPep\tInChIKey\tNreps\tTfratio\tProtein"
        );
        let further = [InchiKey, UnknownInchiKey, UnknownPeaks, Peaks, MatchedPeaks];
        let header = HitTable::new(SearchKind::Simple, &further, &[HitColumn::Probability]).header();
        assert_eq!(
            header,
            "Unknown\tuInChIKey\tuNumPeaks\tRank\tLibrary\tId\tMass\tMF\tNumMP\tNum.Peaks\tName\tCharge\tFlankRes\tMods\tPep\tInChIKey\tNreps\tTfratio\tProtein"
        );
    }

    #[test]
    fn a_row_has_a_cell_for_each_column_and_is_one_line() {
        let mut hit = undecane();
        hit.name = "a\tb\nc".to_owned();
        let table = HitTable::new(SearchKind::Identity, &[HitColumn::ReverseMatch], &[]);
        assert_eq!(
            table.row(&row("Q\t0", Some(&hit))),
            "Q 0\t1\tmassbank_alkanes\t11\t156.188\t\t951\t960\t55.7\ta b c\t\t\t\t\t\t\t"
        );
        hit.simple = Some(SimpleMatch { match_factor: 5, reverse_match_factor: 85 });
        hit.mass_difference = Some(14);
        hit.relative_probability = None;
        let table = HitTable::new(SearchKind::Hybrid, &[HitColumn::ReverseMatch, HitColumn::DeltaMw], &[]);
        assert_eq!(
            table.row(&row("Q0", Some(&hit))),
            "Q0\t1\tmassbank_alkanes\t11\t156.188\t\t951\t960\t0.0\t5.00\t85.0\t14.0000\ta b c\t\t\t\t\t\t\t"
        );
    }

    #[test]
    fn a_query_without_hits_has_its_name_alone() {
        let table = HitTable::new(SearchKind::NeutralLoss, &[], &[]);
        assert_eq!(table.row(&row("Q44", None)), "Q44");
        let columns = [HitColumn::Number, HitColumn::UnknownPeaks];
        assert_eq!(HitTable::new(SearchKind::Simple, &columns, &[]).row(&row("Q44", None)), "7\tQ44\t28");
    }
}
