#include "check.hpp"

#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <locale>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

TEST(formatting)
{
    std::ostringstream out;
    out << 42 << ' ' << -7L << ' ' << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << ' ' << std::dec << true << ' '
        << std::boolalpha << false;
    EQ(out.str(), "42 -7 0xff 010 1 false");
    out.str("");
    out << std::setw(6) << std::setfill('*') << 42 << '|' << std::left << std::setw(6) << 42 << '|' << std::internal
        << std::setw(6) << -42;
    EQ(out.str(), "****42|42****|-***42");
    out.str("");
    out << 1.5 << ' ' << 1e100 << ' ' << std::fixed << std::setprecision(2) << 2.005 << ' ' << std::scientific << 12345.678
        << ' ' << std::hexfloat << 1.0 << ' ' << std::defaultfloat << std::setprecision(10) << 0.1;
    EQ(out.str(), "1.5 1e+100 2.00 1.23e+04 0x1p+0 0.1");
    out.str("");
    out << std::uppercase << std::hex << 255 << ' ' << std::showpos << std::dec << 5 << ' ' << static_cast<void *>(nullptr);
    IS(out.str().find("0XFF +5") == 0);
    out.str("");
    out << 'c' << static_cast<unsigned char>('d') << static_cast<signed char>('e') << "text" << std::string("more")
        << std::quoted("a\"b");
    EQ(out.str(), "cdetextmore\"a\\\"b\"");
    out.str("");
    out << 3.25L << ' ' << 18446744073709551615ull << ' ' << -9223372036854775807ll - 1;
    IS(out.str().find("18446744073709551615 -9223372036854775808") != std::string::npos || !out.good());
}

TEST(parsing)
{
    std::istringstream in("12 -5 0x1f 1.5e3 word true 99999999999 7");
    int a = 0, b = 0, c = 0;
    double d = 0;
    std::string word;
    bool truth = false;
    in >> a >> b >> std::setbase(0) >> c >> d >> word >> std::boolalpha >> truth;
    IS(in.good());
    EQ(a, 12);
    EQ(b, -5);
    EQ(c, 31);
    EQ(d, 1500);
    EQ(word, "word");
    IS(truth);
    in >> a;
    IS(in.fail() && a == std::numeric_limits<int>::max());
    in.clear();
    in >> std::dec >> a;
    EQ(a, 7);
    in >> a;
    IS(in.eof() && in.fail());
    std::istringstream lines("one\ntwo\n\nfour");
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);)
        all.push_back(line);
    IS(all == std::vector<std::string>{"one", "two", "", "four"});
    std::istringstream numbers("1 2 3");
    IS(std::vector<int>(std::istream_iterator<int>(numbers), {}) == std::vector<int>{1, 2, 3});
    std::istringstream wrong("x");
    wrong.exceptions(std::ios::failbit);
    THROWS(wrong >> a, std::ios_base::failure);
}

TEST(files)
{
    {
        std::ofstream out("stream.txt");
        IS(out.is_open());
        for (int at = 0; at < 5000; at++)
            out << at << '\n';
        IS(out.good());
    }
    std::ifstream in("stream.txt");
    long sum = 0, count = 0;
    for (int value; in >> value; count++)
        sum += value;
    IS(in.eof() && count == 5000 && sum == 12497500);
    in.clear();
    in.seekg(10);
    std::string line;
    std::getline(in, line);
    EQ(line, "5");
    EQ(static_cast<long>(in.tellg()), 12);
    in.seekg(0, std::ios::end);
    EQ(static_cast<long>(in.tellg()), 23890);
    {
        std::fstream both("stream.txt", std::ios::in | std::ios::out);
        both.seekp(2);
        both << "X";
        both.seekg(0);
        both >> line;
        EQ(line, "0");
        both >> line;
        EQ(line, "X");
    }
    {
        std::ofstream more("stream.txt", std::ios::app);
        more << "end";
    }
    std::ifstream again("stream.txt", std::ios::binary | std::ios::ate);
    EQ(static_cast<long>(again.tellg()), 23893);
    std::ifstream none("no-such-file");
    IS(!none.is_open() && none.fail());
    std::filebuf buffer;
    IS(buffer.open("stream.txt", std::ios::out | std::ios::trunc) != nullptr);
    IS(buffer.sputn("abc", 3) == 3 && buffer.close() != nullptr);
    std::ifstream last("stream.txt");
    EQ(std::string(std::istreambuf_iterator<char>(last), {}), "abc");
    last.close();
    std::remove("stream.txt");
}

