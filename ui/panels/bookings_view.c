/* What is booked, week by week: on an offer, for a request, or by an allocation; who has it, and what is free. */
#include "panels/app.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum { WEEKS_MOST = 400, WEEK_WIDTH = 10, NUMBER_WIDTH = 10, GAUGE_WIDTH = 16, PAST_SHOWN = 2 };

typedef struct WeekRow {
    int week;
    int64_t booked;   /* of access: how many have it */
    int64_t capacity; /* what can be booked; 0: no bound, or of sessions nothing */
    int64_t session;  /* the first that begins in it; 0: none */
    int first, count; /* of its bookings */
} WeekRow;

typedef struct BookingsView {
    const Entity *entity;
    int64_t id;
    Arena arena;
    const Record *record;
    BookedWeek *booked;
    WeekRow *rows;
    int count, cursor, top, height;
    int kind;
    bool bounded;  /* what an offer lends, what a request can use: there is so much a week */
    int64_t lacks; /* what a request may still get, over all its weeks */
    const char *title;
    Error error;
} BookingsView;

static int week_of(const Record *r, int field, int otherwise) {
    int week;
    const Value *v = &r->values[field];
    return v->kind == VALUE_TEXT && week_parse(v->text, v->size, &week) ? week : otherwise;
}

/* The window to show: the record's own. */
static void window(const Record *r, int *first, int *last) {
    int now = week_of_date(app_today());
    if (r->entity == &entity_offer) {
        *first = week_of(r, OFFER_FIRST, now);
        *last = week_of(r, OFFER_LAST, now);
    } else if (r->entity == &entity_request) {
        *first = week_of(r, REQUEST_EARLIEST, now);
        *last = week_of(r, REQUEST_LATEST, now);
    } else {
        *first = week_of(r, ALLOCATION_FIRST, now);
        *last = week_of(r, ALLOCATION_LAST, now);
    }
    if (*last - *first >= WEEKS_MOST) *last = *first + WEEKS_MOST - 1;
}

static int64_t weekly(const Record *r) {
    if (r->entity == &entity_offer)
        return value_number_or(&r->values[OFFER_QUANTITY], 0) - value_number_or(&r->values[OFFER_RESERVE], 0);
    return r->entity == &entity_request ? value_number_or(&r->values[REQUEST_WEEKLY_MOST], 0) : 0;
}

/* One row a week, also where nothing is booked. */
static void make_rows(BookingsView *b, int first, int last, int bookings, int64_t allocation, int64_t capacity) {
    b->rows = arena_array(&b->arena, (size_t)(last - first) + 1, sizeof *b->rows);
    b->count = 0;
    for (int week = first, at = 0; week <= last; week++) {
        WeekRow *row = &b->rows[b->count++];
        row->week = week;
        row->capacity = capacity;
        while (at < bookings && b->booked[at].week < week) {
            at++;
        }
        row->first = at;
        for (; at < bookings && b->booked[at].week == week; at++) {
            if (allocation && b->booked[at].allocation != allocation) continue;
            row->booked += b->booked[at].quantity;
            row->count++;
        }
    }
}

static int kind_of(const Record *r) {
    int field = r->entity == &entity_offer ? OFFER_KIND : r->entity == &entity_request ? REQUEST_KIND : ALLOCATION_KIND;
    return (int)value_number_or(&r->values[field], 0);
}

static bool is_own(const BookingsView *b, const CapacityAccess *a) {
    int64_t id = b->entity == &entity_offer ? a->offer : b->entity == &entity_request ? a->request : a->allocation;
    return id == b->id;
}

/* Access has no bookings: a row for each week of each. */
static int access_weeks(BookingsView *b, const CapacityRows *rows) {
    int count = 0, own = 0;
    for (int i = 0; i < rows->access_count; i++) {
        own += is_own(b, &rows->accesses[i]);
    }
    b->booked = arena_array(&b->arena, (size_t)own * (size_t)(rows->last - rows->first + 1), sizeof *b->booked);
    for (int week = rows->first; week <= rows->last; week++) {
        for (int i = 0; i < rows->access_count; i++) {
            const CapacityAccess *a = &rows->accesses[i];
            if (!is_own(b, a) || week_of_date(a->opens) > week || week_of_date(a->ends) < week) continue;
            b->booked[count++] = (BookedWeek){.week = week,
                                              .quantity = ACCESS_QUANTITY,
                                              .allocation = a->allocation,
                                              .request = a->request,
                                              .offer = a->offer,
                                              .lender = a->lender,
                                              .borrower = a->borrower,
                                              .state = a->state};
        }
    }
    return count;
}

/* An offer with sessions lends their places, in the weeks they begin in. */
static void add_sessions(BookingsView *b, const CapacityRows *rows) {
    for (int i = 0; i < rows->session_count; i++) {
        const CapacitySession *t = &rows->sessions[i];
        WeekRow *row = &b->rows[t->week - rows->first];
        if (t->offer != b->id || b->entity != &entity_offer) continue;
        b->bounded = true;
        row->capacity += t->places;
        if (!row->session) row->session = t->id;
    }
}

