/* bookings: those of the allocations a filter lets in, week by week: as text, JSON, CSV, or as an iCalendar. */
#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/ics.h"
#include "cli/output.h"
#include "cli/period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 200, FLUSH_BYTES = 1 << 16 };

/* One booking of an allocation: a week; places in a session; or for a dataset or model access. */
typedef struct Booking {
    const Record *allocation, *session; /* session NULL: none */
    int first, last;                    /* weeks */
    int first_day, last_day;            /* those of the weeks, but of a session and of access its own */
    int64_t quantity;                   /* 0 for access */
    bool fell_free;                     /* once booked or proposed, and no more */
} Booking;

typedef struct Writer {
    Cli *cli;
    int first, last; /* the weeks asked for */
    Buffer out;
    int64_t written;
} Writer;

static int64_t number_at(const Record *r, int field) {
    return value_number_or(&r->values[field], 0);
}

static void ref_code(char letter, const Value *v, char out[CODE_SIZE]) {
    code_write(letter, value_number_or(v, 0), out);
}

/* --- as a calendar ------------------------------------------------------------------------------------------------ */

static void describe(const Record *a, const Record *session, Buffer *b) {
    char offer[CODE_SIZE], request[CODE_SIZE];
    const char *names[] = {a->values[ALLOCATION_OFFER].text, a->values[ALLOCATION_REQUEST].text};
    const Choice *state = choice_of_number(entity_allocation.states, record_state(a));
    ref_code('O', &a->values[ALLOCATION_OFFER], offer);
    ref_code('R', &a->values[ALLOCATION_REQUEST], request);
    buffer_format(b, "%s: %s %s\n", _("Offer"), offer, names[0] ? names[0] : "");
    buffer_format(b, "%s: %s %s\n", _("Request"), request, names[1] ? names[1] : "");
    buffer_format(b, "%s: %s", _("State"), state ? _(state->label) : "");
    if (session && session->values[SESSION_NOTE].size)
        buffer_format(b, "\n%s", value_string(&session->values[SESSION_NOTE]));
    if (a->values[ALLOCATION_WHY].size) buffer_format(b, "\n%s", a->values[ALLOCATION_WHY].text);
}

static void write_event(Writer *w, const Booking *k) {
    const Record *a = k->allocation;
    char code[CODE_SIZE], week[WEEK_SIZE], uid[CODE_SIZE + WEEK_SIZE + 16];
    Buffer summary = {0}, description = {0};
    int64_t kind = number_at(a, ALLOCATION_KIND);
    const Choice *c = choice_of_number(kind_choices, kind);
    code_write('A', a->id, code);
    week_write(k->first, week);
    /* An allocation books a week once, so these two name the booking for ever. */
    snprintf(uid, sizeof uid, "%s-%s@jazari", code, kind_countable(kind) ? week : "access");
    buffer_format(&summary, "%s: ", code);
    if (kind_countable(kind)) kind_amount(&summary, kind, k->quantity);
    else buffer_add_string(&summary, c ? _(c->label) : "");
    buffer_format(&summary, ", %s → %s", site_code(record_site(a)), site_code(number_at(a, ALLOCATION_BORROWER)));
    describe(a, k->session, &description);
    int64_t rev = number_at(a, COMMON_REV);
    const char *stamp = value_string(&a->values[COMMON_UPDATED_AT]);
    if (k->session) {
        /* What changes about a session changes the event as well. */
        const char *other = value_string(&k->session->values[COMMON_UPDATED_AT]);
        if (strcmp(other, stamp) > 0) stamp = other;
        rev += number_at(k->session, COMMON_REV) - 1;
    }
    const IcsEvent event = {.uid = uid,
                            .stamp = stamp,
                            .sequence = rev > 0 && rev < INT32_MAX ? (int)rev - 1 : 0,
                            .first = k->first_day,
                            .after = k->last_day + 1,
                            .summary = summary.bytes,
                            .description = description.bytes,
                            .category = c ? c->word : "",
                            .status = k->fell_free                             ? "CANCELLED"
                                      : record_state(a) == ALLOCATION_PROPOSED ? "TENTATIVE"
                                                                               : "CONFIRMED"};
    if (!w->written) ics_begin(&w->out);
    ics_event(&w->out, &event);
    buffer_free(&summary);
    buffer_free(&description);
}

/* --- as rows ------------------------------------------------------------------------------------------------------ */

