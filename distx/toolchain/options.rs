//! Command lines of clang, ld.lld, llvm-strip and llvm-objcopy: which words are options, which are their values, which are files.

use std::ffi::{OsStr, OsString};

/// The options of a tool, for reading its command line.
pub struct Syntax {
    /// Options that take the next word as their value where the word itself ends with their name.
    separate: &'static [&'static str],
    /// Options of one letter whose value may follow in the same word.
    joined: &'static [&'static str],
    /// Options that only look like one of `joined` and its value.
    whole: &'static [&'static str],
    /// One dash and two mean the same before a long name.
    either_dash: bool,
    /// Options of one letter may share a word: `-gR .comment`.
    grouped: bool,
}

/// An option with its value, or a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Argument {
    words: Vec<OsString>,
    name: String,
    value: Option<OsString>,
}

impl Argument {
    /// The option, with its dashes and without its value; empty for a file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The option's value: the next word, what follows `=`, or what follows the letter.
    pub fn value(&self) -> Option<&OsStr> {
        self.value.as_deref()
    }

    /// [`Self::value`] as text; empty without a value.
    pub fn text(&self) -> &str {
        self.value().and_then(OsStr::to_str).unwrap_or("")
    }

    /// A file's name.
    pub fn file(&self) -> Option<&OsStr> {
        self.words.first().filter(|_| self.name.is_empty()).map(OsString::as_os_str)
    }

    /// The words as they stood on the command line.
    pub fn into_words(self) -> Vec<OsString> {
        self.words
    }
}

impl Syntax {
    /// The arguments of a command line. `--` ends the options; it is the last of them.
    pub fn parse(&self, args: Vec<OsString>) -> Vec<Argument> {
        let mut parsed = Vec::with_capacity(args.len());
        let mut args = args.into_iter();
        while let Some(word) = args.next() {
            if !word.as_encoded_bytes().starts_with(b"-") || word == "-" {
                parsed.push(Argument { words: vec![word], ..Argument::default() });
                continue;
            }
            let (name, joined) = self.split(word.to_str().unwrap_or("-"));
            let mut argument = Argument { name, value: joined.map(OsString::from), words: vec![word] };
            if argument.value.is_none() && self.takes_next(&argument.name) {
                argument.value = args.next();
                argument.words.extend(argument.value.clone());
            }
            let last = argument.name == "--";
            parsed.push(argument);
            if last {
                parsed.extend(args.by_ref().map(|word| Argument { words: vec![word], ..Argument::default() }));
            }
        }
        parsed
    }

    /// True where an option takes the next word.
    fn takes_next(&self, name: &str) -> bool {
        let long = self.either_dash && name.len() > 2 && !name.starts_with("--");
        self.separate.iter().any(|known| *known == name || long && known.strip_prefix('-') == Some(name))
    }

    /// An option's name and the value that stands in the same word.
    fn split<'a>(&self, word: &'a str) -> (String, Option<&'a str>) {
        let short = !word.starts_with("--") && !self.whole.iter().any(|whole| word.starts_with(whole));
        if short && self.grouped {
            for (at, letter) in word.char_indices().skip(1) {
                let (name, rest) = (format!("-{letter}"), &word[at + letter.len_utf8()..]);
                if self.takes_next(&name) {
                    return (name, Some(rest).filter(|rest| !rest.is_empty()));
                }
            }
        } else if short && let Some(name) = self.joined.iter().find(|name| word.starts_with(**name)) {
            return ((*name).to_owned(), Some(&word[name.len()..]).filter(|rest| !rest.is_empty()));
        }
        match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value)),
            None => (word.to_owned(), None),
        }
    }
}

/// clang and clang++, and our own `--target-arch`. Those of other systems' linkers (Apple, AIX, CUDA) only as far as
/// `clang --help-hidden` shows them.
pub static CLANG: Syntax = Syntax {
    separate: &[
        "--analyzer-output",
        "--assert",
        "--config",
        "--define-macro",
        "--dyld-prefix",
        "--for-linker",
        "--force-link",
        "--imacros",
        "--include",
        "--include-directory",
        "--include-directory-after",
        "--include-prefix",
        "--include-with-prefix",
        "--include-with-prefix-after",
        "--include-with-prefix-before",
        "--language",
        "--library-directory",
        "--mhwdiv",
        "--no-system-header-prefix",
        "--output",
        "--param",
        "--prefix",
        "--print-file-name",
        "--print-prog-name",
        "--resource",
        "--rtlib",
        "--serialize-diagnostics",
        "--specs",
        "--std",
        "--stdlib",
        "--sysroot",
        "--system-header-prefix",
        "--target-arch",
        "--undefine-macro",
        "--vfsoverlay",
        "-A",
        "-B",
        "-D",
        "-F",
        "-G",
        "-I",
        "-L",
        "-MF",
        "-MJ",
        "-MQ",
        "-MT",
        "-T",
        "-U",
        "-Xanalyzer",
        "-Xarch_device",
        "-Xarch_host",
        "-Xassembler",
        "-Xclang",
        "-Xcuda-fatbinary",
        "-Xcuda-ptxas",
        "-Xlinker",
        "-Xoffload-linker",
        "-Xopenmp-target",
        "-Xpreprocessor",
        "-arch",
        "-arcmt-migrate-report-output",
        "-b",
        "-ccc-arcmt-migrate",
        "-ccc-gcc-name",
        "-ccc-install-dir",
        "-ccc-objcmt-migrate",
        "-cxx-isystem",
        "-darwin-target-variant",
        "-darwin-target-variant-triple",
        "-dependency-dot",
        "-dependency-file",
        "-dsym-dir",
        "-dumpdir",
        "-e",
        "-fexperimental-openacc-macro-override",
        "-filelist",
        "-fmodules-user-build-path",
        "-framework",
        "-gen-cdb-fragment-path",
        "-hlsl-entry",
        "-iapinotes-modules",
        "-idirafter",
        "-iframework",
        "-iframeworkwithsysroot",
        "-imacros",
        "-imultilib",
        "-include",
        "-include-pch",
        "-iprefix",
        "-iquote",
        "-isysroot",
        "-isystem",
        "-isystem-after",
        "-ivfsoverlay",
        "-iwithprefix",
        "-iwithprefixbefore",
        "-iwithsysroot",
        "-l",
        "-meabi",
        "-mllvm",
        "-mmlir",
        "-module-dependency-dir",
        "-mthread-model",
        "-o",
        "-resource-dir",
        "-rpath",
        "-serialize-diagnostics",
        "-specs",
        "-stdlib++-isystem",
        "-target",
        "-u",
        "-undefined",
        "-validator-version",
        "-vfsoverlay",
        "-working-directory",
        "-x",
        "-z",
    ],
    joined: &["-D", "-U", "-z"],
    whole: &[],
    either_dash: false,
    grouped: false,
};

