/* The requests that go through the one door, a row each: how its arguments and its reply are written, who does it, and
 * how. The functions of service.h ask by them, in this process or over the socket. */
#ifndef JAZARI_SERVICE_REQUEST_H
#define JAZARI_SERVICE_REQUEST_H

#include "service/service.h"
#include "service/wire.h"

typedef enum RequestName {
    REQUEST_ACTOR, /* who asks, and what the store is */
    REQUEST_CODES, /* of records whose codes do not hold their ids */
    REQUEST_LIST,
    REQUEST_COUNT,
    REQUEST_KEY,
    REQUEST_RECORD,
    REQUEST_RECORD_OF_ID,
    REQUEST_JOURNAL,
    REQUEST_HEADS,
    REQUEST_FIGURES,
    REQUEST_PROJECT_FIGURES,
    REQUEST_ATTENTION,
    REQUEST_BOOKED,
    REQUEST_FIT,
    REQUEST_CAPACITY,
    REQUEST_PLAN,
    REQUEST_PLAN_SUPPOSE,
    REQUEST_DRAFTS,
    REQUEST_EDITORS,
    REQUEST_COMMAND,
    REQUEST_CHECK,
    REQUEST_BACKUP,
    REQUEST_IMPORT,
    REQUEST_IMPORT_USAGE,
    REQUEST_DRAFT_CHECK,
    REQUEST_NAMES,
} RequestName;

/* What is told while a request runs: how far it is, or a fault found. */
typedef struct Note {
    int64_t done, total;
    const char *text; /* NULL: none */
} Note;
typedef bool (*NoteSink)(void *context, const Note *); /* false: stop */

/* Arguments and replies that no public structure holds. */
typedef struct StoreState {
    Actor actor;
    unsigned homes;
    Trouble trouble; /* what keeps it from being written */
    bool demo;
    const char *path;
} StoreState;
typedef struct CodeRow {
    int entity;
    int64_t id;
    const char *code;
} CodeRow;
typedef struct CodeRows {
    CodeRow *rows;
    int count;
} CodeRows;
typedef struct CountArguments {
    const Entity *entity;
    const char *text;
} CountArguments;
typedef struct KeyArguments {
    const Entity *entity;
    const char *sort;
    int64_t id;
} KeyArguments;
typedef struct RecordArguments {
    const char *code;     /* or, NULL: */
    const Entity *entity; /* of an id */
    int64_t id;
} RecordArguments;
typedef struct AttentionArguments {
    int site, limit;
} AttentionArguments;
typedef struct BookedArguments {
    int64_t offer, request;
    int first, last;
} BookedArguments;
typedef struct CapacityArguments {
    int kind, first, last;
} CapacityArguments;
typedef struct IdArguments {
    int64_t id;
} IdArguments;
typedef struct BackupArguments {
    const char *path; /* where it is written; or, from 0 up: */
    int fd;           /* the file that was passed */
} BackupArguments;
typedef struct EntryRows {
    JournalEntry *rows;
    int count;
} EntryRows;
typedef struct HeadRows {
    JournalHead *rows;
    int count;
} HeadRows;
typedef struct AttentionRows {
    Attention *rows;
    int count;
} AttentionRows;
typedef struct BookedRows {
    BookedWeek *rows;
    int count;
} BookedRows;
typedef struct FitRows {
    OfferFit *rows;
    int count;
} FitRows;
typedef struct DraftCheckReply {
    bool safe; /* on the disk by now */
} DraftCheckReply;
typedef struct DraftRows {
    Draft *rows;
    int count;
} DraftRows;
typedef struct EditorRows {
    Editor *rows;
    int count;
} EditorRows;
typedef struct CountReply {
    int64_t count;
} CountReply;
typedef struct RecordReply {
    Record *record;
} RecordReply;

typedef struct Request {
    const char *name;
    size_t arguments_size, reply_size;
    void (*arguments)(Wire *, void *); /* NULL: none */
    void (*reply)(Wire *, void *);     /* NULL: nothing but how it went */
    Status (*run)(Service *, Arena *, const void *arguments, void *reply, Error *);
    bool (*writes)(const void *arguments); /* NULL: it only reads */
    Role (*role)(const void *arguments);   /* the least that it takes, asked before any work; NULL: a viewer */
    bool alone;                            /* never in one transaction with others */
    bool replies_failing;                  /* there is a reply even where it failed: the faults of a file */
    int *(*file)(void *arguments);         /* of the arguments: the open file that is passed beside them; NULL: none */
    void (*listen)(void *arguments, NoteSink, void *context); /* has it tell; NULL: it tells nothing */
    bool (*tell)(const void *arguments, const Note *);        /* what it told, to who asked; false: stop */
} Request;

extern const Request request_rows[REQUEST_NAMES];

/* Runs it in this process. reply must be zeroed. */
Status request_run(Service *, Arena *, RequestName, const void *arguments, void *reply, Error *);

#endif
