/* Settings. */
#include "base/settings.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024, PATH_BYTES = 4000, RATE_MOST = 1000000000 };

const char *const language_words[] = {"auto", "en", "fr", "ar", NULL};
const char *const panel_words[] = {"dashboard", "regions", "projects", "capacity", "needs", NULL};
static const char *const tristate_words[] = {"auto", "always", "never", NULL};
const char *const ssh_command_words[] = {"list",     "show", "log",  "journal", "export", "statement",
                                         "bookings", "fit",  "plan", "check",   "help",   NULL};
static const char *const confirm_words[] = {"always", "several", NULL};

#define RATE(word, number)                                                                                             \
    {                                                                                                                  \
        .name = "rates." word, .kind = SETTING_QUANTITY,                                                               \
        .offset = offsetof(Settings, rates) + (number) * sizeof(int64_t), .max = RATE_MOST,                            \
        .help =                                                                                                        \
            N_("Capacity credits a unit, for what regions owe each other. Storage counts by the TiB a week, datasets " \
               "and models by the access.")                                                                            \
    }

const Setting setting_rows[] = {
    {.name = "store.path",
     .kind = SETTING_TEXT,
     .offset = offsetof(Settings, store_path),
     .max = PATH_BYTES,
     .help = N_("The store's file. Empty: ~/.local/share/jazari/jazari.db.")},
    {.name = "store.busy_ms",
     .kind = SETTING_NUMBER,
     .offset = offsetof(Settings, store_busy_ms),
     .max = 600000,
     .help = N_("How long a write waits for others' before it gives up, in milliseconds.")},
    {.name = "server.socket",
     .kind = SETTING_TEXT,
     .offset = offsetof(Settings, server_socket),
     .max = PATH_BYTES,
     .help =
         N_("The socket of \"jazari serve\". Where it is set, the screen and the command line ask the server there and "
            "open no store of their own (but with --store). Empty: each opens the store itself, which is right for one "
            "person.")},
    {.name = "server.user",
     .kind = SETTING_TEXT,
     .offset = offsetof(Settings, server_user),
     .max = 32,
     .help = N_("The user as whom the server runs: at the socket nobody else is trusted, but root and yourself.")},
    {.name = "server.patience_ms",
     .kind = SETTING_NUMBER,
     .offset = offsetof(Settings, server_patience_ms),
     .min = 1000,
     .max = 600000,
     .help = N_("How long the server may take to answer what writes, and who just came, before it is said that it does "
                "not, in milliseconds.")},
    {.name = "server.ssh_commands",
     .kind = SETTING_TEXT,
     .offset = offsetof(Settings, ssh_commands),
     .max = 200,
     .words = ssh_command_words,
     .help = N_("Where SSH forces this program on people: the commands that \"ssh SERVER COMMAND\" may give it all the "
                "same. Empty: none.")},
    {.name = "screen.language",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, language),
     .words = language_words,
     .help = N_(
         "The language of the screen's words, where they are installed (none but English comes with the program yet); "
         "auto: as the environment says.")},
    {.name = "screen.panel",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, panel),
     .words = panel_words,
     .help = N_("The panel that opens first.")},
    {.name = "screen.color",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, color),
     .words = tristate_words,
     .help = N_("Colours; auto: where the terminal has them and NO_COLOR is not in the environment.")},
    {.name = "screen.ascii",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, ascii),
     .words = tristate_words,
     .help = N_("Lines, gauges and the map in plain ASCII; auto: where the locale is not UTF-8.")},
    {.name = "screen.bidi",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, bidi),
     .words = tristate_words,
     .help = N_("Put Arabic in order and in its joined shapes here rather than leave it to the terminal.")},
    {.name = "screen.thin",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, thin),
     .words = tristate_words,
     .help = N_(
         "Spare the link while a list is scrolled in a hurry: what comes into sight shows its code and title at once, "
         "the rest as soon as the cursor rests; auto: over SSH.")},
    {.name = "screen.mouse",
     .kind = SETTING_FLAG,
     .offset = offsetof(Settings, mouse),
     .help = N_("Clicks choose rows and panels. The terminal's own selection then needs Shift.")},
    {.name = "commands.confirm",
     .kind = SETTING_WORD,
     .offset = offsetof(Settings, confirm),
     .words = confirm_words,
     .help = N_("Ask before what cannot simply be left; several: only where several records are concerned.")},
    RATE("gpu_hour", 1),
    RATE("cpu_hour", 2),
    RATE("storage_tib_month", 3),
    RATE("expert_day", 4),
    RATE("lab_hour", 5),
    RATE("training_seat", 6),
    RATE("dataset", 7),
    RATE("model", 8),
    {0},
};

