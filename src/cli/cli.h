/* The command line: arguments in; text, JSON or CSV out. One row a command (commands.c); the network's own commands
 * (commands/command.h) follow behind them. Exit codes are those of base/status.h. */
#ifndef JAZARI_CLI_CLI_H
#define JAZARI_CLI_CLI_H

#include "base/settings.h"
#include "service/service.h"

typedef enum CliForm { CLI_TEXT, CLI_JSON, CLI_CSV } CliForm;

/* What was asked for on the command line. */
typedef struct CliOptions {
    const char *config, *store, *socket, *site, *head, *columns, *sort, *op, *panel, *format, *kind, *from, *to;
    int64_t limit, rotate; /* -1: not given */
    CliForm form;
    bool demo, dry_run, help, version, ics, apply, keep, json_and_csv;
    unsigned given;           /* 1 << place in cli_options */
    const char *const *words; /* the command and what follows it, without the options */
    int word_count;
} CliOptions;

/* One row an option: parsing, help, manual and completion are read from it. */
typedef struct CliOption {
    const char *name, *short_name; /* short_name NULL: none */
    const char *value;             /* what it takes, for reading; NULL: nothing */
    const char *help;              /* to be translated */
    char kind;                     /* 's' takes a text, 'n' a number, 'f' sets a flag, 'j' and 'c' set the form */
    size_t offset;
    const char *with; /* the commands it goes with, parted by blanks */
    bool over_ssh;    /* it says only what is read, and how */
} CliOption;

extern const CliOption cli_options[]; /* ended by a row without a name */

bool cli_option_fits(const CliOption *, const char *command);
/* STATUS_USAGE where an option was given that does not go with the command. */
Status cli_options_fit(const CliOptions *, const char *command, Error *);

typedef struct Cli {
    CliOptions options;
    Settings settings;
    Arena arena; /* lives until the end */
    const char *store_path, *login;
    Service *service;  /* once opened */
    bool said_waiting; /* that the server takes long */
} Cli;

typedef struct CliCommand {
    const char *name, *usage, *help; /* help to be translated */
    Status (*run)(Cli *, Error *);
    int min_words, max_words; /* after the name; max -1: any number */
} CliCommand;

extern const CliCommand cli_commands[]; /* ended by a row without a name */

/* Reads the arguments. STATUS_USAGE names the one that is wrong. */
Status cli_parse(Arena *, int argc, char **argv, CliOptions *, Error *);

/* Whether the store is the one of the built-in place, which nobody named. */
bool cli_store_is_default(const Cli *);

/* Opens the store (write: for commands) and, with --site, acts for that site. */
Status cli_open(Cli *, bool write, Error *);

/* The entity a word names, one or many; STATUS_USAGE lists all of them. */
Status cli_entity(const char *word, const Entity **, Error *);

/* Runs what the words name. Without words it prints the dashboard. */
Status cli_run(Cli *, Error *);

Status cli_dashboard(Cli *, Error *);

/* "jazari: file:line: field: why" to standard error, cleaned. */
void cli_print_error(const Error *);

/* The commands. */
Status cli_init(Cli *, Error *);
Status cli_list(Cli *, Error *);
Status cli_show(Cli *, Error *);
Status cli_log(Cli *, Error *);
Status cli_add(Cli *, Error *);
Status cli_verb(Cli *, Error *);
Status cli_undo(Cli *, Error *);
Status cli_import(Cli *, Error *);
Status cli_import_usage(Cli *, Error *); /* import usage FILE --format sacct */
Status cli_export(Cli *, Error *);
Status cli_check(Cli *, Error *);
Status cli_journal(Cli *, Error *); /* journal head */
Status cli_backup(Cli *, Error *);
Status cli_restore(Cli *, Error *);
Status cli_statement(Cli *, Error *);
Status cli_bookings(Cli *, Error *);
Status cli_fit(Cli *, Error *);
Status cli_plan(Cli *, Error *);
Status cli_serve(Cli *, Error *);

/* Takes the words of SSH_ORIGINAL_COMMAND where there are none, and the settings allow them. */
Status cli_take_ssh(Cli *, Error *);
Status cli_help(Cli *, Error *);
void cli_print_usage(void);

#endif
