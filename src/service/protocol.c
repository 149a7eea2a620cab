/* Which programs understand each other. */
#include "service/protocol.h"

#include "base/intl.h"

#include <string.h>

#ifndef PROTOCOL_SUM
#define PROTOCOL_SUM 0
#endif
#define TEXT(macro)   TEXT_OF(macro)
#define TEXT_OF(text) #text

enum { SHOWN = 40 };

const char *protocol_version(void) {
    return JAZARI_VERSION "+" TEXT(PROTOCOL_SUM);
}

static void name_of(const char *version, char out[SHOWN]) {
    size_t size = strcspn(version, "+");
    if (size >= SHOWN) size = SHOWN - 1;
    memcpy(out, version, size);
    out[size] = 0;
}

Status protocol_check(const char *client, const char *server, Error *e) {
    char mine[SHOWN], its[SHOWN];
    if (!strcmp(client, server)) return STATUS_OK;
    name_of(client, mine);
    name_of(server, its);
    int order = strverscmp(its, mine);
    if (order < 0)
        return error_set(e, STATUS_FAILED, NULL,
                         _("the server is jazari %s, older than this program, %s: it has to be started anew"), its,
                         mine);
    if (order > 0)
        return error_set(e, STATUS_FAILED, NULL,
                         _("this program is jazari %s, older than the server, %s: leave it and start the new one"),
                         mine, its);
    return error_set(e, STATUS_FAILED, NULL,
                     _("this program and the server are different builds of jazari %s: leave it and start it anew; if "
                       "that does not help, the server has to be"),
                     mine);
}
