// The handlers that clang calls, each in two forms: one that returns, and one for `-fno-sanitize-recover`.
//
// A handler is a struct of what the compiler knew, the values of the moment, and a function that says what is wrong.
#include "ubsan.h"
#include <inttypes.h>

#define PUBLIC __attribute__((visibility("hidden"), used, cold))

// Defines both forms. `parameters` and `arguments` are in parentheses, those of the describing function.
#define HANDLER(name, parameters, arguments)                            \
	PUBLIC void __ubsan_handle_##name parameters                    \
	{                                                               \
		bool fatal = false;                                     \
		describe_##name arguments;                              \
	}                                                               \
	PUBLIC void __ubsan_handle_##name##_abort parameters            \
	{                                                               \
		bool fatal = true;                                      \
		describe_##name arguments;                              \
	}

// Ends the function where the place was reported before, unless the process has to end anyway.
#define BEGIN(WHERE)                                                    \
	struct place at;                                                \
	struct text text = {.length = 0};                               \
	if (!is_first(WHERE, &at) && !fatal)                            \
		return;

struct typed {
	struct place place;
	const struct type *type;
};

struct two_types {
	struct place place;
	const struct type *left, *right;
};

static void overflow(struct typed *data, const char *sign, value left, value right, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "%s integer overflow: ", is_signed(data->type) ? "signed" : "unsigned");
	append_value(&text, data->type, left);
	append(&text, " %s ", sign);
	append_value(&text, data->type, right);
	append(&text, " cannot be represented in type %s", data->type->name);
	report(&at, &text, NULL, fatal);
}

#define describe_add_overflow(data, left, right, fatal) overflow(data, "+", left, right, fatal)
#define describe_sub_overflow(data, left, right, fatal) overflow(data, "-", left, right, fatal)
#define describe_mul_overflow(data, left, right, fatal) overflow(data, "*", left, right, fatal)
HANDLER(add_overflow, (struct typed *data, value left, value right), (data, left, right, fatal))
HANDLER(sub_overflow, (struct typed *data, value left, value right), (data, left, right, fatal))
HANDLER(mul_overflow, (struct typed *data, value left, value right), (data, left, right, fatal))

static void describe_negate_overflow(struct typed *data, value old, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "negation of ");
	append_value(&text, data->type, old);
	append(&text, " cannot be represented in type %s", data->type->name);
	report(&at, &text, NULL, fatal);
}
HANDLER(negate_overflow, (struct typed *data, value old), (data, old, fatal))

static void describe_divrem_overflow(struct typed *data, value left, value right, bool fatal)
{
	BEGIN(&data->place)
	if (is_negative(data->type, right)) {
		append(&text, "division of ");
		append_value(&text, data->type, left);
		append(&text, " by -1 cannot be represented in type %s", data->type->name);
	} else {
		append(&text, "division by zero");
	}
	report(&at, &text, NULL, fatal);
}
HANDLER(divrem_overflow, (struct typed *data, value left, value right), (data, left, right, fatal))

static unsigned bits_of(const struct type *type)
{
	return 1u << (type->info >> 1);
}

static void describe_shift_out_of_bounds(struct two_types *data, value left, value right, bool fatal)
{
	BEGIN(&data->place)
	if (is_negative(data->right, right)) {
		append(&text, "shift exponent ");
		append_value(&text, data->right, right);
		append(&text, " is negative");
	} else if (right >= bits_of(data->left)) {
		append(&text, "shift exponent ");
		append_value(&text, data->right, right);
		append(&text, " is too large for %u-bit type %s", bits_of(data->left), data->left->name);
	} else {
		append(&text, "left shift of ");
		append_value(&text, data->left, left);
		append(&text, " by ");
		append_value(&text, data->right, right);
		append(&text, " places cannot be represented in type %s", data->left->name);
	}
	report(&at, &text, NULL, fatal);
}
HANDLER(shift_out_of_bounds, (struct two_types *data, value left, value right), (data, left, right, fatal))

