/* What running commands share: arguments, records, permissions. */
#include "commands/context.h"

#include "base/date.h"
#include "store/page.h"

#include <stdlib.h>
#include <string.h>

bool context_given(const CommandContext *c, const char *name) {
    for (int i = 0; i < c->request->argument_count; i++) {
        if (!strcmp(c->request->arguments[i].name, name)) return true;
    }
    return false;
}

static const Field *own_argument(const CommandContext *c, const char *name) {
    for (int i = 0; i < c->command.argument_count; i++) {
        if (!strcmp(c->command.arguments[i].name, name)) return &c->command.arguments[i];
    }
    return NULL;
}

Status context_argument(CommandContext *c, const char *name, Value *out, Error *e) {
    const Field *f = own_argument(c, name);
    *out = (Value){0};
    for (int i = 0; f && i < c->request->argument_count; i++) {
        const Argument *a = &c->request->arguments[i];
        if (strcmp(a->name, name) != 0) continue;
        Status s = value_read(c->arena, f, a->value, strlen(a->value), c->request->form, store_codes(c->store), out, e);
        if (s != STATUS_OK) return s;
    }
    if (f && (f->flags & FIELD_REQUIRED) && out->kind == VALUE_NONE)
        return error_set(e, STATUS_USAGE, name, _("%s is missing"), _(f->label));
    return STATUS_OK;
}

static Status refuse_field(const Entity *entity, const Field *f, Error *e) {
    if (!strcmp(f->name, "state"))
        return error_set(e, STATUS_USAGE, f->name, _("the state moves by verbs, as in \"jazari %s CODE\""),
                         entity->arrow_count ? entity->arrows[0].verb : "set");
    Command verb;
    bool required;
    for (int i = 0; command_of_entity(entity, i, &verb); i++) {
        if (command_asks(&verb, f->name, &required))
            return error_set(e, STATUS_USAGE, f->name, _("%s is given with a verb, as in \"jazari %s CODE %s=...\""),
                             _(f->label), verb.name, f->name);
    }
    return error_set(e, STATUS_USAGE, f->name, _("%s cannot be given: the program fills it in"), _(f->label));
}

/* A name that is no field's: what the command does take is said, so that nobody has to look it up. */
static Status refuse_name(const CommandContext *c, const Entity *entity, const char *name, bool making, Error *e) {
    Buffer names = {0};
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        bool required, own_code = i == COMMON_CODE && f->kind != FIELD_CODE;
        bool kept = f->flags & (FIELD_SYSTEM | FIELD_DERIVED | FIELD_HIDDEN) || (f->flags & FIELD_FIXED && !making);
        bool given = c->command.fields && !kept && (i >= COMMON_COUNT || (own_code && making));
        if (given || command_asks(&c->command, f->name, &required))
            buffer_format(&names, "%s%s", names.size ? ", " : "", field_word(f));
    }
    for (int i = 0; i < c->command.argument_count; i++) {
        buffer_format(&names, "%s%s", names.size ? ", " : "", c->command.arguments[i].name);
    }
    if (names.size)
        error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not a field of %s: %s takes %s"), name, entity->plural,
                  c->command.name, buffer_string(&names));
    else
        error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not a field of %s: %s takes none"), name, entity->plural,
                  c->command.name);
    buffer_free(&names);
    return STATUS_USAGE;
}

static int compare_items(const void *a, const void *b) {
    int64_t x = ((const ListItem *)a)->key, y = ((const ListItem *)b)->key;
    return (x > y) - (x < y);
}

/* was with the items of change added ('+') or taken out ('-'). */
static Value change_list(Arena *arena, const Value *was, const Value *change, char sign) {
    ListItem *items = arena_array(arena, (size_t)was->size + change->size, sizeof *items);
    size_t count = 0;
    for (uint32_t i = 0; i < was->size; i++) {
        bool named = false;
        for (uint32_t k = 0; k < change->size; k++) {
            named = named || change->items[k].key == was->items[i].key;
        }
        if (!named) items[count++] = was->items[i];
    }
    for (uint32_t k = 0; sign == '+' && k < change->size; k++) {
        items[count++] = change->items[k];
    }
    if (count) qsort(items, count, sizeof *items, compare_items);
    return value_list(items, count);
}