/* Over all weeks: a request that has what it wants gets nothing more in any. */
static int64_t lacking(const BookingsView *b, const Record *request) {
    int64_t lacks = value_number_or(&request->values[REQUEST_WANTED], 0);
    for (int i = 0; i < b->count; i++) {
        lacks -= b->rows[i].booked;
    }
    return lacks > 0 ? lacks : 0;
}

/* What of a week is still free, or may still be got in it. */
static int64_t left_of(const BookingsView *b, const WeekRow *row) {
    int64_t left = row->capacity - row->booked;
    if (b->entity == &entity_request && row->week < week_of_date(app_today())) return 0;
    if (b->entity == &entity_request && left > b->lacks) left = b->lacks;
    return left > 0 ? left : 0;
}

/* The week from which nothing more is free of an offer: it is paused, was closed in it, or not opened yet. */
static int free_until(const Record *offer) {
    const Value *changed = &offer->values[COMMON_UPDATED_AT];
    int64_t instant;
    switch (record_state(offer)) {
    case OFFER_DRAFT: return 0;
    case OFFER_PAUSED: return week_of_date(app_today());
    case OFFER_CLOSED:
        if (instant_parse(changed->text, changed->size, &instant)) return week_of_date((int)(instant / 86400));
    }
    return INT32_MAX;
}

static void end_what_is_free(BookingsView *b, int from) {
    for (int i = 0; i < b->count; i++) {
        if (b->rows[i].week >= from) b->rows[i].capacity = b->rows[i].booked;
    }
}

static void bookings_reload(View *v) {
    BookingsView *b = v->state;
    Service *service = v->app->service;
    int first, last, count = 0;
    int was = b->count && b->cursor < b->count ? b->rows[b->cursor].week : -1;
    Buffer title = {0};
    arena_reset(&b->arena);
    b->count = 0;
    b->error = (Error){0};
    b->record = NULL;
    b->title = NULL;
    Record *r;
    if (service_record_of_id(service, &b->arena, b->entity, b->id, &r, &b->error) != STATUS_OK) return;
    bool allocation = b->entity == &entity_allocation;
    window(r, &first, &last);
    int64_t offer = b->entity == &entity_offer ? b->id : allocation ? r->values[ALLOCATION_OFFER].number : 0;
    if (service_booked(service, &b->arena, offer, offer ? 0 : b->id, first, last, &b->booked, &count, &b->error) !=
        STATUS_OK)
        return;
    CapacityRows rows = {0};
    b->kind = kind_of(r);
    bool access = !kind_countable(b->kind), sessions = kind_has_sessions(b->kind);
    if ((access || sessions) &&
        service_capacity(service, &b->arena, b->kind, first, last, &rows, &b->error) != STATUS_OK)
        return;
    if (access) count = access_weeks(b, &rows);
    make_rows(b, first, last, count, allocation ? b->id : 0, weekly(r));
    b->bounded = weekly(r) > 0;
    b->lacks = b->entity == &entity_request ? lacking(b, r) : 0;
    add_sessions(b, &rows);
    if (b->entity == &entity_offer) end_what_is_free(b, free_until(r));
    record_code(r, NULL, &title);
    buffer_add_string(&title, "  ");
    record_title(r, &title);
    b->title = arena_copy(&b->arena, buffer_string(&title), title.size);
    buffer_free(&title);
    b->record = r; /* all of it is there */
    int now = was >= 0 ? was : week_of_date(app_today());
    b->cursor = now < first ? 0 : now > last ? b->count - 1 : now - first;
    /* What is to come matters more than what was. */
    if (was < 0) b->top = b->cursor > PAST_SHOWN ? b->cursor - PAST_SHOWN : 0;
}