enum { COLUMNS = 14 };
static const char *const keys[COLUMNS] = {"allocation", "first",    "last",    "kind",    "quantity",
                                          "site",       "borrower", "offer",   "request", "state",
                                          "first_day",  "last_day", "session", "unit"};

/* The cells as files have them, parted by NUL bytes. */
static void make_cells(const Booking *k, Buffer *b, const char *cells[COLUMNS]) {
    const Record *a = k->allocation;
    char codes[4][CODE_SIZE] = {""}, weeks[2][WEEK_SIZE], days[2][DATE_SIZE];
    size_t starts[COLUMNS];
    Buffer quantity = {0};
    const Choice *kind = choice_of_number(kind_choices, number_at(a, ALLOCATION_KIND));
    const Choice *state = choice_of_number(entity_allocation.states, record_state(a));
    code_write('A', a->id, codes[0]);
    ref_code('O', &a->values[ALLOCATION_OFFER], codes[1]);
    ref_code('R', &a->values[ALLOCATION_REQUEST], codes[2]);
    week_write(k->first, weeks[0]);
    week_write(k->last, weeks[1]);
    date_write(k->first_day, days[0]);
    date_write(k->last_day, days[1]);
    if (k->session) code_write('T', k->session->id, codes[3]);
    if (kind && kind_countable(kind->number)) number_write(&quantity, k->quantity, 3);
    const char *texts[COLUMNS] = {codes[0],
                                  weeks[0],
                                  weeks[1],
                                  kind ? kind->word : "",
                                  buffer_string(&quantity),
                                  site_code(record_site(a)),
                                  site_code(number_at(a, ALLOCATION_BORROWER)),
                                  codes[1],
                                  codes[2],
                                  state ? state->word : "",
                                  days[0],
                                  days[1],
                                  codes[3],
                                  kind ? kind_unit_word(kind->number) : ""};
    for (int i = 0; i < COLUMNS; i++) {
        starts[i] = b->size;
        buffer_add(b, texts[i] ? texts[i] : "", strlen(texts[i] ? texts[i] : "") + 1);
    }
    for (int i = 0; i < COLUMNS; i++) {
        cells[i] = b->bytes + starts[i];
    }
    buffer_free(&quantity);
}

static void write_json(Writer *w, const char *const cells[COLUMNS]) {
    buffer_add_string(&w->out, w->written ? ",\n{" : "[\n{");
    for (int i = 0; i < COLUMNS; i++) {
        json_write_key(&w->out, keys[i]);
        bool number = !strcmp(keys[i], "quantity");
        if (!*cells[i]) buffer_add_string(&w->out, "null");
        else if (number) buffer_add_string(&w->out, cells[i]);
        else json_write_string(&w->out, cells[i], strlen(cells[i]));
    }
    buffer_add_char(&w->out, '}');
}

static void write_csv(Writer *w, const char *const cells[COLUMNS]) {
    for (int i = 0; i < COLUMNS; i++) {
        if (i) buffer_add_char(&w->out, ',');
        output_csv_cell(&w->out, cells[i], strlen(cells[i]));
    }
    buffer_add_char(&w->out, '\n');
}

