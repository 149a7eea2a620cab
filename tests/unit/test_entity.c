/* model/entity: the tables of fields and lifecycles are sound, the registry is whole. Records and their rules are in
 * test_record.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/entities.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define EACH(entity)                                                                                                   \
    for (int kind_ = 1; kind_ < ENTITY_COUNT; kind_++)                                                                 \
        for (const Entity *entity = entity_of_kind(kind_); entity; entity = NULL)

static bool all_of(const char *text, const char *allowed) {
    return text && *text && text[strspn(text, allowed)] == 0;
}

static bool is_identifier(const char *name) {
    return all_of(name, "abcdefghijklmnopqrstuvwxyz0123456789_") && *name >= 'a' && *name <= 'z' && strlen(name) < 32;
}

/* Something for people: English in ASCII, with no blank outside. */
static void assert_english(const char *where, const char *what, const char *text) {
    bool good = text && *text && *text != ' ' && text[strlen(text) - 1] != ' ';
    bool letter = false;
    for (const char *c = text; good && *c; c++) {
        good = *c >= 0x20 && *c < 0x7F;
        letter = letter || isalnum((unsigned char)*c);
    }
    if (!good || !letter) fail_msg("%s: the %s \"%s\"", where, what, text ? text : "(none)");
}

static void assert_sentence(const char *where, const char *what, const char *text) {
    assert_english(where, what, text);
    if (text[strlen(text) - 1] != '.') fail_msg("%s: the %s is no sentence: %s", where, what, text);
}

static bool has_state(const Entity *e, int state) {
    return choice_of_number(e->states, state) != NULL;
}

static unsigned all_states(const Entity *e) {
    unsigned all = 0;
    for (const Choice *c = e->states; c->number; c++) {
        all |= FROM(c->number);
    }
    return all;
}

static bool same_name(const char *a, const char *b) {
    return a && b && !strcmp(a, b);
}

/* --- the registry ------------------------------------------------------------------------------------------------ */

static void kinds_keep_their_numbers(void **state) {
    (void)state;
    static const struct {
        int kind;
        const Entity *entity;
        const char *name;
        char letter;
    } known[] = {
        {1, &entity_site, "site", 0},
        {2, &entity_province, "province", 0},
        {3, &entity_operator, "operator", 0},
        {4, &entity_organisation, "organisation", 'G'},
        {5, &entity_need, "need", 'N'},
        {6, &entity_project, "project", 'P'},
        {7, &entity_milestone, "milestone", 'M'},
        {8, &entity_offer, "offer", 'O'},
        {9, &entity_request, "request", 'R'},
        {10, &entity_allocation, "allocation", 'A'},
        {11, &entity_usage, "usage", 'U'},
        {12, &entity_session, "session", 'T'},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_ptr_equal(entity_of_kind(known[i].kind), known[i].entity);
        assert_int_equal(known[i].entity->kind, known[i].kind);
        assert_string_equal(known[i].entity->name, known[i].name);
        assert_int_equal(known[i].entity->letter, known[i].letter);
    }
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        assert_non_null(entity_of_kind(kind));
    }
    assert_null(entity_of_kind(ENTITY_NONE));
    assert_null(entity_of_kind(ENTITY_COUNT));
    assert_null(entity_of_kind(-1));
}

static void words_and_letters_name_one_entity(void **state) {
    (void)state;
    char upper[64];
    EACH(e) {
        assert_true(is_identifier(e->name) && is_identifier(e->plural));
        assert_string_not_equal(e->name, e->plural);
        const char *const words[] = {e->name, e->plural};
        for (int i = 0; i < 2; i++) {
            assert_ptr_equal(entity_of_word(words[i], strlen(words[i])), e); /* so no word stands twice */
            for (size_t j = 0; j <= strlen(words[i]); j++) {
                upper[j] = (char)toupper((unsigned char)words[i][j]);
            }
            assert_ptr_equal(entity_of_word(upper, strlen(upper)), e);
        }
        if (!e->letter) continue;
        assert_true(e->letter >= 'A' && e->letter <= 'Z');
        assert_ptr_equal(entity_of_letter(e->letter), e);
    }
    assert_null(entity_of_letter(0));
    assert_null(entity_of_letter('Z'));
    assert_null(entity_of_letter('p'));
    assert_null(entity_of_word("", 0));
    assert_null(entity_of_word("project", 4));
    assert_null(entity_of_word("projectx", 8));
    assert_ptr_equal(entity_of_word("projects?", 8), &entity_project);
}

