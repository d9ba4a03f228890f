#pragma once
#include <cstddef>

void part(std::size_t number);
