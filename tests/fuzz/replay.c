/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of the folders named, where there is no libFuzzer. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    struct stat st;
    if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode)) {
        fclose(f);
        return 0;
    }
    size_t   n = (size_t)st.st_size;
    uint8_t *bytes = malloc(n + 1);
    if (!bytes)
        abort();
    n = fread(bytes, 1, n, f);
    fclose(f);
    LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    return 1;
}

int main(int argc, char **argv)
{
    int ran = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        if (!dir) {
            fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
            return 1;
        }
        for (struct dirent *e; (e = readdir(dir));) {
            char path[4096];
            int  n = snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            if (n > 0 && (size_t)n < sizeof path)
                ran += replay_file(path);
        }
        closedir(dir);
    }
    printf("%d inputs replayed\n", ran);
    return ran > 0 ? 0 : 1;
}
