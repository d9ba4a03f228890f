// OpenMP: loops with a reduction, tasks, critical sections, locks, thread-private variables, in several threads.
// flags: -fopenmp
// env: OMP_NUM_THREADS=4
// out: threads: 4
// out: sum: 4999950000
// out: entered: 4
// out: fibonacci: 610
// out: sections: 3
// out: private: 0 1 2 3
// out: locked: 4000
// out: atomic: 4000
// out: caught: 4
// out: simd: 328350
// except peers: theirs need another library
#include <atomic>
#include <cstdio>
#include <omp.h>
#include <stdexcept>

static int fibonacci(int n)
{
    if (n < 2)
        return n;
    int a, b;
#pragma omp task shared(a)
    a = fibonacci(n - 1);
#pragma omp task shared(b)
    b = fibonacci(n - 2);
#pragma omp taskwait
    return a + b;
}

static int own;
#pragma omp threadprivate(own)

int main()
{
    int threads = 0, entered = 0;
#pragma omp parallel
    {
#pragma omp single
        threads = omp_get_num_threads();
#pragma omp critical
        entered++;
        own = omp_get_thread_num();
    }
    long sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 100)
    for (int i = 0; i < 100000; i++)
        sum += i;
    std::printf("threads: %d\nsum: %ld\nentered: %d\n", threads, sum, entered);

    int result = 0;
#pragma omp parallel
#pragma omp single
    result = fibonacci(15);
    std::printf("fibonacci: %d\n", result);

    std::atomic<int> sections = 0;
#pragma omp parallel sections
    {
#pragma omp section
        sections++;
#pragma omp section
        sections += 2;
    }
    std::printf("sections: %d\nprivate:", sections.load());
#pragma omp parallel for ordered schedule(static, 1)
    for (int i = 0; i < 4; i++)
#pragma omp ordered
        std::printf(" %d", own);

    int locked = 0, atomic = 0, caught = 0;
    omp_lock_t lock;
    omp_init_lock(&lock);
#pragma omp parallel
    {
        for (int i = 0; i < 1000; i++) {
            omp_set_lock(&lock);
            locked++;
            omp_unset_lock(&lock);
#pragma omp atomic
            atomic++;
        }
        try {
            throw std::runtime_error("of a thread");
        } catch (const std::runtime_error &) {
#pragma omp atomic
            caught++;
        }
    }
    omp_destroy_lock(&lock);
    std::printf("\nlocked: %d\natomic: %d\ncaught: %d\n", locked, atomic, caught);

    int squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int i = 0; i < 100; i++)
        squares += i * i;
    std::printf("simd: %d\n", squares);
}