/// ld.lld for ELF.
pub static LLD: Syntax = Syntax {
    separate: &[
        "--Map",
        "--Tbss",
        "--Tdata",
        "--Ttext",
        "--android-memtag-mode",
        "--auxiliary",
        "--call-graph-ordering-file",
        "--chroot",
        "--compress-debug-sections",
        "--compress-sections",
        "--default-script",
        "--defsym",
        "--dependency-file",
        "--dynamic-linker",
        "--dynamic-list",
        "--entry",
        "--error-handling-script",
        "--error-limit",
        "--exclude-libs",
        "--export-dynamic-symbol",
        "--export-dynamic-symbol-list",
        "--filter",
        "--fini",
        "--format",
        "--hash-style",
        "--image-base",
        "--in-implib",
        "--init",
        "--just-symbols",
        "--keep-unique",
        "--library",
        "--library-path",
        "--load-pass-plugin",
        "--lto-known-safe-vtables",
        "--mllvm",
        "--oformat",
        "--opt-remarks-filename",
        "--opt-remarks-format",
        "--opt-remarks-hotness-threshold",
        "--opt-remarks-passes",
        "--orphan-handling",
        "--out-implib",
        "--output",
        "--pack-dyn-relocs",
        "--plugin",
        "--print-symbol-order",
        "--remap-inputs",
        "--reproduce",
        "--retain-symbols-file",
        "--rpath",
        "--rpath-link",
        "--rsp-quoting",
        "--script",
        "--section-start",
        "--shuffle-sections",
        "--soname",
        "--sort-section",
        "--split-stack-adjust-size",
        "--symbol-ordering-file",
        "--sysroot",
        "--target2",
        "--thinlto-cache-policy",
        "--threads",
        "--time-trace-granularity",
        "--trace-symbol",
        "--undefined",
        "--undefined-glob",
        "--unresolved-symbols",
        "--version-script",
        "--warn-backrefs-exclude",
        "--wrap",
        "-F",
        "-G",
        "-L",
        "-O",
        "-R",
        "-T",
        "-b",
        "-dT",
        "-e",
        "-f",
        "-h",
        "-l",
        "-m",
        "-o",
        "-u",
        "-y",
        "-z",
    ],
    joined: &["-m", "-o", "-z"],
    whole: &["-merge-", "-mllvm", "-mmap", "-oformat", "-omagic", "-opt-", "-orphan-", "-out-", "-output"],
    either_dash: true,
    grouped: false,
};

/// llvm-strip.
pub static STRIP: Syntax = Syntax {
    separate: &["--keep-section", "--keep-symbol", "--remove-section", "--strip-symbol", "-K", "-N", "-R", "-o"],
    joined: &[],
    whole: &[],
    either_dash: false,
    grouped: true,
};

/// llvm-objcopy.
pub static OBJCOPY: Syntax = Syntax {
    separate: &[
        "--add-gnu-debuglink",
        "--add-section",
        "--add-symbol",
        "--adjust-start",
        "--binary-architecture",
        "--change-section-lma",
        "--change-start",
        "--compress-sections",
        "--dump-section",
        "--extract-partition",
        "--gap-fill",
        "--globalize-symbol",
        "--globalize-symbols",
        "--input-target",
        "--keep-global-symbol",
        "--keep-global-symbols",
        "--keep-section",
        "--keep-symbol",
        "--keep-symbols",
        "--localize-symbol",
        "--localize-symbols",
        "--new-symbol-visibility",
        "--only-section",
        "--output-target",
        "--pad-to",
        "--prefix-alloc-sections",
        "--prefix-symbols",
        "--redefine-sym",
        "--redefine-syms",
        "--remove-section",
        "--remove-symbol-prefix",
        "--rename-section",
        "--set-section-alignment",
        "--set-section-flags",
        "--set-section-type",
        "--set-start",
        "--set-symbol-visibility",
        "--set-symbols-visibility",
        "--skip-symbol",
        "--skip-symbols",
        "--split-dwo",
        "--strip-symbol",
        "--strip-symbols",
        "--strip-unneeded-symbol",
        "--strip-unneeded-symbols",
        "--subsystem",
        "--target",
        "--update-section",
        "--weaken-symbol",
        "--weaken-symbols",
        "-B",
        "-F",
        "-G",
        "-I",
        "-K",
        "-L",
        "-N",
        "-O",
        "-R",
        "-W",
        "-j",
    ],
    joined: &[],
    whole: &[],
    either_dash: false,
    grouped: true,
};

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
