//! What speaks for a hit and what against it.

use std::ptr;

use probity::finding::{BandEvidence, Candidate, Evidence, Ion};
use probity::similarity::infrared::bands::{Band, BandRow};

use crate::error::{Failure, Result};
use crate::ffi;
use crate::status::PROBITY_ERROR_INVALID_OPTION;

/// In both: speaks for the hit.
pub const PROBITY_EVIDENCE_MATCHED: i32 = 1;
/// In the query, not in the entry: speaks against the hit.
pub const PROBITY_EVIDENCE_UNEXPLAINED: i32 = 2;
/// In the entry, not in the query: speaks against the hit.
pub const PROBITY_EVIDENCE_MISSING: i32 = 3;
/// In the query, where only the query was measured: neither.
pub const PROBITY_EVIDENCE_QUERY_NOT_COMPARED: i32 = 4;
/// In the entry, where only the entry was measured: neither.
pub const PROBITY_EVIDENCE_LIBRARY_NOT_COMPARED: i32 = 5;

/// Ions of mass spectra, or bands of infrared spectra, as columns of `count` numbers. An output: set struct_size, the
/// call fills the rest. Columns live as long as the finding; one that does not apply is NULL, as are all of 0 rows.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_evidence {
    /// sizeof (probity_evidence).
    pub struct_size: u32,
    /// 0 for ions, 1 for bands.
    pub is_bands: i32,
    /// The number of rows.
    pub count: usize,
    /// Share of the query (0 to 1) that has a counterpart in the entry: of ions by intensity, of bands by height.
    pub explained_share: f64,
    /// Share of the entry (0 to 1) that has a counterpart in the query.
    pub found_share: f64,
    /// m/z, or wavenumber in cm⁻¹, in the query.
    pub query_position: *const f64,
    /// Percent of the query's base peak or strongest band; of a band that was not compared, its height in the unit of
    /// the prepared curve.
    pub query_intensity: *const f64,
    /// m/z, or wavenumber in cm⁻¹, in the entry.
    pub library_position: *const f64,
    /// Percent of the entry's base peak or strongest band; of a band that was not compared, its height in the unit of
    /// the prepared curve.
    pub library_intensity: *const f64,
}

ffi::versioned!(
    probity_evidence,
    Self {
        struct_size: 0,
        is_bands: 0,
        count: 0,
        explained_share: 0.0,
        found_share: 0.0,
        query_position: ptr::null(),
        query_intensity: ptr::null(),
        library_position: ptr::null(),
        library_intensity: ptr::null(),
    }
);

/// The evidence of one hit, as columns.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    is_bands: bool,
    shares: (f64, f64),
    /// In the order of the numbers above.
    tables: [Table; 5],
}

#[derive(Debug, Default)]
struct Table {
    query: (Vec<f64>, Vec<f64>),
    library: (Vec<f64>, Vec<f64>),
}

impl Columns {
    pub(crate) fn of(candidate: &Candidate) -> Self {
        let shares = candidate.matched_shares();
        let tables = match (&candidate.evidence, &candidate.bands) {
            (Some(ions), _) => of_ions(ions),
            (None, Some(bands)) => of_bands(bands),
            (None, None) => Default::default(),
        };
        Self { is_bands: candidate.bands.is_some(), shares, tables }
    }

    pub(crate) fn shown(&self, which: i32) -> Result<probity_evidence> {
        let place = usize::try_from(which).ok().and_then(|which| which.checked_sub(1));
        let table = place.and_then(|place| self.tables.get(place)).ok_or_else(|| {
            Failure::new(PROBITY_ERROR_INVALID_OPTION, format!("there is no kind {which} of evidence"))
        })?;
        let column = |column: &Vec<f64>| if column.is_empty() { ptr::null() } else { column.as_ptr() };
        Ok(probity_evidence {
            struct_size: 0,
            is_bands: self.is_bands.into(),
            count: table.query.0.len().max(table.library.0.len()),
            explained_share: self.shares.0,
            found_share: self.shares.1,
            query_position: column(&table.query.0),
            query_intensity: column(&table.query.1),
            library_position: column(&table.library.0),
            library_intensity: column(&table.library.1),
        })
    }
}

fn of_ions(evidence: &Evidence) -> [Table; 5] {
    let matched = &evidence.matched;
    let of_query = matched.iter().map(|ion| (ion.query_mz, ion.query_relative_intensity)).unzip();
    let of_library = matched.iter().map(|ion| (ion.library_mz, ion.library_relative_intensity)).unzip();
    let ions = |ions: &[Ion]| ions.iter().map(|ion| (ion.mz, ion.relative_intensity)).unzip();
    [
        Table { query: of_query, library: of_library },
        Table { query: ions(&evidence.unexplained), ..Table::default() },
        Table { library: ions(&evidence.missing), ..Table::default() },
        Table { query: ions(&evidence.query_not_compared), ..Table::default() },
        Table { library: ions(&evidence.library_not_compared), ..Table::default() },
    ]
}

fn of_bands(evidence: &BandEvidence) -> [Table; 5] {
    let alone = |rows: &[BandRow]| {
        let alone = rows.iter().filter(|row| row.counterpart.is_none());
        alone.map(|row| (row.band.wavenumber_cm1, 100.0 * row.relative_intensity)).unzip()
    };
    let outside = |bands: &[Band]| bands.iter().map(|band| (band.wavenumber_cm1, band.height)).unzip();
    let paired = || evidence.query.iter().filter_map(|row| row.counterpart.map(|other| (row, other)));
    let of_query = paired().map(|(row, _)| (row.band.wavenumber_cm1, 100.0 * row.relative_intensity)).unzip();
    let of_library =
        paired().map(|(_, other)| (other.wavenumber_cm1, 100.0 * other.relative_intensity)).unzip();
    [
        Table { query: of_query, library: of_library },
        Table { query: alone(&evidence.query), ..Table::default() },
        Table { library: alone(&evidence.library), ..Table::default() },
        Table { query: outside(&evidence.query_not_compared), ..Table::default() },
        Table { library: outside(&evidence.library_not_compared), ..Table::default() },
    ]
}
