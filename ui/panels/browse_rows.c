/* The rows of a list. The page holds just the rows in sight. The cursor moves within it; beyond its edge the page is read
 * again from another key: one row on, a page on, the start, the end. Whatever is asked costs one page. */
#include "panels/browse_rows.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* A key's answer waits for the first; what is left is done in slices while no key comes. */
enum { WALK_STEPS = 3000, SLICE_STEPS = 5000 };

static FieldSet row_fields(const Browse *b) {
    FieldSet set = FIELD_BIT(COMMON_CODE) | FIELD_BIT(COMMON_SITE) | FIELD_BIT(COMMON_STATE) | FIELD_BIT(COMMON_REV);
    for (int i = 0; i < b->entity->field_count; i++) {
        if (b->entity->fields[i].flags & FIELD_LISTED) set |= FIELD_BIT(i);
    }
    if (b->entity == &entity_project) set |= FIELD_BIT(PROJECT_LATE);
    if (b->entity == &entity_allocation) set |= FIELD_BIT(ALLOCATION_PROPOSED_BY);
    return set;
}

/* The search's words behind the filter, as words and nothing else. */
static void effective_filter(const Browse *b, char *out, size_t size) {
    char words[sizeof b->search];
    size_t n = 0;
    for (const char *c = b->search; *c && n + 1 < sizeof words; c++) {
        bool minus = *c == '-' && (!n || words[n - 1] == ' ');
        words[n++] = strchr(":=<>!\"", *c) || minus ? ' ' : *c;
    }
    words[n] = 0;
    snprintf(out, size, "%s%s%s", b->filter, *b->filter ? " " : "", words);
}

typedef struct Wish {
    const PageKey *from;
    bool backwards, inclusive;
    bool goes_on; /* with a walk */
    int limit;
} Wish;

static bool read_page(Browse *b, const Wish *wish, int steps, Page *page, Arena *arena) {
    char filter[sizeof b->filter + sizeof b->search + 2];
    effective_filter(b, filter, sizeof filter);
    ListRequest r = {.entity = b->entity,
                     .filter = filter,
                     .sort = b->sort,
                     .from = wish->from,
                     .backwards = wish->backwards,
                     .inclusive = wish->inclusive,
                     .limit = wish->limit,
                     .steps = steps,
                     .goes_on = wish->goes_on,
                     .fields = row_fields(b)};
    b->error = (Error){0};
    return service_list(b->service, arena, &r, page, &b->error) == STATUS_OK;
}

/* Takes a page in place of the one in sight. */
static bool load(Browse *b, const Wish *wish) {
    Arena *next = &b->arena[!b->which];
    Page page;
    arena_reset(next);
    if (!read_page(b, wish, WALK_STEPS, &page, next)) return false;
    b->which = !b->which;
    b->page = page;
    b->searching = !page.complete && !wish->backwards;
    if (wish->backwards) {
        b->more_above = page.more;
        b->more_below = wish->from != NULL;
    } else {
        b->more_below = page.more;
        b->more_above = wish->from != NULL;
    }
    return true;
}

static void forget_counts(Browse *b) {
    b->total = -1;
    b->first = -1;
}

void browse_go(Browse *b, BrowsePlace place) {
    Wish wish = {.limit = b->height > 0 ? b->height : 1, .backwards = place == PLACE_END};
    if (!load(b, &wish)) {
        b->page = (Page){0};
        b->cursor = 0;
        return;
    }
    b->cursor = place == PLACE_START || !b->page.count ? 0 : b->page.count - 1;
    if (place == PLACE_START) b->first = 0;
    else b->first = b->total >= 0 ? b->total - b->page.count : -1;
}

