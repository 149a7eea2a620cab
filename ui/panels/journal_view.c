/* The journal on the screen: one record's history with before and after, or the newest writes of all. */
#include "panels/act.h"
#include "panels/detail.h"
#include "panels/journal_entry.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 400, GAP = 2, ACTOR_MOST = 16, CHANGE_LEAST = 24 };

typedef struct JournalView {
    const Entity *entity; /* with id: one record's; NULL: all */
    int64_t id;
    Arena arena;
    JournalEntry *entries;
    int count, cursor, top, height;
    int pages; /* of entries that were gone through */
    bool more; /* there are older ones */
    const char *title;
    Error error;
} JournalView;

static Status read_pages(JournalView *j, Service *service) {
    JournalQuery q = {.entity = j->entity, .id = j->id, .site = -1, .limit = PAGE};
    JournalEntry *all = arena_array(&j->arena, (size_t)j->pages * PAGE, sizeof *all);
    j->count = 0;
    j->more = true;
    for (int i = 0; i < j->pages && j->more; i++) {
        JournalEntry *part;
        int count;
        Status s = service_journal(service, &j->arena, &q, &part, &count, &j->error);
        if (s != STATUS_OK) return s;
        if (count) memcpy(all + j->count, part, (size_t)count * sizeof *all);
        j->count += count;
        j->more = count == PAGE;
        if (count) q.before = part[count - 1].seq;
    }
    j->entries = all;
    return STATUS_OK;
}

/* One stays on the entry one is on, whatever is written meanwhile; at the newest, at the newest. */
static void stay_at(JournalView *j, int64_t seq) {
    int was = j->cursor;
    if (j->cursor >= j->count) j->cursor = j->count ? j->count - 1 : 0;
    for (int i = 0; seq && i < j->count; i++) {
        if (j->entries[i].seq != seq) continue;
        j->cursor = i;
        if (j->top) j->top += i - was;
    }
    if (j->top < 0) j->top = 0;
}

/* What a record was that its newest entry deleted; NULL: it is there. */
static Record *deleted_record(const JournalView *j) {
    const JournalEntry *newest = j->entity && j->count ? j->entries : NULL;
    return newest && !newest->after ? newest->before : NULL;
}

static void journal_reload(View *v) {
    JournalView *j = v->state;
    Record *r;
    Buffer title = {0};
    int64_t seq = j->cursor > 0 && j->cursor < j->count ? j->entries[j->cursor].seq : 0;
    arena_reset(&j->arena);
    j->error = (Error){0};
    if (!j->pages) j->pages = 1;
    if (read_pages(j, v->app->service) != STATUS_OK) j->count = j->more = 0;
    stay_at(j, seq);
    buffer_add_string(&title, j->entity ? _("History") : _("Journal"));
    if (j->entity && service_record_of_id(v->app->service, &j->arena, j->entity, j->id, &r, NULL) == STATUS_OK) {
        buffer_add_string(&title, "  ");
        record_code(r, NULL, &title);
        buffer_add_string(&title, "  ");
        record_title(r, &title);
    } else if ((r = deleted_record(j))) {
        buffer_add_string(&title, "  ");
        record_code(r, NULL, &title);
        buffer_format(&title, "  %s", _("deleted"));
    }
    j->title = arena_copy(&j->arena, buffer_string(&title), title.size);
    buffer_free(&title);
}

static void journal_close(View *v) {
    arena_free(&((JournalView *)v->state)->arena);
}

static void when(const JournalEntry *e, Buffer *b) {
    instant_show(b, e->at, strlen(e->at), app_today());
}

static void entry_code(const JournalEntry *e, Buffer *b) {
    const Record *any = e->after ? e->after : e->before;
    if (any) record_code(any, NULL, b);
}

/* The verb; of an undo or a redo also of what. */
static void entry_words(const JournalView *j, const JournalEntry *e, Buffer *b) {
    buffer_add_string(b, entry_verb(e));
    for (int i = 0; *e->undoes && i < j->count; i++) {
        const JournalEntry *of = &j->entries[i];
        if (strcmp(of->op, e->undoes) != 0 || of->entity != e->entity || of->id != e->id) continue;
        buffer_format(b, ": %s", entry_verb(of));
        return;
    }
}

/* How wide the columns of the entries in sight are. */
typedef struct JournalColumns {
    int when, actor, code; /* code 0: it is not shown */
} JournalColumns;

static void widen(int *width, const Buffer *b) {
    int w = text_width(buffer_string(b), b->size);
    if (w > *width) *width = w;
}

