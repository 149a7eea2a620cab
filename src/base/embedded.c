/* Files that are part of the program. The table is made by data/embed.sh. */
#include "base/embedded.h"

#include <string.h>

const Embedded *embedded_find(const char *name) {
    for (const Embedded *f = embedded_files; f->name; f++) {
        if (!strcmp(f->name, name)) return f;
    }
    return NULL;
}
