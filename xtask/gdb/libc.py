"""$tls("name"): a thread-local variable of the selected thread.

The compiler puts such variables behind a function of libc.so (emulated TLS), of which debug information says nothing.
gdb reads this file by itself when it loads the libc.so beside it (auto-load safe-path)."""

import gdb


class ThreadLocal(gdb.Function):
    def __init__(self):
        super().__init__("tls")

    def invoke(self, name):
        name = name.string()
        symbol = self.symbol(name)
        if symbol is None:
            raise gdb.GdbError("No thread-local variable %s here." % name)
        control = "__emutls_v." + (symbol.linkage_name or name)
        # The other threads stand still meanwhile.
        with gdb.with_parameter("scheduler-locking", "on"):
            place = gdb.parse_and_eval("((void *(*)(void *))__emutls_get_address)((void *)&'%s')" % control)
        return place.cast(symbol.type.unqualified().pointer()).dereference()

    def symbol(self, name):
        try:
            found = gdb.lookup_symbol(name)[0]
        except gdb.error:
            # Without a frame there are no names around it.
            found = None
        return found or gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)


ThreadLocal()
