//! The main header: 512 bytes, or 256 in the old version. Fields are called by their names in `SPC.H`.

use super::super::bytes::{Bytes, text_of};
use super::super::noter::Noter;
use crate::error::{Error, Location, Result};

/// Whole numbers have 16 bits instead of 32.
const SIXTEEN_BITS: u8 = 0x01;
/// There are several pages.
const MULTIPLE: u8 = 0x04;
/// Each page lists its own x values.
const OWN_X: u8 = 0x40;
/// The x values are listed.
const LISTED_X: u8 = 0x80;

/// What the header states.
pub(super) struct Header<'a> {
    pub(super) bytes: Bytes<'a>,
    pub(super) old: bool,
    pub(super) sixteen_bits: bool,
    pub(super) multiple: bool,
    pub(super) own_x: bool,
    pub(super) listed_x: bool,
    /// The power of two of the values; −128 for floating-point numbers.
    pub(super) exponent: i16,
    /// The number of points of each page, or the offset of the directory where each has its own x values.
    pub(super) points: usize,
    pub(super) first: f64,
    pub(super) last: f64,
    /// The number of pages; an old file does not state it.
    pub(super) pages: Option<usize>,
    pub(super) x_type: u8,
    pub(super) y_type: u8,
    pub(super) z_type: u8,
    /// Labels of x, y and z.
    pub(super) labels: [String; 3],
    pub(super) experiment: u8,
    pub(super) measured: Option<String>,
    pub(super) resolution: String,
    pub(super) source: String,
    pub(super) memo: String,
    pub(super) method: String,
    pub(super) scans: Option<u32>,
    pub(super) log_offset: usize,
    /// Whether the pages form several planes.
    pub(super) planes: bool,
}

impl<'a> Header<'a> {
    pub(super) fn read(bytes: Bytes<'a>, noter: &mut Noter) -> Result<Self> {
        let version = bytes.u8(1, "fversn")?;
        match version {
            0x4b => Self::read_new(bytes, noter),
            0x4c => Self::read_new(bytes.big_endian(), noter),
            0x4d => Self::read_old(bytes, noter),
            _ => {
                let message = format!("{version:#04x} is no version of SPC (0x4b, 0x4c or 0x4d)");
                Err(Error::malformed(message).at(Location::at_offset(1).at_field("fversn")))
            }
        }
    }

    fn read_new(bytes: Bytes<'a>, noter: &mut Noter) -> Result<Self> {
        bytes.slice(0, 512, "SPCHDR")?;
        let flags = bytes.u8(0, "ftflgs")?;
        let pages = bytes.size(24, "fnsub")?;
        let date = bytes.u32(32, "fdate")?;
        // From the lowest bit: 6 bits of minutes, 5 of hours, 5 of days, 4 of months, 12 of years.
        let parts = [date >> 20, date >> 16 & 15, date >> 11 & 31, date >> 6 & 31, date & 63];
        let multiple = flags & MULTIPLE != 0;
        if !multiple && pages > 1 {
            let message = format!("{pages} pages are announced without the flag for several; they were read");
            noter.repaired_at(24, "fnsub", message)?;
        }
        Ok(Self {
            bytes,
            old: false,
            sixteen_bits: flags & SIXTEEN_BITS != 0,
            multiple: multiple || pages > 1,
            own_x: flags & OWN_X != 0,
            listed_x: flags & LISTED_X != 0,
            exponent: i16::from(bytes.i8(3, "fexp")?),
            points: bytes.size(4, "fnpts")?,
            first: bytes.f64(8, "ffirst")?,
            last: bytes.f64(16, "flast")?,
            pages: Some(pages.max(1)),
            x_type: bytes.u8(28, "fxtype")?,
            y_type: bytes.u8(29, "fytype")?,
            z_type: bytes.u8(30, "fztype")?,
            labels: labels(bytes.slice(218, 30, "fcatxt")?),
            experiment: bytes.u8(2, "fexper")?,
            measured: date_of(parts, (32, "fdate"), noter)?,
            resolution: bytes.text(36, 9, "fres")?,
            source: bytes.text(45, 9, "fsource")?,
            memo: bytes.text(88, 130, "fcmnt")?,
            method: bytes.text(264, 48, "fmethod")?,
            scans: None,
            log_offset: bytes.size(248, "flogoff")?,
            planes: bytes.u32(316, "fwplanes")? > 0,
        })
    }

    fn read_old(bytes: Bytes<'a>, noter: &mut Noter) -> Result<Self> {
        bytes.slice(0, 256, "OSPCHDR")?;
        let flags = bytes.u8(0, "oftflgs")?;
        if flags & (LISTED_X | OWN_X) != 0 {
            let message = "an SPC file of the old version (0x4d) that lists its x values is not read";
            return Err(Error::unsupported(message).at(Location::at_offset(0).at_field("oftflgs")));
        }
        // The unit of z stands in the upper bits of the year.
        let year = bytes.u16(18, "oyear")?;
        let part = |offset, field| bytes.u8(offset, field).map(u32::from);
        let parts = [
            u32::from(year & 0x0fff),
            part(20, "omonth")?,
            part(21, "oday")?,
            part(22, "ohour")?,
            part(23, "ominute")?,
        ];
        let scans = u32::from(bytes.u16(34, "onscans")?);
        Ok(Self {
            bytes,
            old: true,
            sixteen_bits: flags & SIXTEEN_BITS != 0,
            multiple: flags & MULTIPLE != 0,
            own_x: false,
            listed_x: false,
            exponent: bytes.i16(2, "oexp")?,
            points: whole(bytes.f32(4, "onpts")?, (4, "onpts"))?,
            first: f64::from(bytes.f32(8, "ofirst")?),
            last: f64::from(bytes.f32(12, "olast")?),
            pages: None,
            x_type: bytes.u8(16, "oxtype")?,
            y_type: bytes.u8(17, "oytype")?,
            z_type: (year >> 12) as u8,
            labels: labels(bytes.slice(194, 30, "ocatxt")?),
            experiment: 0,
            measured: date_of(parts, (18, "oyear"), noter)?,
            resolution: bytes.text(24, 8, "ores")?,
            source: String::new(),
            memo: bytes.text(64, 130, "ocmnt")?,
            method: String::new(),
            scans: (scans > 0).then_some(scans),
            log_offset: 0,
            planes: false,
        })
    }
}

/// A number of points, which the old version writes as a floating-point number.
fn whole(number: f32, (offset, field): (u64, &str)) -> Result<usize> {
    let count = f64::from(number);
    if count >= 0.0 && count.fract() == 0.0 && count <= f64::from(u32::MAX) {
        return Ok(count as usize);
    }
    let message = format!("{number} is not a number of points");
    Err(Error::malformed(message).at(Location::at_offset(offset).at_field(field)))
}

/// The three labels, each ended by a NUL.
fn labels(text: &[u8]) -> [String; 3] {
    let mut parts = text.split(|&byte| byte == 0).map(text_of);
    [(); 3].map(|()| parts.next().unwrap_or_default())
}

/// A date of year, month, day, hour and minute; a year below 200 is counted from 1900, as programs in C count.
fn date_of(parts: [u32; 5], (offset, field): (usize, &str), noter: &mut Noter) -> Result<Option<String>> {
    let [year, month, day, hour, minute] = parts;
    if parts == [0; 5] {
        return Ok(None);
    }
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        let message = format!("{year}-{month}-{day} {hour}:{minute} is not a date and was left out");
        noter.ignored_at(offset, field, message)?;
        return Ok(None);
    }
    let year = if year < 200 { 1_900 + year } else { year };
    Ok(Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")))
}
