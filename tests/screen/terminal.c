/* The emulated terminal: see terminal.h. libvterm has no way to ask for some modes, so they are found out by what a key
 * or a paste would send: `probe` takes these bytes instead of the program. And of several modes set by one sequence
 * (ncurses asks so for the mouse) it takes the first only, so such a sequence is held back until it is whole and then
 * given to it one mode at a time. */
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

struct Terminal {
    VTerm *vterm;
    VTermScreen *screen;
    TerminalAnswer *answer;
    void *owner;
    char *kind;
    Text *probe; /* takes what would be sent, while it is not NULL */
    Text held;   /* the beginning of what may be such a sequence: ESC [ and parameters */
    Text title;
    bool altscreen, cursor, mouse;
};

/* --- the emulator ------------------------------------------------------------------------------------------------- */

static void on_output(const char *bytes, size_t size, void *user) {
    Terminal *terminal = user;
    if (terminal->probe) text_add(terminal->probe, bytes, size);
    else terminal->answer(terminal->owner, bytes, size);
}

static int on_property(VTermProp property, VTermValue *value, void *user) {
    Terminal *terminal = user;
    if (property == VTERM_PROP_CURSORVISIBLE) terminal->cursor = value->boolean;
    if (property == VTERM_PROP_ALTSCREEN) terminal->altscreen = value->boolean;
    if (property == VTERM_PROP_MOUSE) terminal->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    if (property == VTERM_PROP_TITLE) {
        text_clear(&terminal->title);
        text_add_string(&terminal->title, value->string);
    }
    return 1;
}

Terminal *terminal_new(int columns, int rows, const char *kind, TerminalAnswer *answer, void *owner) {
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    Terminal *terminal = memory_more(NULL, 1, sizeof *terminal);
    *terminal = (Terminal){.answer = answer, .owner = owner, .cursor = true};
    terminal->kind = string_copy(kind, strlen(kind));
    terminal->vterm = vterm_new(rows, columns);
    vterm_set_utf8(terminal->vterm, 1);
    vterm_output_set_callback(terminal->vterm, on_output, terminal);
    terminal->screen = vterm_obtain_screen(terminal->vterm);
    vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_reset(terminal->screen, 1);
    return terminal;
}

void terminal_free(Terminal *terminal) {
    if (!terminal) return;
    vterm_free(terminal->vterm);
    text_free(&terminal->title);
    text_free(&terminal->held);
    free(terminal->kind);
    free(terminal);
}

/* Whether a byte may follow what is held. */
static bool goes_on(const Text *held, char byte) {
    if (held->size == 1) return byte == '[';
    return held->size < 100 && ((byte >= '0' && byte <= '9') || byte == ';' || (byte == '?' && held->size == 2));
}

/* Gives the emulator what is held, ended by `last`: modes one at a time. */
static void release(Terminal *terminal, char last) {
    Text *held = &terminal->held;
    char *parameter = held->bytes + 2;
    if ((last != 'h' && last != 'l') || held->size < 3 || !strchr(parameter, ';')) {
        text_add(held, &last, 1);
        vterm_input_write(terminal->vterm, held->bytes, held->size);
        text_clear(held);
        return;
    }
    const char *private = *parameter == '?' ? "?" : "";
    parameter += *private != 0;
    for (char *next; parameter; parameter = next) {
        next = strchr(parameter, ';');
        if (next) *next++ = 0;
        Text one = {0};
        text_print(&one, "\033[%s%s%c", private, parameter, last);
        vterm_input_write(terminal->vterm, one.bytes, one.size);
        text_free(&one);
    }
    text_clear(held);
}

void terminal_feed(Terminal *terminal, const char *bytes, size_t size) {
    while (size) {
        Text *held = &terminal->held;
        if (held->size && goes_on(held, *bytes)) {
            text_add(held, bytes++, 1);
            size--;
        } else if (held->size && *bytes != '\033') {
            release(terminal, *bytes++);
            size--;
        } else {
            if (held->size) vterm_input_write(terminal->vterm, held->bytes, held->size);
            text_clear(held);
            const char *escape = memchr(bytes, '\033', size);
            size_t plain = escape ? (size_t)(escape - bytes) : size;
            if (plain) vterm_input_write(terminal->vterm, bytes, plain);
            if (escape) text_add(held, escape, 1);
            plain += escape != NULL;
            bytes += plain, size -= plain;
        }
    }
}

void terminal_resize(Terminal *terminal, int columns, int rows) {
    vterm_set_size(terminal->vterm, rows, columns);
}

