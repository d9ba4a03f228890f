#include <stdlib.h>

int part(void);

int main(void)
{
	char *text = malloc(1);
	free(text);
	return text ? part() : 1;
}