static JournalColumns fit_columns(const JournalView *j, int shown, int w) {
    JournalColumns c = {0};
    Buffer text = {0};
    for (int i = j->top; i < j->top + shown; i++) {
        const JournalEntry *e = &j->entries[i];
        buffer_clear(&text);
        when(e, &text);
        widen(&c.when, &text);
        buffer_clear(&text);
        buffer_add_string(&text, e->actor);
        widen(&c.actor, &text);
        buffer_clear(&text);
        if (!j->entity) entry_code(e, &text);
        widen(&c.code, &text);
    }
    buffer_free(&text);
    if (c.actor > ACTOR_MOST) c.actor = ACTOR_MOST;
    int over = c.when + GAP + c.actor + GAP + c.code + GAP + CHANGE_LEAST - w;
    if (over > 0) c.actor -= over < c.actor ? over : c.actor;
    return c;
}

static void draw_entry(const JournalView *j, const JournalEntry *e, int y, Rect r, const JournalColumns *c, bool here,
                       const CodeBook *book) {
    Buffer text = {0};
    int x = r.x + 1, end = r.x + r.w - 1;
    when(e, &text);
    draw_string(y, x, c->when, STYLE_DIM, buffer_string(&text));
    x += c->when + GAP;
    draw_string(y, x, c->actor, STYLE_DIM, e->actor);
    x += c->actor + GAP;
    if (c->code) {
        buffer_clear(&text);
        entry_code(e, &text);
        draw_string(y, x, c->code, STYLE_STRONG, buffer_string(&text));
        x += c->code + GAP;
    }
    buffer_clear(&text);
    entry_words(j, e, &text);
    x += draw_string(y, x, end - x, STYLE_TEXT, buffer_string(&text)) + GAP;
    buffer_clear(&text);
    if (e->before && e->after) change_text(e, book, &text);
    else if (e->after) record_title(e->after, &text);
    if (x < end) draw_string(y, x, end - x, STYLE_DIM, buffer_string(&text));
    if (here) {
        draw_over((Rect){y, r.x, 1, r.w}, STYLE_SELECTED);
        draw_cursor(y, r.x);
    }
    buffer_free(&text);
}

/* What names one entry: "Edit" and "23 Nov 14:02  v5  fatima  SMA 8". */
static void name_entry(const JournalView *j, const JournalEntry *e, Buffer *words, Buffer *more) {
    when(e, more);
    buffer_format(more, "  v%lld  %s  %s %lld", (long long)e->rev, e->actor,
                  site_code(e->site) ? site_code(e->site) : "?", (long long)e->number);
    entry_words(j, e, words);
}

/* One entry field by field, below the list, a line each; what does not fit is marked, and seen as a whole. */
static void draw_below(const JournalView *j, const JournalEntry *e, Rect r, const CodeBook *book) {
    enum { LABELS = 19, ARROW = 3 };
    Arena arena = {0};
    EntryField *fields;
    Buffer words = {0}, more = {0};
    int count = entry_fields(e, book, &arena, &fields), shown = count < r.h - 1 ? count : r.h - 1;
    name_entry(j, e, &words, &more);
    draw_title(r.y, r.x, r.w, words.bytes, more.bytes);
    for (int i = 0; i < shown; i++) {
        int x = r.x + 1, y = r.y + 1 + i;
        draw_string(y, x, LABELS - 1, STYLE_DIM, fields[i].label);
        x += LABELS;
        if (fields[i].was) {
            x += draw_string(y, x, (r.w - LABELS - 1) / 2, STYLE_TEXT, fields[i].was);
            x += draw_string(y, x, ARROW, STYLE_ACCENT, draw_symbol(" → ", " > "));
        }
        draw_string(y, x, r.x + r.w - 1 - x, STYLE_STRONG, fields[i].now);
    }
    draw_more((Rect){r.y + 1, r.x, r.h - 1, r.w - 1}, false, shown < count);
    buffer_free(&words);
    buffer_free(&more);
    arena_free(&arena);
}

static void journal_draw(View *v, Rect r) {
    JournalView *j = v->state;
    const CodeBook *book = service_codes(v->app->service);
    int below = r.h >= 24 ? 9 : 6;
    draw_title(r.y, r.x + 1, r.w - 2, j->title, "");
    Rect list = {r.y + 1, r.x, r.h - 2 - below, r.w};
    j->height = list.h;
    if (j->cursor < j->top) j->top = j->cursor;
    if (j->cursor >= j->top + list.h) j->top = j->cursor - list.h + 1;
    int shown = j->count - j->top < list.h ? j->count - j->top : list.h;
    const JournalColumns columns = fit_columns(j, shown, list.w - 2);
    for (int i = 0; i < shown; i++) {
        draw_entry(j, &j->entries[j->top + i], list.y + i, list, &columns, j->top + i == j->cursor, book);
    }
    draw_more((Rect){list.y, list.x, list.h, list.w - 1}, j->top > 0, j->more || j->top + shown < j->count);
    if (*j->error.why) draw_wrapped((Rect){list.y, list.x + 1, 4, list.w - 2}, STYLE_ERROR, j->error.why);
    else if (!j->count) draw_string(list.y + 1, list.x + 1, list.w, STYLE_DIM, _("Nothing was written yet."));
    else draw_below(j, &j->entries[j->cursor], (Rect){r.y + r.h - below, r.x + 1, below, r.w - 2}, book);
}

