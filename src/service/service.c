/* The one door to the data: opening it, who asks, and how it is with the store. What is asked is in service_queries.c,
 * service_drafts.c, service_commands.c and service_copies.c: each function there asks a request (request.h). */
#include "service/service_parts.h"

#include "base/intl.h"
#include "service/keeper.h"
#include "service/link.h"

#include <stdlib.h>
#include <string.h>

Status service_ask(Service *s, Arena *arena, RequestName name, const void *arguments, void *reply, Error *e) {
    if (s->link) return link_ask(s->link, arena, s->actor.site, name, arguments, reply, e);
    return request_run(s, arena, name, arguments, reply, e);
}

Status service_say_operation(Status status, const char *op, Error *e) {
    if (status != STATUS_BUSY || !e || !service_is_unsure(e)) return status;
    return error_set(e, status, "op",
                     _("the server did not answer: it may have been done. The same with --op %s tells, "
                       "and does it once"),
                     op);
}

/* --- opening -------------------------------------------------------------------------------------------------------- */

Status service_open(const char *path, bool write, int busy_ms, const char *login, Service **out, Error *e) {
    Store *store;
    *out = NULL;
    Status s = store_open(path, write, busy_ms, &store, e);
    if (s != STATUS_OK) return s;
    Service *service = memory_new(sizeof *service);
    *service = (Service){.store = store};
    s = actor_load(store, login, &service->actor, e);
    if (s != STATUS_OK) {
        service_close(service);
        return s;
    }
    *out = service;
    return STATUS_OK;
}

Status service_connect(const char *socket, const char *user, Service **out, Error *e) {
    return service_connect_watched(socket, user, NULL, out, e);
}

Status service_connect_watched(const char *socket, const char *user, const ServiceWaiting *waiting, Service **out,
                               Error *e) {
    Link *link;
    *out = NULL;
    Status s = link_open(socket, user, waiting, &link, e);
    if (s != STATUS_OK) return s;
    Service *service = memory_new(sizeof *service);
    *service = (Service){.link = link, .actor = link_state(link)->actor};
    *out = service;
    return STATUS_OK;
}

void service_close(Service *s) {
    if (!s) return;
    store_close(s->store);
    link_close(s->link);
    keeper_free(s->keeper);
    keeper_free(s->own);
    buffer_free(&s->own_place);
    free(s);
}

const Actor *service_actor(const Service *s) {
    return &s->actor;
}

Status service_act_as(Service *s, int site, Error *e) {
    return actor_act_as(&s->actor, site, e);
}

unsigned service_homes(const Service *s) {
    return s->link ? link_state(s->link)->homes : store_homes(s->store);
}

const char *service_path(const Service *s) {
    return s->link ? link_state(s->link)->path : store_path(s->store);
}

bool service_is_demo(const Service *s) {
    return s->link ? link_state(s->link)->demo : store_is_demo(s->store);
}

bool service_is_served(const Service *s) {
    return s->link != NULL;
}

const CodeBook *service_codes(Service *s) {
    return s->link ? link_codes(s->link) : store_codes(s->store);
}

/* Roles are the server's to say: what changed may be who one is, or whether one is anybody. */
static void take_actor(Service *s, const StoreState *state) {
    int site = s->actor.site;
    s->actor = state->actor;
    actor_act_as(&s->actor, site, NULL);
}

void service_trouble(Service *s, Trouble *out) {
    Arena arena = {0};
    StoreState state = {0};
    if (s->link && link_fd(s->link) < 0) state.trouble = link_state(s->link)->trouble;
    else {
        Status status = service_ask(s, &arena, REQUEST_ACTOR, NULL, &state, NULL);
        if (status == STATUS_OK && s->link) take_actor(s, &state);
        if (status == STATUS_DENIED && s->link) s->actor.role = ROLE_NONE;
    }
    *out = state.trouble;
    arena_free(&arena);
}

int64_t service_version(Service *s) {
    if (!s->link) return store_version(s->store);
    int64_t version = link_version(s->link);
    if (version != s->version && link_fd(s->link) >= 0) {
        Trouble unused;
        service_trouble(s, &unused);
    }
    return s->version = version;
}

int service_news_fd(const Service *s) {
    return s->link ? link_fd(s->link) : -1;
}

bool service_is_away(const Service *s) {
    return s->link && link_fd(s->link) < 0;
}

void service_set_interrupt(Service *s, bool (*stop)(void *), void *context) {
    if (s->link) link_set_interrupt(s->link, stop, context);
    else store_set_interrupt(s->store, stop, context);
}

void service_set_waits(Service *s, bool (*waits)(void *), void *context) {
    if (s->link) link_set_waits(s->link, waits, context);
}

bool service_is_unsure(const Error *e) {
    return e->status == STATUS_BUSY && !strcmp(e->field, "op");
}
