#include "shared.hpp"

namespace {
struct Goose : Animal {
    std::string name() const override { return "goose"; }
};
int *ended;
struct Watches {
    ~Watches()
    {
        if (ended)
            ++*ended;
    }
} watches;
}

extern "C" Animal *plugin_animal()
{
    return new Goose;
}

extern "C" void plugin_throw(int value)
{
    throw Trouble(value);
}

extern "C" void plugin_watch(int *here)
{
    ended = here;
}

extern "C" void plugin_thread(int *destroyed)
{
    struct AtEnd {
        int *destroyed = nullptr;
        ~AtEnd()
        {
            if (destroyed)
                ++*destroyed;
        }
    };
    static thread_local AtEnd at_end;
    at_end.destroyed = destroyed;
}
