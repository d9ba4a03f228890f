//! `xbuild.json`: its targets.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use recipe::{Error, Node, Position, Recipe, Value};

use crate::files::{FileId, Files};
use crate::names::Names;
use crate::paths::Folder;

/// One target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where its name stands.
    pub at: Position,
    /// Commands, each with its program first.
    pub exec: Vec<Vec<&'a str>>,
    /// Targets that come before, and where their names stand.
    pub targets: Vec<(&'a str, Position)>,
    /// What it is made from.
    pub inputs: Vec<FileId>,
    /// What it makes.
    pub outputs: Vec<FileId>,
    /// Files in make's language that the commands write.
    pub depfiles: Vec<FileId>,
    /// For the environment of the commands.
    pub env: Vec<(&'a str, &'a str)>,
}

impl Target<'_> {
    /// Whether it can be up to date: it says what it makes.
    pub fn has_outputs(&self) -> bool {
        !self.outputs.is_empty() || !self.depfiles.is_empty()
    }
}

/// What a file says.
pub struct Project<'a> {
    /// For errors.
    pub recipe: &'a Recipe,
    /// In the order of the file.
    pub targets: Vec<Target<'a>>,
    /// Their names and numbers.
    pub names: Names<'a>,
    /// DISTX_BUILD.
    pub build: String,
}

/// Reads a file.
///
/// # Errors
/// See [`Recipe`].
pub fn recipe(file: &str, bytes: &[u8], folder: &Folder, machine: &str) -> Result<Recipe, Error> {
    let (dep, build) = (folder.absolute("_distx"), folder.absolute("build"));
    let defaults = [
        ("DISTX_ARCH", machine),
        ("DISTX_BUILD", &build),
        ("DISTX_DEP", &dep),
        ("DISTX_INSTALL", &dep),
        ("DISTX_PREFIX", "distx.org_2024-"),
        ("DISTX_SRC", folder.path()),
    ];
    Recipe::read(file, bytes, &defaults)
}

/// The targets of a file, of which `expanded` is the value of the key `target`.
///
/// # Errors
/// A value of another kind than its key takes, an unknown key in a target, a command without a program.
pub fn read<'a>(
    recipe: &'a Recipe,
    expanded: Option<&'a Node>,
    folder: &Folder,
    files: &mut Files<'_>,
) -> Result<Project<'a>, Error> {
    let build = recipe.variables().find(|(name, _)| *name == "DISTX_BUILD").and_then(|(_, values)| values.first());
    let build = folder.absolute(build.map_or("build", String::as_str));
    let mut targets = Vec::new();
    if let Some(node) = expanded {
        let members = recipe.members(node)?;
        targets.reserve(members.len());
        // Mostly a source, an object and a dependency file.
        files.reserve(3 * members.len());
        for member in members {
            targets.push(target(recipe, member, files)?);
        }
    }
    let names = Names::new(targets.iter().map(|target| target.name));
    Ok(Project { recipe, targets, names, build })
}

fn target<'a>(recipe: &Recipe, member: &'a recipe::Member, files: &mut Files<'_>) -> Result<Target<'a>, Error> {
    let mut target = Target {
        name: &member.key.text,
        at: member.key.at,
        exec: Vec::new(),
        targets: Vec::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        depfiles: Vec::new(),
        env: Vec::new(),
    };
    let paths = |node: &'a Node, files: &mut Files<'_>| -> Result<Vec<FileId>, Error> {
        Ok(recipe.strings(node)?.into_iter().map(|path| files.find(path)).collect())
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
                    target.exec.push(words);
                }
            }
            "targets" => {
                for name in recipe.list(node)? {
                    target.targets.push((recipe.string(name)?, name.at));
                }
            }
            "inputs" => target.inputs = paths(node, files)?,
            "outputs" => target.outputs = paths(node, files)?,
            // One path; several as a list.
            "make-deps" => {
                target.depfiles = match &node.value {
                    Value::String(path) => [files.find(path)].into(),
                    _ => paths(node, files)?,
                }
            }
            _ => {
                for (name, value) in recipe.pairs(node)? {
                    if name.is_empty() || name.contains('=') {
                        let message = format!("{name:?} cannot be the name of a variable of the environment");
                        return Err(recipe.error(node.at, message));
                    }
                    target.env.push((name, value));
                }
            }
        }
    }
    Ok(target)
}
