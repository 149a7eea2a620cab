/* For the demo alone: a little world in which events happen one after another, each done through the commands by the
 * operator of the site it concerns, at its own time. */
#ifndef JAZARI_COMMANDS_DEMO_WORLD_H
#define JAZARI_COMMANDS_DEMO_WORLD_H

#include "base/csv_table.h"
#include "commands/command.h"

typedef struct World World;
typedef Status (*Happening)(World *, int a, int b, Error *);

typedef struct Event {
    int64_t at; /* instant */
    int order;  /* of two at once, the one planned first */
    Happening happen;
    int a, b;
} Event;

enum { WORLD_ARGUMENTS = 24 };

typedef struct Need {
    char code[CODE_SIZE];
    int site;
    int fate; /* the state it is to end in */
} Need;

typedef struct Project {
    char code[CODE_SIZE];
    int site, stage, fate, health;
    int first_day, over, milestone_count; /* over: the day it ends; 0: none yet */
    bool late;
} Project;

typedef struct Offer {
    char code[CODE_SIZE];
    int fate;
    int last; /* week */
} Offer;

struct World {
    Store *store;
    Arena arena;  /* the world's */
    Arena moment; /* the event's */
    CsvTable organisations, needs, projects, milestones, offers, justifications, reasons, operators;
    const char **organisation_codes;
    Need *need;
    Project *project;
    Offer *offer;
    struct WorldRequest *request;
    int request_count;
    Actor actors[SITE_COUNT][ROLE_ADMIN + 1];
    Event *events; /* a heap, earliest first */
    int event_count, event_room, planned;
    int64_t now; /* the present: nothing happens after it */
    int today;
    uint64_t luck;
    char last_code[CODE_SIZE]; /* of the record the last act made or changed */
    Argument arguments[WORLD_ARGUMENTS];
    int argument_count;
};

/* Chance: the same each time. */
int world_chance(World *, int from, int to); /* both included */
bool world_percent(World *, int percent);

/* Plans an event on a day (a number of base/date.h), in working hours; events past the present never happen. */
void world_plan(World *, int day, Happening, int a, int b);
int world_day(const World *); /* of the event that happens now */

/* Does a command as a site's person of that role, now. world_with gives its arguments first. */
void world_with(World *, const char *name, const char *value);
void world_with_number(World *, const char *name, int64_t value);
void world_with_day(World *, const char *name, int day);
void world_with_week(World *, const char *name, int week);
Status world_act(World *, int site, Role, const char *verb, const char *entity, const char *code, Error *);
/* The same, where it may be refused by a rule (no room left, say): false then. */
bool world_try(World *, int site, Role, const char *verb, const char *entity, const char *code);

/* One of the texts for a verb, or for a kind of capacity. */
const char *world_reason(World *, const char *entity, const char *verb);

/* The parts of the network. */
Status world_people(World *, const char *login, Error *);
Status world_organisations(World *, Error *);
Status world_needs(World *, Error *);
Status world_projects(World *, Error *);
Status world_offers(World *, Error *);
Status world_requests(World *, Error *);

#endif
