/* A region in figures. */
#include "panels/region_figures.h"

#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Labels have room for the longest kind where the pane is wide. */
static int label_width(Rect r) {
    return r.w >= 56 ? 17 : 12;
}

const char *measure_label(Measure m) {
    switch (m) {
    case MEASURE_LATE: return _("Late projects");
    case MEASURE_PROJECTS: return _("Active projects");
    case MEASURE_LOAD: return _("GPU hours booked, percent");
    case MEASURE_BALANCE: return _("GPU hours lent less borrowed");
    case MEASURE_COUNT: break;
    }
    return "";
}

int load_percent(const CapacityFigures *c) {
    return calendar_percent(c->booked + c->held, c->offered - c->kept);
}

/* A number in at most five columns: 820, 1.3k, 12k, 3M. */
static void short_number(int64_t n, bool sign, char out[16]) {
    const char *minus = n < 0 ? "-" : sign ? "+" : "";
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    if (size < 1000) snprintf(out, 16, "%s%d", minus, (int)size);
    else if (size < 10000) snprintf(out, 16, "%s%d.%dk", minus, (int)(size / 1000), (int)(size / 100 % 10));
    else if (size < 1000000) snprintf(out, 16, "%s%dk", minus, (int)(size / 1000));
    else snprintf(out, 16, "%s%dM", minus, (int)(size / 1000000 % 100000));
}

Style measure_text(Measure m, const RegionFigures *r, bool known, char out[16]) {
    const CapacityFigures *gpu = &r->capacity[KIND_GPU_HOUR];
    int percent = load_percent(gpu);
    int64_t balance = gpu->lent - gpu->borrowed;
    snprintf(out, 16, "%s", draw_symbol("·", "."));
    switch (m) {
    case MEASURE_LATE:
        if (!known || !r->late) return STYLE_DIM;
        short_number(r->late, false, out);
        return r->late >= 4 ? STYLE_LATE : STYLE_SOON;
    case MEASURE_PROJECTS:
        if (!known || !r->projects) return STYLE_DIM;
        short_number(r->projects, false, out);
        return STYLE_TEXT;
    case MEASURE_LOAD:
        if (percent < 0) return STYLE_DIM;
        snprintf(out, 16, "%d", percent);
        return percent >= 90 ? STYLE_LATE : percent >= 60 ? STYLE_SOON : percent ? STYLE_GOOD : STYLE_DIM;
    case MEASURE_BALANCE:
        if (!balance) return STYLE_DIM;
        short_number(balance / 1000, true, out);
        return balance > 0 ? STYLE_GOOD : STYLE_SOON;
    case MEASURE_COUNT: break;
    }
    return STYLE_DIM;
}

void measure_legend(Measure m, Rect r, bool below_each_other) {
    static const struct {
        const char *text;
        Style style;
    } legends[MEASURE_COUNT][4] = {
        [MEASURE_LATE] = {{N_("· none"), STYLE_DIM}, {N_("1 to 3"), STYLE_SOON}, {N_("4 and more"), STYLE_LATE}},
        [MEASURE_PROJECTS] = {{N_("how many"), STYLE_DIM}},
        [MEASURE_LOAD] = {{N_("this week:"), STYLE_DIM},
                          {N_("below 60"), STYLE_GOOD},
                          {N_("60 to 89"), STYLE_SOON},
                          {N_("90 and more"), STYLE_LATE}},
        [MEASURE_BALANCE] = {{N_("this week:"), STYLE_DIM},
                             {N_("+ lends more"), STYLE_GOOD},
                             {N_("- borrows more"), STYLE_SOON}},
    };
    int x = r.x, y = r.y, entries = 0;
    while (entries < 4 && legends[m][entries].text) {
        entries++;
    }
    if (below_each_other) y += r.h - entries;
    for (int i = 0; i < entries; i++) {
        int used = draw_string(y, x, r.x + r.w - x, legends[m][i].style, _(legends[m][i].text));
        if (below_each_other) y++;
        else x += used + 2;
    }
}

void load_region_names(App *app, Arena *arena, RegionName out[SITE_COUNT]) {
    for (int i = 0; i < SITE_COUNT; i++) {
        Record *r;
        out[i] = (RegionName){.name = site_code(i), .seat = ""};
        if (service_record(app->service, arena, site_code(i), &r, NULL) != STATUS_OK) continue;
        out[i].name = value_string(&r->values[SITE_NAME_FR]);
        out[i].seat = value_string(&r->values[SITE_SEAT]);
        out[i].population = value_number_or(&r->values[SITE_POPULATION], 0);
    }
}

/* --- the pane ----------------------------------------------------------------------------------------------------- */

