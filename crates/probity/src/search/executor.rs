//! The one place that starts threads.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use probity_kernels::InstructionSet;
use rayon::prelude::*;

use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Watched, cancelled};

/// More threads than any machine that this runs on has processors: a number beyond it is a mistake.
const MOST_THREADS: usize = 1_024;

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
    /// `InvalidOption` for more than 1,024 threads, `Io` if the operating system refuses them.
    pub fn new(threads: usize) -> Result<Self> {
        if threads > MOST_THREADS {
            return Err(Error::invalid_option(format!(
                "{threads} threads are asked for; {MOST_THREADS} is the most"
            )));
        }
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

    /// As [`Executor::map_chunks`], and tells `watch` from time to time how many items are done, always on the
    /// calling thread. `None` if `watch` breaks off: chunks that were begun are finished, and no other is begun.
    pub fn map_chunks_watched<T: Sync, R: Send>(
        &self,
        items: &[T],
        size: usize,
        work: impl Fn(usize, &[T]) -> R + Sync + Send,
        watch: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Option<Vec<R>> {
        let size = size.max(1);
        let Some(pool) = &self.pool else {
            let mut results = Vec::with_capacity(items.len().div_ceil(size));
            for (index, chunk) in items.chunks(size).enumerate() {
                results.push(work(index * size, chunk));
                if watch(index * size + chunk.len()).is_break() {
                    return None;
                }
            }
            return Some(results);
        };
        let stopped = AtomicBool::new(false);
        let (sender, receiver) = mpsc::channel();
        let mut results = None;
        pool.in_place_scope(|scope| {
            let (stopped, results) = (&stopped, &mut results);
            scope.spawn(move |_| {
                let chunks = items.par_chunks(size).enumerate().map(|(index, chunk)| {
                    if stopped.load(Ordering::Relaxed) {
                        return None;
                    }
                    let result = work(index * size, chunk);
                    // Whoever has stopped does not listen any more.
                    let _ = sender.send(chunk.len());
                    Some(result)
                });
                *results = chunks.collect::<Option<Vec<R>>>();
            });
            // Ends when the work has ended, also by a panic: then the only sender is gone.
            let mut done = 0;
            while let Ok(chunk) = receiver.recv() {
                done += chunk + receiver.try_iter().sum::<usize>();
                if watch(done).is_break() {
                    stopped.store(true, Ordering::Relaxed);
                    break;
                }
            }
        });
        results.filter(|_| !stopped.into_inner())
    }

    /// As [`Executor::map_chunks`], and tells whoever watches the work how many items are done.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn map_chunks_told<T: Sync, R: Send>(
        &self,
        items: &[T],
        size: usize,
        work: impl Fn(usize, &[T]) -> R + Sync + Send,
        watched: &mut Watched<'_>,
    ) -> Result<Vec<R>> {
        if !watched.is_watched() {
            return Ok(self.map_chunks(items, size, work));
        }
        let before = watched.done();
        let mut watch = |done: usize| match watched.reach(before + done as u64) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
        self.map_chunks_watched(items, size, work, &mut watch).ok_or_else(cancelled)
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

    #[test]
    fn a_number_of_threads_that_is_a_mistake_is_refused() {
        for threads in [MOST_THREADS + 1, usize::MAX] {
            assert_eq!(Executor::new(threads).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }

    #[test]
    fn who_watches_is_told_on_the_calling_thread_and_can_stop() {
        let items: Vec<usize> = (0..1_000).collect();
        let here = std::thread::current().id();
        for threads in [1, 2, 8] {
            let executor = Executor::new(threads).unwrap();
            let expected = executor.map_chunks(&items, 7, |first, chunk| (first, chunk.len()));
            let mut told = Vec::new();
            let work = |first: usize, chunk: &[usize]| (first, chunk.len());
            let watched = executor.map_chunks_watched(&items, 7, work, &mut |done| {
                assert_eq!(std::thread::current().id(), here);
                told.push(done);
                ControlFlow::Continue(())
            });
            assert_eq!(watched.unwrap(), expected);
            assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
            assert_eq!(told.last(), Some(&1_000));
            let stopped = executor.map_chunks_watched(&items, 7, work, &mut |done| match done {
                0..500 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            });
            assert_eq!(stopped, None);
        }
    }

    #[test]
    fn a_panic_in_watched_work_reaches_the_caller() {
        let work = |first: usize, _: &[u8]| assert_ne!(first, 2);
        for threads in [1, 2] {
            let executor = Executor::new(threads).unwrap();
            let watched = || {
                executor.map_chunks_watched(&[0_u8; 4], 1, work, &mut |_| ControlFlow::Continue(()));
            };
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(watched)).is_err());
        }
    }
}
