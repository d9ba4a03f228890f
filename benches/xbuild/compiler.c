/*
 * In the place of a compiler, so that what is measured is the build tool: the object is a copy of the source, the dependency file names the
 * source and what it includes. Arguments are those of a compiler: -c SOURCE -MF DEPFILE -o OBJECT; others are ignored.
 */
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments)
{
	const char *source = NULL, *depfile = NULL, *object = NULL;
	for (int at = 1; at + 1 < count; at++) {
		if (strcmp(arguments[at], "-c") == 0) {
			source = arguments[at + 1];
		} else if (strcmp(arguments[at], "-MF") == 0) {
			depfile = arguments[at + 1];
		} else if (strcmp(arguments[at], "-o") == 0) {
			object = arguments[at + 1];
		}
	}
	if (source == NULL || depfile == NULL || object == NULL) {
		return 2;
	}
	FILE *in = fopen(source, "r"), *out = fopen(object, "w"), *deps = fopen(depfile, "w");
	if (in == NULL || out == NULL || deps == NULL) {
		return 1;
	}
	fprintf(deps, "%s: %s", object, source);
	char line[512], name[512];
	while (fgets(line, sizeof line, in) != NULL) {
		if (sscanf(line, "#include \"%511[^\"]\"", name) == 1) {
			fprintf(deps, " \\\n  include/%s", name);
		}
		fputs(line, out);
	}
	fputs("\n", deps);
	return fclose(out) != 0 || fclose(deps) != 0;
}
