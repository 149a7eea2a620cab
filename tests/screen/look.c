/* What a script wants to see: texts, golden screens, looks, the cursor, the terminal's modes. All but `refuse` are
 * content as soon as they see it and wait for it until the step's deadline. */
#include "commands.h"

#include <string.h>

/* "Now" means once the program has been quiet for so many ms: half a repaint is not a screen. */
enum { QUIET = 100 };

/* --- texts -------------------------------------------------------------------------------------------------------- */

static bool sight_match(Runner *runner, const Step *step) {
    return runner_row_matches(runner, &step->regex, NULL);
}

static bool sight_no_match(Runner *runner, const Step *step) {
    return !runner_row_matches(runner, &step->regex, NULL);
}

bool look_wait(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_match) ||
           runner_fail(runner, "no row matches: %s", runner_why_unseen(runner, step));
}

bool look_gone(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_no_match) ||
           runner_fail(runner, "a row still matches: %s", runner_why_unseen(runner, step));
}

bool look_expect(Runner *runner, Step *step) {
    stage_pump(&runner->stage, 0, -1);
    if (sight_match(runner, step)) return true;
    runner_settle(runner, step, QUIET);
    return sight_match(runner, step) || runner_fail(runner, "no row matches now");
}

bool look_refuse(Runner *runner, Step *step) {
    int row;
    runner_settle(runner, step, QUIET);
    return !runner_row_matches(runner, &step->regex, &row) || runner_fail(runner, "row %d matches", row + 1);
}

static bool sight_title(Runner *runner, const Step *step) {
    return regexec(&step->regex, terminal_title(runner->session->terminal), 0, NULL, 0) == 0;
}

bool look_title(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_title) ||
           runner_fail(runner, "the title is \"%s\": %s", terminal_title(runner->session->terminal),
                       runner_why_unseen(runner, step));
}

/* --- golden screens ----------------------------------------------------------------------------------------------- */

/* number: the first and last row, from 1; 0 where all rows are meant. */
bool check_screen(Step *step, Text *why) {
    if (!step->words.count) return true;
    char *first = step->words.line[0], *dash = strchr(first, '-');
    if (dash) *dash = 0;
    bool good = number_read(first, 1, 9999, &step->number[0]) &&
                number_read(dash ? dash + 1 : first, step->number[0], 9999, &step->number[1]);
    if (!good) text_print(why, "not rows: screen %s", step->command->usage);
    return good;
}

/* The rows that the step is about, without the empty ones at their end. */
static void see_rows(const Runner *runner, const Step *step, Lines *out) {
    int rows = terminal_rows(runner->session->terminal), from = 0, to = rows;
    if (step->number[0]) from = (int)step->number[0] - 1, to = (int)step->number[1];
    for (int row = from; row < to && row < rows; row++) {
        Text text = {0};
        runner_add_row(runner, row, &text);
        lines_add(out, text_string(&text), text.size);
        text_free(&text);
    }
    lines_drop_empty(out);
}

/* Golden rows as see_rows gives them: an editor may have taken or left blanks. */
static void want_rows(const Step *step, Lines *out) {
    for (size_t i = 0; i < step->block.count; i++) {
        Text text = {0};
        text_add_string(&text, step->block.line[i]);
        text_trim(&text);
        lines_add(out, text_string(&text), text.size);
        text_free(&text);
    }
    lines_drop_empty(out);
}

static bool sight_screen(Runner *runner, const Step *step) {
    Lines wanted = {0}, seen = {0};
    want_rows(step, &wanted);
    see_rows(runner, step, &seen);
    bool equal = lines_equal(&wanted, &seen);
    lines_free(&wanted);
    lines_free(&seen);
    return equal;
}

static bool renew_screen(Runner *runner, Step *step) {
    Lines seen = {0};
    runner_wait_answer(runner, step);
    if (!step->has_block || !sight_screen(runner, step)) {
        see_rows(runner, step, &seen);
        if (!seen.count) lines_add(&seen, "", 0);
        script_renew(step, &seen);
    }
    lines_free(&seen);
    return true;
}

bool look_screen(Runner *runner, Step *step) {
    if (runner->generate) return renew_screen(runner, step);
    if (!step->has_block) return runner_fail(runner, "there is no golden screen yet: GENERATE=1 makes it");
    if (runner_wait(runner, step, sight_screen)) return true;
    Lines wanted = {0}, seen = {0};
    want_rows(step, &wanted);
    see_rows(runner, step, &seen);
    while (wanted.count < seen.count)
        lines_add(&wanted, "", 0);
    while (seen.count < wanted.count)
        lines_add(&seen, "", 0);
    runner_fail_diff(runner, &wanted, &seen, runner_why_unseen(runner, step));
    lines_free(&wanted);
    lines_free(&seen);
    return false;
}

