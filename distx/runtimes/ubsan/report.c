// Where reports go, and what UBSAN_OPTIONS asks for.
#include "ubsan.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

// A program may have options of its own; those of the environment win.
__attribute__((weak, visibility("default"))) const char *__ubsan_default_options(void);

struct options {
	int halt_on_error, print_stacktrace, abort_on_error, exitcode, report_once;
};
static const struct option {
	const char *name;
	size_t place;
} known[] = {
	{"halt_on_error", offsetof(struct options, halt_on_error)},
	{"print_stacktrace", offsetof(struct options, print_stacktrace)},
	{"abort_on_error", offsetof(struct options, abort_on_error)},
	{"exitcode", offsetof(struct options, exitcode)},
	{"report_once", offsetof(struct options, report_once)},
};
enum { KNOWN = sizeof known / sizeof *known };

static void say(const struct text *text)
{
	size_t sent = 0;
	while (sent < text->length) {
		ssize_t count = write(2, text->bytes + sent, text->length - sent);
		if (count <= 0)
			return;
		sent += (size_t)count;
	}
}

// True where the text is NAME=NUMBER of an option that is known.
static bool set(struct options *options, const char *name, size_t length)
{
	for (size_t at = 0; at < KNOWN; at++) {
		size_t end = strlen(known[at].name);
		if (end >= length || name[end] != '=' || strncmp(known[at].name, name, end) != 0)
			continue;
		char *rest;
		long number = strtol(name + end + 1, &rest, 10);
		if (rest != name + length || rest == name + end + 1 || number < 0 || number > 255)
			return false;
		memcpy((char *)options + known[at].place, &(int){(int)number}, sizeof(int));
		return true;
	}
	return false;
}

// NAME=NUMBER, separated by `:`, `,` or blanks.
static void read_options(struct options *options, const char *list)
{
	static const char separators[] = ":, \t\n";
	while (list && *(list += strspn(list, separators))) {
		size_t length = strcspn(list, separators);
		static atomic_flag said;
		if (!set(options, list, length) && !atomic_flag_test_and_set(&said)) {
			struct text text = {.length = 0};
			append(&text, "UBSAN_OPTIONS: \"%.*s\" is not one of", (int)length, list);
			for (size_t at = 0; at < KNOWN; at++)
				append(&text, " %s=NUMBER", known[at].name);
			append(&text, "\n");
			say(&text);
		}
		list += length;
	}
}

// Read for each report: there are few, and so no thread and no signal handler waits for another.
static struct options options(void)
{
	struct options options = {.exitcode = 1, .report_once = 1};
	if (__ubsan_default_options)
		read_options(&options, __ubsan_default_options());
	read_options(&options, getenv("UBSAN_OPTIONS"));
	return options;
}

bool is_first(struct place *place, struct place *seen)
{
	*seen = *place;
	seen->column = atomic_exchange((_Atomic uint32_t *)&place->column, REPORTED);
	if (seen->column != REPORTED)
		return true;
	// The column is gone, the line is still known.
	return !options().report_once;
}

// The linker's, around the section of that name.
extern const char __start_ubsan_text[] __attribute__((visibility("hidden")));
extern const char __stop_ubsan_text[] __attribute__((visibility("hidden")));

struct frames {
	struct text text;
	int number;
};

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *argument)
{
	struct frames *frames = argument;
	uintptr_t address = _Unwind_GetIP(context);
	if (address >= (uintptr_t)__start_ubsan_text && address < (uintptr_t)__stop_ubsan_text)
		return _URC_NO_REASON;
	Dl_info found;
	// Less one: the call, not what follows it.
	if (!address || !dladdr((void *)(address - 1), &found))
		return _URC_END_OF_STACK;
	uintptr_t offset = address - 1 - (uintptr_t)found.dli_fbase;
	append(&frames->text, "    #%d %s+%#zx", frames->number++, found.dli_fname, (size_t)offset);
	if (found.dli_sname)
		append(&frames->text, " (%s+%#zx)", found.dli_sname, (size_t)(address - 1 - (uintptr_t)found.dli_saddr));
	append(&frames->text, "\n");
	return _URC_NO_REASON;
}

void report(const struct place *place, const struct text *what, const struct text *more, bool fatal)
{
	const struct options wanted = options();
	struct text text = {.length = 0};
	append_place(&text, place);
	append(&text, ": runtime error: %s\n", what->bytes);
	if (more)
		append(&text, "%s\n", more->bytes);
	// In one piece, so that threads do not mix their lines.
	say(&text);
	if (wanted.print_stacktrace) {
		struct frames frames = {.number = 0};
		_Unwind_Backtrace(add_frame, &frames);
		say(&frames.text);
	}
	if (!fatal && !wanted.halt_on_error)
		return;
	if (wanted.abort_on_error)
		abort();
	_Exit(wanted.exitcode);
}
