/* Weeks of allocations and of accounts, in two hash tables with chains. */
#include "commands/usage_weeks.h"

#include "base/text.h"
#include "capacity/sacct.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1024, KNOWN_MOST = 1 << 16 };

typedef struct Week {
    UsageWeek use;
    struct Week *next;
} Week;

typedef struct AccountWeek {
    char account[SACCT_ACCOUNT_SIZE];
    int64_t kind;
    int week, count;
    UsageWeek **takers;
    struct AccountWeek *next;
} AccountWeek;

struct UsageWeeks {
    Store *store;
    Arena arena;
    int site, known;
    Week *weeks[SLOTS];
    AccountWeek *accounts[SLOTS];
};

UsageWeeks *usage_weeks_new(Store *store, int site) {
    UsageWeeks *w = memory_new(sizeof *w);
    w->store = store;
    w->site = site;
    return w;
}

void usage_weeks_free(UsageWeeks *w) {
    arena_free(&w->arena);
    free(w);
}

void usage_weeks_trim(UsageWeeks *w) {
    if (w->known < KNOWN_MOST) return;
    memset(w->weeks, 0, sizeof w->weeks);
    memset(w->accounts, 0, sizeof w->accounts);
    arena_reset(&w->arena);
    w->known = 0;
}

Status usage_weeks_of(UsageWeeks *w, int64_t allocation, int week, UsageWeek **out, Error *e) {
    Week **slot = &w->weeks[((uint64_t)allocation * 31 + (uint64_t)week) % SLOTS];
    for (Week *at = *slot; at; at = at->next) {
        *out = &at->use;
        if (at->use.allocation == allocation && at->use.week == week) return STATUS_OK;
    }
    Week *fresh = arena_alloc(&w->arena, sizeof *fresh);
    Status s = usage_week(w->store, allocation, week, &fresh->use, e);
    if (s != STATUS_OK) return s;
    fresh->next = *slot;
    *slot = fresh;
    *out = &fresh->use;
    w->known++;
    return STATUS_OK;
}

static Status read_takers(UsageWeeks *w, AccountWeek *a, Error *e) {
    int64_t *allocations;
    Status s = usage_takers(w->store, &w->arena, w->site, a->kind, a->account, a->week, &allocations, &a->count, e);
    if (s != STATUS_OK) return s;
    a->takers = arena_array(&w->arena, (size_t)a->count + 1, sizeof *a->takers);
    for (int i = 0; i < a->count && s == STATUS_OK; i++) {
        s = usage_weeks_of(w, allocations[i], a->week, &a->takers[i], e);
    }
    return s;
}

Status usage_weeks_takers(UsageWeeks *w, int64_t kind, const char *account, int week, UsageWeek ***out, int *count,
                          Error *e) {
    uint64_t hash = (uint64_t)kind * 31 + (uint64_t)week;
    for (const char *c = account; *c; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    }
    AccountWeek **slot = &w->accounts[hash % SLOTS], *a = *slot;
    while (a && (a->week != week || a->kind != kind || strcmp(a->account, account) != 0)) {
        a = a->next;
    }
    if (!a) {
        a = arena_alloc(&w->arena, sizeof *a);
        text_copy(a->account, sizeof a->account, account);
        a->kind = kind;
        a->week = week;
        Status s = read_takers(w, a, e);
        if (s != STATUS_OK) return s;
        a->next = *slot;
        *slot = a;
        w->known++;
    }
    *out = a->takers;
    *count = a->count;
    return STATUS_OK;
}
