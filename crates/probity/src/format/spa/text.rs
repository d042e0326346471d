//! Title, time, comments and history.

use super::super::bytes::{Bytes, text_of};
use super::super::civil_date::date_and_time;
use super::super::noter::Noter;
use super::super::number::parse_number_or_decimal_comma;
use super::section::{RETAINED, Section};
use crate::error::Result;

/// Seconds from 1899-12-31, where the file's times begin, to 1970.
const EPOCH: i64 = 2_209_075_200;

/// The texts of a file.
pub(super) struct Texts {
    title: String,
    measured: Option<String>,
    pub(super) comments: Vec<String>,
    history: String,
    /// Titles and times of the spectra of a group.
    members: Vec<(String, Option<String>)>,
    /// The bytes of an earlier spectrum that the file retains.
    retained: Option<usize>,
}

impl Texts {
    pub(super) fn read(bytes: Bytes<'_>, sections: &[Section], noter: &mut Noter) -> Result<Self> {
        let mut texts = Self {
            title: bytes.text(30, 256, "title")?,
            measured: time_of(bytes.u32(296, "time")?),
            comments: Vec::new(),
            history: String::new(),
            members: Vec::new(),
            retained: None,
        };
        for section in sections {
            if section.key == RETAINED {
                texts.retained = Some(section.size);
                continue;
            }
            let content = bytes.slice(section.offset, section.size, "text")?;
            match section.key {
                // Each line of a comment ends with a NUL.
                4 => texts
                    .comments
                    .extend(content.split(|&byte| byte == 0).map(text_of).filter(|line| !line.is_empty())),
                27 => texts.history = text_of(content),
                107 if section.size >= 260 => {
                    let time = time_of(bytes.u32(section.offset + 256, "time")?);
                    texts.members.push((text_of(&content[..256]), time));
                }
                107 => noter.ignored_at(section.offset, "title", "the title of a spectrum is cut short")?,
                _ => {}
            }
        }
        Ok(texts)
    }

    /// The title of a spectrum of a group, or of the file.
    pub(super) fn title_of(&self, number: usize) -> String {
        self.members.get(number).map_or(&self.title, |(title, _)| title).clone()
    }

    pub(super) fn measured_of(&self, number: usize) -> Option<String> {
        self.members.get(number).map_or(&self.measured, |(_, time)| time).clone()
    }

    pub(super) fn other_fields(&self) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        if !self.history.is_empty() {
            fields.push(("history".to_owned(), self.history.clone()));
        }
        if let Some(size) = self.retained {
            let note = format!("an earlier form of the spectrum in {size} bytes of the file, not read");
            fields.push(("retained original".to_owned(), note));
        }
        fields
    }

    /// The first number behind `Resolution:` in the history, whose words are English or French.
    pub(super) fn resolution_cm1(&self) -> Option<f64> {
        let line = self
            .history
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("Resolution:") || line.starts_with("R\u{e9}solution:"))?;
        let number = line.split_once(':')?.1.split_whitespace().next()?;
        parse_number_or_decimal_comma(number).filter(|&resolution| resolution > 0.0)
    }

    /// The serial number of the bench in the history.
    pub(super) fn instrument(&self) -> Option<String> {
        let serial =
            self.history.lines().find_map(|line| line.trim().strip_prefix("Bench Serial Number:"))?;
        let serial = serial.trim_matches(|c: char| c.is_whitespace() || c == ';');
        (!serial.is_empty()).then(|| format!("bench {serial}"))
    }
}

/// A time in seconds since 1899-12-31 00:00 UTC; 0 is none.
fn time_of(seconds: u32) -> Option<String> {
    (seconds > 0).then(|| format!("{} UTC", date_and_time(i64::from(seconds) - EPOCH)))
}
