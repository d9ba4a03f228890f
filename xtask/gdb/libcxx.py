
# Read by gdb when it loads the library beside this file: no need to wait for another one.
gdb.printing.register_pretty_printer(gdb.current_objfile(), LibcxxPrettyPrinter(_libcxx_printer_name), replace=True)
