/* The offers that fit a request: what each has free and could give, week by week; and why the others of the kind do
 * not. One of them is proposed. */
#include "panels/fit_rows.h"

#include "panels/act.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { WEEKS_HEIGHT = 7, LIST_LEAST = 3, CELL = 10, LABEL = 12, GAUGE = 30, GAUGE_NARROW = 20, NARROW = 90 };

typedef struct FitView {
    int64_t request;
    Arena arena;
    const Record *record;
    OfferFit *fits;
    int count, cursor, top, height;
    Rect list; /* where the offers were drawn last */
    int week;  /* the first that is shown of the offer at the cursor */
    Error error;
} FitView;

static void fit_reload(View *v) {
    FitView *f = v->state;
    arena_reset(&f->arena);
    f->error = (Error){0};
    f->count = 0;
    v->app->acted = false;
    Record *r;
    f->record = NULL;
    if (service_record_of_id(v->app->service, &f->arena, &entity_request, f->request, &r, &f->error) != STATUS_OK)
        return;
    f->record = r;
    if (service_fit(v->app->service, &f->arena, f->request, &f->fits, &f->count, &f->error) != STATUS_OK) f->count = 0;
    if (f->cursor >= f->count) f->cursor = f->count ? f->count - 1 : 0;
}

static void fit_close(View *v) {
    arena_free(&((FitView *)v->state)->arena);
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
        fit_number_text(value_number_or(&q->values[REQUEST_GOT], 0), got, sizeof got);
        fit_number_text(value_number_or(&q->values[REQUEST_WANTED], 0), wanted, sizeof wanted);
        int gauge = r.w < NARROW ? GAUGE_NARROW : GAUGE;
        draw_gauge(r.y + 1, r.x, gauge, STYLE_ACCENT, value_number_or(&q->values[REQUEST_GOT], 0),
                   value_number_or(&q->values[REQUEST_WANTED], 0));
        bool all = value_number_or(&q->values[REQUEST_GOT], 0) >= value_number_or(&q->values[REQUEST_WANTED], 0);
        int after = r.x + gauge + 2, end = r.x + r.w;
        after +=
            draw_format(r.y + 1, after, end - after, STYLE_TEXT, _("%s of %s booked or proposed"), got, wanted) + 2;
        const char *said = _("nothing is missing"); /* which the numbers say too, where there is no room */
        if (all && text_width(said, strlen(said)) <= end - after)
            draw_string(r.y + 1, after, end - after, STYLE_GOOD, said);
    }
    buffer_free(&code);
    buffer_free(&title);
}

/* A column's week; its year once, where it is another than that of the column before. */
static void add_week(const Fit *fit, int i, bool first, Buffer *b) {
    char week[WEEK_SIZE], before[WEEK_SIZE] = "";
    week_write(fit->weeks[i].week, week);
    if (!first) week_write(fit->weeks[i - 1].week, before);
    if (first || strncmp(week, before, 4) != 0) week_show(b, fit->weeks[i].week, app_today());
    else buffer_add_string(b, week + 5);
}

/* The weeks of the offer at the cursor: free above, what it could give below. What does not fit on one line is reached
 * by moving it. */
static void draw_weeks(FitView *f, const OfferFit *at, Rect r) {
    const Fit *fit = &at->fit;
    int x = r.x + LABEL, most = (r.w - LABEL) / CELL;
    bool could = at->bar == FIT_NO_BAR; /* what is barred gives nothing, whatever is free */
    if (f->week > fit->count - most) f->week = fit->count - most;
    if (f->week < 0) f->week = 0;
    draw_string(r.y, r.x, LABEL - 1, STYLE_DIM, _("Week"));
    draw_string(r.y + 1, r.x, LABEL - 1, STYLE_DIM, _("Free"));
    if (could) draw_string(r.y + 2, r.x, LABEL - 1, STYLE_DIM, _("Could give"));
    for (int i = f->week; i < fit->count && i < f->week + most; i++, x += CELL) {
        Buffer week = {0};
        char text[40];
        add_week(fit, i, i == f->week, &week);
        draw_right(r.y, x, CELL - 1, STYLE_DIM, week.bytes);
        fit_number_text(fit->weeks[i].free, text, sizeof text);
        draw_right(r.y + 1, x, CELL - 1, fit->weeks[i].free ? STYLE_TEXT : STYLE_DIM, text);
        fit_number_text(fit->weeks[i].could, text, sizeof text);
        if (could) draw_right(r.y + 2, x, CELL - 1, fit->weeks[i].could ? STYLE_GOOD : STYLE_DIM, text);
        buffer_free(&week);
    }
    int left = f->week, right = fit->count - f->week - most;
    x = r.x + LABEL;
    if (left > 0) {
        x += draw_format(r.y + 3, x, r.x + r.w - x, STYLE_DIM,
                         ngettext("%d week before", "%d weeks before", (unsigned long)left), left);
        x += 3;
    }
    if (right > 0)
        draw_format(r.y + 3, x, r.x + r.w - x, STYLE_DIM,
                    ngettext("%d week more", "%d weeks more", (unsigned long)right), right);
}

/* What there is to say of the offer at the cursor: why it cannot, and its weeks. */
static void draw_here(FitView *f, Rect r) {
    const OfferFit *at = &f->fits[f->cursor];
    Buffer code = {0}, bar = {0};
    record_code(at->offer, NULL, &code);
    draw_title(r.y, r.x, r.w, code.bytes, value_string(&at->offer->values[OFFER_NAME]));
    offer_fit_say(f->record, at, &bar);
    int y = r.y + 1;
    if (bar.size) draw_string(y++, r.x, r.w, STYLE_LATE, bar.bytes);
    if (at->fit.count && kind_countable(at->offer->values[OFFER_KIND].number))
        draw_weeks(f, at, (Rect){y, r.x, r.y + r.h - y, r.w});
    buffer_free(&code);
    buffer_free(&bar);
}

