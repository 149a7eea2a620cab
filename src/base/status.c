/* What became of something that can fail, and why. */
#include "base/status.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Status error_set(Error *e, Status status, const char *field, const char *format, ...) {
    if (!e) return status;
    Error made = {.status = status}; /* apart, for e's own texts may be among the arguments */
    va_list ap;
    va_start(ap, format);
    vsnprintf(made.why, sizeof made.why, format, ap);
    va_end(ap);
    text_trim_partial(made.why);
    if (field) text_copy(made.field, sizeof made.field, field);
    *e = made;
    return status;
}

Status error_at(Error *e, const char *file, long line) {
    if (!e) return STATUS_FAILED;
    if (*e->file && file) return e->status;
    if (file) text_copy(e->file, sizeof e->file, file);
    if (!e->line) e->line = line;
    return e->status;
}

char *error_text(const Error *e, char *out, size_t size) {
    char place[300] = "";
    if (*e->file && e->line) snprintf(place, sizeof place, "%s:%ld: ", e->file, e->line);
    else if (*e->file) snprintf(place, sizeof place, "%s: ", e->file);
    snprintf(out, size, "%s%s%s%s", place, e->field, *e->field ? ": " : "", e->why);
    text_trim_partial(out);
    return out;
}
