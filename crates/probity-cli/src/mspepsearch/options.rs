//! The command line of MSPepSearch, as far as it makes sense here.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, bail};
use probity::report::nist_search::{HitColumn, SearchKind};
use probity::units::MassTolerance;

use super::columns::{columns_of_code, columns_of_option};
use super::letters::{Letters, Precursor};

/// The number of hits where none is asked for: MSPepSearch's own.
const HITS: usize = 3;

/// The most hits of each query that may be asked for: MSPepSearch's own limit without a presearch.
const MOST_HITS: usize = 400;

/// How far the precursors may lie apart where nothing is said (search with `z`): MSPepSearch's own.
const PRECURSOR_TOLERANCE: MassTolerance = MassTolerance::Da(1.6);

/// How far paired peaks may lie apart where nothing is said: MSPepSearch's own.
const PEAK_TOLERANCE: MassTolerance = MassTolerance::Da(0.6);

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    /// The search.
    pub(super) search: SearchKind,
    /// How it is done and what is shown.
    pub(super) letters: Letters,
    /// The library: a library folder, a file of spectra, or a folder of them.
    pub(super) library: PathBuf,
    /// The spectra that are searched.
    pub(super) input: PathBuf,
    /// Where the table is written; `None` for standard output.
    pub(super) table: Option<PathBuf>,
    /// The most hits of each query.
    pub(super) hits: usize,
    /// What the match factor that orders the hits must reach.
    pub(super) minimum: Option<u16>,
    /// The nominal mass of every query, in Da.
    pub(super) mass: Option<u32>,
    /// How far the precursors may lie apart, of product ion spectra.
    pub(super) precursor_tolerance: MassTolerance,
    /// How far paired peaks may lie apart, of product ion spectra.
    pub(super) peak_tolerance: MassTolerance,
    /// Whether queries without hits have a row.
    pub(super) all: bool,
    /// Further columns.
    pub(super) columns: Vec<HitColumn>,
    /// The number of the first query.
    pub(super) first_number: usize,
    /// Options that were taken and have no effect.
    pub(super) without_effect: Vec<String>,
}

/// Options before it is known whether all that are needed are there.
#[derive(Debug)]
struct Draft {
    letters: Letters,
    libraries: Vec<PathBuf>,
    input: Option<PathBuf>,
    table: Option<PathBuf>,
    hits: usize,
    minimum: Option<u16>,
    mass: Option<u32>,
    precursor_tolerance: Option<MassTolerance>,
    peak_tolerance: Option<MassTolerance>,
    all: bool,
    columns: Vec<HitColumn>,
    first_number: usize,
    without_effect: Vec<String>,
}

impl Options {
    /// Reads a command line without the program's name.
    pub(super) fn parse(arguments: &[OsString]) -> anyhow::Result<Self> {
        let mut draft = Draft {
            letters: Letters::default(),
            libraries: Vec::new(),
            input: None,
            table: None,
            hits: HITS,
            minimum: None,
            mass: None,
            precursor_tolerance: None,
            peak_tolerance: None,
            all: false,
            columns: Vec::new(),
            first_number: 1,
            without_effect: Vec::new(),
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let text = readable(argument)?;
            match text.strip_prefix('/') {
                // Behind what takes values, a path that begins with `/` is not looked at here.
                Some(name) => draft.take(name, text, &mut rest)?,
                None => draft.letters.take(text)?,
            }
        }
        draft.complete()
    }
}

impl Draft {
    fn take(
        &mut self,
        name: &str,
        text: &str,
        rest: &mut std::slice::Iter<'_, OsString>,
    ) -> anyhow::Result<()> {
        match name.to_ascii_lowercase().as_str() {
            "lib" | "main" | "repl" => self.libraries.push(value(text, rest)?.into()),
            "inp" => self.input = Some(value(text, rest)?.into()),
            "outtab" => self.table = Some(value(text, rest)?.into()),
            "hits" => {
                self.hits = number(text, rest)?;
                if !(1..=MOST_HITS).contains(&self.hits) {
                    bail!("{text} must lie from 1 to {MOST_HITS}, not at {}", self.hits);
                }
            }
            "minmf" => {
                let minimum = number(text, rest)?;
                if minimum > 999 {
                    bail!("{text} must lie from 0 to 999, not at {minimum}");
                }
                self.minimum = Some(minimum);
            }
            "mwforloss" => {
                let mass = number(text, rest)?;
                if !(1..1_000_000).contains(&mass) {
                    bail!("{text} must lie from 1 to 999999 Da, not at {mass}");
                }
                self.mass = Some(mass);
            }
            "z" => self.precursor_tolerance = Some(MassTolerance::Da(number(text, rest)?)),
            "zppm" => self.precursor_tolerance = Some(MassTolerance::Ppm(number(text, rest)?)),
            "m" => self.peak_tolerance = Some(MassTolerance::Da(number(text, rest)?)),
            "mppm" => self.peak_tolerance = Some(MassTolerance::Ppm(number(text, rest)?)),
            "mzlimits" => {
                let limits: [i64; 2] = [number(text, rest)?, number(text, rest)?];
                if limits != [-1, -1] {
                    bail!("{text} other than -1 -1 is not offered");
                }
            }
            "all" => self.all = true,
            "onlyfound" => self.all = false,
            "col" => {
                let value = value(text, rest)?;
                for code in readable(value)?.split(',') {
                    self.columns.extend_from_slice(columns_of_code(code)?);
                }
            }
            "outspecnum" => {
                self.columns.push(HitColumn::Number);
                // The number of the first spectrum may stand behind it.
                if let Some(number) = rest.as_slice().first().and_then(|next| next.to_str()?.parse().ok()) {
                    self.first_number = number;
                    rest.next();
                }
            }
            "outrevmf" => self.letters.reverse_column = true,
            "libinmem" | "hipri" | "progress" | "progressns" => self.without_effect.push(text.to_owned()),
            "wrk" => {
                value(text, rest)?;
                self.without_effect.push(text.to_owned());
            }
            name => match columns_of_option(name) {
                Some(columns) => self.columns.extend_from_slice(columns),
                None => bail!("the option {text} is not offered"),
            },
        }
        Ok(())
    }

