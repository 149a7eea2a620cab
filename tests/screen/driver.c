/* driver: runs a program on a pseudo-terminal behind a terminal emulator, types at it, and compares what a person would
 * see with golden screens. What to type and what to see stand in one readable script:
 *
 *   driver -p PROGRAM [-t REGEX] [-v] SCRIPT.screen ...
 *
 *   -p PROGRAM   the program that `start` and `cli` run
 *   -t REGEX     only the tests whose names match
 *   -v           every byte read and typed, made visible, on standard error
 *
 *   GENERATE=1          writes golden blocks anew, in place, instead of comparing (read the difference before you keep
 *                       it); a block that would be the same stays
 *   KEEP=1              leaves the private directory of a test that failed, and names it
 *   DRIVER_DEADLINE=10  seconds that a step may wait for what it wants to see
 *
 * Prints "ok NAME" or "not ok NAME" a test, after the latter why, in lines that begin with "# ": what was wanted, the
 * screen as it is, or what differs. A script that makes no sense is "not ok script FILE:LINE: why", and nothing in it
 * runs. The exit status is 0 where all passed, 1 where a test failed, 2 where a script or the command line is wrong.
 *
 * SCRIPTS
 *
 * A line is a step; empty lines and lines that begin with '#' are for people. A line may be indented. Rows and columns
 * count from 1. A REGEX is an extended regular expression and the rest of its line; it is matched with each row alone,
 * without the blanks at the row's end. WORDS are parted as in a shell ('...', "...", \), but no shell runs. Some
 * commands take a block: the lines after them that begin with '|'.
 *
 *   setup               what stands before the first test (this word may head it) runs at the start of every test
 *   test NAME ...       begins a test, which reaches to the next one. It starts in a directory of its own, $DIR, which
 *                       is also HOME and XDG_CONFIG_HOME, and ends at the first step that fails. A program still
 *                       running at the end is hung up, then sent SIGTERM; the test fails if it crashes or survives that
 *   within MS STEP      that step, with its own deadline
 *
 * What `start`, `launch` and `cli` run next gets an environment of its own (LC_ALL=C.UTF-8, TZ=UTC,
 * TERM=xterm-256color, JAZARI_CLOCK=2026-11-23T14:02:00Z, PATH, what sanitizers read, and nothing else):
 *
 *   size COLUMNSxROWS   80x24 unless set              env NAME=VALUE     the rest of the line; unset NAME
 *   term NAME           sets TERM                     clock INSTANT      sets JAZARI_CLOCK
 *
 * Files lie in $DIR. $DIR and $PROGRAM are replaced in words (not in '...'), typed text, env and file blocks; whatever
 * is shown or printed is compared with the name of the directory put back to $DIR (so in a REGEX it is \$DIR).
 *
 *   file NAME [MODE]    + block: writes it            holds NAME         + block: the file is exactly this
 *   chmod MODE NAME                                   demo [NAME]        puts a demo store at $DIR/demo.db: made once
 *                                                                        a run and clock (init --demo), then copied
 *   cli [STATUS] WORDS  runs the program without a terminal to its end and wants that exit status (0). With a block,
 *                       output and errors together are exactly that, where unseen bytes read \e \t \xHH. A block of
 *                       one empty line asks GENERATE=1 to fill it
 *   stdin NAME          that file is the next cli's standard input (else there is none)
 *   says REGEX          a line that the last cli printed matches; omits REGEX: none does; silent: it printed nothing
 *
 *   start WORDS         the program on a new terminal; launch COMMAND WORDS: any other one, found on the PATH
 *   session NAME        another terminal beside it, or back to that one: what follows is about it (up to 8)
 *
 *   key NAME [TIMES]    one character, or Up Down Left Right PgUp PgDn Home End Ins Del Enter Tab BTab Esc Space BS
 *                       F1 to F12; with C- or M- before a character or C- M- S- before a name. As a terminal sends it
 *                       in the mode that the program set. After Esc wait for what it does: Esc and a key are M-key
 *   type TEXT           the rest of the line; \n is Enter; \r \t \e \\ \$ \xHH \uHHHH
 *   paste TEXT          pasted, in brackets where the program asked for them (`paste on` and `off` ask, see below)
 *   bytes TEXT          the same escapes, and \n is a line feed
 *   mouse COLUMN ROW [BUTTON]   a click of left, middle, right, or the wheel up, down; waits until the program has
 *                       asked for the mouse
 *   resize COLUMNSxROWS wait for what it does before the next one: two at once may be one to the program
 *   signal NAME         to the program (TERM or SIGTERM or 15)
 *   hangup              the terminal goes away
 *   exit STATUS         waits for the program's end; exit signal NAME: that it was ended so
 *   stopped             waits until a signal has stopped it
 *   alive               it still runs
 *
 *   wait REGEX          until some row matches        gone REGEX         until none does
 *   expect REGEX        some row matches now          refuse REGEX       none does now; now is when it has been quiet
 *                                                                        for a moment, so that no half paint counts
 *   screen [ROWS]       + block: the screen is exactly this, blanks and empty rows at the end apart; screen 3-10 or
 *                       screen 5: only these rows. GENERATE=1 fills it, also where there is no block yet
 *   attr ROW COLUMN LOOK ...    the cell is bold, underline, italic, blink, reverse, strike (-bold: is not), fg:C, bg:C
 *                       (0 to 255, default, #rrggbb), or plain: none of these and default colours
 *   attr /REGEX/ LOOK ...       all cells of the first match are
 *   cursor ROW COLUMN   where it is; cursor /REGEX/: on a match in its row; cursor hidden | visible
 *   title REGEX         the title that the program gave its window
 *   modes MODE ...      altscreen, cursor (visible), mouse, paste (in brackets), keys and keypad (application mode),
 *                       focus (reported), pen (not plain), each with '-' for not; main: -altscreen.
 *                       mouse on|off and paste on|off say the same of one
 *   tty raw | restored  the line's settings: neither echo nor line editing; as before the program started
 *   restored            everything is as a program has to leave it: main screen, cursor visible, no other mode, the
 *                       line's settings (after a hang-up these cannot be asked)
 *
 *   mark                what was written and used up to here does not count below
 *   wrote BYTES         since the mark the program wrote at most so many; waits until it is quiet
 *   idle MS             it is quiet for so long
 *   cpu MS              since the mark it used at most so much CPU time
 *
 * All these wait for what they want until the deadline (expect, refuse, alive, idle and cpu apart) and nothing sleeps.
 * What is there already is seen at once: to show that a key changes nothing, idle comes before the screen.
 * The emulator (libvterm 0.1) does not know dim, shows at most six code points a cell, and shapes no Arabic: what the
 * program wrote is what is compared. */
