// has: xlibc: stack smashing detected
// exit: signal 6
// except peers: the flag is not on by default
#include <cstring>
#include <stdexcept>
#include <thread>

static std::size_t volatile fits = 24, too_much = 24 + 48;

[[gnu::noinline]] static int overflow(std::size_t n)
{
	char text[24];
	char *volatile to = text;
	std::memset(to, 'A', n);
	if (text[0] == 'B')
		throw std::runtime_error("never");
	return text[3];
}

/* An exception passes protected frames. */
[[gnu::noinline]] static void thrower(std::size_t n)
{
	char text[24];
	char *volatile to = text;
	std::memset(to, 'A', n);
	throw std::runtime_error(std::string(text, n));
}

int main()
{
	std::thread([] {
		try {
			thrower(fits);
		} catch (const std::runtime_error &error) {
			if (std::strlen(error.what()) == 24 && overflow(fits) == 'A')
				overflow(too_much);
		}
	}).join();
	return 0;
}
