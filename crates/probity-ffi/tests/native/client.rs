//! A C program against what is installed.

use std::path::Path;
use std::process::Command;

use crate::tools::{compile, libraries, output, package};

fn installed(prefix: &Path) {
    let mut install = Command::new(env!("CARGO"));
    install.args(["run", "--quiet", "--locked", "--package", "xtask", "--", "install-c", "--prefix"]);
    output(install.arg(prefix).arg("--libraries").arg(libraries()).current_dir(package()));
}

#[test]
fn the_header_compiles_alone_as_c_and_as_cpp() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("alone.c");
    std::fs::write(&source, "#include \"probity.h\"\n").unwrap();
    let object = folder.path().join("alone.o");
    for standard in ["-std=c99", "-std=c11", "-std=c17"] {
        compile("cc", standard, &source, &object, &["-c"]);
    }
    let source = folder.path().join("alone.cpp");
    std::fs::write(&source, "#include \"probity.h\"\n").unwrap();
    for standard in ["-std=c++11", "-std=c++20"] {
        compile("c++", standard, &source, &object, &["-c"]);
    }
}

#[test]
fn a_c_program_runs_with_the_shared_and_with_the_static_library() {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("prefix");
    installed(&prefix);
    let lib = prefix.join("lib");
    let pkg_config = std::fs::read_to_string(lib.join("pkgconfig/probity.pc")).unwrap();
    let private = pkg_config.lines().find_map(|line| line.strip_prefix("Libs.private: ")).unwrap();
    assert!(pkg_config.contains(&format!("Version: {}\n", env!("CARGO_PKG_VERSION"))));
    for name in ["ProbityConfig.cmake", "ProbityConfigVersion.cmake"] {
        let text = std::fs::read_to_string(lib.join("cmake/Probity").join(name)).unwrap();
        assert!(text.contains(env!("CARGO_PKG_VERSION")) && !text.contains('@'), "{text}");
    }
    let source = package().join("tests/c/smoke.c");
    let query = package().join("../../fixtures/queries/caffeine_published.msp");
    let search = format!("-L{}", lib.display());
    let archive = lib.join("libprobity.a").display().to_string();
    let with_archive = [&[archive.as_str()][..], &private.split(' ').collect::<Vec<_>>()].concat();
    for (name, link) in [("shared", &[&search[..], "-lprobity"][..]), ("static", &with_archive)] {
        let program = folder.path().join(name);
        compile("cc", "-std=c99", &source, &program, link);
        let mut run = Command::new(&program);
        run.arg(&query).arg(folder.path().join(format!("{name} library")));
        // Two panics are among what it makes happen: the host's standard error is not ours to write to.
        let errors = folder.path().join("errors");
        run.stderr(std::fs::File::create(&errors).unwrap());
        let told = output(run.env("LD_LIBRARY_PATH", &lib));
        assert_eq!(std::fs::read_to_string(&errors).unwrap(), "");
        assert!(told.ends_with("ok\n"), "{told}");
        assert!(told.contains("Library comparison only."), "{told}");
    }
    let flags = output(Command::new("readelf").arg("-d").arg(lib.join("libprobity.so")));
    assert!(flags.contains("NODELETE"), "{flags}");
    // The shared one found the library by the name that carries the ABI's number.
    let needed = output(Command::new("readelf").arg("-d").arg(folder.path().join("shared")));
    let name = format!("libprobity.so.{}", probity_ffi::PROBITY_ABI_VERSION);
    assert!(needed.lines().any(|line| line.contains("NEEDED") && line.contains(&name)), "{needed}");
}
