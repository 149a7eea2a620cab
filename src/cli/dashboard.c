/* The dashboard as text, for scripts and for whoever has no terminal: the regions in figures, then what wants attention
 * at the site acted for. */
#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

static void pad(Buffer *b, const char *text, int width, bool right) {
    int used, whole = text_width(text, strlen(text));
    size_t n = text_fit(text, strlen(text), whole > width ? width - 1 : width, &used);
    if (right) buffer_format(b, "%*s", width - used - (whole > width), "");
    buffer_add(b, text, n);
    if (whole > width) buffer_add_string(b, "…");
    if (!right) buffer_format(b, "%*s", width - used - (whole > width), "");
    buffer_add_char(b, ' ');
}

static void end_line(Buffer *b) {
    while (b->size && b->bytes[b->size - 1] == ' ') {
        b->bytes[--b->size] = 0;
    }
    buffer_add_char(b, '\n');
}

static void pad_number(Buffer *b, int64_t number, int scale, int width) {
    Buffer text = {0};
    if (number) number_show(&text, number, scale);
    else buffer_add_char(&text, '-');
    pad(b, text.bytes, width, true);
    buffer_free(&text);
}

static void add_regions(Buffer *b, Service *service, const NetworkFigures *figures, Arena *arena) {
    static const struct {
        const char *heading;
        int width;
    } columns[] = {{N_("Region"), 30},  {N_("Projects"), 9}, {N_("Late"), 6}, {N_("Needs"), 6},
                   {N_("Requests"), 9}, {N_("GPU load"), 9}, {N_("Lent"), 8}, {N_("Borrowed"), 9}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        pad(b, _(columns[i].heading), columns[i].width, i > 0);
    }
    end_line(b);
    for (int site = 0; site < SITE_COUNT; site++) {
        const RegionFigures *r = &figures->region[site];
        const CapacityFigures *gpu = &r->capacity[KIND_GPU_HOUR];
        Record *record;
        if (service_record(service, arena, site_code(site), &record, NULL) != STATUS_OK) continue;
        char name[160], load[16] = "-";
        snprintf(name, sizeof name, "%-4s %s", site_code(site), value_string(&record->values[SITE_NAME_FR]));
        int percent = calendar_percent(gpu->booked + gpu->held, gpu->offered - gpu->kept);
        if (percent >= 0) snprintf(load, sizeof load, "%d %%", percent);
        pad(b, name, 30, false);
        pad_number(b, r->projects, 0, 9);
        pad_number(b, r->late, 0, 6);
        pad_number(b, r->needs_open, 0, 6);
        pad_number(b, r->requests_open, 0, 9);
        pad(b, load, 9, true);
        pad_number(b, gpu->lent, 3, 8);
        pad_number(b, gpu->borrowed, 3, 9);
        end_line(b);
    }
}

static Status add_attention(Buffer *b, Service *service, Arena *arena, int site, Error *e) {
    enum { COUNTED_MOST = 1000, SHOWN_MOST = 20 };
    Attention *items;
    int count;
    Status s = service_attention(service, arena, site, COUNTED_MOST, &items, &count, e);
    if (s != STATUS_OK) return s;
    buffer_format(b, "\n%s %s: %d%s\n", _("Attention at"), site >= 0 ? site_code(site) : "-", count,
                  count == COUNTED_MOST ? "+" : "");
    /* Where one is left, it takes the line that would say so. */
    int shown = count > SHOWN_MOST + 1 ? SHOWN_MOST : count;
    for (int i = 0; i < shown; i++) {
        const Record record = {.entity = items[i].entity, .id = items[i].id};
        Buffer code = {0}, what = {0};
        record_code(&record, NULL, &code);
        attention_say(&items[i], clock_today(), &what);
        pad(b, attention_word(items[i].kind), 9, false);
        pad(b, code.bytes, 12, false);
        pad(b, items[i].title, 44, false);
        buffer_format(b, "%s\n", buffer_string(&what));
        buffer_free(&code);
        buffer_free(&what);
    }
    if (count > shown) buffer_format(b, _("and %d more\n"), count - shown);
    return STATUS_OK;
}

Status cli_dashboard(Cli *cli, Error *e) {
    NetworkFigures figures;
    Buffer out = {0}, clean = {0};
    char week[WEEK_SIZE];
    Status s = cli_open(cli, false, e);
    if (s == STATUS_OK) s = service_figures(cli->service, &figures, e);
    if (s == STATUS_OK) s = service_project_figures(cli->service, &figures, e);
    if (s != STATUS_OK) return s;
    week_write(week_of_date(clock_today()), week);
    buffer_format(&out, "jazari  %s  %s\n\n", service_path(cli->service), week);
    add_regions(&out, cli->service, &figures, &cli->arena);
    const char *word = cli->options.site;
    s = add_attention(&out, cli->service, &cli->arena,
                      word ? site_of_code(word, strlen(word)) : service_actor(cli->service)->site, e);
    text_clean_out(&clean, buffer_string(&out), out.size, true);
    if (s == STATUS_OK) s = output_flush(&clean, e);
    buffer_free(&out);
    buffer_free(&clean);
    return s;
}
