//! The C library as C programs expect it: header, libraries, pkg-config file, CMake package.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use abi::PROBITY_ABI_VERSION;

#[path = "../../crates/probity-ffi/src/abi.rs"]
#[allow(unreachable_pub, reason = "the number is stated once, where C reads it")]
mod abi;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Installs under a prefix what was built into a folder; without one, a release build is made first.
pub(crate) fn run(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let (mut prefix, mut libraries) = (None, None);
    while let Some(option) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{option} needs a folder"));
        match option.as_str() {
            "--prefix" => prefix = Some(PathBuf::from(value?)),
            "--libraries" => libraries = Some(PathBuf::from(value?)),
            other => bail!("install-c knows no option {other}"),
        }
    }
    if !cfg!(target_os = "linux") {
        bail!("install-c knows the names of libraries on Linux only; take the files as cargo names them");
    }
    let prefix = prefix.context("say where: --prefix DIR")?;
    let libraries = match libraries {
        Some(folder) => folder,
        None => built()?,
    };
    install(&crate::root().join("crates/probity-ffi"), &libraries, &prefix)
}

/// Where a release build puts its files: beside where this program was built.
fn built() -> Result<PathBuf> {
    crate::run("cargo", &["build", "--release", "--locked", "--package", "probity-ffi"])?;
    let program = std::env::current_exe().context("cannot tell where this program stands")?;
    let target =
        program.parent().and_then(Path::parent).context("this program stands in no target folder")?;
    Ok(target.join("release"))
}

fn install(package: &Path, libraries: &Path, prefix: &Path) -> Result<()> {
    let (include, lib) = (prefix.join("include"), prefix.join("lib"));
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/Probity"));
    for folder in [&include, &pkgconfig, &cmake] {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    for header in ["probity.h", "probity.hpp"] {
        copy(&package.join("include").join(header), &include.join(header))?;
    }
    copy(&libraries.join("libprobity_ffi.a"), &lib.join("libprobity.a"))?;
    let (whole, by_abi) =
        (format!("libprobity.so.{VERSION}"), format!("libprobity.so.{PROBITY_ABI_VERSION}"));
    copy(&libraries.join("libprobity_ffi.so"), &lib.join(&whole))?;
    link(&whole, &lib.join(&by_abi))?;
    link(&by_abi, &lib.join("libprobity.so"))?;
    fill(&package.join("probity.pc.in"), &pkgconfig.join("probity.pc"))?;
    for name in ["ProbityConfig.cmake", "ProbityConfigVersion.cmake"] {
        fill(&package.join("cmake").join(format!("{name}.in")), &cmake.join(name))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    // A program that runs with the old file keeps it.
    remove(to)?;
    std::fs::copy(from, to)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
        .map(|_| ())
}

#[cfg(unix)]
fn link(to: &str, at: &Path) -> Result<()> {
    remove(at)?;
    std::os::unix::fs::symlink(to, at).with_context(|| format!("cannot link {}", at.display()))
}

#[cfg(not(unix))]
fn link(to: &str, at: &Path) -> Result<()> {
    bail!("{} cannot be linked to {to} on this system", at.display())
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot replace {}", file.display()))
        }
        _ => Ok(()),
    }
}

/// Writes a template with its values.
fn fill(template: &Path, to: &Path) -> Result<()> {
    let text = std::fs::read_to_string(template)
        .with_context(|| format!("cannot read {}", template.display()))?
        .replace("@VERSION@", VERSION)
        .replace("@ABI@", &PROBITY_ABI_VERSION.to_string())
        .replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
        .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"));
    std::fs::write(to, text).with_context(|| format!("cannot write {}", to.display()))
}
