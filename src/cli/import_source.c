/* The file of an import. */
#include "cli/import_source.h"

#include "base/intl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Status import_source_open(const Cli *cli, ImportSource *source, Error *e) {
    struct stat st;
    const char *file = cli->options.word_count > 2 ? cli->options.words[2] : "-";
    bool standard = !strcmp(file, "-");
    *source = (ImportSource){.name = standard ? _("standard input") : file};
    source->fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (source->fd < 0) {
        error_set(e, STATUS_FAILED, NULL, "%s", strerror(errno));
        return error_at(e, file, 0);
    }
    if (fstat(source->fd, &st) == 0 && S_ISREG(st.st_mode)) source->size = st.st_size;
    return STATUS_OK;
}

void import_source_close(ImportSource *source) {
    if (source->fd != STDIN_FILENO) close(source->fd);
    if (source->shown) fputc('\n', stderr);
}

bool import_source_progress(void *context, int64_t rows, int64_t bytes) {
    ImportSource *source = context;
    if (!isatty(STDERR_FILENO)) return true;
    fprintf(stderr, ngettext("\r%lld row", "\r%lld rows", (unsigned long)rows), (long long)rows);
    if (source->size > 0) fprintf(stderr, _(", %d %%"), (int)(bytes * 100 / source->size));
    source->shown = true;
    return true;
}

void import_source_say_faults(const Error *faults, int count, Error *e) {
    for (int i = 0; i < count; i++) {
        if (i + 1 < count) cli_print_error(&faults[i]);
        else *e = faults[i];
    }
}
