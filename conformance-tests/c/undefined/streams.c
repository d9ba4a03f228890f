/* What docs/undefined.md says of streams and descriptors. */
#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include "../on_thread.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>

TEST(standard_streams_closed_twice)
{
	OURS EXCEPT_ON(qemu, NO_CHILDREN) {
		int status = child("closes_twice", NULL);
		IS(exits_with(status, 0));
	}
}

CHILD(closes_twice)
{
	if (fclose(stdin) != 0 || fclose(stdin) != EOF || errno != EBADF)
		return 1;
	return getchar() == EOF && errno == EBADF ? 0 : 2;
}

TEST(the_wrong_function_closes)
{
	OURS {
		int before = dup(0);
		close(before);
		FILE *file = fopen("closed", "w");
		EQ(putc('x', file), 'x');
		EQ_ERRNO(pclose(file), -1, ECHILD);
		char byte = 0;
		int fd = open("closed", O_RDONLY);
		EQ(read(fd, &byte, 1), 1);
		EQ(byte, 'x');
		close(fd);
		EXCEPT_ON(qemu, "the kernel below the emulator cannot start a loader for another CPU") {
			FILE *command = popen("exit 3", "r");
			IS(command != NULL);
			EQ(fclose(command), 0);
			/* The command is left to wait(). */
			int status = -1;
			IS(wait(&status) > 0 && exits_with(status, 3));
		}
		int after = dup(0);
		EQ(after, before);
		close(after);
	}
}

static void *unlocks(void *file)
{
	funlockfile(file);
	return NULL;
}

static void *tries(void *file)
{
	return ftrylockfile(file) == 0 ? file : NULL;
}

TEST(a_lock_of_another_thread)
{
	OURS {
		FILE *file = fopen("locked", "w");
		flockfile(file);
		in_thread(unlocks, file);
		EQ(in_thread(tries, file), NULL);
		funlockfile(file);
		funlockfile(file);
		/* fclose ends the caller's lock. */
		flockfile(file);
		EQ(fclose(file), 0);
	}
}

TEST(invalid_descriptors)
{
	OURS {
		char byte;
		static const int wrong[] = {-1, -100, 99, 1 << 30};
		for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
			EQ_ERRNO(read(wrong[i], &byte, 1), -1, EBADF);
			EQ_ERRNO(write(wrong[i], "", 1), -1, EBADF);
			EQ_ERRNO(lseek(wrong[i], 0, SEEK_CUR), -1, EBADF);
			EQ_ERRNO(close(wrong[i]), -1, EBADF);
			EQ_ERRNO(dup(wrong[i]), -1, EBADF);
			EQ_ERRNO(fcntl(wrong[i], F_GETFL), -1, EBADF);
			EQ_ERRNO(fdopen(wrong[i], "r"), NULL, EBADF);
			EQ_ERRNO(fdopendir(wrong[i]), NULL, EBADF);
		}
	}
}
