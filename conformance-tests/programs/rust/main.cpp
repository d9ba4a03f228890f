// Calls numbers.rs.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

extern "C" std::uint64_t sum_of_squares(const std::uint32_t *numbers, std::size_t count);
extern "C" bool describe(std::uint64_t number, char *text, std::size_t room);

int main()
{
    std::vector<std::uint32_t> numbers{1, 2, 3, 4000000000};
    std::uint64_t sum = sum_of_squares(numbers.data(), numbers.size());
    char text[64] = "";
    char small[4] = "";
    if (!describe(sum, text, sizeof text) || describe(sum, small, sizeof small))
        return 1;
    std::puts(text);
}
