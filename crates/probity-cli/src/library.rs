//! `probity library`: make libraries, keep them, look after them.

mod arguments;
mod audit;
mod change;
mod look;

pub(crate) use arguments::LibraryArguments;

use self::arguments::LibraryCommand;
use crate::Ending;

pub(crate) fn run(arguments: LibraryArguments) -> anyhow::Result<Ending> {
    match arguments.command {
        LibraryCommand::Build(arguments) => change::build(&arguments),
        LibraryCommand::Add(arguments) => change::add(&arguments),
        LibraryCommand::Withdraw(arguments) => change::withdraw(&arguments),
        LibraryCommand::Compact(arguments) => change::compact(&arguments),
        LibraryCommand::Index(arguments) => change::index(&arguments),
        LibraryCommand::Info(arguments) => look::info(&arguments),
        LibraryCommand::History(arguments) => look::history(&arguments),
        LibraryCommand::Verify(arguments) => look::verify(&arguments),
        LibraryCommand::Audit(arguments) => audit::run(&arguments),
        LibraryCommand::Export(arguments) => look::export(&arguments),
    }
}
