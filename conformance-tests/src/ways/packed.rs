//! `distx pack`: a program, its libraries and the loader in one file, which starts where nothing else of ours is.

use super::way::{Way, expect};
use crate::hosts::{Host, distx, is_there};
use crate::programs::ended_by;
use crate::run::{Outcome, about, quiet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What compiles for Windows.
const MINGW: &str = "x86_64-w64-mingw32-gcc";

/// Why there is no icon to look at.
pub fn no_icons(host: &Host) -> Option<String> {
    match host.is_windows() {
        false => Some("icons are for Windows".into()),
        true => (!is_there(Path::new(MINGW))).then(|| format!("no {MINGW}")),
    }
}

/// Says how it was started, opens a plugin by three names, and starts what its arguments name.
const PROGRAM: &str = r#"
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int helped(void);
static int plugged(const char *name)
{
	void *plugin = dlopen(name, RTLD_NOW);
	if (!plugin) { puts(dlerror()); return -1; }
	return ((int (*)(void))dlsym(plugin, "plugged"))();
}
static int started(const char *file, char **arguments)
{
	pid_t child;
	int status, error = posix_spawn(&child, file, 0, 0, arguments, environ);
	if (error) { printf("%s: %s\n", file, strerror(error)); return 99; }
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}
int main(int n, char **v)
{
	char own[4096];
	ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
	own[length < 0 ? 0 : length] = 0;
	if (n > 1 && !strcmp(v[1], "fault")) *(volatile int *)0 = 1;
	if (n > 1 && !strcmp(v[1], "spawn")) {
		setvbuf(stdout, 0, _IONBF, 0);
		return started(n > 2 ? v[2] : v[0], (char *[]){v[0], "--argv0", "", 0});
	}
	if (n > 1 && !strcmp(v[1], "exec")) { execl("/proc/self/exe", "again", "--", (char *)0); return 97; }
	if (n > 1 && !strcmp(v[1], "system")) return WEXITSTATUS(system(v[2]));
	for (int i = 1; i < n; i++) printf("[%s]", v[i]);
	const char *name = strrchr(v[0], '/');
	printf(" %s %s %s\n", getenv("PACKED") ? getenv("PACKED") : "-", strrchr(own, '/') + 1, name ? name + 1 : v[0]);
	printf("helped %d, plugged %d", helped(), plugged("plugins/plug.so") + plugged("plug.so"));
	*strrchr(own, '/') = 0;
	strcat(own, "/plugins/plug.so");
	printf(" %d\n", plugged(own));
	return 42;
}
"#;

impl Way<'_> {
    fn pack(&self, arguments: &[&str]) -> Result<(), String> {
        let mut pack = Command::new(distx(self.root).join("bin/distx"));
        let outcome = self.finish(pack.arg("pack").args(arguments).current_dir(&self.folder))?;
        expect(&outcome, 0, &["libc.so", "(the program)"])
    }

    /// Compiles a program of Windows.
    fn mingw(&self, arguments: &[&str]) -> Result<(), String> {
        quiet(Command::new(MINGW).args(arguments).current_dir(&self.folder), &self.folder, "mingw")
    }

    /// The ending of packed files on the host.
    fn ending(&self) -> &'static str {
        if self.host.is_windows() { ".exe" } else { "" }
    }

    /// The command that starts a packed file: no loader stands before it.
    fn packed(&self, file: &Path) -> Command {
        let mut host = self.host.clone();
        host.start.pop();
        let mut command = host.command(file);
        command.current_dir(&self.folder);
        command
    }

    fn run_packed(&self, file: &Path, arguments: &[&str]) -> Result<Outcome, String> {
        self.finish(self.packed(file).args(arguments).env("PACKED", "yes"))
    }

    /// A packed program with a library and a plugin, alone in a folder; its path.
    fn packed_program(&self, folder: &str) -> Result<PathBuf, String> {
        self.write("program.c", PROGRAM)?;
        self.write("helper.c", "int helped(void) { return 5; }\n")?;
        self.write("build/plugins/plug.c", "int plugged(void) { return 7; }\n")?;
        self.compile("-shared -fPIC helper.c -o build/libhelper.so")?;
        self.compile("-shared -fPIC build/plugins/plug.c -o build/plugins/plug.so")?;
        self.compile("-g program.c -Lbuild -lhelper -o build/program")?;
        let output = format!("{folder}/program{}", self.ending());
        let file = self.path(&output);
        fs::create_dir_all(self.path(folder)).map_err(about(&file))?;
        self.pack(&["build/program", "-o", &output, "--with", "build/plugins/plug.so"])?;
        fs::rename(self.path("build"), self.path("not here any more")).map_err(about(&file))?;
        Ok(file)
    }
}

