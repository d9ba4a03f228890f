// Exceptions in flight while other threads load and unload files.
#include "check.hpp"

#include <atomic>
#include <dlfcn.h>
#include <filesystem>
#include <link.h>
#include <stdexcept>
#include <thread>
#include <vector>

static std::string file(const char *name)
{
    return (std::filesystem::path(program_path).parent_path() / name).string();
}

static int throws(int number) { throw number; }

TEST(exceptions_pass_files_while_others_come_and_go)
{
    constexpr int ROUNDS = 200;
    void *stays = dlopen(file("plugin_passes.so").c_str(), RTLD_NOW);
    IS(stays != nullptr);
    auto passes = reinterpret_cast<int (*)(int (*)(int), int, int *)>(dlsym(stays, "passes"));
    std::atomic<int> ended = 0, wrong = 0, thrown = 0;
    auto opens = [&] {
        auto path = file("plugin_passing_by.so");
        for (int round = 0; round < ROUNDS; round++) {
            void *library = dlopen(path.c_str(), RTLD_NOW);
            auto begun = library ? reinterpret_cast<int (*)()>(dlsym(library, "passing_begun")) : nullptr;
            auto passing_by = library ? reinterpret_cast<int (*)(int)>(dlsym(library, "passing_by")) : nullptr;
            wrong += begun == nullptr || begun() != 2 || passing_by(round) != round + 1 || dlclose(library) != 0;
        }
        ended++;
    };
    auto catches = [&] {
        for (int round = 0; ended < 2; round++) {
            int left = 0;
            try {
                passes(throws, round, &left);
                wrong++;
            } catch (int number) {
                wrong += number != round || left != 1;
            }
            thrown++;
        }
    };
    std::vector<std::thread> threads;
    for (int at = 0; at < 2; at++) {
        threads.emplace_back(opens);
        threads.emplace_back(catches);
    }
    for (auto &thread : threads) thread.join();
    EQ(wrong.load(), 0);
    IS(thrown > 0);
    EQ(dlclose(stays), 0);
}

static int visit_throws(dl_phdr_info *, size_t, void *) { throw std::runtime_error("out"); }
static int visit_ends(dl_phdr_info *, size_t, void *) { return 5; }

TEST(an_exception_leaves_dl_iterate_phdr)
{
    // glibc gives its lock back; that musl's frame can be passed is not promised.
    if (HOST == HOST_musl) return;
    for (int round = 0; round < 3; round++) {
        bool caught = false;
        try {
            dl_iterate_phdr(visit_throws, nullptr);
        } catch (const std::runtime_error &error) {
            caught = error.what() == std::string("out");
        }
        IS(caught);
        int answer = 0;
        std::thread([&] { answer = dl_iterate_phdr(visit_ends, nullptr); }).join();
        EQ(answer, 5);
    }
}
