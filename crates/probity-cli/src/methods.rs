//! `probity methods`: list the search methods, or print one.

use std::io::Write as _;

use probity::search::Method;

use crate::arguments::MethodsArguments;
use crate::output::new_table;
use crate::{Ending, libraries};

pub(crate) fn run(arguments: &MethodsArguments) -> anyhow::Result<Ending> {
    let mut sink = std::io::stdout().lock();
    match &arguments.name {
        Some(name) => {
            let method = libraries::method(name)?;
            let text = serde_json::json!({ "digest": method.digest()?, "method": method });
            writeln!(sink, "{}", serde_json::to_string_pretty(&text)?)?;
        }
        None => {
            let mut table = new_table();
            table.set_header(["method", "version", "what it does"]);
            for method in Method::shipped()? {
                table.add_row([method.name, method.version.to_string(), method.description]);
            }
            writeln!(sink, "{table}")?;
        }
    }
    Ok(Ending::Complete)
}
