//! `distx cc`, `distx c++` and, under other names of the same file, the linker and strip that they and build systems call.
#![forbid(unsafe_code)]

mod commands {
    pub mod pack;
}

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser as _;
use distx_toolchain::driver::{self, Language, REQUEST_VARIABLE};
use distx_toolchain::link::{self, Request};
use distx_toolchain::postlink;
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

const HELP: &str = "\
distx: compile a C or C++ program once, run the same file on every host

  distx cc  [--target-arch=x86_64|aarch64] <clang's arguments>    C compiler (also: distx-cc)
  distx c++ [--target-arch=x86_64|aarch64] <clang's arguments>    C++ compiler (also: distx-c++)
  distx strip|objcopy <LLVM's arguments>     keeping the layout that loaders map in one piece (also: distx-strip ...)
  distx postlink <file>...                   that layout and the file mark, for a file from another linker
  distx addr2line|ar|nm|objdump|ranlib|readelf|size|strings ...     LLVM's, which know every CPU
  distx pack <program> -o <file>[.exe]       program, libraries and loader in one file
  distx root                                 the directory with the packages

Libraries: libc++, libc++abi, libunwind shared; -static-libstdc++ takes them from archives; -static all but libc.so.
CMake: -DCMAKE_TOOLCHAIN_FILE=<root>/share/distx.cmake [-DDISTX_ARCH=aarch64].
Autoconf: CC='distx cc' CXX='distx c++' ./configure --host=x86_64-linux-musl.
Run a program: <root>/distx.org_2024-xload-x86_64/bin/xload_linux <program> <arguments>.
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            eprintln!("distx: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<i32> {
    let mut args = std::env::args_os();
    let name = args.next().unwrap_or_default();
    let name = Path::new(&name).file_stem_of_tool();
    let (default_cpu, tool) = match name.split_once("-distx") {
        Some((cpu, tool)) => {
            (Cpu::parse(cpu).with_context(|| format!("{name}: no C library for this CPU"))?, tool.to_owned())
        }
        None => (Cpu::X86_64, name.strip_prefix("distx").unwrap_or("").to_owned()),
    };
    let mut args: Vec<OsString> = args.collect();
    let tool = match tool.strip_prefix('-') {
        Some(tool) => tool.to_owned(),
        None if args.is_empty() => "help".to_owned(),
        None => args.remove(0).to_string_lossy().into_owned(),
    };
    match tool.as_str() {
        "cc" | "clang" | "gcc" => compile(args, Language::C, default_cpu),
        "c++" | "clang++" | "g++" => compile(args, Language::CPlusPlus, default_cpu),
        "ld" => link_files(args),
        "strip" => rewrite("llvm-strip", &args, tools::stripped),
        "objcopy" => rewrite("llvm-objcopy", &args, |args| tools::copied(args).into_iter().collect()),
        passed_on if tools::PASSED_ON.contains(&passed_on) => {
            tools::run(&tools::llvm(&format!("llvm-{passed_on}"))?, &args, &[])
        }
        "pack" => match PackLine::try_parse_from(std::iter::once(OsString::from("distx pack")).chain(args)) {
            Ok(line) => line.pack.run(root),
            Err(error) => error.exit(),
        },
        "postlink" => {
            for file in &args {
                postlink::finish(Path::new(file))?;
            }
            Ok(0)
        }
        "root" => {
            println!("{}", root()?.0.display());
            Ok(0)
        }
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(0)
        }
        "--version" | "version" => {
            println!("distx {} (LLVM {})", env!("CARGO_PKG_VERSION"), tools::LLVM_MAJOR);
            Ok(0)
        }
        other => bail!("no command `{other}`; `distx help` lists them"),
    }
}

/// The arguments of `distx pack`.
#[derive(clap::Parser)]
struct PackLine {
    #[command(flatten)]
    pack: commands::pack::Pack,
}

/// The last component of a program's name, without `.exe`.
trait ToolName {
    fn file_stem_of_tool(&self) -> String;
}

impl ToolName for Path {
    fn file_stem_of_tool(&self) -> String {
        let name = self.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
    }
}

/// The packages lie beside the `bin` folder of this program.
fn root() -> Result<Root> {
    let program = std::env::current_exe().and_then(std::fs::canonicalize).context("cannot find distx's own file")?;
    let folder = program.parent().and_then(Path::parent);
    Ok(Root(folder.context("distx must lie in the `bin` folder of a distx root")?.to_owned()))
}

fn compile(args: Vec<OsString>, language: Language, default_cpu: Cpu) -> Result<i32> {
    let root = root()?;
    let compile = driver::command(args, language, default_cpu, &root).map_err(anyhow::Error::msg)?;
    warn(&compile.warnings);
    if !root.xlibc(compile.cpu).is_dir() {
        bail!("{} has no C library for {}; `./x build` makes it", root.0.display(), compile.cpu.name());
    }
    let clang = tools::llvm(match language {
        Language::C => "clang",
        Language::CPlusPlus => "clang++",
    })?;
    tools::run(&clang, &compile.args, &[(REQUEST_VARIABLE, compile.request.encode())])
}

fn link_files(args: Vec<OsString>) -> Result<i32> {
    let request = Request::decode(&std::env::var(REQUEST_VARIABLE).unwrap_or_default());
    let link = link::command(args, &root()?, request);
    warn(&link.warnings);
    let code = tools::run(&tools::llvm("ld.lld")?, &link.args, &[])?;
    if let Some(file) = link.finished.filter(|_| code == 0) {
        if link.program && !postlink::has_entry(&file)? {
            let _ = std::fs::remove_file(&file);
            bail!("{}: undefined symbol: main", file.display());
        }
        postlink::finish(&file)?;
    }
    Ok(code)
}

/// Runs a tool that writes programs anew, and gives the files that it wrote their layout again.
fn rewrite(tool: &str, args: &[OsString], written: impl Fn(Vec<OsString>) -> Vec<PathBuf>) -> Result<i32> {
    let code = tools::run(&tools::llvm(tool)?, args, &[])?;
    if code == 0 {
        for file in written(tools::expand_response_files(args.to_vec())).iter().filter(|file| file.exists()) {
            postlink::finish(file)?;
        }
    }
    Ok(code)
}

fn warn(warnings: &[String]) {
    for warning in warnings {
        eprintln!("distx: warning: {warning}");
    }
}
