//! Running programs: quietly into a log that is shown when one fails, or with their output captured.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cache;
use crate::progress::Step;

const LINES_SHOWN: usize = 60;

/// Runs `command` with a progress line; its output goes to a log, whose end is part of the error when it fails.
pub fn step(name: &str, command: &mut Command) -> Result<()> {
    let log_path = log_path(name)?;
    let log = File::create(&log_path).with_context(|| format!("cannot write {}", log_path.display()))?;
    let mut step = Step::begin(name);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(30));
        if let Some((done, all)) = ninja_counter(&log_path) {
            step.advance(done, all);
        }
    };
    if status.success() {
        step.end();
        return Ok(());
    }
    let text = String::from_utf8_lossy(&fs::read(&log_path).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let shown = lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n");
    bail!("{name}: {}\n{shown}\n(whole log: {})", describe(status), log_path.display())
}

fn log_path(name: &str) -> Result<std::path::PathBuf> {
    let folder = cache::folder()?.join("logs");
    fs::create_dir_all(&folder)?;
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(folder.join(format!("{name}.{}.log", std::process::id() % 8)))
}

/// The last `[done/all]` in the log.
fn ninja_counter(log: &Path) -> Option<(u64, u64)> {
    let mut file = File::open(log).ok()?;
    let len = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(len.saturating_sub(2000))).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let tail = String::from_utf8_lossy(&tail);
    let counter = tail.lines().rev().find_map(|line| line.strip_prefix('[')?.split_once(']'))?.0;
    let (done, all) = counter.split_once('/')?;
    Some((done.parse().ok()?, all.parse().ok()?))
}

/// Standard output of a program that must succeed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {}\n{error}", command.get_program().display(), describe(output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// An exit status in words.
pub fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}
