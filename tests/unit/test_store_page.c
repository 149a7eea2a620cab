/* Pages against an oracle: thousands of generated records, filters and sorts by chance; what the store pages through is
 * what a plain filter and a plain sort of the same records in memory give. */
#include "store_fixture.h"

#include "base/text.h"
#include "store/page.h"

enum { PROJECTS = 3000, RARE = 7 };

typedef struct World {
    Fixture *f;
    Record **all;
    char **words; /* of each: see words_of */
    int count;
    unsigned luck;
    const Entity *entity;
} World;

static int chance(World *w, int from, int to) {
    w->luck = w->luck * 1664525u + 1013904223u;
    return from + (int)((w->luck >> 8) % (unsigned)(to - from + 1));
}

/* --- the records -------------------------------------------------------------------------------------------------- */

static const char *const titles[] = {"Irrigation",
                                     "École numérique",
                                     "Eau potable",
                                     "جهة وجدة",
                                     "مدرسة طنجة",
                                     "Santé rurale",
                                     "Œuvre du Souss",
                                     "Pêche",
                                     "Tri des déchets",
                                     "Énergie",
                                     "région de l'Oujda",
                                     "FORÊT",
                                     "Ville-santé",
                                     "Œil",
                                     "irrigation",
                                     "Ville verte",
                                     "Voirie",
                                     "Vergers"};

static void set_number(Record *r, int field, int64_t n) {
    r->values[field] = value_number(n);
}

static Record *chance_project(World *w, int i) {
    Fixture *f = w->f;
    char title[120], date[DATE_SIZE];
    Record *r = record_new(&f->arena, &entity_project);
    const char *word = titles[chance(w, 0, (int)(sizeof titles / sizeof *titles) - 1)];
    /* Many share a whole title; a few have a word that no other has. */
    if (i % (PROJECTS / RARE) == 3) snprintf(title, sizeof title, "%s quinquagénaire", word);
    else if (chance(w, 0, 2)) snprintf(title, sizeof title, "%s", word);
    else snprintf(title, sizeof title, "%s %d", word, chance(w, 0, 99));
    set_number(r, COMMON_SITE, chance(w, 0, 12));
    set_number(r, COMMON_STATE, chance(w, 1, 5));
    fixture_set(f, r, "title", title);
    set_number(r, PROJECT_STAGE, chance(w, 1, 4));
    if (chance(w, 0, 4)) set_number(r, PROJECT_HEALTH, chance(w, 1, 3));
    set_number(r, PROJECT_SECTOR, chance(w, 0, 20) ? chance(w, 1, 4) : 6);
    if (chance(w, 0, 3)) set_number(r, PROJECT_BUDGET, (int64_t)chance(w, 0, 40) * 5000000);
    if (chance(w, 0, 3)) {
        date_write(clock_today() + chance(w, -30, 200), date);
        fixture_set(f, r, "due", date);
    }
    if (chance(w, 0, 2)) set_number(r, PROJECT_LEAD, id_make(1, 0, chance(w, 1, 3)));
    const char *partners = i % 500 ? "TTA DOD" : "GON";
    if (chance(w, 0, 1) && !strstr(partners, site_code(record_site(r)))) fixture_set(f, r, "partners", partners);
    if (chance(w, 0, 1)) fixture_set(f, r, "summary", i % 1000 ? "un essai de terrain" : "hapax");
    return r;
}

/* A record's words, each with a blank before it, without the rules of the store: field by field, then the code. */
static void words_of(const Record *r, Buffer *out) {
    Buffer code = {0};
    buffer_clear(out);
    for (int i = 0; i < r->entity->field_count; i++) {
        if (!(r->entity->fields[i].flags & FIELD_SEARCHED) || !r->values[i].size) continue;
        buffer_add_char(out, ' ');
        text_fold(out, r->values[i].text, r->values[i].size);
    }
    record_code(r, NULL, &code);
    buffer_add_char(out, ' ');
    text_fold(out, code.bytes, code.size);
    buffer_free(&code);
}

