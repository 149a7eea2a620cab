/* What answers the requests, in the process that has the store open. One function a row of request.h. */
#ifndef JAZARI_SERVICE_LOCAL_H
#define JAZARI_SERVICE_LOCAL_H

#include "service/request.h"

struct Link;

/* One of the two is there: the store, or the link to the server that has it. */
struct Service {
    Store *store;
    struct Link *link;
    Actor actor;
    int64_t version;       /* as last told, of the link */
    struct Keeper *keeper; /* of this person's drafts; NULL: nothing was typed yet */
    struct Keeper *own;    /* of those that have to be kept in the person's own directory; NULL: none had to be */
    Buffer own_place;      /* of that directory; empty: not asked for yet */
    bool aside;            /* the last draft that was looked for was not kept where it should be */
};

/* The keeper of this person's drafts, made at first use. */
struct Keeper *local_keeper(Service *);

/* Who asks, in the server: the operator of a login, acting for a site (-1: the own). Read anew for each request, so that
 * what an admin changed counts at once. STATUS_DENIED, before any work, where this is not theirs to ask. */
Status local_admit(Service *, const char *login, int site, const Request *, const void *arguments, Error *);
/* STATUS_DENIED unless the login is an active operator's. */
Status local_load_actor(Service *, const char *login, Error *);

typedef Status LocalRun(Service *, Arena *, const void *arguments, void *reply, Error *);
LocalRun local_actor, local_codes, local_list, local_count, local_key, local_record, local_journal, local_heads,
    local_figures, local_project_figures, local_attention, local_booked, local_fit, local_capacity, local_plan,
    local_plan_suppose, local_drafts, local_draft_check, local_editors, local_command, local_check, local_backup,
    local_import, local_import_usage;

#endif
