// One library: its two files are the same but for the name.
#pragma once

#include "shared.hpp"

static Library library = {
    [](int code) { throw Error(code); },
    [] { throw Hidden(3); },
    [] { throw Own{4}; },
    [] {
        static Circle circle;
        throw static_cast<Shape *>(&circle);
    },
    [] { throw Colour::green; },
    []() -> Shape * { return new Circle; },
    []() -> std::any { return Box<std::string>("boxed"); },
    [](void (*work)()) {
        try {
            work();
        } catch (const Error &error) {
            return error.code == 5;
        }
        return false;
    },
    &typeid(Error),
    &typeid(Box<int *>),
    &typeid(void (*)(Error)),
    &typeid(Hidden),
    &typeid(Own),
    &typeid(Around<Own>),
    &of_local_type(),
    &of_type_in_static_function(),
};

extern "C" const Library *types_library()
{
    return &library;
}
