// env: LANG=en_US.UTF-8
// env: LC_TIME=de_DE.utf8
// except peers: they ask data that may not be there
#include <clocale>
#include <iostream>
#include <locale>
#include <string>

int main()
{
    std::locale user("");
    std::locale::global(user);
    std::string all = std::setlocale(LC_ALL, "") ? std::setlocale(LC_ALL, nullptr) : "none";
    if (all != "en_US.UTF-8;en_US.UTF-8;de_DE.utf8;en_US.UTF-8;en_US.UTF-8;en_US.UTF-8") {
        std::cout << all << "\n";
        return 1;
    }
    if (std::locale("en_US.UTF-8").name() != "en_US.UTF-8" || std::locale("C.utf8").name() != "C.utf8")
        return 2;
    std::wcout.imbue(user);
    if (!std::use_facet<std::ctype<wchar_t>>(user).is(std::ctype_base::alpha, L'\u00e4'))
        return 3;
    try {
        std::locale("en_US.ISO-8859-1");
        return 4;
    } catch (const std::runtime_error &) {
    }
    return 0;
}
