//! Whether a target is up to date, by times first and contents where times differ, and what is kept of one that was built.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::files::{FileId, Files, hash};
use crate::log::{Known, Record};
use crate::os::Stat;
use crate::project::Target;

/// A hash of all that a target says: other commands, or other names, make it out of date. `text` is room for it.
pub fn command_hash(target: &Target<'_>, files: &Files<'_>, text: &mut Vec<u8>) -> u64 {
    text.clear();
    for command in &target.exec {
        list(text, b'x', command.iter().copied());
    }
    for (kind, ids) in [(b'i', &target.inputs), (b'o', &target.outputs), (b'd', &target.depfiles)] {
        list(text, kind, ids.iter().map(|id| files.path(*id)));
    }
    list(text, b'e', target.env.iter().flat_map(|(name, value)| [*name, *value]));
    hash(text)
}

/// `x2:ab1:c`: the lengths keep "ab", "c" and "a", "bc" apart.
fn list<'t>(text: &mut Vec<u8>, kind: u8, words: impl Iterator<Item = &'t str>) {
    text.push(kind);
    for word in words {
        let (mut digits, mut first, mut length) = ([0; 20], 20, word.len());
        loop {
            first -= 1;
            digits[first] = b'0' + (length % 10) as u8;
            length /= 10;
            if length == 0 {
                break;
            }
        }
        text.extend_from_slice(&digits[first..]);
        text.push(b':');
        text.extend_from_slice(word.as_bytes());
    }
}

/// Why a target has to run, `None` where it is up to date. Inputs whose times differ but whose contents do not get their new times in `record`;
/// then the second result is true.
pub fn reason(
    target: &Target<'_>,
    command: u64,
    record: Option<&mut Record>,
    files: &mut Files<'_>,
) -> (Option<String>, bool) {
    if !target.has_outputs() {
        return (Some("it has no outputs, so it always runs".into()), false);
    }
    let Some(record) = record else { return (Some("it has not been built here yet".into()), false) };
    if record.command != command {
        return (Some("what it says in the file has changed".into()), false);
    }
    if record.outputs.is_empty() {
        return (Some("it made nothing that is known".into()), false);
    }
    for output in &record.outputs {
        let id = output.file;
        match files.stat(id) {
            None => return (Some(format!("{} is missing", files.short(id))), false),
            Some(stat) if known(id, &stat, 0) != *output => {
                return (Some(format!("{} was changed by something else", files.short(id))), false);
            }
            Some(_) => {}
        }
    }
    let mut refreshed = false;
    for input in &mut record.inputs {
        let id = input.file;
        let Some(stat) = files.stat(id) else { return (Some(format!("{} is missing", files.short(id))), refreshed) };
        if input.hash != 0 && known(id, &stat, input.hash) == *input {
            continue;
        }
        if input.hash == 0 || files.hash(id) != input.hash {
            return (Some(format!("{} has changed", files.short(id))), refreshed);
        }
        *input = known(id, &stat, input.hash);
        refreshed = true;
    }
    (None, refreshed)
}

/// A file as the log has it. Folders change when anything in them does: of them counts that they are there.
fn known(id: FileId, stat: &Stat, hash: u64) -> Known {
    match stat.is_folder {
        true => Known { file: id, changed_ns: 0, size: 0, hash },
        false => Known { file: id, changed_ns: stat.changed_ns, size: stat.size, hash },
    }
}

/// The inputs as they are before the commands run. One that is not there has no hash, so it is looked at again next time.
pub fn before(target: &Target<'_>, files: &mut Files<'_>) -> Vec<Known> {
    target.inputs.iter().map(|id| with_hash(*id, files)).collect()
}

fn with_hash(id: FileId, files: &mut Files<'_>) -> Known {
    match files.stat(id) {
        Some(stat) => known(id, &stat, files.hash(id)),
        None => Known { file: id, changed_ns: 0, size: 0, hash: 0 },
    }
}

/// What is kept of a target whose commands have run: `inputs` from before, and what its depfiles name. `started_ns` is when they began, in ns
/// since 1970: an input that was written after that may have been read before.
pub fn after(
    command: u64,
    mut inputs: Vec<Known>,
    outputs: &[FileId],
    found: &[FileId],
    started_ns: i64,
    files: &mut Files<'_>,
) -> Record {
    for id in found.iter().filter(|id| !outputs.contains(id)) {
        if inputs.iter().all(|input| input.file != *id) {
            let mut input = with_hash(*id, files);
            if input.changed_ns > started_ns {
                input.hash = 0;
            }
            inputs.push(input);
        }
    }
    // What is changed in place is compared as an output.
    inputs.retain(|input| !outputs.contains(&input.file));
    let outputs = outputs.iter().filter_map(|id| files.stat(*id).map(|stat| known(*id, &stat, 0))).collect();
    Record { command, inputs, outputs }
}
