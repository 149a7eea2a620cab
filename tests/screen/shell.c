/* What surrounds the program: settings, files in the private directory, and programs run without a terminal. */
#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- settings for what is started next ---------------------------------------------------------------------------- */

/* number: columns, rows; of COLUMNSxROWS. */
bool check_size(Step *step, Text *why) {
    char *columns = step->words.line[0], *cross = strchr(columns, 'x');
    if (cross) *cross = 0;
    bool good =
        cross && number_read(columns, 1, 1000, &step->number[0]) && number_read(cross + 1, 1, 1000, &step->number[1]);
    if (!good) text_print(why, "no size: %s COLUMNSxROWS", step->command->name);
    return good;
}

bool shell_size(Runner *runner, Step *step) {
    runner->columns = (int)step->number[0];
    runner->rows = (int)step->number[1];
    return true;
}

bool shell_term(Runner *runner, Step *step) {
    environment_set(&runner->environment, "TERM", step->words.line[0]);
    return true;
}

bool check_env(Step *step, Text *why) {
    const char *equals = strchr(step->text, '=');
    if (equals && equals != step->text) return true;
    text_add_string(why, "env wants NAME=VALUE");
    return false;
}

bool shell_env(Runner *runner, Step *step) {
    const char *equals = strchr(step->text, '=');
    char *name = string_copy(step->text, (size_t)(equals - step->text));
    Names names = runner_names(runner);
    Text value = {0};
    text_add_named(&value, equals + 1, &names);
    environment_set(&runner->environment, name, text_string(&value));
    text_free(&value);
    free(name);
    return true;
}

bool shell_unset(Runner *runner, Step *step) {
    environment_set(&runner->environment, step->words.line[0], NULL);
    return true;
}

bool check_clock(Step *step, Text *why) {
    static const char form[] = "0000-00-00T00:00:00Z";
    const char *instant = step->words.line[0];
    bool good = strlen(instant) == sizeof form - 1;
    for (size_t i = 0; good && i < sizeof form - 1; i++)
        good = form[i] == '0' ? instant[i] >= '0' && instant[i] <= '9' : instant[i] == form[i];
    if (!good) text_add_string(why, "no instant: clock YYYY-MM-DDTHH:MM:SSZ");
    return good;
}

