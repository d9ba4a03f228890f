//! What clang and lld ask of a C library beyond ours, taken out of their sources: each edit says why nothing is lost by it.
//!
//! A function that comes into xlibc makes its edits superfluous.

use crate::edits::Edit;

/// The edits, for [`crate::edits::apply`].
pub const EDITS: [Edit; 21] = [
    Edit {
        file: "clang/include/clang/Config/config.h.cmake",
        before: "#cmakedefine CLANG_HAVE_RLIMITS ${CLANG_HAVE_RLIMITS}\n",
        after: "",
        reason: "there is no limit of the stack to raise: it has 8 MiB, what clang wants, on Windows too",
    },
    Edit {
        file: "llvm/lib/Support/CMakeLists.txt",
        before: "  raw_socket_stream.cpp\n",
        after: "",
        reason: "there are no sockets, and neither clang nor lld uses them",
    },
    Edit {
        file: "llvm/lib/Support/CMakeLists.txt",
        before: "add_llvm_component_library(LLVMSupport\n",
        after: "set(LLVM_OPTIONAL_SOURCES raw_socket_stream.cpp)\nadd_llvm_component_library(LLVMSupport\n",
        reason: "a source that no list names is an error",
    },
    Edit {
        file: "llvm/lib/Support/LockFileManager.cpp",
        before: "getsid(PID) == -1 && errno == ESRCH",
        after: "::kill(PID, 0) == -1 && errno == ESRCH",
        reason: "there are no sessions; signal 0 asks the same",
    },
    Edit {
        file: "llvm/lib/Support/LockFileManager.cpp",
        before: "#include <sys/types.h>\n",
        after: "#include <signal.h>\n#include <sys/types.h>\n",
        reason: "declares kill",
    },
    Edit {
        file: "llvm/lib/Support/LockFileManager.cpp",
        before: "sys::fs::create_link(",
        after: "sys::fs::create_hard_link(",
        reason: "on Windows not every user may make symbolic links",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Path.inc",
        before: "#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__FreeBSD__) &&   \\\n    !defined(__linux__)",
        after: "#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__FreeBSD__) &&   \\\n    !0",
        reason: "statvfs is there, statfs is not",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Path.inc",
        before: "static bool is_local_impl(struct STATVFS &Vfs) {\n#if defined(__linux__)",
        after: "static bool is_local_impl(struct STATVFS &Vfs) {\n#if 1\n  return false;\n#elif defined(__linux__)",
        reason: "POSIX does not tell, and neither clang nor lld asks",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "int child = fork();",
        after: "int child = -1; errno = ENOSYS;",
        reason: "fork serves limits of memory and processes without a terminal only, which neither program asks for",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "if (::setsid() == -1) {",
        after: "if (true) {",
        reason: "runs after fork only",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "using ::wait4;",
        after: "static pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {\n  *usage = {};\n  return ::waitpid(pid, status, options);\n}",
        reason: "only reports of time show the times of children",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "    alarm(*SecondsToWait);",
        after: "    (void)SecondsToWait;",
        reason: "neither program waits with a limit",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "      alarm(0);",
        after: "",
        reason: "ends a limit that was not set",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "    alarm(0);",
        after: "",
        reason: "ends a limit that was not set",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Program.inc",
        before: "long EffectiveArgMax = 128 * 1024;",
        after: "long EffectiveArgMax = 48 * 1024;",
        reason: "a program of Windows, such as the driver as a linker, gets 32767 characters: half of this goes without a file",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Watchdog.inc",
        before: "  alarm(seconds);",
        after: "  (void)seconds;",
        reason: "the watchdog ends reports of crashes only",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Watchdog.inc",
        before: "  alarm(0);",
        after: "",
        reason: "ends a limit that was not set",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Threading.inc",
        before: "#if defined(__linux__) && defined(SCHED_IDLE)",
        after: "#if 0",
        reason: "there are no scheduling classes; callers know the answer that the priority cannot be set",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Threading.inc",
        before: "#elif defined(__linux__)\n  cpu_set_t Set;",
        after: "#elif 0\n  cpu_set_t Set;",
        reason: "std::thread::hardware_concurrency tells the number of processors",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Threading.inc",
        before: "#elif defined(__linux__) && !defined(__ANDROID__)\nstatic int computeHostNumPhysicalCores",
        after: "#elif 0\nstatic int computeHostNumPhysicalCores",
        reason: "as for the number of processors",
    },
    Edit {
        file: "llvm/lib/Support/Unix/Threading.inc",
        before: "#if defined(__linux__) && (defined(__i386__) || defined(__x86_64__))",
        after: "#if 0",
        reason: "as for the number of processors",
    },
];
