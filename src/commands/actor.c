/* Who asks. */
#include "commands/actor.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

Status actor_load(Store *store, const char *login, Actor *actor, Error *e) {
    Arena arena = {0};
    Record *r;
    int64_t id;
    const CodeBook *book = store_codes(store);
    *actor = (Actor){.own_site = -1, .site = -1};
    text_copy(actor->login, sizeof actor->login, login);
    unsigned homes = store_homes(store);
    for (int site = SITE_COUNT - 1; site >= 0; site--) {
        if (homes >> site & 1) actor->site = site;
    }
    if (!book->id_of(book->self, ENTITY_OPERATOR, login, strlen(login), &id)) return STATUS_OK;
    Status s = store_read(store, &arena, &entity_operator, id, FIELDS_ALL, &r, e);
    if (s == STATUS_OK) {
        actor->own_site = actor->site = record_site(r);
        actor->may_act = 1u << actor->own_site;
        const Value *others = &r->values[OPERATOR_ACTS_FOR];
        for (uint32_t i = 0; i < others->size; i++) {
            actor->may_act |= 1u << others->items[i].key;
        }
        actor->language = (int)value_number_or(&r->values[OPERATOR_LANGUAGE], 0);
        text_copy(actor->name, sizeof actor->name, value_string(&r->values[OPERATOR_NAME]));
        actor->invited = record_state(r) == OPERATOR_INVITED;
        if (record_state(r) == OPERATOR_ACTIVE)
            actor->role = (Role)value_number_or(&r->values[OPERATOR_ROLE], ROLE_NONE);
    }
    arena_free(&arena);
    return s;
}

Status actor_act_as(Actor *actor, int site, Error *e) {
    if (site < 0 || site >= SITE_COUNT) return error_set(e, STATUS_USAGE, "site", _("there is no such site"));
    if (!(actor->may_act >> site & 1))
        return error_set(e, STATUS_DENIED, "site", _("%s may not act for %s: an admin can allow it"), actor->login,
                         site_code(site));
    actor->site = site;
    return STATUS_OK;
}

Status actor_refuse(const Actor *actor, Error *e) {
    if (actor->invited)
        return error_set(e, STATUS_DENIED, NULL, _("%s is invited and not activated yet: an admin of %s does that"),
                         actor->login, site_code(actor->own_site));
    return error_set(e, STATUS_DENIED, NULL, _("%s is no active operator of this store: ask an admin"), actor->login);
}

Status actor_needs_role(const Actor *actor, Role role, Error *e) {
    if (actor->role >= role) return STATUS_OK;
    const Choice *needed = choice_of_number(role_choices, role), *has = choice_of_number(role_choices, actor->role);
    if (!has) return actor_refuse(actor, e);
    return error_set(e, STATUS_DENIED, NULL, _("it takes the role %s, and %s is %s"), _(needed->label), actor->login,
                     _(has->label));
}

void actor_name(const Actor *actor, char *out, size_t size) {
    if (actor->site == actor->own_site || actor->site < 0) snprintf(out, size, "%s", actor->login);
    else snprintf(out, size, "%s@%s", actor->login, site_code(actor->site));
}
