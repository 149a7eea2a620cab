/* The offers that fit a request: what each has free and could give, week by week. One of them is proposed. */
#include "panels/act.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { WEEKS_HEIGHT = 7, CELL = 8 };

typedef struct FitView {
    int64_t request;
    Arena arena;
    Record *record;
    OfferFit *fits;
    int count, cursor, top, height;
    Error error;
} FitView;

static void fit_reload(View *v) {
    FitView *f = v->state;
    arena_reset(&f->arena);
    f->error = (Error){0};
    f->count = 0;
    v->app->acted = false;
    if (service_record_of_id(v->app->service, &f->arena, &entity_request, f->request, &f->record, &f->error) !=
        STATUS_OK) {
        f->record = NULL;
        return;
    }
    if (service_fit(v->app->service, &f->arena, f->request, &f->fits, &f->count, &f->error) != STATUS_OK) f->count = 0;
    if (f->cursor >= f->count) f->cursor = f->count ? f->count - 1 : 0;
}

static void fit_close(View *v) {
    arena_free(&((FitView *)v->state)->arena);
}

static void number_text(int64_t number, char *out, size_t size) {
    Buffer b = {0};
    number_show(&b, number, 3);
    text_copy(out, size, buffer_string(&b));
    buffer_free(&b);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static void draw_request(const FitView *f, Rect r) {
    Buffer code = {0}, title = {0};
    char got[40], wanted[40];
    const Record *q = f->record;
    bool countable = kind_countable(q->values[REQUEST_KIND].number);
    record_code(q, NULL, &code);
    record_title(q, &title);
    int x = r.x + draw_string(r.y, r.x, r.w, STYLE_ACCENT, code.bytes) + 2;
    x += draw_string(r.y, x, r.w - x, STYLE_STRONG, buffer_string(&title)) + 2;
    const char *project = q->values[REQUEST_PROJECT].text;
    draw_string(r.y, x, r.x + r.w - x, STYLE_DIM, project ? project : "");
    if (countable) {
        number_text(value_number_or(&q->values[REQUEST_GOT], 0), got, sizeof got);
        number_text(value_number_or(&q->values[REQUEST_WANTED], 0), wanted, sizeof wanted);
        draw_gauge(r.y + 1, r.x, 30, STYLE_ACCENT, value_number_or(&q->values[REQUEST_GOT], 0),
                   value_number_or(&q->values[REQUEST_WANTED], 0));
        bool all = value_number_or(&q->values[REQUEST_GOT], 0) >= value_number_or(&q->values[REQUEST_WANTED], 0);
        int used = draw_format(r.y + 1, r.x + 32, r.w - 32, STYLE_TEXT, _("%s booked of %s wanted"), got, wanted);
        if (all) draw_string(r.y + 1, r.x + 34 + used, r.w - 34 - used, STYLE_GOOD, _("nothing is missing"));
    }
    buffer_free(&code);
    buffer_free(&title);
}

typedef struct FitColumn {
    const char *heading;
    int w;
    bool right;
} FitColumn;

static const FitColumn columns[] = {{N_("Offer"), 9, false},
                                    {N_("Name"), 0, false},
                                    {N_("Mode"), 11, false},
                                    {N_("Free in all"), 11, true},
                                    {N_("Could give"), 11, true}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int name_width(int w) {
    int rest = 2;
    for (int i = 0; i < COLUMNS; i++) {
        rest += columns[i].w + 2;
    }
    return w - rest > 10 ? w - rest : 10;
}

static void draw_columns(int y, Rect r, const char *const texts[COLUMNS], const Style styles[COLUMNS]) {
    for (int i = 0, x = r.x + 1; i < COLUMNS; i++) {
        int w = columns[i].w ? columns[i].w : name_width(r.w);
        draw_text(y, x, w, styles[i], columns[i].right ? ALIGN_RIGHT : ALIGN_LEFT, false, texts[i], strlen(texts[i]));
        x += w + 2;
    }
}

static void draw_offer(const OfferFit *fit, int y, Rect r, bool here) {
    Buffer code = {0};
    char free[40], could[40];
    const Choice *mode =
        choice_of_number(entity_offer.fields[OFFER_MODE].choices, value_number_or(&fit->offer->values[OFFER_MODE], 0));
    bool countable = kind_countable(fit->offer->values[OFFER_KIND].number);
    record_code(fit->offer, NULL, &code);
    number_text(fit->fit.free, free, sizeof free);
    number_text(fit->fit.could, could, sizeof could);
    Buffer name = {0};
    if (fit->session) {
        record_title(fit->session, &name);
        buffer_add_string(&name, "  ");
    }
    buffer_add_string(&name, value_string(&fit->offer->values[OFFER_NAME]));
    const char *texts[COLUMNS] = {code.bytes, buffer_string(&name), mode ? _(mode->label) : "",
                                  countable ? free : _("access"), countable ? could : _("access")};
    Style styles[COLUMNS] = {STYLE_STRONG, STYLE_TEXT, STYLE_DIM, STYLE_TEXT,
                             fit->fit.could || !countable ? STYLE_GOOD : STYLE_DIM};
    if (here) {
        draw_fill((Rect){y, r.x, 1, r.w}, STYLE_SELECTED);
        draw_cursor(y, r.x);
        for (int i = 0; i < COLUMNS; i++) {
            styles[i] = STYLE_SELECTED;
        }
    }
    draw_columns(y, r, texts, styles);
    buffer_free(&code);
    buffer_free(&name);
}

/* The weeks of the offer at the cursor: free above, what it could give below. */
static void draw_weeks(const FitView *f, Rect r) {
    const Fit *fit = &f->fits[f->cursor].fit;
    Buffer code = {0};
    record_code(f->fits[f->cursor].offer, NULL, &code);
    draw_title(r.y, r.x, r.w, code.bytes, _("week by week"));
    int x = r.x + 12, most = (r.w - 12) / CELL;
    draw_string(r.y + 1, r.x, 11, STYLE_DIM, _("Week"));
    draw_string(r.y + 2, r.x, 11, STYLE_DIM, _("Free"));
    draw_string(r.y + 3, r.x, 11, STYLE_DIM, _("Could give"));
    for (int i = 0; i < fit->count && i < most; i++, x += CELL) {
        Buffer week = {0};
        char text[40];
        week_show(&week, fit->weeks[i].week, app_today());
        draw_right(r.y + 1, x, CELL - 1, STYLE_DIM, week.bytes);
        number_text(fit->weeks[i].free, text, sizeof text);
        draw_right(r.y + 2, x, CELL - 1, fit->weeks[i].free ? STYLE_TEXT : STYLE_DIM, text);
        number_text(fit->weeks[i].could, text, sizeof text);
        draw_right(r.y + 3, x, CELL - 1, fit->weeks[i].could ? STYLE_GOOD : STYLE_DIM, text);
        buffer_free(&week);
    }
    if (fit->count > most)
        draw_format(r.y + 4, r.x + 12, r.w - 12, STYLE_DIM, _("and %d weeks more"), fit->count - most);
    buffer_free(&code);
}

static void fit_draw(View *v, Rect r) {
    FitView *f = v->state;
    Rect in = {r.y + 1, r.x + 1, r.h - 1, r.w - 2};
    if (!f->record) {
        draw_wrapped(in, STYLE_ERROR, f->error.why);
        return;
    }
    draw_request(f, in);
    const char *headings[COLUMNS];
    Style dim[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        headings[i] = _(columns[i].heading);
        dim[i] = STYLE_DIM;
    }
    draw_columns(in.y + 3, in, headings, dim);
    Rect list = {in.y + 4, in.x, in.h - 4 - WEEKS_HEIGHT, in.w};
    f->height = list.h;
    if (f->cursor < f->top) f->top = f->cursor;
    if (f->cursor >= f->top + list.h) f->top = f->cursor - list.h + 1;
    for (int i = 0; i < list.h && f->top + i < f->count; i++) {
        draw_offer(&f->fits[f->top + i], list.y + i, list, f->top + i == f->cursor);
    }
    if (*f->error.why) draw_wrapped(list, STYLE_ERROR, f->error.why);
    else if (!f->count)
        draw_wrapped(
            list, STYLE_DIM,
            _("No open offer of this kind takes data of this level in these weeks. Ask for another window or kind, "
              "or wait: what falls free shows here."));
    else draw_weeks(f, (Rect){in.y + in.h - WEEKS_HEIGHT + 1, in.x, WEEKS_HEIGHT - 1, in.w});
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static bool fit_event(View *v, const Event *e) {
    FitView *f = v->state;
    int to = f->cursor;
    if (key_matches("Down j", e)) to++;
    else if (key_matches("Up k", e)) to--;
    else if (key_matches("PgDn ^F", e)) to += f->height - 1;
    else if (key_matches("PgUp ^B", e)) to -= f->height - 1;
    else if (key_matches("Home", e)) to = 0;
    else if (key_matches("End", e)) to = f->count - 1;
    else if (e->kind == EVENT_WHEEL) to += e->lines;
    else return false;
    if (to >= f->count) to = f->count - 1;
    f->cursor = to < 0 ? 0 : to;
    return true;
}

static int fit_records(View *v, const Record ***out) {
    FitView *f = v->state;
    static const Record *one;
    one = f->record;
    *out = &one;
    return one != NULL;
}

static bool has_offer(View *v) {
    return ((FitView *)v->state)->count > 0;
}

/* A leading zero keeps three decimals from being taken for thousands. */
static void give_quantity(int64_t quantity, Buffer *b) {
    if (quantity % 10 != 0 && quantity < 1000000) buffer_add_char(b, '0');
    number_write(b, quantity, 3);
}

static void give_weeks(const OfferFit *fit, Buffer *b) {
    buffer_add_string(b, "bookings=");
    for (int i = 0; i < fit->fit.count; i++) {
        char week[WEEK_SIZE];
        if (!fit->fit.weeks[i].could) continue;
        week_write(fit->fit.weeks[i].week, week);
        buffer_format(b, "%s:", week);
        give_quantity(fit->fit.weeks[i].could, b);
        buffer_add_char(b, ' ');
    }
}

static void give_session(const OfferFit *fit, Buffer *session, Buffer *quantity) {
    buffer_add_string(session, "session=");
    record_code(fit->session, NULL, session);
    buffer_add_string(quantity, "quantity=");
    give_quantity(fit->fit.could, quantity);
}

/* The form begins with the offer and the weeks it could give. */
static void run_propose(View *v) {
    FitView *f = v->state;
    const OfferFit *fit = &f->fits[f->cursor];
    Buffer offer = {0}, bookings = {0}, session = {0};
    Command c;
    Error e = {0};
    if (!command_find("propose", &entity_request, &c)) return;
    if (command_allowed(&c, service_actor(v->app->service), f->record, &e) != STATUS_OK) {
        app_fail(v->app, &e);
        return;
    }
    buffer_add_string(&offer, "offer=");
    record_code(fit->offer, NULL, &offer);
    if (fit->session) give_session(fit, &session, &bookings);
    else if (kind_countable(fit->offer->values[OFFER_KIND].number)) give_weeks(fit, &bookings);
    const char *given[] = {offer.bytes, buffer_string(&bookings), buffer_string(&session)};
    const Record *record = f->record;
    open_form(v->app, deed_new(&c, &entity_request, &record, 1), &record, given, fit->session ? 3 : 2);
    buffer_free(&offer);
    buffer_free(&bookings);
    buffer_free(&session);
}

static void run_open(View *v) {
    FitView *f = v->state;
    open_record(v->app, &entity_offer, f->fits[f->cursor].offer->id);
}

static const Action fit_actions[] = {
    {"propose", N_("propose"), N_("Books weeks of this offer for the request; the other side accepts."), "Enter p", 1,
     run_propose, has_offer},
    {"offer", N_("offer"), N_("Opens the offer."), "o", 2, run_open, has_offer},
    {0},
};

static const Panel panel_fit = {.name = "fit",
                                .label = N_("Offers that fit"),
                                .size = sizeof(FitView),
                                .actions = fit_actions,
                                .close = fit_close,
                                .reload = fit_reload,
                                .draw = fit_draw,
                                .event = fit_event,
                                .records = fit_records};

void open_fit(App *app, int64_t request) {
    View *v = app_push(app, &panel_fit);
    ((FitView *)v->state)->request = request;
    view_start(v);
}
