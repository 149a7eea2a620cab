/* SQL made from the entity tables. */
#include "store/internal.h"

#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool entity_is_searched(const Entity *entity) {
    for (int i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].flags & FIELD_SEARCHED) return true;
    }
    return false;
}

#define REQUEST_HAS "(SELECT COALESCE(SUM(a.total), 0) FROM allocation a WHERE a.request = t.id AND a.state <> 5)"

/* Derived fields: what is computed from other rows when a record is read. State numbers are those of entities.h. */
static const struct {
    const Entity *entity;
    int field;
    const char *sql;
} derived[] = {
    /* Active, and its due date or an open milestone's has passed. */
    {&entity_project, PROJECT_LATE,
     "CASE WHEN t.state <> 2 THEN 0 WHEN t.due <> '' AND t.due < ?1 THEN 1 WHEN EXISTS (SELECT 1 FROM milestone m "
     "WHERE m.project = t.id AND m.state = 1 AND m.due < ?1) THEN 1 ELSE 0 END"},
    /* Whatever holds a place in an offer, declined proposals do not. */
    {&entity_request, REQUEST_GOT, REQUEST_HAS},
    {&entity_request, REQUEST_AGREED,
     "(SELECT COALESCE(SUM(a.total), 0) FROM allocation a WHERE a.request = t.id AND a.state NOT IN (1, 5))"},
    {&entity_request, REQUEST_PROPOSED,
     "(SELECT COALESCE(SUM(a.total), 0) FROM allocation a WHERE a.request = t.id AND a.state = 1)"},
    {&entity_request, REQUEST_LACKS,
     "CASE WHEN t.state IN (1, 2, 3, 4) AND t.wanted > " REQUEST_HAS " THEN t.wanted - " REQUEST_HAS " ELSE 0 END"},
    /* A proposal comes first: until it is answered nobody knows what is lacking. Access has no quantity, so one that
     * was agreed on is all of it, unless it ended before its last day, of which its reason tells. */
    {&entity_request, REQUEST_WAITS,
     "CASE t.state WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 4 THEN 3 WHEN 3 THEN CASE "
     "WHEN EXISTS (SELECT 1 FROM allocation a "
     "WHERE a.request = t.id AND a.state = 1 AND a.proposed_by = a.site) THEN 5 "
     "WHEN EXISTS (SELECT 1 FROM allocation a WHERE a.request = t.id AND a.state = 1) THEN 7 "
     "WHEN t.wanted > " REQUEST_HAS " THEN 4 "
     "WHEN t.wanted = 0 AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.request = t.id AND (a.state IN (2, 3) OR "
     "(a.state = 4 AND a.reason = ''))) THEN 4 ELSE 6 END "
     "ELSE 0 END"},
    {&entity_session, SESSION_TAKEN,
     "(SELECT COALESCE(SUM(a.total), 0) FROM allocation a WHERE a.session = t.id AND a.state <> 5)"},
    /* A proposal waits for whoever did not make it (the provider where ROOT did), what is agreed on for the provider. */
    {&entity_allocation, ALLOCATION_TURN,
     "CASE t.state WHEN 1 THEN CASE WHEN t.proposed_by = t.site THEN 1 ELSE 2 END WHEN 2 THEN 3 WHEN 3 THEN 4 "
     "ELSE 0 END"},
    {&entity_allocation, ALLOCATION_SIDES, "((1 << (t.site + 1)) | (1 << (t.borrower + 1)))"},
};
_Static_assert(PROJECT_ACTIVE == 2 && MILESTONE_OPEN == 1 && ALLOCATION_PROPOSED == 1 && ALLOCATION_ACCEPTED == 2 &&
                   ALLOCATION_ACTIVE == 3 && ALLOCATION_COMPLETED == 4 && ALLOCATION_DECLINED == 5 &&
                   TURN_BORROWER_ANSWERS == 1 && TURN_PROVIDER_ANSWERS == 2 && TURN_PROVIDER_STARTS == 3 &&
                   TURN_PROVIDER_COMPLETES == 4 && REQUEST_DRAFT == 1 && REQUEST_SUBMITTED == 2 &&
                   REQUEST_APPROVED == 3 && REQUEST_RETURNED == 4 && WAITS_SUBMIT == 1 && WAITS_REVIEW == 2 &&
                   WAITS_MEND == 3 && WAITS_OFFER == 4 && WAITS_ANSWER == 5 && WAITS_NOTHING == 6 &&
                   WAITS_PROVIDER == 7,
               "numbers in the SQL above");