static void describe_out_of_bounds(struct two_types *data, value index, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "index ");
	append_value(&text, data->right, index);
	append(&text, " out of bounds for type %s", data->left->name);
	report(&at, &text, NULL, fatal);
}
HANDLER(out_of_bounds, (struct two_types *data, value index), (data, index, fatal))

static void describe_vla_bound_not_positive(struct typed *data, value bound, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "variable length array of ");
	append_value(&text, data->type, bound);
	append(&text, " elements");
	report(&at, &text, NULL, fatal);
}
HANDLER(vla_bound_not_positive, (struct typed *data, value bound), (data, bound, fatal))

static void describe_float_cast_overflow(struct two_types *data, value from, bool fatal)
{
	BEGIN(&data->place)
	append_value(&text, data->left, from);
	append(&text, " of type %s is outside the range of type %s", data->left->name, data->right->name);
	report(&at, &text, NULL, fatal);
}
HANDLER(float_cast_overflow, (struct two_types *data, value from), (data, from, fatal))

static void describe_load_invalid_value(struct typed *data, value loaded, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "load of value ");
	append_value(&text, data->type, loaded);
	append(&text, ", which is not a valid value for type %s", data->type->name);
	report(&at, &text, NULL, fatal);
}
HANDLER(load_invalid_value, (struct typed *data, value loaded), (data, loaded, fatal))

struct conversion {
	struct place place;
	const struct type *from, *to;
	uint8_t kind;       // 0 to 2: bits were lost, 3: the sign changed, 4: either
	uint32_t bit_field; // its width, or 0
};

static void describe_implicit_conversion(struct conversion *data, value from, value to, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "implicit conversion from type %s of value ", data->from->name);
	append_value(&text, data->from, from);
	append(&text, " to type %s changed the value to ", data->to->name);
	append_value(&text, data->to, to);
	if (data->bit_field)
		append(&text, " (%" PRIu32 "-bit bit-field)", data->bit_field);
	report(&at, &text, NULL, fatal);
}
HANDLER(implicit_conversion, (struct conversion *data, value from, value to), (data, from, to, fatal))

struct access {
	struct place place;
	const struct type *type;
	uint8_t alignment; // log2
	uint8_t kind;
};

static void describe_type_mismatch_v1(struct access *data, value pointer, bool fatal)
{
	static const char *const kinds[] = {
		"load of", "store to", "reference binding to", "member access within", "member call on", "constructor call on",
		"downcast of", "downcast of", "upcast of", "cast to virtual base of", "_Nonnull binding to", "dynamic operation on",
	};
	BEGIN(&data->place)
	const char *kind = data->kind < sizeof kinds / sizeof *kinds ? kinds[data->kind] : "access to";
	uintptr_t alignment = (uintptr_t)1 << data->alignment;
	if (!pointer)
		append(&text, "%s null pointer of type %s", kind, data->type->name);
	else if (pointer & (alignment - 1))
		append(&text, "%s misaligned address %#" PRIxPTR " for type %s, which requires %" PRIuPTR " byte alignment", kind,
		       pointer, data->type->name, alignment);
	else
		append(&text, "%s address %#" PRIxPTR " with insufficient space for an object of type %s", kind, pointer,
		       data->type->name);
	report(&at, &text, NULL, fatal);
}
HANDLER(type_mismatch_v1, (struct access *data, value pointer), (data, pointer, fatal))

struct assumption {
	struct place place, made;
	const struct type *type;
};

static void describe_alignment_assumption(struct assumption *data, value pointer, value alignment, value offset, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "assumption of %" PRIuPTR " byte alignment", alignment);
	if (offset)
		append(&text, " (with offset of %" PRIuPTR " byte)", offset);
	append(&text, " for pointer %#" PRIxPTR " of type %s failed", pointer, data->type->name);
	struct text more = {.length = 0};
	append_place(&more, &data->made);
	append(&more, ": note: the alignment was specified here");
	report(&at, &text, data->made.file ? &more : NULL, fatal);
}
HANDLER(alignment_assumption, (struct assumption *data, value pointer, value alignment, value offset),
	(data, pointer, alignment, offset, fatal))

