#include "shared.hpp"

Animal::~Animal() = default;
Swims::~Swims() = default;
Trouble::~Trouble() = default;

const char *Trouble::what() const noexcept
{
    return "trouble";
}

std::string Duck::name() const
{
    return "duck";
}

int Duck::depth() const
{
    return 3;
}

std::unique_ptr<Animal> make_duck()
{
    return std::make_unique<Duck>();
}

void throw_trouble(int value)
{
    throw Trouble(value);
}

void throw_inline(int value)
{
    throw Inline{value};
}

void call_back(const std::function<void()> &function)
{
    std::string on_the_way(100, 'x');
    function();
}

int catch_inline(const std::function<void()> &function)
{
    try {
        function();
    } catch (const Inline &caught) {
        return caught.value;
    }
    return -1;
}

const std::type_info &duck_type()
{
    return typeid(Duck);
}

const std::type_info &inline_type()
{
    return typeid(Inline);
}

int *thread_counter()
{
    static thread_local int counter = 100;
    return &counter;
}

int &inline_static()
{
    return inline_static_here();
}

int &template_static_there()
{
    return template_static<long>();
}

namespace {
struct AtEnd {
    int *destroyed = nullptr;
    ~AtEnd()
    {
        if (destroyed)
            ++*destroyed;
    }
};
thread_local AtEnd at_end;
}

void keep_for_thread(int *destroyed)
{
    at_end.destroyed = destroyed;
}
