#include "check.hpp"
TEST(nothing)
{
}