/* The names by which the code reaches fields stand for the fields that they say. */
static void names_in_the_code_match_the_tables(void **state) {
    (void)state;
    static const struct {
        const Entity *entity;
        const char *names; /* from COMMON_COUNT on */
        int last;
    } tables[] = {
        {&entity_site,
         "kind name_fr name_ar name_zgh seat seat_ar latitude longitude population population_2014 entitlement sectors",
         SITE_SECTORS},
        {&entity_province, "name_fr name_ar kind of_region", PROVINCE_REGION},
        {&entity_operator, "name role acts_for language pin_hash", OPERATOR_PIN},
        {&entity_organisation, "name kind province founding", ORGANISATION_FOUNDING},
        {&entity_need, "title urgency sector beneficiary province people data_level problem merged_into reason",
         NEED_REASON},
        {&entity_project,
         "title stage health due sector budget funded start lead partners needs axis summary reason late",
         PROJECT_LATE},
        {&entity_milestone, "title project due done", MILESTONE_DONE},
        {&entity_offer, "name kind quantity reserve first last data_level mode conditions", OFFER_CONDITIONS},
        {&entity_request,
         "project kind wanted agreed proposed got lacks waits smallest weekly_most earliest latest priority data_level "
         "justification reason extends",
         REQUEST_EXTENDS},
        {&entity_allocation,
         "request offer kind borrower total first last turn bookings proposed_by why reason account session opens ends "
         "sides",
         ALLOCATION_SIDES},
        {&entity_usage, "allocation week quantity source reference seconds", USAGE_SECONDS},
        {&entity_session, "offer first_day last_day places taken note week reason", SESSION_REASON},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const Entity *e = tables[i].entity;
        const char *at = tables[i].names;
        int field = COMMON_COUNT;
        for (; *at; field++) {
            size_t n = strcspn(at, " ");
            assert_true(field < e->field_count);
            if (strlen(e->fields[field].name) != n || strncmp(e->fields[field].name, at, n) != 0)
                fail_msg("%s: field %d is %s, not %.*s", e->name, field, e->fields[field].name, (int)n, at);
            at += n + (at[n] == ' ');
        }
        assert_int_equal(field, e->field_count);
        assert_int_equal(tables[i].last, e->field_count - 1);
    }
    /* A few by name, so that an enumerator in the wrong place of a full list is seen, too. */
    assert_string_equal(entity_project.fields[PROJECT_BUDGET].name, "budget");
    assert_string_equal(entity_project.fields[PROJECT_NEEDS].name, "needs");
    assert_string_equal(entity_need.fields[NEED_BENEFICIARY].name, "beneficiary");
    assert_string_equal(entity_need.fields[NEED_MERGED_INTO].name, "merged_into");
    assert_string_equal(entity_offer.fields[OFFER_RESERVE].name, "reserve");
    assert_string_equal(entity_offer.fields[OFFER_LAST].name, "last");
    assert_string_equal(entity_request.fields[REQUEST_GOT].name, "got");
    assert_string_equal(entity_request.fields[REQUEST_LATEST].name, "latest");
    assert_string_equal(entity_request.fields[REQUEST_PRIORITY].name, "priority");
    assert_string_equal(entity_allocation.fields[ALLOCATION_BORROWER].name, "borrower");
    assert_string_equal(entity_allocation.fields[ALLOCATION_BOOKINGS].name, "bookings");
    assert_string_equal(entity_site.fields[SITE_LAT].name, "latitude");
    assert_string_equal(entity_site.fields[SITE_POPULATION].name, "population");
    assert_string_equal(entity_usage.fields[USAGE_QUANTITY].name, "quantity");
    assert_string_equal(entity_milestone.fields[MILESTONE_DUE].name, "due");
    assert_string_equal(entity_operator.fields[OPERATOR_ROLE].name, "role");
}

