//! The header is what the crate's comments and signatures say.

use std::path::Path;

/// With this variable the header is written, as `cargo xtask header` does.
const WRITE: &str = "PROBITY_WRITE_HEADER";

#[test]
fn the_committed_header_is_that_of_the_code() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(here.join("cbindgen.toml")).unwrap();
    let mut made = Vec::new();
    cbindgen::generate_with_config(here, config).unwrap().write(&mut made);
    let (made, file) = (String::from_utf8(made).unwrap(), here.join("include/probity.h"));
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let first = made.lines().zip(committed.lines()).position(|(made, committed)| made != committed);
    assert!(
        made == committed,
        "include/probity.h is out of date from line {}: run cargo xtask header",
        first.map_or_else(|| made.lines().count().min(committed.lines().count()) + 1, |line| line + 1)
    );
}
