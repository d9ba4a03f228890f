// flags: -rdynamic
// libraries: chooser
// out: chosen by name, 5 of 5
// except peers: glibc's resolvers must not use the loader, musl has none
#include <stdio.h>

extern int chooser_found;
int chooser(void);
int program_yes(void);
int program_yes(void) { return 7; }

int main(void)
{
	printf("%s, %d of 5\n", chooser() == 7 ? "chosen by name" : "not found", chooser_found);
	return 0;
}
