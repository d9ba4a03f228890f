// out: first 1
// out: second 2
// out: main
// out: inside 3
// out: ~thread
// out: ~inside
// out: ~second
// out: ~first
#include <cstdio>

static int count;

struct Tells {
    const char *name;
    explicit Tells(const char *name) : name(name) { std::printf("%s %d\n", name, ++count); }
    ~Tells() { std::printf("~%s\n", name); }
};

static Tells first("first"), second("second");

struct Quiet {
    ~Quiet() { std::puts("~thread"); }
};

int main()
{
    std::puts("main");
    static Tells inside("inside");
    // Objects of the main thread go before those with static storage: C++20 [basic.start.term].
    thread_local Quiet own;
    (void)&own;
}