static void states_in_the_code_match_the_tables(void **state) {
    (void)state;
    static const struct {
        const Entity *entity;
        int state;
        const char *word;
    } known[] = {
        {&entity_site, SITE_PLANNED, "planned"},
        {&entity_site, SITE_ACTIVE, "active"},
        {&entity_site, SITE_SUSPENDED, "suspended"},
        {&entity_site, SITE_CLOSED, "closed"},
        {&entity_province, PROVINCE_CURRENT, "current"},
        {&entity_operator, OPERATOR_INVITED, "invited"},
        {&entity_operator, OPERATOR_ACTIVE, "active"},
        {&entity_operator, OPERATOR_DISABLED, "disabled"},
        {&entity_organisation, ORGANISATION_ACTIVE, "active"},
        {&entity_organisation, ORGANISATION_INACTIVE, "inactive"},
        {&entity_need, NEED_DRAFT, "draft"},
        {&entity_need, NEED_SUBMITTED, "submitted"},
        {&entity_need, NEED_QUALIFIED, "qualified"},
        {&entity_need, NEED_IN_PROJECT, "in_project"},
        {&entity_need, NEED_MET, "met"},
        {&entity_need, NEED_DEFERRED, "deferred"},
        {&entity_need, NEED_REJECTED, "rejected"},
        {&entity_need, NEED_MERGED, "merged"},
        {&entity_project, PROJECT_PROPOSED, "proposed"},
        {&entity_project, PROJECT_ACTIVE, "active"},
        {&entity_project, PROJECT_ON_HOLD, "on_hold"},
        {&entity_project, PROJECT_COMPLETED, "completed"},
        {&entity_project, PROJECT_STOPPED, "stopped"},
        {&entity_milestone, MILESTONE_OPEN, "open"},
        {&entity_milestone, MILESTONE_IS_DONE, "done"},
        {&entity_milestone, MILESTONE_DROPPED, "dropped"},
        {&entity_offer, OFFER_DRAFT, "draft"},
        {&entity_offer, OFFER_OPEN, "open"},
        {&entity_offer, OFFER_PAUSED, "paused"},
        {&entity_offer, OFFER_CLOSED, "closed"},
        {&entity_request, REQUEST_DRAFT, "draft"},
        {&entity_request, REQUEST_SUBMITTED, "submitted"},
        {&entity_request, REQUEST_APPROVED, "approved"},
        {&entity_request, REQUEST_RETURNED, "returned"},
        {&entity_request, REQUEST_REJECTED, "rejected"},
        {&entity_request, REQUEST_CLOSED, "closed"},
        {&entity_request, REQUEST_WITHDRAWN, "withdrawn"},
        {&entity_allocation, ALLOCATION_PROPOSED, "proposed"},
        {&entity_allocation, ALLOCATION_ACCEPTED, "accepted"},
        {&entity_allocation, ALLOCATION_ACTIVE, "active"},
        {&entity_allocation, ALLOCATION_COMPLETED, "completed"},
        {&entity_allocation, ALLOCATION_DECLINED, "declined"},
        {&entity_allocation, ALLOCATION_RELEASED, "released"},
        {&entity_allocation, ALLOCATION_REVOKED, "revoked"},
        {&entity_usage, USAGE_RECORDED, "recorded"},
        {&entity_session, SESSION_PLANNED, "planned"},
        {&entity_session, SESSION_CANCELLED, "cancelled"},
    };
    int total = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const Choice *c = choice_of_number(known[i].entity->states, known[i].state);
        assert_non_null(c);
        assert_string_equal(c->word, known[i].word);
    }
    EACH(e) total += choice_count(e->states);
    assert_int_equal(total, sizeof known / sizeof *known);
    assert_int_equal(ALLOCATION_HOLDS | FROM(ALLOCATION_DECLINED), all_states(&entity_allocation));
    assert_false(ALLOCATION_HOLDS & FROM(ALLOCATION_DECLINED));
}

/* --- fields ------------------------------------------------------------------------------------------------------ */

