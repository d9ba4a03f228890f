// Types that the program and the libraries it opens all define: nothing but their names tells that they are the same.
#pragma once

#include <any>
#include <stdexcept>
#include <string>
#include <typeindex>
#include <typeinfo>

// No key function: every file that uses it has a virtual table and type information of its own.
struct Error : std::runtime_error {
    int code;
    explicit Error(int number) : std::runtime_error("from a library"), code(number) {}
};

struct Shape {
    virtual ~Shape() = default;
    virtual std::string name() const { return "shape"; }
};

struct Round {
    virtual ~Round() = default;
    int radius = 7;
};

struct Circle : Shape, virtual Round {
    std::string name() const override { return "circle"; }
};

template <class T> struct Box {
    T value;
    explicit Box(T made) : value(made) {}
    virtual ~Box() = default;
};

// With hidden visibility, as -fvisibility=hidden makes all of them.
struct __attribute__((visibility("hidden"))) Hidden {
    int value;
    explicit Hidden(int made) : value(made) {}
    virtual ~Hidden() = default;
};

enum class Colour { red, green };

// In each file another type, though of the same name.
namespace {
struct Own {
    int value;
};
template <class T> struct Around {
    T value;
};
} // namespace

inline const std::type_info &of_local_type()
{
    struct Local {
        int value;
    };
    return typeid(Local);
}

static inline const std::type_info &of_type_in_static_function()
{
    struct Local {
        int value;
    };
    return typeid(Local);
}

// What a library lends.
struct Library {
    void (*throw_error)(int);
    void (*throw_hidden)();
    void (*throw_own)();
    void (*throw_pointer)();
    void (*throw_colour)();
    Shape *(*make_circle)();
    std::any (*make_any)();
    bool (*catches)(void (*)());
    const std::type_info *error, *box, *function, *hidden, *own, *around_own, *local, *local_of_static;
};
