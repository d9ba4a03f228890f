// What the program and its libraries have in common.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <typeinfo>

struct Animal {
    virtual ~Animal();
    virtual std::string name() const = 0;
};

struct Swims {
    virtual ~Swims();
    virtual int depth() const = 0;
};

struct Duck : Animal, virtual Swims {
    std::string name() const override;
    int depth() const override;
};

struct Trouble : std::exception {
    explicit Trouble(int value) : value(value) {}
    ~Trouble() override;
    const char *what() const noexcept override;
    int value;
};

// Has no key function: its type information is in every file that uses it.
struct Inline {
    int value;
};

std::unique_ptr<Animal> make_duck();
void throw_trouble(int value);
void throw_inline(int value);
void call_back(const std::function<void()> &function);
int catch_inline(const std::function<void()> &function);
const std::type_info &duck_type();
const std::type_info &inline_type();
int *thread_counter();
int &inline_static();

template <class T> int &template_static()
{
    static int value = 0;
    return value;
}

inline int &inline_static_here()
{
    static int value = 5;
    return value;
}
int &template_static_there();
void keep_for_thread(int *destroyed);