bool shell_clock(Runner *runner, Step *step) {
    environment_set(&runner->environment, "JAZARI_CLOCK", step->words.line[0]);
    return true;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static bool is_inside(const char *name, Text *why) {
    Text whole = {0};
    text_print(&whole, "/%s/", name);
    bool good = *name && *name != '/' && !strstr(whole.bytes, "/../");
    text_free(&whole);
    if (!good) text_print(why, "not a name inside the private directory: %s", name);
    return good;
}

static void path_of(const Runner *runner, const char *name, Text *out) {
    text_print(out, "%s/%s", text_string(&runner->dir), name);
}

static bool read_mode(Step *step, const char *word, Text *why) {
    char *end;
    step->number[0] = strtol(word, &end, 8);
    if (end != word && !*end && step->number[0] >= 0 && step->number[0] <= 07777) return true;
    text_print(why, "not an octal mode: %s", word);
    return false;
}

bool check_name(Step *step, Text *why) {
    return !step->words.count || is_inside(step->words.line[0], why);
}

bool check_file(Step *step, Text *why) {
    step->number[0] = 0644;
    return is_inside(step->words.line[0], why) && (step->words.count < 2 || read_mode(step, step->words.line[1], why));
}

bool check_chmod(Step *step, Text *why) {
    return read_mode(step, step->words.line[0], why) && is_inside(step->words.line[1], why);
}

bool shell_file(Runner *runner, Step *step) {
    Text path = {0}, bytes = {0};
    Names names = runner_names(runner);
    path_of(runner, step->words.line[0], &path);
    for (size_t i = 0; i < step->block.count; i++) {
        text_add_named(&bytes, step->block.line[i], &names);
        text_add(&bytes, "\n", 1);
    }
    bool good = folder_make_for(path.bytes) &&
                file_write(path.bytes, text_string(&bytes), bytes.size, (unsigned)step->number[0]);
    if (!good) runner_fail(runner, "%s: %s", step->words.line[0], strerror(errno));
    text_free(&path);
    text_free(&bytes);
    return good;
}

bool shell_chmod(Runner *runner, Step *step) {
    Text path = {0};
    path_of(runner, step->words.line[1], &path);
    bool good = chmod(path.bytes, (mode_t)step->number[0]) == 0;
    if (!good) runner_fail(runner, "%s: %s", step->words.line[1], strerror(errno));
    text_free(&path);
    return good;
}

/* --- what was printed --------------------------------------------------------------------------------------------- */

/* Printed text as golden lines: unseen bytes made visible, a blank at a line's end and a missing last newline too, the
 * private directory as $DIR. */
static void printed_lines(const Runner *runner, const Text *text, Lines *out) {
    Lines raw = {0};
    lines_split(&raw, text_string(text), text->size);
    for (size_t i = 0; i < raw.count; i++) {
        Text line = {0};
        text_add_visible(&line, raw.line[i], strlen(raw.line[i]));
        text_replace(&line, text_string(&runner->dir), "$DIR");
        if (line.size && line.bytes[line.size - 1] == ' ') {
            line.bytes[--line.size] = 0;
            text_add_string(&line, "\\x20");
        }
        lines_add(out, text_string(&line), line.size);
        text_free(&line);
    }
    if (text->size && text->bytes[text->size - 1] != '\n') lines_add(out, "(no newline at the end)", 23);
    if (!out->count) lines_add(out, "", 0);
    lines_free(&raw);
}

/* Compares text with the step's block, or makes the block anew. */
static bool compare_printed(Runner *runner, Step *step, const Text *text, const char *reason) {
    Lines seen = {0};
    printed_lines(runner, text, &seen);
    bool equal = lines_equal(&step->block, &seen);
    if (runner->generate) script_renew(step, &seen);
    else if (!equal) runner_fail_diff(runner, &step->block, &seen, reason);
    lines_free(&seen);
    return equal || runner->generate;
}

static void show_printed(Runner *runner, const Text *text) {
    Lines lines = {0};
    Text beginning = {0};
    text_add(&beginning, text_string(text), text->size < 4000 ? text->size : 4000);
    printed_lines(runner, &beginning, &lines);
    for (size_t i = 0; i < lines.count && i < 40; i++)
        text_print(&runner->failure, "# |%s\n", lines.line[i]);
    if (text->size > beginning.size || lines.count > 40) runner_fail(runner, "and more, of %zu bytes", text->size);
    lines_free(&lines);
    text_free(&beginning);
    runner->shown = true;
}

bool shell_holds(Runner *runner, Step *step) {
    Text path = {0}, bytes = {0};
    path_of(runner, step->words.line[0], &path);
    bool good = file_read(path.bytes, &bytes);
    if (!good) runner_fail(runner, "%s: %s", step->words.line[0], strerror(errno));
    else if (step->has_block || runner->generate)
        good = compare_printed(runner, step, &bytes, "the file holds something else");
    text_free(&path);
    text_free(&bytes);
    return good;
}

/* --- programs without a terminal ---------------------------------------------------------------------------------- */

/* Runs the program with these arguments after its own name; runner->said gets what it printed. */
static bool run_program(Runner *runner, const Step *step, Lines *arguments, const Lines *environment, int *code,
                        int *number) {
    Text why = {0};
    Launch launch = {.arguments = strings_of(arguments),
                     .environment = strings_of(environment),
                     .dir = text_string(&runner->dir),
                     .input = runner->input.size ? runner->input.bytes : NULL};
    text_clear(&runner->said);
    runner->has_said = true;
    bool good = stage_capture(&runner->stage, &launch, runner_until(runner, step), &runner->said, code, number, &why);
    if (!good) {
        runner_fail(runner, "%s; it printed:", text_string(&why));
        show_printed(runner, &runner->said);
    }
    text_clear(&runner->input);
    text_free(&why);
    free(launch.arguments);
    free(launch.environment);
    return good;
}

/* number[0]: the exit status; number[1]: whether the first word says it. */
bool check_cli(Step *step, Text *why) {
    step->number[1] = step->words.count && number_read(step->words.line[0], 0, 255, &step->number[0]);
    (void)why;
    return true;
}

static bool check_status(Runner *runner, long wanted, int code, int number) {
    if (code == wanted) return true;
    if (number) runner_fail(runner, "it was ended by signal %s; it printed:", sigabbrev_np(number));
    else runner_fail(runner, "exit status %d instead of %ld; it printed:", code, wanted);
    show_printed(runner, &runner->said);
    return false;
}

bool shell_cli(Runner *runner, Step *step) {
    Lines words = {0}, arguments = {0};
    Text why = {0};
    Names names = runner_names(runner);
    int code, number;
    words_split(&words, step->text, &names, &why);
    lines_add(&arguments, runner->program, strlen(runner->program));
    for (size_t i = step->number[1] ? 1 : 0; i < words.count; i++)
        lines_add(&arguments, words.line[i], strlen(words.line[i]));
    bool good = run_program(runner, step, &arguments, &runner->environment, &code, &number) &&
                check_status(runner, step->number[0], code, number);
    if (good && step->has_block) good = compare_printed(runner, step, &runner->said, "it printed something else");
    lines_free(&words);
    lines_free(&arguments);
    text_free(&why);
    return good;
}

bool shell_stdin(Runner *runner, Step *step) {
    text_clear(&runner->input);
    path_of(runner, step->words.line[0], &runner->input);
    struct stat status;
    return stat(runner->input.bytes, &status) == 0 ||
           runner_fail(runner, "%s: %s", step->words.line[0], strerror(errno));
}

/* Whether a line of what was printed matches. */
static bool said_matches(const Runner *runner, const regex_t *regex) {
    Lines lines = {0};
    bool found = false;
    printed_lines(runner, &runner->said, &lines);
    for (size_t i = 0; i < lines.count && !found; i++)
        found = regexec(regex, lines.line[i], 0, NULL, 0) == 0;
    lines_free(&lines);
    return found;
}

static bool has_said(Runner *runner) {
    return runner->has_said || runner_fail(runner, "there was no cli before");
}

bool shell_says(Runner *runner, Step *step) {
    if (!has_said(runner)) return false;
    if (said_matches(runner, &step->regex)) return true;
    runner_fail(runner, "no line matches; it printed:");
    show_printed(runner, &runner->said);
    return false;
}

bool shell_omits(Runner *runner, Step *step) {
    if (!has_said(runner)) return false;
    if (!said_matches(runner, &step->regex)) return true;
    runner_fail(runner, "a line matches; it printed:");
    show_printed(runner, &runner->said);
    return false;
}

bool shell_silent(Runner *runner, Step *step) {
    (void)step;
    if (!has_said(runner)) return false;
    if (!runner->said.size) return true;
    runner_fail(runner, "it printed:");
    show_printed(runner, &runner->said);
    return false;
}

/* --- the demo store ----------------------------------------------------------------------------------------------- */

/* Makes the demo store of a clock in a folder of the driver's own. */
static bool make_demo(Runner *runner, const Step *step, const char *clock, const char *folder) {
    Lines arguments = {0}, environment = {0};
    Text store = {0};
    int code, number;
    text_print(&store, "%s/demo.db", folder);
    const char *const words[] = {runner->program, "--store", store.bytes, "init", "--demo"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        lines_add(&arguments, words[i], strlen(words[i]));
    environment_fill(&environment, folder);
    environment_set(&environment, "JAZARI_CLOCK", clock);
    bool good = mkdir(folder, 0700) == 0 || runner_fail(runner, "%s: %s", folder, strerror(errno));
    good = good && run_program(runner, step, &arguments, &environment, &code, &number) &&
           check_status(runner, 0, code, number);
    runner->has_said = false;
    lines_free(&arguments);
    lines_free(&environment);
    text_free(&store);
    return good;
}

bool shell_demo(Runner *runner, Step *step) {
    const char *name = step->words.count ? step->words.line[0] : "demo.db";
    const char *clock = environment_get(&runner->environment, "JAZARI_CLOCK");
    if (!clock) return runner_fail(runner, "a demo store wants a clock");
    size_t which = 0;
    while (which < runner->demos.count && strcmp(runner->demos.line[which], clock) != 0)
        which++;
    Text folder = {0};
    text_print(&folder, "%s/%zu", text_string(&runner->home), which);
    bool good = which < runner->demos.count || make_demo(runner, step, clock, folder.bytes);
    if (!good) folder_remove(folder.bytes);
    if (good && which == runner->demos.count) lines_add(&runner->demos, clock, strlen(clock));
    if (good && !folder_copy_named(folder.bytes, "demo.db", text_string(&runner->dir), name))
        good = runner_fail(runner, "the demo store cannot be copied: %s", strerror(errno));
    text_free(&folder);
    return good;
}
