//! Where the loader looks stays where it was when the process started, and a process that may do more than its starter looks only
//! where its starter has no say.

use super::way::{Way, expect};
use crate::hosts::{Host, distx, is_there};
use crate::programs::ended_by;
use crate::run::{about, quiet};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Does what its arguments say, in order.
const STEPS: &str = r#"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int n, char **v)
{
	void *library = 0;
	for (int i = 1; i < n; i++) {
		const char *what = v[i] + 2;
		switch (v[i][0]) {
		case 'c':
			if (chdir(what)) return 91;
			break;
		case 'o':
			library = dlopen(what, RTLD_NOW);
			if (!library) { printf("%s\n", dlerror()); return 92; }
			break;
		case 'f': {
			int (*function)(void) = (int (*)(void))dlsym(library, what);
			if (!function) return 93;
			printf("%d\n", function());
			break;
		}
		case 'e':
			printf("%s=%s\n", what, getenv(what) ? getenv(what) : "(none)");
			break;
		case 'x':
			fflush(stdout);
			execl(what, what, "e=PATH", (char *)0);
			return 94;
		}
	}
	return 0;
}
"#;

/// A library whose function finds another one only when it is called.
const OUTER: &str = "#include <dlfcn.h>\nint outer(void) { void *h = dlopen(\"libinner.so\", RTLD_NOW); return h ? \
                     ((int (*)(void))dlsym(h, \"answer\"))() : 77; }\n";

impl Way<'_> {
    /// A library with `int answer(void)`.
    fn answering(&self, path: &str, answer: i32) -> Result<(), String> {
        self.write(path, "")?;
        self.write("answer.c", &format!("int answer(void) {{ return {answer}; }}\n"))?;
        self.compile(&format!("-shared -fPIC answer.c -o {path}"))
    }

    /// Runs `file` in a folder with these steps; all of what it says.
    fn steps(&self, host: &Host, folder: &str, file: &str, steps: &[&str], said: &str) -> Result<(), String> {
        let mut command = host.command(Path::new(file));
        command.args(steps).env("XLOAD_ROOT", "root").current_dir(self.path(folder));
        let outcome = self.finish(&mut command)?;
        expect(&outcome, 0, &[])
            .and_then(|()| (outcome.said == said).then_some(()).ok_or_else(|| format!("it said:\n{}", outcome.said)))
            .map_err(|error| format!("{file} {steps:?} in {folder}: {error}"))
    }
}

/// As libtool's scripts have it: the libraries are not where they will be installed.
pub fn library_path(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", "int answer(void); int main(void) { return answer(); }\n")?;
    way.answering("lib/libanswer.so", 5)?;
    way.compile("main.c -Llib -lanswer -o program")?;
    way.answering("other/libanswer.so", 6)?;
    // Beside the program, and another beside what starts it.
    way.answering("libanswer.so", 7)?;
    let start = |list: &str| {
        let mut command = way.host.command(&way.path("program"));
        way.finish(command.env("LD_LIBRARY_PATH", list).current_dir(way.path("lib")))
    };
    let separator = if way.host.is_windows() { ";" } else { ":" };
    expect(&start(&["nowhere", "../other", "."].join(separator))?, 6, &[])?;
    expect(&start(&["", "."].join(separator))?, 5, &[])?;
    expect(&start("")?, 7, &[])
}

/// The process changes to a folder that has everything that the loader could look for, and all of it is wrong.
pub fn changed_folder(way: &Way<'_>) -> Result<(), String> {
    way.write("steps.c", STEPS)?;
    way.write("outer.c", OUTER)?;
    let root = format!("root/my-libs-{}/lib", way.host.programs);
    for (folder, answer) in [("good", 1), ("evil", 66), ("evil/good", 66)] {
        for place in [".", "origin", "relative", "plugs", &root] {
            let name = match place {
                "." => "beside",
                "plugs" => "inner",
                place => place.split('/').next().unwrap_or(place),
            };
            way.answering(&format!("{folder}/{place}/lib{name}.so"), answer)?;
        }
        way.compile(&format!("-shared -fPIC outer.c -o {folder}/plugs/libouter.so"))?;
    }
    way.compile("steps.c -Wl,-rpath,$ORIGIN/origin:relative::${ORIGIN}x -o good/program")?;
    let libraries = ["beside", "origin", "relative", "root"].map(|name| (name, format!("o=lib{name}.so")));
    for file in ["program", "./program", "../good/program"] {
        for (name, open) in &libraries {
            way.steps(way.host, "good", file, &["c=../evil", open, "f=answer"], "1\n")
                .map_err(|error| format!("{name}: {error}"))?;
        }
        let steps = ["o=plugs/libouter.so", "c=../evil", "f=outer"];
        way.steps(way.host, "good", file, &steps, "1\n")?;
    }
    way.steps(way.host, ".", "good/program", &["c=evil", "o=libbeside.so", "f=answer"], "1\n")?;
    // A relative root is absolute for children too.
    let outcome = way.finish(
        way.host
            .command(Path::new("program"))
            .arg("e=XLOAD_ROOT")
            .env("XLOAD_ROOT", "root")
            .current_dir(way.path("good")),
    )?;
    expect(&outcome, 0, &["XLOAD_ROOT=/", "/good/root\n"])?;
    if way.host.is_windows() {
        for file in [r".\program".to_owned(), r"..\good\program".to_owned(), backslashed(way, "good/program")] {
            way.steps(way.host, "good", &file, &["c=../evil", "o=libbeside.so", "f=answer"], "1\n")?;
            way.steps(way.host, "good", &file, &["c=../evil", "o=liborigin.so", "f=answer"], "1\n")?;
        }
    }
    // Entries that are empty are no folders.
    way.answering("good/libempty.so", 66)?;
    std::fs::rename(way.path("good/program"), way.path("evil/program")).map_err(about(&way.folder))?;
    let outcome =
        way.finish(way.host.command(Path::new("../evil/program")).arg("o=libempty.so").current_dir(way.path("good")))?;
    expect(&outcome, 92, &["libempty.so"])
}

