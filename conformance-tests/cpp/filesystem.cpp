#include "check.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <iterator>
#include <string>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

static void write(const fs::path &path, const std::string &text)
{
    std::ofstream(path) << text;
}

static std::string read(const fs::path &path)
{
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST(paths)
{
    fs::path path = "/usr/lib/../file.tar.gz";
    EQ(path.filename().string(), "file.tar.gz");
    EQ(path.extension().string(), ".gz");
    EQ(path.stem().string(), "file.tar");
    EQ(path.lexically_normal().string(), "/usr/file.tar.gz");
    EQ((fs::path("a") / "b" / "../c").lexically_normal().string(), "a/c");
    EQ(fs::path("/a/b/c").lexically_relative("/a/d").string(), "../b/c");
    IS(path.is_absolute() && fs::path("x").is_relative() && fs::path("/").root_directory() == "/");
    EQ(std::distance(path.begin(), path.end()), 5);
    EQ(fs::path("x.txt").replace_extension("md").string(), "x.md");
    IS(fs::path(u8"\u00e4").u8string() == u8"\u00e4");
}

TEST(create_and_remove)
{
    IS(fs::create_directory("one"));
    IS(!fs::create_directory("one"));
    IS(fs::create_directories("one/two/three"));
    IS(fs::is_directory("one/two/three") && fs::is_empty("one/two/three"));
    write("one/file", "text");
    IS(fs::exists("one/file") && fs::is_regular_file("one/file"));
    EQ(fs::file_size("one/file"), 4u);
    THROWS(fs::remove("one"), fs::filesystem_error, IS(caught.path1() == "one"));
    IS(fs::remove("one/file") && !fs::remove("one/file"));
    EQ(fs::remove_all("one"), 3u);
    EQ(fs::remove_all("one"), 0u);
    IS(!fs::exists("one"));
    std::error_code error;
    fs::create_directory("none/below", error);
    IS(error == std::errc::no_such_file_or_directory);
    THROWS((void)fs::file_size("none"), fs::filesystem_error, IS(caught.code() == std::errc::no_such_file_or_directory));
    write("plain", "");
    fs::create_directories("plain/below", error);
    IS(error == std::errc::not_a_directory);
    fs::remove("plain");
}

TEST(iteration)
{
    fs::create_directories("tree/a/b");
    fs::create_directories("tree/c");
    std::set<std::string> expected = {"tree/a", "tree/a/b", "tree/c"};
    for (std::string name : {"tree/1", "tree/a/2", "tree/a/b/3", "tree/c/4", "tree/\u00fc"}) {
        write(name, name);
        expected.insert(name);
    }
    std::set<std::string> found, top;
    std::uintmax_t size = 0;
    for (const auto &entry : fs::recursive_directory_iterator("tree")) {
        found.insert(entry.path().generic_string());
        if (entry.is_regular_file())
            size += entry.file_size();
    }
    IS(found == expected);
    EQ(size, 6u + 8 + 10 + 8 + 7);
    for (const auto &entry : fs::directory_iterator("tree"))
        top.insert(entry.path().filename().string());
    EQ(top.size(), 4u);
    int shallow = 0;
    for (auto at = fs::recursive_directory_iterator("tree"); at != fs::end(at); ++at, shallow++)
        if (at->is_directory())
            at.disable_recursion_pending();
    EQ(shallow, 4);
    EQ(fs::remove_all("tree"), 9u);
    THROWS(fs::directory_iterator("tree"), fs::filesystem_error);
}

TEST(copy_and_rename)
{
    fs::create_directories("from/inner");
    write("from/file", "contents");
    write("from/inner/deep", std::string(100000, 'd'));
    fs::copy("from", "to", fs::copy_options::recursive);
    EQ(read("to/file"), "contents");
    EQ(fs::file_size("to/inner/deep"), 100000u);
    IS(!fs::copy_file("from/file", "to/file", fs::copy_options::skip_existing));
    THROWS(fs::copy_file("from/file", "to/file"), fs::filesystem_error, IS(caught.code() == std::errc::file_exists));
    write("from/file", "changed");
    IS(fs::copy_file("from/file", "to/file", fs::copy_options::overwrite_existing));
    EQ(read("to/file"), "changed");
    fs::rename("to/file", "to/inner/deep");
    EQ(read("to/inner/deep"), "changed");
    fs::rename("to", "moved");
    IS(!fs::exists("to") && fs::exists("moved/inner/deep"));
    fs::resize_file("moved/inner/deep", 3);
    EQ(read("moved/inner/deep"), "cha");
    fs::create_hard_link("moved/inner/deep", "hard");
    EQ(fs::hard_link_count("hard"), 2u);
    IS(fs::equivalent("hard", "moved/inner/deep") && !fs::equivalent("hard", "from/file"));
    fs::remove("hard");
    fs::remove_all("from");
    fs::remove_all("moved");
}

TEST(permissions_and_times)
{
    write("mode", "x");
    fs::permissions("mode", fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
    IS((fs::status("mode").permissions() & fs::perms::owner_write) == fs::perms::none);
    fs::permissions("mode", fs::perms::owner_write, fs::perm_options::add);
    IS((fs::status("mode").permissions() & fs::perms::owner_write) != fs::perms::none);
    EXCEPT_ON(windows, "a file there is read-only or not: DESIGN 7, docs/hosts.md") {
        fs::permissions("mode", fs::perms::owner_all | fs::perms::group_read);
        IS(fs::status("mode").permissions() == (fs::perms::owner_all | fs::perms::group_read));
    }
    auto before = fs::last_write_time("mode");
    IS(before > fs::file_time_type::clock::now() - 1h && before < fs::file_time_type::clock::now() + 1h);
    fs::last_write_time("mode", before - 48h);
    IS(fs::last_write_time("mode") == before - 48h);
    fs::remove("mode");
}

TEST(symbolic_links)
{
    EXCEPT_ON(windows, "needs a privilege there; Wine 8 makes none") {
        write("real", "text");
        fs::create_symlink("real", "soft");
        IS(fs::is_symlink("soft") && fs::read_symlink("soft") == "real" && read("soft") == "text");
        EQ(fs::canonical("soft").filename().string(), "real");
        fs::remove("soft");
        IS(fs::exists("real"));
        fs::remove("real");
    }
}

TEST(places)
{
    fs::path here = fs::current_path();
    IS(here.is_absolute());
    fs::create_directory("place");
    fs::current_path("place");
    IS(fs::current_path() == here / "place");
    IS(fs::absolute("x") == here / "place" / "x");
    IS(fs::weakly_canonical("../place/none") == here / "place" / "none");
    fs::current_path(here);
    fs::remove("place");
    fs::space_info space = fs::space(".");
    IS(space.capacity > 0 && space.free <= space.capacity && space.available <= space.capacity);
    IS(fs::is_directory(fs::temp_directory_path()));
    IS(fs::status("no-such-file").type() == fs::file_type::not_found);
    IS(fs::is_character_file("/dev/null"));
}
