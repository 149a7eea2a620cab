/* A list of an entity's records: keys, and the panel's own actions. How the rows come is in browse_rows.c, how they are
 * drawn in browse_draw.c. */
#include "panels/browse.h"
#include "panels/act.h"
#include "panels/browse_filter.h"
#include "panels/browse_rows.h"
#include "panels/pick.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* --- typing a search or a filter ---------------------------------------------------------------------------------- */

static void start_typing(Browse *b, BrowseTyping typing) {
    b->typing = typing;
    b->before_id = browse_current(b) ? browse_current(b)->id : -1;
    text_copy(b->before, sizeof b->before, typing == TYPING_SEARCH ? b->search : b->filter);
    edit_set(&b->edit, b->before, false);
    b->edit.max = typing == TYPING_SEARCH ? sizeof b->search - 1 : sizeof b->filter - 1;
    if (typing == TYPING_FILTER && b->edit.text.size) {
        buffer_add_char(&b->edit.text, ' ');
        b->edit.cursor = b->edit.text.size;
    }
}

static void typed(Browse *b) {
    if (b->typing == TYPING_SEARCH) text_copy(b->search, sizeof b->search, edit_string(&b->edit));
    else filter_settle(b, edit_string(&b->edit), b->filter);
    b->total = -1;
    browse_go(b, PLACE_START);
}

static void stop_typing(Browse *b, bool keep) {
    if (!keep) {
        edit_set(&b->edit, b->before, false);
        typed(b);
        if (b->before_id >= 0) browse_show(b, b->before_id);
    }
    b->typing = TYPING_NOTHING;
    edit_free(&b->edit);
}

