/* The command line's arguments. Options may stand anywhere; "--" ends them. A word that begins with one '-' and is no
 * option is a filter's negated term. */
#include "cli/cli.h"

#include "base/intl.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* VERB stands for the verbs of lifecycles and the commands on records; "" for all. */
const CliOption cli_options[] = {
    {"--config", "-c", "FILE", N_("Settings from this file."), 's', offsetof(CliOptions, config), "", false},
    {"--store", NULL, "PATH", N_("The store, instead of the settings' one."), 's', offsetof(CliOptions, store), "",
     false},
    {"--socket", NULL, "PATH", N_("The socket of jazari serve, instead of the settings' one."), 's',
     offsetof(CliOptions, socket), "", false},
    {"--site", NULL, "CODE", N_("The site to act for; with init: the sites to be home to."), 's',
     offsetof(CliOptions, site), "", false},
    {"--json", NULL, NULL, N_("For programs: JSON."), 'j', 0,
     "list show export log statement bookings fit plan import add set undo redo VERB", true},
    {"--csv", NULL, NULL, N_("For programs: CSV."), 'c', 0, "list show export statement bookings fit", true},
    {"--columns", NULL, "A,B", N_("Which fields, in this order."), 's', offsetof(CliOptions, columns),
     "list show export", true},
    {"--sort", NULL, "[-]A", N_("By this field; '-' for descending."), 's', offsetof(CliOptions, sort), "list export",
     true},
    {"--limit", NULL, "N", N_("At most so many."), 'n', offsetof(CliOptions, limit), "list export log", true},
    {"--format", NULL, "csv | sacct",
     N_("What the file is. csv, as where nothing is said: records, in CSV or JSON. sacct, with import usage: what "
        "Slurm prints of its jobs by TZ=UTC sacct --parsable2 --allusers, with the columns "
        "JobID, "
        "Account, User, State, Start, End, ElapsedRaw, AllocTRES (--format=...). Weeks are UTC's; hours go to the "
        "allocation that names the account: jazari account CODE account=NAME."),
     's', offsetof(CliOptions, format), "import", false},
    {"--kind", NULL, "K", N_("Of this kind of capacity."), 's', offsetof(CliOptions, kind), "statement bookings plan",
     true},
    {"--from", NULL, "W",
     N_("From this week: 2026-W48, W48, -12w, a date in it; or from the first of 2026-11 or 2026."), 's',
     offsetof(CliOptions, from), "statement bookings plan", true},
    {"--to", NULL, "W", N_("To this week, or the last of a month or year."), 's', offsetof(CliOptions, to),
     "statement bookings plan", true},
    {"--ics", NULL, NULL, N_("As an iCalendar for calendar programs."), 'f', offsetof(CliOptions, ics), "bookings",
     true},
    {"--apply", NULL, NULL, N_("Makes the plan's proposals, all or none."), 'f', offsetof(CliOptions, apply), "plan",
     false},
    {"--keep", NULL, NULL, N_("Makes what was supposed, and no proposals."), 'f', offsetof(CliOptions, keep), "plan",
     false},
    {"--head", NULL, "H ...", N_("The journal must still hold these, which journal head printed (in quotation marks)."),
     's', offsetof(CliOptions, head), "check", true},
    {"--rotate", NULL, "N", N_("FILE is a directory, of whose copies the newest N are kept."), 'n',
     offsetof(CliOptions, rotate), "backup", false},
    {"--demo", NULL, NULL, N_("Home to all sites, filled with a demonstration network."), 'f',
     offsetof(CliOptions, demo), "init", false},
    {"--op", NULL, "ID", N_("The operation's own id: the same one twice is done once."), 's', offsetof(CliOptions, op),
     "add set undo redo import plan VERB", false},
    {"--dry-run", NULL, NULL, N_("Do all but write."), 'f', offsetof(CliOptions, dry_run),
     "add set undo redo import VERB", false},
    {"--panel", NULL, "NAME", N_("Which panel the screen opens with."), 's', offsetof(CliOptions, panel), "screen",
     false},
    {"--help", "-h", NULL, N_("This."), 'f', offsetof(CliOptions, help), "", false},
    {"--version", NULL, NULL, N_("Which jazari this is."), 'f', offsetof(CliOptions, version), "", false},
    {0},
};

