#define _GNU_SOURCE
#include "../check.h"
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

static char *words[8];
static int count;

static void line(char *a, char *b, char *c, char *d, char *e, char *f)
{
	char *all[] = {"program", a, b, c, d, e, f};
	for (count = 0; count < 7 && all[count] != NULL; count++)
		words[count] = all[count];
	words[count] = NULL;
	opterr = 0;
	/* 0, not 1: a new scan in glibc and musl. */
	optind = HOST == HOST_glibc ? 0 : 1;
	if (HOST != HOST_glibc) {
		extern int optreset;
		optreset = 1;
	}
}

TEST(getopt)
{
	line("-ab", "-c", "value", "-dx", "--", "-a");
	EQ(getopt(count, words, "abc:d:"), 'a');
	EQ(getopt(count, words, "abc:d:"), 'b');
	EQ(getopt(count, words, "abc:d:"), 'c');
	TEXT(optarg, "value");
	EQ(getopt(count, words, "abc:d:"), 'd');
	TEXT(optarg, "x");
	EQ(getopt(count, words, "abc:d:"), -1);
	EQ(optind, 6);
	line("-q", NULL, NULL, NULL, NULL, NULL);
	EQ(getopt(count, words, "a"), '?');
	EQ(optopt, 'q');
	line("-a", NULL, NULL, NULL, NULL, NULL);
	EQ(getopt(count, words, ":a:"), ':');
	EQ(optopt, 'a');
	line("-a", NULL, NULL, NULL, NULL, NULL);
	EQ(getopt(count, words, "a:"), '?');
	line("operand", "-a", NULL, NULL, NULL, NULL);
	EQ(getopt(count, words, "+a"), -1);
	EQ(optind, 1);
}

TEST(getopt_long)
{
	int flag = 0, at = -1;
	const struct option options[] = {{"verbose", no_argument, &flag, 5}, {"file", required_argument, NULL, 'f'},
		{"color", optional_argument, NULL, 'c'}, {"colour", no_argument, NULL, 'k'}, {0, 0, 0, 0}};
	line("--verbose", "--file=a", "--file", "b", "--color", "--colou");
	EQ(getopt_long(count, words, "f:", options, &at), 0);
	IS(flag == 5 && at == 0);
	EQ(getopt_long(count, words, "f:", options, &at), 'f');
	TEXT(optarg, "a");
	EQ(getopt_long(count, words, "f:", options, NULL), 'f');
	TEXT(optarg, "b");
	EQ(getopt_long(count, words, "f:", options, NULL), 'c');
	EQ(optarg, NULL);
	EQ(getopt_long(count, words, "f:", options, NULL), 'k');
	EQ(getopt_long(count, words, "f:", options, NULL), -1);
	line("--none", "--col", "operand", "--file=x", NULL, NULL);
	EQ(getopt_long(count, words, "f:", options, NULL), '?');
	EQ(getopt_long(count, words, "f:", options, NULL), '?');
	/* Operands are put off. */
	EQ(getopt_long(count, words, "f:", options, NULL), 'f');
	EQ(getopt_long(count, words, "f:", options, NULL), -1);
	TEXT(words[optind], "operand");
}

static void again(void)
{
	optind = 0;
}

/* optind = 0 starts anew, also in the middle of a group of letters. */
TEST(getopt_starts_anew)
{
	const struct option none[] = {{0, 0, 0, 0}};
	for (int with_long = 0; with_long < 2; with_long++) {
		line("-abc", "-d", "operand", NULL, NULL, NULL);
		again();
#define NEXT() (with_long ? getopt_long(count, words, "+abcd", none, NULL) : getopt(count, words, "+abcd"))
		EQ(NEXT(), 'a');
		EQ(NEXT(), 'b');
		again();
		EQ(NEXT(), 'a');
		EQ(NEXT(), 'b');
		EQ(NEXT(), 'c');
		EQ(NEXT(), 'd');
		again();
		EQ(NEXT(), 'a');
		/* Other words. */
		line("-d", "-c", NULL, NULL, NULL, NULL);
		again();
		EQ(NEXT(), 'd');
		EQ(NEXT(), 'c');
		EQ(NEXT(), -1);
		EQ(optind, 3);
	}
#if HOST != HOST_glibc
	extern int optreset;
	line("x", "-abc", NULL, NULL, NULL, NULL);
	again();
	EQ(getopt_long(count, words, "abc", none, NULL), 'a');
	optreset = 1;
	optind = 1;
	EQ(getopt_long(count, words, "abc", none, NULL), 'a');
	EQ(getopt_long(count, words, "abc", none, NULL), 'b');
	EQ(getopt_long(count, words, "abc", none, NULL), 'c');
	EQ(getopt_long(count, words, "abc", none, NULL), -1);
	IS(optind == 2 && strcmp(words[2], "x") == 0);
	EQ(optreset, 0);
#endif
}

