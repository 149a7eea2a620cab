/* A record's own page: everything about it, and what can be done with it or with what hangs on it. */
#include "panels/act.h"
#include "panels/detail.h"
#include "panels/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct RecordPage {
    App *app;
    const Entity *entity;
    int64_t id;
    Detail detail;
    int height;
    const Entity *row; /* that the page is opened on; NULL: none, or it went there */
    int64_t row_id;
    Arena arena;          /* of the record at the cursor */
    const Record *one;    /* that acts are for */
    const Record *linked; /* where it is not the page's own */
} RecordPage;

static void page_reload(View *v) {
    RecordPage *p = v->state;
    p->linked = NULL;
    /* Read when the width is known, by draw. */
    p->detail.width = 0;
    v->app->acted = false;
}

static void page_close(View *v) {
    RecordPage *p = v->state;
    detail_free(&p->detail);
    arena_free(&p->arena);
}

static void page_draw(View *v, Rect r) {
    RecordPage *p = v->state;
    Rect in = {r.y + 1, r.x + 2, r.h - 1, r.w - 4};
    if (in.w > 110) in.w = 110;
    p->height = in.h;
    if (p->detail.width != in.w || !p->detail.record) {
        detail_load(&p->detail, v->app->service, p->entity, p->id, in.w);
        detail_look(&p->detail, v->app);
        if (p->row) detail_show(&p->detail, p->row, p->row_id, in.h);
        p->row = NULL;
        /* What was just added is what the next key is for. */
        if (v->app->made && detail_show(&p->detail, v->app->made, v->app->made_id, in.h)) v->app->made = NULL;
    }
    detail_draw(&p->detail, in, true);
}

static void page_look(View *v) {
    detail_look(&((RecordPage *)v->state)->detail, v->app);
}

static bool page_event(View *v, const Event *e) {
    RecordPage *p = v->state;
    bool taken = detail_event(&p->detail, e, p->height);
    /* A second click on a line opens what it leads to. */
    const DetailLine *line = detail_current(&p->detail);
    if (taken && e->kind == EVENT_CLICK && e->twice && line &&
        e->y - p->detail.at.y + p->detail.top == p->detail.cursor)
        open_record(v->app, line->link, line->id);
    return taken;
}

/* The line's record where the cursor is on one that hangs on the page's, else the page's own. */
static int page_records(View *v, const Record ***out) {
    RecordPage *p = v->state;
    const DetailLine *line = detail_current(&p->detail);
    p->one = p->detail.record;
    if (line && line->kind == DETAIL_ROW) {
        if (!p->linked || p->linked->entity != line->link || p->linked->id != line->id) {
            Record *r = NULL;
            arena_reset(&p->arena);
            p->linked = service_record_of_id(v->app->service, &p->arena, line->link, line->id, &r, NULL) == STATUS_OK
                            ? r
                            : NULL;
        }
        if (p->linked) p->one = p->linked;
    }
    *out = &p->one;
    return p->one != NULL;
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static bool on_link(View *v) {
    return detail_current(&((RecordPage *)v->state)->detail) != NULL;
}

static void run_open(View *v) {
    const DetailLine *line = detail_current(&((RecordPage *)v->state)->detail);
    if (line) open_record(v->app, line->link, line->id);
}

static bool can_edit(View *v) {
    Command c;
    const Record **records;
    if (!page_records(v, &records) || !command_find("set", records[0]->entity, &c)) return false;
    return command_allowed(&c, service_actor(v->app->service), records[0], NULL) == STATUS_OK;
}

static void run_edit(View *v) {
    Command c;
    const Record **records;
    if (page_records(v, &records) && command_find("set", records[0]->entity, &c)) act_begin(v->app, &c, records, 1);
}

/* Whether the record is not there any more, as after it was undone that it was made. */
static bool gone(const RecordPage *p) {
    return !p->detail.record && *p->detail.error.why;
}

/* The institute whose it is to add records of an entity that name the page's by a field; -1: whoever likes may. */
static int adds_for(const RecordPage *p, const Entity *other, int field) {
    bool owned = command_adds_for_owner(other, field) || other == p->entity;
    return owned ? record_site(p->detail.record) : -1;
}

/* Whether a record of another entity could be one of the page's own now, by whoever sits here. */
static bool takes(const RecordPage *p, const Entity *other, int field) {
    const Record *r = p->detail.record;
    if (!r) return !gone(p);
    int site = adds_for(p, other, field), state = record_state(r);
    if (other == &entity_session && p->entity == &entity_offer && !offer_has_sessions(r)) return false;
    if (other == &entity_usage && p->entity == &entity_allocation &&
        (state == ALLOCATION_PROPOSED || state == ALLOCATION_ACCEPTED || state == ALLOCATION_DECLINED))
        return false;
    return site < 0 || (service_actor(p->app->service)->may_act >> site & 1);
}

/* What can be added to the page's record: entities that refer to it and are made by hand. */
static int addable(const RecordPage *p, int index, int *field) {
    const Entity *entity = p->entity, *other;
    for (int i = 0; entity_related(entity, i, &other, field); i++) {
        bool by_hand = other != &entity_allocation && !other->reference && other != &entity_operator &&
                       !(other->fields[*field].flags & FIELD_SYSTEM) && other->fields[*field].kind == FIELD_REF;
        if (by_hand && takes(p, other, *field) && !index--) return (int)other->kind;
    }
    return ENTITY_NONE;
}

static void add_here(App *app, const RecordPage *p, int kind, int field) {
    enum { GIVEN_MAX = 24 };
    Buffer texts[GIVEN_MAX] = {{0}};
    const char *given[GIVEN_MAX];
    int count = 0;
    const Entity *other = entity_of_kind(kind);
    const Record *r = p->detail.record;
    const CodeBook *book = service_codes(app->service);
    buffer_format(&texts[count], "%s=", other->fields[field].name);
    record_code(r, book, &texts[count]);
    given[count] = texts[count].bytes;
    count++;
    /* What goes on from a record of its own kind begins as that one is. */
    for (int i = COMMON_COUNT; other == r->entity && i < other->field_count && count < GIVEN_MAX; i++) {
        const Field *f = &other->fields[i];
        bool alike = (f->flags & FIELD_REQUIRED) && !(f->flags & FIELD_SYSTEM) && f->kind != FIELD_WEEK;
        if (!alike || i == field || value_empty(f, &r->values[i])) continue;
        buffer_format(&texts[count], "%s=", f->name);
        value_write(&texts[count], f, &r->values[i], book);
        given[count] = texts[count].bytes;
        count++;
    }
    act_add(app, other, given, count);
    for (int i = 0; i < count; i++) {
        buffer_free(&texts[i]);
    }
}

/* What is to be added once one acts for the institute whose it is. */
typedef struct Addition {
    const RecordPage *page; /* below the question */
    int kind, field;
} Addition;

static void add_agreed(App *app, void *context) {
    const Addition *a = context;
    add_here(app, a->page, a->kind, a->field);
}

static void add_to(App *app, const RecordPage *p, int kind, int field) {
    const Entity *other = entity_of_kind(kind);
    int site = adds_for(p, other, field);
    Error e = {0};
    if (command_adds_to(other, p->detail.record, &e) != STATUS_OK) {
        app_fail(app, &e);
        return;
    }
    if (site < 0 || site == service_actor(app->service)->site) {
        add_here(app, p, kind, field);
        return;
    }
    char verb[80];
    Addition *a = memory_new(sizeof *a);
    *a = (Addition){.page = p, .kind = kind, .field = field};
    snprintf(verb, sizeof verb, _("New: %s"), _(other->label));
    ask_to_act_as(app, site, verb, add_agreed, a, free);
}

static void add_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    const RecordPage *p = context;
    int field, kind;
    *items = arena_array(arena, 16, sizeof **items);
    for (int i = 0; i < 16 && (kind = addable(p, i, &field)); i++) {
        const Entity *other = entity_of_kind(kind);
        if (folded_match(typed, _(other->label)))
            (*items)[(*count)++] = (PickerItem){.code = _(other->label), .label = "", .value = i};
    }
}

