/* Running a test: see runner.h. */
#include "runner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* An answer counts as complete once this long nothing more came, and as none where nothing came for that long. */
enum { ANSWER_QUIET = 200, ANSWER_NONE = 3000 };

/* --- the environment ---------------------------------------------------------------------------------------------- */

static bool is_variable(const char *entry, const char *name) {
    size_t size = strlen(name);
    return strncmp(entry, name, size) == 0 && entry[size] == '=';
}

void environment_set(Lines *environment, const char *name, const char *value) {
    Lines kept = {0};
    for (size_t i = 0; i < environment->count; i++)
        if (!is_variable(environment->line[i], name))
            lines_add(&kept, environment->line[i], strlen(environment->line[i]));
    lines_free(environment);
    *environment = kept;
    if (!value) return;
    Text entry = {0};
    text_print(&entry, "%s=%s", name, value);
    lines_add(environment, entry.bytes, entry.size);
    text_free(&entry);
}

const char *environment_get(const Lines *environment, const char *name) {
    for (size_t i = 0; i < environment->count; i++)
        if (is_variable(environment->line[i], name)) return environment->line[i] + strlen(name) + 1;
    return NULL;
}

void environment_fill(Lines *environment, const char *dir) {
    /* Nothing of the person who runs the tests, but where programs are found and how instrumented ones behave. */
    static const char *const passed[] = {"PATH",         "TMPDIR",        "ASAN_OPTIONS",      "UBSAN_OPTIONS",
                                         "LSAN_OPTIONS", "TSAN_OPTIONS",  "LD_LIBRARY_PATH",   "GCOV_PREFIX",
                                         "TERMINFO",     "TERMINFO_DIRS", "LLVM_PROFILE_FILE", "GCOV_PREFIX_STRIP"};
    static const char *const fixed[][2] = {
        {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}, {"TERM", "xterm-256color"}, {"JAZARI_CLOCK", "2026-11-23T14:02:00Z"}};
    lines_free(environment);
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        const char *value = getenv(passed[i]);
        if (value) environment_set(environment, passed[i], value);
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        environment_set(environment, fixed[i][0], fixed[i][1]);
    environment_set(environment, "HOME", dir);
    environment_set(environment, "XDG_CONFIG_HOME", dir);
}

char **strings_of(const Lines *lines) {
    char **strings = memory_more(NULL, lines->count + 1, sizeof *strings);
    for (size_t i = 0; i < lines->count; i++)
        strings[i] = lines->line[i];
    strings[lines->count] = NULL;
    return strings;
}

/* --- what is seen, and waiting for it ----------------------------------------------------------------------------- */

Names runner_names(const Runner *runner) {
    return (Names){.dir = text_string(&runner->dir), .program = runner->program};
}

void runner_add_row(const Runner *runner, int row, Text *out) {
    Text text = {0};
    terminal_row(runner->session->terminal, row, &text);
    text_replace(&text, text_string(&runner->dir), "$DIR");
    text_add(out, text_string(&text), text.size);
    text_free(&text);
}

bool runner_row_matches(const Runner *runner, const regex_t *regex, int *row) {
    int rows = terminal_rows(runner->session->terminal);
    bool found = false;
    Text text = {0};
    for (int i = 0; i < rows && !found; i++) {
        text_clear(&text);
        runner_add_row(runner, i, &text);
        found = regexec(regex, text_string(&text), 0, NULL, 0) == 0;
        if (found && row) *row = i;
    }
    text_free(&text);
    return found;
}

double runner_until(const Runner *runner, const Step *step) {
    return clock_ms() + (step->within > 0 ? step->within : runner->deadline);
}

static bool can_change(const Runner *runner) {
    return session_running(runner->session) && !stage_interrupted();
}

