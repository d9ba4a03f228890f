// One file, every host: what a C++ program uses of the standard library. The last line is the verdict.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "greeter.hpp"

static int failures = 0;

static void check(bool holds, const std::string &what)
{
    if (!holds) {
        std::cout << "FAILED: " << what << '\n';
        failures++;
    }
}

static std::atomic<int> goodbyes = 0;

struct PerThread {
    std::vector<int> numbers;
    ~PerThread() { goodbyes += numbers.size() == 100 ? 1 : 1000; }
};
static thread_local PerThread per_thread;

static void exceptions()
{
    try {
        greeter::greet("");
        check(false, "greet throws");
    } catch (const greeter::Refusal &refusal) {
        check(refusal.code == 7 && std::string(refusal.what()) == "no greeting for nobody", "a library's exception arrives");
    }
    try {
        greeter::call([] { throw std::out_of_range("thrown by the callback"); });
        check(false, "call passes it on");
    } catch (const std::logic_error &error) {
        check(std::string(error.what()) == "thrown by the callback", "ours passes through the library");
    }
    try {
        auto big = std::make_unique<std::string>(100, 'x');
        big->at(1000) = 'y';
        check(false, "at checks");
    } catch (const std::out_of_range &) {
    }
}

static void threads()
{
    std::mutex lock;
    std::map<std::thread::id, int> sums;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 4; worker++)
        workers.emplace_back([&, worker] {
            for (int i = 0; i < 100; i++)
                per_thread.numbers.push_back(worker * 100 + i);
            greeter::greet("thread");
            check(greeter::greetings_of_this_thread() == 1, "a library's thread_local is per thread");
            std::lock_guard hold(lock);
            sums[std::this_thread::get_id()] = std::accumulate(per_thread.numbers.begin(), per_thread.numbers.end(), 0);
        });
    for (auto &worker : workers)
        worker.join();
    int total = 0;
    for (auto &[id, sum] : sums)
        total += sum;
    check(sums.size() == 4 && total == 79800, "four threads add up");
    check(goodbyes == 4, "thread_local destructors ran on each thread");
}

static void files()
{
    namespace fs = std::filesystem;
    const fs::path folder = "hello-cpp-folder";
    fs::remove_all(folder);
    fs::create_directories(folder / "a" / "b");
    for (int i = 0; i < 5; i++)
        std::ofstream(folder / "a" / std::format("{:02}.txt", i)) << std::string(i * 10, '.');
    std::uintmax_t bytes = 0;
    int count = 0;
    for (const auto &entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) {
            bytes += entry.file_size();
            count++;
        }
    check(count == 5 && bytes == 100, "a directory tree is walked");
    fs::rename(folder / "a" / "04.txt", folder / "renamed");
    check(fs::exists(folder / "renamed") && !fs::exists(folder / "a" / "04.txt"), "a file is renamed");
    std::ifstream in(folder / "renamed");
    std::string text;
    std::getline(in, text);
    in.close();
    check(text == std::string(40, '.'), "and keeps its contents");
    check(fs::remove_all(folder) == 8, "the tree is removed");
    std::error_code error;
    fs::file_size(folder / "gone", error);
    check(error == std::errc::no_such_file_or_directory, "a missing file is an error code");
}

int main()
{
    std::cout << greeter::greet("C++") << " (" << __cplusplus << ")\n";
    std::map<std::string, std::vector<double>> table = {{"pi", {3.0, 3.1, 3.14}}, {"e", {2.7, 2.71}}};
    table["pi"].push_back(3.141592653589793);
    check(table.begin()->first == "e" && table["pi"].size() == 4, "map and vector");
    check(std::format("{:>8.3f}|{:#x}|{:^7}", table["pi"].back(), 255, "mid") == "   3.142|0xff|  mid  ", "format");
    std::istringstream words("12 0x1f 2.5e3 word");
    int number = 0;
    std::string hex, rest;
    double real = 0;
    words >> number >> hex >> real >> rest;
    check(number == 12 && std::stoi(hex, nullptr, 16) == 31 && real == 2500 && rest == "word", "streams read");
    auto begun = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    check(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(20), "sleep sleeps");
    exceptions();
    threads();
    files();
    std::cout << (failures ? std::format("hello.cpp: {} check(s) failed", failures) : "hello.cpp: all checks passed")
              << std::endl;
    return failures != 0;
}