static void assert_choices(const char *where, const Field *f) {
    const Choice *list = f->choices;
    assert_non_null(list);
    assert_true(choice_count(list) > 0);
    for (const Choice *c = list; c->number; c++) {
        if (c->number < 1 || c->number >= 63) fail_msg("%s: choice %d", where, c->number);
        if (!all_of(c->word, "abcdefghijklmnopqrstuvwxyz0123456789_")) fail_msg("%s: the word %s", where, c->word);
        assert_english(where, "choice's label", c->label);
        assert_true(c->tone >= TONE_PLAIN && c->tone <= TONE_QUIET);
        assert_ptr_equal(choice_of_number(list, c->number), c);
        assert_ptr_equal(choice_of_word(list, c->word, strlen(c->word)), c);
        for (const Choice *d = list; d != c; d++) {
            if (same_name(c->label, d->label)) fail_msg("%s: two choices are called %s", where, c->label);
        }
    }
}

static void assert_field(const char *owner, const Field *f) {
    char where[128];
    snprintf(where, sizeof where, "%s.%s", owner, f->name ? f->name : "(none)");
    if (!is_identifier(f->name)) fail_msg("%s is no name", where);
    if (f->alias && !is_identifier(f->alias)) fail_msg("%s: the alias %s", where, f->alias);
    assert_english(where, "label", f->label);
    if (f->heading) {
        assert_english(where, "heading", f->heading);
        assert_true(strlen(f->heading) < strlen(f->label));
    }
    if (f->help) assert_sentence(where, "help", f->help);
    if (f->unit) assert_true(*f->unit && f->kind == FIELD_NUMBER);
    bool choices = f->kind == FIELD_CHOICE || f->kind == FIELD_SET,
         refs = f->kind == FIELD_REF || f->kind == FIELD_REFS;
    if (choices) assert_choices(where, f);
    else assert_null(f->choices);
    if (refs) assert_non_null(entity_of_kind(f->ref));
    else assert_int_equal(f->ref, 0);
    bool scaled = f->kind == FIELD_NUMBER || f->kind == FIELD_BOOKINGS;
    assert_true(f->scale >= 0 && f->scale <= 6 && (scaled || !f->scale));
    bool bounded = scaled || f->kind == FIELD_TEXT || f->kind == FIELD_NOTE;
    assert_true(bounded || (!f->min && !f->max));
    assert_true(!f->max || f->min <= f->max);
    if (f->kind == FIELD_TEXT || f->kind == FIELD_NOTE) assert_true(f->min >= 0 && f->max <= FIELD_NOTE_MAX);
    if (f->kind == FIELD_TEXT) assert_true(f->max <= FIELD_TEXT_MAX);
    if (f->kind == FIELD_BOOKINGS) assert_true(f->max > 0);
    unsigned flags = f->flags;
    assert_true(f->rank >= 0);
    if (f->rank && !(flags & FIELD_LISTED)) fail_msg("%s has a rank but is in no list", where);
    if (flags & FIELD_SEARCHED && f->kind != FIELD_TEXT && f->kind != FIELD_NOTE) fail_msg("%s is no text", where);
    if (flags & FIELD_AHEAD && f->kind != FIELD_DATE && f->kind != FIELD_WEEK) fail_msg("%s is no date", where);
    if (flags & FIELD_LISTED && (field_is_list(f) || f->kind == FIELD_NOTE)) fail_msg("%s is no column", where);
    if (flags & FIELD_LISTED && f->kind == FIELD_REF && !(flags & FIELD_REQUIRED)) fail_msg("%s may be empty", where);
    if (flags & FIELD_DERIVED && !(flags & FIELD_SYSTEM)) fail_msg("%s is derived, yet may be typed", where);
    if (flags & FIELD_DERIVED && flags & FIELD_REQUIRED) fail_msg("%s is derived, yet required", where);
    if (flags & FIELD_HIDDEN && flags & (FIELD_LISTED | FIELD_SEARCHED)) fail_msg("%s is hidden, yet shown", where);
}

static void every_field_is_sound(void **state) {
    (void)state;
    EACH(e) {
        assert_true(e->field_count > COMMON_COUNT);
        for (int i = 0; i < e->field_count; i++) {
            assert_field(e->name, &e->fields[i]);
        }
        for (int i = 0; i < e->arrow_count; i++) {
            for (int j = 0; j < e->arrows[i].extra_count; j++) {
                assert_field(e->arrows[i].verb, &e->arrows[i].extra[j]);
            }
        }
    }
}