static void fit_draw(View *v, Rect r) {
    FitView *f = v->state;
    Rect in = {r.y + 1, r.x + 1, r.h - 1, r.w - 2};
    if (!f->record) {
        draw_wrapped(in, STYLE_ERROR, f->error.why);
        return;
    }
    draw_request(f, in);
    /* In a small window the offers go before the weeks of one of them. */
    int weeks = in.h - 4 - WEEKS_HEIGHT >= LIST_LEAST ? WEEKS_HEIGHT : 0;
    Rect list = {in.y + 4, in.x, in.h - 4 - weeks, in.w};
    f->list = list;
    f->height = list.h;
    if (f->cursor < f->top) f->top = f->cursor;
    if (f->cursor >= f->top + list.h) f->top = f->cursor - list.h + 1;
    if (*f->error.why) draw_wrapped(list, STYLE_ERROR, f->error.why);
    else if (!f->count)
        draw_wrapped(list, STYLE_DIM,
                     _("Nobody offers this kind of capacity now. Ask for another kind, or wait: what is offered shows "
                       "here."));
    if (!f->count) return;
    FitRows rows;
    fit_rows_layout(&rows, f->record, f->fits, f->count, list.w);
    fit_rows_head(&rows, in.y + 3, list);
    for (int i = 0; i < list.h && f->top + i < f->count; i++) {
        fit_rows_draw(&rows, &f->fits[f->top + i], list.y + i, list, f->top + i == f->cursor);
    }
    draw_more(list, f->top > 0, f->top + list.h < f->count);
    if (weeks) draw_here(f, (Rect){in.y + in.h - weeks + 1, in.x, weeks - 1, in.w});
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static int fit_records(View *v, const Record ***out) {
    FitView *f = v->state;
    *out = &f->record;
    return f->record != NULL;
}

static bool has_offer(View *v) {
    return ((FitView *)v->state)->count > 0;
}

static bool could_give(View *v) {
    const FitView *f = v->state;
    const OfferFit *at = f->count ? &f->fits[f->cursor] : NULL;
    return at && at->bar == FIT_NO_BAR && (at->fit.could || !kind_countable(at->offer->values[OFFER_KIND].number));
}

static bool is_allowed(const FitView *f, const View *v, const Command *c) {
    Error e = {0};
    if (command_allowed(c, service_actor(v->app->service), f->record, &e) == STATUS_OK) return true;
    app_fail(v->app, &e);
    return false;
}

/* The form begins with the offer and all it could give: weeks, or places in the session. */
static void run_propose(View *v) {
    FitView *f = v->state;
    const OfferFit *fit = &f->fits[f->cursor];
    Buffer offer = {0}, quantity = {0}, how = {0};
    Command c;
    if (!command_find("propose", &entity_request, &c) || !is_allowed(f, v, &c)) return;
    buffer_add_string(&offer, "offer=");
    record_code(fit->offer, NULL, &offer);
    buffer_add_string(&quantity, "quantity=");
    if (fit->session) fit_type_quantity(fit->fit.could, &quantity);
    buffer_add_string(&how, fit->session ? "session=" : "bookings=");
    if (fit->session) record_code(fit->session, NULL, &how);
    else if (kind_countable(fit->offer->values[OFFER_KIND].number)) fit_type_weeks(&fit->fit, 0, &how);
    const char *given[] = {offer.bytes, quantity.bytes, how.bytes};
    const Record *record = f->record;
    open_form(v->app, deed_new(&c, &entity_request, &record, 1), &record, given, 3);
    buffer_free(&offer);
    buffer_free(&quantity);
    buffer_free(&how);
}

static void run_open(View *v) {
    FitView *f = v->state;
    open_record(v->app, &entity_offer, f->fits[f->cursor].offer->id);
}

/* The offer at the cursor cannot be proposed, or not more of it. */
static void say_why_not(View *v) {
    const FitView *f = v->state;
    const OfferFit *at = &f->fits[f->cursor];
    Buffer code = {0}, why = {0};
    record_code(at->offer, NULL, &code);
    offer_fit_say(f->record, at, &why);
    app_say(v->app, STYLE_SOON, "%s: %s", code.bytes,
            why.size ? why.bytes : _("it can give nothing more in the weeks asked for"));
    buffer_free(&code);
    buffer_free(&why);
}

static bool fit_event(View *v, const Event *e) {
    FitView *f = v->state;
    const int from = f->cursor;
    if (has_offer(v) && !could_give(v) && key_matches("Enter", e)) {
        say_why_not(v);
        return true;
    }
    if (key_matches("Left h", e) || key_matches("Right l", e)) {
        f->week += key_matches("Left h", e) ? -1 : 1;
        return true;
    }
    if (event_clicks(e, f->list)) {
        int to = f->top + e->y - f->list.y;
        if (to < f->count) f->cursor = to;
    } else if (!walk_event(&f->cursor, f->count, f->height - 1, e)) return false;
    if (f->cursor != from) f->week = 0;
    if (e->kind == EVENT_CLICK && e->twice && could_give(v)) run_propose(v);
    return true;
}

static const Action fit_actions[] = {
    {"propose", N_("propose"), N_("Books weeks of this offer for the request; the other side accepts."), "Enter p", 1,
     run_propose, could_give},
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