/// Alone in a folder, under a name with blanks and other letters, read-only, started from elsewhere.
pub fn packed_program(way: &Way<'_>) -> Result<(), String> {
    let file = way.packed_program("an empty folder")?;
    let name = file.file_name().ok_or("no name")?.to_string_lossy().into_owned();
    let good = [&format!("[a b][] yes {name} {name}\n"), "helped 5, plugged 14 7\n"];
    expect(&way.run_packed(&file, &["a b", ""])?, 42, &good)?;
    // Its own options are the program's.
    expect(&way.run_packed(&file, &["--help", "--argv0", "--"])?, 42, &["[--help][--argv0][--] yes"])?;
    fs::create_dir_all(way.path("zwölf Ordner")).map_err(about(&file))?;
    let moved = way.path("zwölf Ordner").join(format!("päckchen{}", way.ending()));
    fs::rename(&file, &moved).map_err(about(&file))?;
    fs::set_permissions(&moved, fs::Permissions::from_mode(0o555)).map_err(about(&moved))?;
    let outcome = way.finish(way.packed(&moved).arg("c").current_dir("/"))?;
    expect(&outcome, 42, &[&format!("[c] - päckchen{0} päckchen{0}\n", way.ending()), "helped 5, plugged 14 7\n"])?;
    let relative = PathBuf::from(format!("./päckchen{}", way.ending()));
    let outcome = way.finish(way.packed(&relative).current_dir(way.path("zwölf Ordner")))?;
    expect(&outcome, 42, &["helped 5, plugged 14 7\n"])?;
    // Frames have names.
    let outcome = way.run_packed(&moved, &["fault"])?;
    if !ended_by(way.host, &outcome, "11") || !outcome.said.contains("(main+0x") {
        return Err(format!("a fault: {}:\n{}", outcome.ending(), outcome.said));
    }
    Ok(())
}

/// Exceptions pass from a library to the program.
pub fn packed_cxx(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "thrower.cpp",
        "#include <stdexcept>\n#include <string>\nvoid thrower(int n) { throw std::out_of_range(\"thrown \" + std::to_string(n)); }\n",
    )?;
    way.write(
        "main.cpp",
        "#include <iostream>\n#include <stdexcept>\nvoid thrower(int);\n\
         int main() { try { thrower(3); } catch (const std::logic_error &e) { std::cout << e.what() << std::endl; return 6; } }\n",
    )?;
    way.compile_cpp("-shared thrower.cpp -o libthrower.so")?;
    way.compile_cpp("main.cpp -L. -lthrower -o program")?;
    let output = format!("packed{}", way.ending());
    way.pack(&["program", "-o", &output])?;
    fs::remove_file(way.path("libthrower.so")).map_err(about(&way.folder))?;
    expect(&way.run_packed(&way.path(&output), &[])?, 6, &["thrown 3\n"])
}

