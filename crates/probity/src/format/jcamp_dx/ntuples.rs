//! Tables of several variables: a series of mass spectra, one on each page.

use std::collections::BTreeMap;

use super::block::Block;
use super::ldr::Ldr;
use super::peak_table::Factors;
use crate::format::field_value::seconds_per;
use crate::format::number::parse_number;

/// One page: its variable, and the data records that belong to it.
#[derive(Debug)]
pub(super) struct Page<'b, 'a> {
    /// `T= 272` as written.
    pub(super) variable: &'a str,
    /// Retention time in seconds, if the variable is a time whose unit is known.
    pub(super) retention_time_s: Option<f64>,
    pub(super) line: u64,
    /// What stands between this page and the next.
    pub(super) ldrs: Vec<&'b Ldr<'a>>,
}

/// Labels that describe the variables of the table.
pub(super) const DESCRIPTION: [&str; 12] = [
    "NTUPLES", "VARNAME", "SYMBOL", "VARTYPE", "VARFORM", "VARDIM", "UNITS", "FIRST", "LAST", "MIN", "MAX",
    "FACTOR",
];

/// The lists that describe the variables, split once.
#[derive(Debug)]
pub(super) struct Variables<'a> {
    index_of: BTreeMap<String, usize>,
    factors: Vec<&'a str>,
    firsts: Vec<&'a str>,
    lasts: Vec<&'a str>,
    dimensions: Vec<&'a str>,
    units: Vec<&'a str>,
    /// The factor of each variable and the seconds in its unit; `None` if it is no time of a known unit.
    times: Vec<Option<(f64, f64)>>,
}

impl<'a> Variables<'a> {
    pub(super) fn of(block: &Block<'a>) -> Self {
        let list =
            |label: &str| -> Vec<&'a str> { block.first_of(label).split(',').map(str::trim).collect() };
        let index_of = list("SYMBOL")
            .into_iter()
            .enumerate()
            .map(|(index, s)| (s.to_ascii_uppercase(), index))
            .collect();
        let factors = list("FACTOR");
        // Once for all pages: an entry may be as long as a line.
        let times =
            list("VARNAME").into_iter().zip(list("UNITS")).enumerate().map(|(index, (name, unit))| {
                let seconds = seconds_per(unit).filter(|_| name.to_ascii_uppercase().contains("TIME"))?;
                let factor = factors.get(index).copied().filter(|factor| !factor.is_empty());
                Some((factor.map_or(Some(1.0), parse_number)?, seconds))
            });
        let times = times.collect();
        let [firsts, lasts, dimensions, units] = ["FIRST", "LAST", "VARDIM", "UNITS"].map(list);
        Self { index_of, factors, firsts, lasts, dimensions, units, times }
    }

    /// The entry of a list that belongs to a symbol.
    fn entry<T: Copy>(&self, list: &[T], symbol: &str) -> Option<T> {
        let index = *self.index_of.get(&symbol.trim().to_ascii_uppercase())?;
        list.get(index).copied()
    }

    /// Where a variable begins, as written.
    pub(super) fn first(&self, symbol: &str) -> Option<&'a str> {
        self.entry(&self.firsts, symbol)
    }

    /// Where it ends.
    pub(super) fn last(&self, symbol: &str) -> Option<&'a str> {
        self.entry(&self.lasts, symbol)
    }

    /// How many values it has.
    pub(super) fn dimension(&self, symbol: &str) -> Option<&'a str> {
        self.entry(&self.dimensions, symbol)
    }

    /// Its unit.
    pub(super) fn unit(&self, symbol: &str) -> Option<&'a str> {
        self.entry(&self.units, symbol)
    }

    /// The factors of X and an ordinate; `None` if one is not a number other than 0.
    pub(super) fn factors(&self, ordinate: &str) -> Option<Factors> {
        let factor = |symbol| match self.entry(&self.factors, symbol).filter(|text| !text.is_empty()) {
            None => Some(1.0),
            Some(text) => parse_number(text).filter(|&factor| factor != 0.0),
        };
        Some(Factors { x: factor("X")?, y: factor(ordinate)? })
    }

    /// Seconds from a page variable such as `T= 272`, if its name says that it is a time and its unit
    /// is a unit of time.
    fn time(&self, variable: &str) -> Option<f64> {
        let (symbol, value) = variable.split_once('=')?;
        let (factor, seconds) = self.entry(&self.times, symbol)??;
        Some(parse_number(value)? * factor * seconds).filter(|seconds| seconds.is_finite())
    }
}

/// The pages of a block, and the data records that stand outside them.
pub(super) fn pages<'b, 'a>(
    block: &'b Block<'a>,
    variables: &Variables<'a>,
) -> (Vec<Page<'b, 'a>>, Vec<&'b Ldr<'a>>) {
    let mut pages: Vec<Page<'b, 'a>> = Vec::new();
    let mut outside = Vec::new();
    let mut ended = false;
    for ldr in &block.ldrs {
        match (ldr.label.as_str(), pages.last_mut()) {
            ("PAGE", _) => {
                let (variable, line) = (ldr.first, ldr.line);
                let retention_time_s = variables.time(variable);
                pages.push(Page { variable, retention_time_s, line, ldrs: Vec::new() });
                ended = false;
            }
            ("ENDNTUPLES", _) => ended = true,
            (_, Some(page)) if !ended => page.ldrs.push(ldr),
            _ => outside.push(ldr),
        }
    }
    (pages, outside)
}