/* "RSK-A31      2026-W48                 96 GPU h      RSK to DOD   accepted". */
static void write_text(Writer *w, const Booking *k, const char *const cells[COLUMNS]) {
    Buffer weeks = {0}, quantity = {0};
    int64_t kind = number_at(k->allocation, ALLOCATION_KIND);
    const Choice *c = choice_of_number(kind_choices, kind),
                 *state = choice_of_number(entity_allocation.states, record_state(k->allocation));
    /* A week, or days where it is not whole ones. */
    if (k->session || !kind_countable(kind)) {
        buffer_add_string(&weeks, cells[10]);
        if (k->last_day != k->first_day) buffer_format(&weeks, " – %s", cells[11]);
    } else buffer_add_string(&weeks, cells[1]);
    if (kind_countable(kind)) number_show(&quantity, k->quantity, 3);
    int w_weeks = text_width(weeks.bytes, weeks.size);
    int w_quantity = text_width(buffer_string(&quantity), quantity.size);
    buffer_format(&w->out, "%-12s %s%*s %*s%s %-9s %-4s → %-4s  %s\n", cells[0], weeks.bytes,
                  w_weeks < 23 ? 23 - w_weeks : 0, "", w_quantity < 9 ? 9 - w_quantity : 0, "",
                  buffer_string(&quantity),
                  kind_countable(kind) ? kind_unit_of(kind, k->quantity)
                  : c                  ? _(c->label)
                                       : "",
                  cells[5], cells[6], state ? _(state->label) : "");
    buffer_free(&weeks);
    buffer_free(&quantity);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static void write_booking(Writer *w, const Booking *k) {
    Buffer bytes = {0};
    const char *cells[COLUMNS];
    if (k->last < w->first || k->first > w->last) return;
    if (w->cli->options.ics) write_event(w, k);
    else {
        make_cells(k, &bytes, cells);
        switch (w->cli->options.form) {
        case CLI_JSON: write_json(w, cells); break;
        case CLI_CSV: write_csv(w, cells); break;
        case CLI_TEXT: write_text(w, k, cells); break;
        }
    }
    buffer_free(&bytes);
    w->written++;
}

static bool week_at(const Record *r, int field, int *week) {
    const Value *v = &r->values[field];
    return v->kind == VALUE_TEXT && week_parse(v->text, v->size, week);
}

/* The days of a record, where it has them. */
static void days_at(const Record *r, int first, int last, Booking *k) {
    const Value *from = &r->values[first], *to = &r->values[last];
    if (from->kind == VALUE_TEXT) date_parse(from->text, from->size, &k->first_day);
    if (to->kind == VALUE_TEXT) date_parse(to->text, to->size, &k->last_day);
}

static void days_of_weeks(Booking *k) {
    k->first_day = date_of_week(k->first);
    k->last_day = date_of_week(k->last) + 6;
}

static void write_weeks(Writer *w, Booking *k, const ListItem *items, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        k->first = k->last = (int)items[i].key;
        k->quantity = items[i].quantity;
        days_of_weeks(k);
        if (k->session) days_at(k->session, SESSION_FIRST, SESSION_LAST, k);
        /* It may have been moved since: then these are not the days that the week was booked for. */
        if (week_of_date(k->first_day) != k->first) days_of_weeks(k);
        write_booking(w, k);
    }
}

/* Access as a record of the allocation has it. */
static bool write_access(Writer *w, Booking *k, const Record *as_of) {
    if (!week_at(as_of, ALLOCATION_FIRST, &k->first) || !week_at(as_of, ALLOCATION_LAST, &k->last)) return false;
    days_of_weeks(k);
    days_at(as_of, ALLOCATION_OPENS, ALLOCATION_ENDS, k);
    write_booking(w, k);
    return true;
}

static bool has_week(const ListItem *items, uint32_t count, int64_t week) {
    for (uint32_t i = 0; i < count; i++) {
        if (items[i].key == week) return true;
    }
    return false;
}

