/* Making a store. */
#include "commands/init.h"

#include "base/date.h"
#include "base/intl.h"
#include "commands/command.h"

#include <string.h>

/* There is nobody yet who could allow it, so this one record is not written through a command. */
Status init_admin(Store *store, const int *sites, int count, const char *login, Error *e) {
    Arena arena = {0};
    char op[OPERATION_SIZE];
    unsigned char random[OPERATION_RANDOM];
    bool repeated;
    Record *r = record_new(&arena, &entity_operator);
    ListItem *others = arena_array(&arena, (size_t)count, sizeof *others);
    for (int i = 1; i < count; i++) {
        others[i - 1].key = sites[i];
    }
    store_random(store, random, sizeof random);
    operation_write((uint64_t)clock_now() * 1000, random, op);
    r->values[COMMON_CODE] = value_text(login, strlen(login));
    r->values[COMMON_SITE] = value_number(sites[0]);
    r->values[COMMON_STATE] = value_number(OPERATOR_ACTIVE);
    r->values[OPERATOR_NAME] = value_text(login, strlen(login));
    r->values[OPERATOR_ROLE] = value_number(ROLE_ADMIN);
    r->values[OPERATOR_ACTS_FOR] = value_list(others, (size_t)count - 1);
    const Act act = {.login = login, .actor = login, .op = op, .at = clock_now()};
    Status s = store_begin(store, &act, &repeated, e);
    if (s == STATUS_OK) {
        s = store_write(store, NULL, r, "init", e);
        if (s == STATUS_OK) s = store_commit(store, e);
        else store_rollback(store);
    }
    arena_free(&arena);
    return s;
}

static void sort_sites(int *sites, int count) {
    for (int i = 2; i < count; i++) {
        for (int k = i; k > 1 && sites[k] < sites[k - 1]; k--) {
            int swap = sites[k];
            sites[k] = sites[k - 1];
            sites[k - 1] = swap;
        }
    }
}

Status init_store(const char *path, const int *sites, int count, const char *login, Error *e) {
    Store *store;
    int own[SITE_COUNT];
    if (count < 1 || count > SITE_COUNT)
        return error_set(e, STATUS_USAGE, "site", _("which site is the store home to?"));
    memcpy(own, sites, (size_t)count * sizeof *own);
    sort_sites(own, count); /* the first one stays: it is the admin's own */
    Status s = store_create(path, own, count, e);
    if (s != STATUS_OK) return s;
    s = store_open(path, true, 0, &store, e);
    if (s == STATUS_OK) s = init_admin(store, own, count, login, e);
    store_close(store);
    if (s != STATUS_OK) store_remove(path);
    return s;
}
