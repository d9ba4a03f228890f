#include "greeting.hpp"

namespace @IDENT@ {

std::string greeting(std::string_view name) {
    return "Hello, " + std::string(name.empty() ? "world" : name) + "!";
}

} // namespace @IDENT@
