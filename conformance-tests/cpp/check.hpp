// A test is TEST(name) { ... }; it prints nothing while it passes. Each file's tests are one program.
#pragma once

#include <cstdio>
#include <cstring>
#include <sstream>
#include <string>

#define TEST(name) void test_##name(); void test_##name()

#define HOST_glibc 1
#define HOST_musl 2
#define HOST_xlibc 3

extern int failures;
extern const char *program_path;
extern const char *host_name;

// The statement that follows is not for this host, for the reason given.
#define EXCEPT(host, reason) if (HOST == HOST_##host) { (void)(reason); } else
#define ON_windows (std::strncmp(host_name, "windows", 7) == 0)
#define ON_qemu (std::strcmp(host_name, "linux-aarch64") == 0)
#define EXCEPT_ON(host, reason) if (ON_##host) { (void)(reason); } else

inline void fail(const char *file, int line, const std::string &what)
{
    failures++;
    std::fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
}

template <class T> std::string shown(const T &value)
{
    if constexpr (requires(std::ostream &out) { out << value; }) {
        std::ostringstream out;
        out << value;
        return out.str();
    } else {
        return "another value";
    }
}

template <class A, class B> void equal(const char *file, int line, const char *what, const A &got, const B &expected)
{
    if (!(got == expected))
        fail(file, line, std::string(what) + " is " + shown(got) + ", not " + shown(expected));
}

#define IS(...) do { if (!(__VA_ARGS__)) fail(__FILE__, __LINE__, #__VA_ARGS__); } while (0)
#define EQ(call, ...) equal(__FILE__, __LINE__, #call, (call), (__VA_ARGS__))

// The statement ends with an exception of this type; `caught` is it in the last argument.
#define THROWS(statement, type, ...) \
    do { \
        bool thrown = false; \
        try { \
            statement; \
        } catch (type & caught) { \
            (void)caught; \
            thrown = true; \
            __VA_ARGS__; \
        } \
        if (!thrown) \
            fail(__FILE__, __LINE__, #statement ": no " #type); \
    } while (0)
