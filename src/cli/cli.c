/* The command line's commands, and which of them words name. */
#include "cli/cli.h"

#include "base/intl.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const CliCommand cli_commands[] = {
    {"init", "--site CODE[,CODE ...] | --demo",
     N_("Makes a store, home to these sites; --demo: to all, filled with a network."), cli_init, 0, 0},
    {"list", "ENTITY [FILTER ...]", N_("Lists records; with --json or --csv for programs."), cli_list, 1, -1},
    {"show", "CODE", N_("Shows one record, with what hangs on it."), cli_show, 1, 1},
    {"add", "ENTITY FIELD=VALUE ...", N_("Makes a record and prints its code."), cli_add, 1, -1},
    {"set", "CODE ... FIELD=VALUE ...", N_("Edits records; LIST+=ITEM and LIST-=ITEM change lists."), cli_verb, 1, -1},
    {"log", "[CODE]", N_("Prints the journal, newest first."), cli_log, 0, 1},
    {"journal", "head", N_("Prints the newest entry of each chain of the journal, to be kept elsewhere."), cli_journal,
     1, 1},
    {"undo", "[N]", N_("Takes back your last acts."), cli_undo, 0, 1},
    {"redo", "[N]", N_("Brings back what you undid last."), cli_undo, 0, 1},
    {"import", "ENTITY [FILE] | usage [FILE] --format sacct",
     N_("Reads records from CSV or JSON, or usage from Slurm's accounts: all of the file or none of it."), cli_import,
     1, 2},
    {"export", "ENTITY [FILTER ...]", N_("Writes records as CSV or --json that import reads."), cli_export, 1, -1},
    {"statement", "[REGION] [--kind K] [--from W] [--to W]",
     N_("What a region offered, lent and borrowed, with its balance; without one the balances of all."), cli_statement,
     0, 1},
    {"bookings", "[FILTER ...] [--from W] [--to W] [--ics]",
     N_("The bookings of allocations, week by week; --ics: as a calendar."), cli_bookings, 0, -1},
    {"fit", "REQUEST", N_("The offers that could serve a request, with what and when, and why the others could not."),
     cli_fit, 1, 1},
    {"plan", "[REQUEST | CODE.FIELD=VALUE ... without=CODE ...] [--kind K] [--from W] [--to W] [--keep] [--apply]",
     N_("Answers all open requests at once from all free capacity, fairly, and says why; of one REQUEST alone, and "
        "what would give it all; with changes, who would gain and lose by them. From next week on, but where --from "
        "says this week."),
     cli_plan, 0, -1},
    {"check", "", N_("Proves that the store is whole, or says what is not."), cli_check, 0, 0},
    {"serve", "",
     N_("Owns the store for everybody on this machine, who ask it over its socket; until it is terminated."), cli_serve,
     0, 0},
    {"backup", "FILE | --rotate N DIRECTORY",
     N_("Writes a whole copy of the store and checks it, even while others write."), cli_backup, 1, 1},
    {"restore", "FILE",
     N_("Makes the store anew from a backup, in a new epoch; a store that is there is never overwritten: move it aside "
        "first, with the files whose names begin with its own."),
     cli_restore, 1, 1},
    {"help", "[COMMAND | settings | man | completion]",
     N_("Explains a command or the settings, or prints the manual page or the shell completion."), cli_help, 0, 1},
    {0},
};

bool cli_store_is_default(const Cli *cli) {
    return !cli->options.store && !*cli->settings.store_path;
}

/* Whoever named no store has none, and did nothing wrong. */
static bool starts_first(const Cli *cli) {
    return cli_store_is_default(cli) && access(cli->store_path, F_OK) != 0 && errno == ENOENT;
}

static const char *socket_of(const Cli *cli) {
    if (cli->options.socket) return cli->options.socket;
    return cli->options.store ? "" : cli->settings.server_socket;
}

/* A server that takes long: said once, to whom it may concern. */
static bool say_waiting(void *context) {
    Cli *cli = context;
    Buffer text = {0}, clean = {0};
    if (!cli->said_waiting && isatty(STDERR_FILENO)) {
        buffer_format(&text, _("waiting for the server at %s: ^C leaves, else it goes on by itself"), socket_of(cli));
        text_clean_out(&clean, text.bytes, text.size, false);
        fprintf(stderr, "jazari: %s\n", buffer_string(&clean));
    }
    cli->said_waiting = true;
    buffer_free(&text);
    buffer_free(&clean);
    return false;
}

Status cli_open(Cli *cli, bool write, Error *e) {
    if (cli->service) return STATUS_OK;
    const char *socket = socket_of(cli);
    const ServiceWaiting waiting = {say_waiting, cli, cli->settings.server_patience_ms};
    if (!*socket && starts_first(cli))
        return error_set(e, STATUS_FAILED, NULL,
                         _("there is no store yet: jazari init --site SMA makes one, jazari init --demo one to try"));
    Status s =
        *socket ? service_connect_watched(socket, cli->settings.server_user, &waiting, &cli->service, e)
                : service_open(cli->store_path, write, (int)cli->settings.store_busy_ms, cli->login, &cli->service, e);
    if (s != STATUS_OK) return s;
    if (!cli->options.site) return s;
    const char *word = cli->options.site;
    int site = site_of_code(word, strlen(word));
    if (site < 0) return error_set(e, STATUS_USAGE, "--site", _("\"%.40s\" is not a site, such as SMA"), word);
    /* Whoever only looks may look at any site. */
    return write ? service_act_as(cli->service, site, e) : STATUS_OK;
}

/* A verb of any entity's lifecycle, or a command that takes records. */
static bool is_verb(const char *word) {
    Command c;
    if (command_find(word, NULL, &c)) return true;
    for (int i = 1; i < ENTITY_COUNT; i++) {
        if (command_find(word, entity_of_kind(i), &c)) return true;
    }
    return false;
}

Status cli_run(Cli *cli, Error *e) {
    if (!cli->options.word_count) {
        Status s = cli_options_fit(&cli->options, "screen", e);
        return s == STATUS_OK ? cli_dashboard(cli, e) : s;
    }
    const char *word = cli->options.words[0];
    int given = cli->options.word_count - 1;
    for (const CliCommand *c = cli_commands; c->name; c++) {
        if (strcmp(c->name, word) != 0) continue;
        if (cli_options_fit(&cli->options, word, e) != STATUS_OK) return e->status;
        if (given >= c->min_words && (c->max_words < 0 || given <= c->max_words)) return c->run(cli, e);
        return error_set(e, STATUS_USAGE, NULL, _("usage: jazari %s %s"), c->name, c->usage);
    }
    if (is_verb(word)) {
        Status s = cli_options_fit(&cli->options, "VERB", e);
        return s == STATUS_OK ? cli_verb(cli, e) : s;
    }
    return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is no command (see jazari --help)"), word);
}

void cli_print_error(const Error *e) {
    char text[1024];
    Buffer clean = {0};
    error_text(e, text, sizeof text);
    text_clean_out(&clean, text, strlen(text), false);
    fprintf(stderr, "jazari: %s\n", buffer_string(&clean));
    buffer_free(&clean);
}
