//! `xbuild.json`: its targets.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use recipe::{Error, Position, Recipe};

use crate::paths::Folder;

/// One target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub at: Position,
    /// Commands, each with its program first.
    pub exec: Vec<Vec<String>>,
    /// Targets that come before, and where their names stand.
    pub targets: Vec<(String, Position)>,
    /// Absolute names of what it is made from.
    pub inputs: Vec<String>,
    /// Absolute names of what it makes.
    pub outputs: Vec<String>,
    /// Absolute names of files in make's language that the commands write.
    pub depfiles: Vec<String>,
    /// For the environment of the commands.
    pub env: Vec<(String, String)>,
}

impl Target {
    /// Whether it can be up to date: it says what it makes.
    pub fn has_outputs(&self) -> bool {
        !self.outputs.is_empty() || !self.depfiles.is_empty()
    }
}

/// A file that was read.
pub struct Project {
    /// For errors.
    pub recipe: Recipe,
    /// In the order of the file.
    pub targets: Vec<Target>,
    /// DISTX_BUILD.
    pub build: String,
}

/// Reads a file.
///
/// # Errors
/// See [`Recipe`]; a value of another kind than its key takes, an unknown key in a target, a command without a program.
pub fn read(file: &str, bytes: &[u8], folder: &Folder, machine: &str) -> Result<Project, Error> {
    let here = folder.path();
    let (dep, build) = (folder.absolute("_distx"), folder.absolute("build"));
    let defaults = [
        ("DISTX_ARCH", machine),
        ("DISTX_BUILD", &build),
        ("DISTX_DEP", &dep),
        ("DISTX_INSTALL", &dep),
        ("DISTX_PREFIX", "distx.org_2024-"),
        ("DISTX_SRC", here),
    ];
    let recipe = Recipe::read(file, bytes, &defaults)?;
    let own = recipe.variables().find(|(name, _)| *name == "DISTX_BUILD").and_then(|(_, values)| values.first());
    let build = own.map_or(build.clone(), |own| folder.absolute(own));
    let mut targets = Vec::new();
    if let Some(node) = recipe.get("target")? {
        for member in recipe.members(&node)? {
            targets.push(target(&recipe, member, folder)?);
        }
    }
    Ok(Project { recipe, targets, build })
}

fn target(recipe: &Recipe, member: &recipe::Member, folder: &Folder) -> Result<Target, Error> {
    let mut target = Target {
        name: member.key.text.clone(),
        at: member.key.at,
        exec: Vec::new(),
        targets: Vec::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        depfiles: Vec::new(),
        env: Vec::new(),
    };
    let paths = |node| -> Result<Vec<String>, Error> {
        Ok(recipe.strings(node)?.into_iter().map(|path| folder.absolute(path)).collect())
    };
    for field in recipe.fields(&member.value, &["exec", "targets", "inputs", "outputs", "make-deps", "env"])? {
        let node = &field.value;
        match field.key.text.as_str() {
            "exec" => {
                for command in recipe.list(node)? {
                    let words = recipe.strings(command)?;
                    if words.first().is_none_or(|program| program.is_empty()) {
                        return Err(recipe.error(command.at, "a command begins with the path of its program"));
                    }
                    target.exec.push(words.into_iter().map(String::from).collect());
                }
            }
            "targets" => {
                for name in recipe.list(node)? {
                    target.targets.push((recipe.string(name)?.into(), name.at));
                }
            }
            "inputs" => target.inputs = paths(node)?,
            "outputs" => target.outputs = paths(node)?,
            // One path; several as a list.
            "make-deps" => {
                target.depfiles = match recipe.string(node) {
                    Ok(path) => [folder.absolute(path)].into(),
                    Err(_) => paths(node)?,
                }
            }
            _ => {
                for (name, value) in recipe.pairs(node)? {
                    if name.is_empty() || name.contains('=') {
                        let message = format!("{name:?} cannot be the name of a variable of the environment");
                        return Err(recipe.error(node.at, message));
                    }
                    target.env.push((name.into(), value.into()));
                }
            }
        }
    }
    Ok(target)
}
