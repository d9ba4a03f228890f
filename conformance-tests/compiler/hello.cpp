// Much of the library, exceptions, threads and streams: what a compiler that is wrong somewhere would not get right.
#include <algorithm>
#include <cstdio>
#include <format>
#include <iostream>
#include <map>
#include <ranges>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "part.hpp"

int main()
{
    std::vector<int> numbers(100);
    std::ranges::generate(numbers, [n = 0]() mutable { return n++ * 7 % 100; });
    std::ranges::sort(numbers);
    std::map<std::string, double> halves;
    for (int number : numbers | std::views::filter([](int n) { return n % 10 == 0; }))
        halves[std::format("{:03}", number)] = number / 2.0;
    std::string caught;
    std::thread other([&] {
        try {
            part(numbers.size());
        } catch (const std::out_of_range &error) {
            caught = error.what();
        }
    });
    other.join();
    const bool matches = std::regex_match(caught, std::regex("part [0-9]+"));
    std::cout << std::format("hello, {} {} {}\n", halves["090"], caught, matches);
    return halves.size() == 10 && matches ? 0 : 1;
}
