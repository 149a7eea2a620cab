/* The one door to the data. The screen and the command line ask here and nowhere else: queries and commands in, plain
 * values out. In this process, on the store's file, or over a server's socket.
 *
 * Replies live in the arena given. Text in requests is the user's (filters, codes, values); it is checked here. */
#ifndef JAZARI_SERVICE_SERVICE_H
#define JAZARI_SERVICE_SERVICE_H

#include "capacity/calendar.h"
#include "capacity/ledger.h"
#include "commands/command.h"
#include "commands/network_plan.h"
#include "commands/offer_fit.h"
#include "service/attention.h"
#include "store/capacity.h"
#include "store/check.h"
#include "store/draft.h"
#include "store/figures.h"
#include "store/journal.h"
#include "store/journal_head.h"
#include "store/page.h"
#include "store/trouble.h"

typedef struct Service Service;

/* Opens the store at path for the person logged in as `login`. write: commands may be run. */
Status service_open(const char *path, bool write, int busy_ms, const char *login, Service **, Error *);
/* The same over the socket of the server that has the store (jazari serve), which knows by the kernel who asks; user: who
 * may answer there, besides root and oneself. */
Status service_connect(const char *socket, const char *user, Service **, Error *);

/* Who looks on while a server is waited for: waits is called as by service_set_waits, the first time half a second after
 * nobody answered. */
typedef struct ServiceWaiting {
    bool (*waits)(void *context);
    void *context;
    int64_t patience_ms; /* how long the server may take to answer at first, and then what writes */
} ServiceWaiting;
Status service_connect_watched(const char *socket, const char *user, const ServiceWaiting *, Service **, Error *);
void service_close(Service *); /* NULL does nothing */

const Actor *service_actor(const Service *);         /* with ROLE_NONE once a server takes him for nobody any more */
Status service_act_as(Service *, int site, Error *); /* from now on; SITE_ALL is not a site */
unsigned service_homes(const Service *);             /* 1 << site for each site the store is home to */
const char *service_path(const Service *);
bool service_is_demo(const Service *);
bool service_is_served(const Service *); /* the store is a server's */
/* What keeps the store from being written now, as far as the files say. */
void service_trouble(Service *, Trouble *);
const CodeBook *service_codes(Service *);
int64_t service_version(Service *); /* changes whenever anyone has written */

/* Readable where the server told that somebody wrote; -1 where there is no server. */
int service_news_fd(const Service *);
bool service_is_away(const Service *); /* the server did not answer when it was last asked */

/* Asked now and then while a query runs; true ends it with STATUS_STOPPED. */
void service_set_interrupt(Service *, bool (*stop)(void *), void *context);

/* Called again and again while the server has not answered for a second; true gives up: what reads is then stopped, and
 * what writes may have been done (see service_is_unsure). It must ask the service nothing. */
void service_set_waits(Service *, bool (*waits)(void *), void *context);
/* Nobody answered what was to be written: whether it was, the same under the same operation tells, and does it once. */
bool service_is_unsure(const Error *);

/* --- queries ------------------------------------------------------------------------------------------------------ */

/* A page of an entity's records. */
typedef struct ListRequest {
    const Entity *entity;
    const char *filter; /* the language of model/filter.h; "" or NULL for all */
    const char *sort;   /* a listed field, '-' before it for descending; "" or NULL for the entity's own */
    const PageKey *from;
    bool backwards, inclusive;
    int limit, steps; /* see store/page.h */
    bool goes_on;
    FieldSet fields;
    bool labels; /* what names the records referred to, too */
} ListRequest;

Status service_list(Service *, Arena *, const ListRequest *, Page *, Error *);
Status service_count(Service *, const Entity *, const char *text, int64_t *count, Error *);

/* Checks a filter and a sort without asking for anything. */
Status service_parse_filter(Service *, Arena *, const Entity *, const char *text, Filter *, Error *);
Status service_parse_sort(const Entity *, const char *text, int *field, bool *descending, Error *);

/* The sort key of one record, to begin a page at it. */
Status service_key(Service *, Arena *, const Entity *, const char *sort, int64_t id, PageKey *, Error *);

/* The record of a code, with all fields and the names of what it refers to. */
Status service_record(Service *, Arena *, const char *code, Record **, Error *);
Status service_record_of_id(Service *, Arena *, const Entity *, int64_t id, Record **, Error *);