struct only_place {
	struct place place;
};

static void describe_pointer_overflow(struct only_place *data, value base, value result, bool fatal)
{
	BEGIN(&data->place)
	if (!base && !result)
		append(&text, "applying zero offset to null pointer");
	else if (!base)
		append(&text, "applying non-zero offset %" PRIuPTR " to null pointer", result);
	else if (!result)
		append(&text, "applying non-zero offset to non-null pointer %#" PRIxPTR " produced null pointer", base);
	else
		append(&text, "pointer %#" PRIxPTR " with offset overflowed to %#" PRIxPTR, base, result);
	report(&at, &text, NULL, fatal);
}
HANDLER(pointer_overflow, (struct only_place *data, value base, value result), (data, base, result, fatal))

struct builtin {
	struct place place;
	uint8_t kind; // 0: ctz, 1: clz
};

static void describe_invalid_builtin(struct builtin *data, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "passing zero to __builtin_%s(), which is not a valid argument", data->kind ? "clz" : "ctz");
	report(&at, &text, NULL, fatal);
}
HANDLER(invalid_builtin, (struct builtin *data), (data, fatal))

static void describe_function_type_mismatch(struct typed *data, value function, bool fatal)
{
	BEGIN(&data->place)
	append(&text, "call to function at %#" PRIxPTR " through pointer to incorrect function type %s", function,
	       data->type->name);
	report(&at, &text, NULL, fatal);
}
HANDLER(function_type_mismatch, (struct typed *data, value function), (data, function, fatal))

// Null where an attribute says that it must not be: the place of the attribute is a note.
static void null_value(struct place *place, const struct place *attribute, const char *what, int argument, bool annotated,
		       bool fatal)
{
	BEGIN(place)
	append(&text, "null pointer %s", what);
	if (argument)
		append(&text, " as argument %d", argument);
	append(&text, ", which is declared to never be null");
	struct text more = {.length = 0};
	append_place(&more, attribute);
	append(&more, ": note: %s specified here", annotated ? "_Nonnull type annotation" : "nonnull attribute");
	report(&at, &text, attribute->file ? &more : NULL, fatal);
}

struct argument {
	struct place place, attribute;
	int number;
};

#define describe_nonnull_arg(data, fatal) \
	null_value(&data->place, &data->attribute, "passed", data->number, false, fatal)
#define describe_nullability_arg(data, fatal) \
	null_value(&data->place, &data->attribute, "passed", data->number, true, fatal)
#define describe_nonnull_return_v1(data, place, fatal) \
	null_value(place, &data->place, "returned from function", 0, false, fatal)
#define describe_nullability_return_v1(data, place, fatal) \
	null_value(place, &data->place, "returned from function", 0, true, fatal)
HANDLER(nonnull_arg, (struct argument *data), (data, fatal))
HANDLER(nullability_arg, (struct argument *data), (data, fatal))
HANDLER(nonnull_return_v1, (struct only_place *data, struct place *place), (data, place, fatal))
HANDLER(nullability_return_v1, (struct only_place *data, struct place *place), (data, place, fatal))

// The program cannot go on behind these: they have one form.
static void end_of_road(struct only_place *data, const char *what)
{
	bool fatal = true;
	BEGIN(&data->place)
	append(&text, "%s", what);
	report(&at, &text, NULL, fatal);
}

PUBLIC void __ubsan_handle_builtin_unreachable(struct only_place *data)
{
	end_of_road(data, "execution reached an unreachable program point");
}

PUBLIC void __ubsan_handle_missing_return(struct only_place *data)
{
	end_of_road(data, "execution reached the end of a value-returning function without returning a value");
}
