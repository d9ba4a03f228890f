// Opened and closed by throw.cpp all the time.
#include <stdexcept>

extern "C" int passing_by(int number)
{
    try {
        throw std::runtime_error("by");
    } catch (const std::runtime_error &) {
        return number + 1;
    }
}

// An initialiser that throws and catches.
static int begun = passing_by(1);
extern "C" int passing_begun() { return begun; }