/// A packed program starts itself, and others of our kind by its own loader.
pub fn packed_children(way: &Way<'_>) -> Result<(), String> {
    let file = way.packed_program("packed")?;
    let again = format!("[--argv0][] yes program{0} program{0}\n", way.ending());
    expect(&way.run_packed(&file, &["spawn"])?, 42, &[&again, "plugged 14 7"])?;
    expect(&way.run_packed(&file, &["spawn", "/proc/self/exe"])?, 42, &[&again])?;
    expect(&way.run_packed(&file, &["exec"])?, 42, &["[--] yes program", " again\n"])?;
    // The other program has no root, so that it gets the C library of the packed one.
    way.write(
        "other.c",
        "#include <stdio.h>\nint main(int n, char **v) { return printf(\"other %s %d\\n\", v[1], n) - 5; }\n",
    )?;
    way.compile("other.c -o other")?;
    let other = way.path("other");
    let other = way.host.path(&other);
    let other = other.to_string_lossy();
    expect(&way.run_packed(&file, &["spawn", &other])?, 11, &["other --argv0 3\n"])?;
    expect(&way.run_packed(&file, &["system", "./other two"])?, 7, &["other two 2\n"])?;
    if !way.host.is_windows() || !is_there(Path::new(MINGW)) {
        return Ok(());
    }
    // A program of Windows that has the same name by chance is told its directory as all others are.
    way.write("same.c", "#include <io.h>\nint main(void) { return access(\"same.c\", 0) ? 32 : 31; }\n")?;
    way.mingw(&["same.c", "-o", "program.exe"])?;
    let same = way.host.path(&way.path("program.exe"));
    expect(&way.run_packed(&file, &["spawn", &same.to_string_lossy()])?, 31, &[])
}

/// What Windows finds in an executable: its checksum, icon, version and manifest; exit code 0 where all is right.
const INSPECT: &str = r#"
#include <windows.h>
#include <imagehlp.h>
#include <string.h>
int main(int n, char **v)
{
	DWORD header = 0, sum = 1;
	if (MapFileAndCheckSumA(v[1], &header, &sum) != CHECKSUM_SUCCESS || header != sum) return 1;
	HMODULE file = LoadLibraryExA(v[1], 0, LOAD_LIBRARY_AS_DATAFILE);
	if (!file) return 2;
	HRSRC group = FindResourceA(file, "MAINICON", (LPCSTR)RT_GROUP_ICON), icon = FindResourceA(file, MAKEINTRESOURCE(1), (LPCSTR)RT_ICON);
	if (!group || SizeofResource(file, group) != 20 || !icon || SizeofResource(file, icon) != 100) return 3;
	const char *picture = LockResource(LoadResource(file, icon));
	if (picture[0] != 'p' || picture[99] != 'p') return 4;
	if (!FindResourceA(file, MAKEINTRESOURCE(1), (LPCSTR)RT_VERSION)) return 5;
	HRSRC manifest = FindResourceA(file, MAKEINTRESOURCE(1), (LPCSTR)RT_MANIFEST);
	if (!manifest || !strstr(LockResource(LoadResource(file, manifest)), "assembly")) return 6;
	return 0;
}
"#;

/// An icon is added to what the loader's file has, and the file is one that Windows takes.
pub fn packed_icon(way: &Way<'_>) -> Result<(), String> {
    let mut icon =
        [&[0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 100, 0, 0, 0, 22, 0, 0, 0][..], &[b'p'; 100]].concat();
    fs::write(way.path("good.ico"), &icon).map_err(about(&way.folder))?;
    icon.pop();
    fs::write(way.path("cut.ico"), &icon).map_err(about(&way.folder))?;
    way.write("main.c", "#include <stdio.h>\nint main(void) { puts(\"window\"); return 8; }\n")?;
    way.write("inspect.c", INSPECT)?;
    way.compile("main.c -o program")?;
    way.mingw(&["inspect.c", "-limagehlp", "-o", "inspect.exe"])?;
    let mut pack = Command::new(distx(way.root).join("bin/distx"));
    let outcome =
        way.finish(pack.args(["pack", "program", "-o", "x.exe", "--icon", "cut.ico"]).current_dir(&way.folder))?;
    expect(&outcome, 1, &["distx: error: the icon: ", ".ico"])?;
    way.pack(&["program", "-o", "packed.exe", "--icon", "good.ico", "--gui"])?;
    expect(&way.run_packed(&way.path("packed.exe"), &[])?, 8, &["window"])?;
    expect(&way.run_packed(&way.path("inspect.exe"), &["packed.exe"])?, 0, &[])
}