int terminal_columns(const Terminal *terminal) {
    int rows, columns;
    vterm_get_size(terminal->vterm, &rows, &columns);
    return columns;
}

int terminal_rows(const Terminal *terminal) {
    int rows, columns;
    vterm_get_size(terminal->vterm, &rows, &columns);
    return rows;
}

/* --- what is seen ------------------------------------------------------------------------------------------------- */

/* False beyond the screen. */
static bool get_cell(const Terminal *terminal, int row, int column, VTermScreenCell *cell) {
    if (row < 0 || column < 0 || row >= terminal_rows(terminal) || column >= terminal_columns(terminal)) return false;
    return vterm_screen_get_cell(terminal->screen, (VTermPos){.row = row, .col = column}, cell);
}

/* Adds a cell's text and returns the columns that it takes. */
static int add_cell(const Terminal *terminal, int row, int column, Text *out) {
    VTermScreenCell cell = {0};
    if (!get_cell(terminal, row, column, &cell) || !cell.chars[0] || cell.chars[0] == UINT32_MAX) {
        text_add(out, " ", 1);
        return 1;
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
        text_add_point(out, cell.chars[i]);
    return cell.width > 1 ? cell.width : 1;
}

void terminal_row(const Terminal *terminal, int row, Text *out) {
    int columns = terminal_columns(terminal);
    for (int column = 0; column < columns;)
        column += add_cell(terminal, row, column, out);
    text_trim(out);
}

int terminal_column(const Terminal *terminal, int row, size_t byte) {
    int columns = terminal_columns(terminal), column = 0;
    Text text = {0};
    while (column < columns) {
        int width = add_cell(terminal, row, column, &text);
        if (text.size > byte) break;
        column += width;
    }
    text_free(&text);
    return column;
}

void terminal_cursor(const Terminal *terminal, int *row, int *column) {
    VTermPos position;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &position);
    *row = position.row;
    *column = position.col;
}

const char *terminal_title(const Terminal *terminal) {
    return text_string(&terminal->title);
}

static bool pen_in_use(const Terminal *terminal) {
    VTermState *state = vterm_obtain_state(terminal->vterm);
    static const VTermAttr switches[] = {VTERM_ATTR_BOLD,  VTERM_ATTR_UNDERLINE, VTERM_ATTR_ITALIC,
                                         VTERM_ATTR_BLINK, VTERM_ATTR_REVERSE,   VTERM_ATTR_STRIKE};
    VTermValue value;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        value = (VTermValue){0};
        vterm_state_get_penattr(state, switches[i], &value);
        if (value.number) return true;
    }
    vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value);
    if (!VTERM_COLOR_IS_DEFAULT_FG(&value.color)) return true;
    vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &value);
    return !VTERM_COLOR_IS_DEFAULT_BG(&value.color);
}

TerminalModes terminal_modes(Terminal *terminal) {
    Text sent = {0};
    TerminalModes modes = {.altscreen = terminal->altscreen, .cursor = terminal->cursor, .mouse = terminal->mouse};
    terminal->probe = &sent;
    vterm_keyboard_start_paste(terminal->vterm);
    modes.paste = sent.size != 0;
    text_clear(&sent);
    vterm_keyboard_key(terminal->vterm, VTERM_KEY_UP, VTERM_MOD_NONE);
    modes.keys = strcmp(text_string(&sent), "\033OA") == 0;
    text_clear(&sent);
    vterm_keyboard_key(terminal->vterm, VTERM_KEY_KP_0, VTERM_MOD_NONE);
    modes.keypad = strcmp(text_string(&sent), "0") != 0;
    text_clear(&sent);
    vterm_state_focus_in(vterm_obtain_state(terminal->vterm));
    modes.focus = sent.size != 0;
    terminal->probe = NULL;
    text_free(&sent);
    modes.pen = pen_in_use(terminal);
    return modes;
}

/* --- how it looks ------------------------------------------------------------------------------------------------- */

static const char *const look_switches[] = {"bold", "underline", "italic", "blink", "reverse", "strike"};
enum { LOOK_SWITCHES = sizeof look_switches / sizeof *look_switches };

static bool look_switch(const VTermScreenCell *cell, size_t which) {
    const bool on[LOOK_SWITCHES] = {cell->attrs.bold,  cell->attrs.underline != 0, cell->attrs.italic,
                                    cell->attrs.blink, cell->attrs.reverse,        cell->attrs.strike};
    return on[which];
}

