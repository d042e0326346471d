//! Columns of numbers as bytes.

/// What can be written as bytes and read again. Numbers are little-endian; each column is preceded by its
/// number of items in 8 bytes.
pub(crate) trait Stored: Sized {
    /// Appends the bytes.
    fn write(&self, bytes: &mut Vec<u8>);

    /// What was written; `None` if the bytes contradict each other, so that nothing that is read can lead
    /// out of its columns later.
    fn read(columns: &mut Columns<'_>) -> Option<Self>;

    /// What was written, and nothing after it.
    fn read_whole(bytes: &[u8]) -> Option<Self> {
        let mut columns = Columns(bytes);
        Self::read(&mut columns).filter(|_| columns.0.is_empty())
    }
}

/// Columns that are not read yet.
#[derive(Debug)]
pub(crate) struct Columns<'a>(&'a [u8]);

impl<'a> Columns<'a> {
    /// A number.
    pub(crate) fn number(&mut self) -> Option<usize> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u64::from_le_bytes(*number)).ok()
    }

    /// A column of items of N bytes.
    pub(crate) fn items<const N: usize>(&mut self) -> Option<&'a [[u8; N]]> {
        let bytes = self.number()?.checked_mul(N)?;
        let (column, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(column.as_chunks().0)
    }

    /// A column of bytes.
    pub(crate) fn bytes(&mut self) -> Option<Vec<u8>> {
        self.items().map(|items: &[[u8; 1]]| items.as_flattened().to_vec())
    }

    /// A column of 16-bit numbers.
    pub(crate) fn u16s(&mut self) -> Option<Vec<u16>> {
        self.items().map(|items| items.iter().map(|item| u16::from_le_bytes(*item)).collect())
    }

    /// A column of 32-bit numbers.
    pub(crate) fn u32s(&mut self) -> Option<Vec<u32>> {
        self.items().map(|items| items.iter().map(|item| u32::from_le_bytes(*item)).collect())
    }

    /// A column of 64-bit numbers with a fraction.
    pub(crate) fn f64s(&mut self) -> Option<Vec<f64>> {
        self.items().map(|items| items.iter().map(|item| f64::from_le_bytes(*item)).collect())
    }

    /// What [`put_unit_mz`] wrote.
    pub(crate) fn unit_mz(&mut self) -> Option<Vec<u32>> {
        let (narrow, wide) = (self.items()?, self.u32s()?);
        let narrow = narrow.iter().map(|item| u32::from(u16::from_le_bytes(*item)));
        if wide.is_empty() { Some(narrow.collect()) } else { (narrow.len() == 0).then_some(wide) }
    }

    /// What [`put_mz`] wrote.
    pub(crate) fn mz(&mut self) -> Option<Vec<f64>> {
        let (narrow, wide) = (self.items()?, self.f64s()?);
        let narrow = narrow.iter().map(|item| f64::from(u16::from_le_bytes(*item)));
        if wide.is_empty() { Some(narrow.collect()) } else { (narrow.len() == 0).then_some(wide) }
    }

    /// A column of numbers below `end`, ascending.
    pub(crate) fn rows_below(&mut self, end: usize) -> Option<Vec<usize>> {
        let rows: Vec<usize> = self.u32s()?.into_iter().map(|row| row as usize).collect();
        (rows.is_sorted() && rows.last().is_none_or(|&last| last < end)).then_some(rows)
    }
}

/// Appends a number.
pub(crate) fn put_number(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend((number as u64).to_le_bytes());
}

/// Appends a column of items of N bytes.
pub(crate) fn put_items<const N: usize>(bytes: &mut Vec<u8>, items: impl ExactSizeIterator<Item = [u8; N]>) {
    put_number(bytes, items.len());
    bytes.reserve(items.len() * N);
    items.for_each(|item| bytes.extend(item));
}

/// Appends a column of bytes.
pub(crate) fn put_bytes(bytes: &mut Vec<u8>, items: &[u8]) {
    put_number(bytes, items.len());
    bytes.extend(items);
}

