/* serve: the one owner of a store, for everybody on a server. */
#include "base/intl.h"
#include "cli/cli.h"
#include "service/server.h"

#include <stdio.h>

static void say_ready(void *context, const char *socket) {
    const Cli *cli = context;
    fprintf(stderr, _("jazari: serving %s at %s\n"), cli->store_path, *socket ? socket : "-");
}

Status cli_serve(Cli *cli, Error *e) {
    const ServeOptions options = {.store = cli->store_path,
                                  .socket = cli->options.socket ? cli->options.socket : cli->settings.server_socket,
                                  .busy_ms = (int)cli->settings.store_busy_ms,
                                  .ready = say_ready,
                                  .context = cli};
    return server_run(&options, e);
}
