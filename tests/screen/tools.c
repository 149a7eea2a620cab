/* Texts, lines, words, files: see tools.h. */
#include "tools.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

void *memory_more(void *old, size_t count, size_t size) {
    void *memory = reallocarray(old, count ? count : 1, size);
    if (!memory) {
        fputs("driver: out of memory\n", stderr);
        abort();
    }
    return memory;
}

char *string_copy(const char *string, size_t size) {
    char *copy = memory_more(NULL, size + 1, 1);
    if (size) memcpy(copy, string, size);
    copy[size] = 0;
    return copy;
}

double clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

bool number_read(const char *string, long least, long most, long *number) {
    char *end;
    errno = 0;
    long value = strtol(string, &end, 10);
    if (end == string || *end || errno || value < least || value > most) return false;
    *number = value;
    return true;
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

void text_add(Text *text, const char *bytes, size_t size) {
    if (!text->bytes || text->room < text->size + size + 1) {
        text->room = (text->size + size + 1) * 2;
        text->bytes = memory_more(text->bytes, text->room, 1);
    }
    if (size) memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = 0;
}

void text_add_string(Text *text, const char *string) {
    text_add(text, string, strlen(string));
}

void text_vprint(Text *text, const char *format, va_list arguments) {
    char *line = NULL;
    int size = vasprintf(&line, format, arguments);
    if (size < 0) abort();
    text_add(text, line, (size_t)size);
    free(line);
}

void text_print(Text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_vprint(text, format, arguments);
    va_end(arguments);
}

void text_add_point(Text *text, unsigned point) {
    char out[4];
    size_t size = 1;
    if (point < 0x80) {
        out[0] = (char)point;
    } else {
        size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        for (size_t i = size - 1; i > 0; i--, point >>= 6)
            out[i] = (char)(0x80 | (point & 0x3F));
        out[0] = (char)((0xF00U >> size & 0xFF) | point);
    }
    text_add(text, out, size);
}

void text_trim(Text *text) {
    while (text->size && (text->bytes[text->size - 1] == ' ' || text->bytes[text->size - 1] == '\t'))
        text->bytes[--text->size] = 0;
}

void text_replace(Text *text, const char *what, const char *with) {
    const char *found = *what && text->size ? strstr(text->bytes, what) : NULL;
    if (!found) return;
    Text out = {0};
    const char *from = text->bytes;
    for (; found; found = strstr(from, what)) {
        text_add(&out, from, (size_t)(found - from));
        text_add_string(&out, with);
        from = found + strlen(what);
    }
    text_add_string(&out, from);
    text_free(text);
    *text = out;
}

void text_clear(Text *text) {
    text->size = 0;
    if (text->bytes) text->bytes[0] = 0;
}

void text_free(Text *text) {
    free(text->bytes);
    *text = (Text){0};
}

const char *text_string(const Text *text) {
    return text->bytes ? text->bytes : "";
}

/* Marks that are not seen themselves but move what is. */
static bool turns_line(wchar_t wide) {
    return wide == 0x200E || wide == 0x200F || wide == 0x061C || (wide >= 0x2028 && wide <= 0x202E) ||
           (wide >= 0x2066 && wide <= 0x2069);
}

void text_add_visible(Text *text, const char *bytes, size_t size) {
    for (size_t i = 0; i < size;) {
        wchar_t wide;
        mbstate_t state = {0};
        size_t used = mbrtowc(&wide, bytes + i, size - i, &state);
        if (used && used < (size_t)-2 && (used > 1 ? wide >= 0xA0 : bytes[i] >= ' ' && bytes[i] != 0x7F)) {
            if (turns_line(wide)) text_print(text, "\\u%04x", (unsigned)wide);
            else text_add(text, bytes + i, used);
            i += used;
            continue;
        }
        switch (bytes[i]) {
        case '\033': text_add_string(text, "\\e"); break;
        case '\r': text_add_string(text, "\\r"); break;
        case '\n': text_add_string(text, "\\n"); break;
        case '\t': text_add_string(text, "\\t"); break;
        default: text_print(text, "\\x%02x", (unsigned char)bytes[i]);
        }
        i++;
    }
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

void lines_add(Lines *lines, const char *bytes, size_t size) {
    if (lines->count == lines->room) {
        lines->room = lines->room ? lines->room * 2 : 4;
        lines->line = memory_more(lines->line, lines->room, sizeof *lines->line);
    }
    lines->line[lines->count++] = string_copy(bytes, size);
}

void lines_free(Lines *lines) {
    for (size_t i = 0; i < lines->count; i++)
        free(lines->line[i]);
    free(lines->line);
    *lines = (Lines){0};
}

void lines_drop_empty(Lines *lines) {
    while (lines->count && !*lines->line[lines->count - 1])
        free(lines->line[--lines->count]);
}

bool lines_equal(const Lines *a, const Lines *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->line[i], b->line[i]) != 0) return false;
    return true;
}

