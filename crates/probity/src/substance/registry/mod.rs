//! The substance registry: which international list names a substance, and how closely the substance
//! that was asked for fits the one that is listed.
//!
//! The tables are embedded; their README says where they come from. A flat key is no status:
//! dextromethorphan and levomethorphan share theirs. Every answer carries its match level, and nothing is
//! ever said to be not controlled.

mod answer;
mod data;
mod level;
mod lookup;
mod name;
mod row;
mod table;
#[cfg(test)]
mod tests;

pub use answer::{Answer, ControlStatus, ReadAs, StatusMatch};
pub use data::{ListEdition, Registry};
pub use level::{MatchLevel, RegistryMatch};
pub(crate) use name::base_name;
pub use row::{
    Convention, HsCode, Kind, ListEntry, Listing, RegistryRow, Relation, RelationKind, Verification,
};