/* The page that begins at one of its own rows, or reaches back from it. */
static void shift(Browse *b, int by) {
    Wish wish = {.limit = b->height};
    int64_t first = b->first;
    if (by > 0) {
        if (!b->more_below) return;
        wish.from = &b->page.keys[by < b->page.count ? by : b->page.count - 1];
        wish.inclusive = by < b->page.count;
        if (!load(b, &wish)) return;
        b->first = first >= 0 ? first + by : -1;
        /* Near the end a whole page is better than a few rows at the top. */
        if (b->page.count < b->height && !b->page.more && b->page.complete) {
            int64_t last = b->first >= 0 ? b->first + b->page.count : -1;
            Wish back = {.limit = b->height, .backwards = true};
            load(b, &back);
            b->first = last >= 0 ? last - b->page.count : -1;
        }
        return;
    }
    if (!b->more_above) return;
    int keep = b->page.count + by; /* rows of this page that stay in sight */
    wish.backwards = true;
    wish.from = &b->page.keys[keep > 0 ? keep - 1 : 0];
    wish.inclusive = keep > 0;
    if (!load(b, &wish)) return;
    b->first = first >= 0 ? first + by : -1;
    if (b->page.count < b->height) browse_go(b, PLACE_START);
    if (b->first < 0 && !b->more_above) b->first = 0;
}

void rows_move(Browse *b, int by) {
    int to = b->cursor + by;
    if (!b->page.count) return;
    if (to >= 0 && to < b->page.count) {
        b->cursor = to;
        return;
    }
    /* A page at a time the cursor keeps its place on the screen; a row at a time it stays at the edge. */
    bool down = by > 0;
    bool row = by == 1 || by == -1;
    int64_t id = b->page.rows[b->cursor]->id;
    if (down ? !b->more_below : !b->more_above) {
        b->cursor = down ? b->page.count - 1 : 0;
        return;
    }
    shift(b, row ? by : down ? b->page.count - 1 : 1 - b->page.count);
    if (b->cursor >= b->page.count) b->cursor = b->page.count ? b->page.count - 1 : 0;
    if (!row) return;
    for (int i = 0; i < b->page.count; i++) {
        if (b->page.rows[i]->id == id) b->cursor = i + by;
    }
    if (b->cursor < 0) b->cursor = 0;
    if (b->cursor >= b->page.count) b->cursor = b->page.count - 1;
}

/* Reads the page again from its first row; the cursor stays on its record where it is still there. */
void browse_reload(Browse *b) {
    int64_t id = browse_current(b) ? browse_current(b)->id : -1, total = b->total, first = b->first;
    Wish wish = {.limit = b->height > 0 ? b->height : 1, .inclusive = true};
    int cursor = b->cursor;
    bool above = b->more_above;
    b->marked = NULL;
    if (b->page.count && above) wish.from = &b->page.keys[0];
    if (!load(b, &wish)) return;
    if (!b->page.count && wish.from) {
        browse_go(b, PLACE_END);
        return;
    }
    b->more_above = above && b->page.count;
    b->cursor = cursor < b->page.count ? cursor : b->page.count ? b->page.count - 1 : 0;
    for (int i = 0; i < b->page.count; i++) {
        if (b->page.rows[i]->id == id) b->cursor = i;
    }
    b->first = above ? first : 0;
    /* The count is what it was until it is counted again. */
    b->total = total;
    b->recount = true;
    b->detail.entity = NULL;
}

bool browse_show(Browse *b, int64_t id) {
    Arena arena = {0};
    bool listed = false;
    PageKey key;
    Page found;
    Wish wish = {.from = &key, .inclusive = true, .limit = 1};
    if (service_key(b->service, &arena, b->entity, b->sort, id, &key, NULL) == STATUS_OK &&
        read_page(b, &wish, 1, &found, &arena) && found.count && found.rows[0]->id == id) {
        listed = true;
        wish.backwards = true;
        wish.limit = b->height;
        forget_counts(b);
        if (load(b, &wish)) b->cursor = b->page.count - 1;
        if (b->page.count < b->height) browse_go(b, PLACE_START);
        for (int i = 0; i < b->page.count; i++) {
            if (b->page.rows[i]->id == id) b->cursor = i;
        }
    }
    arena_free(&arena);
    return listed;
}