/* The journal, newest first: of one record, of one site, or of all. */
Status service_journal(Service *, Arena *, const JournalQuery *, JournalEntry **, int *count, Error *);
/* The newest entry of each chain, and how it is written. */
Status service_heads(Service *, Arena *, JournalHead **, int *count, Error *);

Status service_figures(Service *, NetworkFigures *, Error *);
Status service_project_figures(Service *, NetworkFigures *, Error *);
Status service_attention(Service *, Arena *, int site, int limit, Attention **, int *count, Error *);
Status service_booked(Service *, Arena *, int64_t offer, int64_t request, int first, int last, BookedWeek **,
                      int *count, Error *);
Status service_fit(Service *, Arena *, int64_t request, OfferFit **, int *count, Error *);

/* What is offered, booked and used from a week to a week, of one kind or (0) of all; and the same as a ledger, weeks
 * before this one being over. */
Status service_capacity(Service *, Arena *, int kind, int first, int last, CapacityRows *, Error *);
Status service_ledger(Service *, Arena *, int kind, int first, int last, const Ledger **, Error *);

/* The fair plan (commands/network_plan.h), and its proposals made, where the request says so. */
Status service_plan(Service *, Arena *, const NetworkPlanRequest *, NetworkPlan *, Error *);
/* Whether a plan can suppose the request's changes. */
Status service_plan_suppose(Service *, const NetworkPlanRequest *, Error *);

/* --- drafts (store/draft.h) ---------------------------------------------------------------------------------------- */

/* What is typed into a form, as it is now; waits for no disk. Where the server is away it is handed to a keeper of one's
 * own, until it can be handed in. False: it is not kept. */
bool service_draft_put(Service *, const Draft *);
void service_draft_leave(Service *, const Draft *); /* the form is closed, what was typed stays */
void service_draft_drop(Service *, const Draft *);  /* it was saved, or thrown away */
/* Where what was put is by now; unless it is beside the store the error says why: STATUS_DENIED, and DRAFT_NOWHERE, where
 * one is no operator any more, and nothing of one's is kept. */
DraftKept service_draft_check(Service *, const Draft *, Error *);
/* Hands in what was kept elsewhere, as far as it can be. */
void service_drafts_hand_in(Service *);
/* What this person has left unsaved, the newest first; hands in what was kept elsewhere. */
Status service_drafts(Service *, Arena *, Draft **, int *count, Error *);
/* Who is at a form of this record now. */
Status service_editors(Service *, Arena *, const Entity *, int64_t id, Editor **, int *count, Error *);

/* --- commands ----------------------------------------------------------------------------------------------------- */

Status service_command(Service *, Arena *, const CommandRequest *, Outcome *, Error *);

/* What a verb made of a record, in a word: "submitted", "made", translated; the verb itself where no word is known. */
const char *service_said(const Entity *, const char *verb);

/* What is said of an outcome in one line: "SMA-P42: submitted", "12 needs: qualified". */
void service_say_outcome(Service *, const CommandRequest *, const Outcome *, Buffer *);

/* --- whole stores ------------------------------------------------------------------------------------------------- */

/* Makes a store, home to these sites; whoever makes it is its admin. demo: filled with the demonstration network. */
typedef struct InitRequest {
    const char *path, *login;
    const int *sites;
    int site_count;
    bool demo;
} InitRequest;
Status service_init(const InitRequest *, Error *);

/* Brings a backup back as a new store at path (which must not be there), in a new epoch: its new ids are never those of
 * the store it was taken from. */
Status service_restore(const char *backup, const char *path, Error *);

Status service_check(Service *, const CheckOptions *, Error *);
Status service_backup(Service *, const char *path, Error *);
/* Checks a copy as it lies there; see store/check.h. */
Status service_check_copy(const char *path, const CheckOptions *, Error *);
void service_remove_copy(const char *path);
Status service_copy_is_free(const char *path, Error *); /* STATUS_FAILED where there is such a file */
/* Gives a copy that was checked its name (which must not be there), and notes it, to be named where one is needed. */
Status service_name_copy(Service *, const char *part, const char *path, Error *);

/* Reads records from CSV; see commands/import.h. */
struct ImportRequest;
struct ImportReply;
Status service_import(Service *, Arena *, const struct ImportRequest *, struct ImportReply *, Error *);

/* Reads usage from a machine's accounts; see commands/import_usage.h. */
struct UsageImportRequest;
struct UsageImportReply;
Status service_import_usage(Service *, Arena *, const struct UsageImportRequest *, struct UsageImportReply *, Error *);

#endif
