/* Who may what: every command of every kind of record, with every role and every institute acted for, against the table in
 * the README. ROLES_TABLE=1 prints the table as the program has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "commands/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWNER = 9, BORROWER = 3, OTHER = 5, ROWS_MOST = 200, LINE_MOST = 400 };

/* As the README says for whom one has to act. */
static const struct {
    const char *words;
    unsigned sites;
} acting[] = {{"its region", 1u << OWNER},
              {"the borrower", 1u << BORROWER},
              {"the other side", 1u << BORROWER}, /* of an allocation that its owner proposed */
              {"either side", 1u << OWNER | 1u << BORROWER},
              {"a side of it", ~0u},
              {"ROOT", 1u}};

static const char *const roles[] = {"", "viewer", "operator", "coordinator", "admin"};

static Record *record_of(Arena *arena, const Entity *entity, int state) {
    Record *r = record_new(arena, entity);
    r->id = id_make(OWNER, 0, 1);
    r->values[COMMON_SITE] = value_number(OWNER);
    r->values[COMMON_STATE] = value_number(state);
    if (entity == &entity_allocation) {
        r->values[ALLOCATION_BORROWER] = value_number(BORROWER);
        r->values[ALLOCATION_PROPOSED_BY] = value_number(OWNER);
    }
    return r;
}

static bool may(const Command *c, const Record *r, int role, int site) {
    Actor actor = {.login = "somebody", .role = (Role)role, .own_site = site, .site = site, .may_act = 1u << site};
    return command_allowed(c, &actor, r, NULL) == STATUS_OK;
}

/* A state in which an admin of some institute may; the record in it. */
static Record *usable(Arena *arena, const Command *c, const Entity *entity) {
    for (const Choice *state = entity->states; state->number; state++) {
        Record *r = record_of(arena, entity, (int)state->number);
        for (int site = 0; site < SITE_COUNT; site++) {
            if (may(c, r, ROLE_ADMIN, site)) return r;
        }
    }
    return NULL;
}

static int least_role(const Command *c, const Record *r, unsigned *sites) {
    *sites = 0;
    for (int site = 0; site < SITE_COUNT; site++) {
        if (may(c, r, ROLE_ADMIN, site)) *sites |= 1u << site;
    }
    for (int role = ROLE_NONE; role <= ROLE_ADMIN; role++) {
        for (int site = 0; site < SITE_COUNT; site++) {
            if (may(c, r, role, site)) return role;
        }
    }
    return -1;
}

static const char *words_of(const Command *c, unsigned sites) {
    if (c->party == PARTY_COUNTERPART) return "the other side";
    for (size_t i = 0; i < sizeof acting / sizeof *acting; i++) {
        if ((acting[i].sites & ((1u << SITE_COUNT) - 1)) == sites) return acting[i].words;
    }
    return "?";
}

static void print_table(void) {
    puts("| record | acts | least role | acting for |\n| --- | --- | --- | --- |");
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        bool done[ROWS_MOST] = {false};
        Command c, other;
        for (int i = 0; command_of_entity(entity, i, &c); i++) {
            Arena arena = {0};
            unsigned sites, other_sites;
            const Record *r = usable(&arena, &c, entity);
            if (!r || done[i]) continue;
            int role = least_role(&c, r, &sites);
            printf("| %s | %s", entity->name, c.name);
            for (int k = i + 1; command_of_entity(entity, k, &other); k++) {
                const Record *o = usable(&arena, &other, entity);
                if (!o || least_role(&other, o, &other_sites) != role) continue;
                if (strcmp(words_of(&other, other_sites), words_of(&c, sites)) != 0) continue;
                done[k] = true;
                printf(", %s", other.name);
            }
            printf(" | %s | %s |\n", roles[role], words_of(&c, sites));
            arena_free(&arena);
        }
    }
}

typedef struct Row {
    char entity[40], acts[200], role[20], words[40];
} Row;

static int read_rows(Row *rows) {
    char line[LINE_MOST];
    int count = 0;
    bool within = false;
    FILE *f = fopen("README.md", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (!strncmp(line, "| record | acts |", 17)) within = true;
        if (line[0] != '|') within = false;
        if (!within || count == ROWS_MOST) continue;
        Row *r = &rows[count];
        if (sscanf(line, "| %39[^|] | %199[^|] | %19[^|] | %39[^|] |", r->entity, r->acts, r->role, r->words) != 4)
            continue;
        if (strchr(r->role, ' ')) *strchr(r->role, ' ') = 0;
        for (char *text = r->words; *text; text++) {
            if (text[0] == ' ' && !text[1]) *text = 0;
        }
        if (strchr(r->entity, ' ')) *strchr(r->entity, ' ') = 0;
        count += strcmp(r->entity, "record") != 0 && strcmp(r->entity, "---") != 0;
    }
    fclose(f);
    return count;
}

static bool names(const Row *row, const char *entity, const char *verb) {
    char acts[220], looked[64];
    snprintf(acts, sizeof acts, ", %s", row->acts);
    size_t end = strlen(acts);
    while (end && acts[end - 1] == ' ') {
        acts[--end] = 0;
    }
    snprintf(looked, sizeof looked, ", %s,", verb);
    acts[end] = ',';
    acts[end + 1] = 0;
    return !strcmp(row->entity, entity) && strstr(acts, looked);
}

static unsigned sites_of(const char *words) {
    for (size_t i = 0; i < sizeof acting / sizeof *acting; i++) {
        if (!strcmp(acting[i].words, words)) return acting[i].sites;
    }
    fail_msg("\"%s\" is nobody", words);
    return 0;
}

static int role_of(const char *word) {
    for (int role = ROLE_VIEWER; role <= ROLE_ADMIN; role++) {
        if (!strcmp(roles[role], word)) return role;
    }
    fail_msg("\"%s\" is no role", word);
    return 0;
}

static void every_command_is_as_the_readme_says(void **state) {
    (void)state;
    static Row rows[ROWS_MOST];
    int count = read_rows(rows), walked = 0;
    assert_true(count > 10);
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        Command c;
        for (int i = 0; command_of_entity(entity, i, &c); i++) {
            Arena arena = {0};
            const Record *r = usable(&arena, &c, entity);
            int at = 0;
            while (at < count && !names(&rows[at], entity->name, c.name)) {
                at++;
            }
            if (!r && at == count) continue; /* never of use, and so nowhere */
            if (at == count) fail_msg("%s: %s is not in the README's table", entity->name, c.name);
            assert_non_null(r);
            if ((int)command_least_role(&c, entity) != (int)role_of(rows[at].role))
                fail_msg("%s %s: help names another role than the README", entity->name, c.name);
            for (int role = ROLE_NONE; role <= ROLE_ADMIN; role++) {
                for (int site = 0; site < SITE_COUNT; site++) {
                    bool said = role >= role_of(rows[at].role) && (sites_of(rows[at].words) >> site & 1);
                    if (may(&c, r, role, site) != said)
                        fail_msg("%s %s: role %d for %s: the README says %s", entity->name, c.name, role,
                                 site_code(site), said ? "yes" : "no");
                    walked++;
                }
            }
            arena_free(&arena);
        }
    }
    assert_true(walked > 3000);
}

int main(void) {
    if (getenv("ROLES_TABLE")) {
        print_table();
        return 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_command_is_as_the_readme_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
