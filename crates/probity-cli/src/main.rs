//! The command `probity`: arguments, files, progress and printing. All else is the library's.

mod arguments;
mod compare;
mod convert;
mod identify;
mod inputs;
mod libraries;
mod library;
mod methods;
mod mixture;
mod mspepsearch;
mod nistms;
mod output;
mod progress;
mod substance;
mod validate;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};

/// How a run ended, as the exit code tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Every input was processed.
    Complete,
    /// Some inputs could not be processed; the others were.
    SomeInputsFailed,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            progress::complain(&error);
            return ExitCode::from(3);
        }
    };
    let ending = match arguments.command {
        Command::Identify(arguments) => identify::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Methods(arguments) => methods::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Mixture(arguments) => mixture::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Library(arguments) => library::run(arguments),
        Command::Substance(arguments) => substance::run(&arguments),
        Command::Nistms(arguments) => nistms::run(&arguments),
        Command::Mspepsearch(arguments) => mspepsearch::run(&arguments),
    };
    match ending {
        Ok(Ending::Complete) => ExitCode::SUCCESS,
        Ok(Ending::SomeInputsFailed) => ExitCode::from(1),
        Err(error) => {
            // A reader that stops listening, such as `head`, is no failure of ours.
            if is_broken_pipe(&error) {
                return ExitCode::SUCCESS;
            }
            progress::complain(&error);
            ExitCode::from(3)
        }
    }
}

/// The command line, or what the program's own name stands for.
fn arguments() -> anyhow::Result<Arguments> {
    let from_caller: Vec<OsString> = std::env::args_os().skip(1).collect();
    let program = std::env::current_exe().ok();
    let named =
        program.map(|program| nistms::arguments_of_nistms(&program, &from_caller)).transpose()?.flatten();
    Ok(named.map_or_else(Arguments::parse, Arguments::parse_from))
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause
            .downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind)
            // It hides the error of the pipe from the chain.
            .or_else(|| cause.downcast_ref::<serde_json::Error>()?.io_error_kind());
        kind == Some(std::io::ErrorKind::BrokenPipe)
    })
}
