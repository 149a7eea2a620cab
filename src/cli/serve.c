/* serve: the one owner of a store, for everybody on a server. */
#include "base/intl.h"
#include "cli/cli.h"
#include "service/server.h"

#include <stdio.h>

typedef struct Serving {
    const char *store;
    bool began;
} Serving;

static void say_ready(void *context, const char *socket) {
    Serving *serving = context;
    serving->began = true;
    fprintf(stderr, _("jazari: serving %s at %s\n"), serving->store, socket);
}

/* A store that cannot even be opened is not served: who looks for the reason finds the way out beside it. */
static void say_way_out(const char *path) {
    Trouble t;
    trouble_find(path, &t);
    fprintf(stderr,
            _("jazari: where %s is damaged: stop jazari.socket and jazari.service, put the store aside, and as the "
              "server's user: jazari --store %s restore %s\n"),
            path, path, *t.copy ? t.copy : "COPY");
}

Status cli_serve(Cli *cli, Error *e) {
    Serving serving = {.store = cli->store_path};
    const ServeOptions options = {.store = cli->store_path,
                                  .socket = cli->options.socket ? cli->options.socket : cli->settings.server_socket,
                                  .busy_ms = (int)cli->settings.store_busy_ms,
                                  .ready = say_ready,
                                  .context = &serving};
    Status s = server_run(&options, e);
    if (s == STATUS_FAILED && !serving.began) say_way_out(cli->store_path);
    return s;
}
