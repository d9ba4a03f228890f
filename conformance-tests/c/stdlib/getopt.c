#define _GNU_SOURCE
#include "../check.h"
#include <getopt.h>
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
