/* What lies in a cell of the calendar, line by line. */
#include "panels/calendar_items.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <stdlib.h>

/* --- finding ------------------------------------------------------------------------------------------------------ */

typedef struct Cell {
    int64_t offer; /* below 0: any of the site's */
    int site, first, last;
} Cell;

static bool is_in(const Cell *c, int64_t offer, int site, int first, int last) {
    return (c->offer < 0 ? site == c->site : offer == c->offer) && first <= c->last && last >= c->first;
}

static void add(CalendarItems *items, CalendarItem item) {
    for (int i = 0; item.allocation && i < items->count; i++) {
        if (items->list[i].allocation != item.allocation) continue;
        items->list[i].quantity += item.quantity;
        return;
    }
    if (items->count < CALENDAR_ITEMS_MOST) items->list[items->count++] = item;
}

/* Each session before those who have places in it; then the largest first. */
static int in_order(const void *a, const void *b) {
    const CalendarItem *x = a, *y = b;
    if (x->session != y->session) return !x->session ? 1 : !y->session ? -1 : x->session < y->session ? -1 : 1;
    if (!x->allocation != !y->allocation) return x->allocation ? 1 : -1;
    if (x->quantity != y->quantity) return x->quantity < y->quantity ? 1 : -1;
    return (x->allocation > y->allocation) - (x->allocation < y->allocation);
}

static void add_sessions(CalendarItems *items, const CapacityRows *rows, const Cell *c) {
    for (int i = 0; i < rows->session_count; i++) {
        const CapacitySession *t = &rows->sessions[i];
        if (!is_in(c, t->offer, t->site, t->week, t->week)) continue;
        CalendarItem item = {.session = t->id,
                             .offer = t->offer,
                             .places = t->places,
                             .first_day = t->first_day,
                             .last_day = t->last_day};
        for (int k = 0; k < rows->booking_count; k++) {
            if (rows->bookings[k].session == t->id) item.quantity += rows->bookings[k].quantity;
        }
        add(items, item);
    }
}

void calendar_items_find(CalendarItems *items, const CapacityRows *rows, int64_t offer, int site, int first, int last) {
    const Cell c = {offer, site, first, last};
    items->count = items->cursor = items->top = 0;
    arena_reset(&items->arena);
    add_sessions(items, rows, &c);
    for (int i = 0; i < rows->booking_count; i++) {
        const CapacityBooking *b = &rows->bookings[i];
        if (!is_in(&c, b->offer, b->lender, b->week, b->week)) continue;
        add(items, (CalendarItem){.session = b->session,
                                  .allocation = b->allocation,
                                  .request = b->request,
                                  .offer = b->offer,
                                  .borrower = b->borrower,
                                  .state = b->state,
                                  .quantity = b->quantity});
    }
    for (int i = 0; i < rows->access_count; i++) {
        const CapacityAccess *a = &rows->accesses[i];
        if (!is_in(&c, a->offer, a->lender, week_of_date(a->opens), week_of_date(a->ends))) continue;
        add(items, (CalendarItem){.allocation = a->allocation,
                                  .request = a->request,
                                  .offer = a->offer,
                                  .borrower = a->borrower,
                                  .state = a->state,
                                  .first_day = a->opens,
                                  .last_day = a->ends});
    }
    if (items->count > 1) qsort(items->list, (size_t)items->count, sizeof *items->list, in_order);
}

const CalendarItem *calendar_item(const CalendarItems *items) {
    return items->cursor < items->count ? &items->list[items->cursor] : NULL;
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

/* What a request is for: its project's title. */
static const char *what_for(App *app, CalendarItems *items, CalendarItem *item) {
    Record *r;
    if (item->what) return item->what;
    item->what = "";
    if (service_record_of_id(app->service, &items->arena, &entity_request, item->request, &r, NULL) == STATUS_OK)
        item->what = r->values[REQUEST_PROJECT].text ? r->values[REQUEST_PROJECT].text : "";
    return item->what;
}

static void show_days(const CalendarItem *item, Buffer *b) {
    date_show(b, item->first_day, app_today());
    if (item->last_day == item->first_day) return;
    buffer_add_string(b, " – ");
    date_show(b, item->last_day, app_today());
}

/* "BMK-T3     1 Dec – 3 Dec   12 of 16 seats". */
static void draw_session(const CalendarItem *item, int kind, int y, int x, int end, Style plain) {
    Buffer days = {0}, taken = {0};
    show_days(item, &days);
    number_show(&taken, item->quantity, 3);
    buffer_format(&taken, " %s ", _("of"));
    kind_amount(&taken, kind, item->places);
    buffer_format(&taken, " %s", _("taken"));
    x += draw_string(y, x, end - x, plain, days.bytes) + 2;
    draw_string(y, x, end - x, plain, taken.bytes);
    buffer_free(&days);
    buffer_free(&taken);
}

static void draw_item(App *app, CalendarItems *items, int index, int kind, int y, Rect r, bool here) {
    CalendarItem *item = &items->list[index];
    const Choice *state = choice_of_number(entity_allocation.states, item->state);
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT, dim = here ? STYLE_SELECTED : STYLE_DIM;
    bool access = !kind_countable(kind);
    int narrow = r.w < 70 ? 0 : 2, end = r.x + r.w, x = r.x;
    char code[CODE_SIZE];
    if (here) {
        draw_fill((Rect){y, r.x - 1, 1, r.w + 2}, STYLE_SELECTED);
        draw_cursor(y, r.x);
    }
    code_write(item->allocation ? 'A' : 'T', item->allocation ? item->allocation : item->session, code);
    draw_string(y, x, 10, here ? STYLE_SELECTED : STYLE_STRONG, code);
    x += 9 + narrow;
    if (!item->allocation) {
        draw_session(item, kind, y, x, end, plain);
        return;
    }
    Buffer quantity = {0};
    if (access) show_days(item, &quantity);
    else kind_amount(&quantity, kind, item->quantity);
    int w = access ? 25 : 13;
    const char *borrower = site_code(item->borrower);
    draw_string(y, x, 5, plain, borrower ? borrower : "?");
    x += 5;
    if (access) draw_string(y, x, w, plain, buffer_string(&quantity));
    else draw_right(y, x, w, plain, buffer_string(&quantity));
    x += w + 1 + narrow;
    draw_string(y, x, 10, here || !state ? plain : style_of_tone(state->tone), state ? _(state->label) : "");
    x += 10 + narrow;
    if (item->session) {
        code_write('T', item->session, code);
        x += draw_string(y, x, end - x, plain, code) + 1;
    }
    if (x < end) draw_string(y, x, end - x, dim, what_for(app, items, item));
    buffer_free(&quantity);
}

void calendar_items_draw(App *app, CalendarItems *items, int kind, bool focused, Rect r) {
    if (items->cursor < items->top) items->top = items->cursor;
    if (r.h > 0 && items->cursor >= items->top + r.h) items->top = items->cursor - r.h + 1;
    for (int i = 0; i < r.h && items->top + i < items->count; i++) {
        /* What there is no room for is said in the place of the last. */
        int index = items->top + i, left = items->count - index;
        if (i == r.h - 1 && left > 1 && !focused)
            draw_format(r.y + i, r.x, r.w, STYLE_DIM, _("and %d more: Tab"), left);
        else draw_item(app, items, index, kind, r.y + i, r, focused && index == items->cursor);
    }
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

bool calendar_items_event(CalendarItems *items, const Event *e) {
    enum { PAGE = 8 };
    return e->kind != EVENT_WHEEL && walk_event(&items->cursor, items->count, PAGE, e);
}