/// The payload is the same for every host, and what is not there or not right is said by name.
pub fn packed_files(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", "int gone(void); int main(void) { return gone(); }\n")?;
    way.write("gone.c", "int gone(void) { return 3; }\n")?;
    way.compile("-shared -fPIC gone.c -o libgone.so")?;
    way.compile("main.c -L. -lgone -o program")?;
    way.pack(&["program", "-o", "one"])?;
    way.pack(&["program", "-o", "two"])?;
    let read = |name: &str| fs::read(way.path(name)).map_err(about(&way.path(name)));
    if read("one")? != read("two")? {
        return Err("two packed files of a program differ".into());
    }
    if way.host.programs == "x86_64" {
        way.pack(&["program", "-o", "one.exe"])?;
        let (linux, windows) = (read("one")?, read("one.exe")?);
        let payload = |file: &[u8]| {
            let at = file.chunks(1 << 16).position(|block| block.starts_with(b"distxPK"));
            at.and_then(|at| file.get(at << 16..)).map(<[u8]>::to_vec)
        };
        if payload(&linux).is_none_or(|bytes| Some(bytes) != payload(&windows)) {
            return Err("the payloads for Linux and Windows differ".into());
        }
    }
    let refused = |arguments: &[&str], code: i32, parts: &[&str]| {
        let mut pack = Command::new(distx(way.root).join("bin/distx"));
        let outcome = way.finish(pack.arg("pack").args(arguments).current_dir(&way.folder))?;
        expect(&outcome, code, parts).map_err(|error| format!("{arguments:?}: {error}"))
    };
    refused(&["program"], 2, &["--output"])?;
    refused(&["program", "-o", "program"], 1, &["distx: error: program would be replaced"])?;
    refused(&["main.c", "-o", "x"], 1, &["main.c", "not an ELF file"])?;
    refused(&["no-such-file", "-o", "x"], 1, &["no-such-file"])?;
    refused(&["program", "-o", "x", "--icon", "main.c"], 1, &["for Windows"])?;
    refused(&["--list", "program"], 1, &["program: not a packed program"])?;
    let library = way.path("libgone.so");
    fs::create_dir_all(way.path("far")).map_err(about(&library))?;
    fs::rename(&library, way.path("far/libgone.so")).map_err(about(&library))?;
    refused(&["program", "-o", "x"], 1, &["program needs the library libgone.so", "--with"])?;
    way.pack(&["program", "-o", "x.exe", "--target", "linux", "--with", "far/libgone.so"])?;
    if way.host.is_windows() {
        way.pack(&["program", "-o", "x.exe", "--with", "far/libgone.so"])?;
    }
    expect(&way.run_packed(&way.path("x.exe"), &[])?, 3, &[])?;
    // What lies beside it, or where a variable says, is not asked for what is in it.
    way.write("gone.c", "int gone(void) { return 66; }\n")?;
    way.compile("-shared -fPIC gone.c -o libgone.so")?;
    let mut command = way.packed(&way.path("x.exe"));
    expect(&way.finish(command.env("LD_LIBRARY_PATH", way.host.path(&way.folder)))?, 3, &[])
}

/// A packed file that was cut off or changed says so.
pub fn packed_damaged(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", "int main(void) { return 3; }\n")?;
    way.compile("main.c -o program")?;
    let output = format!("packed{}", way.ending());
    way.pack(&["program", "-o", &output])?;
    let path = way.path(&output);
    let good = fs::read(&path).map_err(about(&path))?;
    let start = good.chunks(1 << 16).position(|block| block.starts_with(b"distxPK")).ok_or("no payload")? << 16;
    let damaged = |bytes: &[u8], parts: &[&str]| {
        fs::write(&path, bytes).map_err(about(&path))?;
        expect(&way.run_packed(&path, &[])?, 127, parts)
    };
    for end in [start, start + 7, start + 300, good.len() - 1] {
        damaged(&good[..end], &["xload: ", &output, "damaged packed program: the file ends before its payload does"])?;
    }
    // Each number of the directory: the checksum tells.
    for at in (start..start + 24 + 2 * 56).step_by(9) {
        let mut bad = good.clone();
        bad[at] ^= 0x41;
        damaged(&bad, &["xload: ", "damaged packed program: ", "pack it again"])?;
    }
    // What stands in the loader's image.
    let mark = good.windows(14).position(|bytes| bytes == b"distx payload:").ok_or("no mark")? + 16;
    for at in [0, 2, 7, 8, 15, 16, 23] {
        let mut bad = good.clone();
        bad[mark + at] ^= 0x41;
        damaged(&bad, &["xload: ", "damaged packed program: "])?;
    }
    // A member that is no ELF file any more.
    let mut bad = good.clone();
    let program =
        (start..good.len()).step_by(1 << 16).rfind(|at| good[*at..].starts_with(b"\x7fELF")).ok_or("no ELF file")?;
    bad[program] = 0;
    damaged(&bad, &["xload: ", "not an ELF file"])?;
    let mut list = Command::new(distx(way.root).join("bin/distx"));
    let outcome = way.finish(list.args(["pack", "--list"]).arg(&path))?;
    expect(&outcome, 1, &["distx: error: ", "damaged packed program: ", " was changed"])?;
    fs::write(&path, &good).map_err(about(&path))?;
    expect(&way.run_packed(&path, &[])?, 3, &[])
}