static const CliOption *find(const char *word, size_t size) {
    for (const CliOption *o = cli_options; o->name; o++) {
        if (strlen(o->name) == size && !strncmp(o->name, word, size)) return o;
        if (o->short_name && strlen(o->short_name) == size && !strncmp(o->short_name, word, size)) return o;
    }
    return NULL;
}

bool cli_option_fits(const CliOption *o, const char *command) {
    size_t size = strlen(command);
    if (!*o->with) return true;
    for (const char *at = o->with; (at = strstr(at, command)); at += size) {
        if ((at == o->with || at[-1] == ' ') && (at[size] == ' ' || !at[size])) return true;
    }
    return false;
}

Status cli_options_fit(const CliOptions *o, const char *command, Error *e) {
    for (int i = 0; cli_options[i].name; i++) {
        if (!(o->given >> i & 1) || cli_option_fits(&cli_options[i], command)) continue;
        return error_set(e, STATUS_USAGE, cli_options[i].name, _("it goes with: %s"), cli_options[i].with);
    }
    if (o->json_and_csv) return error_set(e, STATUS_USAGE, "--csv", _("either --json or --csv"));
    return STATUS_OK;
}

static Status set(CliOptions *o, const CliOption *option, const char *word, const char *value, Error *e) {
    char *place = (char *)o + option->offset;
    char *end;
    long long number;
    o->given |= 1u << (option - cli_options);
    switch (option->kind) {
    case 's':
        /* An empty variable of a script must not turn into the default store or settings. */
        if (!value || !*value)
            return error_set(e, STATUS_USAGE, NULL, _("%.*s wants a value"), (int)strcspn(word, "="), word);
        *(const char **)(void *)place = value;
        return STATUS_OK;
    case 'f': *(bool *)(void *)place = true; return STATUS_OK;
    case 'j':
    case 'c':
        o->json_and_csv = o->form != CLI_TEXT && o->form != (option->kind == 'j' ? CLI_JSON : CLI_CSV);
        o->form = option->kind == 'j' ? CLI_JSON : CLI_CSV;
        return STATUS_OK;
    default: break;
    }
    assert(value);
    number = strtoll(value, &end, 10);
    if (*end || end == value || number < 0 || number > INT64_C(1000000000000))
        return error_set(e, STATUS_USAGE, option->name, _("\"%.40s\" is not a whole number"), value);
    *(int64_t *)(void *)place = number;
    return STATUS_OK;
}

static bool looks_like_option(const char *word) {
    return word[0] == '-' && word[1] && (word[1] == '-' || !word[2]) && !(word[1] >= '0' && word[1] <= '9');
}

Status cli_parse(Arena *arena, int argc, char **argv, CliOptions *o, Error *e) {
    const char **words = arena_array(arena, (size_t)argc + 1, sizeof *words);
    *o = (CliOptions){.limit = -1, .rotate = -1, .words = words};
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *equals = strchr(word, '=');
        if (!ended && !strcmp(word, "--")) {
            ended = true;
            continue;
        }
        const CliOption *option = ended || *word != '-'
                                      ? NULL
                                      : find(word, equals && word[1] == '-' ? (size_t)(equals - word) : strlen(word));
        if (!option) {
            if (!ended && looks_like_option(word))
                return error_set(e, STATUS_USAGE, NULL, _("%.40s: there is no such option (see jazari --help)"), word);
            words[o->word_count++] = word;
            continue;
        }
        const char *value = equals && word[1] == '-' ? equals + 1 : NULL;
        if (strchr("sn", option->kind) && !value) {
            if (++i == argc) return error_set(e, STATUS_USAGE, NULL, _("%s wants a value"), word);
            value = argv[i];
        } else if (!strchr("sn", option->kind) && value) {
            return error_set(e, STATUS_USAGE, NULL, _("%s takes no value"), option->name);
        }
        Status s = set(o, option, word, value, e);
        if (s != STATUS_OK) return s;
    }
    return STATUS_OK;
}
