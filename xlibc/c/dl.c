/* dl_iterate_phdr (Linux, BSD). The callback may throw a C++ exception, which passes through the frame here. Then, as after a
   longjmp, the list is not given back: what it has stays in memory. */
#include <link.h>

struct files {
    const void *first;
    size_t count;
};

void xlibc_dl_begin(struct files *files);
int xlibc_dl_file(const struct files *files, size_t index, struct dl_phdr_info *file);
void xlibc_dl_end(const struct files *files);

int xlibc_dl_iterate_phdr(int (*visit)(struct dl_phdr_info *, size_t, void *), void *data) {
    struct files files;
    struct dl_phdr_info file;
    int answer = 0;
    xlibc_dl_begin(&files);
    for (size_t at = 0; !answer && xlibc_dl_file(&files, at, &file); at++) answer = visit(&file, sizeof file, data);
    xlibc_dl_end(&files);
    return answer;
}
