// out: Assertion failed: value == 2 (source.cpp: check: 7)
// exit: signal 6
// except peers: theirs are for C
#include <cassert>

static_assert(sizeof(char) == 1);
#line 6 "source.cpp"
static void check(int value) {
    assert(value == 2);
}
int main()
{
    check(1);
}