/// As a person at a Windows prompt writes it.
fn backslashed(way: &Way<'_>, file: &str) -> String {
    way.host.path(&way.path(file)).to_string_lossy().replace('/', "\\")
}

/// The loader is named by a relative path, and starts another program when the folder has changed.
pub fn loader_after_chdir(way: &Way<'_>) -> Result<(), String> {
    way.write("steps.c", STEPS)?;
    way.compile("steps.c -o program")?;
    let loader = way.host.start.last().ok_or("a host without a loader")?;
    let (folder, name) = loader.parent().zip(loader.file_name()).ok_or("a loader without a folder")?;
    let mut host = way.host.clone();
    *host.start.last_mut().ok_or("a host without a loader")? = Path::new(".").join(name);
    let evil = way.write(&format!("evil/{}", name.to_string_lossy()), "#!/bin/sh\necho wrong\n")?;
    std::fs::set_permissions(&evil, PermissionsExt::from_mode(0o755)).map_err(about(&evil))?;
    let (program, evil) = (way.path("program"), way.path("evil"));
    let mut command = host.command(&program);
    command.arg(format!("c={}", way.host.path(&evil).display())).arg("x=../program");
    let outcome = way.finish(command.current_dir(folder))?;
    expect(&outcome, 0, &["PATH="])
}

/// Why mounts of our own cannot be made here.
pub fn no_mounts() -> Option<String> {
    let tried = Command::new("unshare").args(["-m", "true"]).status();
    (!tried.is_ok_and(|status| status.success())).then(|| "mount namespaces need the superuser".into())
}

/// A file system that is mounted with `noexec` gives no code, however the file lies.
pub fn noexec(way: &Way<'_>) -> Result<(), String> {
    way.write("steps.c", STEPS)?;
    way.compile("steps.c -o program")?;
    way.answering("libplug.so", 1)?;
    // What is laid out otherwise would be copied.
    way.compile("steps.c -o other -Wl,-z,noseparate-code")?;
    let mut strip = Command::new("strip");
    quiet(strip.args(["-o", "stripped", "program"]).current_dir(&way.folder), &way.folder, "strip")?;
    std::fs::create_dir_all(way.path("mounted")).map_err(about(&way.folder))?;
    let inside = |command: &str| -> Result<_, String> {
        let mut shell = Command::new("unshare");
        shell.args(["-m", "sh", "-c"]).arg(format!(
            "mount -t tmpfs -o noexec,mode=755 tmpfs mounted && cp program other stripped libplug.so mounted/ && {command}"
        ));
        shell.arg("sh").args(&way.host.start).current_dir(&way.folder);
        way.finish(&mut shell)
    };
    for file in ["program", "other", "stripped"] {
        let outcome = inside(&format!("exec \"$@\" mounted/{file} e=PATH"))?;
        expect(&outcome, 127, &["xload: ", file, "may not be executed"])?;
    }
    expect(
        &inside("exec \"$@\" ./program o=mounted/libplug.so f=answer")?,
        92,
        &["libplug.so", "may not be executed"],
    )?;
    expect(&inside("exec \"$@\" ./program o=./libplug.so f=answer")?, 0, &["1\n"])
}

/// What a set-user-ID program sees: exit code 0 where nothing of what its starter chose has an effect.
const SECURE: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
int main(int n, char **v, char **envp)
{
	struct stat status;
	if (n > 1 && !strcmp(v[1], "closed")) {
		for (int fd = 0; fd < 3; fd++)
			if (fstat(fd, &status)) return 10 + fd;
		return open("/bin", O_RDONLY | O_DIRECTORY) == 3 ? 0 : 13;
	}
	if (n > 1 && !strcmp(v[1], "fault")) *(volatile int *)0 = 1;
	if (geteuid() != 0 || getuid() == 0) { puts("not set-user-ID here"); return 77; }
	if (secure_getenv("PLAIN") || !getenv("PLAIN")) return 1;
	if (getenv("XLOAD_ROOT") || getenv("LD_LIBRARY_PATH") || getenv("TMPDIR") || getenv("NLSPATH")) return 2;
	for (char **at = envp; *at; at++)
		if (!strncmp(*at, "XLOAD_", 6) || !strncmp(*at, "LD_", 3)) return 3;
	char *name = tempnam(0, "x");
	if (!name || strncmp(name, "/tmp/", 5)) return 4;
	if (dlopen("libplug.so", RTLD_NOW) || dlopen("./libplug.so", RTLD_NOW) || dlopen("/evil/libplug.so", RTLD_NOW)) return 5;
	if (!dlopen("/trusted/libplug.so", RTLD_NOW)) { puts(dlerror()); return 6; }
	puts("secure");
	return 0;
}
"#;

