#define _GNU_SOURCE
#include "../check.h"
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
