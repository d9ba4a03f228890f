#include "greeting.hpp"

#include <cstdio>

int main() {
    struct {
        const char *name, *expected;
    } cases[] = {{"", "Hello, world!"}, {"you", "Hello, you!"}};
    int failed = 0;
    for (auto &[name, expected] : cases) {
        std::string got = @IDENT@::greeting(name);
        if (got != expected) {
            std::printf("greeting(\"%s\") is %s, not %s\n", name, got.c_str(), expected);
            ++failed;
        }
    }
    std::printf(failed ? "%d tests failed\n" : "all tests passed\n", failed);
    return failed != 0;
}
