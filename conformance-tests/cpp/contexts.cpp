#include "check.hpp"

// musl has no contexts.
#if HOST != HOST_musl
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <ucontext.h>
#include <vector>

namespace {

ucontext_t outside, inside;
std::string caught;
int destroyed;

struct Notes {
    ~Notes() { destroyed++; }
};

void throws_deep(int depth)
{
    Notes notes;
    if (depth == 0)
        throw std::runtime_error("from within");
    throws_deep(depth - 1);
}

void catches()
{
    for (int round = 0; round < 3; round++) {
        try {
            throws_deep(20);
        } catch (const std::exception &error) {
            caught = error.what();
            // Away from within a handler, and back.
            swapcontext(&inside, &outside);
            caught += std::uncaught_exceptions() == 0 ? "!" : "?";
        }
    }
}

} // namespace

TEST(exceptions_in_a_context)
{
    std::vector<char> stack(262144);
    destroyed = 0;
    getcontext(&inside);
    inside.uc_stack.ss_sp = stack.data();
    inside.uc_stack.ss_size = stack.size();
    inside.uc_link = &outside;
    makecontext(&inside, catches, 0);
    for (int round = 0; round < 3; round++) {
        caught = "";
        EQ(swapcontext(&outside, &inside), 0);
        EQ(caught, std::string("from within"));
        EQ(destroyed, 21 * (round + 1));
    }
    EQ(swapcontext(&outside, &inside), 0);
    EQ(caught, std::string("from within!"));
    // And where they were before.
    try {
        throws_deep(5);
    } catch (const std::exception &error) {
        caught = error.what();
    }
    EQ(caught, std::string("from within"));
}

namespace {

void ends_by_exception()
{
    throw std::logic_error("nobody catches it here");
}

} // namespace

// The stack ends with the context's function, so nobody further up catches.
TEST(an_exception_does_not_leave_its_context)
{
    std::vector<char> stack(262144);
    static bool terminated;
    static ucontext_t after;
    terminated = false;
    auto before = std::set_terminate([] {
        terminated = true;
        setcontext(&after);
        std::abort();
    });
    volatile bool first = true;
    getcontext(&after);
    if (first) {
        first = false;
        getcontext(&inside);
        inside.uc_stack.ss_sp = stack.data();
        inside.uc_stack.ss_size = stack.size();
        inside.uc_link = &outside;
        makecontext(&inside, ends_by_exception, 0);
        try {
            swapcontext(&outside, &inside);
        } catch (...) {
            fail(__FILE__, __LINE__, "caught outside");
        }
    }
    EQ(terminated, true);
    std::set_terminate(before);
}
#endif
