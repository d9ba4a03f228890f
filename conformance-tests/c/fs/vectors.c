#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

/* readv waits for the first byte only: what a pipe holds comes at once, however it fits the pieces. */
TEST(readv_takes_what_a_pipe_holds)
{
	int ends[2];
	char first[4], second[4], third[4];
	struct iovec pieces[] = {{first, 4}, {NULL, 0}, {second, 4}, {third, 4}};
	EQ(pipe(ends), 0);
	for (int count = 1; count <= 12; count++) {
		char all[13] = "";
		memset(first, '.', 4), memset(second, '.', 4), memset(third, '.', 4);
		EQ(write(ends[1], "abcdefghijkl", count), count);
		EQ(readv(ends[0], pieces, 4), count);
		memcpy(all, first, 4), memcpy(all + 4, second, 4), memcpy(all + 8, third, 4);
		IS(memcmp(all, "abcdefghijkl", count) == 0);
		IS(count == 12 || all[count] == '.');
	}
	/* The rest stays for the next one. */
	EQ(write(ends[1], "abcdefghijklmno", 15), 15);
	EQ(readv(ends[0], pieces, 4), 12);
	EQ(readv(ends[0], pieces, 4), 3);
	IS(memcmp(first, "mno", 3) == 0);
	close(ends[1]);
	EQ(readv(ends[0], pieces, 4), 0);
	close(ends[0]);
	EQ_ERRNO(readv(ends[0], pieces, 4), -1, EBADF);
}

TEST(readv_of_large_pieces)
{
	enum { SIZE = 1 << 18 };
	char *data = malloc(SIZE), *got = calloc(2, SIZE);
	for (int i = 0; i < SIZE; i++)
		data[i] = (char)(i * 7 >> 3);
	int fd = open("large", O_CREAT | O_RDWR | O_TRUNC, 0644);
	EQ(write(fd, data, SIZE), SIZE);
	for (int cut = 1; cut < SIZE; cut = cut * 5 + 3) {
		struct iovec pieces[] = {{got, cut}, {got + cut, SIZE - cut}, {got + SIZE, SIZE}};
		memset(got, 0, SIZE);
		EQ(lseek(fd, 0, SEEK_SET), 0);
		EQ(readv(fd, pieces, 3), SIZE);
		IS(memcmp(got, data, SIZE) == 0);
	}
	close(fd);
	unlink("large");
	/* A pipe with less than was asked for. */
	int ends[2];
	struct iovec pieces[] = {{got, 5}, {got + 5, SIZE}};
	EQ(pipe(ends), 0);
	EQ(write(ends[1], data, 1000), 1000);
	EQ(readv(ends[0], pieces, 2), 1000);
	IS(memcmp(got, data, 1000) == 0);
	close(ends[0]);
	close(ends[1]);
	free(data);
	free(got);
}

TEST(writev_is_one_step)
{
	int ends[2];
	char got[16] = "";
	struct iovec pieces[] = {{(char *)"one", 3}, {NULL, 0}, {(char *)" two", 4}, {(char *)" three", 6}};
	EQ(pipe(ends), 0);
	EQ(writev(ends[1], pieces, 4), 13);
	EQ(read(ends[0], got, sizeof got), 13);
	TEXT(got, "one two three");
	close(ends[0]);
	close(ends[1]);
}

TEST(preadv_and_pwritev_leave_the_offset)
{
	char first[3] = "", second[8] = "";
	struct iovec out[] = {{(char *)"AB", 2}, {NULL, 0}, {(char *)"C", 1}}, in[] = {{first, 2}, {second, 7}};
	int fd = open("at", O_CREAT | O_RDWR | O_TRUNC, 0644), ends[2];
	EQ(write(fd, "0123456789", 10), 10);
	EQ(pwritev(fd, out, 3, 4), 3);
	EQ(preadv(fd, in, 2, 3), 7);
	TEXT(first, "3A");
	TEXT(second, "BC789");
	EQ(preadv(fd, in, 2, 100), 0);
	EQ(lseek(fd, 0, SEEK_CUR), 10);
	EQ_ERRNO(preadv(fd, in, 2, -1), -1, EINVAL);
	EQ_ERRNO(pwritev(fd, out, 3, -1), -1, EINVAL);
	EQ_ERRNO(preadv(fd, in, -1, 0), -1, EINVAL);
	EQ_ERRNO(pwritev(fd, out, UIO_MAXIOV + 1, 0), -1, EINVAL);
	close(fd);
	EQ_ERRNO(pwritev(fd, out, 3, 0), -1, EBADF);
	unlink("at");
	EQ(pipe(ends), 0);
	EQ_ERRNO(preadv(ends[0], in, 2, 0), -1, ESPIPE);
	EQ_ERRNO(pwritev(ends[1], out, 3, 0), -1, ESPIPE);
	close(ends[0]);
	close(ends[1]);
}

TEST(a_length_beyond_ssize_t_is_refused)
{
	char byte;
	struct iovec pieces[] = {{&byte, (size_t)-1 >> 1}, {&byte, 1}};
	int fd = open("sum", O_CREAT | O_RDWR | O_TRUNC, 0644);
	EXCEPT(glibc, "the kernel says EFAULT") EXCEPT(musl, "the kernel says EFAULT") {
		EQ_ERRNO(writev(fd, pieces, 2), -1, EINVAL);
		EQ_ERRNO(readv(fd, pieces, 2), -1, EINVAL);
	}
	close(fd);
	unlink("sum");
}