bool runner_wait(Runner *runner, const Step *step, Sight *sight) {
    double until = runner_until(runner, step);
    for (;;) {
        if (sight(runner, step)) return true;
        if (!can_change(runner) || clock_ms() >= until) return false;
        stage_pump(&runner->stage, until, -1);
    }
}

bool runner_settle(Runner *runner, const Step *step, double quiet) {
    double until = runner_until(runner, step), start = clock_ms();
    while (can_change(runner)) {
        double last = runner->session->last_written, now = clock_ms();
        double calm = (last > start ? last : start) + quiet;
        if (now >= calm) return true;
        if (now >= until) return false;
        stage_pump(&runner->stage, calm < until ? calm : until, -1);
    }
    return true;
}

void runner_wait_answer(Runner *runner, const Step *step) {
    double until = runner_until(runner, step), nothing = clock_ms() + ANSWER_NONE;
    const Session *session = runner->session;
    if (nothing < until) until = nothing;
    while (can_change(runner) && session->written == session->written_stirred && clock_ms() < until)
        stage_pump(&runner->stage, until, -1);
    runner_settle(runner, step, ANSWER_QUIET);
}

const char *runner_why_unseen(const Runner *runner, const Step *step) {
    static char reason[64];
    if (stage_interrupted()) return "interrupted";
    if (!session_running(runner->session)) return "the program has ended";
    snprintf(reason, sizeof reason, "not within %g s", (step->within > 0 ? step->within : runner->deadline) / 1e3);
    return reason;
}

/* --- saying what went wrong --------------------------------------------------------------------------------------- */

bool runner_fail(Runner *runner, const char *format, ...) {
    Text reason = {0};
    va_list arguments;
    va_start(arguments, format);
    text_vprint(&reason, format, arguments);
    va_end(arguments);
    Lines lines = {0};
    lines_split(&lines, text_string(&reason), reason.size);
    for (size_t i = 0; i < lines.count; i++)
        text_print(&runner->failure, "# %s\n", lines.line[i]);
    lines_free(&lines);
    text_free(&reason);
    return false;
}

bool runner_fail_diff(Runner *runner, const Lines *expected, const Lines *seen, const char *reason) {
    runner_fail(runner, "%s; - is expected, + is seen:", reason);
    lines_diff(&runner->failure, "# ", expected, seen);
    lines_point_out(&runner->failure, "# ", expected, seen);
    runner->shown = true;
    return false;
}

static void show_state(Runner *runner) {
    Session *session = runner->session;
    TerminalModes modes = terminal_modes(session->terminal);
    int row, column;
    Text state = {0};
    terminal_cursor(session->terminal, &row, &column);
    if (*session->name) text_print(&state, "session %s: ", session->name);
    text_print(&state, "%dx%d, cursor %s%d,%d", terminal_columns(session->terminal), terminal_rows(session->terminal),
               modes.cursor ? "" : "hidden ", row + 1, column + 1);
    text_print(&state, "%s%s%s; the program ", modes.altscreen ? ", altscreen" : "", modes.mouse ? ", mouse" : "",
               modes.paste ? ", paste" : "");
    if (session_running(session)) text_add_string(&state, session->master < 0 ? "runs, hung up" : "runs");
    else if (session->exit_signal) text_print(&state, "was ended by signal %s", sigabbrev_np(session->exit_signal));
    else text_print(&state, "ended with exit status %d", session->exit_code);
    runner_fail(runner, "%s", state.bytes);
    text_free(&state);
}

static void show_screen(Runner *runner) {
    int rows = terminal_rows(runner->session->terminal);
    Lines lines = {0};
    for (int i = 0; i < rows; i++) {
        Text text = {0};
        runner_add_row(runner, i, &text);
        lines_add(&lines, text_string(&text), text.size);
        text_free(&text);
    }
    lines_drop_empty(&lines);
    for (size_t i = 0; i < lines.count; i++)
        text_print(&runner->failure, "# |%s\n", lines.line[i]);
    if (!lines.count) runner_fail(runner, "the screen is empty");
    lines_free(&lines);
}

