#include "part.hpp"

#include <stdexcept>
#include <string>

void part(std::size_t number)
{
    throw std::out_of_range("part " + std::to_string(number));
}
