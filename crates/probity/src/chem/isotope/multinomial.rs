//! How the isotopes of an element are spread over its atoms in a molecule.

use std::collections::HashSet;

use super::fine::too_many;
use crate::chem::atom::Atom;
use crate::chem::element::Isotope;
use crate::error::Result;
use crate::math;

/// A peak with the logarithm of its probability relative to the most probable one.
#[derive(Clone, Copy)]
pub(super) struct LogPeak {
    pub(super) mass: f64,
    pub(super) ln_share: f64,
}

/// How the isotopes of one element are spread over its atoms in the molecule.
pub(super) struct Multinomial {
    isotopes: Vec<Isotope>,
    /// ln of the abundances.
    ln_abundance: Vec<f64>,
    /// ln k! for k up to the number of atoms.
    ln_factorial: Vec<f64>,
    /// The most probable numbers of the isotopes.
    mode: Vec<u32>,
    /// ln of the mode's probability.
    pub(super) ln_mode: f64,
}

impl Multinomial {
    pub(super) fn new(atom: Atom, count: u32) -> Self {
        let isotopes: Vec<Isotope> = match atom.label() {
            Some(_) => vec![Isotope { abundance: 1.0, ..atom.principal_isotope() }],
            None => atom.element().natural_isotopes().collect(),
        };
        let ln_abundance = isotopes.iter().map(|isotope| math::ln(isotope.abundance)).collect();
        let mut ln_factorial = vec![0.0];
        let mut sum = 0.0;
        for k in 1..=count {
            sum += math::ln(f64::from(k));
            ln_factorial.push(sum);
        }
        let mut multinomial = Self { ln_abundance, ln_factorial, mode: Vec::new(), ln_mode: 0.0, isotopes };
        multinomial.mode = multinomial.climb(count);
        multinomial.ln_mode = multinomial.ln_probability(&multinomial.mode);
        multinomial
    }

    /// ln of n! ∏ pᵢ^kᵢ / kᵢ!.
    fn ln_probability(&self, numbers: &[u32]) -> f64 {
        let last = self.ln_factorial.last().copied().unwrap_or(0.0);
        numbers.iter().zip(&self.ln_abundance).fold(last, |sum, (&number, &ln_abundance)| {
            sum + f64::from(number) * ln_abundance - self.ln_factorial(number)
        })
    }

    fn ln_factorial(&self, number: u32) -> f64 {
        // No isotope occurs more often than the element.
        usize::try_from(number).ok().and_then(|index| self.ln_factorial.get(index)).copied().unwrap_or(0.0)
    }

    fn mass(&self, numbers: &[u32]) -> f64 {
        numbers
            .iter()
            .zip(&self.isotopes)
            .fold(0.0, |sum, (&number, isotope)| sum + f64::from(number) * isotope.mass)
    }

    /// The most probable numbers: from the whole parts of the expected ones, uphill by single
    /// exchanges. The distribution is log-concave, so the first summit is the highest.
    fn climb(&self, count: u32) -> Vec<u32> {
        // The cast cuts to the whole part, which is between 0 and the count.
        let mut numbers: Vec<u32> = self
            .isotopes
            .iter()
            .map(|isotope| (f64::from(count) * isotope.abundance).floor() as u32)
            .collect();
        let principal = (0..self.isotopes.len())
            .reduce(
                |best, i| if self.isotopes[i].abundance > self.isotopes[best].abundance { i } else { best },
            )
            .unwrap_or(0);
        let rest = numbers
            .iter()
            .enumerate()
            .filter(|&(i, _)| i != principal)
            .map(|(_, number)| number)
            .sum::<u32>();
        numbers[principal] = count.saturating_sub(rest);
        let mut height = self.ln_probability(&numbers);
        loop {
            let next = exchanges(&numbers)
                .map(|numbers| (self.ln_probability(&numbers), numbers))
                .reduce(|best, next| if next.0 > best.0 { next } else { best });
            match next {
                Some((higher, next)) if higher > height => (height, numbers) = (higher, next),
                _ => return numbers,
            }
        }
    }

    /// Every member whose share of the mode is at least the bound (as logarithms), most probable
    /// first, then by mass.
    pub(super) fn members(&self, bound: f64, limit: usize) -> Result<Vec<LogPeak>> {
        let mut seen = HashSet::from([self.mode.clone()]);
        let mut open = vec![self.mode.clone()];
        let mut members = Vec::new();
        while let Some(numbers) = open.pop() {
            if members.len() >= limit {
                return Err(too_many(limit));
            }
            let ln_share = self.ln_probability(&numbers) - self.ln_mode;
            members.push(LogPeak { mass: self.mass(&numbers), ln_share });
            for next in exchanges(&numbers) {
                if self.ln_probability(&next) - self.ln_mode >= bound && !seen.contains(&next) {
                    seen.insert(next.clone());
                    open.push(next);
                }
            }
        }
        members.sort_by(|a, b| b.ln_share.total_cmp(&a.ln_share).then(a.mass.total_cmp(&b.mass)));
        Ok(members)
    }
}

/// All numbers that differ by one atom of one isotope made another.
fn exchanges(numbers: &[u32]) -> impl Iterator<Item = Vec<u32>> + '_ {
    let size = numbers.len();
    (0..size).flat_map(move |from| (0..size).map(move |to| (from, to))).filter_map(|(from, to)| {
        if from == to || numbers[from] == 0 {
            return None;
        }
        let mut next = numbers.to_vec();
        next[from] -= 1;
        next[to] += 1;
        Some(next)
    })
}