    fn complete(self) -> anyhow::Result<Options> {
        let Some(search) = self.letters.search else {
            bail!("no search is asked for; the searches are I, Q, S, L, H and D");
        };
        self.check_search(search)?;
        let mut libraries = self.libraries.into_iter();
        let (Some(library), None) = (libraries.next(), libraries.next()) else {
            bail!("exactly one library is needed (/LIB); `probity library build` makes one of several");
        };
        let input = self.input.context("no spectra are named (/INP)")?;
        Ok(Options {
            search,
            letters: self.letters,
            library,
            input,
            table: self.table,
            hits: self.hits,
            minimum: self.minimum,
            mass: self.mass,
            precursor_tolerance: self.precursor_tolerance.unwrap_or(PRECURSOR_TOLERANCE),
            peak_tolerance: self.peak_tolerance.unwrap_or(PEAK_TOLERANCE),
            all: self.all,
            columns: self.columns,
            first_number: self.first_number,
            without_effect: self.without_effect,
        })
    }
}

impl Draft {
    /// Whether all that is asked for belongs to the search.
    fn check_search(&self, search: SearchKind) -> anyhow::Result<()> {
        let is_of_product_ions = search == SearchKind::DotProduct;
        if self.letters.reverse && !matches!(search, SearchKind::Identity | SearchKind::Simple) {
            bail!("the letter r is offered with the searches I, Q and S only");
        }
        if is_of_product_ions != self.letters.precursor.is_some() {
            bail!("the search D needs one of the letters u and z, and no other search takes them");
        }
        if self.precursor_tolerance.is_some() && self.letters.precursor != Some(Precursor::Near) {
            bail!("/Z and /ZPPM belong to the search D with the letter z");
        }
        if self.peak_tolerance.is_some() && !is_of_product_ions {
            bail!("/M and /MPPM belong to the search D");
        }
        for tolerance in [self.precursor_tolerance, self.peak_tolerance].into_iter().flatten() {
            tolerance.checked()?;
        }
        if self.mass.is_some() && !matches!(search, SearchKind::NeutralLoss | SearchKind::Hybrid) {
            bail!("/MwForLoss belongs to the searches L and H");
        }
        if !is_of_product_ions && self.columns.contains(&HitColumn::DeltaMz) {
            bail!("the column dz of /COL belongs to the search D");
        }
        if is_of_product_ions && self.columns.contains(&HitColumn::DeltaMw) {
            bail!("the column dw of /COL belongs to the searches of unit mass");
        }
        Ok(())
    }
}

fn readable(argument: &OsStr) -> anyhow::Result<&str> {
    argument.to_str().with_context(|| format!("{} is not text", argument.display()))
}

fn value<'a>(option: &str, rest: &mut std::slice::Iter<'a, OsString>) -> anyhow::Result<&'a OsStr> {
    rest.next().map(OsString::as_os_str).with_context(|| format!("{option} needs a value behind it"))
}