static void bookings_close(View *v) {
    arena_free(&((BookingsView *)v->state)->arena);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static void draw_number(int y, int x, Style style, int64_t number) {
    Buffer text = {0};
    if (number) number_show(&text, number, 3);
    else buffer_add_string(&text, draw_symbol("·", "."));
    draw_right(y, x, NUMBER_WIDTH - 1, number || style == STYLE_SELECTED ? style : STYLE_DIM, text.bytes);
    buffer_free(&text);
}

/* "RSK-A31 DOD 96, ..." */
static void who(const BookingsView *b, const WeekRow *row, Buffer *out) {
    for (int i = 0, k = row->first; i < row->count; k++) {
        const BookedWeek *w = &b->booked[k];
        char code[CODE_SIZE];
        if (b->entity == &entity_allocation && w->allocation != b->id) continue;
        code_write('A', w->allocation, code);
        const char *other = site_code(b->entity == &entity_offer ? w->borrower : w->lender);
        buffer_format(out, "%s%s %s", i++ ? ", " : "", code, other ? other : "?");
        if (kind_countable(b->kind)) buffer_add_char(out, ' ');
        if (kind_countable(b->kind)) number_show(out, w->quantity, 3);
        if (capacity_held(w->state)) buffer_format(out, " %s", _("held"));
    }
}

static void draw_week(const BookingsView *b, const WeekRow *row, int y, Rect r, bool here) {
    Buffer week = {0}, names = {0};
    bool now = row->week == week_of_date(app_today());
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
    /* The gauge and what follows stay as they are in the other rows, so that moving there sends nothing of them. */
    if (here) {
        draw_fill((Rect){y, r.x, 1, b->bounded ? 1 + WEEK_WIDTH + 2 * NUMBER_WIDTH : r.w}, STYLE_SELECTED);
        draw_cursor(y, r.x);
    }
    week_show(&week, row->week, app_today());
    draw_string(y, r.x + 1, WEEK_WIDTH, here ? STYLE_SELECTED : now ? STYLE_ACCENT : STYLE_DIM, week.bytes);
    int x = r.x + 1 + WEEK_WIDTH;
    draw_number(y, x, plain, row->booked);
    x += NUMBER_WIDTH;
    if (b->bounded) {
        int64_t left = left_of(b, row);
        draw_number(y, x, here ? STYLE_SELECTED : left ? STYLE_GOOD : STYLE_DIM, left);
        x += NUMBER_WIDTH;
        if (row->capacity)
            draw_gauge(y, x + 1, GAUGE_WIDTH, row->booked >= row->capacity ? STYLE_SOON : STYLE_ACCENT, row->booked,
                       row->capacity);
        x += GAUGE_WIDTH + 3;
    }
    if (row->session) {
        char code[CODE_SIZE];
        code_write('T', row->session, code);
        buffer_format(&names, row->count ? "%s: " : "%s", code);
    }
    who(b, row, &names);
    draw_string(y, x + 1, r.x + r.w - x - 2, b->bounded ? STYLE_TEXT : plain, buffer_string(&names));
    buffer_free(&week);
    buffer_free(&names);
}

static void bookings_draw(View *v, Rect r) {
    BookingsView *b = v->state;
    Rect in = {r.y, r.x + 1, r.h, r.w - 2};
    if (!b->record) {
        draw_wrapped(in, STYLE_ERROR, b->error.why);
        return;
    }
    draw_title(in.y, in.x, in.w, b->title, _("week by week"));
    int x = in.x + 1 + WEEK_WIDTH;
    draw_string(in.y + 1, in.x + 1, WEEK_WIDTH, STYLE_DIM, _("Week"));
    draw_right(in.y + 1, x, NUMBER_WIDTH - 1, STYLE_DIM, kind_countable(b->kind) ? _("Booked") : _("Access"));
    x += NUMBER_WIDTH;
    if (b->bounded) {
        draw_right(in.y + 1, x, NUMBER_WIDTH - 1, STYLE_DIM, b->entity == &entity_request ? _("May get") : _("Free"));
        x += NUMBER_WIDTH + GAUGE_WIDTH + 3;
    }
    draw_string(in.y + 1, x + 1, in.w, STYLE_DIM, b->entity == &entity_offer ? _("By") : _("From"));
    Rect list = {in.y + 2, in.x, in.h - 2, in.w};
    b->height = list.h;
    if (b->top > b->count - list.h) b->top = b->count > list.h ? b->count - list.h : 0;
    if (b->cursor < b->top) b->top = b->cursor;
    if (b->cursor >= b->top + list.h) b->top = b->cursor - list.h + 1;
    for (int i = 0; i < list.h && b->top + i < b->count; i++) {
        draw_week(b, &b->rows[b->top + i], list.y + i, list, b->top + i == b->cursor);
    }
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static bool bookings_event(View *v, const Event *e) {
    BookingsView *b = v->state;
    return walk_event(&b->cursor, b->count, b->height - 1, e);
}

static bool has_booking(View *v) {
    BookingsView *b = v->state;
    return b->count && b->rows[b->cursor].count && b->entity != &entity_allocation;
}

static void run_open(View *v) {
    BookingsView *b = v->state;
    open_record(v->app, &entity_allocation, b->booked[b->rows[b->cursor].first].allocation);
}

static int bookings_records(View *v, const Record ***out) {
    BookingsView *b = v->state;
    *out = &b->record;
    return b->record != NULL;
}

static const Action bookings_actions[] = {
    {"open", N_("open"), N_("Opens the first allocation of the week."), "Enter Right l", 1, run_open, has_booking},
    {0},
};

static const Panel panel_bookings = {.name = "bookings",
                                     .label = N_("Week by week"),
                                     .size = sizeof(BookingsView),
                                     .actions = bookings_actions,
                                     .close = bookings_close,
                                     .reload = bookings_reload,
                                     .draw = bookings_draw,
                                     .event = bookings_event,
                                     .records = bookings_records};

void open_bookings(App *app, const Entity *entity, int64_t id) {
    View *v = app_push(app, &panel_bookings);
    BookingsView *b = v->state;
    b->entity = entity;
    b->id = id;
    view_start(v);
}
