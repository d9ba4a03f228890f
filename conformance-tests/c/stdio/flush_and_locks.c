/* fflush(NULL) against threads that hold streams. */
#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int step;

static void wait_for(int number)
{
	while (step < number)
		usleep(1000);
}

static void *flushes_all(void *unused)
{
	(void)unused;
	wait_for(1);
	EQ(fflush(NULL), 0);
	step = 2;
	return NULL;
}

static void *reads_a_byte(void *file)
{
	step = 1;
	EQ(getc((FILE *)file), 'x');
	return NULL;
}

TEST(a_flush_of_all_leaves_out_who_waits_for_input)
{
	EXCEPT(glibc, "waits for the reader") EXCEPT(musl, "as glibc") {
		int ends[2];
		pthread_t reader;
		EQ(pipe(ends), 0);
		FILE *file = fdopen(ends[0], "r");
		step = 0;
		EQ(pthread_create(&reader, NULL, reads_a_byte, file), 0);
		wait_for(1);
		for (int at = 0; at < 20; at++) {
			EQ(fflush(NULL), 0);
			usleep(1000);
		}
		EQ(write(ends[1], "x", 1), 1);
		EQ(pthread_join(reader, NULL), 0);
		EQ(fclose(file), 0);
		close(ends[1]);
	}
}

/* The flush waits for a stream, whose owner then turns to input. */
TEST(a_flush_of_all_stops_waiting_for_who_begins_to_read)
{
	EXCEPT(glibc, "waits for the reader") EXCEPT(musl, "as glibc") {
		pthread_t flusher;
		FILE *file = fopen("turns", "w+");
		EQ(fputs("text", file) < 0, 0);
		EQ(fseek(file, 0, SEEK_SET), 0);
		step = 0;
		EQ(pthread_create(&flusher, NULL, flushes_all, NULL), 0);
		flockfile(file);
		step = 1;
		usleep(50000);
		EQ(step, 1);
		EQ(getc_unlocked(file), 't');
		wait_for(2);
		EQ(pthread_join(flusher, NULL), 0);
		/* Output is waited for again. */
		EQ(fseek(file, 0, SEEK_END), 0);
		EQ(putc_unlocked('!', file), '!');
		step = 0;
		EQ(pthread_create(&flusher, NULL, flushes_all, NULL), 0);
		step = 1;
		usleep(50000);
		EQ(step, 1);
		funlockfile(file);
		EQ(pthread_join(flusher, NULL), 0);
		EQ(fclose(file), 0);
	}
}

TEST(the_owner_of_a_stream_opens_others_while_a_flush_of_all_waits)
{
	EXCEPT(glibc, "may hold the list meanwhile") EXCEPT(musl, "holds the list meanwhile") {
		pthread_t flusher;
		FILE *file = fopen("held", "w");
		step = 0;
		EQ(pthread_create(&flusher, NULL, flushes_all, NULL), 0);
		flockfile(file);
		EQ(fputs("held", file) < 0, 0);
		step = 1;
		usleep(20000);
		for (int at = 0; at < 20; at++) {
			FILE *other = fopen("other", "w");
			IS(other != NULL && fputs("other", other) >= 0);
			EQ(fclose(other), 0);
		}
		EQ(step, 1);
		funlockfile(file);
		EQ(pthread_join(flusher, NULL), 0);
		EQ(fclose(file), 0);
	}
}