TEST(a_large_file)
{
    std::string text;
    for (int at = 0; at < 300000; at++)
        text += static_cast<char>('a' + at * 7 % 26);
    std::ofstream("large.bin", std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
    std::ifstream in("large.bin", std::ios::binary);
    std::stringstream copy;
    copy << in.rdbuf();
    IS(copy.str() == text);
    in.close();
    std::remove("large.bin");
}

TEST(locales)
{
    EQ(std::locale().name(), "C");
    EQ(std::locale::classic().name(), "C");
    IS(std::locale("C") == std::locale::classic());
    THROWS(std::locale("xx_YY.nonsense"), std::runtime_error);
    std::locale utf8("C.UTF-8");
    IS(std::use_facet<std::ctype<wchar_t>>(utf8).toupper(L'\u00e4') == L'\u00c4');
    IS(std::isalpha('a', std::locale()) && !std::isalpha('1', std::locale()) && std::toupper('x', std::locale()) == 'X');
    struct Grouped : std::numpunct<char> {
        char do_thousands_sep() const override { return '\''; }
        std::string do_grouping() const override { return "\3"; }
        char do_decimal_point() const override { return ','; }
    };
    std::ostringstream out;
    out.imbue(std::locale(std::locale(), new Grouped));
    out << 1234567 << ' ' << 0.5;
    EQ(out.str(), "1'234'567 0,5");
    auto &codecvt = std::use_facet<std::codecvt<wchar_t, char, std::mbstate_t>>(utf8);
    std::mbstate_t state{};
    const wchar_t wide[] = L"\u20ac", *from;
    char bytes[8], *to;
    IS(codecvt.out(state, wide, wide + 1, from, bytes, bytes + 8, to) == std::codecvt_base::ok && to == bytes + 3);
    auto &collate = std::use_facet<std::collate<char>>(std::locale());
    const char a[] = "a", b[] = "b";
    EQ(collate.compare(a, a + 1, b, b + 1), -1);
    auto &moments = std::use_facet<std::time_put<char>>(std::locale());
    std::tm tm{};
    tm.tm_year = 124, tm.tm_mon = 1, tm.tm_mday = 3, tm.tm_wday = 6;
    std::ostringstream date;
    const std::string pattern = "%Y-%m-%d %A";
    moments.put(std::ostreambuf_iterator<char>(date), date, ' ', &tm, pattern.data(), pattern.data() + pattern.size());
    EQ(date.str(), "2024-02-03 Saturday");
    std::istringstream given("2024-07-15 10:20:30");
    given >> std::get_time(&tm, "%Y-%m-%d %H:%M:%S");
    IS(!given.fail() && tm.tm_mon == 6 && tm.tm_hour == 10);
    std::ostringstream money;
    money << std::put_money(12345);
    EQ(money.str(), "12345");
}

TEST(wide_streams)
{
    std::wostringstream out;
    out << L"wide " << 42 << ' ' << 1.5 << L" \u20ac";
    IS(out.str() == L"wide 42 1.5 \u20ac");
    std::wistringstream in(L"7 word");
    int seven = 0;
    std::wstring word;
    in >> seven >> word;
    IS(seven == 7 && word == L"word");
    {
        std::wofstream file;
        file.imbue(std::locale("C.UTF-8"));
        file.open("wide.txt");
        file << L"\u00e4\u20ac" << std::endl;
        IS(file.good());
    }
    std::ifstream bytes("wide.txt");
    std::string line;
    std::getline(bytes, line);
    EQ(line, "\xc3\xa4\xe2\x82\xac");
    bytes.close();
    std::wifstream file;
    file.imbue(std::locale("C.UTF-8"));
    file.open("wide.txt");
    file >> word;
    IS(word == L"\u00e4\u20ac");
    file.close();
    std::remove("wide.txt");
}

TEST(standard_streams)
{
    IS(std::cout.good() && std::cerr.good() && std::clog.good() && std::wcout.good());
    IS(std::cin.tie() == &std::cout && (std::cerr.flags() & std::ios::unitbuf));
    std::ostringstream other;
    std::streambuf *before = std::cout.rdbuf(other.rdbuf());
    std::cout << "caught";
    std::cout.rdbuf(before);
    EQ(other.str(), "caught");
}
