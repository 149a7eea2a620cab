/* The reference data every store begins with: the hub, the twelve regions' institutes, and the provinces, at rev 0. They
 * are ROOT's rows and no journal entry makes them: a store of any region has them as the program shipped them. */
#include "store/seed.h"

#include "base/csv_table.h"
#include "base/date.h"
#include "base/intl.h"
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

static const char shipped_at[] = "2025-01-01T00:00:00Z";

typedef struct Lines {
    Arena *arena;
    Record *sites[SITE_COUNT]; /* kept until their entitlements are known */
    SeedTake give;
    void *context;
} Lines;

static Status set(Lines *l, Record *r, int field, const char *text, Error *e) {
    return value_read(l->arena, &r->entity->fields[field], text, strlen(text), FORM_FILE, NULL, &r->values[field], e);
}

static Status finish(Lines *l, Record *r, Error *e) {
    r->values[COMMON_SITE] = value_number(0);
    r->values[COMMON_REV] = value_number(0);
    r->values[COMMON_CREATED_AT] = r->values[COMMON_UPDATED_AT] = value_text(shipped_at, INSTANT_SIZE - 1);
    r->values[COMMON_CREATED_BY] = r->values[COMMON_UPDATED_BY] = value_text("jazari", 6);
    Status s = record_check(r, e);
    return s == STATUS_OK ? l->give(l->context, r, e) : s;
}

/* A column of a reference file and the field it fills. */
typedef struct Column {
    const char *name;
    int field;
} Column;

static Status take_columns(Lines *l, const CsvTable *t, int row, const Column *columns, Record *r, Error *e) {
    Status s = STATUS_OK;
    for (; columns->name && s == STATUS_OK; columns++) {
        s = set(l, r, columns->field, csv_table_cell(t, row, columns->name), e);
    }
    return s;
}

static Status take_region(Lines *l, const CsvTable *t, int row, Error *e) {
    static const Column columns[] = {{"code", COMMON_CODE},
                                     {"name_fr", SITE_NAME_FR},
                                     {"name_ar", SITE_NAME_AR},
                                     {"name_zgh", SITE_NAME_ZGH},
                                     {"seat_fr", SITE_SEAT},
                                     {"seat_ar", SITE_SEAT_AR},
                                     {"lat", SITE_LAT},
                                     {"lon", SITE_LON},
                                     {"population_2014", SITE_POPULATION_2014},
                                     {"population_2024", SITE_POPULATION},
                                     {0}};
    Record *r = record_new(l->arena, &entity_site);
    Status s = take_columns(l, t, row, columns, r, e);
    r->id = site_of_code(value_string(&r->values[COMMON_CODE]), r->values[COMMON_CODE].size);
    r->values[SITE_KIND] = value_number(2);
    if (s == STATUS_OK && r->id < 1) return error_set(e, STATUS_FAILED, NULL, _("row %d names no region"), row + 2);
    if (s == STATUS_OK) l->sites[r->id] = r;
    return s;
}

/* The region as MA-01 to MA-12, in the order of the sites. */
static Status take_province(Lines *l, const CsvTable *t, int row, Error *e) {
    static const Column columns[] = {
        {"iso", COMMON_CODE}, {"kind", PROVINCE_KIND}, {"name_fr", PROVINCE_NAME}, {"name_ar", PROVINCE_NAME_AR}, {0}};
    Record *r = record_new(l->arena, &entity_province);
    int region = 0;
    if (sscanf(csv_table_cell(t, row, "region"), "MA-%d", &region) != 1 || region < 1 || region >= SITE_COUNT)
        return error_set(e, STATUS_FAILED, NULL, _("row %d names no region"), row + 2);
    Status s = take_columns(l, t, row, columns, r, e);
    r->values[PROVINCE_REGION] = value_number(region);
    r->id = row + 1; /* their order in the file never changes */
    return s == STATUS_OK ? finish(l, r, e) : s;
}