const char *sql_derived(const Entity *entity, int field) {
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
        if (derived[i].entity == entity && derived[i].field == field) return derived[i].sql;
    }
    return NULL;
}

int sql_columns(Buffer *b, const Entity *entity, FieldSet set) {
    int count = 0;
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        const char *expression = sql_derived(entity, i);
        if (!(set & FIELD_BIT(i)) || (!expression && !field_has_column(f))) continue;
        if (count++) buffer_add_string(b, ", ");
        if (expression) buffer_add_string(b, expression);
        else buffer_format(b, "t.%s", f->name);
    }
    return count;
}

/* By whose turn it is: a site's own first, then the others', what is over last. */
static void sort_by_turn(Buffer *b, int site) {
    const char *turn = sql_derived(&entity_allocation, ALLOCATION_TURN);
    buffer_format(
        b,
        "CASE %s WHEN 0 THEN 9 ELSE %s + CASE WHEN (t.state = 1 AND t.proposed_by = t.site AND t.borrower = %d) "
        "OR (t.site = %d AND NOT (t.state = 1 AND t.proposed_by = t.site)) THEN 0 ELSE 4 END END",
        turn, turn, site, site);
}

void sql_sort_expression(Buffer *b, const Entity *entity, int field, int turn_of) {
    const Field *f = &entity->fields[field];
    const char *expression = sql_derived(entity, field);
    if (turn_of && entity == &entity_allocation && field == ALLOCATION_TURN) {
        sort_by_turn(b, turn_of - 1);
        return;
    }
    if (f->kind == FIELD_CODE) buffer_add_string(b, "t.id");
    else if (field == entity->title) buffer_add_string(b, "t.sort_key");
    else if (expression) buffer_add_string(b, expression);
    else buffer_format(b, "t.%s", f->name);
}

void sql_list_table(char *out, size_t size, const Entity *entity, const Field *f) {
    snprintf(out, size, "%s_%s", entity->name, f->name);
}

static char *insert_sql(const Entity *entity) {
    Buffer b = {0};
    int count = 1;
    buffer_format(&b, "INSERT INTO %s (id", entity->name);
    for (int i = 0; i < entity->field_count; i++) {
        if (!field_has_column(&entity->fields[i])) continue;
        buffer_format(&b, ", %s", entity->fields[i].name);
        count++;
    }
    if (entity_is_searched(entity)) {
        buffer_add_string(&b, ", sort_key, folded");
        count += 2;
    }
    buffer_add_string(&b, ") VALUES (?1");
    for (int i = 2; i <= count; i++) {
        buffer_format(&b, ", ?%d", i);
    }
    buffer_add_char(&b, ')');
    return b.bytes;
}

/* The fields whose values the journal keeps: all but what its header says (code, rev, updated) and what derives. */
static void sort_fields(EntitySql *sql, const Entity *entity) {
    sql->sorted = memory_new((size_t)entity->field_count * sizeof *sql->sorted);
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        if (f->kind == FIELD_CODE || i == COMMON_REV || i == COMMON_UPDATED_AT || i == COMMON_UPDATED_BY) continue;
        if (f->flags & FIELD_DERIVED) continue;
        int at = sql->sorted_count++;
        for (; at && strcmp(entity->fields[sql->sorted[at - 1]].name, f->name) > 0; at--) {
            sql->sorted[at] = sql->sorted[at - 1];
        }
        sql->sorted[at] = i;
    }
}

const EntitySql *sql_of(Store *store, const Entity *entity) {
    EntitySql *sql = &store->sql[entity->kind];
    if (!sql->insert) {
        sql->insert = insert_sql(entity);
        sort_fields(sql, entity);
    }
    return sql;
}

void bind_value(Statement *s, int parameter, const Field *f, const Value *v) {
    if (field_is_text(f))
        statement_text(s, parameter, v->kind == VALUE_TEXT ? v->text : "", v->kind == VALUE_TEXT ? v->size : 0);
    else if (f->kind == FIELD_REF && v->kind == VALUE_NONE) statement_null(s, parameter);
    else statement_int(s, parameter, value_number_or(v, 0));
}

Value column_value(Statement *s, int column, const Field *f, Arena *arena) {
    if (!field_is_text(f)) {
        if (f->kind == FIELD_REF && statement_get_null(s, column)) return (Value){0};
        return value_number(statement_get_int(s, column));
    }
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return size ? value_text(arena_copy(arena, text, size), size) : (Value){0};
}

bool column_week(Statement *s, int column, int *week) {
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return week_parse(text, size, week);
}

bool column_day(Statement *s, int column, int *day) {
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return date_parse(text, size, day);
}
