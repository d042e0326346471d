//! The one place that starts threads.

use probity_kernels::InstructionSet;
use rayon::prelude::*;

use crate::error::{Error, ErrorKind, Result};

/// Runs work on threads of its own, never on the host's global pool. Results come back in the order
/// of the input, whatever the number of threads.
#[derive(Debug)]
pub struct Executor {
    pool: Option<rayon::ThreadPool>,
    instructions: InstructionSet,
}

impl Executor {
    /// An executor of `threads` threads: 1 runs everything on the calling thread, 0 takes as many as
    /// the machine has processors.
    ///
    /// # Errors
    /// `Io` if the operating system refuses the threads.
    pub fn new(threads: usize) -> Result<Self> {
        if threads == 1 {
            return Ok(Self { pool: None, instructions: InstructionSet::detected() });
        }
        // Asked here, so that no environment variable has a say.
        let threads = match threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("probity-{index}"))
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Io, format!("cannot start {threads} threads: {error}")).caused_by(error)
            })?;
        Ok(Self { pool: Some(pool), instructions: InstructionSet::detected() })
    }

    /// The same executor without the special instructions of this processor. Results never depend on them:
    /// this is the switch with which tests, and whoever doubts, can see it.
    #[must_use]
    pub fn portable(mut self) -> Self {
        self.instructions = InstructionSet::Portable;
        self
    }

    /// The same on the calling thread.
    pub(crate) fn alone(&self) -> Self {
        Self { pool: None, instructions: self.instructions }
    }

    /// The instructions that kernels use.
    pub(crate) fn instructions(&self) -> InstructionSet {
        self.instructions
    }

    /// The number of threads that work at once.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.pool.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Applies `work` to each item; the results stand in the order of the items.
    pub fn map<'a, T: Sync, R: Send>(
        &self,
        items: &'a [T],
        work: impl Fn(&'a T) -> R + Sync + Send,
    ) -> Vec<R> {
        match &self.pool {
            None => items.iter().map(work).collect(),
            Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        }
    }

    /// Applies `work` to consecutive chunks of at most `size` items, with the index of each chunk's
    /// first item; the results stand in the order of the chunks.
    pub fn map_chunks<T: Sync, R: Send>(
        &self,
        items: &[T],
        size: usize,
        work: impl Fn(usize, &[T]) -> R + Sync + Send,
    ) -> Vec<R> {
        let size = size.max(1);
        match &self.pool {
            None => items.chunks(size).enumerate().map(|(index, chunk)| work(index * size, chunk)).collect(),
            Some(pool) => pool.install(|| {
                items.par_chunks(size).enumerate().map(|(index, chunk)| work(index * size, chunk)).collect()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_depend_on_threads() {
        let items: Vec<u32> = (0..1_000).collect();
        let expected: Vec<u32> = items.iter().map(|item| item * 2).collect();
        for threads in [1, 2, 8] {
            let executor = Executor::new(threads).unwrap();
            assert_eq!(executor.threads(), threads);
            assert_eq!(executor.map(&items, |item| item * 2), expected);
            let firsts = executor.map_chunks(&items, 300, |first, chunk| (first, chunk[0], chunk.len()));
            assert_eq!(firsts, [(0, 0, 300), (300, 300, 300), (600, 600, 300), (900, 900, 100)]);
        }
    }
}
