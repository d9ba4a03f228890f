#pragma once

#include <string>
#include <string_view>

namespace @IDENT@ {

/// A greeting for somebody; for nobody in particular where `name` is empty.
std::string greeting(std::string_view name);

} // namespace @IDENT@
