//! The switches with which data systems call NIST MS Search.

use anyhow::bail;

/// Checks the switches: `/INSTRUMENT` and `/PAR=` with a number, in any case and order. Neither changes what is done:
/// this command does nothing but serve the instrument protocol.
pub(super) fn check(switches: &[String]) -> anyhow::Result<()> {
    for switch in switches {
        let name = switch.to_ascii_lowercase();
        let number = name.strip_prefix("/par=");
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if name != "/instrument" && !number.is_some_and(is_number) {
            bail!("the switch {switch} is not known; those that are: /INSTRUMENT and /PAR=2");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_count_in_any_case_and_order() {
        for line in ["", "/INSTRUMENT /PAR=2", "/par=2 /instrument", "/Instrument /PAR=4", "/PAR=2"] {
            let switches: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert!(check(&switches).is_ok(), "{line}");
        }
        for line in ["/PAR", "/PAR=", "/PAR=two", "instrument", "/PRINT"] {
            let error = check(&[line.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
