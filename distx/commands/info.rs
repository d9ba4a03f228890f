//! `distx info`: what distx knows of this place, or of a package.

use anyhow::{Result, bail};
use distx_toolchain::tools;

use crate::context::Context;
use crate::project::FILE;
use crate::{packages, report};

/// Of what.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  distx info
  distx info distx.org_2024-xlibc-x86_64")]
pub struct Args {
    /// A package; without it, root, project and versions are shown
    key: Option<String>,
}

/// Prints it.
pub fn run(args: &Args, context: &Context) -> Result<i32> {
    let text = match &args.key {
        Some(key) => package(key, context)?,
        None => place(context)?,
    };
    report::print(text)?;
    Ok(0)
}

fn place(context: &Context) -> Result<String> {
    let mut text = format!("distx    {} (LLVM {})\n", env!("CARGO_PKG_VERSION"), tools::LLVM_MAJOR);
    text += &format!("program  {}\n", std::env::current_exe()?.display());
    text += &match context.root() {
        Ok(root) => format!("root     {} ({} packages)\n", root.0.display(), packages::of(&root.0)?.len()),
        Err(error) => format!("root     {error:#}\n"),
    };
    text += &match tools::llvm("clang") {
        Ok(clang) => format!("clang    {}\n", clang.display()),
        Err(error) => format!("clang    {error:#}\n"),
    };
    let Some(project) = context.project_if_any()? else {
        return Ok(text + &format!("project  none: no {FILE} here or in a folder above\n"));
    };
    text += &format!("project  {}\n", project.folder.display());
    for variable in ["DISTX_ARCH", "DISTX_BUILD", "DISTX_DEP", "DISTX_INSTALL", "DISTX_PREFIX", "DISTX_SRC"] {
        text += &format!("  {variable:13}  {}\n", project.variable(variable)?);
    }
    let dependencies = project.dependencies()?;
    let there = packages::of(&project.path("DISTX_DEP")?)?;
    for key in &dependencies {
        let state = if there.iter().any(|package| package.key == *key) { "installed" } else { "not installed" };
        text += &format!("  needs {key}: {state}\n");
    }
    for repository in project.repositories()? {
        text += &format!("  repository {repository}\n");
    }
    for run in project.runs()? {
        text += &format!("  distx run {}\n", run.name);
    }
    Ok(text)
}

fn package(key: &str, context: &Context) -> Result<String> {
    let root = context.root()?;
    let there = packages::of(&root.0)?;
    let Some(package) = there.iter().find(|package| package.key == key) else {
        let hint = recipe::suggest::hint(key, there.iter().map(|package| package.key.as_str()));
        bail!("no package {key:?} in {}{hint}; `distx list` shows what is there", root.0.display());
    };
    let files = packages::files(&package.folder)?;
    let bytes = files.iter().map(|(_, bytes)| bytes).sum();
    let mut text = format!("{key}\n  version  {}\n", package.version.as_deref().unwrap_or("not known"));
    text += &format!("  folder   {}\n", package.folder.display());
    text += &format!("  size     {} in {} files\n", packages::size(bytes), files.len());
    for (file, bytes) in files {
        let name = file.strip_prefix(&package.folder).unwrap_or(&file);
        text += &format!("{:>9}  {}\n", packages::size(bytes), name.display());
    }
    Ok(text)
}