static void names_within_an_entity_are_unique(void **state) {
    (void)state;
    EACH(e) {
        for (int i = 0; i < e->field_count; i++) {
            const Field *f = &e->fields[i];
            assert_int_equal(entity_field(e, f->name, strlen(f->name)), i);
            if (f->alias) assert_int_equal(entity_field(e, f->alias, strlen(f->alias)), i);
            for (int j = 0; j < i; j++) {
                const Field *g = &e->fields[j];
                if (same_name(f->name, g->name) || same_name(f->name, g->alias) || same_name(f->alias, g->name) ||
                    same_name(f->alias, g->alias))
                    fail_msg("%s: %s and %s", e->name, f->name, g->name);
            }
        }
    }
    assert_int_equal(entity_field(&entity_project, "REGION", 6), COMMON_SITE);
    assert_int_equal(entity_field(&entity_project, "status", 6), COMMON_STATE);
    assert_int_equal(entity_field(&entity_operator, "login", 5), COMMON_CODE);
    assert_int_equal(entity_field(&entity_project, "Due", 3), PROJECT_DUE);
    assert_int_equal(entity_field(&entity_project, "due<", 3), PROJECT_DUE);
    assert_int_equal(entity_field(&entity_project, "du", 2), -1);
    assert_int_equal(entity_field(&entity_project, "duex", 4), -1);
    assert_int_equal(entity_field(&entity_project, "", 0), -1);
}

static void every_entity_begins_alike(void **state) {
    (void)state;
    static const struct {
        const char *name;
        FieldKind kind;
    } common[COMMON_COUNT] = {
        {"code", FIELD_CODE},          {"site", FIELD_REF},           {"state", FIELD_CHOICE},
        {"rev", FIELD_NUMBER},         {"created_at", FIELD_INSTANT}, {"created_by", FIELD_TEXT},
        {"updated_at", FIELD_INSTANT}, {"updated_by", FIELD_TEXT},
    };
    EACH(e) {
        for (int i = 0; i < COMMON_COUNT; i++) {
            const Field *f = &e->fields[i], *as = &entity_project.fields[i];
            assert_string_equal(f->name, common[i].name);
            if (i == COMMON_CODE) continue;
            assert_int_equal(f->kind, common[i].kind);
            assert_string_equal(f->label, as->label);
            assert_int_equal(f->flags, as->flags);
            assert_int_equal(f->rank, as->rank);
            assert_true(f->flags & FIELD_SYSTEM);
        }
        assert_int_equal(e->fields[COMMON_SITE].ref, ENTITY_SITE);
        assert_ptr_equal(e->fields[COMMON_STATE].choices, e->states);
        /* Records have a letter and a code made of their id, or no letter and a code of their own. */
        const Field *code = &e->fields[COMMON_CODE];
        assert_int_equal(code->kind, e->letter ? FIELD_CODE : FIELD_TEXT);
        assert_true(code->flags & FIELD_LISTED);
        if (e->letter) assert_true(code->flags & FIELD_SYSTEM);
        else
            assert_int_equal(code->flags & (FIELD_REQUIRED | FIELD_FIXED | FIELD_SYSTEM), FIELD_REQUIRED | FIELD_FIXED);
        for (int i = COMMON_COUNT; i < e->field_count; i++) {
            assert_int_not_equal(e->fields[i].kind, FIELD_CODE);
        }
    }
}

/* --- entities ----------------------------------------------------------------------------------------------------- */

static int count_of(const char *text, const char *part) {
    int n = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        n++;
    }
    return n;
}

static void every_entity_has_words_for_people(void **state) {
    (void)state;
    EACH(e) {
        assert_english(e->name, "label", e->label);
        assert_english(e->name, "heading", e->heading);
        assert_sentence(e->name, "empty list", e->empty);
        assert_english(e->name, "count", e->count_one);
        assert_english(e->name, "count", e->count_many);
        assert_string_not_equal(e->count_one, e->count_many);
        assert_int_equal(count_of(e->count_one, "%s"), 1);
        assert_int_equal(count_of(e->count_one, "%"), 1);
        assert_int_equal(count_of(e->count_many, "%s"), 1);
        assert_int_equal(count_of(e->count_many, "%"), 1);
        for (const Choice *c = e->states; c->number; c++) {
            assert_english(e->name, "state", c->label);
        }
    }
}

