//! The `distx` that is made for a host, on it. There is no clang for Windows here but the one that the repository may have, and none of
//! another CPU: programs are compiled by the `distx` of this machine where nothing else is said.

use std::fs;
use std::path::Path;
use std::process::Command;

use conformance_tests::run::about;
use conformance_tests::tool::Tool;

use crate::user::{User, says};

/// Its name, what it is, and whether it starts programs of ours.
type Test = (&'static str, fn(&Tool, &Path) -> Result<(), String>, bool);

/// All of them.
pub const ALL: [Test; 3] = [
    ("packages", packages, false),
    ("programs", programs, true),
    ("a root that was moved, and is read-only", places, true),
];

/// A user with a project and its packages.
fn user(tool: &Tool) -> Result<User, String> {
    let user = User::new(&tool.program(), &tool.file("distx"))?;
    user.distx(tool, &["new", "hello"], &user.place(), "distx install, distx build, distx test")?;
    user.distx(tool, &["install"], &user.project(), "installed distx.org_2024-llvm-libcxx-common")?;
    Ok(user)
}

/// The project's program, made by the `distx` in the root of this machine.
fn compile(tool: &Tool, user: &User, root: &Path) -> Result<String, String> {
    let program = format!("build/{}/hello", tool.host.programs);
    let folder = user.project().join(&program).with_file_name("");
    fs::create_dir_all(&folder).map_err(about(&folder))?;
    let mut distx = Command::new(root.join("bin/distx"));
    distx.args(["c++", &format!("--target-arch={}", tool.host.programs), "-std=c++20", "-Isrc"]);
    user.run(distx.args(["src/main.cpp", "src/greeting.cpp", "-o", &program]), &user.project())?;
    Ok(program)
}

/// What needs no loader.
fn packages(tool: &Tool, root: &Path) -> Result<(), String> {
    let user = user(tool)?;
    let project = user.project();
    let lock = fs::read(project.join("distx.lock")).map_err(about(&project))?;
    let distx = |args: &[&str], what: &str| user.distx(tool, args, &project, what);
    let refused = |args: &[&str], what: &str| user.refused(tool, args, &project, what);
    distx(&["install"], "nothing to do: ")?;
    distx(&["install", "--locked", "--offline"], "nothing to do: ")?;
    if fs::read(project.join("distx.lock")).ok() != Some(lock) {
        return Err("the second install changed distx.lock".to_owned());
    }
    let key = |name: &str| format!("distx.org_2024-{name}-{}", tool.host.programs);
    distx(&["list"], &key("xlibc"))?;
    distx(&["info"], &format!("needs {}: installed", key("llvm")))?;
    distx(&["info", &key("xload")], "xload_linux")?;
    distx(&["search", "tzdata"], "distx.org_2024-tzdata-common")?;
    if tool.host.is_windows() {
        // The only thing that is missing.
        refused(&["doctor"], "mend: winget install LLVM.LLVM")?;
        refused(&["doctor"], "ok      loader        Z:")?;
    } else {
        distx(&["doctor"], "ok      loader ")?;
    }
    let program = compile(tool, &user, root)?;
    let packed = tool.file("packed hellö");
    distx(&["pack", &program, "-o", &packed], "hello  (the program)")?;
    distx(&["pack", "--list", &packed], "lib/libc++.so")?;
    let mut packed = tool.command(&project.join(packed))?;
    says(&user.run(packed.arg("Zoë und π"), &project)?, "Hello, Zoë und π!")?;
    refused(&["remove", "xlibc"], "needs distx.org_2024-xlibc-")?;
    distx(&["remove", "xbuild"], &format!("removed {}", key("xbuild")))?;
    distx(&["install", "--offline"], &format!("installed {}", key("xbuild")))?;
    distx(&["clean"], "removed ")?;
    distx(&["clean"], "nothing to remove")?;
    distx(&["clean", "--all"], &key("xlibc"))?;
    let left = fs::read_dir(project.join("_distx")).map_err(about(&project))?.flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).filter(|name| name != ".distx").collect();
    if left.is_empty() { Ok(()) } else { Err(format!("distx clean --all leaves {left:?}")) }
}

/// What runs under the loader.
fn programs(tool: &Tool, root: &Path) -> Result<(), String> {
    let user = user(tool)?;
    let project = user.project();
    let program = compile(tool, &user, root)?;
    user.distx(tool, &["exec", &program, "Zoë und π"], &project, "Hello, Zoë und π!")?;
    user.distx(tool, &["run", "hello", "--", "a  b"], &project, "Hello, a  b!")?;
    user.distx(tool, &["run", "hello"], &project.join("src"), "Hello, world!")?;
    // `./x package --with-llvm` has put it into the repository.
    let has_clang = project.join(format!("_distx/distx.org_2024-llvm-{}/libexec/clang", tool.host.programs)).exists();
    if tool.host.is_windows() && !has_clang {
        // xbuild runs, and starts bin/clang++.exe for bin/clang++, which is a program of Linux; that looks for LLVM's own.
        return user.refused(
            tool,
            &["build"],
            &project,
            "clang++ of LLVM 19 is not installed; `winget install LLVM.LLVM",
        );
    }
    user.distx(tool, &["build"], &project, "clang++ ")?;
    user.distx(tool, &["test"], &project, "all tests passed")
}

/// A root under another path, and one whose files may not be written.
fn places(tool: &Tool, root: &Path) -> Result<(), String> {
    let user = user(tool)?;
    let program = compile(tool, &user, root)?;
    let moved = user.place().join("anderswo & hier");
    fs::rename(user.project(), &moved).map_err(about(&moved))?;
    user.distx(tool, &["exec", &program], &moved, "Hello, world!")?;
    user.distx(tool, &["root"], &moved, "anderswo & hier")?;
    let mut chmod = Command::new("chmod");
    user.run(chmod.args(["-R", "a-w", "_distx"]), &moved)?;
    user.distx(tool, &["install"], &moved, "nothing to do: ")?;
    user.distx(tool, &["exec", &program], &moved, "Hello, world!")?;
    let mut chmod = Command::new("chmod");
    user.run(chmod.args(["-R", "u+w", "_distx"]), &moved).map(drop)
}
