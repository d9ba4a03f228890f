#include <cmath>
#include <cstdio>
#include <string>
#include <thread>

#include "generated.h"

std::string part();

int main()
{
	double root = 0;
	std::thread([&] { root = std::sqrt(16.0 + part().size() - 6); }).join();
	std::printf("%s, generated %d, root %g\n", part().c_str(), GENERATED, root);
	return 0;
}
