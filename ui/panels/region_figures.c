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
        [MEASURE_LATE] = {{N_("none"), STYLE_DIM}, {N_("1 to 3"), STYLE_SOON}, {N_("4 and more"), STYLE_LATE}},
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

void draw_amount(int y, int x, int w, Style style, int64_t number, bool sign) {
    Buffer text = {0};
    if (sign && number > 0) buffer_add_char(&text, '+');
    if (number) number_show(&text, number, 3);
    else buffer_add_string(&text, draw_symbol("·", "."));
    if (text_width(text.bytes, text.size) > w - 1) {
        buffer_clear(&text);
        if (sign && number > 0) buffer_add_char(&text, '+');
        number_show(&text, (number + (number < 0 ? -500 : 500)) / 1000, 0);
    }
    draw_right(y, x, w - 1, number || style == STYLE_SELECTED ? style : STYLE_DIM, text.bytes);
    buffer_free(&text);
}

/* The sites' codes in at most w columns with what the buffer holds; "RSK, CAS +4" where not all have room. */
static void sites_fitting(unsigned sites, int w, Buffer *b) {
    enum { MORE_WIDTH = 4 };
    int left = 0;
    size_t start = b->size;
    for (int i = 0; i < SITE_COUNT; i++) {
        left += sites >> i & 1;
    }
    for (int i = 0; i < SITE_COUNT; i++) {
        if (!(sites >> i & 1)) continue;
        const char *between = b->size > start ? ", " : "";
        int wanted = (int)(b->size + strlen(between) + strlen(site_code(i))) + (left > 1 ? MORE_WIDTH : 0);
        if (wanted > w) break;
        buffer_format(b, "%s%s", between, site_code(i));
        left--;
    }
    if (left) buffer_format(b, b->size > start ? " +%d" : "%d", left);
}

/* GPU hours and with whom; where there are none, with whom other kinds. */
static void loan_line(int y, Rect r, const char *label, int64_t gpu, unsigned sites, const char *to) {
    Buffer amount = {0}, names = {0};
    if (gpu) {
        number_show(&amount, gpu, 3);
        buffer_format(&amount, " %s", kind_unit(KIND_GPU_HOUR));
    }
    if (!amount.size) buffer_add_string(&amount, sites ? _("other kinds") : draw_symbol("–", "-"));
    if (sites) {
        buffer_format(&names, "%s ", to);
        sites_fitting(sites, r.w - label_width(r) - text_width(amount.bytes, amount.size) - 2, &names);
    }
    line(y, r, label, amount.bytes, buffer_string(&names), STYLE_TEXT);
    buffer_free(&amount);
    buffer_free(&names);
}

/* "GPU hours ----__ 84 + 12 held / 920 GPU h"; where it is narrow "84+12 / 920 GPU h". */
static void gauge_line(int y, Rect r, int kind, const CapacityFigures *c) {
    Buffer text = {0};
    int64_t lendable = c->offered - c->kept;
    int percent = load_percent(c), gauge;
    number_show(&text, c->booked, 3);
    if (c->held) {
        buffer_add_string(&text, r.w >= 56 ? " + " : "+");
        number_show(&text, c->held, 3);
        if (r.w >= 56) buffer_format(&text, " %s", _("held"));
    }
    buffer_add_string(&text, " / ");
    number_show(&text, lendable, 3);
    buffer_format(&text, " %s", kind_unit(kind));
    draw_string(y, r.x, label_width(r) - 1, STYLE_DIM, _(choice_of_number(kind_choices, kind)->label));
    int w = text_width(text.bytes, text.size);
    gauge = r.w - label_width(r) - (w > 18 ? w : 18) - 1;
    if (gauge < 5) gauge = 5;
    draw_gauge(y, r.x + label_width(r), gauge,
               percent >= 90   ? STYLE_LATE
               : percent >= 60 ? STYLE_SOON
                               : STYLE_GOOD,
               c->booked + c->held, lendable);
    draw_string(y, r.x + label_width(r) + gauge + 1, r.w - label_width(r) - gauge - 1, STYLE_TEXT, text.bytes);
    buffer_free(&text);
}

int draw_region(App *app, int site, Rect r) {
    const RegionFigures *f = &app_figures(app)->region[site];
    char strong[64], more[64] = "";
    int y = r.y, end = r.y + r.h;
    if (app->projects_known) counted(strong, sizeof strong, N_("%s active"), N_("%s active"), f->projects);
    else snprintf(strong, sizeof strong, "%s", draw_symbol("…", "~"));
    if (app->projects_known && f->late) counted(more, sizeof more, N_("%s late"), N_("%s late"), f->late);
    line(y++, r, _("Projects"), strong, more, STYLE_LATE);
    counted(strong, sizeof strong, N_("%s open"), N_("%s open"), f->needs_open);
    *more = 0;
    if (f->needs_urgent) counted(more, sizeof more, N_("%s urgent"), N_("%s urgent"), f->needs_urgent);
    line(y++, r, _("Needs"), strong, more, STYLE_SOON);
    const CapacityFigures *gpu = &f->capacity[KIND_GPU_HOUR];
    loan_line(y++, r, _("Lends"), gpu->lent, gpu->lent ? gpu->lends_to : f->lends_to, _("to"));
    loan_line(y++, r, _("Borrows"), gpu->borrowed, gpu->borrowed ? gpu->borrows_from : f->borrows_from, _("from"));
    if (y + 1 < end) y++;
    bool any = false;
    for (int kind = 1; kind <= KIND_COUNT && y < end; kind++) {
        if (!kind_countable(kind) || f->capacity[kind].offered - f->capacity[kind].kept <= 0) continue;
        gauge_line(y++, r, kind, &f->capacity[kind]);
        any = true;
    }
    if (!any && y < end) draw_string(y++, r.x, r.w, STYLE_DIM, _("Nothing is offered this week."));
    return y - r.y;
}
