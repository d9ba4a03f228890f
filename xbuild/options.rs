//! The command line.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::os;

/// What `--help` prints.
pub const HELP: &str = "\
xbuild brings targets of xbuild.json up to date.

usage: xbuild [OPTIONS] [TARGET...]
       xbuild --sh COMMAND [ARGUMENTS]

Without a target it is `build`, if the file has one.

options:
  -j, --jobs N         commands at the same time (default: processors)
  -k, --keep-going     after a failure go on with what does not need it
  -n, --dry-run        say what would run, run nothing
      --explain        say why each target runs
  -v, --verbose        show whole commands
  -C, --directory DIR  go there first
  -f, --file FILE      another file than xbuild.json
      --launcher PROG  put PROG (ccache, distcc) in front of compile commands
  -l, --list           list the targets
      --sh COMMAND     mkdir [-p] | rm [-rf] | cp [-r] | touch | cat | echo [-n]
  -h, --help           this text
      --version        the version

exit codes: 0 up to date; 1 a command failed; 2 the command line or xbuild.json is wrong, or an
input is missing; 128 + N ended by signal N (130: Ctrl-C).

NO_COLOR switches colours off. What was built, and from what, is kept in DISTX_BUILD/.xbuild.log.
";

/// All options by the name that messages use; those with a value end with `=`.
const LONG: [&str; 12] = [
    "--jobs=",
    "--keep-going",
    "--dry-run",
    "--explain",
    "--verbose",
    "--directory=",
    "--file=",
    "--launcher=",
    "--list",
    "--sh",
    "--help",
    "--version",
];

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Commands at the same time; at least 1.
    pub jobs: usize,
    /// Go on after a failure.
    pub keep_going: bool,
    /// Run nothing.
    pub dry_run: bool,
    /// Say why targets run.
    pub explain: bool,
    /// Show whole commands.
    pub verbose: bool,
    /// Where to go first.
    pub directory: Option<String>,
    /// The file with the targets.
    pub file: String,
    /// What stands in front of compile commands.
    pub launcher: Option<String>,
    /// List the targets.
    pub list: bool,
    /// Their names.
    pub targets: Vec<String>,
}

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To build.
    Build(Options),
    /// A command of `--sh` with its arguments.
    Shell(Vec<String>),
    /// The help text.
    Help,
    /// The version.
    Version,
}

/// Reads the arguments behind the program's name.
///
/// # Errors
/// An option that is unknown, or lacks its value: what is wrong, as a sentence.
pub fn parse(arguments: &[String]) -> Result<Request, String> {
    let mut options = Options {
        jobs: os::processors().min(os::MOST_CHILDREN),
        keep_going: false,
        dry_run: false,
        explain: false,
        verbose: false,
        directory: None,
        file: "xbuild.json".into(),
        launcher: None,
        list: false,
        targets: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (name, mut given) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_string())),
            // -j4, -Cdir, -ffile
            _ if ["-j", "-C", "-f"].iter().any(|short| argument.starts_with(short)) && argument.len() > 2 => {
                match argument.split_at_checked(2) {
                    Some((name, value)) => (name, Some(value.to_string())),
                    None => (argument.as_str(), None),
                }
            }
            _ => (argument.as_str(), None),
        };
        let mut value = || {
            given
                .take()
                .or_else(|| rest.next().cloned())
                .ok_or_else(|| format!("{name} needs a value; see xbuild --help"))
        };
        match name {
            "-j" | "--jobs" => {
                let text = value()?;
                options.jobs =
                    text.parse().ok().filter(|jobs| (1..=os::MOST_CHILDREN).contains(jobs)).ok_or_else(|| {
                        format!("{name} takes a number from 1 to {}, not {text:?}", os::MOST_CHILDREN)
                    })?;
            }
            "-C" | "--directory" => options.directory = Some(value()?),
            "-f" | "--file" => options.file = value()?,
            "--launcher" => options.launcher = Some(value()?),
            "-k" | "--keep-going" => options.keep_going = true,
            "-n" | "--dry-run" => options.dry_run = true,
            "--explain" => options.explain = true,
            "-v" | "--verbose" => options.verbose = true,
            "-l" | "--list" => options.list = true,
            "-h" | "--help" => return Ok(Request::Help),
            "--version" => return Ok(Request::Version),
            "--sh" => return Ok(Request::Shell(given.into_iter().chain(rest.cloned()).collect())),
            "--" => {
                options.targets.extend(rest.by_ref().cloned());
            }
            _ if name.starts_with('-') && name.len() > 1 => {
                let known = LONG.iter().map(|name| name.trim_end_matches('='));
                return Err(format!("unknown option {name}{}; see xbuild --help", recipe::suggest::hint(name, known)));
            }
            _ => options.targets.push(argument.clone()),
        }
        if given.is_some() {
            return Err(format!("{name} takes no value"));
        }
    }
    Ok(Request::Build(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Request, String> {
        parse(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn values_stand_in_the_argument_or_behind_it() {
        for line in
            ["-j3 -C d -ff.json --launcher=ccache a b", "--jobs 3 --directory=d --file f.json --launcher ccache -- a b"]
        {
            let Ok(Request::Build(options)) = read(line) else { panic!("{line}") };
            assert_eq!(
                (options.jobs, options.directory.as_deref(), options.file.as_str()),
                (3, Some("d"), "f.json"),
                "{line}"
            );
            assert_eq!(
                (options.launcher.as_deref(), options.targets.join(" ")),
                (Some("ccache"), "a b".into()),
                "{line}"
            );
        }
        assert_eq!(read("--sh rm -rf x"), Ok(Request::Shell(["rm", "-rf", "x"].map(String::from).to_vec())));
        assert_eq!(read("-n --help"), Ok(Request::Help));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, expected) in [
            ("--explian", "unknown option --explian; did you mean \"--explain\"?"),
            ("-x", "unknown option -x"),
            ("-j", "-j needs a value"),
            ("-j0", "-j takes a number from 1 to 256, not \"0\""),
            ("-j many", "-j takes a number"),
            ("--list=3", "--list takes no value"),
        ] {
            assert!(read(line).expect_err(line).starts_with(expected), "{line}");
        }
    }
}
