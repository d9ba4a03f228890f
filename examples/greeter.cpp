#include "greeter.hpp"

namespace greeter {

static thread_local int count = 0;

Refusal::~Refusal() = default;

std::string greet(const std::string &name)
{
    count++;
    if (name.empty())
        throw Refusal("nobody", 7);
    return "hello, " + name;
}

void call(const std::function<void()> &callback)
{
    callback();
}

int greetings_of_this_thread()
{
    return count;
}

}