void lines_split(Lines *lines, const char *bytes, size_t size) {
    while (size) {
        const char *newline = memchr(bytes, '\n', size);
        size_t length = newline ? (size_t)(newline - bytes) : size;
        lines_add(lines, bytes, length);
        length += newline != NULL;
        bytes += length, size -= length;
    }
}

static void diff_row(Text *out, const char *prefix, char sign, const char *row) {
    text_print(out, "%s%c |%s\n", prefix, sign, row);
}

static void diff_in_place(Text *out, const char *prefix, const Lines *a, const Lines *b) {
    for (size_t i = 0; i < a->count || i < b->count; i++) {
        const char *left = i < a->count ? a->line[i] : NULL, *right = i < b->count ? b->line[i] : NULL;
        if (left && right && strcmp(left, right) == 0) {
            diff_row(out, prefix, ' ', left);
            continue;
        }
        if (left) diff_row(out, prefix, '-', left);
        if (right) diff_row(out, prefix, '+', right);
    }
}

void lines_diff(Text *out, const char *prefix, const Lines *a, const Lines *b) {
    size_t width = b->count + 1;
    if (a->count == b->count || (a->count + 1) * width > 4000000) {
        diff_in_place(out, prefix, a, b);
        return;
    }
    /* common[i, j]: the length of the longest common run of rows from i in a and j in b. */
    unsigned *common = memory_more(NULL, (a->count + 1) * width, sizeof *common);
    for (size_t i = a->count + 1; i-- > 0;) {
        for (size_t j = width; j-- > 0;) {
            unsigned *here = &common[i * width + j];
            if (i == a->count || j == b->count) *here = 0;
            else if (strcmp(a->line[i], b->line[j]) == 0) *here = here[width + 1] + 1;
            else *here = here[width] >= here[1] ? here[width] : here[1];
        }
    }
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        if (i < a->count && j < b->count && strcmp(a->line[i], b->line[j]) == 0) {
            diff_row(out, prefix, ' ', a->line[i]);
            i++, j++;
        } else if (i < a->count && (j == b->count || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
            diff_row(out, prefix, '-', a->line[i++]);
        } else {
            diff_row(out, prefix, '+', b->line[j++]);
        }
    }
    free(common);
}

/* Adds what a line holds from a byte on, by code points: two lines may differ and look the same. */
static void add_points(Text *out, const char *line) {
    mbstate_t state = {0};
    wchar_t wide;
    if (!*line) text_add_string(out, " the end");
    for (int i = 0; i < 3 && *line; i++) {
        size_t used = mbrtowc(&wide, line, strlen(line), &state);
        if (used == 0 || used >= (size_t)-2) return;
        text_print(out, " U+%04X", (unsigned)wide);
        line += used;
    }
}

static size_t common_bytes(const char *a, const char *b) {
    size_t size = 0;
    while (a[size] && a[size] == b[size])
        size++;
    while (size && (a[size] & 0xC0) == 0x80)
        size--;
    return size;
}

void lines_point_out(Text *out, const char *prefix, const Lines *a, const Lines *b) {
    size_t row = 0;
    while (row < a->count && row < b->count && strcmp(a->line[row], b->line[row]) == 0)
        row++;
    const char *left = row < a->count ? a->line[row] : "", *right = row < b->count ? b->line[row] : "";
    size_t same = common_bytes(left, right);
    text_print(out, "%sfirst in line %zu after \"%.*s\": expected", prefix, row + 1, (int)same, left);
    add_points(out, left + same);
    text_add_string(out, ", seen");
    add_points(out, right + same);
    text_add_string(out, "\n");
}

/* --- names, escapes, words ---------------------------------------------------------------------------------------- */

/* Where *cursor stands at a known name, adds its value, steps over it and says so. */
static bool add_name(Text *out, const char **cursor, const Names *names) {
    static const char dir[] = "$DIR", program[] = "$PROGRAM";
    const char *value = NULL;
    size_t size = 0;
    if (strncmp(*cursor, dir, sizeof dir - 1) == 0) {
        size = sizeof dir - 1;
        value = names ? names->dir : "";
    } else if (strncmp(*cursor, program, sizeof program - 1) == 0) {
        size = sizeof program - 1;
        value = names ? names->program : "";
    }
    if (!size || isalnum((unsigned char)(*cursor)[size]) || (*cursor)[size] == '_') return false;
    text_add_string(out, value ? value : "");
    *cursor += size;
    return true;
}

void text_add_named(Text *out, const char *line, const Names *names) {
    while (*line)
        if (!add_name(out, &line, names)) text_add(out, line++, 1);
}