typedef struct Reader {
    Arena *arena;
    const char *file;
    Settings *settings;
    Error *error;
} Reader;

static Status refuse(Reader *r, long line, const char *name, const char *why) {
    error_set(r->error, STATUS_USAGE, name, "%s", why);
    return error_at(r->error, r->file, line);
}

/* --- what libconfig lets pass ------------------------------------------------------------------------------------- */

/* Skips a comment or string that begins at text[at]; returns where it ends. */
static size_t skip_quiet(const char *text, size_t size, size_t at, long *line) {
    const char *end = NULL;
    if (text[at] == '#' || (text[at] == '/' && at + 1 < size && text[at + 1] == '/')) {
        end = memchr(text + at, '\n', size - at);
        return end ? (size_t)(end - text) : size;
    }
    if (text[at] == '/' && at + 1 < size && text[at + 1] == '*') {
        for (at += 2; at + 1 < size && !(text[at] == '*' && text[at + 1] == '/'); at++) {
            *line += text[at] == '\n';
        }
        return at + 2 < size ? at + 2 : size;
    }
    if (text[at] == '"') {
        for (at++; at < size && text[at] != '"'; at++) {
            if (text[at] == '\\') at++;
            if (at < size) *line += text[at] == '\n';
        }
        return at + 1 < size ? at + 1 : size;
    }
    return at;
}

static bool word_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           c == '.';
}

/* 16 and more for what is no digit. */
static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* The setting a value belongs to: the word before its '=' or ':', and what it can be. */
static Status refuse_number(Reader *r, const char *text, size_t at, long line, const char *number) {
    while (at && strchr(" \t\r\n", text[at - 1])) {
        at--;
    }
    if (at && (text[at - 1] == '=' || text[at - 1] == ':')) at--;
    while (at && strchr(" \t\r\n", text[at - 1])) {
        at--;
    }
    size_t end = at;
    while (at && word_char(text[at - 1])) {
        at--;
    }
    size_t size = end - at;
    const Setting *row = setting_rows;
    for (; row->name; row++) {
        const char *last = strrchr(row->name, '.') ? strrchr(row->name, '.') + 1 : row->name;
        if (strlen(last) == size && !strncmp(last, text + at, size)) break;
    }
    if (row->name && (row->kind == SETTING_NUMBER || row->kind == SETTING_QUANTITY))
        error_set(r->error, STATUS_USAGE, row->name, _("%s is out of bounds: expected a number from %lld to %lld"),
                  number, (long long)row->min / (row->kind == SETTING_QUANTITY ? 1000 : 1),
                  (long long)row->max / (row->kind == SETTING_QUANTITY ? 1000 : 1));
    else error_set(r->error, STATUS_USAGE, row->name, _("the number %s is out of bounds"), number);
    return error_at(r->error, r->file, line);
}

/* libconfig 1.5 wraps a number that does not fit 32 bits, and follows @include: both are found in the text itself. */
static Status scan(Reader *r, const char *text, size_t size) {
    long line = 1;
    for (size_t at = 0; at < size;) {
        size_t next = skip_quiet(text, size, at, &line);
        if (next > at) {
            at = next;
            continue;
        }
        if (!text[at]) return refuse(r, line, NULL, _("the file holds a zero byte: it is no text"));
        if (text[at] == '@') return refuse(r, line, NULL, _("@include is not for this file: write all settings in it"));
        bool sign = (text[at] == '-' || text[at] == '+') && at + 1 < size && digit_value(text[at + 1]) < 10;
        if (sign || digit_value(text[at]) < 10) {
            size_t start = at;
            int64_t value = 0;
            at += sign;
            int base = text[at] == '0' && at + 1 < size && (text[at + 1] == 'x' || text[at + 1] == 'X') ? 16 : 10;
            for (at += base == 16 ? 2 : 0; at < size && digit_value(text[at]) < base; at++) {
                if (value <= INT32_MAX) value = value * base + digit_value(text[at]);
            }
            char number[64];
            snprintf(number, sizeof number, "%.*s", at - start > 30 ? 30 : (int)(at - start), text + start);
            if (value > INT32_MAX) return refuse_number(r, text, start, line, number);
            while (at < size && word_char(text[at])) {
                at++;
            }
        } else if (word_char(text[at])) {
            while (at < size && word_char(text[at])) {
                at++;
            }
        } else line += text[at++] == '\n';
    }
    return STATUS_OK;
}

