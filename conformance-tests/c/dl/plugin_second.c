/* Opened by dl_iterate_phdr.c, beside plugin.so. */
int plugin_second(void);
int plugin_second(void)
{
	return 2;
}