static void every_entity_names_and_sorts_its_records(void **state) {
    (void)state;
    EACH(e) {
        const char *sort = e->sort + (*e->sort == '-');
        int by = entity_field(e, sort, strlen(sort));
        if (by < 0 || !(e->fields[by].flags & FIELD_LISTED)) fail_msg("%s is sorted by %s", e->name, e->sort);
        if (e->write_title) {
            int n = 0;
            assert_int_equal(e->title, -1);
            assert_non_null(e->title_fields);
            for (; e->title_fields[n] >= 0; n++) {
                assert_in_range(e->title_fields[n], COMMON_COUNT, e->field_count - 1);
            }
            assert_true(n > 0);
            assert_int_equal(e->title_fields[n], -1);
        } else {
            assert_in_range(e->title, COMMON_COUNT, e->field_count - 1);
            const Field *title = &e->fields[e->title];
            assert_int_equal(title->kind, FIELD_TEXT);
            assert_int_equal(title->flags & (FIELD_REQUIRED | FIELD_LISTED | FIELD_SEARCHED),
                             FIELD_REQUIRED | FIELD_LISTED | FIELD_SEARCHED);
            assert_null(e->title_fields);
        }
        assert_true(e->role >= ROLE_VIEWER && e->role <= ROLE_ADMIN);
        assert_true(has_state(e, e->first_state));
        assert_int_equal(e->editable & ~all_states(e), 0);
        if (e->append_only) assert_true(!e->editable && !e->arrow_count);
        else assert_true(e->editable & FROM(e->first_state));
    }
}

static void what_refers_to_an_entity_is_found(void **state) {
    (void)state;
    const Entity *other = NULL;
    int field = 0;
    EACH(e) {
        int found = 0;
        for (int kind = 1; kind < ENTITY_COUNT && e != &entity_site; kind++) {
            const Entity *from = entity_of_kind(kind);
            for (int i = 0; i < from->field_count; i++) {
                bool refers = from->fields[i].kind == FIELD_REF || from->fields[i].kind == FIELD_REFS;
                if (!refers || from->fields[i].ref != (int)e->kind) continue;
                assert_true(entity_related(e, found++, &other, &field));
                assert_ptr_equal(other, from);
                assert_int_equal(field, i);
            }
        }
        assert_false(entity_related(e, found, &other, &field));
        assert_false(entity_related(e, found + 1, &other, &field));
    }
    assert_true(entity_related(&entity_allocation, 0, &other, &field));
    assert_ptr_equal(other, &entity_usage);
    assert_int_equal(field, USAGE_ALLOCATION);
    assert_false(entity_related(&entity_site, 0, &other, &field));
}

/* --- lifecycles --------------------------------------------------------------------------------------------------- */

static void every_arrow_is_sound(void **state) {
    (void)state;
    EACH(e) {
        for (int i = 0; i < e->arrow_count; i++) {
            const Arrow *a = &e->arrows[i];
            char where[128];
            snprintf(where, sizeof where, "%s %s", e->name, a->verb);
            if (!is_identifier(a->verb)) fail_msg("%s is no verb", where);
            assert_english(where, "label", a->label);
            assert_sentence(where, "help", a->help);
            if (a->consequence) assert_sentence(where, "consequence", a->consequence);
            if (!a->from || a->from & ~all_states(e)) fail_msg("%s leaves from where nothing is", where);
            if (!has_state(e, a->to)) fail_msg("%s leads to nowhere", where);
            assert_true(a->role >= ROLE_OPERATOR && a->role <= ROLE_ADMIN);
            assert_non_null(choice_of_number(party_choices, (int)a->party + 1));
            bool of_allocation =
                a->party == PARTY_BORROWER || a->party == PARTY_COUNTERPART || a->party == PARTY_EITHER;
            if (of_allocation) assert_ptr_equal(e, &entity_allocation);
            if (a->key && !(a->key >= 'a' && a->key <= 'z')) fail_msg("%s has the key %c", where, a->key);
            assert_int_equal(a->extra != NULL, a->extra_count > 0);
        }
    }
}

