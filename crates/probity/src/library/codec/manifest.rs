//! Mirrors of what manifests, segments and index files say of themselves.

use bincode::{Decode, Encode};

/// A manifest.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct ManifestData {
    pub(crate) number: u64,
    /// Header sum of the manifest before; zeros for the first.
    pub(crate) parent: [u8; 32],
    pub(crate) library_name: String,
    /// 0 spectra, 1 starter.
    pub(crate) scope: u8,
    /// 0 build, 1 add, 2 withdraw, 3 compact.
    pub(crate) action: u8,
    pub(crate) time_unix_s: i64,
    pub(crate) operator: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) written_by: String,
    pub(crate) next_id: u64,
    /// Entries that are not withdrawn.
    pub(crate) entries: u64,
    /// SHA-256 over the entries, as findings show it.
    pub(crate) content_digest: [u8; 32],
    /// Digest and canonical text of each recipe whose prepared peaks every segment holds.
    pub(crate) recipes: Vec<([u8; 32], String)>,
    pub(crate) segments: Vec<SegmentEntryCount>,
    pub(crate) tombstones: Vec<TombstoneData>,
}

/// A segment as the manifest names it.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct SegmentEntryCount {
    /// Header sum.
    pub(crate) sum: [u8; 32],
    pub(crate) file_bytes: u64,
    pub(crate) entries: u64,
    pub(crate) peaks: u64,
}

/// A withdrawn entry that a segment still holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct TombstoneData {
    pub(crate) id: u64,
    /// Number of the manifest that withdrew it.
    pub(crate) manifest: u64,
    pub(crate) reason: String,
}

/// What a segment says of itself.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct SegmentData {
    pub(crate) entries: u64,
    pub(crate) peaks: u64,
    pub(crate) sources: Vec<SourceData>,
}

/// What an index file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct IndexData {
    /// Header sum of the segment.
    pub(crate) segment: [u8; 32],
    pub(crate) comparison: [u8; 32],
    pub(crate) comparison_text: String,
    pub(crate) rows: u64,
}

/// A file that entries were read from.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SourceData {
    pub(crate) name: String,
    /// SHA-256 of the file as stored.
    pub(crate) sha256: String,
    pub(crate) format: String,
    /// Entries read from it.
    pub(crate) entries: u64,
    pub(crate) records_skipped: u64,
    pub(crate) notices: u64,
}
