//! Which method serves a spectrum of which nothing more is known.

use super::method::Method;
use crate::error::Result;
use crate::spectrum::{SpectrumCounts, SpectrumKind};

impl Method {
    /// The name of the shipped method that is used where none is asked for: `ei-default` for mass spectra, `ir-default`
    /// for curves.
    #[must_use]
    pub fn first_choice_name(kind: SpectrumKind) -> &'static str {
        match kind {
            SpectrumKind::Mass => "ei-default",
            SpectrumKind::Curve => "ir-default",
        }
    }

    /// The shipped method that is used where none is asked for.
    ///
    /// # Errors
    /// None for the shipped methods, as [`Method::shipped`].
    pub fn first_choice(kind: SpectrumKind) -> Result<Self> {
        Self::named(Self::first_choice_name(kind))
    }

    /// The first choices for all kinds of spectra of which there are some.
    ///
    /// # Errors
    /// As [`Method::first_choice`].
    pub fn first_choices(counts: SpectrumCounts) -> Result<Vec<Self>> {
        let kinds = [SpectrumKind::Mass, SpectrumKind::Curve];
        kinds.into_iter().filter(|&kind| counts.of(kind) > 0).map(Self::first_choice).collect()
    }

    /// The kind of spectra that the method compares.
    #[must_use]
    pub fn kind(&self) -> SpectrumKind {
        if self.measure.is_infrared() { SpectrumKind::Curve } else { SpectrumKind::Mass }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_first_choice_that_compares_it() {
        for kind in [SpectrumKind::Mass, SpectrumKind::Curve] {
            assert_eq!(Method::first_choice(kind).unwrap().kind(), kind);
        }
        let names = |mass_spectra, curves| {
            let methods = Method::first_choices(SpectrumCounts { mass_spectra, curves }).unwrap();
            methods.into_iter().map(|method| method.name).collect::<Vec<_>>()
        };
        assert_eq!(names(2, 0), ["ei-default"]);
        assert_eq!(names(0, 1), ["ir-default"]);
        assert_eq!(names(7, 1), ["ei-default", "ir-default"]);
        assert!(names(0, 0).is_empty());
    }
}