static void line(int y, Rect r, const char *label, const char *strong, const char *more, Style style) {
    draw_string(y, r.x, label_width(r) - 1, STYLE_DIM, label);
    int x = r.x + label_width(r), used = draw_string(y, x, r.w - label_width(r), STYLE_STRONG, strong);
    if (*more) draw_string(y, x + used + 2, r.w - label_width(r) - used - 2, style, more);
}

static void counted(char *out, size_t size, const char *one, const char *many, int64_t count) {
    Buffer number = {0};
    const char *form = ngettext(one, many, (unsigned long)count);
    number_show(&number, count, 0);
    const char *at = strstr(form, "%s");
    snprintf(out, size, "%.*s%s%s", at ? (int)(at - form) : 0, form, number.bytes, at ? at + 2 : "");
    buffer_free(&number);
}

void draw_amount(int y, int x, int w, Style style, int64_t number, bool sign, int decimals) {
    Buffer text = {0};
    if (sign && number > 0) buffer_add_char(&text, '+');
    if (number) number_show(&text, number, 3);
    else buffer_add_string(&text, draw_symbol("·", "."));
    number_align(&text, number, 3, decimals);
    if (text_width(text.bytes, text.size) > w - 1) {
        buffer_clear(&text);
        if (sign && number > 0) buffer_add_char(&text, '+');
        number_show(&text, (number + (number < 0 ? -500 : 500)) / 1000, 0);
    }
    draw_right(y, x, w - 1, number || style == STYLE_SELECTED ? style : STYLE_DIM, text.bytes);
    buffer_free(&text);
}

/* Appends the sites' codes where all of them fit in w columns, else how many they are. */
static void sites_fitting(unsigned sites, int w, Buffer *b) {
    int count = 0;
    Buffer codes = {0};
    for (int i = 0; i < SITE_COUNT; i++) {
        if (!(sites >> i & 1)) continue;
        buffer_format(&codes, "%s%s", count++ ? ", " : "", site_code(i));
    }
    if ((int)codes.size <= w) buffer_add_string(b, buffer_string(&codes));
    else buffer_format(b, ngettext("%d other", "%d others", (unsigned long)count), count);
    buffer_free(&codes);
}

/* GPU hours and with whom; where there are none, with whom other kinds. */
static void loan_line(int y, Rect r, const char *label, int64_t gpu, unsigned sites, const char *to) {
    Buffer amount = {0}, names = {0};
    if (gpu) kind_show(&amount, KIND_GPU_HOUR, gpu);
    if (!amount.size) buffer_add_string(&amount, sites ? _("other kinds") : draw_symbol("–", "-"));
    if (sites) {
        buffer_format(&names, "%s ", to);
        int used = text_width(amount.bytes, amount.size) + 2 + text_width(names.bytes, names.size);
        sites_fitting(sites, r.w - label_width(r) - used, &names);
    }
    line(y, r, label, amount.bytes, buffer_string(&names), STYLE_TEXT);
    buffer_free(&amount);
    buffer_free(&names);
}

/* --- gauges -------------------------------------------------------------------------------------------------------- */

/* One layout for all of a pane's gauges, so that they can be compared: labels, bars of one width, figures to the right,
 * and their units where there is room for them. */
typedef struct GaugeColumns {
    int label, bar, value, unit; /* widths; unit 0: no room, storage then says it in its label */
} GaugeColumns;

static bool has_gauge(const CapacityFigures *c, int kind) {
    return kind_countable(kind) && c->offered - c->kept > 0;
}

static int columns_of(const char *text) {
    return text_width(text, strlen(text));
}

/* "521 + 110 / 2 120": booked, held and lendable. */
static void gauge_figures(const CapacityFigures *c, Buffer *text) {
    number_show(text, c->booked, 3);
    if (c->held) {
        buffer_add_string(text, " + ");
        number_show(text, c->held, 3);
    }
    buffer_add_string(text, " / ");
    number_show(text, c->offered - c->kept, 3);
}

static void gauge_label(int kind, bool with_unit, Buffer *text) {
    buffer_add_string(text, _(choice_of_number(kind_choices, kind)->label));
    /* The other kinds' labels tell their units. */
    if (!with_unit && kind == KIND_STORAGE_TIB_MONTH) buffer_format(text, ", %s", kind_unit(kind));
}