/* --- one setting -------------------------------------------------------------------------------------------------- */

static Status take_word(Reader *r, const Setting *row, const config_setting_t *s, int64_t *out) {
    const char *text = config_setting_get_string(s);
    Buffer words = {0};
    for (int i = 0; row->words[i]; i++) {
        if (text && !strcmp(text, row->words[i])) {
            *out = i;
            buffer_free(&words);
            return STATUS_OK;
        }
        buffer_format(&words, "%s\"%s\"", i ? ", " : "", row->words[i]);
    }
    error_set(r->error, STATUS_USAGE, row->name, _("expected one of %s"), words.bytes);
    buffer_free(&words);
    return error_at(r->error, r->file, config_setting_source_line(s));
}

static Status take_number(Reader *r, const Setting *row, const config_setting_t *s, int64_t *out) {
    int type = config_setting_type(s);
    *out = type == CONFIG_TYPE_INT64 ? config_setting_get_int64(s) : config_setting_get_int(s);
    bool number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
    if (number && *out >= row->min && *out <= row->max) return STATUS_OK;
    error_set(r->error, STATUS_USAGE, row->name, _("expected a whole number from %lld to %lld"), (long long)row->min,
              (long long)row->max);
    return error_at(r->error, r->file, config_setting_source_line(s));
}

/* A decimal stands in quotation marks, for libconfig would make a binary fraction of it. */
static Status take_quantity(Reader *r, const Setting *row, const config_setting_t *s, int64_t *out) {
    int type = config_setting_type(s);
    const char *text = config_setting_get_string(s);
    bool good = text && number_parse(text, strlen(text), 3, true, out, NULL, NULL) == STATUS_OK;
    if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64) {
        int64_t whole = type == CONFIG_TYPE_INT ? config_setting_get_int(s) : config_setting_get_int64(s);
        good = !__builtin_mul_overflow(whole, 1000, out);
    }
    if (good && *out >= row->min && *out <= row->max) return STATUS_OK;
    error_set(r->error, STATUS_USAGE, row->name,
              _("expected a number from %lld to %lld, one with decimals in quotation marks: \"0.02\""),
              (long long)row->min / 1000, (long long)row->max / 1000);
    return error_at(r->error, r->file, config_setting_source_line(s));
}

static bool is_one_of(const char *const *words, const char *word, size_t size) {
    for (; *words; words++) {
        if (strlen(*words) == size && !strncmp(*words, word, size)) return true;
    }
    return false;
}

/* Of a text that is a list of words parted by blanks or commas, each is one of those there are. */
static Status check_words(Reader *r, const Setting *row, const config_setting_t *s, const char *text) {
    for (const char *at = text + strspn(text, " ,"); *at;) {
        size_t n = strcspn(at, " ,");
        if (!is_one_of(row->words, at, n)) {
            error_set(r->error, STATUS_USAGE, row->name, _("\"%.*s\" is no command that reads and can be given so"),
                      n > 40 ? 40 : (int)n, at);
            return error_at(r->error, r->file, config_setting_source_line(s));
        }
        at += n + strspn(at + n, " ,");
    }
    return STATUS_OK;
}

static Status take_text(Reader *r, const Setting *row, const config_setting_t *s, const char **out) {
    const char *text = config_setting_get_string(s);
    if (!text) return refuse(r, config_setting_source_line(s), row->name, _("expected a text in quotation marks"));
    if (strlen(text) > (size_t)row->max || !text_is_clean(text, strlen(text), false))
        return refuse(r, config_setting_source_line(s), row->name,
                      _("the text is too long or holds control characters"));
    *out = arena_string(r->arena, text);
    return row->words ? check_words(r, row, s, text) : STATUS_OK;
}

