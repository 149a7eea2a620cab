/* Commands and imports through the one door, and what is said of what came of them. */
#include "service/service_parts.h"

#include "base/intl.h"
#include "commands/import.h"
#include "commands/import_usage.h"

#include <string.h>

Status service_command(Service *s, Arena *arena, const CommandRequest *request, Outcome *outcome, Error *e) {
    *outcome = (Outcome){0};
    return service_say_operation(service_ask(s, arena, REQUEST_COMMAND, request, outcome, e), request->op, e);
}

Status service_import(Service *s, Arena *arena, const ImportRequest *request, ImportReply *reply, Error *e) {
    *reply = (ImportReply){0};
    return service_say_operation(service_ask(s, arena, REQUEST_IMPORT, request, reply, e), request->op, e);
}

Status service_import_usage(Service *s, Arena *arena, const UsageImportRequest *request, UsageImportReply *reply,
                            Error *e) {
    *reply = (UsageImportReply){0};
    return service_say_operation(service_ask(s, arena, REQUEST_IMPORT_USAGE, request, reply, e), request->op, e);
}

/* The value of a field of a record that was written, as it is now; false where it cannot be read. */
static bool say_field(Service *s, const Effect *effect, const char *name, Buffer *b) {
    Arena arena = {0};
    Record *r;
    int field = entity_field(effect->entity, name, strlen(name));
    bool read = service_record_of_id(s, &arena, effect->entity, effect->id, &r, NULL) == STATUS_OK;
    if (read) value_show(b, &effect->entity->fields[field], &r->values[field], service_codes(s));
    arena_free(&arena);
    return read;
}

const char *service_said(const Entity *entity, const char *verb) {
    const Arrow *arrow = entity_arrow(entity, verb);
    static const struct {
        const char *verb, *said;
    } others[] = {{"add", N_("made")},         {"set", N_("changed")},     {"delete", N_("deleted")},
                  {"propose", N_("proposed")}, {"import", N_("imported")}, {"revert", N_("brought back")},
                  {"undo", N_("undone")},      {"redo", N_("redone")}};
    if (arrow) {
        const Choice *to = choice_of_number(entity->states, arrow->to);
        return to ? _(to->label) : "";
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!strcmp(others[i].verb, verb)) return _(others[i].said);
    }
    return verb;
}

enum { SAID_MOST = 4 }; /* records named one by one */

/* What the request itself was about: the last that its verb moved; of an undo, the last of all. */
static const Effect *main_effect(const CommandRequest *request, const Outcome *o) {
    for (int i = o->count - 1; i >= 0; i--) {
        if (!strcmp(o->effects[i].verb, request->verb)) return &o->effects[i];
    }
    return &o->effects[o->count - 1];
}

void service_say_outcome(Service *s, const CommandRequest *request, const Outcome *o, Buffer *b) {
    if (!o->count) {
        buffer_add_string(b, _("nothing to change"));
        return;
    }
    bool undoing = !strcmp(request->verb, "undo") || !strcmp(request->verb, "redo");
    const Effect *last = main_effect(request, o);
    if (undoing) buffer_format(b, "%s: ", !strcmp(request->verb, "undo") ? _("undone") : _("redone"));
    bool many = undoing && o->count > SAID_MOST;
    for (int i = 0; many && i < o->count; i++) {
        many = o->effects[i].entity == last->entity;
    }
    if (request->code_count > 1 || many) {
        entity_count(last->entity, many ? o->count : request->code_count, b);
    } else effect_code(last, service_codes(s), b);
    /* Done before under the same id: the journal keeps that it was undone, and not by that entry of what. */
    bool bare = undoing && o->repeated && !strcmp(last->verb, request->verb);
    if (!bare) buffer_add_string(b, ": ");
    const Arrow *arrow = entity_arrow(last->entity, last->verb);
    if (!bare &&
        (undoing || request->code_count > 1 || !arrow || !arrow->shows || !say_field(s, last, arrow->shows, b)))
        buffer_add_string(b, service_said(last->entity, last->verb));
    int others = request->code_count < 2 && !many ? o->count - 1 : 0, more = others - (SAID_MOST - 1);
    for (int i = 0, said = 0; i < o->count && said < others && said < SAID_MOST - 1; i++) {
        if (&o->effects[i] == last) continue;
        said++;
        buffer_add_string(b, ", ");
        effect_code(&o->effects[i], service_codes(s), b);
        if (!bare) buffer_format(b, ": %s", service_said(o->effects[i].entity, o->effects[i].verb));
    }
    if (more > 0) buffer_format(b, ngettext(", and %d more", ", and %d more", (unsigned long)more), more);
}
