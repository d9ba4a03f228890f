//! Commands with a time limit, and programs that are only built when something they are made of changed.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    /// `None`: stopped when its time was over.
    pub status: Option<ExitStatus>,
    /// What it wrote to standard output and standard error, in order.
    pub said: String,
}

impl Outcome {
    /// The exit code, `None` for a signal or a lack of time.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// How it ended, for people.
    pub fn ending(&self) -> String {
        self.status.map_or_else(|| "stopped: out of time".into(), |status| status.to_string())
    }
}

/// An error that says which file it is about.
pub fn about<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// Runs a command with its output in a file of that name in `folder`: Wine's server keeps what it inherits, so a pipe
/// would stay open.
pub fn run(command: &mut Command, folder: &Path, name: &str, limit: Duration) -> Result<Outcome, String> {
    std::fs::create_dir_all(folder).map_err(about(folder))?;
    let path = folder.join(format!("{name}.txt"));
    let output = File::create(&path).map_err(about(&path))?;
    let errors = output.try_clone().map_err(about(&path))?;
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(about(&path))? {
            break Some(status);
        }
        if begun.elapsed() > limit {
            child.kill().and_then(|()| child.wait()).map_err(about(&path))?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let said = std::fs::read(&path).map_err(about(&path))?;
    Ok(Outcome { status, said: String::from_utf8_lossy(&said).into_owned() })
}

/// Success without a word.
pub fn quiet(command: &mut Command, folder: &Path, name: &str) -> Result<(), String> {
    let outcome = run(command, folder, name, Duration::from_secs(300))?;
    if outcome.code() == Some(0) && outcome.said.is_empty() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{}", outcome.ending(), outcome.said))
}

/// Runs the compiler that makes `product`, unless it ran before on the same `inputs` with the same arguments.
pub fn build(command: &mut Command, product: &Path, inputs: &[PathBuf]) -> Result<(), String> {
    let folder = product.parent().ok_or("a product without a folder")?;
    let name = product.file_name().ok_or("a product without a name")?.to_string_lossy().into_owned();
    let stamp = folder.join(format!("{name}.stamp"));
    let mut hasher = DefaultHasher::new();
    format!("{command:?}").hash(&mut hasher);
    for input in inputs {
        let status = std::fs::metadata(input).map_err(about(input))?;
        (input, status.len(), status.modified().ok()).hash(&mut hasher);
    }
    let now = hasher.finish().to_string();
    if product.exists() && std::fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        return Ok(());
    }
    let _ = std::fs::remove_file(&stamp);
    quiet(command, folder, &name)?;
    std::fs::write(&stamp, now).map_err(about(&stamp))
}

/// The files of a folder, sorted.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(about(folder))? {
        files.push(entry.map_err(about(folder))?.path());
    }
    files.sort();
    Ok(files)
}
