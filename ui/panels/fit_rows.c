/* The lines of the offers beside a request. */
#include "panels/fit_rows.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

void fit_number_text(int64_t number, char *out, size_t size) {
    Buffer b = {0};
    number_show(&b, number, 3);
    text_copy(out, size, buffer_string(&b));
    buffer_free(&b);
}

/* A leading zero keeps three decimals from being taken for thousands. */
void fit_type_quantity(int64_t quantity, Buffer *b) {
    if (quantity % 10 != 0 && quantity < 1000000) buffer_add_char(b, '0');
    number_write(b, quantity, 3);
}

void fit_type_weeks(const Fit *fit, int64_t quantity, Buffer *b) {
    Arena arena = {0};
    WeekQuantity *weeks = arena_array(&arena, (size_t)fit->count, sizeof *weeks);
    int count = fit_take(fit, quantity, weeks);
    for (int i = 0; i < count; i++) {
        char week[WEEK_SIZE];
        week_write(weeks[i].week, week);
        buffer_format(b, "%s%s:", i ? " " : "", week);
        fit_type_quantity(weeks[i].quantity, b);
    }
    arena_free(&arena);
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

static bool is_access(const OfferFit *f) {
    return !kind_countable(value_number_or(&f->offer->values[OFFER_KIND], 0));
}

static void add_code(const OfferFit *f, Buffer *b) {
    record_code(f->offer, NULL, b);
}

static void add_name(const OfferFit *f, Buffer *b) {
    if (f->session) {
        record_title(f->session, b);
        buffer_add_string(b, "  ");
    }
    buffer_add_string(b, value_string(&f->offer->values[OFFER_NAME]));
}

static void add_choice(const OfferFit *f, int field, Buffer *b) {
    const Choice *c =
        choice_of_number(entity_offer.fields[field].choices, value_number_or(&f->offer->values[field], 0));
    if (c) buffer_add_string(b, _(c->label));
}

static void add_mode(const OfferFit *f, Buffer *b) {
    add_choice(f, OFFER_MODE, b);
}

static void add_level(const OfferFit *f, Buffer *b) {
    add_choice(f, OFFER_DATA_LEVEL, b);
}

static void add_window(const OfferFit *f, Buffer *b) {
    value_show_weeks(b, &f->offer->values[OFFER_FIRST], &f->offer->values[OFFER_LAST], clock_today());
}

static void add_weekly(const OfferFit *f, Buffer *b) {
    int64_t quantity = value_number_or(&f->offer->values[OFFER_QUANTITY], 0);
    if (quantity) number_show(b, quantity - value_number_or(&f->offer->values[OFFER_RESERVE], 0), 3);
}

static void add_weeks(const OfferFit *f, Buffer *b) {
    int first, last;
    if (offer_fit_weeks(f, &first, &last)) week_show_span(b, first, last, clock_today());
}

static void add_free(const OfferFit *f, Buffer *b) {
    if (is_access(f)) buffer_add_string(b, _("access"));
    else number_show(b, f->fit.free, 3);
}

static void add_could(const OfferFit *f, Buffer *b) {
    if (is_access(f)) buffer_add_string(b, _("access"));
    else number_show(b, f->fit.could, 3);
}

/* From left to right. A column that is not always there comes once the list is so wide. */
static const struct {
    const char *heading;
    void (*add)(const OfferFit *, Buffer *);
    Style style;
    bool right;
    int list; /* the least width of the list */
} columns[FIT_COLUMNS] = {
    {N_("Offer"), add_code, STYLE_STRONG, false, 0},      {N_("Name"), add_name, STYLE_TEXT, false, 0},
    {N_("Weeks"), add_weeks, STYLE_TEXT, false, 0},       {N_("Free"), add_free, STYLE_TEXT, true, 0},
    {N_("Could give"), add_could, STYLE_GOOD, true, 0},   {N_("Mode"), add_mode, STYLE_DIM, false, 90},
    {N_("Data up to"), add_level, STYLE_DIM, false, 120}, {N_("Lent a week"), add_weekly, STYLE_DIM, true, 120},
    {N_("Offered"), add_window, STYLE_DIM, false, 136},
};
enum { NAME = 1, WEEKS = 2, GAP = 2, NAME_LEAST = 10, NAME_KEPT = 26 };

/* What numbers are counted in is said once, with the first of them. */
static void add_heading(const FitRows *rows, int c, Buffer *b) {
    int64_t kind = value_number_or(&rows->request->values[REQUEST_KIND], 0);
    buffer_add_string(b, _(columns[c].heading));
    if (columns[c].add == add_free && kind_countable(kind)) buffer_format(b, ", %s", kind_unit(kind));
}

/* The reasons stand in place of the figures: room for the longest, as far as names can spare it. */
static int reason_width(const Record *request, const OfferFit *fits, int count) {
    Buffer text = {0};
    int widest = 0;
    for (int i = 0; i < count; i++) {
        buffer_clear(&text);
        offer_fit_say(request, &fits[i], &text);
        int width = text_width(buffer_string(&text), text.size);
        if (width > widest) widest = width;
    }
    buffer_free(&text);
    return widest;
}

void fit_rows_layout(FitRows *rows, const Record *request, const OfferFit *fits, int count, int w) {
    Buffer text = {0};
    int used = 1;
    *rows = (FitRows){.request = request};
    for (int c = 0; c < FIT_COLUMNS; c++) {
        if (c == NAME || w < columns[c].list) continue;
        buffer_clear(&text);
        add_heading(rows, c, &text);
        rows->w[c] = text_width(text.bytes, text.size);
        for (int i = 0; i < count; i++) {
            if (c && fits[i].bar != FIT_NO_BAR) continue;
            buffer_clear(&text);
            columns[c].add(&fits[i], &text);
            int width = text_width(buffer_string(&text), text.size);
            if (width > rows->w[c]) rows->w[c] = width;
        }
        used += rows->w[c] + GAP;
    }
    int more = reason_width(request, fits, count) - (used - 1 - 2 * GAP - rows->w[0]);
    if (more > w - used - 1 - NAME_KEPT) more = w - used - 1 - NAME_KEPT;
    if (more > 0) {
        rows->w[WEEKS] += more;
        used += more;
    }
    rows->w[NAME] = w - used - 1 > NAME_LEAST ? w - used - 1 : NAME_LEAST;
    for (int c = 0, x = 1; c < FIT_COLUMNS; c++) {
        rows->x[c] = x;
        if (rows->w[c]) x += rows->w[c] + GAP;
    }
    buffer_free(&text);
}

static void draw_cell(const FitRows *rows, int c, int y, Rect list, Style style, const char *text) {
    if (!rows->w[c]) return;
    draw_text(y, list.x + rows->x[c], rows->w[c], style, columns[c].right ? ALIGN_RIGHT : ALIGN_LEFT, false, text,
              strlen(text));
}

void fit_rows_head(const FitRows *rows, int y, Rect list) {
    Buffer text = {0};
    for (int c = 0; c < FIT_COLUMNS; c++) {
        buffer_clear(&text);
        add_heading(rows, c, &text);
        draw_cell(rows, c, y, list, STYLE_DIM, text.bytes);
    }
    buffer_free(&text);
}

void fit_rows_draw(const FitRows *rows, const OfferFit *f, int y, Rect list, bool here) {
    Buffer text = {0};
    bool barred = f->bar != FIT_NO_BAR;
    if (here) {
        draw_fill((Rect){y, list.x, 1, list.w}, STYLE_SELECTED);
        draw_cursor(y, list.x);
    }
    for (int c = 0; c < (barred ? NAME + 1 : FIT_COLUMNS); c++) {
        bool nothing = columns[c].add == add_could && !f->fit.could && !is_access(f);
        buffer_clear(&text);
        columns[c].add(f, &text);
        draw_cell(rows, c, y, list,
                  here                ? STYLE_SELECTED
                  : barred || nothing ? STYLE_DIM
                                      : columns[c].style,
                  buffer_string(&text));
    }
    if (barred) {
        int x = rows->x[NAME + 1];
        buffer_clear(&text);
        offer_fit_say(rows->request, f, &text);
        draw_string(y, list.x + x, list.w - x - 1, here ? STYLE_SELECTED : STYLE_DIM, buffer_string(&text));
    }
    buffer_free(&text);
}