/// Appends a column of 16-bit numbers.
pub(crate) fn put_u16s(bytes: &mut Vec<u8>, items: &[u16]) {
    put_items(bytes, items.iter().map(|item| item.to_le_bytes()));
}

/// Appends a column of 32-bit numbers.
pub(crate) fn put_u32s(bytes: &mut Vec<u8>, items: &[u32]) {
    put_items(bytes, items.iter().map(|item| item.to_le_bytes()));
}

/// Appends a column of 64-bit numbers with a fraction.
pub(crate) fn put_f64s(bytes: &mut Vec<u8>, items: &[f64]) {
    put_items(bytes, items.iter().map(|item| item.to_le_bytes()));
}

/// Appends m/z at unit mass: a column in 16 bits each, and an empty one; or the reverse in 32 where 16 are too few.
pub(crate) fn put_unit_mz(bytes: &mut Vec<u8>, mz: &[u32]) {
    let is_narrow = mz.iter().all(|&mz| u16::try_from(mz).is_ok());
    let (narrow, wide) = if is_narrow { (mz, &[][..]) } else { (&[][..], mz) };
    put_items(bytes, narrow.iter().map(|&mz| (mz as u16).to_le_bytes()));
    put_u32s(bytes, wide);
}

/// Appends m/z: as [`put_unit_mz`] where all are whole, or the reverse in 64 bits where one would be lost.
pub(crate) fn put_mz(bytes: &mut Vec<u8>, mz: &[f64]) {
    // The cast makes of what does not fit something else.
    let is_narrow = mz.iter().all(|&mz| f64::from(mz as u16).to_bits() == mz.to_bits());
    let (narrow, wide) = if is_narrow { (mz, &[][..]) } else { (&[][..], mz) };
    put_items(bytes, narrow.iter().map(|&mz| (mz as u16).to_le_bytes()));
    put_f64s(bytes, wide);
}

/// Appends rows of a part, of which there are fewer than 2³².
pub(crate) fn put_rows(bytes: &mut Vec<u8>, rows: &[usize]) {
    put_items(bytes, rows.iter().map(|&row| (row as u32).to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_mz_comes_back(
            unit in prop::collection::vec(prop_oneof![0_u32..70_000, 0_u32..3_000], 0..20),
            mz in prop::collection::vec(
                prop_oneof![0.0_f64..70_000.0, (0_u32..66_000).prop_map(f64::from), Just(-0.0), Just(1e300)], 0..20),
            whole in prop::collection::vec((0_u32..66_000).prop_map(f64::from), 0..20),
        ) {
            let mut bytes = Vec::new();
            put_unit_mz(&mut bytes, &unit);
            prop_assert_eq!(Columns(&bytes).unit_mz(), Some(unit));
            for mz in [mz, whole] {
                bytes.clear();
                put_mz(&mut bytes, &mz);
                let read = Columns(&bytes).mz().unwrap();
                let bits = |mz: &[f64]| mz.iter().map(|mz| mz.to_bits()).collect::<Vec<u64>>();
                prop_assert_eq!(bits(&read), bits(&mz));
            }
        }
    }

    #[test]
    fn whole_mz_take_two_bytes_each_and_two_columns_contradict() {
        let mut bytes = Vec::new();
        put_mz(&mut bytes, &[41.0, 43.0, 65_535.0]);
        assert_eq!(bytes.len(), 8 + 3 * 2 + 8);
        put_mz(&mut bytes, &[41.5]);
        assert_eq!(bytes.len(), 22 + 8 + 8 + 8);
        let mut both = Vec::new();
        put_u16s(&mut both, &[41]);
        put_f64s(&mut both, &[43.5]);
        assert_eq!(Columns(&both).mz(), None);
        both.truncate(10);
        put_u32s(&mut both, &[43]);
        assert_eq!(Columns(&both).unit_mz(), None);
    }
}
