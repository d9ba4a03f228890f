#include "check.hpp"

#include <cstdlib>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace {

struct Counted {
    static std::atomic<int> alive;
    Counted() { alive++; }
    Counted(const Counted &) { alive++; }
    ~Counted() { alive--; }
};
std::atomic<int> Counted::alive = 0;

struct Odd {
    int value;
    Counted counted;
};

[[noreturn]] void throws_deep(int depth)
{
    Counted here;
    if (depth == 0)
        throw Odd{41, {}};
    throws_deep(depth - 1);
}

}

TEST(objects_on_the_way_are_destroyed)
{
    for (int depth : {0, 1, 50, 500})
        THROWS(throws_deep(depth), Odd, EQ(caught.value, 41));
    EQ(Counted::alive.load(), 0);
}

TEST(handlers_match_by_type)
{
    auto classify = [](auto thrower) -> std::string {
        try {
            thrower();
        } catch (const std::out_of_range &) {
            return "range";
        } catch (const std::logic_error &) {
            return "logic";
        } catch (const std::exception &error) {
            return error.what();
        } catch (int number) {
            return "int " + std::to_string(number);
        } catch (const char *text) {
            return text;
        } catch (...) {
            return "other";
        }
        return "none";
    };
    EQ(classify([] { std::string("abc").at(9); }), "range");
    EQ(classify([] { throw std::invalid_argument("x"); }), "logic");
    EQ(classify([] { throw std::runtime_error("said"); }), "said");
    EQ(classify([] { throw 7; }), "int 7");
    EQ(classify([] { throw "text"; }), "text");
    EQ(classify([] { throw 1.5; }), "other");
    EQ(classify([] {}), "none");
}

TEST(an_exception_is_thrown_again)
{
    int passes = 0;
    auto outer = [&] {
        try {
            try {
                throw std::runtime_error("first");
            } catch (std::runtime_error &) {
                passes++;
                throw;
            }
        } catch (std::exception &error) {
            passes++;
            EQ(std::string(error.what()), "first");
            throw std::logic_error("second");
        }
    };
    THROWS(outer(), std::logic_error, EQ(std::string(caught.what()), "second"));
    EQ(passes, 2);
    EQ(std::uncaught_exceptions(), 0);
}

TEST(nested_exceptions)
{
    auto both = [] {
        try {
            throw std::runtime_error("cause");
        } catch (...) {
            std::throw_with_nested(std::logic_error("effect"));
        }
    };
    std::string chain;
    try {
        both();
    } catch (const std::logic_error &error) {
        chain = error.what();
        try {
            std::rethrow_if_nested(error);
        } catch (const std::runtime_error &cause) {
            chain += std::string(" of ") + cause.what();
        }
    }
    EQ(chain, "effect of cause");
}

TEST(exceptions_while_unwinding)
{
    struct Guard {
        ~Guard()
        {
            try {
                EQ(std::uncaught_exceptions(), 1);
                throw 1;
            } catch (int) {
            }
        }
    };
    auto unwinds = [] {
        Guard guard;
        throw 2L;
    };
    THROWS(unwinds(), long, EQ(caught, 2));
}

TEST(exception_pointers_cross_threads)
{
    std::exception_ptr kept;
    std::thread([&] {
        try {
            throw std::out_of_range("from a thread");
        } catch (...) {
            kept = std::current_exception();
        }
    }).join();
    IS(kept != nullptr);
    THROWS(std::rethrow_exception(kept), std::out_of_range, EQ(std::string(caught.what()), "from a thread"));
}

TEST(a_thread_catches_its_own)
{
    std::vector<std::thread> threads;
    int caught[4] = {};
    for (int at = 0; at < 4; at++)
        threads.emplace_back([&, at] {
            for (int round = 0; round < 200; round++)
                try {
                    throws_deep(round % 7);
                } catch (Odd &) {
                    caught[at]++;
                }
        });
    for (auto &thread : threads)
        thread.join();
    for (int count : caught)
        EQ(count, 200);
}