fn number<T: FromStr>(option: &str, rest: &mut std::slice::Iter<'_, OsString>) -> anyhow::Result<T> {
    let value = value(option, rest)?;
    let parsed = value.to_str().and_then(|text| text.parse().ok());
    parsed.with_context(|| format!("{option} needs a number, not {}", value.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> anyhow::Result<Options> {
        Options::parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_command_line_of_our_reference_tables_is_understood() {
        let line = "Hsv /MwForLoss 170 /LIB massbank_subset_ei_lr /INP q.msp /HITS 10 /MinMF 1 /All /COL dw /OUTTAB e_H.tsv";
        let options = parse(line).unwrap();
        assert_eq!(options.search, SearchKind::Hybrid);
        assert_eq!((options.hits, options.minimum, options.mass), (10, Some(1), Some(170)));
        assert_eq!(options.columns, [HitColumn::DeltaMw]);
        assert_eq!(options.table, Some(PathBuf::from("e_H.tsv")));
        assert!(options.all && options.letters.reverse_column && options.without_effect.is_empty());
    }

    #[test]
    fn the_command_lines_of_callers_are_understood() {
        // As mspepsearchr and MZmine build them.
        let options = parse(
            "I d /INP /tmp/a.msp /LIB /lib/x /HITS 100 /All /OUTTAB /tmp/o.txt /OutRevMF /OutMW /OutCAS /OutChemForm /OutIK",
        )
        .unwrap();
        assert_eq!(options.input, PathBuf::from("/tmp/a.msp"));
        assert!(options.letters.presearch && options.letters.reverse_column);
        let options = parse(
            "dvI /LIB /lib/x /WRK /scratch /INP q.msp /OUTTAB out.tsv /HITS 10 /MinMF 400 /OutSpecNum 1 /OutChemForm /OutCASrn \
             /OutNISTrn /OutIK /OutNumMP /OutNumPk /OutMW /PROGRESSNS /LibInMem /HiPri",
        )
        .unwrap();
        assert_eq!(options.without_effect, ["/WRK", "/PROGRESSNS", "/LibInMem", "/HiPri"]);
        assert_eq!(options.first_number, 1);
        assert!(options.columns.contains(&HitColumn::Number) && !options.all);
    }

    #[test]
    fn options_count_in_any_case_and_defaults_are_those_of_mspepsearch() {
        let options = parse("S /lib x /Inp q.msp").unwrap();
        assert_eq!((options.hits, options.minimum, options.all, options.table), (3, None, false, None));
        assert_eq!(parse("S /LIB x /INP q.msp /outspecnum /all").unwrap().first_number, 1);
        assert_eq!(parse("S /LIB x /INP q.msp /OUTSPECNUM 7").unwrap().first_number, 7);
        assert!(parse("S /LIB x /INP q.msp /MzLimits -1 -1").is_ok());
    }

    #[test]
    fn tolerances_of_product_ions_are_taken_in_both_units() {
        let options = parse("Duv /M 0.02 /LIB x /INP q.msp /COL nm,np,qp,ik,dz").unwrap();
        assert_eq!(options.peak_tolerance, MassTolerance::Da(0.02));
        let options = parse("Dzv /ZPPM 20 /MPPM 40 /LIB x /INP q.msp").unwrap();
        assert_eq!(options.precursor_tolerance, MassTolerance::Ppm(20.0));
        assert_eq!(options.peak_tolerance, MassTolerance::Ppm(40.0));
        let options = parse("Dz /LIB x /INP q.msp").unwrap();
        assert_eq!(
            (options.precursor_tolerance, options.peak_tolerance),
            (PRECURSOR_TOLERANCE, PEAK_TOLERANCE)
        );
    }

    #[test]
    fn what_is_wrong_or_not_offered_is_named() {
        for (line, word) in [
            ("S /LIB x", "/INP"),
            ("S /INP q.msp", "exactly one library"),
            ("S /LIB x /MAIN y /INP q.msp", "exactly one library"),
            ("/LIB x /INP q.msp", "no search"),
            ("S /LIB x /INP q.msp /HITS", "/HITS needs a value"),
            ("S /LIB x /INP q.msp /HITS ten", "not ten"),
            ("S /LIB x /INP q.msp /HITS 0", "from 1 to 400"),
            ("S /LIB x /INP q.msp /HITS 401", "from 1 to 400"),
            ("S /LIB x /INP q.msp /MinMF 1000", "from 0 to 999"),
            ("H /LIB x /INP q.msp /MwForLoss 0", "from 1 to 999999"),
            ("S /LIB x /INP q.msp /RI sut10rAV", "/RI is not offered"),
            ("S /LIB x /INP q.msp /MinInt 5", "/MinInt is not offered"),
            ("S /LIB x /INP q.msp /MzLimits 50 -1", "/MzLimits"),
            ("S /LIB x /INP q.msp /OUT f", "/OUT is not offered"),
            ("S /LIB x /INP q.msp /OutBestHitsOnly", "/OutBestHitsOnly is not offered"),
            ("S /LIB x /INP q.msp /COL dz", "column dz"),
            ("Du /LIB x /INP q.msp /COL dw", "column dw"),
            ("D /LIB x /INP q.msp", "one of the letters u and z"),
            ("Iz /LIB x /INP q.msp", "one of the letters u and z"),
            ("Du /LIB x /INP q.msp /Z 0.1", "/Z and /ZPPM"),
            ("S /LIB x /INP q.msp /M 0.1", "/M and /MPPM"),
            ("Du /LIB x /INP q.msp /M -1", "must be finite and not negative"),
            ("S /LIB x /INP q.msp /MwForLoss 170", "/MwForLoss belongs"),
            ("Dzr /LIB x /INP q.msp", "letter r"),
            ("Hr /LIB x /INP q.msp", "letter r"),
        ] {
            let error = format!("{:#}", parse(line).unwrap_err());
            assert!(error.contains(word), "{line}: {error}");
        }
    }
}