static Status give_hub(Lines *l, Error *e) {
    static const struct {
        int field;
        const char *text;
    } hub[] = {{COMMON_CODE, "ROOT"},
               {SITE_NAME_FR, "JAZARI ROOT"},
               {SITE_NAME_AR, "الجزري، المركز"},
               {SITE_SEAT, "Rabat"},
               {SITE_SEAT_AR, "الرباط"},
               {SITE_LAT, "34.02"},
               {SITE_LON, "-6.84"},
               {SITE_KIND, "hub"}};
    Record *r = record_new(l->arena, &entity_site);
    Status s = STATUS_OK;
    for (size_t i = 0; i < sizeof hub / sizeof *hub && s == STATUS_OK; i++) {
        s = set(l, r, hub[i].field, hub[i].text, e);
    }
    return s == STATUS_OK ? finish(l, r, e) : s;
}

/* Entitlements by population, in parts per million, making a million exactly (largest remainders). */
static Status give_regions(Lines *l, Error *e) {
    int64_t people[SITE_COUNT] = {0}, share[SITE_COUNT] = {0}, total = 0, given = 0;
    for (int i = 1; i < SITE_COUNT; i++) {
        if (!l->sites[i]) return error_set(e, STATUS_FAILED, NULL, _("region %s is missing"), site_code(i));
        total += people[i] = value_number_or(&l->sites[i]->values[SITE_POPULATION], 0);
    }
    for (int i = 1; i < SITE_COUNT; i++) {
        share[i] = people[i] * 1000000 / total;
        given += share[i];
    }
    for (; given < 1000000; given++) {
        int most = 1;
        for (int i = 2; i < SITE_COUNT; i++) {
            if (people[i] * 1000000 - share[i] * total > people[most] * 1000000 - share[most] * total) most = i;
        }
        share[most]++;
    }
    Status s = STATUS_OK;
    for (int i = 1; i < SITE_COUNT && s == STATUS_OK; i++) {
        l->sites[i]->values[SITE_ENTITLEMENT] = value_number(share[i]);
        s = finish(l, l->sites[i], e);
    }
    return s;
}

static Status each_row(Lines *l, const char *name, Status (*take)(Lines *, const CsvTable *, int, Error *), Error *e) {
    CsvTable table;
    Status s = csv_table_embedded(l->arena, name, &table, e);
    for (int row = 0; row < table.rows && s == STATUS_OK; row++) {
        s = take(l, &table, row, e);
    }
    return s == STATUS_OK ? s : error_at(e, name, 0);
}

Status seed_each(Arena *arena, SeedTake take, void *context, Error *e) {
    Lines lines = {.arena = arena, .give = take, .context = context};
    Status s = give_hub(&lines, e);
    if (s == STATUS_OK) s = each_row(&lines, "reference/regions.csv", take_region, e);
    if (s == STATUS_OK) s = give_regions(&lines, e);
    if (s == STATUS_OK) s = each_row(&lines, "reference/provinces.csv", take_province, e);
    return s;
}

static Status insert(void *context, const Record *r, Error *e) {
    Store *store = context;
    Statement *s = engine_prepare(store->engine, sql_of(store, r->entity)->insert);
    int parameter = 1;
    statement_int(s, parameter++, r->id);
    for (int i = 0; i < r->entity->field_count; i++) {
        if (field_has_column(&r->entity->fields[i])) bind_value(s, parameter++, &r->entity->fields[i], &r->values[i]);
    }
    record_fold(r, &store->folded, &store->sort_key);
    statement_text(s, parameter++, store->sort_key.bytes, store->sort_key.size);
    statement_text(s, parameter++, store->folded.bytes, store->folded.size);
    while (statement_row(s)) {}
    return statement_end(s, NULL, e);
}

Status seed_reference(Store *store, Error *e) {
    Arena arena = {0};
    Status s = seed_each(&arena, insert, store, e);
    arena_free(&arena);
    return s;
}
