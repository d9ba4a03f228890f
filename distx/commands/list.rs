//! `distx list`: the packages that are there.

use anyhow::Result;

use crate::context::Context;
use crate::{packages, report};

/// Prints a line for each package.
pub fn run(context: &Context) -> Result<i32> {
    let packages = packages::of(&context.root()?.0)?;
    let width = packages.iter().map(|package| package.key.len()).max().unwrap_or(0);
    let mut text = String::new();
    for package in packages {
        let bytes = packages::files(&package.folder)?.iter().map(|(_, bytes)| bytes).sum();
        let (key, version) = (&package.key, package.version.as_deref().unwrap_or("-"));
        text += &format!("{key:width$}  {version:10}  {:>9}\n", packages::size(bytes));
    }
    report::print(text)?;
    Ok(0)
}