/// Why a set-user-ID program cannot be tried.
pub fn no_set_user_id(host: &Host) -> Option<String> {
    if host.name != "linux-x86_64" {
        return Some("no set-user-ID programs of ours here".into());
    }
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    (!root || !is_there(Path::new("chroot"))).then(|| "only the superuser may change the root".into())
}

/// A set-user-ID program with the packages at `/`, run by another user.
pub fn set_user_id(way: &Way<'_>) -> Result<(), String> {
    let fail = about(&way.folder);
    let root = way.path("root");
    let shell = |text: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-euc", text, "sh"]).arg(distx(way.root)).arg(way.host.programs).current_dir(&way.folder);
        quiet(&mut shell, &way.folder, "prepare")
    };
    way.write("secure.c", SECURE)?;
    way.answering("libplug.so", 1)?;
    way.compile("secure.c -Wl,-rpath,$ORIGIN:.:lib -o prog")?;
    // The starter's folder has a file that is not a C library under its name, plugins, and another name of the program.
    shell(
        "rm -rf root; mkdir -p root/bin root/dev root/tmp root/trusted root/evil/lib root/evil/my/bin
        mkdir -p root/evil/distx.org_2024-xlibc-$2/lib
        cp -rL $1/distx.org_2024-xload-$2 $1/distx.org_2024-xlibc-$2 root/
        mknod -m 666 root/dev/null c 1 3
        echo wrong >root/evil/distx.org_2024-xlibc-$2/lib/libc.so
        for folder in evil evil/lib evil/my/bin bin trusted; do cp libplug.so root/$folder/; done
        cp prog root/bin/prog
        chown -R 0:0 root; chmod -R u=rwX,go=rX root; chown -R 4321:4321 root/evil
        chmod 4755 root/bin/prog
        ln root/bin/prog root/evil/my/bin/prog
        ln -s /bin/prog root/evil/linked",
    )?;
    let run = |folder: &str, program: &str, more: &str| -> Result<_, String> {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec chroot --userspec=4321:4321 . /bin/enter {folder} {program} {more}")]);
        command.current_dir(&root).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in [
            ("XLOAD_ROOT", "/evil"),
            ("XLOAD_OTHER", "/evil"),
            ("XLOAD_DEBUG", "all"),
            ("LD_LIBRARY_PATH", "/evil"),
            ("TMPDIR", "/evil"),
            ("NLSPATH", "/evil/%N"),
            ("PLAIN", "1"),
        ] {
            command.env(name, value);
        }
        way.finish(&mut command)
    };
    // `chroot` leaves the process at `/`; this goes on from there.
    way.write(
        "enter.c",
        "#include <unistd.h>\nint main(int n, char **v) { return n < 3 || chdir(v[1]) || execv(v[2], v + 2); }\n",
    )?;
    quiet(
        Command::new("cc").args(["-static", "enter.c", "-o", "root/bin/enter"]).current_dir(&way.folder),
        &way.folder,
        "cc",
    )?;
    for (folder, program) in [
        ("/", "/bin/prog"),
        ("/evil", "/bin/prog"),
        ("/evil", "/evil/my/bin/prog"),
        ("/evil", "my/bin/prog"),
        ("/evil", "linked"),
    ] {
        let outcome = run(folder, program, "")?;
        expect(&outcome, 0, &["secure\n"]).map_err(|error| format!("{program} in {folder}: {error}"))?;
        if outcome.said != "secure\n" {
            return Err(format!("{program} in {folder}: {}", outcome.said));
        }
    }
    for closed in ["<&- >&- 2>&-", "<&-", ">&-"] {
        let outcome = run("/", "/bin/prog", &format!("closed {closed}"))?;
        expect(&outcome, 0, &[]).map_err(|error| format!("{closed}: {error}"))?;
    }
    // Where the process keeps what is nothing for its starter.
    let outcome = run("/", "/bin/prog", "fault")?;
    if !ended_by(way.host, &outcome, "11") || outcome.said != "xload: SIGSEGV\n" {
        return Err(format!("a fault: {}: {}", outcome.ending(), outcome.said));
    }
    // Without the right it is a program as any other, and finds what lies beside it.
    std::fs::set_permissions(root.join("bin/prog"), PermissionsExt::from_mode(0o755)).map_err(fail)?;
    expect(&run("/", "/bin/prog", "")?, 127, &["evil/distx.org_2024-xlibc", "libc.so"])
}
