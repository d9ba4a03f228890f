/* Opens a plugin by the path in argv[1], calls it, looks for what is not there. */
#include "xload.h"
void note(char letter) { (void)letter; }
int main(int argc, char **argv) {
    void *plugin = xload_open(argv[1], 0);
    if (!plugin) {
        say_line("not opened");
        return xload_errno();
    }
    int (*value)(void) = (int (*)(void))xload_sym(plugin, "plugin_value", 0);
    if (!value || xload_sym(plugin, "no_such_name", 0) || xload_open("nowhere.so", 0)) return 1;
    if (xload_open(argv[1], 0) != plugin) return 2;
    if (xload_open("x", 1)) return 3;
    return value();
}
