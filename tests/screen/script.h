/* A script of screen tests, read whole before anything runs: so a word mistyped in the last line is known at once.
 *
 * Each line is a step: a command, then what it works on, then for some commands a block of lines that begin with '|'.
 * A Command says how its line reads; script_read checks every line against it, and what the line holds is in the Step.
 * Golden blocks that a run makes anew are kept with their steps until script_save puts them into the file. */
#ifndef JAZARI_TESTS_SCREEN_SCRIPT_H
#define JAZARI_TESTS_SCREEN_SCRIPT_H

#include "tools.h"

#include <regex.h>

typedef struct Step Step;
typedef struct Runner Runner;

typedef enum Argument {
    ARGUMENT_NONE,
    ARGUMENT_TEXT,  /* the rest of the line as it stands */
    ARGUMENT_BYTES, /* the same, with escapes: see text_unescape */
    ARGUMENT_REGEX, /* the same, as an extended regular expression */
    ARGUMENT_WORDS, /* the rest in words: see words_split */
} Argument;

typedef enum BlockRule { BLOCK_NEVER, BLOCK_MAY } BlockRule;

/* What must be there for the command to make sense. */
typedef enum Need { NEED_NOTHING, NEED_TERMINAL, NEED_RUNNING } Need;

typedef struct Command {
    const char *name;
    Argument argument;
    size_t least, most; /* words */
    BlockRule block;
    Need need;
    const char *usage;                /* what stands after the name */
    bool (*check)(Step *, Text *why); /* what more must hold, before anything runs; may be NULL */
    bool (*run)(Runner *, Step *);    /* false, with the reason given to runner_fail */
} Command;

struct Step {
    const Command *command;
    size_t line;   /* in the file, from 0 */
    double within; /* ms that it may take; 0: the usual deadline */
    char *text;    /* what stands after the command's name */
    Lines words;   /* without names put in */
    regex_t regex; /* of ARGUMENT_REGEX, and of a command's /REGEX/ */
    bool has_regex;
    long number[3]; /* a command's own */
    bool has_block;
    Lines block;
    size_t block_count; /* lines of the file: those of block when it was read */
    bool renewed;       /* block differs from the file */
};

typedef struct Test {
    const char *name; /* the setup's is empty */
    Step *step;
    size_t count;
} Test;

typedef struct Script {
    const char *path;
    Text source;
    Lines lines;
    Test setup, *test;
    size_t count;
} Script;

/* Fills an empty script. False with "FILE:LINE: why". The commands end with a row without a name. */
bool script_read(Script *, const char *path, const Command *commands, Text *why);

/* Gives a step new golden lines. */
void script_renew(Step *, const Lines *block);

/* Writes what was made anew into the file, if anything was. False with the reason, also where the file is no longer as
 * it was read. */
bool script_save(Script *, Text *why);
void script_free(Script *);

/* For commands' checks: compiles a regular expression into the step. */
bool step_set_regex(Step *, const char *regex, Text *why);

/* Reads the /REGEX/ that text begins with into the step; *rest gets what stands after it. */
bool step_read_slashed(Step *, const char *text, const char **rest, Text *why);

#endif
