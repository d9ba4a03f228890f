#include "check.hpp"

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <queue>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

TEST(threads_join)
{
    std::vector<std::thread> threads;
    std::atomic<int> sum = 0;
    for (int at = 1; at <= 8; at++)
        threads.emplace_back([&sum](int n, std::string text) { sum += n * static_cast<int>(text.size()); }, at, "abc");
    for (auto &thread : threads) {
        IS(thread.joinable() && thread.get_id() != std::this_thread::get_id());
        thread.join();
        IS(!thread.joinable());
    }
    EQ(sum.load(), 108);
    IS(std::thread::hardware_concurrency() >= 1);
    std::thread none;
    THROWS(none.join(), std::system_error);
}

namespace {
std::atomic<int> made, destroyed;
std::string order;
struct Tracked {
    char mark;
    explicit Tracked(char mark) : mark(mark) { made++; }
    ~Tracked()
    {
        destroyed++;
        order += mark;
    }
};
thread_local Tracked first('1');
thread_local Tracked second('2');
}

TEST(thread_locals_are_destroyed_in_reverse)
{
    made = destroyed = 0;
    order.clear();
    std::thread([] {
        IS(first.mark == '1' && second.mark == '2');
        thread_local Tracked inner('3');
        EQ(inner.mark, '3');
    }).join();
    EQ(made.load(), 3);
    EQ(destroyed.load(), 3);
    EQ(order, "321");
    std::vector<std::thread> threads;
    for (int at = 0; at < 6; at++)
        threads.emplace_back([] {
            thread_local std::vector<std::string> own;
            for (int i = 0; i < 100; i++)
                own.emplace_back(50, 'x');
            EQ(own.size(), 100u);
        });
    for (auto &thread : threads)
        thread.join();
}

TEST(mutexes)
{
    std::mutex plain;
    std::recursive_mutex recursive;
    std::timed_mutex timed;
    std::shared_mutex shared;
    int count = 0;
    std::vector<std::thread> threads;
    for (int at = 0; at < 4; at++)
        threads.emplace_back([&] {
            for (int i = 0; i < 2000; i++) {
                std::scoped_lock both(plain, recursive);
                std::lock_guard again(recursive);
                count++;
            }
        });
    for (auto &thread : threads)
        thread.join();
    EQ(count, 8000);
    timed.lock();
    std::thread([&] {
        auto begun = std::chrono::steady_clock::now();
        IS(!timed.try_lock_for(20ms));
        IS(std::chrono::steady_clock::now() - begun >= 20ms);
        IS(!timed.try_lock_until(std::chrono::system_clock::now() + 5ms));
    }).join();
    timed.unlock();
    std::shared_lock one(shared);
    std::thread([&] {
        std::shared_lock two(shared, std::try_to_lock);
        IS(two.owns_lock() && !shared.try_lock());
    }).join();
    std::unique_lock<std::mutex> owned(plain);
    THROWS(owned.lock(), std::system_error, EQ(caught.code().value(), EDEADLK));
}

TEST(condition_variables)
{
    std::mutex mutex;
    std::condition_variable changed;
    std::queue<int> queue;
    long sum = 0;
    std::thread consumer([&] {
        for (int at = 0; at < 3000; at++) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return !queue.empty(); });
            sum += queue.front();
            queue.pop();
        }
    });
    for (int at = 1; at <= 3000; at++) {
        {
            std::lock_guard lock(mutex);
            queue.push(at);
        }
        changed.notify_one();
    }
    consumer.join();
    EQ(sum, 4501500);
    std::unique_lock lock(mutex);
    auto begun = std::chrono::steady_clock::now();
    IS(!changed.wait_for(lock, 20ms, [] { return false; }));
    IS(std::chrono::steady_clock::now() - begun >= 20ms);
    IS(changed.wait_until(lock, std::chrono::system_clock::now() - 1s) == std::cv_status::timeout);
    std::condition_variable_any any;
    IS(any.wait_for(lock, 1ms) == std::cv_status::timeout);
}

