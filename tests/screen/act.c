/* What a script does to a program: starting, typing, signals, the end; and what it may cost. */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was written is taken to be all once this many ms were quiet. */
enum { QUIET = 100 };

/* --- starting and ending ------------------------------------------------------------------------------------------ */

static bool start(Runner *runner, const Lines *arguments, bool search) {
    if (session_running(runner->session))
        return runner_fail(runner, "a program is running here already: exit comes before, or session NAME");
    if (runner->session->terminal) session_close(&runner->stage, runner->session, false, 0);
    const char *kind = environment_get(&runner->environment, "TERM");
    Launch launch = {.arguments = strings_of(arguments),
                     .environment = strings_of(&runner->environment),
                     .dir = text_string(&runner->dir),
                     .search = search,
                     .kind = kind ? kind : "",
                     .columns = runner->columns,
                     .rows = runner->rows};
    bool good = session_start(runner->session, &launch);
    if (!good) runner_fail(runner, "cannot be started: %s", strerror(errno));
    free(launch.arguments);
    free(launch.environment);
    return good;
}

bool act_start(Runner *runner, Step *step) {
    Lines arguments = {0};
    Text why = {0};
    Names names = runner_names(runner);
    lines_add(&arguments, runner->program, strlen(runner->program));
    bool good = words_split(&arguments, step->text, &names, &why) && start(runner, &arguments, false);
    lines_free(&arguments);
    text_free(&why);
    return good;
}

bool act_launch(Runner *runner, Step *step) {
    Lines arguments = {0};
    Text why = {0};
    Names names = runner_names(runner);
    bool good = words_split(&arguments, step->text, &names, &why) && start(runner, &arguments, true);
    lines_free(&arguments);
    text_free(&why);
    return good;
}

bool act_session(Runner *runner, Step *step) {
    const char *name = step->words.line[0];
    Stage *stage = &runner->stage;
    for (size_t i = 0; i < stage->count; i++) {
        if (strcmp(stage->session[i].name, name) != 0) continue;
        runner->session = &stage->session[i];
        return true;
    }
    if (stage->count == SESSION_MOST) return runner_fail(runner, "there are %d sessions already", SESSION_MOST);
    runner->session = &stage->session[stage->count++];
    *runner->session = (Session){.name = string_copy(name, strlen(name)), .master = -1, .verbose = runner->verbose};
    return true;
}

/* The number of a signal by its name (with or without SIG) or number; 0: there is none. */
static int signal_number(const char *name) {
    long number;
    if (number_read(name, 1, NSIG - 1, &number)) return (int)number;
    if (strncmp(name, "SIG", 3) == 0) name += 3;
    for (int i = 1; i < NSIG; i++) {
        const char *known = sigabbrev_np(i);
        if (known && strcmp(known, name) == 0) return i;
    }
    return 0;
}

bool check_signal(Step *step, Text *why) {
    step->number[0] = signal_number(step->words.line[0]);
    if (!step->number[0]) text_print(why, "no such signal: %s", step->words.line[0]);
    return step->number[0] != 0;
}

bool act_signal(Runner *runner, Step *step) {
    session_signal(runner->session, (int)step->number[0]);
    return true;
}

bool act_hangup(Runner *runner, Step *step) {
    (void)step;
    session_hang_up(runner->session);
    return true;
}

/* number[0]: the exit status, number[1]: the signal; the other one is 0. */
bool check_exit(Step *step, Text *why) {
    const Lines *words = &step->words;
    if (words->count == 1 && number_read(words->line[0], 0, 255, &step->number[0])) return true;
    if (words->count == 2 && strcmp(words->line[0], "signal") == 0) {
        step->number[1] = signal_number(words->line[1]);
        if (step->number[1]) return true;
    }
    text_print(why, "exit wants a status or a signal: exit %s", step->command->usage);
    return false;
}

static bool sight_end(Runner *runner, const Step *step) {
    (void)step;
    return !session_running(runner->session);
}

bool act_exit(Runner *runner, Step *step) {
    const Session *session = runner->session;
    if (!runner_wait(runner, step, sight_end))
        return runner_fail(runner, "it did not end: %s", runner_why_unseen(runner, step));
    if (session->exit_signal == step->number[1] && (step->number[1] || session->exit_code == step->number[0]))
        return true;
    if (session->exit_signal)
        return runner_fail(runner, "it was ended by signal %s", sigabbrev_np(session->exit_signal));
    return runner_fail(runner, "it ended with exit status %d", session->exit_code);
}

static bool sight_stopped(Runner *runner, const Step *step) {
    (void)step;
    return session_stopped(runner->session);
}

bool act_stopped(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_stopped) ||
           runner_fail(runner, "it did not stop: %s", runner_why_unseen(runner, step));
}

bool act_alive(Runner *runner, Step *step) {
    (void)step;
    stage_pump(&runner->stage, 0, -1);
    return session_running(runner->session) || runner_fail(runner, "the program has ended");
}

/* --- typing ------------------------------------------------------------------------------------------------------- */

/* Waits until the program, or the line in front of it, took all that was typed. */
static bool deliver(Runner *runner, const Step *step) {
    Session *session = runner->session;
    double until = runner_until(runner, step);
    session_write(session);
    while (session->outgoing.size && session_typeable(session) && !stage_interrupted()) {
        if (clock_ms() >= until) return runner_fail(runner, "it does not read what is typed");
        stage_pump(&runner->stage, until, -1);
    }
    return true;
}

