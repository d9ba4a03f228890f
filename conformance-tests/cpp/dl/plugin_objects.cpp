// Opened by dl.cpp: objects with destructors, which write into what the program lends.
#include <cstdlib>
#include <string>

static std::string *log_;
static int opened;

static void note(char what)
{
    if (log_ != nullptr)
        *log_ += what;
}

namespace {
struct Noted {
    char what;
    explicit Noted(char name) : what(name) { opened++; }
    ~Noted() { note(what); }
};
} // namespace

static Noted first('a'), second('b');
static thread_local Noted of_thread('t');

static void at_exit()
{
    note('x');
}

__attribute__((destructor)) static void finaliser()
{
    note('f');
}

extern "C" int objects_lend(std::string *text)
{
    log_ = text;
    return opened;
}

extern "C" void objects_more()
{
    static Noted local('l');
    std::atexit(at_exit);
    note('.');
}

extern "C" char objects_of_thread()
{
    return of_thread.what;
}
