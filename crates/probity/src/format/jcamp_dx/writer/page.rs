//! The labelled data records of one block, as they are written.

use crate::format::WriteReport;
use crate::format::field_value::stated;

/// A block being written.
pub(super) struct Page<'a> {
    pub(super) text: String,
    pub(super) report: &'a mut WriteReport,
}

impl Page<'_> {
    /// A label and its value, which is known to be fit.
    pub(super) fn raw(&mut self, label: &str, value: &str) {
        self.text.push_str(&format!("##{label}={value}\n"));
    }

    /// A label and a value as published: on several lines if it has them, and all of them can be continued. Values that
    /// say nothing, such as `N/A`, would not be read, and are left out and counted.
    pub(super) fn field(&mut self, label: &str, value: &str) {
        if stated(value).is_none() {
            return self.report.omitted(label, "the value says nothing and was left out");
        }
        let can_stand = |line: &str| {
            !line.is_empty()
                && line.trim() == line
                && !line.starts_with("##")
                && !line.contains("$$")
                && !line.contains(char::is_control)
        };
        if value.split('\n').all(can_stand) {
            return self.raw(label, value);
        }
        let line = value.replace("$$", "$ $");
        if line != value {
            self.report.altered(label, "\"$$\" would begin a comment and was divided");
        }
        if let Some(line) = self.report.one_line(label, &line) {
            self.raw(label, &line);
        }
    }

    pub(super) fn optional(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.field(label, value);
        }
    }

    pub(super) fn number(&mut self, label: &str, value: Option<f64>) {
        if let Some(number) = value.and_then(|value| self.report.number(label, value)) {
            self.raw(label, &number);
        }
    }

    /// What the format has no place for.
    pub(super) fn omit(&mut self, field: &str, is_stated: bool) {
        if is_stated {
            self.report.omitted(field, "the format has no place for it");
        }
    }
}

/// A number in the shorter of its plain and its exponential form.
pub(super) fn number(value: f64) -> String {
    let (plain, exponential) = (value.to_string(), format!("{value:E}"));
    if plain.len() <= exponential.len() + 3 { plain } else { exponential }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_as_published_where_they_can() {
        let mut report = WriteReport::default();
        let mut page = Page { text: String::new(), report: &mut report };
        page.field("OWNER", "one\ntwo");
        page.field("OWNER", "costs 5 $$\n##END=");
        page.field("OWNER", "N/A");
        page.number("MW", Some(149.5));
        page.number("MW", Some(f64::NAN));
        page.omit("scans", true);
        assert_eq!(page.text, "##OWNER=one\ntwo\n##OWNER=costs 5 $ $ ##END=\n##MW=149.5\n");
        assert_eq!((report.values_altered, report.values_omitted), (2, 3));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [number(0.000_1), number(1e-10), number(3_999.5), number(2e300)],
            ["0.0001", "1E-10", "3999.5", "2E300"]
        );
    }
}
