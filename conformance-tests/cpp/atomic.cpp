// Atomic objects that the compiler leaves to a library: 16 bytes, and sizes and alignments that no CPU changes at once.
#include "check.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

// That an operation becomes a call is what is tested.
#pragma clang diagnostic ignored "-Watomic-alignment"

// The functions themselves: the compiler's operations of these names have other arguments.
extern "C" {
void exchange(std::size_t, void *, const void *, void *, int) __asm__("__atomic_exchange");
bool compare_exchange(std::size_t, void *, void *, const void *, int, int) __asm__("__atomic_compare_exchange");
bool flag_set(volatile bool *) __asm__("atomic_flag_test_and_set");
void flag_clear(volatile bool *) __asm__("atomic_flag_clear");
void thread_fence(int) __asm__("atomic_thread_fence");
}

struct Pair {
    std::uint64_t first, second;
    bool operator==(const Pair &) const = default;
};

struct Large {
    int numbers[10];
    bool operator==(const Large &) const = default;
};

template <class T> static Large large(T seed)
{
    Large made = {};
    for (int at = 0; at < 10; at++)
        made.numbers[at] = static_cast<int>(seed) + at;
    return made;
}

TEST(pair_is_loaded_stored_and_exchanged)
{
    std::atomic<Pair> pair(Pair{1, 2});
    IS(pair.load() == Pair{1, 2});
    pair.store({3, UINT64_MAX});
    IS(pair.load(std::memory_order_relaxed) == Pair{3, UINT64_MAX});
    IS(pair.exchange({5, 6}) == Pair{3, UINT64_MAX});
    Pair expected = {5, 7};
    IS(!pair.compare_exchange_strong(expected, {8, 9}));
    IS(expected == Pair{5, 6});
    IS(pair.compare_exchange_strong(expected, {8, 9}));
    IS(pair.load() == Pair{8, 9});
    // Every CPU that the tests run on can do it.
    EXCEPT(glibc, "its libatomic says no")
        IS(pair.is_lock_free());
}

TEST(large_object_is_loaded_stored_and_exchanged)
{
    std::atomic<Large> object(large(1));
    IS(object.load() == large(1));
    object.store(large(20));
    IS(object.exchange(large(300)) == large(20));
    Large expected = large(1);
    IS(!object.compare_exchange_strong(expected, large(2)));
    IS(expected == large(300));
    IS(object.compare_exchange_strong(expected, large(2)));
    IS(object.load() == large(2));
    IS(!object.is_lock_free());
}

TEST(long_double_is_atomic)
{
    _Atomic(long double) number = 1.5L;
    __c11_atomic_store(&number, -2.25L, __ATOMIC_RELEASE);
    IS(__c11_atomic_load(&number, __ATOMIC_ACQUIRE) == -2.25L);
    IS(__c11_atomic_exchange(&number, 4.0L, __ATOMIC_SEQ_CST) == -2.25L);
    std::atomic<long double> wrapped(0.0L);
    wrapped.store(3.0L);
    IS(wrapped.load() == 3.0L);
}

TEST(numbers_of_128_bits_are_computed)
{
    using Number = unsigned __int128;
    Number number = 0;
    const Number high = static_cast<Number>(1) << 64;
    IS(__atomic_fetch_add(&number, high - 1, __ATOMIC_SEQ_CST) == 0);
    IS(__atomic_add_fetch(&number, 1, __ATOMIC_SEQ_CST) == high);
    IS(__atomic_fetch_sub(&number, 1, __ATOMIC_RELAXED) == high);
    IS(__atomic_or_fetch(&number, high, __ATOMIC_SEQ_CST) == 2 * high - 1);
    IS(__atomic_fetch_and(&number, high + 5, __ATOMIC_SEQ_CST) == 2 * high - 1);
    IS(__atomic_xor_fetch(&number, 1, __ATOMIC_ACQ_REL) == high + 4);
    IS(__atomic_fetch_nand(&number, high + 12, __ATOMIC_SEQ_CST) == high + 4);
    IS(__atomic_load_n(&number, __ATOMIC_ACQUIRE) == ~(high + 4));
    __atomic_store_n(&number, 7, __ATOMIC_RELEASE);
    IS(__atomic_sub_fetch(&number, 8, __ATOMIC_SEQ_CST) == ~static_cast<Number>(0));
}

// A packed struct puts objects where they are not aligned.
TEST(unaligned_and_odd_objects_are_atomic)
{
    struct __attribute__((packed)) Odd {
        char before;
        std::uint64_t number;
        char three[3];
        char after;
    } odd = {'b', 1, {'x', 'y', 'z'}, 'a'};
    std::uint64_t value = UINT64_MAX, old = 0;
    exchange(8, reinterpret_cast<char *>(&odd) + 1, &value, &old, __ATOMIC_SEQ_CST);
    EQ(old, 1U);
    std::uint64_t now = odd.number;
    EQ(now, UINT64_MAX);
    char expected[3] = {'x', 'y', 'z'}, desired[3] = {'1', '2', '3'};
    IS(compare_exchange(3, odd.three, expected, desired, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    IS(!compare_exchange(3, odd.three, expected, desired, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    EQ(std::string(expected, 3), "123");
    EQ(odd.before, 'b');
    EQ(odd.after, 'a');
    EQ(std::string(odd.three, 3), "123");
}

template <class T, class F> static void hammer(std::atomic<T> &object, F next)
{
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; thread++) {
        threads.emplace_back([&] {
            for (int round = 0; round < 5000; round++) {
                T old = object.load();
                while (!object.compare_exchange_weak(old, next(old))) {
                }
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
}

TEST(no_update_is_lost)
{
    std::atomic<Pair> pair(Pair{0, 100});
    hammer(pair, [](Pair old) { return Pair{old.first + 1, old.second + 1}; });
    IS(pair.load() == Pair{20000, 20100});
    std::atomic<Large> object(large(0));
    hammer(object, [](const Large &old) { return large(old.numbers[0] + 1); });
    IS(object.load() == large(20000));
}

TEST(functions_behind_the_macros_exist)
{
    bool flag = false;
    IS(!flag_set(&flag));
    IS(flag_set(&flag));
    flag_clear(&flag);
    IS(!flag);
    thread_fence(__ATOMIC_SEQ_CST);
}
