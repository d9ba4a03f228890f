#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

TEST(getenv)
{
	EQ(getenv("XLIBC_TEST_NONE"), NULL);
	EQ(setenv("XLIBC_TEST_A", "one", 0), 0);
	TEXT(getenv("XLIBC_TEST_A"), "one");
	EQ(setenv("XLIBC_TEST_A", "two", 0), 0);
	TEXT(getenv("XLIBC_TEST_A"), "one");
	EQ(setenv("XLIBC_TEST_A", "two", 1), 0);
	TEXT(getenv("XLIBC_TEST_A"), "two");
	TEXT(secure_getenv("XLIBC_TEST_A"), "two");
	/* A prefix of a name is another name. */
	EQ(getenv("XLIBC_TEST_"), NULL);
	EQ(getenv("XLIBC_TEST_A=two"), NULL);
	EQ_ERRNO(setenv("", "x", 1), -1, EINVAL);
	EQ_ERRNO(setenv("A=B", "x", 1), -1, EINVAL);
	EQ_ERRNO(unsetenv(""), -1, EINVAL);
	EQ_ERRNO(unsetenv("A=B"), -1, EINVAL);
	EQ(setenv("XLIBC_TEST_A", "", 1), 0);
	TEXT(getenv("XLIBC_TEST_A"), "");
	EQ(unsetenv("XLIBC_TEST_A"), 0);
	EQ(getenv("XLIBC_TEST_A"), NULL);
	EQ(unsetenv("XLIBC_TEST_A"), 0);
}

TEST(putenv)
{
	static char text[] = "XLIBC_TEST_B=1";
	EQ(putenv(text), 0);
	TEXT(getenv("XLIBC_TEST_B"), "1");
	/* The string itself is part of the environment. */
	text[13] = '2';
	TEXT(getenv("XLIBC_TEST_B"), "2");
	EQ(getenv("XLIBC_TEST_B"), text + 13);
	int found = 0;
	for (char **one = environ; *one != NULL; one++)
		found += *one == text;
	EQ(found, 1);
	EQ(unsetenv("XLIBC_TEST_B"), 0);
	EQ(getenv("XLIBC_TEST_B"), NULL);
}

TEST(many_variables)
{
	char name[32];
	for (int at = 0; at < 300; at++) {
		snprintf(name, sizeof name, "XLIBC_TEST_%d", at);
		EQ(setenv(name, name, 1), 0);
	}
	for (int at = 0; at < 300; at++) {
		snprintf(name, sizeof name, "XLIBC_TEST_%d", at);
		TEXT(getenv(name), name);
		EQ(unsetenv(name), 0);
	}
	EQ(getenv("XLIBC_TEST_7"), NULL);
}

/* musl ends with a fault at the end of this one, and with a wrong answer in the next. */
#if HOST != HOST_musl
TEST(the_program_may_assign_environ)
{
	char **before = environ, *own[] = {(char *)"XLIBC_TEST_C=own", NULL};
	environ = own;
	TEXT(getenv("XLIBC_TEST_C"), "own");
	EQ(setenv("XLIBC_TEST_D", "more", 1), 0);
	TEXT(getenv("XLIBC_TEST_C"), "own");
	TEXT(getenv("XLIBC_TEST_D"), "more");
	/* The program's own list is as it was. */
	IS(own[1] == NULL);
	environ = NULL;
	EQ(getenv("XLIBC_TEST_C"), NULL);
	EQ(setenv("XLIBC_TEST_E", "new", 1), 0);
	TEXT(environ[0], "XLIBC_TEST_E=new");
	IS(environ[1] == NULL);
	environ = before;
	EXCEPT(glibc, "uses its list again while the program keeps it") EQ(getenv("XLIBC_TEST_E"), NULL);
	EQ(clearenv(), 0);
	IS(environ == NULL || environ[0] == NULL);
	EQ(setenv("XLIBC_TEST_F", "after", 1), 0);
	TEXT(getenv("XLIBC_TEST_F"), "after");
	environ = before;
}

/* Threads set, unset and read. POSIX does not ask for this; glibc has it for writers, and we for readers too. */
enum { WRITERS = 4, ROUNDS = 400 };
static atomic_int writing, wrong;

static void *writes(void *number)
{
	char name[32], value[32];
	static char put[WRITERS][32];
	int own = (int)(intptr_t)number;
	for (int round = 0; round < ROUNDS; round++) {
		snprintf(name, sizeof name, "XLIBC_THREAD_%d_%d", own, round % 20);
		snprintf(value, sizeof value, "%d", round);
		wrong += setenv(name, value, 1) != 0 || strcmp(getenv(name), value) != 0;
		if (round % 3 == 0)
			wrong += unsetenv(name) != 0 || getenv(name) != NULL;
		if (round == ROUNDS / 2) {
			snprintf(put[own], sizeof put[own], "XLIBC_PUT_%d=put", own);
			wrong += putenv(put[own]) != 0;
		}
		wrong += setenv("XLIBC_SHARED", round % 2 ? "one" : "another one", round % 5) != 0;
	}
	writing--;
	return NULL;
}

TEST(threads_change_the_environment)
{
	pthread_t threads[WRITERS];
	EQ(setenv("XLIBC_STAYS", "here", 1), 0);
	EQ(setenv("XLIBC_SHARED", "one", 1), 0);
	writing = WRITERS;
	for (intptr_t at = 0; at < WRITERS; at++)
		EQ(pthread_create(&threads[at], NULL, writes, (void *)at), 0);
	EXCEPT(glibc, "a list that setenv replaces is freed while getenv reads it") while (writing > 0) {
		const char *stays = getenv("XLIBC_STAYS"), *shared = getenv("XLIBC_SHARED");
		wrong += stays == NULL || strcmp(stays, "here") != 0;
		wrong += shared == NULL || (strcmp(shared, "one") != 0 && strcmp(shared, "another one") != 0);
	}
	for (int at = 0; at < WRITERS; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	EQ(wrong, 0);
	TEXT(getenv("XLIBC_PUT_3"), "put");
	EQ(unsetenv("XLIBC_STAYS"), 0);
	EQ(unsetenv("XLIBC_SHARED"), 0);
}
#endif
