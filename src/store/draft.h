/* Drafts: what a person has typed into a form and not saved yet. They are kept beside the store and not in it, for they
 * are nobody else's: STORE-drafts/LOGIN/, a file a draft. What cannot be kept there for a time (the server is away, the
 * disk is full or fails) is kept in the person's own directory in the same way (draft_own_place).
 *
 * A file holds a JSON object a line, each the whole draft as it was then, the newest last; a last line that was torn (a
 * power cut) leaves the one before. While the form is open its keeper holds a shared lock on the file: so others can tell
 * who is at a record, and a crash needs no tidying up. */
#ifndef JAZARI_STORE_DRAFT_H
#define JAZARI_STORE_DRAFT_H

#include "store/store.h"

enum {
    DRAFTS_MOST = 100,      /* of one person */
    DRAFT_FIELDS_MOST = 64, /* of a form */
    DRAFT_SIZE_MOST = 1 << 20,
    DRAFT_KEY_MOST = 400, /* bytes */
};

typedef struct DraftField {
    const char *name; /* of the field or argument */
    const char *was;  /* what it held when the form was opened, as people type it */
    const char *text; /* what was typed */
} DraftField;

typedef struct Draft {
    const char *key;         /* which form it is: no two that are open have the same */
    const char *verb, *code; /* the command, and the codes it is for, parted by blanks; "" for a new record */
    const Entity *entity;    /* of the records */
    int64_t id, rev;         /* of the one record, and as it was read; 0 where there are several, or a new one */
    int site;                /* acted for */
    const char *op;          /* of the act it becomes */
    int64_t opened, at;      /* instants: of the form, and of the last key */
    const char *focus;       /* the field one was in, "" on the button */
    int64_t cursor;          /* in its text, in bytes */
    DraftField *fields;      /* those that were changed */
    int count;
    bool open; /* its form is, at some terminal; as listed, no part of what is written */
} Draft;

/* One person at a record's form now. */
typedef struct Editor {
    const char *login;
    int64_t since; /* instant at which the form was opened */
} Editor;

/* One line of JSON, without a newline. */
void draft_write(const Draft *, Buffer *);
/* Reads one back; false where it is none. What it holds is the arena's. */
bool draft_read(Arena *, const char *line, size_t size, Draft *);

/* The file of a draft, and the directories on its way. */
void draft_path(Buffer *, const char *store, const char *login, const Draft *);
bool draft_make_directories(const char *store, const char *login);
/* What was left of an earlier store of this path is not of the one that is made there: it is kept, under another name. */
void draft_set_aside(const char *store);
/* How many files of drafts a person has. */
int draft_count(const char *store, const char *login);

/* What a person has left unsaved, the newest first, at most DRAFTS_MOST: those that something was typed into. */
void draft_list(Arena *, const char *store, const char *login, Draft **, int *count);

/* Where a draft is as it is now. */
typedef enum DraftKept {
    DRAFT_NOWHERE,
    DRAFT_WRITTEN, /* in its file; whether the disk took it is not known yet: look again */
    DRAFT_SAFE,    /* on the disk */
    DRAFT_ASIDE,   /* on a disk, in the person's own directory, for it could not be kept beside the store */
} DraftKept;

/* Whether the file of a draft holds it as it is. */
bool draft_is_kept(const char *store, const char *login, const Draft *);

/* Where the person who runs the program keeps drafts for a store of that path, in place of the store's path above: under
 * $XDG_STATE_HOME/jazari (or ~/.local/state/jazari). False where there is no home. */
bool draft_own_place(Buffer *, const char *store);
/* Makes the directories that lead there; false where they cannot be made. */
bool draft_make_way(const char *place);

/* Who is at a form of this record. */
void draft_editors(Arena *, const char *store, const Entity *, int64_t id, Editor **, int *count);

#endif