static void color_name(const VTermColor *color, char out[16]) {
    if (color->type & (VTERM_COLOR_DEFAULT_FG | VTERM_COLOR_DEFAULT_BG)) snprintf(out, 16, "default");
    else if (VTERM_COLOR_IS_INDEXED(color)) snprintf(out, 16, "%d", color->indexed.idx);
    else snprintf(out, 16, "#%02x%02x%02x", color->rgb.red, color->rgb.green, color->rgb.blue);
}

static bool is_color_word(const char *word) {
    return strncmp(word, "fg:", 3) == 0 || strncmp(word, "bg:", 3) == 0;
}

bool look_word_known(const char *word) {
    long number;
    if (strcmp(word, "plain") == 0) return true;
    if (is_color_word(word)) {
        if (word[3] == '#') return strlen(word) == 10 && strspn(word + 4, "0123456789abcdef") == 6;
        return strcmp(word + 3, "default") == 0 || number_read(word + 3, 0, 255, &number);
    }
    for (size_t i = 0; i < LOOK_SWITCHES; i++)
        if (strcmp(look_switches[i], word + (*word == '-')) == 0) return true;
    return false;
}

bool terminal_looks(const Terminal *terminal, int row, int column, const char *word) {
    VTermScreenCell cell;
    if (!get_cell(terminal, row, column, &cell)) return false;
    if (is_color_word(word)) {
        char name[16];
        color_name(*word == 'f' ? &cell.fg : &cell.bg, name);
        return strcmp(name, word + 3) == 0;
    }
    bool plain = true;
    for (size_t i = 0; i < LOOK_SWITCHES; i++) {
        bool on = look_switch(&cell, i);
        if (strcmp(look_switches[i], word + (*word == '-')) == 0) return on == (*word != '-');
        plain = plain && !on;
    }
    return plain && terminal_looks(terminal, row, column, "fg:default") &&
           terminal_looks(terminal, row, column, "bg:default");
}