bool check_key(Step *step, Text *why) {
    step->number[0] = 1;
    if (!key_known(step->words.line[0])) {
        text_print(why, "no such key: %s", step->words.line[0]);
        return false;
    }
    if (step->words.count < 2 || number_read(step->words.line[1], 1, 100000, &step->number[0])) return true;
    text_print(why, "not a number of times: %s", step->words.line[1]);
    return false;
}

bool act_key(Runner *runner, Step *step) {
    session_stir(runner->session);
    for (long i = 0; i < step->number[0]; i++) {
        terminal_key(runner->session->terminal, step->words.line[0]);
        if (!deliver(runner, step)) return false;
    }
    return true;
}

/* What the line says, with Enter's byte for \n where a person types it. */
static void typed_bytes(const Runner *runner, const Step *step, bool raw, Text *out) {
    Text why = {0};
    Names names = runner_names(runner);
    text_unescape(out, step->text, &names, &why);
    for (size_t i = 0; i < out->size && !raw; i++)
        if (out->bytes[i] == '\n') out->bytes[i] = '\r';
    text_free(&why);
}

static bool type(Runner *runner, const Step *step, bool raw) {
    Text bytes = {0};
    typed_bytes(runner, step, raw, &bytes);
    session_stir(runner->session);
    if (session_typeable(runner->session)) text_add(&runner->session->outgoing, text_string(&bytes), bytes.size);
    text_free(&bytes);
    return deliver(runner, step);
}

bool act_type(Runner *runner, Step *step) {
    return type(runner, step, false);
}

bool act_bytes(Runner *runner, Step *step) {
    return type(runner, step, true);
}

bool act_paste(Runner *runner, Step *step) {
    if (strcmp(step->text, "on") == 0 || strcmp(step->text, "off") == 0) return look_paste(runner, step);
    if (!session_typeable(runner->session)) return runner_fail(runner, "the program has ended");
    Text bytes = {0};
    typed_bytes(runner, step, false, &bytes);
    session_stir(runner->session);
    terminal_paste(runner->session->terminal, text_string(&bytes), bytes.size);
    text_free(&bytes);
    return deliver(runner, step);
}

/* number: column, row, button. */
bool check_mouse(Step *step, Text *why) {
    static const char *const buttons[] = {"left", "middle", "right", "up", "down"};
    const Lines *words = &step->words;
    if (words->count == 1 && (strcmp(words->line[0], "on") == 0 || strcmp(words->line[0], "off") == 0)) return true;
    bool good = words->count >= 2 && number_read(words->line[0], 1, 9999, &step->number[0]) &&
                number_read(words->line[1], 1, 9999, &step->number[1]);
    step->number[2] = words->count < 3;
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons && words->count == 3; i++)
        if (strcmp(words->line[2], buttons[i]) == 0) step->number[2] = (long)i + 1;
    if (good && (step->number[2] || number_read(words->line[2], 1, 5, &step->number[2]))) return true;
    text_print(why, "not a place or a button: mouse %s", step->command->usage);
    return false;
}

static bool sight_mouse(Runner *runner, const Step *step) {
    (void)step;
    return terminal_modes(runner->session->terminal).mouse;
}

bool act_mouse(Runner *runner, Step *step) {
    if (!step->number[0]) return look_mouse(runner, step);
    if (!runner_wait(runner, step, sight_mouse))
        return runner_fail(runner, "the program has not asked for the mouse: %s", runner_why_unseen(runner, step));
    session_stir(runner->session);
    terminal_click(runner->session->terminal, (int)step->number[0] - 1, (int)step->number[1] - 1, (int)step->number[2]);
    return deliver(runner, step);
}

bool act_resize(Runner *runner, Step *step) {
    session_resize(runner->session, (int)step->number[0], (int)step->number[1]);
    return true;
}

/* --- what it costs ------------------------------------------------------------------------------------------------ */

bool check_number(Step *step, Text *why) {
    if (number_read(step->words.line[0], 0, 1000000000, &step->number[0])) return true;
    text_print(why, "not a number: %s", step->words.line[0]);
    return false;
}

bool act_mark(Runner *runner, Step *step) {
    (void)step;
    session_mark(runner->session);
    return true;
}

bool act_wrote(Runner *runner, Step *step) {
    const Session *session = runner->session;
    bool settled = runner_settle(runner, step, QUIET);
    unsigned long long bytes = session->written - session->written_marked;
    if (bytes <= (unsigned long long)step->number[0] && settled) return true;
    Text recent = {0};
    session_add_recent(session, bytes, &recent);
    runner_fail(runner, "it wrote %llu bytes%s: %s", bytes, settled ? "" : " and goes on", text_string(&recent));
    text_free(&recent);
    return false;
}

bool act_idle(Runner *runner, Step *step) {
    const Session *session = runner->session;
    if (!runner_settle(runner, step, QUIET)) return runner_fail(runner, "it does not stop writing");
    unsigned long long before = session->written;
    double until = clock_ms() + (double)step->number[0];
    while (clock_ms() < until && session->written == before && session_running(session) && !stage_interrupted())
        stage_pump(&runner->stage, until, -1);
    if (session->written == before) return session_running(session) || runner_fail(runner, "the program has ended");
    Text recent = {0};
    session_add_recent(session, session->written - before, &recent);
    runner_fail(runner, "it wrote %llu bytes: %s", session->written - before, text_string(&recent));
    text_free(&recent);
    return false;
}

bool act_cpu(Runner *runner, Step *step) {
    double used = session_cpu(runner->session);
    if (used < 0) return runner_fail(runner, "its CPU time cannot be told");
    used -= runner->session->cpu_marked;
    return used <= (double)step->number[0] || runner_fail(runner, "it used %.1f ms of CPU time", used);
}
