// A small shared library that throws, calls back and has thread-local state of its own.
#pragma once
#include <functional>
#include <stdexcept>
#include <string>

namespace greeter {

class Refusal : public std::runtime_error {
public:
    Refusal(const std::string &who, int code) : std::runtime_error("no greeting for " + who), code(code) {}
    ~Refusal() override;
    int code;
};

// Throws Refusal for an empty name.
std::string greet(const std::string &name);

// Calls back; what the callback throws passes through this library.
void call(const std::function<void()> &callback);

// Calls of greet on this thread.
int greetings_of_this_thread();

}
