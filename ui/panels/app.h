/* The program on the screen: tabs, each a stack of views; overlays (forms, pickers, questions) above them; one line that
 * answers the last act; the footer that says what the keys do now.
 *
 * A panel is a const struct of functions; a view is one of it that is open. A key goes to the topmost view; what it
 * does not take goes to the actions of the panel, then to the verbs of the record it is on, then to the program's own
 * actions. Nothing draws but `draw`, and it draws from what `reload` and `work` have read. */
#ifndef JAZARI_PANELS_APP_H
#define JAZARI_PANELS_APP_H

#include "base/intl.h"
#include "screen/draw.h"
#include "screen/input.h"
#include "ui.h"

typedef struct App App;
typedef struct View View;

/* A thing to do with a key: from these rows come the keys, the footer, the palette and the help. */
typedef struct Action {
    const char *name;  /* a word for the palette */
    const char *label; /* for the footer, to be translated */
    const char *help;  /* one sentence, to be translated */
    const char *keys;  /* names parted by blanks: "n", "Enter", "^R", "F1" */
    int rank;          /* place in the footer, smallest first; 0: not there */
    void (*run)(View *);
    bool (*can)(View *); /* NULL: always */
} Action;

/* What is going on in a view for a time: something is typed into it, rows are marked. */
typedef struct Mode {
    const Action *actions; /* what keys do then, for the footer to say: the panel does it */
    bool alone;            /* no other key does anything */
} Mode;

typedef struct Panel {
    const char *name;            /* in the settings and the palette */
    const char *label;           /* of its tab, or of its page in the help; to be translated */
    size_t size;                 /* of its state, which begins zeroed */
    bool overlay;                /* drawn over the view below, which stays visible */
    bool typing;                 /* characters are text here: no key but the panel's own */
    const Action *actions;       /* ended by a row without a name; NULL: none */
    const Action *base;          /* more of them, shared with other panels; NULL: none */
    const Mode *(*mode)(View *); /* NULL, or NULL from it: nothing special */
    /* What the footer calls an action here; NULL, or NULL from it: by its own label. */
    const char *(*wording)(View *, const Action *);
    void (*open)(View *);
    void (*close)(View *);
    void (*reload)(View *); /* the data may have changed */
    void (*draw)(View *, Rect);
    bool (*event)(View *, const Event *); /* true: taken */
    bool (*work)(View *);                 /* a slice of slow reading; true: there is more */
    bool (*lead)(View *);                 /* to what was made here and is not listed; true: another view is on top */
    void (*look)(View *);                 /* now and then: at what changes without a write */
    bool looks_alone;                     /* also while the server is away */
    /* The records that verbs are for: those marked, or the one at the cursor. NULL, or 0 of them: none. */
    int (*records)(View *, const Record ***);
} Panel;

struct View {
    const Panel *panel;
    App *app;
    void *state;
    View *below;
    bool stale;  /* the data changed since it was read */
    bool drawn;  /* at least once, so that keys find what they are for */
    Arena arena; /* lives as long as the view */
};

enum { TAB_COUNT = 5, FOOTER_KEYS_MOST = 24 };

enum { HINTS_MAX = 48, AHEAD_MOST = 64 };

/* What a key does, as the footer says it. */
typedef struct Hint {
    char key[16], text[64];
    const char *label; /* NULL: `text` */
    int rank;
} Hint;

/* A key as the footer shows it, for the mouse. */
typedef struct FooterKey {
    Rect at;
    char name[16];
} FooterKey;

struct App {
    Service *service;
    const Settings *settings;
    View *tabs[TAB_COUNT]; /* the topmost view of each; NULL: not opened yet */
    int tab;
    int from;      /* the tab that this one was opened from by a link, counted from 1, where Esc goes; 0: none */
    View *overlay; /* the topmost; NULL: none */
    char message[512];
    Style message_style;
    int64_t version; /* of the store, as last read */
    int64_t drawn_minute;
    int64_t looked_ms; /* when it was last looked at what others wrote */
    bool news;         /* they wrote since, and it was not looked at yet */
    bool dirty, quit, gone;
    Event ahead[AHEAD_MOST]; /* typed before it was said that the server is waited for, from `taken` on not taken yet */
    int ahead_count, ahead_taken;
    int64_t waited_ms;       /* when it was last waited for */
    bool gave_up;            /* waiting for the server, in the act that runs or ran last */
    struct Deed *unanswered; /* what may have been done, to be asked for again; NULL: none */
    /* The footer's hints, and of which view they are. As long as the cursor moves on a small screen they stay as they
     * are: to say with every row what may be done with it takes more bytes than the row. */
    Hint hints[HINTS_MAX];
    int hint_count;
    const View *hinted;
    bool thin;          /* the link */
    bool moving;        /* the last key moved the cursor, and no rest came since */
    bool hurried;       /* so did the one before it, over a thin link */
    bool acted;         /* something was written since the views last let go of their marks */
    const Entity *made; /* what was made last, for its list to go to; NULL: nothing, or it went */
    int64_t made_id;
    NetworkFigures figures; /* shared by the panels, read when they ask */
    bool figures_known, projects_known;
    bool figures_shown;   /* by what was drawn last: counting projects takes long, and is for those who look */
    struct Spare *drafts; /* that could be kept nowhere when their forms were left */
    bool unkept;          /* so is, for now, what is typed into the form that is open */
    Trouble trouble;      /* that keeps the store from being written, as seen last */
    char place[128];      /* the name of the site acted for, as read at a version of the store */
    int place_site;
    int64_t place_version;
    FooterKey footer[FOOTER_KEYS_MOST]; /* as drawn last */
    int footer_count;
};