static int world_set_up(void **state) {
    World *w = *state = calloc(1, sizeof *w);
    Status s = STATUS_OK;
    Buffer words = {0};
    assert_non_null(w);
    w->f = fixture_new(ALL_SITES);
    w->luck = 20261123;
    w->entity = &entity_project;
    w->all = arena_array(&w->f->arena, PROJECTS, sizeof *w->all);
    w->words = arena_array(&w->f->arena, PROJECTS, sizeof *w->words);
    for (int i = 0; i < 3; i++) {
        fixture_organisation(w->f, 1, "Commune");
    }
    fixture_begin(w->f);
    for (int i = 0; i < PROJECTS && s == STATUS_OK; i++) {
        w->all[i] = chance_project(w, i);
        s = store_write(w->f->store, NULL, w->all[i], "add", &w->f->error);
    }
    fixture_good(w->f, fixture_end(w->f, s), "projects");
    for (w->count = 0; w->count < PROJECTS; w->count++) {
        w->all[w->count] = fixture_read(w->f, w->all[w->count]);
        words_of(w->all[w->count], &words);
        w->words[w->count] = arena_copy(&w->f->arena, words.bytes, words.size);
    }
    buffer_free(&words);
    return 0;
}

static int world_tear_down(void **state) {
    World *w = *state;
    fixture_free(w->f);
    free(w);
    return 0;
}

/* --- the oracle --------------------------------------------------------------------------------------------------- */

/* Every word begins one of the record's. */
static bool has_words(const char *text, const char *words, size_t size) {
    bool all = true;
    char word[200];
    for (size_t at = 0; at < size && all;) {
        size_t n = strcspn(words + at, " ");
        if (n > size - at) n = size - at;
        snprintf(word, sizeof word, " %.*s", (int)n, words + at);
        all = !n || strstr(text, word);
        at += n + 1;
    }
    return all;
}

static bool compares(FilterOperator op, int order) {
    switch (op) {
    case FILTER_IS: return order == 0;
    case FILTER_LESS: return order < 0;
    case FILTER_AT_MOST: return order <= 0;
    case FILTER_MORE: return order > 0;
    case FILTER_AT_LEAST: return order >= 0;
    }
    return false;
}

static bool one_matches(const Record *r, const char *words, const FilterTerm *t, const Value *want) {
    const Field *f = &r->entity->fields[t->field];
    const Value *v = &r->values[t->field];
    if (f->kind == FIELD_REFS) {
        for (uint32_t i = 0; i < v->size; i++) {
            if (v->items[i].key == want->number) return true;
        }
        return false;
    }
    if (f->kind == FIELD_CODE) return r->id == want->number;
    if (f->kind == FIELD_TEXT && (f->flags & FIELD_SEARCHED)) {
        Buffer folded = {0};
        text_fold(&folded, want->text, want->size);
        bool has = has_words(words, buffer_string(&folded), folded.size);
        buffer_free(&folded);
        return has;
    }
    if (field_is_text(f)) return v->size && compares(t->op, strcmp(v->text, want->text));
    if ((f->kind == FIELD_CHOICE || f->kind == FIELD_REF) && value_empty(f, v)) return false;
    int64_t is = value_number_or(v, 0);
    return compares(t->op, is < want->number ? -1 : is > want->number);
}

static bool term_matches(const Record *r, const char *words, const FilterTerm *t) {
    const Field *f = &r->entity->fields[t->field];
    bool any = !t->count && (value_empty(f, &r->values[t->field]) ||
                             (f->kind == FIELD_NUMBER && !value_number_or(&r->values[t->field], 0)));
    for (int i = 0; i < t->count && !any; i++) {
        any = one_matches(r, words, t, &t->values[i]);
    }
    return any != t->negated;
}

static bool matches(const Record *r, const char *words, const Filter *filter) {
    for (int i = 0; i < filter->count; i++) {
        if (!term_matches(r, words, &filter->terms[i])) return false;
    }
    return has_words(words, filter->words, filter->words_size);
}

typedef struct Keyed {
    char text[72];
    int64_t number, id;
} Keyed;