void terminal_add_look(const Terminal *terminal, int row, int column, Text *out) {
    VTermScreenCell cell;
    char name[16];
    if (!get_cell(terminal, row, column, &cell)) {
        text_add_string(out, "beyond the screen");
        return;
    }
    for (size_t i = 0; i < LOOK_SWITCHES; i++)
        if (look_switch(&cell, i)) text_print(out, "%s ", look_switches[i]);
    color_name(&cell.fg, name);
    text_print(out, "fg:%s ", name);
    color_name(&cell.bg, name);
    text_print(out, "bg:%s", name);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

/* A key is either one that the emulator knows how to send, or bytes. */
typedef struct Key {
    VTermKey code;
    VTermModifier modifiers;
    char bytes[8];
    size_t size;
} Key;

static const struct NamedKey {
    const char *name;
    VTermKey code;
    const char *bytes;
} named_keys[] = {
    {"Up", VTERM_KEY_UP, NULL},
    {"Down", VTERM_KEY_DOWN, NULL},
    {"Left", VTERM_KEY_LEFT, NULL},
    {"Right", VTERM_KEY_RIGHT, NULL},
    {"PgUp", VTERM_KEY_PAGEUP, NULL},
    {"PgDn", VTERM_KEY_PAGEDOWN, NULL},
    {"Home", VTERM_KEY_HOME, NULL},
    {"End", VTERM_KEY_END, NULL},
    {"Ins", VTERM_KEY_INS, NULL},
    {"Del", VTERM_KEY_DEL, NULL},
    {"Enter", VTERM_KEY_NONE, "\r"},
    {"Tab", VTERM_KEY_NONE, "\t"},
    {"BTab", VTERM_KEY_NONE, "\033[Z"},
    {"Esc", VTERM_KEY_NONE, "\033"},
    {"Space", VTERM_KEY_NONE, " "},
    {"BS", VTERM_KEY_NONE, "\177"},
    {"F1", VTERM_KEY_FUNCTION(1), NULL},
    {"F2", VTERM_KEY_FUNCTION(2), NULL},
    {"F3", VTERM_KEY_FUNCTION(3), NULL},
    {"F4", VTERM_KEY_FUNCTION(4), NULL},
    {"F5", VTERM_KEY_FUNCTION(5), NULL},
    {"F6", VTERM_KEY_FUNCTION(6), NULL},
    {"F7", VTERM_KEY_FUNCTION(7), NULL},
    {"F8", VTERM_KEY_FUNCTION(8), NULL},
    {"F9", VTERM_KEY_FUNCTION(9), NULL},
    {"F10", VTERM_KEY_FUNCTION(10), NULL},
    {"F11", VTERM_KEY_FUNCTION(11), NULL},
    {"F12", VTERM_KEY_FUNCTION(12), NULL},
};

/* The emulator sends what xterm sends. Other terminals differ in these (their terminfo: khome, kend, kf1 ..., kcbt). */
static const struct OtherKey {
    const char *kind, *name, *bytes; /* kind: TERM begins so */
} other_keys[] = {
    {"linux", "Home", "\033[1~"}, {"linux", "End", "\033[4~"}, {"linux", "F1", "\033[[A"},
    {"linux", "F2", "\033[[B"},   {"linux", "F3", "\033[[C"},  {"linux", "F4", "\033[[D"},
    {"linux", "F5", "\033[[E"},   {"linux", "BTab", "\033\t"}, {"screen", "Home", "\033[1~"},
    {"screen", "End", "\033[4~"}, {"tmux", "Home", "\033[1~"}, {"tmux", "End", "\033[4~"},
};

/* Whether name is one character, in UTF-8. */
static bool is_character(const char *name) {
    unsigned char first = (unsigned char)*name;
    size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return *name && strlen(name) == size;
}

static void key_set_bytes(Key *key, const char *bytes) {
    size_t size = strlen(bytes);
    memcpy(key->bytes + key->size, bytes, size);
    key->size += size;
}

static bool key_parse_character(const char *name, bool control, Key *key) {
    char byte = *name;
    if (!control) {
        key_set_bytes(key, name);
        return true;
    }
    if (byte >= 'a' && byte <= 'z') byte = (char)(byte - 'a' + 1);
    else if (byte >= '@' && byte <= '_') byte = (char)(byte - '@');
    else if (byte == '?') byte = 0x7F;
    else return false;
    key->bytes[key->size++] = byte;
    return true;
}

static bool key_parse(const char *name, const char *kind, Key *key) {
    bool control = false, meta = false, shift = false;
    *key = (Key){0};
    for (; *name && name[1] == '-' && name[2]; name += 2) {
        if (*name == 'C') control = true;
        else if (*name == 'M') meta = true;
        else if (*name == 'S') shift = true;
        else return false;
    }
    if (meta) key->bytes[key->size++] = '\033';
    if (is_character(name)) return !shift && key_parse_character(name, control, key);
    if (shift && strcmp(name, "Tab") == 0) name = "BTab", shift = false;
    if (control && strcmp(name, "Space") == 0) return !shift && key_parse_character("@", true, key);
    for (size_t i = 0; i < sizeof other_keys / sizeof *other_keys && !control && !shift; i++) {
        const struct OtherKey *other = &other_keys[i];
        if (strcmp(other->name, name) != 0 || strncmp(kind, other->kind, strlen(other->kind)) != 0) continue;
        key_set_bytes(key, other->bytes);
        return true;
    }
    for (size_t i = 0; i < sizeof named_keys / sizeof *named_keys; i++) {
        if (strcmp(named_keys[i].name, name) != 0) continue;
        key->code = named_keys[i].code;
        if (named_keys[i].bytes) {
            key_set_bytes(key, named_keys[i].bytes);
            return !control && !shift;
        }
        key->modifiers = (VTermModifier)((control ? VTERM_MOD_CTRL : 0) | (meta ? VTERM_MOD_ALT : 0) |
                                         (shift ? VTERM_MOD_SHIFT : 0));
        return true;
    }
    return false;
}

bool key_known(const char *name) {
    Key key;
    return key_parse(name, "", &key);
}

void terminal_key(Terminal *terminal, const char *name) {
    Key key;
    if (!key_parse(name, terminal->kind, &key)) return;
    if (key.code != VTERM_KEY_NONE) vterm_keyboard_key(terminal->vterm, key.code, key.modifiers);
    else on_output(key.bytes, key.size, terminal);
}

void terminal_paste(Terminal *terminal, const char *bytes, size_t size) {
    vterm_keyboard_start_paste(terminal->vterm);
    on_output(bytes, size, terminal);
    vterm_keyboard_end_paste(terminal->vterm);
}

void terminal_click(Terminal *terminal, int column, int row, int button) {
    vterm_mouse_move(terminal->vterm, row, column, VTERM_MOD_NONE);
    vterm_mouse_button(terminal->vterm, button, true, VTERM_MOD_NONE);
    if (button < 4) vterm_mouse_button(terminal->vterm, button, false, VTERM_MOD_NONE);
}
