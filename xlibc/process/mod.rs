//! Starting and ending processes: `<spawn.h>`, `<sys/wait.h>`, exit.