const char *browse_site_word(const Entity *entity) {
    return entity == &entity_allocation ? "sides:" : "region:";
}

/* What is open, of the institute acted for. ROOT looks at all twelve. */
static void write_start(const Browse *b, char out[BROWSE_START]) {
    int site = service_actor(b->service)->site;
    const char *open = b->entity->open_filter ? b->entity->open_filter : "";
    bool one = site > 0 && *open;
    snprintf(out, BROWSE_START, "%s%s%s%s", one ? browse_site_word(b->entity) : "", one ? site_code(site) : "",
             one ? " " : "", open);
}

/* Who acts for another institute now looks at its list, unless it was narrowed in another way. */
static void follow_site(Browse *b) {
    char start[BROWSE_START];
    write_start(b, start);
    if (!strcmp(start, b->start)) return;
    bool at_start = !strcmp(b->filter, b->start);
    text_copy(b->start, sizeof b->start, start);
    if (!at_start) return;
    text_copy(b->filter, sizeof b->filter, start);
    forget_counts(b);
    if (b->height) browse_go(b, PLACE_START);
}

void browse_renew(App *app, Browse *b) {
    follow_site(b);
    if (b->height) browse_reload(b);
    if (app->made != b->entity) return;
    if (b->height && !browse_show(b, app->made_id)) b->left_out = app->made_id;
    app->made = NULL;
}

void rows_fit(Browse *b, int height) {
    if (height < 1) height = 1;
    if (height == b->height) return;
    bool first_time = b->height == 0;
    b->height = height;
    if (first_time) browse_go(b, PLACE_START);
    else {
        int64_t id = browse_current(b) ? browse_current(b)->id : -1;
        int over = b->cursor - height + 1;
        if (over > 0) { /* the cursor's row stays in sight */
            Wish wish = {.from = &b->page.keys[over], .inclusive = true, .limit = height};
            int64_t first = b->first;
            if (load(b, &wish)) b->first = first >= 0 ? first + over : -1;
            for (int i = 0; i < b->page.count; i++) {
                if (b->page.rows[i]->id == id) b->cursor = i;
            }
        } else browse_reload(b);
    }
}

/* --- in slices ---------------------------------------------------------------------------------------------------- */

/* Goes on with a walk that was not complete, for rows that are still missing. */
static void walk_on(Browse *b) {
    Arena *arena = &b->arena[b->which];
    Page more;
    PageKey from = b->page.next;
    Wish wish = {.from = &from, .goes_on = true, .limit = b->height - b->page.count};
    if (wish.limit < 1) {
        b->searching = false;
        b->more_below = true;
        return;
    }
    if (!read_page(b, &wish, SLICE_STEPS, &more, arena)) {
        b->searching = false;
        return;
    }
    Page *p = &b->page;
    Record **rows = arena_array(arena, (size_t)(p->count + more.count) + 1, sizeof *rows);
    PageKey *keys = arena_array(arena, (size_t)(p->count + more.count) + 1, sizeof *keys);
    memcpy(rows, p->rows, (size_t)p->count * sizeof *rows);
    memcpy(keys, p->keys, (size_t)p->count * sizeof *keys);
    memcpy(rows + p->count, more.rows, (size_t)more.count * sizeof *rows);
    memcpy(keys + p->count, more.keys, (size_t)more.count * sizeof *keys);
    p->rows = rows;
    p->keys = keys;
    p->count += more.count;
    p->next = more.next;
    b->searching = !more.complete;
    b->more_below = more.more;
}

/* The count may take a while: a key stops it, and it begins again when there is nothing else to do. */
static bool count(App *app, Browse *b, const char *filter, int64_t *into) {
    Error e = {0};
    int64_t found = 0;
    service_set_interrupt(app->service, app_stop_for_input, NULL);
    Status s = service_count(app->service, b->entity, filter, &found, &e);
    service_set_interrupt(app->service, NULL, NULL);
    if (s == STATUS_STOPPED) return false;
    *into = s == STATUS_OK ? found : 0;
    return true;
}