/// A set-user-ID packed program takes nothing from its starter: no root, no libraries, no other program.
pub fn packed_set_user_id(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.c",
        "#include <spawn.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\nextern char **environ;\n\
         int helped(void);\nint main(int n, char **v)\n{\n\tpid_t child;\n\tif (geteuid() != 0 || getuid() != 4321) return 77;\n\
         \tif (getenv(\"XLOAD_ROOT\")) return 1;\n\
         \tint error = posix_spawn(&child, \"/evil/other\", 0, 0, v, environ);\n\
         \tprintf(\"%s %d %s\\n\", v[0], helped(), strerror(error));\n\treturn 0;\n}\n",
    )?;
    way.write("helper.c", "int helped(void) { return 5; }\n")?;
    way.write("evil.c", "int helped(void) { return 66; }\n")?;
    way.write("other.c", "int main(void) { return 66; }\n")?;
    way.compile("-shared -fPIC helper.c -o libhelper.so")?;
    way.compile("main.c -L. -lhelper -o program")?;
    way.compile("other.c -o other")?;
    way.pack(&["program", "-o", "packed"])?;
    way.compile("-shared -fPIC evil.c -o libhelper.so")?;
    let prepare = "rm -rf root; mkdir -p root/bin root/dev root/evil
        cp packed root/bin/packed; cp libhelper.so other root/evil/; cp libhelper.so root/bin/
        chown -R 0:0 root; chmod -R u=rwX,go=rX root; chown -R 4321:4321 root/evil; chmod 4755 root/bin/packed";
    quiet(Command::new("sh").args(["-euc", prepare]).current_dir(&way.folder), &way.folder, "prepare")?;
    let run = |name: &str, more: &[&str]| {
        // The kernel sees `name` as argv[0].
        way.write(
            "enter.c",
            "#include <unistd.h>\nint main(int n, char **v) { return n < 2 || chdir(\"/evil\") || execv(\"/bin/packed\", v + 1); }\n",
        )?;
        let mut cc = Command::new("cc");
        quiet(cc.args(["-static", "enter.c", "-o", "root/bin/enter"]).current_dir(&way.folder), &way.folder, "cc")?;
        let mut command = Command::new("chroot");
        command.args(["--userspec=4321:4321", ".", "/bin/enter", name]).args(more).current_dir(way.path("root"));
        way.finish(command.env("XLOAD_ROOT", "/evil").env("LD_LIBRARY_PATH", "/evil"))
    };
    expect(&run("packed", &[])?, 0, &["packed 5 Permission denied\n"])?;
    expect(&run("xload:plain", &["/evil/other"])?, 127, &["xload: ", "runs no other"])?;
    // Without the right it is a program as any other: the mark makes it a plain loader.
    fs::set_permissions(way.path("root/bin/packed"), fs::Permissions::from_mode(0o755)).map_err(about(&way.folder))?;
    expect(&run("xload:plain", &["/evil/other"])?, 66, &[])?;
    expect(&run("packed", &[])?, 77, &[])
}
