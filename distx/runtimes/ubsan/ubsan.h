// What clang's checks of undefined behaviour hand over (`-fsanitize=undefined` and its kin), and how the handlers report.
// Everything here is hidden: each program and library has its own copy, and shares no state.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The code of the runtime lies together, so that its own frames can be told from the program's.
#pragma clang section text = "ubsan_text"

// A place in the source. The column is set to `REPORTED` once: a place is reported once.
struct place {
	const char *file; // null where the compiler does not know
	uint32_t line, column;
};
#define REPORTED UINT32_MAX

// A type of the source.
struct type {
	uint16_t kind;
	uint16_t info; // INTEGER: bit 0 signed, above it log2 of the width; FLOAT: the width
	char name[];   // in quotes
};
enum { INTEGER = 0, FLOAT = 1 };

// A value: itself where it fits into a word, else its address.
typedef uintptr_t value;

// A text that cuts off what does not fit.
struct text {
	char bytes[1024];
	size_t length;
};

__attribute__((format(printf, 2, 3))) void append(struct text *text, const char *format, ...);
void append_place(struct text *text, const struct place *place);
// A number of an integer or floating type; `<unknown>` for others.
void append_value(struct text *text, const struct type *type, value value);

bool is_signed(const struct type *type);
bool is_negative(const struct type *type, value value);

// True for whoever comes first to a place, and where every report is wanted; `seen` is the place as it was.
bool is_first(struct place *place, struct place *seen);
// Writes `FILE:LINE:COLUMN: runtime error: TEXT`, then the lines of `more` (or null), then the frames where they are asked
// for. Ends the process where `fatal`, or where UBSAN_OPTIONS says so.
void report(const struct place *place, const struct text *text, const struct text *more, bool fatal);