/* --- a cell's look, the cursor ------------------------------------------------------------------------------------ */

/* Reads "ROW COLUMN ..." into number or "/REGEX/ ..." into regex, and what follows into words. */
static bool read_place(Step *step, Text *why) {
    const char *rest = step->text;
    lines_free(&step->words);
    if (*rest == '/') return step_read_slashed(step, rest, &rest, why) && words_split(&step->words, rest, NULL, why);
    Lines all = {0};
    bool good = words_split(&all, rest, NULL, why);
    if (good && !(all.count >= 2 && number_read(all.line[0], 1, 9999, &step->number[0]) &&
                  number_read(all.line[1], 1, 9999, &step->number[1]))) {
        text_print(why, "no place: %s %s", step->command->name, step->command->usage);
        good = false;
    }
    for (size_t i = 2; i < all.count && good; i++)
        lines_add(&step->words, all.line[i], strlen(all.line[i]));
    lines_free(&all);
    return good;
}

bool check_attr(Step *step, Text *why) {
    if (!read_place(step, why)) return false;
    if (!step->words.count) text_print(why, "how should it look? attr %s", step->command->usage);
    for (size_t i = 0; i < step->words.count && !why->size; i++)
        if (!look_word_known(step->words.line[i])) text_print(why, "no such look: %s", step->words.line[i]);
    return !why->size;
}

static bool looks_so(const Runner *runner, const Step *step, int row, int column) {
    for (size_t i = 0; i < step->words.count; i++)
        if (!terminal_looks(runner->session->terminal, row, column, step->words.line[i])) return false;
    return true;
}

/* The first cell that the step is about and, of a match, does not look as it should; false where all do. */
static bool find_odd_cell(const Runner *runner, const Step *step, int *row, int *column) {
    *row = (int)step->number[0] - 1;
    *column = (int)step->number[1] - 1;
    if (!step->has_regex) return !looks_so(runner, step, *row, *column);
    const Terminal *terminal = runner->session->terminal;
    *row = *column = -1;
    bool odd = true;
    Text text = {0};
    regmatch_t match = {.rm_so = -1};
    for (int i = 0; i < terminal_rows(terminal) && match.rm_so < 0; i++) {
        text_clear(&text);
        terminal_row(terminal, i, &text);
        if (regexec(&step->regex, text_string(&text), 1, &match, 0) != 0) match.rm_so = -1;
        *row = i;
    }
    for (regoff_t byte = match.rm_so; byte >= 0 && byte < match.rm_eo; byte++) {
        if ((text.bytes[byte] & 0xC0) == 0x80) continue;
        *column = terminal_column(terminal, *row, (size_t)byte);
        odd = !looks_so(runner, step, *row, *column);
        if (odd) break;
    }
    text_free(&text);
    return odd;
}

static bool sight_look(Runner *runner, const Step *step) {
    int row, column;
    return !find_odd_cell(runner, step, &row, &column);
}

bool look_attr(Runner *runner, Step *step) {
    int row, column;
    if (runner_wait(runner, step, sight_look)) return true;
    find_odd_cell(runner, step, &row, &column);
    if (column < 0) return runner_fail(runner, "no row matches: %s", runner_why_unseen(runner, step));
    Text look = {0};
    terminal_add_look(runner->session->terminal, row, column, &look);
    runner_fail(runner, "row %d, column %d is %s: %s", row + 1, column + 1, look.bytes,
                runner_why_unseen(runner, step));
    text_free(&look);
    return false;
}

bool check_cursor(Step *step, Text *why) {
    if (strcmp(step->text, "hidden") == 0 || strcmp(step->text, "visible") == 0) return true;
    if (!read_place(step, why)) return false;
    if (step->words.count) text_print(why, "too much: cursor %s", step->command->usage);
    return !step->words.count;
}

static bool sight_cursor(Runner *runner, const Step *step) {
    Terminal *terminal = runner->session->terminal;
    int row, column;
    if (!step->has_regex && !step->number[0]) return terminal_modes(terminal).cursor == (*step->text == 'v');
    terminal_cursor(terminal, &row, &column);
    if (!step->has_regex) return row == step->number[0] - 1 && column == step->number[1] - 1;
    Text text = {0};
    bool on = false;
    regmatch_t match;
    terminal_row(terminal, row, &text);
    for (size_t from = 0; !on && from <= text.size; from += (size_t)match.rm_eo + (match.rm_eo == match.rm_so)) {
        if (regexec(&step->regex, text_string(&text) + from, 1, &match, from ? REG_NOTBOL : 0) != 0) break;
        size_t first = from + (size_t)match.rm_so, last = from + (size_t)match.rm_eo;
        on = column >= terminal_column(terminal, row, first) &&
             (column < terminal_column(terminal, row, last) ||
              (first == last && column == terminal_column(terminal, row, first)));
    }
    text_free(&text);
    return on;
}