/* --- one test ----------------------------------------------------------------------------------------------------- */

static bool make_folder(Text *path) {
    const char *parent = getenv("TMPDIR");
    text_print(path, "%s/jazari-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(path->bytes)) return false;
    char *real = realpath(path->bytes, NULL);
    if (!real) return false;
    text_clear(path);
    text_add_string(path, real);
    free(real);
    return true;
}

bool runner_open(Runner *runner) {
    if (make_folder(&runner->home)) return true;
    printf("not ok script %s: %s\n", text_string(&runner->home), strerror(errno));
    return false;
}

void runner_close(Runner *runner) {
    folder_remove(text_string(&runner->home));
    text_free(&runner->home);
    lines_free(&runner->demos);
}

static bool begin(Runner *runner) {
    runner->columns = 80;
    runner->rows = 24;
    runner->stage = (Stage){.count = 1};
    runner->session = &runner->stage.session[0];
    *runner->session = (Session){.name = string_copy("", 0), .master = -1, .verbose = runner->verbose};
    text_clear(&runner->input);
    text_clear(&runner->said);
    text_clear(&runner->failure);
    text_clear(&runner->dir);
    runner->has_said = runner->shown = false;
    if (!make_folder(&runner->dir)) return runner_fail(runner, "%s: %s", text_string(&runner->dir), strerror(errno));
    environment_fill(&runner->environment, text_string(&runner->dir));
    return true;
}

static bool needs_met(Runner *runner, const Step *step) {
    const Session *session = runner->session;
    if (step->command->need != NEED_NOTHING && !session->terminal) return runner_fail(runner, "no program was started");
    if (step->command->need == NEED_RUNNING && !session_running(session))
        return runner_fail(runner, "the program has ended");
    if (step->command->need == NEED_RUNNING && session->master < 0)
        return runner_fail(runner, "the terminal was hung up");
    return true;
}

static bool run_steps(Runner *runner, const Script *script, const Test *test) {
    for (size_t i = 0; i < test->count; i++) {
        Step *step = &test->step[i];
        bool good = needs_met(runner, step) && step->command->run(runner, step) && !stage_interrupted();
        if (good) continue;
        Text reason = runner->failure;
        runner->failure = (Text){0};
        runner_fail(runner, "%s:%zu: %s%s%s", script->path, step->line + 1, step->command->name, *step->text ? " " : "",
                    step->text);
        if (stage_interrupted()) runner_fail(runner, "interrupted");
        text_add(&runner->failure, text_string(&reason), reason.size);
        text_free(&reason);
        if (!runner->session->terminal) return false;
        show_state(runner);
        if (!runner->shown) show_screen(runner);
        return false;
    }
    return true;
}

static bool end(Runner *runner, bool passed) {
    for (size_t i = 0; i < runner->stage.count; i++) {
        Session *session = &runner->stage.session[i];
        const char *problem = session_close(&runner->stage, session, passed, runner->deadline);
        if (problem) passed = runner_fail(runner, "at the end of the test: %s", problem);
    }
    for (size_t i = 0; i < runner->stage.count; i++)
        free(runner->stage.session[i].name);
    if (passed || !runner->keep) folder_remove(text_string(&runner->dir));
    else runner_fail(runner, "kept: %s", text_string(&runner->dir));
    lines_free(&runner->environment);
    text_free(&runner->dir);
    text_free(&runner->input);
    text_free(&runner->said);
    return passed;
}

bool runner_test(Runner *runner, Script *script, Test *test) {
    bool passed = begin(runner) && run_steps(runner, script, &script->setup) && run_steps(runner, script, test);
    passed = end(runner, passed);
    printf("%sok %s\n%s", passed ? "" : "not ", test->name, passed ? "" : text_string(&runner->failure));
    fflush(stdout);
    text_free(&runner->failure);
    return passed;
}
