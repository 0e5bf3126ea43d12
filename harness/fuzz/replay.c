/*
 * Runs a fuzz target over files, without a fuzzer: the corpus is a regression test of `make check`. Linked with one
 * target; argv names files.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	int ran = 0;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "re");
		if (!f || fseek(f, 0, SEEK_END) != 0) {
			fprintf(stderr, "cannot read '%s'\n", argv[i]);
			return 1;
		}
		long size = ftell(f);
		rewind(f);
		/* Exactly as large as the input, so that reading past its end is seen. */
		uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
		if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
			fprintf(stderr, "cannot read '%s'\n", argv[i]);
			return 1;
		}
		fclose(f);
		LLVMFuzzerTestOneInput(data, (size_t)size);
		free(data);
		ran++;
	}
	printf("%d inputs\n", ran);
	return ran ? 0 : 1;
}
