//! The loader's own command line.

use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Run this file with these arguments and a null pointer.
    Run { file: &'static CStr, arguments: Vec<*const c_char> },
    /// Print this and end.
    Print(&'static str),
}

const HELP: &str = "\
Usage: xload [--argv0 NAME] [--] FILE [ARGUMENT]...
Runs the program FILE, an ELF file that needs no operating system of its own.

  --argv0 NAME  argv[0] of the program, instead of FILE
  --help        print this
  --version     print the version

XLOAD_ROOT in the environment names the folder that holds the packages, for programs that do not lie in it.
LD_LIBRARY_PATH names folders with libraries, separated by colons, which come before those beside the program.
XLOAD_DEBUG shows what the loader does; XLOAD_DEBUG=help lists its words.
";

/// Runs a file with these arguments, its own name included.
pub(super) fn run(file: &'static CStr, arguments: impl Iterator<Item = &'static CStr>) -> Command {
    Command::Run { file, arguments: list(arguments) }
}

/// Arguments as a program gets them, with a null pointer.
pub(super) fn list(arguments: impl Iterator<Item = &'static CStr>) -> Vec<*const c_char> {
    arguments.map(CStr::as_ptr).chain([core::ptr::null()]).collect()
}

/// Reads the arguments, that of the loader's own name included. `preserved_argv0`: the kernel started the loader for a file, and
/// put the file before the program's own argv[0]; `opened`: the kernel started it and opened the file.
pub(super) fn parse(arguments: &[&'static CStr], preserved_argv0: bool, opened: bool) -> Result<Command, String> {
    let mut rest = arguments.iter().skip(1).copied();
    let none = || String::from("no program given; see xload --help");
    if preserved_argv0 {
        let file = rest.next().ok_or_else(none)?;
        let argv0 = rest.next().unwrap_or(file);
        return Ok(run(file, [argv0].into_iter().chain(rest)));
    }
    let mut argv0 = None;
    // What the kernel hands over has no options.
    let mut options = !opened;
    loop {
        let argument = rest.next().ok_or_else(none)?;
        match argument.to_bytes() {
            b"--" if options => options = false,
            b"--argv0" if options => argv0 = Some(rest.next().ok_or("--argv0 needs a name")?),
            b"--help" if options => return Ok(Command::Print(HELP)),
            b"--version" if options => return Ok(Command::Print(concat!("xload ", env!("CARGO_PKG_VERSION"), "\n"))),
            [b'-', _, ..] if options => {
                return Err(alloc::format!("unknown option {}; see xload --help", argument.to_string_lossy()));
            }
            _ => return Ok(run(argument, [argv0.unwrap_or(argument)].into_iter().chain(rest))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&'static CStr], preserved: bool, opened: bool) -> (String, Vec<String>) {
        match parse(arguments, preserved, opened) {
            Ok(Command::Run { file, arguments }) => {
                let text = |pointer: &*const c_char| {
                    // SAFETY: they come from the literals of the tests.
                    unsafe { CStr::from_ptr(*pointer) }.to_string_lossy().into_owned()
                };
                (file.to_string_lossy().into_owned(), arguments[..arguments.len() - 1].iter().map(text).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_program_does_not_see_the_loaders_arguments() {
        type Case<'c> = (&'c [&'static CStr], bool, bool, &'c str, &'c [&'c str]);
        let cases: [Case<'_>; 6] = [
            (&[c"xload", c"prog", c"-x"], false, false, "prog", &["prog", "-x"]),
            (&[c"xload", c"--argv0", c"name", c"prog", c"--help"], false, false, "prog", &["name", "--help"]),
            (&[c"xload", c"--argv0", c"", c"--", c"-prog", c"--"], false, false, "-prog", &["", "--"]),
            (&[c"xload", c"/bin/prog", c"name", c"x"], true, true, "/bin/prog", &["name", "x"]),
            (&[c"xload", c"--", c"x"], false, true, "--", &["--", "x"]),
            (&[c"xload", c"/bin/prog"], true, false, "/bin/prog", &["/bin/prog"]),
        ];
        for (arguments, preserved, opened, file, expected) in cases {
            let (found, list) = parsed(arguments, preserved, opened);
            assert_eq!(found, file, "{arguments:?}");
            assert_eq!(list, expected, "{arguments:?}");
        }
    }

    #[test]
    fn a_command_line_without_a_program_is_an_error() {
        for arguments in
            [&[c"xload"][..], &[], &[c"xload", c"--argv0"], &[c"xload", c"--"], &[c"xload", c"--bad", c"x"]]
        {
            assert!(parse(arguments, false, false).is_err(), "{arguments:?}");
        }
    }
}