static void add_chosen(App *app, void *context, const PickerItem *item) {
    int field, kind = addable(context, (int)item->value, &field);
    add_to(app, context, kind, field);
}

static bool can_add(View *v) {
    int field;
    return addable(v->state, 0, &field) != ENTITY_NONE;
}

static void run_new(View *v) {
    RecordPage *p = v->state;
    int field, kind = addable(p, 0, &field);
    if (!p->detail.record) return;
    int next;
    if (!addable(p, 1, &next)) {
        add_to(v->app, p, kind, field);
        return;
    }
    const PickRequest request = {.title = _("Add to it"), .source = add_source, .chosen = add_chosen, .context = p};
    pick(v->app, &request);
}

static bool has_bookings(View *v) {
    const RecordPage *p = v->state;
    const Entity *entity = p->entity;
    return !gone(p) && (entity == &entity_offer || entity == &entity_request || entity == &entity_allocation);
}

static void run_bookings(View *v) {
    RecordPage *p = v->state;
    open_bookings(v->app, p->entity, p->id);
}

static const Action page_actions[] = {
    {"open", N_("open"), N_("Opens the record of the line."), "Enter Right l", 1, run_open, on_link},
    {"new", N_("add"), N_("Adds something that hangs on it: a milestone, a request, a usage record."), "n", 12, run_new,
     can_add},
    {"edit", N_("edit"), N_("Edits the record."), "e", 14, run_edit, can_edit},
    {"weeks", N_("weeks"), N_("What is booked, week by week."), "w", 30, run_bookings, has_bookings},
    {0},
};

static const Panel panel_page = {.name = "record",
                                 .label = N_("A record"),
                                 .size = sizeof(RecordPage),
                                 .actions = page_actions,
                                 .close = page_close,
                                 .reload = page_reload,
                                 .draw = page_draw,
                                 .event = page_event,
                                 .look = page_look,
                                 .records = page_records};

void open_record(App *app, const Entity *entity, int64_t id) {
    open_record_at(app, entity, id, NULL, 0);
}

void open_record_at(App *app, const Entity *entity, int64_t id, const Entity *row, int64_t row_id) {
    if (entity == &entity_site) {
        open_region(app, (int)id);
        return;
    }
    View *v = app_push(app, &panel_page);
    RecordPage *p = v->state;
    p->app = app;
    p->entity = entity;
    p->id = id;
    p->row = row;
    p->row_id = row_id;
    view_start(v);
}
