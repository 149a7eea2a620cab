/* add, set, the lifecycles' verbs, undo and redo. */
#include "base/intl.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parts name=value words from codes, from the given word on. A code never holds '='. */
static Status take_words(Cli *cli, int from, CommandRequest *r, Error *e) {
    int count = cli->options.word_count;
    const char **codes = arena_array(&cli->arena, (size_t)count + 1, sizeof *codes);
    Argument *arguments = arena_array(&cli->arena, (size_t)count + 1, sizeof *arguments);
    for (int i = from; i < count; i++) {
        const char *word = cli->options.words[i], *equals = strchr(word, '=');
        if (!equals && r->argument_count)
            return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not of the form field=value"), word);
        if (equals) {
            arguments[r->argument_count++] = (Argument){
                .name = arena_copy(&cli->arena, word, (size_t)(equals - word)),
                .value = equals + 1,
            };
        } else codes[r->code_count++] = word;
    }
    r->codes = codes;
    r->arguments = arguments;
    return STATUS_OK;
}

/* The rev each record was read at: rev=N, which is no field to set. */
static Status take_rev(Cli *cli, CommandRequest *r, Error *e) {
    Argument *arguments = arena_array(&cli->arena, (size_t)r->argument_count + 1, sizeof *arguments);
    int kept = 0;
    for (int i = 0; i < r->argument_count; i++) {
        const Argument *a = &r->arguments[i];
        assert(r->arguments && a->name);
        if (strcmp(a->name, "rev") != 0) {
            arguments[kept++] = *a;
            continue;
        }
        char *end;
        long long rev = strtoll(a->value, &end, 10);
        if (*end || end == a->value || rev < 1 || r->code_count != 1)
            return error_set(e, STATUS_USAGE, "rev", _("rev=N goes with one record, N being what was read"));
        int64_t *revs = arena_alloc(&cli->arena, sizeof *revs);
        *revs = rev;
        r->revs = revs;
    }
    r->arguments = arguments;
    r->argument_count = kept;
    return STATUS_OK;
}

static void outcome_json(Cli *cli, const Outcome *o, Buffer *b) {
    buffer_format(b, "{\"op\":\"%s\",\"effects\":[", o->op);
    for (int i = 0; i < o->count; i++) {
        buffer_format(b, "%s{\"code\":\"", i ? "," : "");
        effect_code(&o->effects[i], service_codes(cli->service), b);
        buffer_format(b, "\",\"verb\":\"%s\",\"rev\":%lld}", o->effects[i].verb, (long long)o->effects[i].rev);
    }
    buffer_add_string(b, "]}\n");
}

/* What came of it: on standard output the codes of what was made, on standard error a line for people. */
static Status report(Cli *cli, const CommandRequest *r, const Outcome *o, Error *e) {
    Buffer out = {0}, said = {0}, clean = {0};
    bool undoing =
        !strcmp(r->verb, "undo") || !strcmp(r->verb, "redo"); /* then nothing was made, whatever its act did */
    if (cli->options.form == CLI_JSON) outcome_json(cli, o, &out);
    for (int i = 0; cli->options.form != CLI_JSON && !undoing && i < o->count; i++) {
        const Effect *effect = &o->effects[i];
        if (strcmp(effect->verb, "add") != 0 && strcmp(effect->verb, "propose") != 0) continue;
        effect_code(effect, service_codes(cli->service), &out);
        buffer_add_char(&out, '\n');
    }
    if (cli->options.form != CLI_JSON && !out.size) {
        service_say_outcome(cli->service, r, o, &said);
        text_clean_out(&clean, buffer_string(&said), said.size, false);
        fprintf(stderr, "%s%s\n", buffer_string(&clean), r->dry_run ? _(" (nothing was written)") : "");
    }
    Status s = output_flush(&out, e);
    buffer_free(&out);
    buffer_free(&said);
    buffer_free(&clean);
    return s;
}

static Status run(Cli *cli, CommandRequest *r, Error *e) {
    char *op = arena_array(&cli->arena, OPERATION_SIZE, 1);
    Outcome outcome;
    operation_new(op);
    r->op = cli->options.op ? cli->options.op : op;
    r->dry_run = cli->options.dry_run;
    r->form = FORM_TYPED;
    Status s = cli_open(cli, true, e);
    if (s == STATUS_OK) s = service_command(cli->service, &cli->arena, r, &outcome, e);
    return s == STATUS_OK ? report(cli, r, &outcome, e) : s;
}

Status cli_add(Cli *cli, Error *e) {
    CommandRequest r = {.verb = "add", .entity = cli->options.words[1]};
    const Entity *entity;
    Status s = cli_entity(r.entity, &entity, e);
    if (s == STATUS_OK) s = take_words(cli, 2, &r, e);
    if (s == STATUS_OK && r.code_count)
        return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not of the form field=value"), r.codes[0]);
    return s == STATUS_OK ? run(cli, &r, e) : s;
}

Status cli_verb(Cli *cli, Error *e) {
    CommandRequest r = {.verb = cli->options.words[0]};
    Status s = take_words(cli, 1, &r, e);
    if (s == STATUS_OK && !r.code_count)
        return error_set(e, STATUS_USAGE, NULL, _("usage: jazari %s %s"), r.verb, "CODE ... [FIELD=VALUE ...]");
    if (s == STATUS_OK) s = take_rev(cli, &r, e);
    return s == STATUS_OK ? run(cli, &r, e) : s;
}

Status cli_undo(Cli *cli, Error *e) {
    long times = 1;
    if (cli->options.word_count > 1) {
        char *end;
        times = strtol(cli->options.words[1], &end, 10);
        if (*end || times < 1 || times > 1000)
            return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not a number of acts, 1 to 1000"),
                             cli->options.words[1]);
    }
    if (times > 1 && (cli->options.op || cli->options.dry_run))
        return error_set(e, STATUS_USAGE, cli->options.op ? "--op" : "--dry-run",
                         _("it goes with one act: each of several is an operation of its own"));
    Status s = STATUS_OK;
    for (long i = 0; i < times && s == STATUS_OK; i++) {
        CommandRequest r = {.verb = cli->options.words[0]};
        s = run(cli, &r, e);
    }
    return s;
}
