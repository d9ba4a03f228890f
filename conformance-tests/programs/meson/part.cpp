#include <string>

std::string part() { return "shared"; }