/* Arrows that leave one state differ in verb and in key. */
static void arrows_that_leave_a_state_do_not_clash(void **state) {
    (void)state;
    EACH(e) {
        for (const Choice *c = e->states; c->number; c++) {
            for (int i = 0; i < e->arrow_count; i++) {
                for (int j = 0; j < i; j++) {
                    const Arrow *a = &e->arrows[i], *b = &e->arrows[j];
                    if (!arrow_leaves(a, c->number) || !arrow_leaves(b, c->number)) continue;
                    if (same_name(a->verb, b->verb) || (a->key && a->key == b->key) || same_name(a->label, b->label))
                        fail_msg("%s %s: %s and %s", c->word, e->name, a->verb, b->verb);
                }
            }
        }
        for (int i = 0; i < e->arrow_count; i++) {
            assert_ptr_equal(entity_arrow(e, e->arrows[i].verb), &e->arrows[i]);
        }
        assert_null(entity_arrow(e, ""));
        assert_null(entity_arrow(e, "fly"));
    }
}

static void verbs_ask_for_fields_that_they_may_set(void **state) {
    (void)state;
    EACH(e) {
        for (int i = 0; i < e->arrow_count; i++) {
            const Arrow *a = &e->arrows[i];
            char where[128];
            snprintf(where, sizeof where, "%s %s", e->name, a->verb);
            for (const char *at = a->asks; at && *at;) {
                size_t n = strcspn(at, " !");
                int field = entity_field(e, at, n);
                if (field < COMMON_COUNT || strlen(e->fields[field].name) != n)
                    fail_msg("%s asks for \"%s\"", where, at);
                if (!(e->fields[field].flags & FIELD_SYSTEM) || e->fields[field].flags & FIELD_DERIVED)
                    fail_msg("%s asks for %s", where, e->fields[field].name);
                for (int j = 0; j < a->extra_count; j++) {
                    assert_string_not_equal(a->extra[j].name, e->fields[field].name);
                }
                at += n + (at[n] == '!');
                assert_true(*at == 0 || (*at == ' ' && at[1] && at[1] != ' '));
                at += *at == ' ';
            }
            for (int j = 0; j < a->extra_count; j++) {
                for (int k = 0; k < j; k++) {
                    assert_string_not_equal(a->extra[j].name, a->extra[k].name);
                }
            }
        }
    }
}

/* Every state can be reached, and every one can be left but those that are an end. Nothing is edited at an end. */
static void lifecycles_end_where_they_should(void **state) {
    (void)state;
    static const struct {
        const Entity *entity;
        unsigned ends;
    } known[] = {
        {&entity_site, FROM(SITE_CLOSED)},
        {&entity_province, FROM(PROVINCE_CURRENT)},
        {&entity_operator, 0},
        {&entity_organisation, 0},
        {&entity_need, FROM(NEED_MET) | FROM(NEED_REJECTED) | FROM(NEED_MERGED)},
        {&entity_project, FROM(PROJECT_COMPLETED) | FROM(PROJECT_STOPPED)},
        {&entity_milestone, FROM(MILESTONE_IS_DONE) | FROM(MILESTONE_DROPPED)},
        {&entity_offer, FROM(OFFER_CLOSED)},
        {&entity_request, FROM(REQUEST_REJECTED) | FROM(REQUEST_CLOSED) | FROM(REQUEST_WITHDRAWN)},
        {&entity_allocation,
         FROM(ALLOCATION_COMPLETED) | FROM(ALLOCATION_DECLINED) | FROM(ALLOCATION_RELEASED) | FROM(ALLOCATION_REVOKED)},
        {&entity_usage, FROM(USAGE_RECORDED)},
        {&entity_session, FROM(SESSION_CANCELLED)},
    };
    assert_int_equal(sizeof known / sizeof *known, ENTITY_COUNT - 1);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const Entity *e = known[i].entity;
        unsigned left = 0, reached = FROM(e->first_state), before = 0;
        while (reached != before) {
            before = reached;
            for (int j = 0; j < e->arrow_count; j++) {
                if (e->arrows[j].from & reached) reached |= FROM(e->arrows[j].to);
                left |= e->arrows[j].from;
            }
        }
        assert_int_equal(reached, all_states(e));
        if ((all_states(e) & ~left) != known[i].ends) fail_msg("%s does not end where it should", e->name);
        assert_int_equal(e->editable & known[i].ends, 0);
    }
}

