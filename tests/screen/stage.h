/* The programs under test: each in a session of its own, on a pseudo-terminal with an emulated terminal behind it.
 *
 * The driver has one thread. Whatever it waits for, it waits in stage_pump, which reads what the programs write, writes
 * what was typed at them, and notices that one ended. Nothing here sleeps. A program's status is taken without reaping
 * it, so that its process group can still be killed safely; session_close reaps. */
#ifndef JAZARI_TESTS_SCREEN_STAGE_H
#define JAZARI_TESTS_SCREEN_STAGE_H

#include "terminal.h"

#include <sys/types.h>
#include <termios.h>

enum { SESSION_MOST = 8, RECENT_SIZE = 256 };

typedef struct Session {
    char *name;
    Terminal *terminal; /* of the last program started; NULL before */
    pid_t child;        /* 0: none, or reaped */
    int master;         /* -1: hung up */
    bool silent;        /* nobody holds the other end any more */
    bool ended;         /* and how: */
    int exit_code;      /* -1: by a signal */
    int exit_signal;
    bool verbose;
    struct termios first_mode;          /* of the line, before the program touched it */
    Text outgoing;                      /* typed, not yet taken */
    unsigned long long written;         /* bytes by the program, all in all */
    unsigned long long written_stirred; /* the same, when something was last done to it */
    unsigned long long written_marked;
    double cpu_marked;        /* ms */
    double last_written;      /* clock_ms */
    char recent[RECENT_SIZE]; /* its last bytes, as a ring: written % RECENT_SIZE is next */
} Session;

typedef struct Stage {
    Session session[SESSION_MOST];
    size_t count;
} Stage;

/* What to run: an absolute path or, with `search`, a name on the PATH. Both vectors end with NULL. */
typedef struct Launch {
    char **arguments, **environment;
    const char *dir;
    bool search;
    const char *kind; /* TERM */
    int columns, rows;
    const char *input; /* stage_capture: the file that is standard input; NULL: none */
} Launch;

/* Once, before all else: how SIGCHLD, SIGINT, SIGTERM and SIGPIPE come. */
void stage_prepare(void);
bool stage_interrupted(void);

/* Waits until something happens to any session, `extra` (a descriptor, or -1) can be read, or clock_ms() is `until`;
 * at once where until has passed. True where extra can be read. */
bool stage_pump(Stage *, double until, int extra);

/* Starts the program in a session where none is running. False with errno. */
bool session_start(Session *, const Launch *);
void session_stir(Session *);  /* something is about to be done to it: what it writes from now on is the answer */
void session_write(Session *); /* what was typed, as far as it is taken now */
bool session_running(const Session *);
bool session_stopped(const Session *); /* by a signal, and not gone on since */
bool session_typeable(const Session *);
void session_resize(Session *, int columns, int rows);
void session_signal(Session *, int number);
void session_hang_up(Session *);
void session_mark(Session *);
double session_cpu(const Session *); /* ms that the program has used; -1 where it cannot be told */
/* How the line stands: -1 where it cannot be told. */
int session_line_restored(const Session *);
int session_line_raw(const Session *);
void session_add_recent(const Session *, unsigned long long bytes, Text *out); /* the last so many, visibly */

/* Ends what still runs, asking first (a hang-up, then SIGTERM) or not, and forgets the program and its terminal. NULL,
 * or how it went wrong: a crash, or no end but by SIGKILL. */
const char *session_close(Stage *, Session *, bool ask, double patience);

/* Runs a program to its end without any terminal; its output and errors are added to out. False with the reason in why:
 * not started, too long, too much. *exit_code is -1 where a signal ended it. */
bool stage_capture(Stage *, const Launch *, double until, Text *out, int *exit_code, int *exit_signal, Text *why);

#endif
