// has: said by what
// exit: signal 6
#include <stdexcept>

int main()
{
    throw std::runtime_error("said by what");
}
