// `-fno-sanitize-recover`: the first report ends the program.
// flags: -fsanitize=undefined -fno-sanitize-recover=undefined
// has: runtime error: index 9 out of bounds for type 'int[4]'
// exit: 1
// except peers: their runtime library is another
static int four[4];

int main(int argc, char **argv)
{
	(void)argv;
	return four[argc + 8];
}
