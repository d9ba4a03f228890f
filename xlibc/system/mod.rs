//! What the system is: sysconf, uname, users.
