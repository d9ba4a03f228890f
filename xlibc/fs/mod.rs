//! Files and directories: `<unistd.h>`, `<fcntl.h>`, `<sys/stat.h>`, `<dirent.h>`.