#include "commands.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUN_PASSED = 0, RUN_FAILED = 1, RUN_WRONG = 2 };

typedef struct Options {
    const char *program, *only;
    bool verbose;
    regex_t pattern; /* of only */
    char **scripts;  /* ended by NULL */
} Options;

static int usage(void) {
    fputs("usage: driver -p PROGRAM [-t REGEX] [-v] SCRIPT.screen ...\n", stderr);
    return RUN_WRONG;
}

static bool read_options(int count, char **arguments, Options *options) {
    int letter;
    while ((letter = getopt(count, arguments, "p:t:v")) != -1) {
        if (letter == 'p') options->program = optarg;
        else if (letter == 't') options->only = optarg;
        else if (letter == 'v') options->verbose = true;
        else return false;
    }
    options->scripts = arguments + optind;
    return options->program && *options->scripts;
}

static bool is_on(const char *name) {
    const char *value = getenv(name);
    return value && *value && strcmp(value, "0") != 0;
}

static int wrong(const char *why) {
    printf("not ok script %s\n", why);
    return RUN_WRONG;
}

static int worse(int a, int b) {
    return a > b ? a : b;
}

/* Runs the tests of one script that are wanted; *ran counts them. */
static int run_script(Runner *runner, const Options *options, const char *path, size_t *ran) {
    Script script = {0};
    Text why = {0};
    int result = RUN_PASSED;
    if (!script_read(&script, path, commands, &why)) result = wrong(text_string(&why));
    for (size_t i = 0; i < script.count && result != RUN_WRONG && !stage_interrupted(); i++) {
        if (options->only && regexec(&options->pattern, script.test[i].name, 0, NULL, 0) != 0) continue;
        ++*ran;
        if (!runner_test(runner, &script, &script.test[i])) result = RUN_FAILED;
    }
    text_clear(&why);
    if (result != RUN_WRONG && runner->generate && !script_save(&script, &why)) result = wrong(text_string(&why));
    script_free(&script);
    text_free(&why);
    return result;
}

static int run_scripts(const Options *options) {
    Runner runner = {.verbose = options->verbose, .generate = is_on("GENERATE"), .keep = is_on("KEEP")};
    long seconds = 10;
    if (getenv("DRIVER_DEADLINE") && !number_read(getenv("DRIVER_DEADLINE"), 1, 3600, &seconds))
        return wrong("DRIVER_DEADLINE: not a number of seconds");
    runner.deadline = (double)seconds * 1e3;
    char *program = realpath(options->program, NULL);
    runner.program = program;
    int result = RUN_PASSED;
    size_t ran = 0;
    if (!program || access(program, X_OK) != 0) {
        printf("not ok script %s: there is no such program\n", options->program);
        result = RUN_WRONG;
    } else if (!runner_open(&runner)) {
        result = RUN_WRONG;
    } else {
        for (char **path = options->scripts; *path && !stage_interrupted(); path++)
            result = worse(result, run_script(&runner, options, *path, &ran));
        if (!ran && result == RUN_PASSED) result = wrong("no test has such a name");
        runner_close(&runner);
    }
    free(program);
    return stage_interrupted() ? worse(result, RUN_FAILED) : result;
}

int main(int count, char **arguments) {
    Options options = {0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "");
    if (!read_options(count, arguments, &options)) return usage();
    if (options.only && regcomp(&options.pattern, options.only, REG_EXTENDED | REG_NOSUB) != 0)
        return wrong("-t: no regular expression");
    stage_prepare();
    int result = run_scripts(&options);
    if (options.only) regfree(&options.pattern);
    return result;
}