static Status take_setting(Reader *r, const Setting *row, const config_setting_t *s) {
    char *place = (char *)r->settings + row->offset;
    switch (row->kind) {
    case SETTING_TEXT: return take_text(r, row, s, (const char **)(void *)place);
    case SETTING_NUMBER: return take_number(r, row, s, (int64_t *)(void *)place);
    case SETTING_WORD: return take_word(r, row, s, (int64_t *)(void *)place);
    case SETTING_QUANTITY: return take_quantity(r, row, s, (int64_t *)(void *)place);
    case SETTING_FLAG: break;
    }
    if (config_setting_type(s) != CONFIG_TYPE_BOOL)
        return refuse(r, config_setting_source_line(s), row->name, _("expected true or false"));
    *(int64_t *)(void *)place = config_setting_get_bool(s);
    return STATUS_OK;
}

void setting_write_help(Buffer *b, const Setting *row) {
    buffer_add_string(b, _(row->help));
    switch (row->kind) {
    case SETTING_TEXT:
        if (!row->words) return;
        break;
    case SETTING_NUMBER: buffer_format(b, _(" From %lld to %lld."), (long long)row->min, (long long)row->max); return;
    case SETTING_QUANTITY:
        buffer_format(
            b, _(" From %lld to %lld; one with decimals, of which there may be three, in quotation marks: \"0.02\"."),
            (long long)row->min / 1000, (long long)row->max / 1000);
        return;
    case SETTING_FLAG: buffer_add_string(b, _(" One of: true, false.")); return;
    case SETTING_WORD: break;
    }
    buffer_add_string(b, row->kind == SETTING_TEXT ? _(" Of these:") : _(" One of:"));
    for (int i = 0; row->words[i]; i++) {
        buffer_format(b, "%s %s", i ? "," : "", row->words[i]);
    }
    buffer_add_char(b, '.');
}

void setting_write_value(Buffer *b, const Setting *row, const Settings *settings) {
    const char *place = (const char *)settings + row->offset;
    if (row->kind == SETTING_TEXT) {
        buffer_format(b, "\"%s\"", *(const char *const *)(const void *)place);
        return;
    }
    int64_t value = *(const int64_t *)(const void *)place;
    const char *quote = row->kind == SETTING_QUANTITY && value % 1000 ? "\"" : "";
    switch (row->kind) {
    case SETTING_TEXT: break;
    case SETTING_NUMBER: buffer_add_number(b, value); break;
    case SETTING_FLAG: buffer_add_string(b, value ? "true" : "false"); break;
    case SETTING_WORD: buffer_format(b, "\"%s\"", row->words[value]); break;
    case SETTING_QUANTITY:
        buffer_add_string(b, quote);
        number_write(b, value, 3);
        buffer_add_string(b, quote);
        break;
    }
}

static Status take_group(Reader *r, const config_setting_t *group, const char *prefix) {
    Status status = STATUS_OK;
    for (int i = 0; i < config_setting_length(group) && status == STATUS_OK; i++) {
        const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        char name[128];
        snprintf(name, sizeof name, "%s%s%s", prefix, *prefix ? "." : "",
                 config_setting_name(s) ? config_setting_name(s) : "");
        const Setting *row = setting_rows;
        bool inside = false;
        for (; row->name && strcmp(row->name, name) != 0; row++) {
            inside = inside || (!strncmp(row->name, name, strlen(name)) && row->name[strlen(name)] == '.');
        }
        if (row->name) status = take_setting(r, row, s);
        else if (inside && config_setting_is_group(s)) status = take_group(r, s, name);
        else status = refuse(r, config_setting_source_line(s), name, _("there is no such setting"));
    }
    return status;
}

static size_t word_at(const char *text, size_t at, size_t size) {
    size_t n = 0;
    while (at + n < size && word_char(text[at + n])) {
        n++;
    }
    return n;
}

/* A word that stands twice in a line, else the one at its head. */
static const char *twice_in_line(const char *line, size_t *found) {
    size_t size = strcspn(line, "\n"), head = strspn(line, " \t"), n;
    for (size_t at = 0; at < size; at += n ? n : 1) {
        n = word_at(line, at, size);
        for (size_t k = 0, m; k < at && n; k += m ? m : 1) {
            m = word_at(line, k, at);
            if (m != n || strncmp(line + k, line + at, n) != 0) continue;
            *found = n;
            return line + at;
        }
    }
    *found = word_at(line, head, size);
    return line + head;
}