bool browse_lead(App *app, Browse *b) {
    if (!b->left_out) return false;
    open_record(app, b->entity, b->left_out);
    b->left_out = 0;
    app->dirty = true;
    return true;
}

bool browse_work(App *app, Browse *b) {
    char filter[sizeof b->filter + sizeof b->search + 2];
    const Record *current = browse_current(b);
    if (browse_lead(app, b)) return true;
    if (b->detail_shown && current && (b->detail.entity != b->entity || b->detail.id != current->id)) {
        detail_load(&b->detail, b->service, b->entity, current->id, b->detail.width ? b->detail.width : 40);
        detail_look(&b->detail, app);
        app->dirty = true;
        return true;
    }
    if (b->searching) {
        walk_on(b);
        app->dirty = true;
        return true;
    }
    if ((b->total < 0 || b->recount) && !*b->error.why) {
        effective_filter(b, filter, sizeof filter);
        if (!count(app, b, filter, &b->total)) return true;
        b->recount = false;
        b->recount_all = *b->filter || *b->search;
        if (!b->more_below && b->page.complete) b->first = b->total - b->page.count;
        /* Shown at once where the other is known too; else with it, so that the corner is not painted twice. */
        app->dirty = !b->recount_all || b->all >= 0;
        return true;
    }
    if ((b->all < 0 || b->recount_all) && (*b->filter || *b->search)) {
        if (!count(app, b, "", &b->all)) return true;
        b->recount_all = false;
        app->dirty = true;
    }
    return false;
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

void browse_start(Browse *b, Service *service, const Entity *entity, const char *filter) {
    *b = (Browse){.service = service, .entity = entity, .total = -1, .all = -1, .first = -1};
    /* What is to be done comes first, and first what is for the own institute to do. */
    if (entity == &entity_allocation) text_copy(b->sort, sizeof b->sort, "turn");
    write_start(b, b->start);
    text_copy(b->filter, sizeof b->filter, filter ? filter : b->start);
}

void browse_free(Browse *b) {
    arena_free(&b->arena[0]);
    arena_free(&b->arena[1]);
    arena_free(&b->mark_arena);
    detail_free(&b->detail);
    edit_free(&b->edit);
}

void browse_set_filter(Browse *b, const char *filter) {
    if (filter != b->filter) snprintf(b->filter, sizeof b->filter, "%s", filter);
    forget_counts(b);
    browse_go(b, PLACE_START);
}

void browse_set_sort(Browse *b, const char *sort) {
    snprintf(b->sort, sizeof b->sort, "%s", sort);
    browse_go(b, PLACE_START);
}

const Record *browse_current(const Browse *b) {
    return b->cursor >= 0 && b->cursor < b->page.count ? b->page.rows[b->cursor] : NULL;
}

void browse_unmark(Browse *b) {
    b->mark_count = 0;
    b->marked = NULL;
}

int browse_records(Browse *b, const Record ***out) {
    if (!b->mark_count) {
        b->one = browse_current(b);
        *out = &b->one;
        return b->one != NULL;
    }
    if (!b->marked) {
        int kept = 0;
        arena_reset(&b->mark_arena);
        b->marked = arena_array(&b->mark_arena, (size_t)b->mark_count, sizeof *b->marked);
        for (int i = 0; i < b->mark_count; i++) {
            Record *r;
            if (service_record_of_id(b->service, &b->mark_arena, b->entity, b->marks[i], &r, NULL) != STATUS_OK)
                continue;
            b->marks[kept] = b->marks[i];
            b->marked[kept++] = r;
        }
        b->mark_count = kept;
    }
    *out = b->marked;
    return b->mark_count;
}
