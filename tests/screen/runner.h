/* Runs one test: its private directory, its programs, and what all commands need to wait and to say what went wrong. */
#ifndef JAZARI_TESTS_SCREEN_RUNNER_H
#define JAZARI_TESTS_SCREEN_RUNNER_H

#include "script.h"
#include "stage.h"

struct Runner {
    /* for the whole run */
    const char *program; /* absolute */
    bool verbose, generate, keep;
    double deadline; /* ms */
    Text home;       /* the driver's own directory: the demo stores */
    Lines demos;     /* their clocks: the store of demos.line[i] lies in home/i */
    /* for one test */
    Text dir;
    Lines environment;
    int columns, rows;
    Stage stage;
    Session *session; /* the one that commands are about */
    Text input;       /* the next cli's standard input; empty: none */
    Text said;        /* what the last cli printed */
    bool has_said;
    Text failure; /* why the test failed, each line after "# "; empty while it has not */
    bool shown;   /* failure says what was seen */
};

/* False where the driver cannot work at all; says why. */
bool runner_open(Runner *);
void runner_close(Runner *);

/* Runs a test and prints "ok NAME", or "not ok NAME" and why. */
bool runner_test(Runner *, Script *, Test *);

/* Gives the reason why a step failed, a line or several; always false, so that a command can return it. */
bool runner_fail(Runner *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with the rows wanted and seen, instead of the screen as it is. */
bool runner_fail_diff(Runner *, const Lines *expected, const Lines *seen, const char *reason);

Names runner_names(const Runner *);
void runner_add_row(const Runner *, int row, Text *out); /* of the screen, with $DIR for the private directory */
bool runner_row_matches(const Runner *, const regex_t *, int *row); /* any row; row may be NULL */

/* Waiting. All end early where the program has ended and no more can come, or the driver was interrupted. */
typedef bool Sight(Runner *, const Step *);
double runner_until(const Runner *, const Step *);           /* the step's deadline, from now */
bool runner_wait(Runner *, const Step *, Sight *);           /* until the sight is seen */
bool runner_settle(Runner *, const Step *, double quiet);    /* until nothing was written for so many ms */
void runner_wait_answer(Runner *, const Step *);             /* until the answer to what was done last is complete */
const char *runner_why_unseen(const Runner *, const Step *); /* after runner_wait: "not within 10 s" and the like */

/* The environment of programs. */
void environment_set(Lines *, const char *name, const char *value); /* value NULL: takes it out */
const char *environment_get(const Lines *, const char *name);       /* NULL: not set */
void environment_fill(Lines *, const char *dir);                    /* with the defaults */
char **strings_of(const Lines *);                                   /* ended by NULL; the caller frees the array */

#endif
