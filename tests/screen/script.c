/* Reading scripts, and writing their golden blocks: see script.h. */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char blanks[] = " \t";

/* --- steps -------------------------------------------------------------------------------------------------------- */

bool step_set_regex(Step *step, const char *regex, Text *why) {
    if (step->has_regex) regfree(&step->regex);
    int error = regcomp(&step->regex, regex, REG_EXTENDED);
    step->has_regex = error == 0;
    if (!error) return true;
    char reason[256];
    regerror(error, &step->regex, reason, sizeof reason);
    text_print(why, "no regular expression: %s: %s", regex, reason);
    return false;
}

bool step_read_slashed(Step *step, const char *text, const char **rest, Text *why) {
    Text regex = {0};
    for (text++; *text && *text != '/'; text++) {
        if (*text == '\\' && text[1] == '/') text++;
        text_add(&regex, text, 1);
    }
    bool closed = *text == '/' && regex.size;
    if (!closed) text_add_string(why, "a /REGEX/ is empty or not closed");
    bool good = closed && step_set_regex(step, text_string(&regex), why);
    *rest = good ? text + 1 : text;
    text_free(&regex);
    return good;
}

static void step_free(Step *step) {
    free(step->text);
    lines_free(&step->words);
    lines_free(&step->block);
    if (step->has_regex) regfree(&step->regex);
}

static bool read_words(Step *step, Text *why) {
    const Command *command = step->command;
    if (!words_split(&step->words, step->text, NULL, why)) return false;
    if (step->words.count >= command->least && step->words.count <= command->most) return true;
    text_print(why, "%s wants %s: %s %s", command->name, step->words.count > command->most ? "less" : "more",
               command->name, command->usage);
    return false;
}

static bool read_argument(Step *step, Text *why) {
    const Command *command = step->command;
    Text unescaped = {0};
    bool good = true;
    if (command->argument == ARGUMENT_NONE) {
        good = !*step->text;
        if (!good) text_print(why, "%s stands alone", command->name);
    } else if (command->argument == ARGUMENT_WORDS) {
        good = read_words(step, why);
    } else if (!*step->text && command->least) {
        good = false;
        text_print(why, "%s wants something: %s %s", command->name, command->name, command->usage);
    } else if (command->argument == ARGUMENT_BYTES) {
        good = text_unescape(&unescaped, step->text, NULL, why);
    } else if (command->argument == ARGUMENT_REGEX) {
        good = step_set_regex(step, step->text, why);
    }
    text_free(&unescaped);
    return good && (!command->check || command->check(step, why));
}

static const Command *find_command(const Command *commands, const char *name, size_t size) {
    for (; commands->name; commands++)
        if (strlen(commands->name) == size && strncmp(commands->name, name, size) == 0) return commands;
    return NULL;
}

/* Reads "within MS" off the front of a line. */
static bool read_within(Step *step, const char **cursor, Text *why) {
    size_t size = strcspn(*cursor, blanks);
    if (size != 6 || strncmp(*cursor, "within", 6) != 0) return true;
    const char *number = *cursor + 6 + strspn(*cursor + 6, blanks);
    char *digits = string_copy(number, strcspn(number, blanks));
    long ms = 0;
    bool good = number_read(digits, 1, 600000, &ms);
    if (!good) text_add_string(why, "within wants milliseconds and a command: within MS COMMAND ...");
    number += strlen(digits);
    *cursor = number + strspn(number, blanks);
    step->within = (double)ms;
    free(digits);
    return good;
}

/* Reads the lines from *at on that are the step's block. */
static void read_block(Step *step, const Lines *lines, size_t *at) {
    for (; *at < lines->count; ++*at) {
        const char *line = lines->line[*at] + strspn(lines->line[*at], blanks);
        if (*line != '|') return;
        step->has_block = true;
        lines_add(&step->block, line + 1, strlen(line + 1));
        step->block_count++;
    }
}

/* Reads one step at *at and steps over it. */
static bool read_step(Step *step, const Lines *lines, size_t *at, const Command *commands, Text *why) {
    step->line = *at;
    const char *line = lines->line[(*at)++];
    line += strspn(line, blanks);
    if (!read_within(step, &line, why)) return false;
    size_t size = strcspn(line, blanks);
    step->command = find_command(commands, line, size);
    if (!step->command) {
        text_print(why, *line == '|' ? "a block without a command before it" : "no such command: %.*s", (int)size,
                   line);
        return false;
    }
    line += size;
    bool exact = step->command->argument == ARGUMENT_BYTES; /* every blank but the one after the command counts */
    line += exact ? *line != 0 : strspn(line, blanks);
    Text text = {0};
    text_add_string(&text, line);
    if (!exact) text_trim(&text);
    step->text = text.bytes;
    if (step->command->block != BLOCK_NEVER) read_block(step, lines, at);
    return read_argument(step, why);
}

/* --- scripts ------------------------------------------------------------------------------------------------------ */

static bool begin_test(Script *script, const char *name, Text *why) {
    name += strspn(name, blanks);
    if (!*name) {
        text_add_string(why, "test wants a name: test NAME ...");
        return false;
    }
    for (size_t i = 0; i < script->count; i++) {
        if (strcmp(script->test[i].name, name) != 0) continue;
        text_print(why, "there is a test of this name already: %s", name);
        return false;
    }
    script->test = memory_more(script->test, script->count + 1, sizeof *script->test);
    script->test[script->count++] = (Test){.name = name};
    return true;
}