static int by_week(const void *a, const void *b) {
    const ListItem *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* The weeks of a list that are neither in another nor among those gathered so far, added to the latter. */
static void gather(Arena *arena, const Value *weeks, const Value *but, ListItem **items, uint32_t *count) {
    ListItem *all = arena_array(arena, (size_t)*count + weeks->size, sizeof *all);
    if (*count) memcpy(all, *items, *count * sizeof *all);
    *items = all;
    for (uint32_t i = 0; i < weeks->size; i++) {
        int64_t week = weeks->items[i].key;
        if (!has_week(but->items, but->size, week) && !has_week(all, *count, week)) all[(*count)++] = weeks->items[i];
    }
}

/* A calendar that had an event from an earlier export keeps it until it is told that it is off: what the allocation had
 * in any of its versions, and has no more. */
static Status write_fallen(Writer *w, Arena *arena, Booking *k, const Value *kept, bool has_access, Error *e) {
    const bool countable = kind_countable(number_at(k->allocation, ALLOCATION_KIND));
    JournalQuery q = {.entity = &entity_allocation, .id = k->allocation->id, .site = -1, .limit = PAGE_ROWS};
    ListItem *items = NULL;
    uint32_t count = 0;
    k->fell_free = true;
    for (int read = PAGE_ROWS; read == PAGE_ROWS;) {
        JournalEntry *entries;
        Status s = service_journal(w->cli->service, arena, &q, &entries, &read, e);
        if (s != STATUS_OK) return s;
        for (int i = 0; i < read; i++) {
            const Record *was = entries[i].after;
            q.before = entries[i].seq;
            if (was && countable) gather(arena, &was->values[ALLOCATION_BOOKINGS], kept, &items, &count);
            else if (was && !has_access) has_access = write_access(w, k, was);
        }
    }
    if (count > 1) qsort(items, count, sizeof *items, by_week);
    write_weeks(w, k, items, count);
    return STATUS_OK;
}

static Status write_allocation(Writer *w, Arena *arena, const Record *a, Error *e) {
    static const Value none;
    const bool declined = record_state(a) == ALLOCATION_DECLINED;
    const Value *bookings = declined ? &none : &a->values[ALLOCATION_BOOKINGS], *id = &a->values[ALLOCATION_SESSION];
    Booking k = {.allocation = a};
    Record *session = NULL;
    Status s = STATUS_OK;
    if (id->kind == VALUE_NUMBER)
        s = service_record_of_id(w->cli->service, arena, &entity_session, id->number, &session, e);
    if (s != STATUS_OK) return s;
    k.session = session;
    write_weeks(w, &k, bookings->items, bookings->size);
    bool access = !kind_countable(number_at(a, ALLOCATION_KIND)) && !declined && write_access(w, &k, a);
    if (!w->cli->options.ics || number_at(a, COMMON_REV) <= 1) return STATUS_OK;
    return write_fallen(w, arena, &k, bookings, access, e);
}

/* The filter, and the kind where one is asked for. */
static const char *filter_text(Cli *cli, int kind) {
    Buffer b = {0};
    for (int i = 1; i < cli->options.word_count; i++) {
        buffer_format(&b, "%s ", cli->options.words[i]);
    }
    if (kind) buffer_format(&b, "kind:%s", choice_of_number(kind_choices, kind)->word);
    const char *copy = arena_copy(&cli->arena, buffer_string(&b), b.size);
    buffer_free(&b);
    return copy;
}

static Status write_all(Writer *w, const char *filter, Error *e) {
    Arena arena = {0};
    PageKey from;
    ListRequest request = {.entity = &entity_allocation,
                           .filter = filter,
                           .sort = "code",
                           .limit = PAGE_ROWS,
                           .fields = FIELDS_ALL,
                           .labels = true};
    Status s = STATUS_OK;
    for (bool more = true; more && s == STATUS_OK;) {
        Page page;
        s = service_list(w->cli->service, &arena, &request, &page, e);
        for (int i = 0; s == STATUS_OK && i < page.count; i++) {
            s = write_allocation(w, &arena, page.rows[i], e);
            if (s == STATUS_OK && w->out.size > FLUSH_BYTES) s = output_flush(&w->out, e);
        }
        more = s == STATUS_OK && page.more && page.count;
        if (!more) break;
        /* By its code, which is its number: nothing in the key lives in the page's arena. */
        from = page.keys[page.count - 1];
        request.from = &from;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return s;
}

Status cli_bookings(Cli *cli, Error *e) {
    Writer w = {.cli = cli, .first = 0, .last = INT32_MAX};
    int kind, now = week_of_date(clock_today());
    Status s = cli_kind(cli, &kind, e);
    if (s == STATUS_OK && (cli->options.from || cli->options.to)) {
        w.first = now;
        w.last = now + 51;
        s = cli_period(cli, DATE_NEAREST, &w.first, &w.last, e);
    }
    if (s == STATUS_OK) s = cli_open(cli, false, e);
    if (s != STATUS_OK) return s;
    if (!cli->options.ics && cli->options.form == CLI_CSV) {
        for (int i = 0; i < COLUMNS; i++) {
            buffer_format(&w.out, "%s%s", i ? "," : "", keys[i]);
        }
        buffer_add_char(&w.out, '\n');
    }
    s = write_all(&w, filter_text(cli, kind), e);
    if (s == STATUS_OK && cli->options.ics && !w.written)
        s = error_set(e, STATUS_NOT_FOUND, NULL, _("nothing is booked there, and a calendar needs an event"));
    if (s == STATUS_OK && cli->options.ics) ics_end(&w.out);
    if (s == STATUS_OK && !cli->options.ics && cli->options.form == CLI_JSON)
        buffer_add_string(&w.out, w.written ? "\n]\n" : "[]\n");
    if (s == STATUS_OK && !cli->options.ics && cli->options.form == CLI_TEXT && !w.written)
        fprintf(stderr, "%s\n", _("Nothing is booked there."));
    if (s == STATUS_OK) s = output_flush(&w.out, e);
    buffer_free(&w.out);
    return s;
}
