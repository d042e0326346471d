//! Every file of a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::input::{Inputs, SkippedFile, read_file};
use super::{ReadOptions, Strictness};
use crate::error::{Error, ErrorKind, Result};
use crate::progress::Watched;

/// Reads a file or a folder; see [`super::read_path`].
pub(super) fn read(path: &Path, options: &ReadOptions, watched: &mut Watched<'_>) -> Result<Inputs> {
    let mut found = Inputs::default();
    let metadata = fs::metadata(path).map_err(|error| Error::io(path, "open it", error))?;
    if !metadata.is_dir() {
        watched.expect(1)?;
        found.inputs.push(read_file(path, options)?);
        watched.advance(1)?;
        return Ok(found);
    }
    let mut entered = BTreeSet::new();
    // A stack, so that deep folders cost no stack of ours; the last is the next.
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        let read = (found.inputs.len() + found.skipped.len()) as u64;
        watched.reach(read)?;
        watched.expect(read + 1 + waiting.len() as u64)?;
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                // A dangling or looping link.
                skip(&mut found, &path, Error::io(&path, "open it", error), options)?;
                continue;
            }
        };
        if metadata.is_dir() {
            let real = fs::canonicalize(&path).map_err(|error| Error::io(&path, "open the folder", error))?;
            if entered.insert(real) {
                let mut entries = entries(&path, &mut found.hidden)?;
                waiting.append(&mut entries);
            } else {
                let reason = "the folder was already read under another name".to_owned();
                found.skipped.push(SkippedFile { name: path.display().to_string(), reason });
            }
            continue;
        }
        match read_file(&path, options) {
            Ok(input) => found.inputs.push(input),
            Err(error) if matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Unsupported) => {
                skip(&mut found, &path, error, options)?;
            }
            Err(error) => return Err(error),
        }
    }
    if found.inputs.is_empty() {
        let why = found.skipped.first().map_or_else(String::new, |first| format!(" ({})", first.reason));
        return Err(Error::unsupported(format!("no file in the folder could be read{why}")).in_file(path));
    }
    Ok(found)
}

/// The entries of a folder by descending name; hidden ones are only counted.
fn entries(folder: &Path, hidden: &mut u64) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io(folder, "list the folder", error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            *hidden += 1;
        } else {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable_by(|a, b| b.cmp(a));
    Ok(paths)
}

/// Lists a file as passed over, or fails where the reader is strict.
fn skip(found: &mut Inputs, path: &Path, error: Error, options: &ReadOptions) -> Result<()> {
    if options.strictness == Strictness::Strict {
        return Err(error);
    }
    found.skipped.push(SkippedFile { name: path.display().to_string(), reason: error.to_string() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of our own that goes when the test ends.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("probity-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, name: &str, bytes: &[u8]) {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    const MSP: &[u8] = b"Name: a\nNum Peaks: 1\n41 29\n";

    #[test]
    fn a_folder_is_read_in_the_order_of_names_and_says_what_it_left() {
        let scratch = Scratch::new("folder");
        scratch.write("b.msp", MSP);
        scratch.write("a/z.txt", b"41 29\n");
        scratch.write("c.msp", MSP);
        scratch.write(".hidden", MSP);
        scratch.write("paper.pdf", b"%PDF-1.4");
        scratch.write("empty.msp", b"");
        let found = read(&scratch.0, &ReadOptions::default(), &mut Watched::by_nobody()).unwrap();
        let names: Vec<&str> =
            found.inputs.iter().map(|input| input.name.rsplit(['/', '\\']).next().unwrap()).collect();
        assert_eq!(names, ["z.txt", "b.msp", "c.msp"]);
        assert_eq!(found.hidden, 1);
        assert_eq!(found.skipped.len(), 2);
        assert!(found.skipped[0].reason.contains("empty"), "{:?}", found.skipped);
        assert!(found.skipped[1].reason.contains("PDF"), "{:?}", found.skipped);
        let strict = ReadOptions::default().strictness(Strictness::Strict);
        assert!(read(&scratch.0, &strict, &mut Watched::by_nobody()).is_err());
    }

    #[test]
    fn a_folder_without_spectra_is_an_error() {
        let scratch = Scratch::new("none");
        scratch.write("paper.pdf", b"%PDF-1.4");
        let error = read(&scratch.0, &ReadOptions::default(), &mut Watched::by_nobody()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("PDF"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_that_loop_end() {
        let scratch = Scratch::new("loop");
        scratch.write("a/a.msp", MSP);
        std::os::unix::fs::symlink(&scratch.0, scratch.0.join("a/up")).unwrap();
        std::os::unix::fs::symlink("self", scratch.0.join("self")).unwrap();
        let found = read(&scratch.0, &ReadOptions::default(), &mut Watched::by_nobody()).unwrap();
        assert_eq!(found.inputs.len(), 1);
        assert_eq!(found.skipped.len(), 2);
    }
}
