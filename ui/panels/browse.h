/* A list of an entity's records with one of them in detail beside it where there is room: projects, needs, requests,
 * offers and all the others are this, with an entity each.
 *
 * Only the rows in sight are loaded, by key: the page before and the page after cost the same wherever one is. */
#ifndef JAZARI_PANELS_BROWSE_H
#define JAZARI_PANELS_BROWSE_H

#include "panels/detail.h"
#include "widgets/edit.h"
#include "widgets/table.h"

enum { BROWSE_FILTER = 1200, BROWSE_MARKS = 500, BROWSE_START = 160, BROWSE_WHOLE = 128 };

typedef enum BrowseTyping { TYPING_NOTHING, TYPING_SEARCH, TYPING_FILTER } BrowseTyping;

typedef struct Browse Browse;
struct Browse {
    Service *service;
    const Entity *entity;
    int (*heading)(const Browse *, Rect); /* drawn before the filter's terms; returns the columns it took. NULL:
                                                    the entity's name */
    int heading_index;                    /* for it */
    TableWidths widths;                   /* of the values seen */
    uint64_t hidden;                      /* fields that are no columns */
    char filter[BROWSE_FILTER], search[256], sort[64];
    char start[BROWSE_START]; /* the filter a list begins with: what is open, of the institute acted for */
    char found[512];          /* the words searched for, as rows mark them */

    /* The rows in sight. */
    Arena arena[2]; /* the page's, and the one before it's while it is read */
    int which;
    Page page;
    int cursor, height; /* within the page; rows there is room for */
    bool more_above, more_below;
    int64_t whole[BROWSE_WHOLE]; /* the records in sight that were last drawn with all their columns */
    int whole_count;
    bool searching;     /* a walk goes on in slices */
    int64_t total, all; /* records that match, and all of the entity; -1: not counted */
    int64_t first;      /* the place of the page's first row, from 0; -1: not known */
    bool recount;       /* the data changed since the count */
    bool recount_all;   /* the same of the count without a filter */
    Error error;        /* of the filter */

    int64_t left_out; /* what was made here and is not listed, whose page is opened instead; 0: none */

    Table table;
    int table_width;
    int64_t marks[BROWSE_MARKS];
    int mark_count;
    Arena mark_arena;
    const Record *one;     /* the record at the cursor, as it is handed out where none is marked */
    const Record **marked; /* the marked records, read when they are asked for; NULL: not read */

    Detail detail;
    bool detail_shown, detail_focused;
    Rect rows_at;    /* where the rows were drawn, for the mouse */
    int side_height; /* of the detail */

    BrowseTyping typing;
    Edit edit;
    char before[BROWSE_FILTER]; /* what Esc goes back to */
    int64_t before_id;          /* and on which record; -1: none */
};

/* filter NULL: what such a list begins with (Browse.start). */
void browse_start(Browse *, Service *, const Entity *, const char *filter);
void browse_free(Browse *);
void browse_set_filter(Browse *, const char *filter);
void browse_set_sort(Browse *, const char *sort);
void browse_reload(Browse *);           /* the same place, read again */
bool browse_show(Browse *, int64_t id); /* goes to a record; false where the filter does not let it in */
void browse_renew(App *, Browse *);     /* what was written since: reads again, and goes to what was made */
/* hurried: what comes into sight is drawn as briefly as it can be, and the rest of it once that is over. */
void browse_draw(Browse *, Rect, bool hurried);
bool browse_event(App *, Browse *, const Event *);
bool browse_work(App *, Browse *);
/* Opens the page of what was made here and is not listed; false where there is nothing like that. */
bool browse_lead(App *, Browse *);
void browse_look(App *, Browse *); /* now and then: who else has the record open */
int browse_records(Browse *, const Record ***);
const Record *browse_current(const Browse *);
void browse_unmark(Browse *);
bool browse_is_marked(const Browse *, int64_t id);

/* The filter's word for whose a record is: an allocation is of two institutes. */
const char *browse_site_word(const Entity *);

/* Where the rows go to. */
typedef enum BrowsePlace { PLACE_START, PLACE_END } BrowsePlace;
void browse_go(Browse *, BrowsePlace);

/* The keys every list has, for a panel whose state begins with a Browse. */
extern const Action browse_actions[];
/* What is typed into it, or marked in it, for the same panels. */
const Mode *browse_mode(View *);

#endif
