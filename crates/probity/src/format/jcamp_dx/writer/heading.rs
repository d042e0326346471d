//! What a record says beside its spectrum, as labels.

use super::page::Page;
use crate::format::Record;
use crate::format::field_value::stated;

/// Labels, without what does not count, whose values the writer states itself, from the spectrum.
const RESTATED: [&str; 4] = ["DATATYPE", "XUNITS", "YUNITS", "LINKTITLE"];

/// Labels of the standard that may be written without the `$` of a label of one's own.
const STANDARD: [&str; 20] = [
    "OWNER",
    "CLASS",
    "CROSSREFERENCE",
    "SAMPLEDESCRIPTION",
    "SOURCEREFERENCE",
    "WISWESSER",
    "BEILSTEINLAWSONNO",
    "MP",
    "BP",
    "REFRACTIVEINDEX",
    "DENSITY",
    "CONCENTRATIONS",
    "PRESSURE",
    "TEMPERATURE",
    "PATHLENGTH",
    "DATAPROCESSING",
    "INSTRUMENTPARAMETERS",
    "AUDITTRAIL",
    "XLABEL",
    "YLABEL",
];

/// The label without what does not count.
fn normalized(label: &str) -> String {
    super::super::ldr::normalized(label)
}

/// Writes what a record states of its substance and of itself.
pub(super) fn write(record: &Record, page: &mut Page<'_>) {
    let identity = &record.identity;
    let names: Vec<&str> = identity.synonyms.iter().map(String::as_str).collect();
    if record.name.is_empty() && !names.is_empty() {
        page.report.altered("TITLE", "it is empty, and readers take the first of the names for it");
    }
    if !names.is_empty() {
        page.field("NAMES", &names.join("\n"));
    }
    for number in &identity.cas_numbers {
        page.field("CAS REGISTRY NO", number);
    }
    page.optional("MOLFORM", identity.formula.as_deref());
    page.number("MW", identity.molecular_mass);
    page.optional("$INCHIKEY", identity.inchikey.as_deref());
    page.optional("$INCHI", identity.inchi.as_deref());
    page.optional("$SMILES", identity.smiles.as_deref());
    page.omit("exact_mass", identity.exact_mass.is_some());
    page.omit("class", identity.class.is_some());
    page.omit("derivative", record.form.derivative.is_some());
    let provenance = &record.provenance;
    // The standard wants both, though nobody may have stated them.
    match &provenance.contributor {
        Some(contributor) if stated(contributor).is_some() => page.field("ORIGIN", contributor),
        _ => page.raw("ORIGIN", ""),
    }
    if !record.other_fields.iter().any(|(key, _)| normalized(key) == "OWNER") {
        page.raw("OWNER", "");
    }
    page.omit("accession", provenance.accession.is_some());
    page.omit("nist_number", provenance.nist_number.is_some());
    page.omit("source", provenance.source.is_some());
    page.omit("licence", provenance.licence.is_some());
    page.omit("splash", provenance.splash.is_some());
    for comment in &provenance.comments {
        page.field("", comment);
    }
    for (key, value) in &record.other_fields {
        other_field(key, value, page);
    }
}

/// A field of another format gets a label of its own, with `$`.
fn other_field(key: &str, value: &str, page: &mut Page<'_>) {
    let label = normalized(key);
    if RESTATED.contains(&label.as_str()) {
        return;
    }
    let is_fit = !label.is_empty() && key.chars().all(|c| !c.is_control() && c != '=') && !key.contains("$$");
    if !is_fit {
        return page.report.omitted(key, "the key cannot be a label, so the field was left out");
    }
    if label.starts_with(['$', '.']) || STANDARD.contains(&label.as_str()) {
        page.field(key, value);
    } else {
        page.field(&format!("${key}"), value);
    }
}
