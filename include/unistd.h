#ifndef _UNISTD_H
#define _UNISTD_H

/* POSIX.1-2024 <unistd.h> */

#include <features.h>
#include <bits/null.h>

#define __NEED_size_t
#define __NEED_ssize_t
#define __NEED_uid_t
#define __NEED_gid_t
#define __NEED_off_t
#define __NEED_pid_t
#define __NEED_intptr_t
#define __NEED_useconds_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#undef SEEK_SET
#undef SEEK_CUR
#undef SEEK_END
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define SEEK_DATA 3
#define SEEK_HOLE 4

#ifndef F_OK
#define F_OK 0
#define R_OK 4
#define W_OK 2
#define X_OK 1
#endif

#ifndef L_SET
#define L_SET 0
#define L_INCR 1
#define L_XTND 2
#endif

/* Files and directories */
int access(const char *, int);
int faccessat(int, const char *, int, int);
int chdir(const char *);
int fchdir(int);
char *getcwd(char *, size_t);
int chown(const char *, uid_t, gid_t);
int fchown(int, uid_t, gid_t);
int lchown(const char *, uid_t, gid_t);
int fchownat(int, const char *, uid_t, gid_t, int);
int link(const char *, const char *);
int linkat(int, const char *, int, const char *, int);
int symlink(const char *, const char *);
int symlinkat(const char *, int, const char *);
ssize_t readlink(const char *__restrict, char *__restrict, size_t);
ssize_t readlinkat(int, const char *__restrict, char *__restrict, size_t);
int unlink(const char *);
int unlinkat(int, const char *, int);
int rmdir(const char *);
int truncate(const char *, off_t);
int ftruncate(int, off_t);
long pathconf(const char *, int);
long fpathconf(int, int);

/* Descriptors */
int close(int);
int dup(int);
int dup2(int, int);
int dup3(int, int, int);
int fsync(int);
int fdatasync(int);
int isatty(int);
off_t lseek(int, off_t, int);
int pause(void);
int pipe(int[2]);
int pipe2(int[2], int);
ssize_t read(int, void *, size_t);
ssize_t write(int, const void *, size_t);
ssize_t pread(int, void *, size_t, off_t);
ssize_t pwrite(int, const void *, size_t, off_t);

/* Processes */
int execl(const char *, const char *, ...);
int execle(const char *, const char *, ...);
int execlp(const char *, const char *, ...);
int execv(const char *, char *const[]);
int execve(const char *, char *const[], char *const[]);
int execvp(const char *, char *const[]);
_XLIBC_NORETURN void _exit(int);
unsigned int sleep(unsigned int);
pid_t getpid(void);
pid_t getppid(void);

/* Users and the system */
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
char *getlogin(void);
int getlogin_r(char *, size_t);
int gethostname(char *, size_t);
char *ctermid(char *);
long sysconf(int);

int getopt(int, char *const[], const char *);
extern char *optarg;
extern int optind, opterr, optopt, optreset;

#if _XLIBC_XSI
#ifndef F_ULOCK
#define F_ULOCK 0
#define F_LOCK 1
#define F_TLOCK 2
#define F_TEST 3
#endif
int lockf(int, int, off_t);
void swab(const void *__restrict, void *__restrict, ssize_t);
#endif

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
int getentropy(void *, size_t);
#endif

#if _XLIBC_BSD
int execvpe(const char *, char *const[], char *const[]);
int getpagesize(void);
long syscall(long, ...);
int usleep(useconds_t);

extern char **environ;
#endif

#if _XLIBC_GNU
char *get_current_dir_name(void);
#endif

#if defined(_LARGEFILE64_SOURCE)
#define lseek64 lseek
#define pread64 pread
#define pwrite64 pwrite
#define truncate64 truncate
#define ftruncate64 ftruncate
#define lockf64 lockf
#define off64_t off_t
#endif

#include <bits/posix.h>
#include <bits/confname.h>

#if _XLIBC_FORTIFY
#include <bits/fortify/unistd.h>
#endif

_XLIBC_END

#endif
