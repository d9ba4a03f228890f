// Where libc++'s time zones read their data base: the same one on every host. libc++ has a weak function for this.
#include <string>
#include <string_view>

extern "C" const char *xload_root(void);

_LIBCPP_BEGIN_NAMESPACE_STD

namespace chrono {

string_view __libcpp_tzdb_directory()
{
    static const string directory = [] {
        const char *root = xload_root();
        return root ? string(root) + "/distx.org_2024-tzdata-common/share/zoneinfo/" : string("/usr/share/zoneinfo/");
    }();
    return directory;
}

} // namespace chrono

_LIBCPP_END_NAMESPACE_STD
