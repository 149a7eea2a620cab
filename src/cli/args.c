/* The command line's arguments. Options may stand anywhere; "--" ends them. A word that begins with one '-' and is no
 * option is a filter's negated term. */
#include "cli/cli.h"

#include "base/intl.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct Option {
    const char *name;
    char kind; /* 's' takes a text, 'n' a number, 'f' sets a flag, 'j' and 'c' set the form */
    size_t offset;
} Option;

static const Option options[] = {
    {"-c", 's', offsetof(CliOptions, config)},
    {"--config", 's', offsetof(CliOptions, config)},
    {"--store", 's', offsetof(CliOptions, store)},
    {"--socket", 's', offsetof(CliOptions, socket)},
    {"--site", 's', offsetof(CliOptions, site)},
    {"--head", 's', offsetof(CliOptions, head)},
    {"--columns", 's', offsetof(CliOptions, columns)},
    {"--sort", 's', offsetof(CliOptions, sort)},
    {"--op", 's', offsetof(CliOptions, op)},
    {"--panel", 's', offsetof(CliOptions, panel)},
    {"--format", 's', offsetof(CliOptions, format)},
    {"--kind", 's', offsetof(CliOptions, kind)},
    {"--from", 's', offsetof(CliOptions, from)},
    {"--to", 's', offsetof(CliOptions, to)},
    {"--limit", 'n', offsetof(CliOptions, limit)},
    {"--rotate", 'n', offsetof(CliOptions, rotate)},
    {"--demo", 'f', offsetof(CliOptions, demo)},
    {"--dry-run", 'f', offsetof(CliOptions, dry_run)},
    {"--help", 'f', offsetof(CliOptions, help)},
    {"-h", 'f', offsetof(CliOptions, help)},
    {"--version", 'f', offsetof(CliOptions, version)},
    {"--ics", 'f', offsetof(CliOptions, ics)},
    {"--apply", 'f', offsetof(CliOptions, apply)},
    {"--keep", 'f', offsetof(CliOptions, keep)},
    {"--json", 'j', 0},
    {"--csv", 'c', 0},
};

static const Option *find(const char *word, size_t size) {
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strlen(options[i].name) == size && !strncmp(options[i].name, word, size)) return &options[i];
    }
    return NULL;
}

static Status set(CliOptions *o, const Option *option, const char *value, Error *e) {
    char *place = (char *)o + option->offset;
    char *end;
    long long number;
    switch (option->kind) {
    case 's':
        /* An empty variable of a script must not turn into the default store or settings. */
        if (!value || !*value) return error_set(e, STATUS_USAGE, NULL, _("%s wants a value"), option->name);
        *(const char **)(void *)place = value;
        return STATUS_OK;
    case 'f': *(bool *)(void *)place = true; return STATUS_OK;
    case 'j': o->form = CLI_JSON; return STATUS_OK;
    case 'c': o->form = CLI_CSV; return STATUS_OK;
    default: break;
    }
    assert(value);
    number = strtoll(value, &end, 10);
    if (*end || end == value || number < 0 || number > INT64_C(1000000000000))
        return error_set(e, STATUS_USAGE, option->name, _("\"%.40s\" is not a number of records"), value);
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
        const Option *option = ended || *word != '-'
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
            if (++i == argc) return error_set(e, STATUS_USAGE, NULL, _("%s wants a value"), option->name);
            value = argv[i];
        } else if (!strchr("sn", option->kind) && value) {
            return error_set(e, STATUS_USAGE, NULL, _("%s takes no value"), option->name);
        }
        Status s = set(o, option, value, e);
        if (s != STATUS_OK) return s;
    }
    return STATUS_OK;
}
