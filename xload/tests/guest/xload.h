/* What the loader itself gives to programs, and a little on top, for programs without a C library. */
typedef unsigned long size_t;
long xload_write(int fd, const void *data, size_t length);
_Noreturn void xload_exit(int code);
void *xload_open(const char *path, int flags);
void *xload_sym(void *handle, const char *name, int flags);
int xload_errno(void);
const char *xload_root(void);
int xload_exec(const char *path, char *const argv[], char *const envp[]);

static inline size_t length_of(const char *text) {
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}
static inline void say(const char *text) { xload_write(1, text, length_of(text)); }
static inline void say_line(const char *text) {
    say(text);
    say("\n");
}
