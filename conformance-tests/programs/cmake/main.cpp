#include "generated.h"

#include <cstdio>
#include <thread>

extern "C" int one();
int two();

int main()
{
    int threads = 0;
    std::thread([&] { threads++; }).join();
    std::printf("shared %d, static %d, generated %d, threads %d\n", one(), two(), GENERATED, threads);
}