static bool is_word(const char *line, const char *word) {
    size_t size = strlen(word);
    return strncmp(line, word, size) == 0 && (!line[size] || strchr(blanks, line[size]));
}

static bool read_line(Script *script, size_t *at, const Command *commands, Text *why) {
    const char *line = script->lines.line[*at] + strspn(script->lines.line[*at], blanks);
    if (!*line || *line == '#') {
        ++*at;
        return true;
    }
    if (is_word(line, "test")) {
        ++*at;
        return begin_test(script, line + 4, why);
    }
    if (is_word(line, "setup")) {
        ++*at;
        if (!line[5] && !script->count) return true;
        text_add_string(why, "setup stands alone, before the first test");
        return false;
    }
    Test *test = script->count ? &script->test[script->count - 1] : &script->setup;
    test->step = memory_more(test->step, test->count + 1, sizeof *test->step);
    test->step[test->count] = (Step){0};
    return read_step(&test->step[test->count++], &script->lines, at, commands, why);
}

bool script_read(Script *script, const char *path, const Command *commands, Text *why) {
    script->path = path;
    if (!file_read(path, &script->source)) {
        text_print(why, "%s: %s", path, strerror(errno));
        return false;
    }
    if (script->source.size && memchr(script->source.bytes, 0, script->source.size)) {
        text_print(why, "%s: this is not text", path);
        return false;
    }
    lines_split(&script->lines, text_string(&script->source), script->source.size);
    for (size_t i = 0; i < script->lines.count; i++) { /* names are read in place: no blanks at their ends */
        char *line = script->lines.line[i];
        size_t size = strlen(line);
        while (is_word(line + strspn(line, blanks), "test") && size && strchr(blanks, line[size - 1]))
            line[--size] = 0;
    }
    for (size_t at = 0; at < script->lines.count;) {
        size_t line = at;
        Text reason = {0};
        bool good = read_line(script, &at, commands, &reason);
        if (!good) text_print(why, "%s:%zu: %s", path, line + 1, text_string(&reason));
        text_free(&reason);
        if (!good) return false;
    }
    if (!script->count) text_print(why, "%s: there is no test in it", path);
    return script->count != 0;
}

void script_renew(Step *step, const Lines *block) {
    if (step->has_block && lines_equal(&step->block, block)) return;
    lines_free(&step->block);
    for (size_t i = 0; i < block->count; i++)
        lines_add(&step->block, block->line[i], strlen(block->line[i]));
    step->has_block = step->renewed = true;
}

/* The step, of the setup or any test, that stands in that line; NULL where none does or its block is as it was. */
static const Step *find_renewed(const Script *script, size_t line) {
    for (size_t t = 0; t <= script->count; t++) {
        const Test *test = t ? &script->test[t - 1] : &script->setup;
        for (size_t s = 0; s < test->count; s++)
            if (test->step[s].line == line) return test->step[s].renewed ? &test->step[s] : NULL;
    }
    return NULL;
}

static void write_renewed(const Script *script, Text *out, bool *any) {
    Lines lines = {0};
    lines_split(&lines, text_string(&script->source), script->source.size);
    for (size_t at = 0; at < lines.count; at++) {
        text_print(out, "%s\n", lines.line[at]);
        const Step *step = find_renewed(script, at);
        if (!step) continue;
        *any = true;
        const char *indented = lines.line[at + (step->block_count != 0)]; /* as the old block was, or the command is */
        for (size_t i = 0; i < step->block.count; i++) {
            text_add(out, indented, strspn(indented, blanks));
            text_print(out, "|%s\n", step->block.line[i]);
        }
        at += step->block_count;
    }
    lines_free(&lines);
}

bool script_save(Script *script, Text *why) {
    Text fresh = {0}, now = {0}, temporary = {0};
    bool any = false, good = true;
    write_renewed(script, &fresh, &any);
    if (any) {
        struct stat status;
        good = file_read(script->path, &now) && stat(script->path, &status) == 0;
        if (good && strcmp(text_string(&now), text_string(&script->source)) != 0) {
            text_print(why, "%s: changed meanwhile; its golden blocks were not written", script->path);
        } else if (good) {
            text_print(&temporary, "%s.new", script->path);
            good = file_write(temporary.bytes, text_string(&fresh), fresh.size, status.st_mode & 0777) &&
                   rename(temporary.bytes, script->path) == 0;
        }
        if (!good && !why->size) text_print(why, "%s: %s", script->path, strerror(errno));
        good = good && !why->size;
    }
    text_free(&fresh);
    text_free(&now);
    text_free(&temporary);
    return good;
}

void script_free(Script *script) {
    for (size_t t = 0; t <= script->count; t++) {
        Test *test = t ? &script->test[t - 1] : &script->setup;
        for (size_t s = 0; s < test->count; s++)
            step_free(&test->step[s]);
        free(test->step);
    }
    free(script->test);
    lines_free(&script->lines);
    text_free(&script->source);
    *script = (Script){0};
}
