// Numbers of the program as text.
#include "ubsan.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void append(struct text *text, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	size_t room = sizeof text->bytes - text->length;
	int length = vsnprintf(text->bytes + text->length, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->length += (size_t)length < room ? (size_t)length : room - 1;
}

void append_place(struct text *text, const struct place *place)
{
	if (!place || !place->file) {
		append(text, "<unknown>");
		return;
	}
	append(text, "%s", place->file);
	if (place->line)
		append(text, ":%u", place->line);
	if (place->line && place->column && place->column != REPORTED)
		append(text, ":%u", place->column);
}

bool is_signed(const struct type *type)
{
	return type->kind == INTEGER && type->info & 1;
}

static unsigned width(const struct type *type)
{
	return 1u << (type->info >> 1);
}

static unsigned __int128 bits(const struct type *type, value value)
{
	if (width(type) <= 64)
		return value;
	unsigned __int128 wide;
	memcpy(&wide, (const void *)value, sizeof wide);
	return wide;
}

bool is_negative(const struct type *type, value value)
{
	return is_signed(type) && bits(type, value) >> (width(type) - 1) & 1;
}

static void append_integer(struct text *text, const struct type *type, value value)
{
	unsigned __int128 rest = bits(type, value);
	unsigned unused = 128 - width(type);
	rest = rest << unused >> unused;
	if (is_negative(type, value)) {
		append(text, "-");
		rest = -rest << unused >> unused;
	}
	char digits[40];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + (unsigned)(rest % 10));
	while (rest /= 10);
	append(text, "%.*s", (int)(sizeof digits - at), digits + at);
}

static void append_float(struct text *text, unsigned width, value value)
{
	float narrow;
	double usual;
	long double wide;
	switch (width) {
	case 32:
		memcpy(&narrow, &value, sizeof narrow);
		append(text, "%.9g", (double)narrow);
		break;
	case 64:
		memcpy(&usual, &value, sizeof usual);
		append(text, "%.17g", usual);
		break;
	case 80:
	case 128:
		memcpy(&wide, (const void *)value, sizeof wide);
		append(text, "%.21Lg", wide);
		break;
	default:
		append(text, "<unknown>");
	}
}

void append_value(struct text *text, const struct type *type, value value)
{
	if (type->kind == INTEGER && width(type) <= 128)
		append_integer(text, type, value);
	else if (type->kind == FLOAT)
		append_float(text, type->info, value);
	else
		append(text, "<unknown>");
}