/* The moves that the network agreed on. */
static void lifecycles_move_as_agreed(void **state) {
    (void)state;
    static const struct {
        const Entity *entity;
        const char *verb;
        int from, to;
    } moves[] = {
        {&entity_need, "submit", NEED_DEFERRED, NEED_SUBMITTED},
        {&entity_need, "qualify", NEED_SUBMITTED, NEED_QUALIFIED},
        {&entity_need, "answer", NEED_QUALIFIED, NEED_IN_PROJECT},
        {&entity_need, "meet", NEED_IN_PROJECT, NEED_MET},
        {&entity_project, "gate", PROJECT_ACTIVE, PROJECT_ACTIVE},
        {&entity_project, "resume", PROJECT_ON_HOLD, PROJECT_ACTIVE},
        {&entity_request, "submit", REQUEST_RETURNED, REQUEST_SUBMITTED},
        {&entity_request, "approve", REQUEST_SUBMITTED, REQUEST_APPROVED},
        {&entity_request, "withdraw", REQUEST_APPROVED, REQUEST_WITHDRAWN},
        {&entity_allocation, "accept", ALLOCATION_PROPOSED, ALLOCATION_ACCEPTED},
        {&entity_allocation, "decline", ALLOCATION_PROPOSED, ALLOCATION_DECLINED},
        {&entity_allocation, "release", ALLOCATION_ACTIVE, ALLOCATION_RELEASED},
        {&entity_allocation, "revoke", ALLOCATION_ACCEPTED, ALLOCATION_REVOKED},
        {&entity_offer, "resume", OFFER_PAUSED, OFFER_OPEN},
        {&entity_organisation, "activate", ORGANISATION_INACTIVE, ORGANISATION_ACTIVE},
        {&entity_site, "resume", SITE_SUSPENDED, SITE_ACTIVE},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        const Arrow *a = entity_arrow(moves[i].entity, moves[i].verb);
        assert_non_null(a);
        if (!arrow_leaves(a, moves[i].from) || a->to != moves[i].to)
            fail_msg("%s %s", moves[i].entity->name, moves[i].verb);
    }
    const Arrow *accept = entity_arrow(&entity_allocation, "accept"), *qualify = entity_arrow(&entity_need, "qualify");
    assert_int_equal(accept->party, PARTY_COUNTERPART); /* nobody accepts what he proposed */
    assert_int_equal(accept->role, ROLE_COORDINATOR);
    assert_false(arrow_leaves(accept, ALLOCATION_ACCEPTED));
    assert_false(arrow_leaves(qualify, NEED_DRAFT));
    assert_false(arrow_leaves(entity_arrow(&entity_allocation, "decline"), ALLOCATION_ACTIVE));
    for (int state_number = -40; state_number <= 72; state_number++) {
        assert_int_equal(arrow_leaves(accept, state_number), state_number == ALLOCATION_PROPOSED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_keep_their_numbers),
        cmocka_unit_test(words_and_letters_name_one_entity),
        cmocka_unit_test(names_in_the_code_match_the_tables),
        cmocka_unit_test(states_in_the_code_match_the_tables),
        cmocka_unit_test(every_field_is_sound),
        cmocka_unit_test(names_within_an_entity_are_unique),
        cmocka_unit_test(every_entity_begins_alike),
        cmocka_unit_test(every_entity_has_words_for_people),
        cmocka_unit_test(every_entity_names_and_sorts_its_records),
        cmocka_unit_test(what_refers_to_an_entity_is_found),
        cmocka_unit_test(every_arrow_is_sound),
        cmocka_unit_test(arrows_that_leave_a_state_do_not_clash),
        cmocka_unit_test(verbs_ask_for_fields_that_they_may_set),
        cmocka_unit_test(lifecycles_end_where_they_should),
        cmocka_unit_test(lifecycles_move_as_agreed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