static bool journal_event(View *v, const Event *e) {
    JournalView *j = v->state;
    if (!walk_event(&j->cursor, j->count, j->height - 1, e)) return false;
    if (j->more && j->cursor == j->count - 1) {
        j->pages++;
        journal_reload(v);
    }
    return true;
}

static bool has_record(View *v) {
    JournalView *j = v->state;
    return !j->entity && j->count && j->entries[j->cursor].after;
}

static void run_open(View *v) {
    JournalView *j = v->state;
    open_record(v->app, j->entries[j->cursor].entity, j->entries[j->cursor].id);
}

static bool is_of_all(View *v) {
    JournalView *j = v->state;
    return !j->entity && j->count;
}

static void run_history(View *v) {
    JournalView *j = v->state;
    open_history(v->app, j->entries[j->cursor].entity, j->entries[j->cursor].id);
}

static bool has_entry(View *v) {
    return ((JournalView *)v->state)->count > 0;
}

static void run_whole(View *v) {
    JournalView *j = v->state;
    const JournalEntry *e = &j->entries[j->cursor];
    Buffer title = {0}, words = {0}, more = {0};
    entry_code(e, &title);
    name_entry(j, e, &words, &more);
    buffer_format(&title, "%s%s  %s", title.size ? "  " : "", words.bytes, more.bytes);
    open_entry(v->app, e, buffer_string(&title));
    buffer_free(&title);
    buffer_free(&words);
    buffer_free(&more);
}

/* --- a version brought back -------------------------------------------------------------------------------------- */

typedef struct Version {
    Deed *deed;
    char rev[24];
} Version;

static void bring_back(App *app, void *context) {
    Version *version = context;
    const Argument to = {"to", version->rev};
    Error e = {0};
    if (act_run(app, version->deed, &to, 1, &e) != STATUS_OK) app_fail(app, &e);
}

static void version_free(void *context) {
    Version *version = context;
    deed_free(version->deed);
    free(version);
}

static bool has_version(View *v) {
    JournalView *j = v->state;
    Command c;
    return j->entity && j->cursor > 0 && j->cursor < j->count && j->entries[j->cursor].after &&
           command_find("revert", j->entity, &c);
}

static void run_bring_back(View *v) {
    JournalView *j = v->state;
    const JournalEntry *entry = &j->entries[j->cursor];
    Record *now, *gone = deleted_record(j);
    Command c;
    Error e = {0};
    Buffer text = {0}, at = {0};
    Status s = gone ? STATUS_OK : service_record_of_id(v->app->service, &j->arena, j->entity, j->id, &now, &e);
    if (gone) now = gone;
    if (!command_find("revert", j->entity, &c)) return;
    if (s == STATUS_OK) s = command_allowed(&c, service_actor(v->app->service), now, &e);
    if (s != STATUS_OK) {
        app_fail(v->app, &e);
        return;
    }
    const Record *of = now;
    Version *version = memory_new(sizeof *version);
    version->deed = deed_new(&c, j->entity, &of, 1);
    if (gone) version->deed->targets[0].rev = j->entries->rev;
    snprintf(version->rev, sizeof version->rev, "%lld", (long long)entry->rev);
    when(entry, &at);
    buffer_format(&text,
                  gone
                      ? _("%s was deleted: it is made again with the values of version %s (%s). u takes it back.")
                      : _("%s gets the values of version %s (%s), as a new version; its state stays. u takes it back."),
                  version->deed->targets[0].code, version->rev, buffer_string(&at));
    ask_owned(v->app, _("Bring this version back?"), text.bytes, _("Yes, bring it back"), bring_back, version,
              version_free);
    buffer_free(&text);
    buffer_free(&at);
}

static const Action journal_actions[] = {
    {"bring-back", N_("bring back"), N_("Gives the record the values of this version, as a new one."), "r", 2,
     run_bring_back, has_version},
    {"open", N_("open"), N_("Opens the record."), "Enter Right l", 1, run_open, has_record},
    {"history", N_("history"), N_("Every change of that record, also of one that was deleted."), "H", 4, run_history,
     is_of_all},
    {"whole", N_("whole"), N_("Shows all of what was written, long texts whole."), "Space", 3, run_whole, has_entry},
    {0},
};

static const Panel panel_journal = {.name = "journal",
                                    .label = N_("The journal"),
                                    .size = sizeof(JournalView),
                                    .actions = journal_actions,
                                    .close = journal_close,
                                    .reload = journal_reload,
                                    .draw = journal_draw,
                                    .event = journal_event};

void open_history(App *app, const Entity *entity, int64_t id) {
    View *v = app_push(app, &panel_journal);
    JournalView *j = v->state;
    j->entity = entity;
    j->id = id;
    view_start(v);
}

void open_journal(App *app) {
    view_start(app_push(app, &panel_journal));
}
