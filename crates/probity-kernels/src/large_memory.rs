//! Memory for what is read from one end to the other, and here and there.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

/// Bytes, 0 at first, that begin on a page of memory. Where the system has large pages, it is asked for them: of small ones
/// more are read than the processor remembers the places of.
#[derive(Debug)]
pub struct LargeMemory(Bytes);

#[derive(Debug)]
enum Bytes {
    Mapped(MmapMut),
    /// Where nothing can be mapped, such as no byte at all.
    Plain(Vec<u8>),
}

impl LargeMemory {
    /// So many bytes.
    #[must_use]
    pub fn of(bytes: usize) -> Self {
        let Ok(map) = MmapMut::map_anon(bytes) else { return Self(Bytes::Plain(vec![0; bytes])) };
        // It only asks: a system that refuses, or has none, serves as well with small pages.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Self(Bytes::Mapped(map))
    }
}

impl Default for LargeMemory {
    fn default() -> Self {
        Self(Bytes::Plain(Vec::new()))
    }
}

impl Clone for LargeMemory {
    fn clone(&self) -> Self {
        let mut copy = Self::of(self.len());
        copy.copy_from_slice(self);
        copy
    }
}

impl Deref for LargeMemory {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Mapped(map) => map,
            Bytes::Plain(bytes) => bytes,
        }
    }
}

impl DerefMut for LargeMemory {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Bytes::Mapped(map) => map,
            Bytes::Plain(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_is_written() {
        for bytes in [0, 1, 4_096, 5 << 20] {
            let mut memory = LargeMemory::of(bytes);
            assert_eq!(memory.len(), bytes);
            assert!(memory.iter().all(|&byte| byte == 0));
            memory.iter_mut().zip(0_usize..).for_each(|(byte, place)| *byte = (place % 251) as u8);
            let copy = memory.clone();
            memory.fill(0);
            assert!(copy.iter().zip(0_usize..).all(|(&byte, place)| byte == (place % 251) as u8));
            assert_eq!(copy.len(), bytes);
        }
        assert!(LargeMemory::default().is_empty());
    }
}