static GaugeColumns gauge_columns(const RegionFigures *f, int w) {
    enum { UNITS_FROM = 56, BAR_LEAST = 4, BAR_MOST = 40 };
    GaugeColumns g = {0};
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        Buffer label = {0}, value = {0};
        if (!has_gauge(&f->capacity[kind], kind)) continue;
        gauge_label(kind, w >= UNITS_FROM, &label);
        gauge_figures(&f->capacity[kind], &value);
        int label_w = text_width(label.bytes, label.size), value_w = text_width(value.bytes, value.size);
        if (label_w > g.label) g.label = label_w;
        if (value_w > g.value) g.value = value_w;
        if (w >= UNITS_FROM && columns_of(kind_unit(kind)) > g.unit) g.unit = columns_of(kind_unit(kind));
        buffer_free(&label);
        buffer_free(&value);
    }
    g.bar = w - g.label - 1 - g.value - 1 - (g.unit ? g.unit + 1 : 0);
    if (g.bar < BAR_LEAST) g.bar = BAR_LEAST;
    if (g.bar > BAR_MOST) g.bar = BAR_MOST;
    return g;
}

static void gauge_line(int y, Rect r, const GaugeColumns *g, int kind, const CapacityFigures *c) {
    Buffer label = {0}, value = {0};
    int percent = load_percent(c), x = r.x + g->label + 1;
    gauge_label(kind, g->unit > 0, &label);
    gauge_figures(c, &value);
    draw_string(y, r.x, g->label, STYLE_DIM, label.bytes);
    draw_gauge_held(y, x, g->bar,
                    percent >= 90   ? STYLE_LATE
                    : percent >= 60 ? STYLE_SOON
                                    : STYLE_GOOD,
                    c->booked, c->held, c->offered - c->kept);
    x += g->bar + 1;
    draw_right(y, x, g->value, STYLE_TEXT, value.bytes);
    if (g->unit) draw_string(y, x + g->value + 1, g->unit, STYLE_TEXT, kind_unit(kind));
    buffer_free(&label);
    buffer_free(&value);
}

/* What bars and figures mean: "━ booked + ╍ held / lendable", ending where the figures do. */
static void gauge_legend(int y, Rect r, const GaugeColumns *g) {
    const struct {
        const char *text;
        Style style;
    } parts[] = {{draw_symbol("━ ", "# "), STYLE_GOOD},
                 {_("booked"), STYLE_DIM},
                 {" + ", STYLE_DIM},
                 {draw_symbol("╍ ", "= "), STYLE_SOON},
                 {_("held"), STYLE_DIM},
                 {" / ", STYLE_DIM},
                 {_("lendable"), STYLE_DIM}};
    enum { PARTS = sizeof parts / sizeof *parts };
    int w = 0, end = r.x + g->label + 1 + g->bar + 1 + g->value;
    for (int i = 0; i < PARTS; i++) {
        w += columns_of(parts[i].text);
    }
    for (int i = 0, x = end - w < r.x ? r.x : end - w; i < PARTS && x < r.x + r.w; i++) {
        x += draw_string(y, x, r.x + r.w - x, parts[i].style, parts[i].text);
    }
}

int draw_region_capacity(App *app, int site, Rect r) {
    const RegionFigures *f = &app_figures(app)->region[site];
    const CapacityFigures *gpu = &f->capacity[KIND_GPU_HOUR];
    int y = r.y, end = r.y + r.h;
    loan_line(y++, r, _("Lends"), gpu->lent, gpu->lent ? gpu->lends_to : f->lends_to, _("to"));
    loan_line(y++, r, _("Borrows"), gpu->borrowed, gpu->borrowed ? gpu->borrows_from : f->borrows_from, _("from"));
    const GaugeColumns g = gauge_columns(f, r.w);
    if (!g.label) {
        if (y < end) draw_string(y++, r.x, r.w, STYLE_DIM, _("Nothing is offered this week."));
        return y - r.y;
    }
    if (y + 1 < end) gauge_legend(y++, r, &g);
    for (int kind = 1; kind <= KIND_COUNT && y < end; kind++) {
        if (has_gauge(&f->capacity[kind], kind)) gauge_line(y++, r, &g, kind, &f->capacity[kind]);
    }
    return y - r.y;
}

int draw_region(App *app, int site, Rect r) {
    const RegionFigures *f = &app_figures(app)->region[site];
    char strong[64], more[64] = "";
    int y = r.y;
    if (app->projects_known) counted(strong, sizeof strong, N_("%s active"), N_("%s active"), f->projects);
    else snprintf(strong, sizeof strong, "%s", draw_symbol("…", "~"));
    if (app->projects_known && f->late) counted(more, sizeof more, N_("%s late"), N_("%s late"), f->late);
    line(y++, r, _("Projects"), strong, more, STYLE_LATE);
    counted(strong, sizeof strong, N_("%s open"), N_("%s open"), f->needs_open);
    *more = 0;
    if (f->needs_urgent) counted(more, sizeof more, N_("%s urgent"), N_("%s urgent"), f->needs_urgent);
    line(y++, r, _("Needs"), strong, more, STYLE_SOON);
    return y - r.y + draw_region_capacity(app, site, (Rect){y, r.x, r.h - (y - r.y), r.w});
}
