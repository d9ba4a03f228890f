//! `cargo test -p conformance-tests --test abi`: headers, prototypes and library against the recorded ABI.

use conformance_tests::abi::{
    exports, facts::Facts, headers, library, rust_side, serves, statements, tables, visibility,
};
use conformance_tests::clang::{Clang, Cpu};
use conformance_tests::hosts::distx;
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    match trials() {
        Ok(trials) => libtest_mimic::run(&Arguments::from_args(), trials).exit_code(),
        Err(error) => {
            eprintln!("abi: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What every trial reads.
struct Context {
    root: PathBuf,
    clang: Clang,
    facts: Facts,
}

type Check = Box<dyn Fn(&Context) -> Result<(), String> + Send>;

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let context = Arc::new(Context { root: root.to_path_buf(), clang: Clang::new(root)?, facts: tables::read(root)? });
    let mut trials = Vec::new();
    let mut add = |name: String, check: Check| {
        let context = Arc::clone(&context);
        trials.push(Trial::test(name, move || check(&context).map_err(Failed::from)));
    };

    for header in headers::public(context.clang.include())? {
        let name = header.clone();
        add(format!("compiles alone: {header}"), Box::new(move |on| headers::compiles_alone(&on.clang, &name)));
        for cpu in Cpu::ALL {
            let name = header.clone();
            add(
                format!("layouts, constants, types, prototypes: {header} {}", cpu.name()),
                Box::new(move |on| statements::hold(&on.clang, &on.facts, cpu, &name)),
            );
        }
        let name = header.clone();
        add(
            format!("shows what its standard allows: {header}"),
            Box::new(move |on| {
                visibility::ALL.iter().try_for_each(|one| {
                    visibility::holds(&on.clang, &on.facts, one, &name)
                        .map_err(|error| format!("{}: {error}", one.name))
                })
            }),
        );
    }
    add(
        "none is there for absent functions".into(),
        Box::new(|on| serves::headers_are_absent(&on.facts, on.clang.include())),
    );
    add("compile together".into(), Box::new(|on| headers::compile_together(&on.clang)));
    add("declare what the library exports".into(), Box::new(|on| exports::equal_declarations(&on.clang, &on.facts)));

    add("a Rust prototype that agrees is accepted".into(), Box::new(|on| sample(on, "agrees.rs")));
    add(
        "a Rust prototype that drifted is refused".into(),
        Box::new(|on| match sample(on, "drifts.rs") {
            Err(error) if error.contains("conflicting types for 'strtol'") => Ok(()),
            other => Err(format!("expected a conflict in strtol, got {other:?}")),
        }),
    );
    let xlibc = context.root.join("xlibc");
    let types = Arc::new(rust_side::Types::read(&[&xlibc, &context.root.join("loader-abi")], &context.facts)?);
    for source in rust_side::sources(&xlibc)? {
        let types = Arc::clone(&types);
        let name = source.strip_prefix(&context.root).unwrap_or(&source).display().to_string();
        add(
            format!("prototypes of Rust: {name}"),
            Box::new(move |on| rust_side::agrees(&on.clang, &on.facts, &types, &source)),
        );
    }
    let pairs = Arc::new(rust_side::exported_c(&xlibc)?);
    for source in rust_side::sources_with(&xlibc, "c", "")? {
        let name = source.strip_prefix(&context.root).unwrap_or(&source).display().to_string();
        let pairs = Arc::clone(&pairs);
        add(
            format!("prototypes of C: {name}"),
            Box::new(move |on| rust_side::c_agrees(&on.clang, &on.facts, &pairs, &source)),
        );
    }
    for cpu in Cpu::ALL {
        trials.push(library_trial(&context, cpu));
    }
    Ok(trials)
}

fn sample(context: &Context, name: &str) -> Result<(), String> {
    let source = context.root.join("conformance-tests/abi/samples").join(name);
    rust_side::agrees(&context.clang, &context.facts, &rust_side::Types::default(), &source)
}

/// Ignored, and said so, where the library has not been built.
fn library_trial(context: &Arc<Context>, cpu: Cpu) -> Trial {
    let default = distx(&context.root).join(format!("distx.org_2024-xlibc-{}/lib/libc.so", cpu.name()));
    let variable = format!("XLIBC_SO_{}", cpu.name().to_uppercase());
    let path = std::env::var_os(variable).map_or(default, PathBuf::from);
    let built = path.exists();
    let shared = Arc::clone(context);
    let name = format!("symbols of libc.so {}", cpu.name());
    let trial = Trial::test(name, move || library::check_library(&path, &shared.facts).map_err(Failed::from));
    if built { trial } else { trial.with_kind("libc.so is not built").with_ignored_flag(true) }
}
