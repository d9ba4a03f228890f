// out: headers: no segment is writable and executable
#define _GNU_SOURCE
#include <link.h>
#include <stdio.h>

static int looks(struct dl_phdr_info *info, size_t size, void *wrong)
{
	(void)size;
	for (int at = 0; at < info->dlpi_phnum; at++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[at];
		if (header->p_type == PT_LOAD && (header->p_flags & PF_W) && (header->p_flags & PF_X))
			++*(int *)wrong;
	}
	return 0;
}

int main(void)
{
	int wrong = 0;
	dl_iterate_phdr(looks, &wrong);
	puts(wrong ? "wrong" : "headers: no segment is writable and executable");
}
