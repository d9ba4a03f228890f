// out: handled
// exit: 8
#include <cstdio>
#include <cstdlib>
#include <exception>

static void throws() { throw 1; }

struct Throws {
    ~Throws() noexcept { throws(); }
};

int main()
{
    std::set_terminate([] {
        std::puts("handled");
        std::exit(8);
    });
    try {
        Throws object;
    } catch (int) {
        std::puts("caught");
    }
}