static void key_of(const Record *r, int sort, Keyed *out) {
    const Field *f = &r->entity->fields[sort];
    *out = (Keyed){.id = r->id};
    if (f->kind == FIELD_CODE) return;
    if (sort == r->entity->title) {
        Buffer b = {0};
        text_fold(&b, r->values[sort].text, r->values[sort].size);
        assert_true(b.size <= 64);
        snprintf(out->text, sizeof out->text, "%s", buffer_string(&b));
        buffer_free(&b);
    } else if (field_is_text(f)) snprintf(out->text, sizeof out->text, "%s", value_string(&r->values[sort]));
    else out->number = value_number_or(&r->values[sort], 0);
}

static int compare_keyed(const void *a, const void *b) {
    const Keyed *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    if (!order) order = x->number < y->number ? -1 : x->number > y->number;
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

/* The ids of what matches, in ascending order. */
static int expect(World *w, const Filter *filter, int sort, int64_t *ids) {
    static Keyed keyed[PROJECTS];
    int count = 0;
    for (int i = 0; i < w->count; i++) {
        if (matches(w->all[i], w->words[i], filter)) key_of(w->all[i], sort, &keyed[count++]);
    }
    qsort(keyed, (size_t)count, sizeof *keyed, compare_keyed);
    for (int i = 0; i < count; i++) {
        ids[i] = keyed[i].id;
    }
    return count;
}

static void reverse(int64_t *ids, int count) {
    for (int i = 0; i < count / 2; i++) {
        int64_t swap = ids[i];
        ids[i] = ids[count - 1 - i];
        ids[count - 1 - i] = swap;
    }
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

typedef struct Walk {
    World *w;
    const char *text;
    Filter filter;
    int sort, limit, steps;
    bool descending, backwards;
    int64_t *ids;
    int count;
} Walk;

static void fail_walk(const Walk *walk, const char *what, int at) {
    fail_msg("\"%s\" by %s%s %s, %d a page, %d steps: %s at %d of %d", walk->text, walk->descending ? "-" : "",
             walk->w->entity->fields[walk->sort].name, walk->backwards ? "backwards" : "forwards", walk->limit,
             walk->steps, what, at, walk->count);
}

/* Compares a page with the expected rows from `at` on (backwards: those that end there); returns how many. */
static int compare_page(const Walk *walk, const Page *page, int at) {
    int left = walk->backwards ? at : walk->count - at;
    int first = walk->backwards ? at - page->count : at;
    if (page->count > left) fail_walk(walk, "too many rows", at);
    for (int i = 0; i < page->count; i++) {
        if (page->rows[i]->id != walk->ids[first + i] || page->keys[i].id != walk->ids[first + i])
            fail_walk(walk, "another row", first + i);
    }
    if (page->complete) {
        if (page->count != (left < walk->limit ? left : walk->limit)) fail_walk(walk, "too few rows", at);
        if (page->more != (left > walk->limit)) fail_walk(walk, "`more` is wrong", at);
    }
    return page->count;
}

/* From the list's start (or end) to the other end, at most so many pages. */
static void walk_all(Walk *walk, int pages) {
    Arena arena = {0};
    PageKey from;
    PageQuery q = {.filter = &walk->filter,
                   .sort = walk->sort,
                   .descending = walk->descending,
                   .backwards = walk->backwards,
                   .limit = walk->limit,
                   .steps = walk->steps,
                   .fields = FIELD_BIT(COMMON_STATE)};
    int at = walk->backwards ? walk->count : 0;
    bool more = true;
    for (int guard = 0; more && pages > 0 && guard < 10000; guard++) {
        Page page;
        fixture_good(walk->w->f, store_page(walk->w->f->store, &arena, &q, &page, &walk->w->f->error), walk->text);
        int n = compare_page(walk, &page, at);
        at += walk->backwards ? -n : n;
        more = page.more;
        if (!page.complete) from = page.next;
        else if (page.count) from = page.keys[walk->backwards ? 0 : page.count - 1];
        q.from = &from;
        pages -= page.complete;
        if (!more && at != (walk->backwards ? 0 : walk->count)) fail_walk(walk, "the list ends", at);
    }
    if (more && pages > 0) fail_walk(walk, "there is no end", at);
    arena_free(&arena);
}

static void parse(World *w, const char *text, Filter *filter) {
    if (filter_parse(&w->f->arena, w->entity, text, strlen(text), store_codes(w->f->store), filter, &w->f->error) !=
        STATUS_OK)
        fail_msg("%s: %s: %s", text, w->f->error.field, w->f->error.why);
}

/* Ways, as bits: up, up from the end, down, down from the end. */
enum { ALL_WAYS = 15 };

static void assert_ways(World *w, const char *text, int sort, int limit, int steps, int pages, unsigned ways) {
    static int64_t ids[PROJECTS];
    int64_t counted;
    Walk walk = {.w = w, .text = text, .sort = sort, .limit = limit, .steps = steps, .ids = ids};
    parse(w, text, &walk.filter);
    fixture_good(w->f, store_count(w->f->store, &walk.filter, &counted, &w->f->error), text);
    walk.count = expect(w, &walk.filter, sort, ids);
    assert_int_equal(counted, walk.count);
    for (int way = 0; way < 4; way++) {
        walk.descending = way & 2;
        walk.backwards = way & 1;
        if (way == 2) reverse(ids, walk.count);
        if (ways >> way & 1) walk_all(&walk, pages);
    }
}

static void assert_pages(World *w, const char *text, int sort, int limit, int steps, int pages) {
    assert_ways(w, text, sort, limit, steps, pages, ALL_WAYS);
}

/* What is asked of each sort: nothing, few by each kind of index, many, none, and terms that no index helps. */
static const char *const filters[] = {
    "",
    "region:SMA",
    "stage:pilot,deployment",
    "budget>1000000",
    "budget:",
    "due<+2w",
    "due>=2027-01-01 due<2027-02-01",
    "due:",
    "-due:",
    "-state:stopped,completed health:red",
    "health:",
    "health>green",
    "sector:health",
    "lead:TTA-G2",
    "-lead:TTA-G2",
    "lead:",
    "partners:GON",
    "partners:TTA",
    "-partners:TTA",
    "partners:",
    "late:yes",
    "late:no due<-1w",
    "code:SMA-P7",
    "-code:SMA-P7 region:SMA",
    "quinquagenaire",
    "hapax",
    "irrigation",
    "i",
    "e",
    "absolutely nothing",
    "irrigation 4",
    "sma p7",
    "oujda region",
    "وجده",
    "ecole",
    "oeuvre",
    "title:\"eau potable\"",
    "-title:ecole region:DOD",
    "quinquagenaire state:active",
    "irrigation region:TTA stage:pilot",
    "foret -foret",
    "region:SMA region:DOD",
    "site:SMA,DOD budget<=2000000 sector:water",
    "essai budget:",
    "terrain 9 stage:research",
    "-budget>0 -due<+9w",
    /* Words of many rows that all come late in some order: they are passed by in the index. */
    "v",
    "ve",
    "-state:stopped v",
    "state:proposed,active,on_hold v",
};
enum { FILTERS = sizeof filters / sizeof *filters };

static void every_filter_in_every_sort(void **state) {
    World *w = *state;
    int turn = 0;
    for (int sort = 0; sort < w->entity->field_count; sort++) {
        if (!(w->entity->fields[sort].flags & FIELD_LISTED)) continue;
        /* Every filter meets every sort; the way, the pages' size and the bound of a walk change with the turn. */
        for (int i = 0; i < FILTERS; i++, turn++) {
            static const int limits[] = {1, 17, 50}, steps[] = {0, 300, 2500};
            assert_ways(w, filters[i], sort, limits[turn % 3], steps[turn / 3 % 3], 2, turn % 2 ? 6 : 9);
        }
    }
}

/* All the way through, where a row that is lost or told twice would show. */
static void whole_lists_from_end_to_end(void **state) {
    World *w = *state;
    static const char *const some[] = {"", "region:SMA", "irrigation", "-partners:TTA"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        assert_pages(w, some[i], PROJECT_TITLE, 97, 0, 10000);
        if (i) assert_pages(w, some[i], PROJECT_DUE, 64, 700, 10000);
    }
}

/* Terms put together by chance. */
static void filters_by_chance(void **state) {
    World *w = *state;
    for (int i = 0; i < 60; i++) {
        char text[400] = "";
        size_t size = 0;
        int sort;
        for (int terms = chance(w, 1, 3); terms > 0; terms--) {
            size += (size_t)snprintf(text + size, sizeof text - size, "%s ", filters[chance(w, 1, FILTERS - 1)]);
        }
        do {
            sort = chance(w, 0, w->entity->field_count - 1);
        } while (!(w->entity->fields[sort].flags & FIELD_LISTED));
        assert_pages(w, text, sort, chance(w, 1, 60), chance(w, 0, 1) * chance(w, 50, 2000), 3);
    }
}

/* A page that begins at a record: the row itself, and what lies before it. */
static void pages_begin_at_a_record(void **state) {
    World *w = *state;
    static int64_t ids[PROJECTS];
    Walk walk = {.w = w, .text = "anchor", .limit = 10, .ids = ids};
    parse(w, "", &walk.filter);
    for (int i = 0; i < 60; i++) {
        PageKey key;
        Page page;
        int at = chance(w, 0, w->count - 1);
        do {
            walk.sort = chance(w, 0, w->entity->field_count - 1);
        } while (!(w->entity->fields[walk.sort].flags & FIELD_LISTED));
        walk.descending = chance(w, 0, 1);
        walk.backwards = chance(w, 0, 1);
        walk.count = expect(w, &walk.filter, walk.sort, ids);
        if (walk.descending) reverse(ids, walk.count);
        Status s = store_page_key(w->f->store, &w->f->arena, w->entity, walk.sort, 0, ids[at], &key, &w->f->error);
        fixture_good(w->f, s, "key");
        for (int inclusive = 0; inclusive < 2; inclusive++) {
            const PageQuery q = {.filter = &walk.filter,
                                 .sort = walk.sort,
                                 .descending = walk.descending,
                                 .backwards = walk.backwards,
                                 .from = &key,
                                 .inclusive = inclusive,
                                 .limit = 10};
            fixture_good(w->f, store_page(w->f->store, &w->f->arena, &q, &page, &w->f->error), "page");
            compare_page(&walk, &page, walk.backwards ? at + inclusive : at + !inclusive);
        }
    }
    PageKey key;
    assert_int_equal(store_page_key(w->f->store, &w->f->arena, w->entity, COMMON_CODE, 0, 12345, &key, &w->f->error),
                     STATUS_NOT_FOUND);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static void assert_finds(World *w, const char *text, const char *title, bool should) {
    char filter[200];
    int64_t count = 0;
    Filter f;
    Record *r = fixture_project(w->f, SMA, title);
    snprintf(filter, sizeof filter, "%s code:%s", text, fixture_code(w->f, r));
    parse(w, filter, &f);
    fixture_good(w->f, store_count(w->f->store, &f, &count, &w->f->error), filter);
    if (count != should) fail_msg("\"%s\" %s \"%s\"", text, should ? "does not find" : "finds", title);
    fixture_good(w->f, fixture_delete(w->f, r), "delete");
}

static void words_are_found_however_written(void **state) {
    World *w = *state;
    static const char *const pairs[][2] = {
        {"وجده", "مشروع وجدة"},
        {"وجدة", "مشروع وجده"},
        {"اكادير", "ميناء أكادير"},
        {"أكادير", "ميناء اكادير"},
        {"مدرسه", "المدرسة مَدْرَسَة"},
        {"2026", "خطة ٢٠٢٦"},
        {"oujda region", "Région d'Oujda"},
        {"REGION", "la région"},
        {"ecole", "École"},
        {"ÉCOLE", "ecole"},
        {"oeuvre", "Œuvre"},
        {"sma-p", "Projet"},
        {"tamazirt", "Tamaẓirt"},
        {"l'eau", "De l'eau"},
        {"eau pot", "Potable, l'eau"},
        {"c++", "Code en C"},
        {"100%", "100 % local"},
        {"\"eau potable\"", "Eau potable"},
        {"-", "Projet"},
        {"***", "Projet"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_finds(w, pairs[i][0], pairs[i][1], true);
    }
    assert_finds(w, "jda", "Oujda", false); /* words by their beginning alone */
    assert_finds(w, "oujda rabat", "Oujda", false);
    assert_finds(w, "oujdas", "Oujda", false);
}

/* What a person types is bound, never SQL and never the index's own language. */
static void text_is_only_text(void **state) {
    World *w = *state;
    static const char *const hostile[] = {
        "'; DROP TABLE project; --",
        "') OR 1=1 --",
        "title:\"'; DELETE FROM project; --\"",
        "\"\" OR \"\"",
        "a\" OR \"b",
        "NEAR(a b)",
        "folded:irrigation*",
        "irrigation AND NOT eau",
        "{a b} : c",
        "?1 ?2 ?99",
        "%s%n%d",
        "\\",
        "^irrigation",
        "title:%",
        "title:_",
        "title:'",
        "irrigation\" *",
        "* * *",
        "()",
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        Filter filter;
        Page page;
        int64_t count;
        Error e = {0};
        Status s = filter_parse(&w->f->arena, w->entity, hostile[i], strlen(hostile[i]), store_codes(w->f->store),
                                &filter, &e);
        if (s == STATUS_USAGE) continue; /* "folded" is no field */
        if (s == STATUS_OK) s = store_count(w->f->store, &filter, &count, &e);
        const PageQuery q = {.filter = &filter, .sort = PROJECT_TITLE, .limit = 5};
        if (s == STATUS_OK) s = store_page(w->f->store, &w->f->arena, &q, &page, &e);
        if (s != STATUS_OK) fail_msg("%s: %d %s", hostile[i], s, e.why);
    }
    assert_int_equal(raw_number(w->f->path, "SELECT COUNT(*) FROM project"), PROJECTS);
}

/* All of it at once: the most terms and values, and very many words. */
static void the_largest_filters_work(void **state) {
    World *w = *state;
    Buffer text = {0};
    for (int i = 0; i < 31; i++) {
        buffer_add_string(&text, i % 2 ? "-region:TTA,ORI,FMK " : "budget>=0 ");
    }
    assert_pages(w, text.bytes, PROJECT_TITLE, 20, 0, 2);
    buffer_clear(&text);
    for (int i = 0; i < 600; i++) {
        buffer_format(&text, "i%d ", i % 9);
    }
    assert_pages(w, text.bytes, PROJECT_DUE, 20, 0, 2);
    buffer_free(&text);
}

/* Of entities whose search has no index, and whose title is made of fields, pages work alike. */
static void other_entities_have_pages_too(void **state) {
    World *w = *state;
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        for (int sort = 0; sort < entity->field_count; sort++) {
            if (!(entity->fields[sort].flags & FIELD_LISTED) || field_is_list(&entity->fields[sort])) continue;
            for (int backwards = 0; backwards < 2; backwards++) {
                Page page;
                int64_t count;
                Filter filter = {.entity = entity, .arena = &w->f->arena, .words = ""};
                const PageQuery q = {
                    .filter = &filter, .sort = sort, .backwards = backwards, .limit = 100, .fields = FIELDS_ALL};
                fixture_good(w->f, store_page(w->f->store, &w->f->arena, &q, &page, &w->f->error), entity->name);
                fixture_good(w->f, store_count(w->f->store, &filter, &count, &w->f->error), entity->name);
                assert_int_equal(page.count, count < 100 ? count : 100);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_filter_in_every_sort),
        cmocka_unit_test(whole_lists_from_end_to_end),
        cmocka_unit_test(filters_by_chance),
        cmocka_unit_test(pages_begin_at_a_record),
        cmocka_unit_test(words_are_found_however_written),
        cmocka_unit_test(text_is_only_text),
        cmocka_unit_test(the_largest_filters_work),
        cmocka_unit_test(other_entities_have_pages_too),
    };
    return cmocka_run_group_tests(tests, world_set_up, world_tear_down);
}
