/* A text being typed. */
#include "widgets/edit.h"

#include "base/text.h"

#include <string.h>

void edit_set(Edit *e, const char *text, bool lines) {
    buffer_clear(&e->text);
    text_clean_out(&e->text, text, strlen(text), lines);
    e->cursor = e->text.size;
    e->lines = lines;
    e->scroll = 0;
    edit_forget(e);
}

void edit_replace(Edit *e, const char *text) {
    edit_remember(e, EDIT_REPLACES, false);
    buffer_clear(&e->text);
    text_clean_out(&e->text, text, strlen(text), e->lines);
    e->cursor = e->text.size;
    e->scroll = 0;
}

void edit_free(Edit *e) {
    edit_forget(e);
    buffer_free(&e->text);
    *e = (Edit){0};
}

const char *edit_string(const Edit *e) {
    return buffer_string(&e->text);
}

/* --- moving ------------------------------------------------------------------------------------------------------- */

static size_t next_char(const Edit *e, size_t at) {
    int columns;
    if (at >= e->text.size) return e->text.size;
    if (e->text.bytes[at] == '\n') return at + 1;
    return at + text_cluster(e->text.bytes + at, e->text.size - at, &columns);
}

static size_t line_start(const Edit *e, size_t at) {
    while (at && e->text.bytes[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t line_end(const Edit *e, size_t at) {
    const char *newline = at < e->text.size ? memchr(e->text.bytes + at, '\n', e->text.size - at) : NULL;
    return newline ? (size_t)(newline - e->text.bytes) : e->text.size;
}

static size_t previous_char(const Edit *e, size_t at) {
    if (!at) return 0;
    if (e->text.bytes[at - 1] == '\n') return at - 1;
    size_t from = line_start(e, at);
    for (size_t next; (next = next_char(e, from)) < at;) {
        from = next;
    }
    return from;
}

static size_t previous_word(const Edit *e, size_t at) {
    while (at && e->text.bytes[at - 1] == ' ') {
        at--;
    }
    while (at && e->text.bytes[at - 1] != ' ' && e->text.bytes[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t next_word(const Edit *e, size_t at) {
    while (at < e->text.size && e->text.bytes[at] != ' ' && e->text.bytes[at] != '\n') {
        at++;
    }
    while (at < e->text.size && (e->text.bytes[at] == ' ' || e->text.bytes[at] == '\n')) {
        at++;
    }
    return at;
}

/* The start of the line drawn after the one that starts at `at`: lines are broken at the last blank that fits, or where
 * they are full. *end: where it ends on the screen. */
static size_t drawn_line(const Edit *e, size_t at, int w, size_t *end) {
    int used;
    const char *text = buffer_string(&e->text);
    size_t stop = line_end(e, at);
    *end = at + text_fit(text + at, stop - at, w, &used);
    if (*end == stop) return stop < e->text.size ? stop + 1 : e->text.size;
    size_t blank = *end;
    while (blank > at && text[blank] != ' ') {
        blank--;
    }
    if (blank > at) *end = blank + 1;
    return *end > at ? *end : stop;
}

/* The drawn line that the cursor is on: where it starts and ends, and which it is. */
static int cursor_line(const Edit *e, int w, size_t *start, size_t *end) {
    int line = 0;
    *start = 0;
    for (;;) {
        size_t next = drawn_line(e, *start, w, end);
        bool open = next == e->text.size && (next == *start || e->text.bytes[next - 1] != '\n');
        if (e->cursor < next || open) return line;
        *start = next;
        line++;
    }
}

/* The same column, one drawn line up or down. */
static size_t other_line(const Edit *e, int by) {
    int w = e->width ? e->width : EDIT_BYTES_MOST, used;
    size_t start, end, to = 0, to_end;
    cursor_line(e, w, &start, &end);
    int column = text_width(buffer_string(&e->text) + start, e->cursor - start);
    if (by < 0) {
        if (!start) return e->cursor;
        for (size_t next; (next = drawn_line(e, to, w, &to_end)) < start;) {
            to = next;
        }
    } else {
        to = drawn_line(e, start, w, &end);
        bool last = to == e->text.size && (to == start || e->text.bytes[to - 1] != '\n');
        if (last) return e->cursor;
    }
    size_t next = drawn_line(e, to, w, &to_end);
    size_t at = to + text_fit(buffer_string(&e->text) + to, to_end - to, column, &used);
    /* The end of a line that was broken is the start of the next one. */
    return at == next && at > to && e->text.bytes[at - 1] != '\n' && at < e->text.size ? previous_char(e, at) : at;
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

/* Inserts what there is room for, whole characters. */
static void insert(Edit *e, const char *bytes, size_t size) {
    size_t max = e->max ? e->max : EDIT_BYTES_MOST, left = e->text.size < max ? max - e->text.size : 0, fits = 0;
    Buffer after = {0};
    while (fits < size) {
        int columns;
        size_t n = bytes[fits] == '\n' ? 1 : text_cluster(bytes + fits, size - fits, &columns);
        if (fits + n > left) break;
        fits += n;
    }
    for (size_t i = fits; i < size; i++) {
        e->lost += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    }
    if (!fits) return;
    buffer_add(&after, buffer_string(&e->text) + e->cursor, e->text.size - e->cursor);
    e->text.size = e->cursor;
    buffer_add(&e->text, bytes, fits);
    buffer_add(&e->text, buffer_string(&after), after.size);
    e->changed_at = e->cursor += fits;
    buffer_free(&after);
}

static void cut(Edit *e, size_t from, size_t to, bool joins) {
    if (from >= to) return;
    edit_remember(e, EDIT_CUTS, joins);
    memmove(e->text.bytes + from, e->text.bytes + to, e->text.size - to + 1);
    e->text.size -= to - from;
    e->changed_at = e->cursor = from;
}

/* Pasted text is what it says, not what a terminal would do with it; on one line newlines become blanks. */
static void paste(Edit *e, const char *text, size_t size) {
    Buffer clean = {0};
    text_clean_out(&clean, text, size, e->lines);
    while (clean.size && clean.bytes[clean.size - 1] == (e->lines ? '\n' : ' ')) {
        clean.size--;
    }
    edit_remember(e, EDIT_REPLACES, false);
    insert(e, buffer_string(&clean), clean.size);
    buffer_free(&clean);
}

enum { CONTROL_UNDERSCORE = 31 + 96 };

bool edit_takes_back(const Event *e) {
    bool takes = e->point == 'z' || e->point == 'y' || e->point == CONTROL_UNDERSCORE;
    return e->kind == EVENT_KEY && e->key == KEY_IS_CONTROL && takes;
}

static bool control(Edit *e, uint32_t letter) {
    switch (letter) {
    case 'a': e->cursor = line_start(e, e->cursor); return true;
    case 'e': e->cursor = line_end(e, e->cursor); return true;
    case 'b': e->cursor = previous_char(e, e->cursor); return true;
    case 'f': e->cursor = next_char(e, e->cursor); return true;
    case 'd': cut(e, e->cursor, next_char(e, e->cursor), false); return true;
    case 'u': cut(e, line_start(e, e->cursor), e->cursor, false); return true;
    case 'k': cut(e, e->cursor, line_end(e, e->cursor), false); return true;
    case 'w': cut(e, previous_word(e, e->cursor), e->cursor, false); return true;
    case 'z':
    case CONTROL_UNDERSCORE: edit_undo(e); return true;
    case 'y': edit_redo(e); return true;
    default: return false;
    }
}

static void type(Edit *e, uint32_t point) {
    char bytes[4];
    size_t n = text_encode(point, bytes);
    if (!text_is_clean(bytes, n, false) && point != 0x200C && point != 0x200D) return;
    edit_remember(e, EDIT_TYPES, point != ' ');
    insert(e, bytes, n);
}

/* An arrow goes where it points, which in a line from right to left is to the next character for the one to the left. */
static void move(Edit *e, Key key, bool word) {
    size_t start = e->lines ? line_start(e, e->cursor) : 0, end = e->lines ? line_end(e, e->cursor) : e->text.size;
    bool back = (key == KEY_IS_LEFT) != draw_typed_leftward(buffer_string(&e->text) + start, end - start);
    if (back) e->cursor = word ? previous_word(e, e->cursor) : previous_char(e, e->cursor);
    else e->cursor = word ? next_word(e, e->cursor) : next_char(e, e->cursor);
}

bool edit_event(Edit *e, const Event *event) {
    e->lost = 0;
    if (event->kind == EVENT_PASTE) {
        paste(e, event->text, event->size);
        return true;
    }
    if (event->kind != EVENT_KEY) return false;
    switch (event->key) {
    case KEY_IS_CHAR: type(e, event->point); return true;
    case KEY_IS_LEFT:
    case KEY_IS_RIGHT: move(e, event->key, event->control); return true;
    case KEY_IS_HOME: e->cursor = line_start(e, e->cursor); return true;
    case KEY_IS_END: e->cursor = line_end(e, e->cursor); return true;
    case KEY_IS_BACKSPACE: cut(e, previous_char(e, e->cursor), e->cursor, true); return true;
    case KEY_IS_DELETE: cut(e, e->cursor, next_char(e, e->cursor), true); return true;
    case KEY_IS_CONTROL: return control(e, event->point);
    case KEY_IS_ENTER:
        if (!e->lines) return false;
        edit_remember(e, EDIT_REPLACES, false);
        insert(e, "\n", 1);
        return true;
    case KEY_IS_UP:
    case KEY_IS_DOWN: {
        size_t to = e->lines ? other_line(e, event->key == KEY_IS_UP ? -1 : 1) : e->cursor;
        bool moved = to != e->cursor;
        e->cursor = to;
        return moved;
    }
    default: return false;
    }
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

/* The part of one line that is in sight in w columns, one of which is the cursor's. */
static size_t in_sight(const Edit *e, int w, size_t *size) {
    int used;
    size_t from = text_fit(buffer_string(&e->text), e->text.size, e->scroll, &used);
    *size = text_fit(buffer_string(&e->text) + from, e->text.size - from, w - 1, &used);
    return from;
}

static void draw_one(Edit *e, Rect r, Style style, bool focused) {
    int column = text_width(buffer_string(&e->text), e->cursor);
    size_t size;
    if (column - e->scroll >= r.w) e->scroll = column - r.w + 1;
    if (column < e->scroll) e->scroll = column;
    if (!focused) e->scroll = 0;
    size_t from = in_sight(e, r.w, &size);
    const char *text = buffer_string(&e->text) + from;
    draw_typed(r.y, r.x, r.w, style, text, size);
    e->more_before = from > 0;
    e->more_after = from + size < e->text.size;
    if (focused) draw_cursor(r.y, r.x + draw_typed_column(r.w, text, size, e->cursor - from));
}

static void draw_lines(Edit *e, Rect r, Style style, bool focused) {
    size_t at, end;
    e->width = r.w - 1;
    int line = cursor_line(e, e->width, &at, &end);
    if (line < e->scroll) e->scroll = line;
    if (line >= e->scroll + r.h) e->scroll = line - r.h + 1;
    if (!focused) e->scroll = 0;
    at = 0;
    bool over = false; /* no line is left */
    for (int i = 0; i < e->scroll + r.h; i++) {
        size_t next = over ? at : drawn_line(e, at, e->width, &end), size = over ? 0 : end - at;
        const char *text = buffer_string(&e->text) + at;
        if (i >= e->scroll) draw_typed(r.y + i - e->scroll, r.x, r.w, style, text, size);
        if (focused && i == line)
            draw_cursor(r.y + i - e->scroll, r.x + draw_typed_column(r.w, text, size, e->cursor - at));
        over = over || (next == e->text.size && (next == at || e->text.bytes[next - 1] != '\n'));
        at = next;
    }
    e->more_before = e->scroll > 0;
    e->more_after = !over;
}

void edit_draw(Edit *e, Rect r, Style style, bool focused) {
    if (e->lines) draw_lines(e, r, style, focused);
    else draw_one(e, r, style, focused);
}

/* The character of a drawn part that is nearest to a column. */
static size_t nearest(const Edit *e, size_t from, size_t size, int w, int x) {
    const char *text = buffer_string(&e->text) + from;
    size_t best = 0;
    int apart = -1;
    for (size_t at = 0;; at = next_char(e, from + at) - from) {
        int column = draw_typed_column(w, text, size, at), now = column < x ? x - column : column - x;
        if (apart < 0 || now < apart) {
            apart = now;
            best = at;
        }
        if (at >= size) return from + best;
    }
}

void edit_click(Edit *e, Rect r, int y, int x) {
    size_t from = 0, size;
    if (!e->lines) from = in_sight(e, r.w, &size);
    else {
        size_t end, next = drawn_line(e, 0, r.w - 1, &end);
        for (int line = 0; line < e->scroll + y - r.y && next < e->text.size; line++) {
            from = next;
            next = drawn_line(e, from, r.w - 1, &end);
        }
        size = end - from;
        if (size && end == next && end < e->text.size) size = previous_char(e, end) - from;
    }
    e->cursor = nearest(e, from, size, r.w, x - r.x);
}
