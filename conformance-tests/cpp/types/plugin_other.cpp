// Opened by types.cpp, beside another one of the same text.
#include "lent.hpp"