namespace {
int comparisons;
int throws_at_third(const void *, const void *)
{
    if (++comparisons == 3)
        throw std::runtime_error("compared");
    return 1;
}
}

TEST(through_qsort)
{
    int values[8] = {5, 3, 1, 4, 2, 8, 7, 6};
    comparisons = 0;
    THROWS(std::qsort(values, 8, sizeof *values, throws_at_third), std::runtime_error);
    EQ(comparisons, 3);
}

TEST(through_bsearch)
{
    int values[100] = {}, key = 1;
    comparisons = 0;
    THROWS(std::bsearch(&key, values, 100, sizeof *values, throws_at_third), std::runtime_error);
    EQ(comparisons, 3);
}

TEST(through_pthread_once)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static int calls;
    calls = 0;
    auto throws = [] {
        if (++calls == 1)
            throw std::runtime_error("once");
    };
    THROWS(pthread_once(&once, throws), std::runtime_error);
    // It did not happen: the next call runs it again.
    EQ(pthread_once(&once, throws), 0);
    EQ(pthread_once(&once, throws), 0);
    EQ(calls, 2);
}

TEST(through_call_once)
{
    std::once_flag flag;
    int calls = 0;
    THROWS(std::call_once(flag, [&] { calls++; throw 1; }), int);
    std::call_once(flag, [&] { calls++; });
    std::call_once(flag, [&] { calls++; });
    EQ(calls, 2);
}

TEST(function_static_is_tried_again)
{
    static int tries;
    auto value = [] {
        static int once = [] {
            if (++tries == 1)
                throw 5;
            return 77;
        }();
        return once;
    };
    tries = 0;
    THROWS(value(), int);
    EQ(value(), 77);
    EQ(value(), 77);
    EQ(tries, 2);
}

TEST(constructors_that_throw)
{
    struct Member {
        Counted first;
        Counted second{(throw 3, Counted())};
    };
    THROWS(Member(), int);
    THROWS(std::make_unique<Member[]>(4), int);
    EQ(Counted::alive.load(), 0);
}

TEST(bad_alloc)
{
    volatile std::size_t far = static_cast<std::size_t>(-1) / 4;
    THROWS((void)::operator new(far), std::bad_alloc);
    char *volatile kept = nullptr;
    THROWS(kept = new char[far], std::bad_alloc);
    IS(kept == nullptr);
    IS(::operator new(far, std::nothrow) == nullptr);
    static int handled;
    handled = 0;
    std::set_new_handler([] {
        handled++;
        std::set_new_handler(nullptr);
    });
    THROWS((void)::operator new(far), std::bad_alloc);
    EQ(handled, 1);
    struct alignas(256) Aligned {
        char room[300];
    };
    auto aligned = std::make_unique<Aligned>();
    EQ(reinterpret_cast<std::uintptr_t>(aligned.get()) % 256, 0u);
}

TEST(system_error_carries_errno)
{
    try {
        throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), "open");
    } catch (const std::system_error &error) {
        EQ(error.code().value(), ENOENT);
        IS(std::string(error.what()).find("open") == 0);
        IS(error.code() == std::errc::no_such_file_or_directory);
    }
    IS(std::generic_category().message(ENOENT) == std::strerror(ENOENT));
}

TEST(bad_casts_and_functions)
{
    std::function<void()> empty;
    THROWS(empty(), std::bad_function_call);
    std::shared_ptr<int> gone;
    std::weak_ptr<int> weak = gone;
    THROWS((void)std::shared_ptr<int>(weak), std::bad_weak_ptr);
    THROWS((void)std::stoi("word"), std::invalid_argument);
    THROWS((void)std::stoi("99999999999"), std::out_of_range);
    THROWS(std::vector<int>().reserve(std::vector<int>().max_size() + 1), std::length_error);
}