TEST(futures)
{
    std::promise<std::string> promise;
    auto future = promise.get_future();
    IS(future.wait_for(1ms) == std::future_status::timeout);
    std::thread([&] { promise.set_value("kept"); }).join();
    EQ(future.get(), "kept");
    auto answer = std::async(std::launch::async, [] { return 6 * 7; });
    EQ(answer.get(), 42);
    auto lazy = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
    IS(lazy.get() == std::this_thread::get_id());
    auto failed = std::async(std::launch::async, []() -> int { throw std::runtime_error("async"); });
    THROWS(failed.get(), std::runtime_error, EQ(std::string(caught.what()), "async"));
    std::future<int> broken;
    {
        std::promise<int> gone;
        broken = gone.get_future();
    }
    THROWS(broken.get(), std::future_error, IS(caught.code() == std::future_errc::broken_promise));
    std::packaged_task<int(int)> task([](int n) { return n + 1; });
    auto result = task.get_future();
    std::thread(std::move(task), 9).join();
    EQ(result.get(), 10);
    // Values appear when the thread has ended, its thread_local objects gone.
    std::promise<void> late;
    auto at_exit = late.get_future();
    std::thread([&] { late.set_value_at_thread_exit(); }).join();
    IS(at_exit.wait_for(0s) == std::future_status::ready);
}

TEST(atomics_wait)
{
    std::atomic<int> turn = 0;
    std::thread other([&] {
        for (int at = 0; at < 300; at++) {
            turn.wait(at * 2);
            turn++;
            turn.notify_all();
        }
    });
    for (int at = 0; at < 300; at++) {
        turn++;
        turn.notify_all();
        turn.wait(at * 2 + 1);
    }
    other.join();
    EQ(turn.load(), 600);
    std::atomic_flag flag;
    std::thread setter([&] {
        flag.test_and_set();
        flag.notify_one();
    });
    flag.wait(false);
    setter.join();
}

// The runtime has no locks for atomic objects of more than 16 bytes yet: __atomic_load and its family.
#if HOST != HOST_xlibc
TEST(wide_atomics)
{
    struct Wide {
        long a, b, c;
    };
    std::atomic<Wide> wide{Wide{1, 2, 3}};
    wide.store({4, 5, 6});
    EQ(wide.load().b, 5);
}
#endif

TEST(latches_barriers_semaphores)
{
    std::latch latch(3);
    int phases = 0;
    auto completes = [&]() noexcept { phases++; };
    std::barrier barrier(3, completes);
    std::counting_semaphore<4> slots(2);
    std::atomic<int> inside = 0, most = 0;
    std::vector<std::thread> threads;
    for (int at = 0; at < 3; at++)
        threads.emplace_back([&] {
            latch.arrive_and_wait();
            for (int round = 0; round < 5; round++)
                barrier.arrive_and_wait();
            slots.acquire();
            int now = ++inside;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);)
                ;
            std::this_thread::sleep_for(2ms);
            inside--;
            slots.release();
        });
    for (auto &thread : threads)
        thread.join();
    EQ(phases, 5);
    IS(most.load() <= 2);
    std::binary_semaphore empty(0);
    IS(!empty.try_acquire_for(10ms));
}

// Experimental in libc++ 19.
#if HOST != HOST_xlibc
TEST(stop_tokens)
{
    bool stopped = false;
    {
        std::jthread thread([&](std::stop_token token) {
            while (!token.stop_requested())
                std::this_thread::yield();
            stopped = true;
        });
    }
    IS(stopped);
}
#endif

TEST(sleeping)
{
    auto begun = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(15ms);
    std::this_thread::sleep_until(std::chrono::system_clock::now() + 5ms);
    IS(std::chrono::steady_clock::now() - begun >= 18ms);
}
