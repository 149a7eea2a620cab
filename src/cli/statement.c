/* statement: what a region offered, kept, lent and borrowed in a period, with its balance in capacity credits; or, of all
 * regions, the balances. */
#include "cli/statement.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/period.h"

#include <string.h>

enum { WEEKS_BACK = 12 };
_Static_assert(SETTING_RATES == KIND_COUNT + 1, "a rate for each kind");

int64_t asked_credits(const Asked *a, int kind, int site, int other) {
    return ledger_credits(a->ledger->loans[kind][site][other].quantity, a->rates[kind]) -
           ledger_credits(a->ledger->loans[kind][other][site].quantity, a->rates[kind]);
}

static void write_region(Buffer *out, const Asked *a, CliForm form) {
    switch (form) {
    case CLI_TEXT: statement_write_text(out, a); break;
    case CLI_JSON: statement_write_json(out, a); break;
    case CLI_CSV: statement_write_csv(out, a); break;
    }
}

static void write_all(Buffer *out, const Asked *a, CliForm form) {
    switch (form) {
    case CLI_TEXT: balances_write_text(out, a); break;
    case CLI_JSON: balances_write_json(out, a); break;
    case CLI_CSV: balances_write_csv(out, a); break;
    }
}

Status cli_statement(Cli *cli, Error *e) {
    const char *word = cli->options.word_count > 1 ? cli->options.words[1] : NULL;
    int64_t rates[KIND_COUNT + 1] = {0};
    Asked a = {.site = word ? site_of_code(word, strlen(word)) : -1, .rates = rates};
    Buffer out = {0}, clean = {0};
    Record *region;
    a.last = week_of_date(clock_today());
    a.first = a.last - WEEKS_BACK;
    if (word && a.site < 0) return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not a site, such as SMA"), word);
    Status s = cli_kind(cli, &a.kind, e);
    if (s == STATUS_OK) s = cli_period(cli, DATE_NEAREST, &a.first, &a.last, e);
    if (s == STATUS_OK) s = cli_open(cli, false, e);
    if (s == STATUS_OK && word) {
        s = service_record(cli->service, &cli->arena, site_code(a.site), &region, e);
        if (s == STATUS_OK) a.name = value_string(&region->values[SITE_NAME_FR]);
    }
    if (s == STATUS_OK) s = service_ledger(cli->service, &cli->arena, a.kind, a.first, a.last, &a.ledger, e);
    if (s != STATUS_OK) return s;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (asked_for(&a, kind)) rates[kind] = cli->settings.rates[kind];
    }
    if (word) write_region(&out, &a, cli->options.form);
    else write_all(&out, &a, cli->options.form);
    text_clean_out(&clean, buffer_string(&out), out.size, true);
    s = output_flush(&clean, e);
    buffer_free(&out);
    buffer_free(&clean);
    return s;
}
