/* import usage FILE --format sacct. */
#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/import_source.h"
#include "cli/output.h"
#include "commands/import_usage.h"

#include <stdio.h>
#include <string.h>

/* "projet-eau: 12.5 GPU h, 3 jobs: no allocation of SMA names it". */
static void say_stranger(Cli *cli, const StrangeAccount *a) {
    Buffer text = {0}, clean = {0};
    text_clean_out(&text, a->account, strlen(a->account), false);
    buffer_add_string(&text, ":");
    const int64_t hours[] = {a->gpu, a->cpu};
    static const int kinds[] = {KIND_GPU_HOUR, KIND_CPU_HOUR};
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        if (!hours[i]) continue;
        buffer_add_char(&text, ' ');
        kind_amount(&text, kinds[i], hours[i]);
        buffer_add_char(&text, ',');
    }
    buffer_format(&text, ngettext(" %lld job: ", " %lld jobs: ", (unsigned long)a->jobs), (long long)a->jobs);
    if (a->first) {
        buffer_add_string(&text, _("outside of what is booked, "));
        week_show_span(&text, a->first, a->last, clock_today());
    } else if (a->allocation) {
        char code[CODE_SIZE];
        code_write(entity_allocation.letter, a->allocation, code);
        const Choice *state = choice_of_number(entity_allocation.states, a->state);
        buffer_format(&text, _("%s names it and is %s: start it first"), code, state ? _(state->label) : "?");
    } else buffer_format(&text, _("no allocation of %s names it"), site_code(service_actor(cli->service)->site));
    text_clean_out(&clean, buffer_string(&text), text.size, false);
    fprintf(stderr, "%s\n", buffer_string(&clean));
    buffer_free(&text);
    buffer_free(&clean);
}

/* What is outside of what is booked, or what is of accounts that no allocation names. */
static void write_accounts(Buffer *b, const UsageImportReply *r, bool outside) {
    const char *comma = "";
    for (int i = 0; i < r->strange_count; i++) {
        const StrangeAccount *a = &r->strange[i];
        char first[WEEK_SIZE], last[WEEK_SIZE];
        if ((a->first > 0) != outside) continue;
        buffer_format(b, "%s\n{\"account\":", comma);
        json_write_string(b, a->account, strlen(a->account));
        buffer_format(b, ",\"jobs\":%lld,\"gpu_hour\":", (long long)a->jobs);
        number_write(b, a->gpu, 3);
        buffer_add_string(b, ",\"cpu_hour\":");
        number_write(b, a->cpu, 3);
        if (outside) {
            week_write(a->first, first);
            week_write(a->last, last);
            buffer_format(b, ",\"first\":\"%s\",\"last\":\"%s\"", first, last);
        }
        buffer_add_char(b, '}');
        comma = ",";
    }
}

static Status report_json(const UsageImportReply *r, Error *e) {
    Buffer b = {0};
    buffer_format(&b, "{\"lines\":%lld,\"jobs\":%lld,\"added\":%lld,\"same\":%lld,\"unknown\":[", (long long)r->lines,
                  (long long)r->jobs, (long long)r->added, (long long)r->same);
    write_accounts(&b, r, false);
    buffer_add_string(&b, "],\"outside\":[");
    write_accounts(&b, r, true);
    buffer_add_string(&b, "]}\n");
    Status s = output_flush(&b, e);
    buffer_free(&b);
    return s;
}

/* That not all was recorded is no success, though the rest was. */
static Status say_missed(const UsageImportReply *r, Error *e) {
    int unknown = 0;
    while (unknown < r->strange_count && !r->strange[unknown].first) {
        unknown++;
    }
    if (!r->strange_count) return STATUS_OK;
    if (unknown)
        return error_set(e, STATUS_NOT_FOUND, NULL,
                         ngettext("the hours of %d account were not recorded: no running allocation names it (jazari "
                                  "account CODE account=NAME); what is of the others was",
                                  "the hours of %d accounts were not recorded: no running allocation names them "
                                  "(jazari account CODE account=NAME); what is of the others was",
                                  (unsigned long)unknown),
                         unknown);
    return error_set(e, STATUS_NOT_FOUND, NULL,
                     ngettext("hours of %d account lie outside of what is booked and were not recorded; the rest was",
                              "hours of %d accounts lie outside of what is booked and were not recorded; the rest was",
                              (unsigned long)r->strange_count),
                     r->strange_count);
}

static Status report(Cli *cli, const UsageImportReply *r, Error *e) {
    if (r->repeated) {
        fprintf(stderr, "%s\n", _("this operation was done before: nothing was written"));
        return STATUS_OK;
    }
    Status s = cli->options.form == CLI_JSON ? report_json(r, e) : STATUS_OK;
    if (s != STATUS_OK) return s;
    fprintf(stderr,
            ngettext("%lld job: %lld usage added, %lld as recorded%s\n",
                     "%lld jobs: %lld usage added, %lld as recorded%s\n", (unsigned long)r->jobs),
            (long long)r->jobs, (long long)r->added, (long long)r->same,
            cli->options.dry_run ? _(" (nothing was written)") : "");
    for (int i = 0; i < r->strange_count && cli->options.form != CLI_JSON; i++) {
        say_stranger(cli, &r->strange[i]);
    }
    return say_missed(r, e);
}

static Status check_words(Cli *cli, Error *e) {
    const Entity *entity;
    if (strcmp(cli->options.format, "sacct") != 0)
        return error_set(e, STATUS_USAGE, "--format", _("\"%.40s\" is not a form that is read: csv or sacct"),
                         cli->options.format);
    Status s = cli_entity(cli->options.words[1], &entity, e);
    if (s == STATUS_OK && entity != &entity_usage)
        s = error_set(e, STATUS_USAGE, "--format", _("sacct tells of usage: jazari import usage FILE --format sacct"));
    return s;
}

Status cli_import_usage(Cli *cli, Error *e) {
    char op[OPERATION_SIZE];
    ImportSource source;
    UsageImportReply reply = {0};
    operation_new(op);
    UsageImportRequest r = {.op = cli->options.op ? cli->options.op : op,
                            .dry_run = cli->options.dry_run,
                            .progress = import_source_progress,
                            .context = &source};
    Status s = check_words(cli, e);
    if (s == STATUS_OK) s = import_source_open(cli, &source, e);
    if (s != STATUS_OK) return s;
    r.file = source.name;
    r.fd = source.fd;
    s = cli_open(cli, true, e);
    if (s == STATUS_OK) s = service_import_usage(cli->service, &cli->arena, &r, &reply, e);
    import_source_close(&source);
    if (s == STATUS_OK) return report(cli, &reply, e);
    import_source_say_faults(reply.faults, reply.fault_count, e);
    return s;
}
