//! How far long work is, and how whoever asked for it stops it.

use std::fmt;
use std::ops::ControlFlow;

use crate::error::{Error, ErrorKind, Result};

/// How far a piece of work is. What is counted, the work says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How much is done.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
}

/// Is told how far work is, always on the thread that asked for it, and stops it by breaking off: the work then ends with
/// an error of the kind [`ErrorKind::Cancelled`].
pub type Watch<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Work that somebody watches, or nobody.
pub(crate) struct Watched<'a> {
    watch: Option<&'a mut Watch<'a>>,
    progress: Progress,
}

impl<'a> Watched<'a> {
    pub(crate) fn by(watch: &'a mut Watch<'a>) -> Self {
        Self { watch: Some(watch), progress: Progress::default() }
    }

    pub(crate) fn by_nobody() -> Self {
        Self { watch: None, progress: Progress::default() }
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.watch.is_some()
    }

    pub(crate) fn done(&self) -> u64 {
        self.progress.done
    }

    /// Says how much there is to do, and asks whether to begin.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn expect(&mut self, total: u64) -> Result<()> {
        self.progress.total = total;
        self.ask()
    }

    /// Asks whether to go on.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn ask(&mut self) -> Result<()> {
        match self.watch.as_mut().map(|watch| watch(self.progress)) {
            Some(ControlFlow::Break(())) => Err(cancelled()),
            _ => Ok(()),
        }
    }

    /// Tells that so much more is done.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn advance(&mut self, more: u64) -> Result<()> {
        self.reach(self.progress.done + more)
    }

    /// Tells that so much is done, unless that is known.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn reach(&mut self, done: u64) -> Result<()> {
        if done <= self.progress.done {
            return Ok(());
        }
        self.progress.done = done;
        self.ask()
    }
}

impl fmt::Debug for Watched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").field("progress", &self.progress).finish_non_exhaustive()
    }
}

pub(crate) fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the work was stopped by whoever asked for it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_watches_is_told_what_is_new_and_can_stop() {
        let mut told = Vec::new();
        let mut watch = |progress: Progress| {
            told.push((progress.done, progress.total));
            if progress.done < 7 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let mut watched = Watched::by(&mut watch);
        watched.expect(10).unwrap();
        watched.advance(3).unwrap();
        watched.reach(3).unwrap();
        watched.reach(5).unwrap();
        assert_eq!(watched.advance(2).unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(told, [(0, 10), (3, 10), (5, 10), (7, 10)]);
        assert!(Watched::by_nobody().advance(9).is_ok());
    }
}