static bool typing_event(Browse *b, const Event *e) {
    if (event_is_key(e, KEY_IS_ESCAPE)) stop_typing(b, false);
    else if (event_is_key(e, KEY_IS_ENTER)) stop_typing(b, true);
    else if (event_is_key(e, KEY_IS_UP) || event_is_key(e, KEY_IS_DOWN))
        rows_move(b, event_is_key(e, KEY_IS_UP) ? -1 : 1);
    else if (edit_event(&b->edit, e)) typed(b);
    return true;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static void click(App *app, Browse *b, const Event *e) {
    int row = e->y - b->rows_at.y;
    if (e->x >= b->rows_at.x + b->rows_at.w || row < 0 || row >= b->page.count) return;
    b->cursor = row;
    b->detail_focused = false;
    const Record *r = browse_current(b);
    if (e->twice && r) open_record(app, r->entity, r->id);
}

static void open_current(App *app, Browse *b) {
    const DetailLine *line = b->detail_focused ? detail_current(&b->detail) : NULL;
    const Record *r = browse_current(b);
    if (line) open_record(app, line->link, line->id);
    else if (r) open_record(app, r->entity, r->id);
}

/* The list without the search, on the record that was found. */
static void end_search(Browse *b) {
    const Record *r = browse_current(b);
    int64_t id = r ? r->id : -1;
    *b->search = 0;
    browse_set_filter(b, b->filter);
    if (id >= 0) browse_show(b, id);
}

bool browse_event(App *app, Browse *b, const Event *e) {
    if (b->typing != TYPING_NOTHING) return typing_event(b, e);
    if (b->detail_focused && detail_event(&b->detail, e, b->side_height)) return true;
    if (e->kind == EVENT_WHEEL) rows_move(b, e->lines);
    else if (e->kind == EVENT_CLICK) click(app, b, e);
    else if (key_matches("Down j", e)) rows_move(b, 1);
    else if (key_matches("Up k", e)) rows_move(b, -1);
    else if (key_matches("PgDn ^F", e)) rows_move(b, b->height > 1 ? b->height - 1 : 1);
    else if (key_matches("PgUp ^B", e)) rows_move(b, b->height > 1 ? 1 - b->height : -1);
    else if (key_matches("Home", e)) browse_go(b, PLACE_START);
    else if (key_matches("End", e)) browse_go(b, PLACE_END);
    else if (key_matches("Enter Right l", e)) open_current(app, b);
    else if (key_matches("Esc", e) && b->detail_focused) b->detail_focused = false;
    else if (key_matches("Esc", e) && b->mark_count) browse_unmark(b);
    else if (key_matches("Esc", e) && *b->search) end_search(b);
    else return false;
    return true;
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static Browse *of(View *v) {
    return v->state;
}

static bool has_row(View *v) {
    return of(v)->page.count > 0;
}

static void run_open(View *v) {
    open_current(v->app, of(v));
}

static void run_search(View *v) {
    start_typing(of(v), TYPING_SEARCH);
}

static void run_filter(View *v) {
    start_typing(of(v), TYPING_FILTER);
}

static bool has_filter(View *v) {
    return *of(v)->filter || *of(v)->search;
}

static void run_clear_filter(View *v) {
    *of(v)->search = 0;
    browse_set_filter(of(v), "");
}

static bool can_start(View *v) {
    return !has_filter(v) && *of(v)->start;
}

static void run_start(View *v) {
    browse_set_filter(of(v), of(v)->start);
}

static bool is_mine(View *v) {
    return filter_is_mine(of(v));
}

static bool can_be_mine(View *v) {
    return service_actor(v->app->service)->site >= 0 && !is_mine(v);
}

static void run_mine(View *v) {
    char filter[BROWSE_FILTER];
    if (filter_turn_mine(of(v), filter)) browse_set_filter(of(v), filter);
}

static void run_mark(View *v) {
    Browse *b = of(v);
    const Record *r = browse_current(b);
    int at = 0;
    while (at < b->mark_count && b->marks[at] != r->id) {
        at++;
    }
    if (at < b->mark_count) b->marks[at] = b->marks[--b->mark_count];
    else if (b->mark_count < BROWSE_MARKS) b->marks[b->mark_count++] = r->id;
    else app_say(v->app, STYLE_SOON, _("No more than %d can be marked."), BROWSE_MARKS);
    b->marked = NULL;
    rows_move(b, 1);
}

static void run_mark_all(View *v) {
    Browse *b = of(v);
    for (int i = 0; i < b->page.count && b->mark_count < BROWSE_MARKS; i++) {
        if (!browse_is_marked(b, b->page.rows[i]->id)) b->marks[b->mark_count++] = b->page.rows[i]->id;
    }
    b->marked = NULL;
}

static void run_new(View *v) {
    Browse *b = of(v);
    act_add(v->app, b->entity, NULL, 0);
}

static bool can_add(View *v) {
    return act_can_add(v->app, of(v)->entity);
}

static bool can_edit(View *v) {
    Command c;
    const Record **records;
    int count = browse_records(of(v), &records), site;
    return count && command_find("set", of(v)->entity, &c) &&
           act_ready(v->app, &c, records, count, &site, NULL) == STATUS_OK &&
           site == service_actor(v->app->service)->site;
}

static void run_edit(View *v) {
    Command c;
    const Record **records;
    int count = browse_records(of(v), &records);
    if (count && command_find("set", of(v)->entity, &c)) act_begin(v->app, &c, records, count);
}

static void run_focus(View *v) {
    of(v)->detail_focused = !of(v)->detail_focused;
    if (of(v)->detail_focused) detail_start(&of(v)->detail, of(v)->side_height);
}

void browse_look(App *app, Browse *b) {
    if (b->detail_shown) detail_look(&b->detail, app);
}

static bool has_detail(View *v) {
    return of(v)->detail_shown && of(v)->page.count;
}

static bool has_bookings(View *v) {
    const Entity *entity = of(v)->entity;
    return has_row(v) && (entity == &entity_offer || entity == &entity_request || entity == &entity_allocation);
}

static void run_bookings(View *v) {
    const Record *r = browse_current(of(v));
    if (r) open_bookings(v->app, r->entity, r->id);
}

/* --- sorting ------------------------------------------------------------------------------------------------------- */

/* The column that sorts now, as a sort is written. */
static const char *sort_now(const Browse *b) {
    return *b->sort ? b->sort : b->entity->sort;
}

static void sort_source(void *context, const char *typed_text, Arena *arena, PickerItem **items, int *count) {
    const Browse *b = context;
    const char *now = sort_now(b);
    bool down = *now == '-';
    *items = arena_array(arena, (size_t)b->entity->field_count, sizeof **items);
    for (int i = 0; i < b->entity->field_count; i++) {
        const Field *f = &b->entity->fields[i];
        if (!(f->flags & FIELD_LISTED) || !folded_match(typed_text, _(f->label))) continue;
        bool here = !strcmp(now + down, f->name);
        (*items)[(*count)++] = (PickerItem){.code = _(f->label),
                                            .label = !here  ? ""
                                                     : down ? _("sorts now, from the last")
                                                            : _("sorts now, from the first"),
                                            .right = !here  ? NULL
                                                     : down ? draw_symbol("▾", "v")
                                                            : draw_symbol("▴", "^"),
                                            .value = i};
    }
}

static void sort_chosen(App *app, void *context, const PickerItem *item) {
    Browse *b = context;
    char sort[80];
    const char *name = b->entity->fields[item->value].name;
    (void)app;
    snprintf(sort, sizeof sort, "%s%s", strcmp(sort_now(b), name) ? "" : "-", name);
    browse_set_sort(b, sort);
}

static void run_sort(View *v) {
    const PickRequest request = {.title = _("Sort by (again: the other way round)"),
                                 .source = sort_source,
                                 .chosen = sort_chosen,
                                 .context = of(v)};
    pick(v->app, &request);
}

static const Action typing_actions[] = {
    {"done", N_("done"), N_("Ends the input; the list stays as it was found."), "Enter", 1, NULL, NULL},
    {"as-before", N_("as before"), N_("Ends the input; the list is as it was before."), "Esc", 2, NULL, NULL},
    {"down", N_("row down"), N_("The next row."), "Down", 3, NULL, NULL},
    {"up", N_("row up"), N_("The row before."), "Up", 4, NULL, NULL},
    {0},
};

static const Action marked_actions[] = {
    {"acts", N_("acts"), N_("All that can be done with the marked ones."), "v", 2, NULL, NULL},
    {"edit", N_("edit"), N_("Edits one field of all marked ones."), "e", 3, NULL, can_edit},
    {"unmark", N_("unmark"), N_("Lets go of the marks."), "Esc", 4, NULL, NULL},
    {0},
};

const Mode *browse_mode(View *v) {
    static const Mode typing = {typing_actions, true}, marked = {marked_actions, false};
    if (of(v)->typing != TYPING_NOTHING) return &typing;
    return of(v)->mark_count ? &marked : NULL;
}

const Action browse_actions[] = {
    {"open", N_("open"), N_("Opens the record in full."), "Enter", 1, run_open, has_row},
    {"search", N_("search"), N_("Finds words as you type, in titles, texts and codes; accents do not matter."), "/", 10,
     run_search, NULL},
    {"filter", N_("filter"), N_("Narrows the list: region:SMA stage:pilot due<+2w budget>1000000 -state:stopped"), "f",
     40, run_filter, NULL},
    {"clear-filter", N_("all"), N_("Lists all: without filter and search."), "F", 42, run_clear_filter, has_filter},
    {"start-filter", N_("open"), N_("Lists what it began with: what is open, of the institute you act for."), "F", 42,
     run_start, can_start},
    {"all-regions", N_("all regions"), N_("All regions' records, not only those of the institute you act for."), "i",
     43, run_mine, is_mine},
    {"mine", N_("mine"), N_("Only records of the institute you act for."), "i", 64, run_mine, can_be_mine},
    {"sort", N_("sort"), N_("Sorts by another column, or the other way round."), "s", 45, run_sort, NULL},
    {"mark", N_("mark"), N_("Marks the record; acts are then for all marked ones."), "Space", 50, run_mark, has_row},
    {"mark-all", N_("mark all"), N_("Marks all records in sight."), "*", 0, run_mark_all, has_row},
    {"new", N_("new"), N_("Makes a record."), "n", 12, run_new, can_add},
    {"edit", N_("edit"), N_("Edits the record, or one field of all marked ones."), "e", 14, run_edit, can_edit},
    {"weeks", N_("weeks"), N_("What is booked, week by week."), "w", 30, run_bookings, has_bookings},
    {"detail", N_("detail"), N_("Goes to the detail beside the list, and back."), "Tab", 55, run_focus, has_detail},
    {0},
};
