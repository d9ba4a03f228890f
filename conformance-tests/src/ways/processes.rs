//! A process under its own name, processes that start others at any moment, and their ends.

use super::way::{Way, expect};
use crate::hosts::Host;
use crate::run::about;
use std::path::Path;

const NAME: &str = r#"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static const char OWN[] = "/proc/self/exe";
int main(int n, char **v)
{
	char path[PATH_MAX], name[64] = "", *real;
	struct stat one, other;
	if (n > 1 && !strcmp(v[1], "again")) { printf("again %s\n", v[0]); return 0; }
	ssize_t length = readlink(OWN, path, sizeof path - 1);
	if (length <= 0 || path[0] != '/') return 1;
	path[length] = 0;
	printf("%s\n", strrchr(path, '/') + 1);
	if (readlink(OWN, name, 3) != 3 || memcmp(name, path, 3)) return 2;
	if (!(real = realpath(OWN, 0)) || strcmp(real, path)) return 3;
	if (!(real = realpath(path, 0)) || strcmp(real, path)) return 4;
	if (stat(OWN, &one) || stat(path, &other) || one.st_ino != other.st_ino || !S_ISREG(one.st_mode)) return 5;
	if (lstat(OWN, &one) || !S_ISLNK(one.st_mode)) return 6;
	char self[64];
	snprintf(self, sizeof self, "/proc/%d/exe", (int)getpid());
	if (stat(self, &one) || one.st_ino != other.st_ino) return 7;
	int fd = open(OWN, O_RDONLY);
	if (fd < 0 || fstat(fd, &one) || one.st_ino != other.st_ino) return 8;
	char start[8];
	if (read(fd, start, 8) != 8 || memcmp(start, "\177ELF", 4) || start[7] != 0x13) return 9;
	if (access(OWN, R_OK) || access("/proc/self/exe/x", F_OK) == 0) return 10;
	FILE *comm = fopen("/proc/self/comm", "r");
	if (comm && (!fgets(name, sizeof name, comm) || strcmp(name, v[1]))) { printf("comm %s", name); return 11; }
	fflush(stdout);
	if (n > 2) return 0;
	execl(OWN, "renamed", "again", (char *)0);
	return 12;
}
"#;

/// `/proc/self/exe` and the name in the list of processes are the program's.
pub fn own_name(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", NAME)?;
    way.compile("main.c -o with_a_long_name")?;
    let mut arguments = vec!["with_a_long_nam\n"];
    // The emulator cannot start itself again.
    let mut said = String::from("with_a_long_name\n");
    match way.host.is_emulated() {
        true => arguments.push("stay"),
        false => said.push_str("again renamed\n"),
    }
    let run = |file: &str, folder: &str| {
        let mut command = way.host.command(Path::new(file));
        way.finish(command.args(&arguments).current_dir(way.path(folder)))
    };
    expect(&run("with_a_long_name", ".")?, 0, &[&said])?;
    std::fs::create_dir_all(way.path("below")).map_err(about(&way.folder))?;
    expect(&run("../with_a_long_name", "below")?, 0, &[&said])?;
    if !way.host.is_windows() {
        std::os::unix::fs::symlink("../with_a_long_name", way.path("below/link")).map_err(about(&way.folder))?;
        arguments[0] = "link\n";
        let mut command = way.host.command(Path::new("below/link"));
        expect(&way.finish(command.args(&arguments).current_dir(&way.folder))?, 0, &[&said])?;
    }
    Ok(())
}

const SPAWNS: &str = r#"
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
static volatile sig_atomic_t handled, wrong;
static int loads;
static void handler(int number)
{
	(void)number;
	char *child[] = {"child", "child", 0}, *last[] = {"last", "last", 0};
	if (handled >= 10) {
		execve("/proc/self/exe", last, environ);
		_exit(99);
	}
	pid_t pid;
	int status;
	posix_spawn_file_actions_t *actions = 0;
	if (posix_spawn(&pid, "/proc/self/exe", actions, 0, child, environ) || waitpid(pid, &status, 0) != pid ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		wrong = 1;
	handled++;
}
static void *interrupt(void *thread)
{
	for (;;) {
		usleep(3000);
		sig_atomic_t before = handled;
		pthread_kill(*(pthread_t *)thread, SIGUSR1);
		for (int i = 0; i < 2000 && handled == before; i++) usleep(1000);
	}
}
int main(int n, char **v)
{
	if (n > 1 && !strcmp(v[1], "child")) return 7;
	if (n > 1 && !strcmp(v[1], "last")) { puts("replaced"); return 0; }
	loads = n > 1 && !strcmp(v[1], "loads");
	struct sigaction action = {.sa_handler = handler};
	sigaction(SIGUSR1, &action, 0);
	pthread_t self = pthread_self(), other;
	pthread_create(&other, 0, interrupt, &self);
	void *blocks[64] = {0};
	for (unsigned i = 0; !wrong; i++) {
		if (loads && dlopen("no-such-library.so", RTLD_NOW)) return 98;
		free(blocks[i % 64]);
		blocks[i % 64] = malloc(i * 37 % 3000 + 1);
	}
	return 97;
}
"#;

/// A handler that interrupts `malloc`, or the loader, starts processes and becomes another program.
pub fn spawn_in_handler(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", SPAWNS)?;
    way.compile("main.c -O1 -pthread -o program")?;
    // On Windows no handler runs in code of the host.
    let works = if way.host.is_windows() { &["allocates"][..] } else { &["allocates", "loads"] };
    for work in works {
        let outcome = way.finish(way.host.command(&way.path("program")).arg(work).current_dir(&way.folder))?;
        expect(&outcome, 0, &["replaced\n"]).map_err(|error| format!("{work}: {error}"))?;
    }
    Ok(())
}

/// Why no program starts another.
pub fn no_children(host: &Host) -> Option<String> {
    host.is_emulated().then(|| "the kernel starts no loader of another CPU".into())
}

/// What its finalisers leave is still good for a thread that is in it.
const PLUGIN: &str = r#"
#include <stdlib.h>
static volatile int state;
static void wait_a_little(void) { for (volatile int i = 0; i < 20000;) i++; }
static void at_exit(void) { wait_a_little(); state = 2; }
__attribute__((constructor)) static void begin(void) { state = 1; atexit(at_exit); }
__attribute__((destructor)) static void end(void) { wait_a_little(); state = 3; }
int answer(void) { return state; }
"#;

const EXITS: &str = r#"
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static void *loop(void *file)
{
	for (;;) {
		void *plugin = dlopen(file, RTLD_NOW);
		if (!plugin) _exit(96);
		if (((int (*)(void))dlsym(plugin, "answer"))() == 0) _exit(95);
		dlclose(plugin);
	}
}
int main(int n, char **v)
{
	pthread_t thread;
	(void)n;
	pthread_create(&thread, 0, loop, "libone.so");
	pthread_create(&thread, 0, loop, "libtwo.so");
	usleep(atoi(v[1]));
	exit(5);
}
"#;

/// `exit` while other threads load and unload.
pub fn exit_during_dlopen(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", EXITS)?;
    way.write("plugin.c", PLUGIN)?;
    way.compile("main.c -pthread -o program")?;
    way.compile("-shared -fPIC plugin.c -o libone.so")?;
    way.compile("-shared -fPIC plugin.c -o libtwo.so")?;
    for round in 0..30 {
        let outcome = way.finish(way.host.command(&way.path("program")).arg((round * 97).to_string()))?;
        expect(&outcome, 5, &[]).map_err(|error| format!("round {round}: {error}"))?;
    }
    Ok(())
}