/* --- the program (app.c) ------------------------------------------------------------------------------------------- */

View *app_top(App *); /* that keys go to */
void app_show_tab(App *, int tab);
/* The same, chosen by its digit or a click: in the tab one is in, back to its first page. */
void app_choose_tab(App *, int tab);
View *app_push(App *, const Panel *); /* opens a view over the tab's own; the caller fills its state, then view_start */
View *app_overlay(App *, const Panel *); /* the same, over everything */
void view_start(View *);                 /* open and reload */
void view_close(View *);                 /* takes it off its stack; its below is on top again */
void app_say(App *, Style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void app_fail(App *, const Error *); /* says an error */
void app_changed(App *);             /* data was written: every view reads again */
int app_today(void);

/* Whether the cursor moves from key to key over a thin link: what can wait until it rests, waits. */
bool app_is_hurried(const App *);
bool app_stop_for_input(void *); /* for service_set_interrupt */

/* The figures, read where they are not known; the projects' ones come in a slice of work of their own. */
const NetworkFigures *app_figures(App *);

/* Paints the screen now, amid work that takes long. */
void app_paint(App *);

/* --- a server that does not answer (wait.c) ------------------------------------------------------------------------- */

bool app_waits(void *app);   /* for service_set_waits */
Event app_next_event(App *); /* EVENT_NONE where nothing more was typed */

/* --- keys (keys.c) -------------------------------------------------------------------------------------------------- */

bool key_matches(const char *names, const Event *);
/* Moves a cursor among count rows, of which a page is in sight: by a row, a page, to either end, by the wheel. It stays
 * on a row (0 where there is none). false where the event does none of that. */
bool walk_event(int *cursor, int count, int page, const Event *);
/* The first of names, as the footer shows it: "Enter", "^S", "n". */
const char *key_shown(const char *names, char out[16]);
extern const Action app_actions[];
/* Does what an event means at this view by the tables; false where it means nothing. */
bool action_event(View *, const Event *);
void draw_footer(App *, Rect);
/* The key that a click on the footer stands for; false where it is on none. */
bool footer_event(const App *, const Event *click, Event *key);

/* --- acts (act.c) --------------------------------------------------------------------------------------------------- */

/* Begins a command on records: asks for its arguments in a form, or for a yes where something would be lost, or does
 * it. Says what came of it. */
void act_begin(App *, const Command *, const Record *const *records, int count);
/* A new record of an entity; given: values to begin with, parted as in the command line ("project=SMA-P42"). */
void act_add(App *, const Entity *, const char *const *given, int given_count);
/* Whether whoever sits here may make one. */
bool act_can_add(const App *, const Entity *);
void act_undo(App *, bool redo);
/* The verb a key stands for at a record, where it may be used now. */
bool act_for_key(App *, const Record *, uint32_t point, Command *);
/* All that may be done with the records: a menu. */
void act_menu(App *, const Record *const *records, int count);

/* Asks again for what nobody answered: the same operation, which is done once. */
void act_resend(App *);

/* "fatima has it open for editing, since 14:02"; "" where nobody else has. */
void editors_say(App *, const Entity *, int64_t id, char *out, size_t size);

/* What is damaged, and how to get a whole store again. */
void tell_damage(App *);
void forget_damage(App *); /* puts that away */

/* --- views ---------------------------------------------------------------------------------------------------------- */

extern const Panel panel_dashboard, panel_regions, panel_projects, panel_capacity, panel_needs;
extern const Panel *const tab_panels[TAB_COUNT];

void open_record(App *, const Entity *, int64_t id); /* a page of its own */
/* The same, on the row of a record that hangs on it. */
void open_record_at(App *, const Entity *, int64_t id, const Entity *row, int64_t row_id);
void open_region(App *, int site);
void open_list(App *, const Entity *, const char *filter); /* a list of any entity */
void open_history(App *, const Entity *, int64_t id);
void open_journal(App *);
void open_fit(App *, int64_t request);                 /* the offers that fit it */
void open_bookings(App *, const Entity *, int64_t id); /* of an offer, request or allocation, by week */
/* Of a kind (0: GPU hours), beginning on a region's line (-1: one's own). */
void open_calendar(App *, int kind, int site);
/* What a region offered, lent and borrowed in a period, or in the last weeks (NULL); and the balances of all regions. */
struct Period;
void open_statement(App *, int site, const struct Period *);
void open_balances(App *, const struct Period *);
void open_plan(App *); /* all open requests answered at once, fairly */
void open_help(App *);
void open_palette(App *);
void open_act_as(App *);

#endif
