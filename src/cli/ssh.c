/* What an SSH client asked to be run where the server forces this program (ForceCommand): only commands that read, those
 * that the settings name, with no more than the options that say what is read and how. No shell sees any of it. */
#include "base/intl.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 64, BYTES_MOST = 4000 };

static bool reads(const char *command) {
    for (const char *const *word = ssh_command_words; *word; word++) {
        if (!strcmp(*word, command)) return true;
    }
    return false;
}

/* Whether a text of words parted by blanks has this one. */
static bool names(const char *text, const char *word) {
    size_t size = strlen(word);
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, " ,");
        if (n == size && !strncmp(at, word, n)) return true;
        at += n + strspn(at + n, " ,");
    }
    return false;
}

/* Blanks part words; quotes, single or double, keep them together. */
static Status split(Arena *arena, const char *text, char **words, int *count, Error *e) {
    char *copy = arena_string(arena, text), *to = copy, quote = 0;
    bool within = false;
    *count = 0;
    for (const char *at = text; *at; at++) {
        if (quote ? *at == quote : *at == '"' || *at == '\'') {
            quote = quote ? 0 : *at;
            if (!within && *count < WORDS_MOST) words[(*count)++] = to;
            within = true;
        } else if (!quote && *at == ' ') {
            if (within) *to++ = 0;
            within = false;
        } else {
            if (!within && *count == WORDS_MOST)
                return error_set(e, STATUS_USAGE, NULL, _("more than %d words"), WORDS_MOST);
            if (!within) words[(*count)++] = to;
            within = true;
            *to++ = *at;
        }
    }
    *to = 0;
    return quote ? error_set(e, STATUS_USAGE, NULL, _("a quotation mark is not closed")) : STATUS_OK;
}

static Status refuse(const Cli *cli, const char *what, Error *e) {
    if (!*cli->settings.ssh_commands)
        return error_set(e, STATUS_DENIED, NULL, _("%.40s: no command is run over SSH here: connect without one"),
                         what);
    return error_set(e, STATUS_DENIED, NULL, _("%.40s: over SSH only these commands are run, to read: %.100s"), what,
                     cli->settings.ssh_commands);
}

Status cli_take_ssh(Cli *cli, Error *e) {
    const char *asked = getenv("SSH_ORIGINAL_COMMAND");
    if (!asked || !*asked || cli->options.word_count) return STATUS_OK;
    char *words[WORDS_MOST + 2] = {NULL};
    const char *config = cli->options.config;
    int count;
    if (strlen(asked) > BYTES_MOST) return refuse(cli, _("so long a command"), e);
    Status s = split(&cli->arena, asked, words + 1, &count, e);
    if (s != STATUS_OK) return s;
    int first = count && !strcmp(words[1], "jazari") ? 2 : 1;
    if (first > count) return STATUS_OK;
    const char *command = words[first];
    if (!reads(command) || !names(cli->settings.ssh_commands, command)) return refuse(cli, command, e);
    s = cli_parse(&cli->arena, count - first + 2, words + first - 1, &cli->options, e);
    for (int i = 0; s == STATUS_OK && cli_options[i].name; i++) {
        if (cli->options.given >> i & 1 && !cli_options[i].over_ssh)
            return error_set(e, STATUS_DENIED, cli_options[i].name, _("over SSH this option is not taken"));
    }
    cli->options.config = config;
    return s;
}