TEST(getopt_long_behind_operands)
{
	const struct option options[] = {{"size", required_argument, NULL, 's'}, {0, 0, 0, 0}};
	/* The argument of an option stands behind the option, not behind the operands. */
	line("x", "-bc", "y", "z", NULL, NULL);
	again();
	EQ(getopt_long(count, words, "bc:", options, NULL), 'b');
	EQ(getopt_long(count, words, "bc:", options, NULL), 'c');
	TEXT(optarg, "y");
	EQ(getopt_long(count, words, "bc:", options, NULL), -1);
	EQ(optind, 3);
	IS(strcmp(words[1], "-bc") == 0 && strcmp(words[2], "y") == 0 && strcmp(words[3], "x") == 0 && strcmp(words[4], "z") == 0);
	line("x", "--size", "3", "y", "--", "-b");
	again();
	EQ(getopt_long(count, words, "b", options, NULL), 's');
	TEXT(optarg, "3");
	EQ(getopt_long(count, words, "b", options, NULL), -1);
	EQ(optind, 4);
	IS(strcmp(words[4], "x") == 0 && strcmp(words[5], "y") == 0 && strcmp(words[6], "-b") == 0);
	/* Also without long options. */
	line("x", "-b", NULL, NULL, NULL, NULL);
	again();
	EQ(getopt_long(count, words, "b", NULL, NULL), 'b');
	EQ(getopt_long(count, words, "b", NULL, NULL), -1);
	IS(optind == 2 && strcmp(words[1], "-b") == 0 && strcmp(words[2], "x") == 0);
	/* No options: optind is at the first word. */
	line("x", "y", NULL, NULL, NULL, NULL);
	again();
	EQ(getopt_long(count, words, "b", options, NULL), -1);
	EQ(optind, 1);
	line(NULL, NULL, NULL, NULL, NULL, NULL);
	again();
	EQ(getopt_long(count, words, "b", options, NULL), -1);
	EQ(optind, 1);
}

TEST(getopt_long_abbreviations)
{
	int flag = 0;
	const struct option options[] = {{"color", optional_argument, NULL, 'c'}, {"colour", optional_argument, NULL, 'c'},
		{"quiet", no_argument, &flag, 1}, {"quit", no_argument, &flag, 2}, {0, 0, 0, 0}};
	EXCEPT(musl, "takes any second fit for ambiguous") {
		line("--col", "--colo=x", "--qui", NULL, NULL, NULL);
		again();
		EQ(getopt_long(count, words, "", options, NULL), 'c');
		EQ(getopt_long(count, words, "", options, NULL), 'c');
		TEXT(optarg, "x");
		EQ(getopt_long(count, words, "", options, NULL), '?');
		EQ(getopt_long(count, words, "", options, NULL), -1);
	}
}

TEST(getopt_long_in_order)
{
	const struct option options[] = {{"size", required_argument, NULL, 's'}, {0, 0, 0, 0}};
	EXCEPT(musl, "does not ask the environment") {
		setenv("POSIXLY_CORRECT", "1", 1);
		line("-b", "x", "--size", "3", NULL, NULL);
		again();
		EQ(getopt_long(count, words, "b", options, NULL), 'b');
		EQ(getopt_long(count, words, "b", options, NULL), -1);
		IS(optind == 2 && strcmp(words[2], "x") == 0);
		unsetenv("POSIXLY_CORRECT");
	}
	/* A mark in front: operands in place. */
	line("x", "-b", "y", NULL, NULL, NULL);
	again();
	EQ(getopt_long(count, words, "-b", options, NULL), 1);
	TEXT(optarg, "x");
	EQ(getopt_long(count, words, "-b", options, NULL), 'b');
	EQ(getopt_long(count, words, "-b", options, NULL), 1);
	TEXT(optarg, "y");
	EQ(getopt_long(count, words, "-b", options, NULL), -1);
	EQ(optind, 4);
}
