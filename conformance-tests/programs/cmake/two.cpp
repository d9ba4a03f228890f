#include <string>

int two()
{
    return static_cast<int>(std::string("four").size());
}