static bool hex_read(const char *digits, size_t count, unsigned *value) {
    char copy[8] = {0}, *end;
    memcpy(copy, digits, strnlen(digits, count));
    *value = (unsigned)strtoul(copy, &end, 16);
    return isxdigit((unsigned char)copy[0]) && end == copy + count;
}

bool text_unescape(Text *out, const char *line, const Names *names, Text *why) {
    static const char from[] = "nrte\\$", to[] = "\n\r\t\033\\$";
    while (*line) {
        unsigned value;
        const char *known;
        if (*line != '\\') {
            if (!add_name(out, &line, names)) text_add(out, line++, 1);
        } else if (line[1] && (known = strchr(from, line[1]))) {
            text_add(out, &to[known - from], 1);
            line += 2;
        } else if (line[1] == 'x' && hex_read(line + 2, 2, &value)) {
            text_add(out, &(char){(char)value}, 1);
            line += 4;
        } else if (line[1] == 'u' && hex_read(line + 2, 4, &value)) {
            text_add_point(out, value);
            line += 6;
        } else {
            text_print(why, "no such escape: %.2s (there are \\n \\r \\t \\e \\\\ \\$ \\xHH \\uHHHH)", line);
            return false;
        }
    }
    return true;
}

/* Adds the word at *cursor, up to a blank that is not quoted. */
static bool add_word(Text *word, const char **cursor, const Names *names, Text *why) {
    char quote = 0;
    const char *at = *cursor;
    while (*at && (quote || !isblank((unsigned char)*at))) {
        if (*at == quote) {
            quote = 0, at++;
        } else if (!quote && (*at == '\'' || *at == '"')) {
            quote = *at++;
        } else if (*at == '\\' && quote != '\'' && at[1] && (!quote || strchr("\"\\$", at[1]))) {
            text_add(word, at + 1, 1);
            at += 2;
        } else if (quote == '\'' || !add_name(word, &at, names)) {
            text_add(word, at++, 1);
        }
    }
    *cursor = at;
    if (quote) text_print(why, "a %c is not closed", quote);
    return !quote;
}

bool words_split(Lines *out, const char *line, const Names *names, Text *why) {
    for (;;) {
        line += strspn(line, " \t");
        if (!*line) return true;
        Text word = {0};
        bool good = add_word(&word, &line, names, why);
        if (good) lines_add(out, text_string(&word), word.size);
        text_free(&word);
        if (!good) return false;
    }
}

/* --- files -------------------------------------------------------------------------------------------------------- */

bool file_read(const char *path, Text *out) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char bytes[65536];
    ssize_t size;
    while ((size = read(file, bytes, sizeof bytes)) > 0)
        text_add(out, bytes, (size_t)size);
    int error = errno;
    close(file);
    errno = error;
    return size == 0;
}

bool file_write(const char *path, const char *bytes, size_t size, unsigned mode) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool good = true;
    while (good && size) {
        ssize_t written = write(file, bytes, size);
        good = written >= 0 || errno == EINTR;
        if (written > 0) bytes += written, size -= (size_t)written;
    }
    good = good && fchmod(file, mode) == 0;
    int error = errno;
    if (close(file) != 0 && good) return false;
    errno = error;
    return good;
}

bool file_copy(const char *from, const char *to) {
    Text bytes = {0};
    struct stat status;
    bool good = stat(from, &status) == 0 && file_read(from, &bytes) &&
                file_write(to, text_string(&bytes), bytes.size, status.st_mode & 07777);
    text_free(&bytes);
    return good;
}

bool folder_make_for(const char *path) {
    char *copy = string_copy(path, strlen(path));
    bool good = true;
    for (char *slash = strchr(copy + 1, '/'); good && slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        good = mkdir(copy, 0755) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(copy);
    return good;
}

bool folder_copy_named(const char *from, const char *prefix, const char *to, const char *name) {
    DIR *folder = opendir(from);
    if (!folder) return false;
    bool good = true;
    struct dirent *entry;
    while (good && (entry = readdir(folder))) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
        Text source = {0}, target = {0};
        text_print(&source, "%s/%s", from, entry->d_name);
        text_print(&target, "%s/%s%s", to, name, entry->d_name + strlen(prefix));
        struct stat status; /* a socket or a folder beside the store is nobody's data */
        good = stat(source.bytes, &status) == 0 && (!S_ISREG(status.st_mode) || file_copy(source.bytes, target.bytes));
        text_free(&source);
        text_free(&target);
    }
    int error = errno;
    closedir(folder);
    errno = error;
    return good;
}

void folder_remove(const char *path) {
    DIR *folder = NULL;
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        chmod(path, 0700);
        folder = opendir(path);
    }
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        Text inner = {0};
        text_print(&inner, "%s/%s", path, entry->d_name);
        folder_remove(inner.bytes);
        text_free(&inner);
    }
    if (folder) closedir(folder);
    remove(path);
}
