//! The log behind the pages: a header of 64 bytes, perhaps binary data, and text.

use super::super::bytes::text_of;
use super::super::noter::Noter;
use super::header::Header;
use crate::error::Result;

/// The lines of the log, without blank ones; `None` where there is no log or none can be read, which is reported.
pub(super) fn read_log(header: &Header<'_>, noter: &mut Noter) -> Result<Option<String>> {
    let (bytes, start) = (header.bytes, header.log_offset);
    if start == 0 {
        return Ok(None);
    }
    if !bytes.holds(start, 64) {
        let message = format!("the log is said to begin at byte {start}, beyond the end of the file");
        noter.ignored_at(248, "flogoff", message)?;
        return Ok(None);
    }
    let size = bytes.size(start, "logsizd")?;
    let text_offset = bytes.size(start + 8, "logtxto")?;
    let rest = bytes.len() - start;
    if text_offset < 64 || text_offset > size || text_offset > rest {
        let message = format!(
            "the text of the log is said to begin at byte {text_offset} of {size}, so it was not read"
        );
        noter.ignored_at(start + 8, "logtxto", message)?;
        return Ok(None);
    }
    if size > rest {
        let message = format!("the log is said to have {size} bytes and has {rest}; these were read");
        noter.repaired_at(start, "logsizd", message)?;
    }
    let text = text_of(bytes.slice(start + text_offset, size.min(rest) - text_offset, "log")?);
    let lines: Vec<&str> = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(Some(lines.join("\n")).filter(|text| !text.is_empty()))
}
