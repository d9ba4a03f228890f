// Opened by throw.cpp: a frame that an exception passes.
struct Left {
    int *count;
    ~Left() { ++*count; }
};

extern "C" int passes(int (*call)(int), int argument, int *left)
{
    Left here{left};
    return call(argument) + 1;
}