/* libconfig names no setting of a line: the one that stands twice there, or at its head, is what it is about. */
static Status refuse_syntax(Reader *r, const config_t *config, const char *text) {
    int line = config_error_line(config);
    for (int i = 1; i < line && (text = strchr(text, '\n')); i++) {
        text++;
    }
    size_t size = 0;
    if (text) text = twice_in_line(text, &size);
    if (!size || size > 60 || !strstr(config_error_text(config), "duplicate"))
        return refuse(r, line, NULL, config_error_text(config));
    return refuse(r, line, arena_format(r->arena, "%.*s", (int)size, text), _("it is set twice"));
}

Status settings_read(Arena *arena, const char *text, size_t size, const char *file, Settings *settings, Error *e) {
    Reader r = {arena, file, settings, e};
    if (size > FILE_MAX) return refuse(&r, 0, NULL, _("the file is larger than 64 KiB: it is no file of settings"));
    Status s = scan(&r, text, size);
    if (s != STATUS_OK) return s;
    config_t config;
    /* libconfig does not look whether it was given the memory it asks for: it shall find some. */
    enum { ROOM = 96 * 1024 };
    free(memory_new(ROOM));
    config_init(&config);
    /* libconfig does not take a comment that the file ends with, unless its line ends. */
    const char *copy = arena_format(arena, "%.*s\n", (int)size, text);
    if (config_read_string(&config, copy) == CONFIG_TRUE) s = take_group(&r, config_root_setting(&config), "");
    else s = refuse_syntax(&r, &config, copy);
    config_destroy(&config);
    return s;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static Status read_file(Arena *arena, const char *file, Settings *settings, Error *e) {
    Reader r = {arena, file, settings, e};
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return refuse(&r, 0, NULL, strerror(errno));
    struct stat st;
    if (fstat(fd, &st) != 0 || S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) {
        close(fd);
        return refuse(&r, 0, NULL, _("this is not a file"));
    }
    char *text = arena_alloc(arena, FILE_MAX + 2);
    size_t size = 0;
    ssize_t n;
    while (size <= FILE_MAX && ((n = read(fd, text + size, FILE_MAX + 1 - size)) > 0 || (n < 0 && errno == EINTR))) {
        if (n > 0) size += (size_t)n;
    }
    int problem = n < 0 ? errno : 0;
    close(fd);
    if (problem) return refuse(&r, 0, NULL, strerror(problem));
    settings->file = arena_string(arena, file);
    return settings_read(arena, text, size, file, settings, e);
}

/* NAME under the directory a variable names, or under ~/FALLBACK; NULL where neither is known. */
static const char *under(Arena *arena, const char *variable, const char *fallback, const char *name) {
    const char *base = getenv(variable), *home = getenv("HOME");
    if (base && *base == '/') return arena_format(arena, "%s/%s", base, name);
    return home && *home ? arena_format(arena, "%s/%s/%s", home, fallback, name) : NULL;
}

Status settings_defaults(Arena *arena, Settings *settings, Error *e) {
    const Embedded *defaults = embedded_find("jazari.conf.example");
    *settings = (Settings){.file = "", .store_path = "", .server_socket = "", .server_user = "", .ssh_commands = ""};
    return settings_read(arena, defaults->bytes, defaults->size, defaults->name, settings, e);
}

Status settings_load(Arena *arena, const char *file, Settings *settings, Error *e) {
    Status s = settings_defaults(arena, settings, e);
    if (s != STATUS_OK) return s;
    if (!file) file = getenv("JAZARI_CONF");
    if (file && *file) return read_file(arena, file, settings, e);
    const char *places[] = {under(arena, "XDG_CONFIG_HOME", ".config", "jazari/jazari.conf"),
                            "/etc/jazari/jazari.conf"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i] && access(places[i], F_OK) == 0) return read_file(arena, places[i], settings, e);
    }
    return STATUS_OK;
}

const char *settings_default_store(Arena *arena) {
    const char *path = under(arena, "XDG_DATA_HOME", ".local/share", "jazari/jazari.db");
    return path ? path : "jazari.db";
}
