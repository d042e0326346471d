//! Reads the embedded tables.

use super::data::ListEdition;
use super::row::{
    Convention, HsCode, Kind, ListEntry, Listing, RegistryRow, Relation, RelationKind, Verification,
};
use crate::error::{Error, Location, Result};

/// A table with tabulators and a heading: the fields of one line by the name of their column.
struct Line<'t> {
    number: u64,
    columns: &'t [&'t str],
    fields: Vec<&'t str>,
}

impl<'t> Line<'t> {
    fn field(&self, column: &str) -> Result<&'t str> {
        let place = self.columns.iter().position(|name| *name == column);
        let field = place.and_then(|place| self.fields.get(place));
        field.map(|field| field.trim()).ok_or_else(|| self.refuse(column, "the column is missing"))
    }

    fn optional(&self, column: &str) -> Result<Option<String>> {
        self.field(column).map(|field| (!field.is_empty()).then(|| field.to_owned()))
    }

    fn refuse(&self, column: &str, reason: &str) -> Error {
        Error::malformed(format!("the table of substances cannot be read: {reason}"))
            .at(Location::at_line(self.number).at_field(column))
    }

    fn within<T>(&self, column: &str, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.at(Location::at_line(self.number).at_field(column)))
    }
}

/// Calls `read` for every line after the heading.
fn lines<T>(text: &str, read: impl Fn(&Line<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut all = text.lines();
    let columns: Vec<&str> = all.next().unwrap_or_default().split('\t').collect();
    (2..)
        .zip(all)
        .map(|(number, line)| read(&Line { number, columns: &columns, fields: line.split('\t').collect() }))
        .collect()
}

/// The rows of one table of substances.
pub(super) fn read_rows(text: &str) -> Result<Vec<RegistryRow>> {
    lines(text, read_row)
}

/// The editions of the lists.
pub(super) fn read_editions(text: &str) -> Result<Vec<ListEdition>> {
    lines(text, |line| {
        Ok(ListEdition {
            convention: convention(line)?,
            as_of: line.field("as_of")?.to_owned(),
            source: line.field("source")?.to_owned(),
            verification: verification(line, "verification")?,
            scope: line.field("scope")?.to_owned(),
        })
    })
}

/// Codes of the Harmonized System by the names of rows.
pub(super) fn read_hs_codes(text: &str) -> Result<Vec<(String, HsCode)>> {
    lines(text, |line| {
        let code =
            HsCode { code: line.field("hs_code")?.to_owned(), source: line.field("source")?.to_owned() };
        Ok((line.field("name")?.to_owned(), code))
    })
}

fn read_row(line: &Line<'_>) -> Result<RegistryRow> {
    let list = |column: &str, separator: &str| -> Result<Vec<&str>> {
        Ok(line.field(column)?.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect())
    };
    let inchikey = match line.field("inchikey")? {
        "" => None,
        text => Some(line.within("inchikey", text.parse())?),
    };
    let numbers = list("cas_numbers", " ")?.into_iter().map(str::parse);
    Ok(RegistryRow {
        name: line.field("name")?.to_owned(),
        synonyms: list("synonyms", ";")?.into_iter().map(str::to_owned).collect(),
        formula: line.within("formula", line.field("formula")?.parse())?,
        inchikey,
        cas_numbers: line.within("cas_numbers", numbers.collect())?,
        kind: kind(line)?,
        hs_code: None,
        group: line.optional("group")?,
        listing: listing(line)?,
        stereo: line.optional("stereo")?,
        relation: relation(line)?,
        identity_source: line.field("identity_source")?.to_owned(),
        note: line.optional("note")?,
    })
}

fn kind(line: &Line<'_>) -> Result<Kind> {
    Ok(match line.field("kind")? {
        "drug" => Kind::Drug,
        "precursor" => Kind::Precursor,
        "pre_precursor" => Kind::PrePrecursor,
        "substitute" => Kind::Substitute,
        "new_psychoactive_substance" => Kind::NewPsychoactiveSubstance,
        "cutting_agent" => Kind::CuttingAgent,
        _ => return Err(line.refuse("kind", "this kind is not known")),
    })
}

fn convention(line: &Line<'_>) -> Result<Convention> {
    Ok(match line.field("convention")? {
        "1961" => Convention::Narcotics1961,
        "1971" => Convention::Psychotropics1971,
        "1988" => Convention::Precursors1988,
        _ => return Err(line.refuse("convention", "this convention is not known")),
    })
}

fn verification(line: &Line<'_>, column: &str) -> Result<Verification> {
    Ok(match line.field(column)? {
        "verified" => Verification::Verified,
        "unverified" => Verification::Unverified,
        _ => return Err(line.refuse(column, "it is neither verified nor unverified")),
    })
}

fn listing(line: &Line<'_>) -> Result<Listing> {
    let entry = || -> Result<ListEntry> {
        Ok(ListEntry {
            convention: convention(line)?,
            schedule: line.field("schedule")?.to_owned(),
            year: line.optional("year")?,
            source: line.field("list_source")?.to_owned(),
            verification: verification(line, "list_verification")?,
        })
    };
    Ok(match line.field("listing")? {
        "listed" => Listing::Listed(entry()?),
        "excluded" => Listing::Excluded(entry()?),
        "not_found" => Listing::NotFound,
        "by_relation" => Listing::ByRelation,
        _ => return Err(line.refuse("listing", "this status is not known")),
    })
}

fn relation(line: &Line<'_>) -> Result<Option<Relation>> {
    let text = line.field("relation")?;
    if text.is_empty() {
        return Ok(None);
    }
    let (kind, of) =
        text.split_once(" of ").ok_or_else(|| line.refuse("relation", "it is not written KIND of NAME"))?;
    let kind = match kind {
        "salt" => RelationKind::Salt,
        "ester" => RelationKind::Ester,
        "ether" => RelationKind::Ether,
        _ => return Err(line.refuse("relation", "this relation is not known")),
    };
    Ok(Some(Relation { kind, of: of.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "name\tsynonyms\tformula\tinchikey\tcas_numbers\tkind\tgroup\tlisting\tconvention\tschedule\tyear\tlist_source\tlist_verification\tstereo\trelation\tidentity_source\tnote";

    #[test]
    fn a_broken_table_is_an_error_with_its_place() {
        let row = "Caffeine\t\tC8H10N4O2\t\t58-08-2\tcutting_agent\t\tnot_found\t\t\t\t\t\t\t\tsource\t";
        let read = |row: &str| read_rows(&format!("{HEADING}\n{row}"));
        assert_eq!(read(row).unwrap().len(), 1);
        for (from, to, field) in [
            ("58-08-2", "58-08-3", "cas_numbers"),
            ("C8H10N4O2", "C8H10Xx", "formula"),
            ("cutting_agent", "tool", "kind"),
            ("not_found", "not_controlled", "listing"),
            ("not_found", "listed", "convention"),
        ] {
            let error = read(&row.replace(from, to)).unwrap_err();
            assert_eq!(error.location().field.as_deref(), Some(field), "{error}");
            assert_eq!(error.location().line, Some(2));
        }
        assert!(read("Caffeine\t\tC8H10N4O2").is_err(), "columns are missing");
        assert!(read_rows("").unwrap().is_empty());
    }
}