bool look_cursor(Runner *runner, Step *step) {
    int row, column;
    if (runner_wait(runner, step, sight_cursor)) return true;
    terminal_cursor(runner->session->terminal, &row, &column);
    return runner_fail(runner, "it is at row %d, column %d, %s: %s", row + 1, column + 1,
                       terminal_modes(runner->session->terminal).cursor ? "visible" : "hidden",
                       runner_why_unseen(runner, step));
}

/* --- modes -------------------------------------------------------------------------------------------------------- */

static const char *const mode_names[] = {"altscreen", "cursor", "mouse", "paste", "keys", "keypad", "focus", "pen"};
enum { MODE_COUNT = sizeof mode_names / sizeof *mode_names };

/* Whether a mode, by its name with or without a '-' in front, is so; -1: there is no such mode. */
static int mode_holds(const TerminalModes *modes, const char *word) {
    const bool on[MODE_COUNT] = {modes->altscreen, modes->cursor, modes->mouse, modes->paste,
                                 modes->keys,      modes->keypad, modes->focus, modes->pen};
    if (strcmp(word, "main") == 0) return !modes->altscreen;
    for (size_t i = 0; i < MODE_COUNT; i++)
        if (strcmp(mode_names[i], word + (*word == '-')) == 0) return on[i] == (*word != '-');
    return -1;
}

bool check_modes(Step *step, Text *why) {
    const TerminalModes none = {0};
    for (size_t i = 0; i < step->words.count && !why->size; i++)
        if (mode_holds(&none, step->words.line[i]) < 0) text_print(why, "no such mode: %s", step->words.line[i]);
    return !why->size;
}

static bool sight_modes(Runner *runner, const Step *step) {
    TerminalModes modes = terminal_modes(runner->session->terminal);
    for (size_t i = 0; i < step->words.count; i++)
        if (mode_holds(&modes, step->words.line[i]) != 1) return false;
    return true;
}

static bool fail_modes(Runner *runner, const Step *step) {
    TerminalModes modes = terminal_modes(runner->session->terminal);
    Text names = {0};
    for (size_t i = 0; i < MODE_COUNT; i++)
        text_print(&names, " %s%s", mode_holds(&modes, mode_names[i]) ? "" : "-", mode_names[i]);
    runner_fail(runner, "the modes are%s: %s", names.bytes, runner_why_unseen(runner, step));
    text_free(&names);
    return false;
}

bool look_modes(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_modes) || fail_modes(runner, step);
}

static bool sight_mouse(Runner *runner, const Step *step) {
    return terminal_modes(runner->session->terminal).mouse == (strcmp(step->text, "on") == 0);
}

bool look_mouse(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_mouse) || fail_modes(runner, step);
}

static bool sight_paste(Runner *runner, const Step *step) {
    return terminal_modes(runner->session->terminal).paste == (strcmp(step->text, "on") == 0);
}

bool look_paste(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_paste) || fail_modes(runner, step);
}

bool check_tty(Step *step, Text *why) {
    const char *word = step->words.line[0];
    bool good = strcmp(word, "raw") == 0 || strcmp(word, "restored") == 0;
    if (!good) text_print(why, "no such line: tty %s", step->command->usage);
    return good;
}

static bool sight_tty(Runner *runner, const Step *step) {
    bool raw = strcmp(step->words.line[0], "raw") == 0;
    return (raw ? session_line_raw(runner->session) : session_line_restored(runner->session)) == 1;
}

bool look_tty(Runner *runner, Step *step) {
    return runner_wait(runner, step, sight_tty) ||
           runner_fail(runner, "the line is not %s: %s", step->words.line[0], runner_why_unseen(runner, step));
}

/* The line cannot be asked any more after a hang-up; then only the modes count. */
static bool sight_restored(Runner *runner, const Step *step) {
    (void)step;
    TerminalModes modes = terminal_modes(runner->session->terminal);
    for (size_t i = 0; i < MODE_COUNT; i++)
        if (mode_holds(&modes, mode_names[i]) != (strcmp(mode_names[i], "cursor") == 0)) return false;
    return session_line_restored(runner->session) != 0;
}

bool look_restored(Runner *runner, Step *step) {
    if (runner_wait(runner, step, sight_restored)) return true;
    if (session_line_restored(runner->session) == 0) runner_fail(runner, "the line (stty) is not as it was found");
    return fail_modes(runner, step);
}
