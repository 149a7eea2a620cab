/* Fields that follow what is typed into others, and what is told of it.
 *
 * A proposal is for a quantity, which takes the earliest weeks that the offer could give, or for weeks, whose sum is the
 * quantity: both are shown, whichever was typed, and one of them is sent. */
#include "panels/fit_rows.h"
#include "panels/form_view.h"

#include "base/date.h"
#include "base/text.h"

#include <string.h>

/* What a field's text stands for; VALUE_NONE where it cannot be read. */
static Value value_of(View *v, Arena *arena, const FormField *field) {
    const char *text = edit_string(&field->edit);
    Value value;
    if (value_read(arena, field->field, text, strlen(text), FORM_TYPED, service_codes(v->app->service), &value, NULL) !=
        STATUS_OK)
        return (Value){0};
    return value;
}

static int64_t sum_of(const Value *bookings) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < bookings->size; i++) {
        if (__builtin_add_overflow(sum, bookings->items[i].quantity, &sum)) return 0;
    }
    return sum;
}

/* --- a proposal --------------------------------------------------------------------------------------------------- */

typedef struct Proposal {
    FormField *offer, *quantity, *bookings;
} Proposal;

/* False where the form is none by the week. */
static bool find_proposal(const FormView *f, Proposal *p) {
    if (f->act->entity != &entity_request || strcmp(f->act->command.name, "propose") != 0) return false;
    *p = (Proposal){form_find(&f->form, "offer"), form_find(&f->form, "quantity"), form_find(&f->form, "bookings")};
    return p->offer && p->quantity && p->bookings;
}

/* What the offer could give by the week; NULL where it does not fit. */
static const Fit *fit_of_offer(View *v, int64_t offer) {
    FormView *f = v->state;
    if (!f->fits && f->record &&
        service_fit(v->app->service, &v->arena, f->record->id, &f->fits, &f->fit_count, NULL) != STATUS_OK)
        f->fits = NULL;
    for (int i = 0; f->fits && i < f->fit_count; i++) {
        if (f->fits[i].offer->id == offer && !f->fits[i].session) return &f->fits[i].fit;
    }
    return NULL;
}

static void type_into(Form *form, FormField *field, const Buffer *text) {
    *field->error = 0;
    if (strcmp(edit_string(&field->edit), buffer_string(text)) != 0) form_type(form, field, buffer_string(text));
}

/* All it could give where no quantity is said. */
static void choose_weeks(View *v, const Proposal *p) {
    FormView *f = v->state;
    Arena arena = {0};
    Buffer weeks = {0};
    Value offer = value_of(v, &arena, p->offer), quantity = value_of(v, &arena, p->quantity);
    const Fit *fit = offer.kind == VALUE_NUMBER ? fit_of_offer(v, offer.number) : NULL;
    if (fit && (form_field_empty(p->quantity) || value_number_or(&quantity, 0) > 0)) {
        Buffer spread = {0};
        fit_type_weeks(fit, value_number_or(&quantity, 0), &weeks);
        form_spread(&spread, p->bookings->field, buffer_string(&weeks));
        type_into(&f->form, p->bookings, &spread);
        buffer_free(&spread);
    }
    buffer_free(&weeks);
    arena_free(&arena);
}

static void add_up_weeks(View *v, const Proposal *p) {
    FormView *f = v->state;
    Arena arena = {0};
    Buffer sum = {0};
    Value bookings = value_of(v, &arena, p->bookings);
    if (bookings.size || form_field_empty(p->bookings)) {
        if (bookings.size) fit_type_quantity(sum_of(&bookings), &sum);
        type_into(&f->form, p->quantity, &sum);
    }
    buffer_free(&sum);
    arena_free(&arena);
}

/* Weeks that make the quantity are sent as they are seen; a quantity beyond them is for the command to refuse. */
bool follow_sends(const FormView *f, const FormField *field) {
    Proposal p;
    Arena arena = {0};
    if (!find_proposal(f, &p) || (field != p.quantity && field != p.bookings)) return true;
    View *v = f->form.context;
    Value quantity = value_of(v, &arena, p.quantity), bookings = value_of(v, &arena, p.bookings);
    bool weeks = bookings.size && (quantity.kind == VALUE_NONE || quantity.number == sum_of(&bookings));
    arena_free(&arena);
    return weeks == (field == p.bookings);
}

/* --- what falls free ------------------------------------------------------------------------------------------------ */

/* Acts on an allocation that free weeks of it. */
static const struct {
    const char *verb;
    bool all;   /* also those that have begun */
    bool taken; /* from the borrower, who did not ask for it */
} freeing[] = {{"decline", true, false}, {"release", false, false}, {"revoke", false, true}};

/* The first week that falls free; 0: all do. */
static int first_week(View *v, bool all) {
    const FormView *f = v->state;
    const FormField *field = form_find(&f->form, "from");
    Arena arena = {0};
    int week = all ? 0 : week_of_date(app_today()) + 1;
    Value from = field ? value_of(v, &arena, field) : (Value){0};
    if (from.kind == VALUE_TEXT) week_parse(from.text, from.size, &week);
    arena_free(&arena);
    return week;
}

/* "W50 – W52" and "240 GPU h"; false where there are none. Of this week what was used stays booked. */
static bool freed_weeks(const Record *allocation, int from, Buffer *weeks, Buffer *amount) {
    const Value *bookings = &allocation->values[ALLOCATION_BOOKINGS];
    int first = 0, last = 0, now = week_of_date(app_today());
    int64_t sum = 0;
    for (uint32_t i = 0; i < bookings->size; i++) {
        int week = (int)bookings->items[i].key;
        if (week < from) continue;
        if (!first) first = week;
        last = week;
        sum += bookings->items[i].quantity;
    }
    if (!sum) return false;
    week_show_span(weeks, first, last, app_today());
    if (from && first <= now) buffer_add_string(amount, _("up to "));
    kind_amount(amount, value_number_or(&allocation->values[ALLOCATION_KIND], 0), sum);
    return true;
}

void follow_say_consequence(View *v) {
    FormView *f = v->state;
    const Command *c = &f->act->command;
    Buffer weeks = {0}, amount = {0};
    bool weekly = f->record && f->record->entity == &entity_allocation &&
                  f->record->values[ALLOCATION_SESSION].kind == VALUE_NONE;
    f->form.note = c->consequence ? _(c->consequence) : NULL;
    for (size_t i = 0; weekly && i < sizeof freeing / sizeof *freeing; i++) {
        if (strcmp(freeing[i].verb, c->name) != 0) continue;
        if (!freed_weeks(f->record, first_week(v, freeing[i].all), &weeks, &amount)) continue;
        f->form.note = freeing[i].taken
                           ? arena_format(&v->arena, _("The borrower loses %s, %s."), weeks.bytes, amount.bytes)
                           : arena_format(&v->arena, _("%s, %s, fall free for others."), weeks.bytes, amount.bytes);
    }
    buffer_free(&weeks);
    buffer_free(&amount);
}

void follow_change(void *context, const FormField *field) {
    View *v = context;
    Proposal p;
    if (!strcmp(field->field->name, "from")) follow_say_consequence(v);
    if (!find_proposal(v->state, &p)) return;
    if (field == p.bookings) add_up_weeks(v, &p);
    else if (field == p.quantity || field == p.offer) choose_weeks(v, &p);
}