static Status set_field(CommandContext *c, Record *r, const Argument *a, bool making, Error *e) {
    size_t size = strlen(a->name);
    char sign = size && (a->name[size - 1] == '+' || a->name[size - 1] == '-') ? a->name[size - 1] : 0;
    int index = entity_field(r->entity, a->name, sign ? size - 1 : size);
    bool required = false;
    if (index < 0) return refuse_name(c, r->entity, a->name, making, e);
    const Field *f = &r->entity->fields[index];
    bool own_code = index == COMMON_CODE && f->kind != FIELD_CODE;
    bool is_asked = command_asks(&c->command, f->name, &required);
    if ((index < COMMON_COUNT && !own_code) || ((f->flags & (FIELD_SYSTEM | FIELD_DERIVED)) && !is_asked))
        return refuse_field(r->entity, f, e);
    if (!c->command.fields && !is_asked)
        return error_set(e, STATUS_USAGE, f->name, _("\"%s\" does not take it"), c->command.name);
    if ((f->flags & FIELD_FIXED) && !making)
        return error_set(e, STATUS_USAGE, f->name, _("%s is given when the record is made: %s does not change it"),
                         _(f->label), c->command.name);
    if (sign && !field_is_list(f))
        return error_set(e, STATUS_USAGE, f->name, _("only lists take %s%c="), f->name, sign);
    Value value;
    Status s = value_read(c->arena, f, a->value, strlen(a->value), c->request->form, store_codes(c->store), &value, e);
    if (s != STATUS_OK) return s;
    r->values[index] = sign ? change_list(c->arena, &r->values[index], &value, sign) : value;
    return STATUS_OK;
}

Status context_set_fields(CommandContext *c, Record *r, bool making, Error *e) {
    for (int i = 0; i < c->request->argument_count; i++) {
        const Argument *a = &c->request->arguments[i];
        if (own_argument(c, a->name)) continue;
        Status s = set_field(c, r, a, making, e);
        if (s != STATUS_OK) return s;
    }
    for (int i = 0; c->command.asks && i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        bool required = false;
        if (command_asks(&c->command, f->name, &required) && required && !context_given(c, f->name))
            return error_set(e, STATUS_USAGE, f->name, _("%s is missing: give %s=..."), _(f->label), f->name);
        if (required && value_empty(f, &r->values[i]))
            return error_set(e, STATUS_USAGE, f->name, _("%s is missing"), _(f->label));
    }
    return STATUS_OK;
}

Status context_read(CommandContext *c, const Entity *entity, int64_t id, Record **out, Error *e) {
    return store_read(c->store, c->arena, entity, id, FIELDS_ALL, out, e);
}

Status context_acts_for(const CommandContext *c, int site, Error *e) {
    if (c->actor->site == site) return STATUS_OK;
    const char *code = site_code(site) ? site_code(site) : "?";
    if (c->actor->may_act >> site & 1)
        return error_set(e, STATUS_DENIED, "site", _("this is for %s to do: act for it (--site %s)"), code, code);
    return error_set(e, STATUS_DENIED, "site", _("this is for %s to do, and %s may not act for it"), code,
                     c->actor->login);
}

const char *context_code(CommandContext *c, const Record *r) {
    Buffer code = {0};
    record_code(r, store_codes(c->store), &code);
    const char *copy = arena_copy(c->arena, buffer_string(&code), code.size);
    buffer_free(&code);
    return copy;
}

Status context_count(CommandContext *c, const Entity *entity, const char *text, int64_t *count, Error *e) {
    Filter filter;
    Status s = filter_parse(c->arena, entity, text, strlen(text), store_codes(c->store), &filter, e);
    return s == STATUS_OK ? store_count(c->store, &filter, count, e) : s;
}
