#include "check.hpp"

#include <dlfcn.h>
#include <filesystem>
#include <future>
#include <thread>

namespace fs = std::filesystem;

static std::string beside(const char *name)
{
    return (fs::path(program_path).parent_path() / name).string();
}

template <class F> static F *symbol(void *library, const char *name)
{
    return reinterpret_cast<F *>(dlsym(library, name));
}

struct Objects {
    void *library = dlopen(beside("plugin_objects.so").c_str(), RTLD_NOW);
    int lend(std::string *text) { return symbol<int(std::string *)>(library, "objects_lend")(text); }
    void more() { symbol<void()>(library, "objects_more")(); }
    char of_thread() { return symbol<char()>(library, "objects_of_thread")(); }
};

// A file of its own each time, so that the tests do not share what is loaded.
static std::string copy(const char *name, const char *as)
{
    fs::path place = fs::path("dl-copies") / as;
    fs::create_directories(place.parent_path());
    fs::copy_file(beside(name), place, fs::copy_options::overwrite_existing);
    return fs::absolute(place).string();
}

TEST(static_objects_end_with_dlclose_and_begin_again)
{
    for (int round = 0; round < 3; round++) {
        Objects plugin;
        std::string text;
        if (plugin.library == nullptr) {
            fail(__FILE__, __LINE__, dlerror());
            return;
        }
        EQ(plugin.lend(&text), 2);
        EQ(text, "");
        EQ(dlclose(plugin.library), 0);
        // A finaliser of the file comes after its objects, as at the end of the process; glibc runs it before.
        EQ(text, HOST == HOST_glibc ? "fba" : "baf");
        // It is gone.
        IS(dlopen(beside("plugin_objects.so").c_str(), RTLD_NOW | RTLD_NOLOAD) == nullptr);
    }
}

TEST(local_objects_and_atexit_end_with_dlclose)
{
    Objects plugin;
    std::string text;
    plugin.lend(&text);
    plugin.more();
    plugin.more();
    EQ(dlclose(plugin.library), 0);
    // Handlers run latest first: two of atexit, of which the first came after the local object.
    EQ(text, HOST == HOST_glibc ? "..fxxlba" : "..xxlbaf");
}

TEST(a_thread_local_object_keeps_its_library)
{
    std::string text;
    std::promise<void> used, closed;
    auto opened = copy("plugin_objects.so", "kept.so");
    void *library = dlopen(opened.c_str(), RTLD_NOW);
    IS(library != nullptr);
    symbol<int(std::string *)>(library, "objects_lend")(&text);
    auto get = symbol<char()>(library, "objects_of_thread");
    std::thread thread([&] {
        EQ(get(), 't');
        used.set_value();
        closed.get_future().wait();
    });
    used.get_future().wait();
    EQ(dlclose(library), 0);
    EQ(text, "");
    closed.set_value();
    thread.join();
    // Its destructor ran in code that is still there.
    EQ(text, "t");
    library = dlopen(opened.c_str(), RTLD_NOW);
    symbol<int(std::string *)>(library, "objects_lend")(nullptr);
}

TEST(a_library_opens_what_lies_beside_it)
{
    EXCEPT(glibc, "looks into DT_RUNPATH only, which this file has not") {
        auto outer = copy("plugin_opener.so", "deep/outer.so");
        copy("plugin_objects.so", "deep/only-here.so");
        void *library = dlopen(outer.c_str(), RTLD_NOW);
        IS(library != nullptr);
        // Not beside the program.
        IS(dlopen("only-here.so", RTLD_NOW) == nullptr && dlerror() != nullptr);
        void *inner = symbol<void *(const char *)>(library, "opener_open")("only-here.so");
        if (inner == nullptr)
            fail(__FILE__, __LINE__, dlerror());
        else
            EQ(dlclose(inner), 0);
        EQ(dlclose(library), 0);
    }
}
