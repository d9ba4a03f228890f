#include "greeting.hpp"

#include <iostream>

int main(int argc, char **argv) {
    std::cout << @IDENT@::greeting(argc > 1 ? argv[1] : "") << '\n';
}
