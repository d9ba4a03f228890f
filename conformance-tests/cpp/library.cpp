#include "check.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <complex>
#include <map>
#include <memory_resource>
#include <numeric>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <valarray>
#include <vector>
#if __has_include(<format>)
#include <format>
#endif

TEST(formats)
{
#ifdef __cpp_lib_format
    EQ(std::format("{} {:>5} {:<5}| {:^7}", 1, 2, 3, "mid"), "1     2 3    |   mid  ");
    EQ(std::format("{:#x} {:08b} {:+d} {:c}", 255, 5, 7, 'c'), "0xff 00000101 +7 c");
    EQ(std::format("{:.3f} {:e} {:g} {:a} {}", 3.14159, 1e10, 0.5, 1.0, 0.1), "3.142 1.000000e+10 0.5 1p+0 0.1");
    EQ(std::format("{1} {0} {1:{2}}", "a", "b", 3), "b a b  ");
    THROWS((void)std::vformat("{:d}", std::make_format_args("text")), std::format_error);
#endif
}

TEST(clocks)
{
    using namespace std::chrono;
    auto one = steady_clock::now(), two = steady_clock::now();
    IS(two >= one && steady_clock::is_steady);
    IS(system_clock::now() > sys_days(2023y / 11 / 14));
    EQ(system_clock::to_time_t(sys_days(1970y / 1 / 2)), 86400);
    EQ((sys_days(2024y / 3 / 1) - sys_days(2024y / 2 / 1)).count(), 29);
    EQ(weekday(2024y / 2 / 29).c_encoding(), 4u);
    EQ(duration_cast<minutes>(2h + 90s).count(), 121);
    IS((year_month_day(sys_days(2024y / 12 / 31) + days(1)) == 2025y / 1 / 1));
#ifdef __cpp_lib_format
    EQ(std::format("{:%Y-%m-%d %H:%M:%S}", sys_seconds(seconds(86399))), "1970-01-01 23:59:59");
#endif
}

TEST(regular_expressions)
{
    std::smatch match;
    const std::string text = "key=value; other=42";
    IS(std::regex_search(text, match, std::regex("(\\w+)=(\\d+)")));
    EQ(match[1].str(), "other");
    EQ(std::regex_replace(text, std::regex("[aeiou]"), "_"), "k_y=v_l__; _th_r=42");
    IS(std::regex_match("Abc", std::regex("[a-z]+", std::regex::icase)));
    IS(std::regex_match("x1", std::regex("[[:alpha:]][[:digit:]]")));
    IS(!std::regex_match("ab", std::regex("a|b")));
    THROWS(std::regex("("), std::regex_error, IS(caught.code() == std::regex_constants::error_paren));
}

TEST(random_numbers)
{
    std::random_device device;
    std::set<unsigned int> seen;
    for (int at = 0; at < 50; at++)
        seen.insert(device());
    IS(seen.size() > 45);
    std::mt19937 engine;
    engine.discard(9999);
    EQ(engine(), 4123659995u);
    std::mt19937_64 wide;
    wide.discard(9999);
    EQ(wide(), 9981545732273789042ull);
    std::uniform_int_distribution<int> dice(1, 6);
    for (int at = 0; at < 100; at++) {
        int value = dice(engine);
        IS(value >= 1 && value <= 6);
    }
}

TEST(number_conversions)
{
    char room[40];
    auto written = std::to_chars(room, room + sizeof room, 0.1);
    EQ(std::string(room, written.ptr), "0.1");
    written = std::to_chars(room, room + sizeof room, 1e23);
    EQ(std::string(room, written.ptr), "1e+23");
    int value = 0;
    const std::string text = "123x";
    auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    IS(value == 123 && *read.ptr == 'x');
    EQ(std::stod("1e-5"), 1e-5);
    EQ(std::stoull("18446744073709551615"), 18446744073709551615ull);
    EQ(std::to_string(1.5), "1.500000");
    EQ(std::to_string(-7), "-7");
    IS(std::to_wstring(42) == L"42");
    EQ(std::stold("0.5"), 0.5L);
    EQ(std::stoi(L"77"), 77);
}

TEST(containers_and_algorithms)
{
    std::unordered_map<std::string, int> counts;
    for (int at = 0; at < 10000; at++)
        counts[std::to_string(at % 100)]++;
    IS(counts.size() == 100 && counts["42"] == 100);
    std::vector<int> values(10000);
    std::iota(values.begin(), values.end(), 0);
    std::shuffle(values.begin(), values.end(), std::mt19937(5));
    std::sort(values.begin(), values.end());
    IS(std::is_sorted(values.begin(), values.end()) && std::binary_search(values.begin(), values.end(), 77));
    char room[2000];
    std::pmr::monotonic_buffer_resource resource(room, sizeof room, std::pmr::null_memory_resource());
    std::pmr::vector<std::pmr::string> strings(&resource);
    strings.emplace_back("a text that is too long to be kept inside of the string itself");
    THROWS(strings.resize(1000), std::bad_alloc);
    std::map<std::type_index, int> types = {{typeid(int), 1}, {typeid(long), 2}};
    EQ(types[typeid(long)], 2);
}

TEST(numbers)
{
    std::complex<double> i(0, 1);
    IS(i * i == std::complex<double>(-1, 0) && std::abs(std::exp(i * M_PI) + 1.0) < 1e-15);
    std::valarray<double> values = {1, 4, 9};
    EQ(std::sqrt(values).sum(), 6);
    EQ(std::hypot(2.0, 3.0, 6.0), 7);
    EQ(std::gcd(12, 18), 6);
    EQ(std::lerp(0.0, 10.0, 0.25), 2.5);
    EQ(std::midpoint(1, 4), 2);
    IS(std::isnan(std::nan("")) && std::fpclassify(0.0) == FP_ZERO && std::signbit(-0.0));
}
