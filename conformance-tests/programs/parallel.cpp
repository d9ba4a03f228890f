// The algorithms with an execution policy.
// out: sorted, sum 499999500000, 500000 even, ends with terminate
// except peers: theirs need another library
#include <algorithm>
#include <cstdio>
#include <execution>
#include <functional>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <vector>

int main()
{
    std::vector<int> numbers(1000000);
    for (int at = 0; at < 1000000; at++)
        numbers[at] = static_cast<int>(at * 7919LL % 1000000);
    std::sort(std::execution::par, numbers.begin(), numbers.end());
    bool sorted = std::is_sorted(numbers.begin(), numbers.end());
    long long sum = std::transform_reduce(std::execution::par_unseq, numbers.begin(), numbers.end(), 0LL, std::plus<>(),
                                          [](int number) { return static_cast<long long>(number); });
    long even = std::count_if(std::execution::unseq, numbers.begin(), numbers.end(), [](int number) { return number % 2 == 0; });
    std::for_each(std::execution::par, numbers.begin(), numbers.end(), [](int &number) { number++; });
    std::printf("%s, sum %lld, %ld even, ", sorted && numbers[0] == 1 ? "sorted" : "not sorted", sum, even);
    std::set_terminate([] {
        std::puts("ends with terminate");
        std::fflush(stdout);
        std::_Exit(0);
    });
    std::for_each(std::execution::par, numbers.begin(), numbers.end(), [](int number) {
        if (number == 5)
            throw number;
    });
}
