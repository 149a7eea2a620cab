/* Which other need says the same: the open ones, those of one's own region first, those most alike on top.
 *
 * Of many needs only some can be looked at. Those that share a word of the title are asked for word by word, then those
 * of the sector, then the first of all; what came is put in order here. */
#include "panels/form_view.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 5, WORD_LEAST = 5, ASKED_MOST = 40, QUERIES_MOST = 2 * (WORDS_MOST + 2) };
enum { OWN_REGION = 1000, SHARED_WORD = 4, SAME_SECTOR = 3, SAME_BENEFICIARY = 3, SAME_PROVINCE = 2 };

typedef struct Alike {
    const Record *record;
    int likeness, order;
} Alike;

typedef struct Search {
    View *view;
    Arena *arena;
    const char *typed;
    const Record *subject; /* NULL: several */
    char words[WORDS_MOST][48];
    int word_count;
    Alike *found;
    int count;
} Search;

bool alike_wanted(const FormView *f, const Field *row) {
    return f->act->entity == &entity_need && row == &entity_need.fields[NEED_MERGED_INTO];
}

/* The next word of a folded text from *at on; false at its end. */
static bool next_word(const char **at, char *out, size_t room) {
    static const char parting[] = " \t\n.,;:!?'\"()[]/-";
    *at += strspn(*at, parting);
    size_t n = strcspn(*at, parting);
    if (!n) return false;
    text_copy(out, n + 1 < room ? n + 1 : room, *at);
    *at += n;
    return true;
}

static void fold_title(const Record *r, Buffer *out) {
    const char *title = value_string(&r->values[NEED_TITLE]);
    text_fold(out, title, strlen(title));
}

/* Short words ("des", "sous") say little. */
static void read_words(Search *s) {
    Buffer folded = {0};
    char word[sizeof s->words[0]];
    fold_title(s->subject, &folded);
    for (const char *at = buffer_string(&folded); s->word_count < WORDS_MOST && next_word(&at, word, sizeof word);) {
        if (strlen(word) >= WORD_LEAST) memcpy(s->words[s->word_count++], word, sizeof word);
    }
    buffer_free(&folded);
}

static int shared_words(const Search *s, const Record *r) {
    Buffer folded = {0};
    char word[sizeof s->words[0]];
    int shared = 0;
    fold_title(r, &folded);
    for (int i = 0; i < s->word_count; i++) {
        bool has = false;
        for (const char *at = buffer_string(&folded); !has && next_word(&at, word, sizeof word);) {
            has = !strcmp(word, s->words[i]);
        }
        shared += has;
    }
    buffer_free(&folded);
    return shared;
}

static bool same(const Record *a, const Record *b, int field) {
    return a->values[field].kind == VALUE_NUMBER && value_equal(&a->values[field], &b->values[field]);
}

static int likeness(const Search *s, const Record *r) {
    int own = record_site(r) == service_actor(s->view->app->service)->site ? OWN_REGION : 0;
    if (!s->subject) return own;
    return own + shared_words(s, r) * SHARED_WORD + same(r, s->subject, NEED_SECTOR) * SAME_SECTOR +
           same(r, s->subject, NEED_BENEFICIARY) * SAME_BENEFICIARY +
           same(r, s->subject, NEED_PROVINCE) * SAME_PROVINCE;
}

static bool is_known(const Search *s, int64_t id) {
    const Deed *act = ((FormView *)s->view->state)->act;
    for (int i = 0; i < act->count; i++) {
        if (act->targets[i].id == id) return true;
    }
    for (int i = 0; i < s->count; i++) {
        if (s->found[i].record->id == id) return true;
    }
    return false;
}

static void ask(Search *s, const char *where, const char *more) {
    Buffer filter = {0};
    Page page;
    Error e;
    buffer_format(&filter, "state:submitted,qualified,in_project %s %s", where, more);
    form_add_words(&filter, s->typed);
    ListRequest request = {.entity = &entity_need, .filter = filter.bytes, .limit = ASKED_MOST, .fields = FIELDS_ALL};
    if (service_list(s->view->app->service, s->arena, &request, &page, &e) != STATUS_OK) page.count = 0;
    for (int i = 0; i < page.count; i++) {
        if (is_known(s, page.rows[i]->id)) continue;
        s->found[s->count] = (Alike){page.rows[i], likeness(s, page.rows[i]), s->count};
        s->count++;
    }
    buffer_free(&filter);
}

static void ask_all(Search *s, const char *where) {
    const Value *sector = s->subject ? &s->subject->values[NEED_SECTOR] : NULL;
    const Choice *c = sector ? choice_of_number(sector_choices, value_number_or(sector, 0)) : NULL;
    bool narrowed = *s->typed != 0; /* what was typed finds few enough by itself */
    for (int i = 0; i < s->word_count && !narrowed; i++) {
        ask(s, where, s->words[i]);
    }
    if (c && !narrowed) ask(s, where, arena_format(s->arena, "sector:%s", c->word));
    ask(s, where, "");
}

static int compare(const void *a, const void *b) {
    const Alike *x = a, *y = b;
    return x->likeness != y->likeness ? y->likeness - x->likeness : x->order - y->order;
}

void alike_find(View *v, const char *typed, Arena *arena, PickerItem **items, int *count) {
    Search s = {.view = v, .arena = arena, .typed = typed, .subject = ((FormView *)v->state)->record};
    int site = service_actor(v->app->service)->site;
    s.found = arena_array(arena, (size_t)ASKED_MOST * QUERIES_MOST, sizeof *s.found);
    *items = arena_array(arena, PICKED_MOST, sizeof **items);
    if (s.subject) read_words(&s);
    if (site >= 0) ask_all(&s, arena_format(arena, "region:%s", site_code(site)));
    ask_all(&s, "");
    qsort(s.found, (size_t)s.count, sizeof *s.found, compare);
    for (int i = 0; i < s.count && *count < PICKED_MOST; i++) {
        (*items)[(*count)++] = form_item(s.found[i].record, arena);
    }
}
