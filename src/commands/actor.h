/* Who asks: an operator, acting for one institute at a time. */
#ifndef JAZARI_COMMANDS_ACTOR_H
#define JAZARI_COMMANDS_ACTOR_H

#include "store/store.h"

enum { LOGIN_SIZE = 33 };

typedef struct Actor {
    char login[LOGIN_SIZE];
    char name[128];   /* "" for somebody the store does not know */
    Role role;        /* ROLE_NONE: may only look */
    int own_site;     /* -1 for somebody the store does not know */
    int site;         /* for which the actor acts now */
    unsigned may_act; /* 1 << site for each one the actor may act for */
    bool invited;     /* and not activated yet */
    int language;     /* choice of operator.language; 0: none */
} Actor;

/* Reads the operator of a login. Somebody unknown, or not active, may only look. */
Status actor_load(Store *, const char *login, Actor *, Error *);

/* Acts for another site from now on; STATUS_DENIED where that is not the actor's to do. */
Status actor_act_as(Actor *, int site, Error *);

/* STATUS_DENIED unless the actor holds the role; names the role it takes. */
Status actor_needs_role(const Actor *, Role, Error *);

/* STATUS_DENIED, saying what an actor without a role is. */
Status actor_refuse(const Actor *, Error *);

/* How the journal names the actor: the login, with "@SITE" where acting for another site than the own. */
void actor_name(const Actor *, char *out, size_t size);

#endif
