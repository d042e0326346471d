//! What every finding begins with: what was asked of what, and how.

use serde::Serialize;

use super::curve_quality::CurveQuality;
use crate::canonical::{canonical_json, sha256_hex};
use crate::error::Result;
use crate::format::Record;
use crate::library::{Library, LibraryScope};
use crate::search::{Filter, MeasureInfo, Method, Query, QuerySource, Searcher};

/// What stands under every report.
pub const STATEMENT: &str = "Library comparison only. It does not replace comparison with reference material \
                             and review by a qualified analyst.";

/// The first part of every finding, in JSON on one level with the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Heading {
    /// Version of the published schema of this text.
    pub schema_version: u32,
    /// Version of Probity.
    pub probity_version: &'static str,
    /// What the finding is not.
    pub statement: &'static str,
    /// The query as read.
    pub query: QueryPart,
    /// The library.
    pub library: LibraryPart,
    /// The method.
    pub method: MethodPart,
    /// Conditions on top of the method's own.
    pub filter: Filter,
}

impl Heading {
    pub(super) fn of(
        searcher: &Searcher,
        query: &Query,
        quality: Option<CurveQuality>,
        filter: &Filter,
    ) -> Result<Self> {
        Ok(Self {
            schema_version: 1,
            probity_version: env!("CARGO_PKG_VERSION"),
            statement: STATEMENT,
            query: QueryPart {
                name: query.record.name.clone(),
                source: query.source.clone(),
                record: query.record.clone(),
                quality,
            },
            library: LibraryPart::of(searcher.library()),
            method: MethodPart::of(searcher.method())?,
            filter: filter.clone(),
        })
    }
}

/// The digest of a finding whose own digest is still empty: of everything but the path of the query's file, since the
/// file's own digest tells which file it was, wherever it lay.
pub(super) fn content_digest<F: Clone + Serialize>(
    finding: &F,
    heading: impl FnOnce(&mut F) -> &mut Heading,
) -> Result<String> {
    let mut content = finding.clone();
    if let Some(source) = &mut heading(&mut content).query.source {
        source.file.clear();
    }
    Ok(sha256_hex(canonical_json(&content)?.as_bytes()))
}

/// The query's part of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryPart {
    /// The record's name.
    pub name: String,
    /// The file it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<QuerySource>,
    /// The record as read.
    pub record: Record,
    /// How good it is, of an infrared spectrum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<CurveQuality>,
}

/// The library's part of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LibraryPart {
    /// The library's name.
    pub name: String,
    /// The number of the library's state; absent where it was read from spectrum files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<u64>,
    /// SHA-256 of its content.
    pub digest: String,
    /// How far its answers reach.
    pub scope: LibraryScope,
    /// Number of entries.
    pub entries: usize,
}

/// The method's part of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodPart {
    /// The method's name.
    pub name: String,
    /// The method's version.
    pub version: u32,
    /// SHA-256 of its canonical text.
    pub digest: String,
    /// The measures it gives, with their ranges; the first orders the hits.
    pub measures: Vec<MeasureInfo>,
    /// The whole method.
    pub text: Method,
}

impl LibraryPart {
    fn of(library: &Library) -> Self {
        Self {
            name: library.name().to_owned(),
            state: library.state().map(|state| state.number),
            digest: library.digest().to_owned(),
            scope: library.scope(),
            entries: library.len(),
        }
    }
}

impl MethodPart {
    fn of(method: &Method) -> Result<Self> {
        Ok(Self {
            name: method.name.clone(),
            version: method.version,
            digest: method.digest()?,
            measures: method.measure.info(),
            text: method.clone(),
        })
    }
}
