/* A text being typed. */
#include "widgets/edit.h"

#include "base/text.h"

#include <string.h>

enum { MAX_BYTES = 20000 };

void edit_set(Edit *e, const char *text, bool lines) {
    buffer_clear(&e->text);
    text_clean_out(&e->text, text, strlen(text), lines);
    e->cursor = e->text.size;
    e->lines = lines;
    e->scroll = 0;
}

void edit_free(Edit *e) {
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
    while (at < e->text.size && e->text.bytes[at] != '\n') {
        at++;
    }
    return at;
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

/* The same column, one line up or down. */
static size_t other_line(const Edit *e, int by) {
    size_t start = line_start(e, e->cursor);
    int column = text_width(buffer_string(&e->text) + start, e->cursor - start), used;
    size_t to = by < 0 ? (start ? line_start(e, start - 1) : start) : line_end(e, e->cursor);
    if (by < 0 && !start) return e->cursor;
    if (by > 0) {
        if (to == e->text.size) return e->cursor;
        to++;
    }
    return to + text_fit(e->text.bytes + to, line_end(e, to) - to, column, &used);
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

static void insert(Edit *e, const char *bytes, size_t size) {
    size_t max = e->max ? e->max : MAX_BYTES;
    Buffer after = {0};
    if (e->text.size + size > max) return;
    buffer_add(&after, buffer_string(&e->text) + e->cursor, e->text.size - e->cursor);
    e->text.size = e->cursor;
    buffer_add(&e->text, bytes, size);
    buffer_add(&e->text, buffer_string(&after), after.size);
    e->cursor += size;
    buffer_free(&after);
}

static void cut(Edit *e, size_t from, size_t to) {
    if (from >= to) return;
    memmove(e->text.bytes + from, e->text.bytes + to, e->text.size - to + 1);
    e->text.size -= to - from;
    e->cursor = from;
}

/* Pasted text is what it says, not what a terminal would do with it; on one line newlines become blanks. */
static void paste(Edit *e, const char *text, size_t size) {
    Buffer clean = {0};
    text_clean_out(&clean, text, size, e->lines);
    while (clean.size && clean.bytes[clean.size - 1] == (e->lines ? '\n' : ' ')) {
        clean.size--;
    }
    insert(e, buffer_string(&clean), clean.size);
    buffer_free(&clean);
}

static bool control(Edit *e, char letter) {
    switch (letter) {
    case 'a': e->cursor = line_start(e, e->cursor); return true;
    case 'e': e->cursor = line_end(e, e->cursor); return true;
    case 'b': e->cursor = previous_char(e, e->cursor); return true;
    case 'f': e->cursor = next_char(e, e->cursor); return true;
    case 'd': cut(e, e->cursor, next_char(e, e->cursor)); return true;
    case 'u': cut(e, line_start(e, e->cursor), e->cursor); return true;
    case 'k': cut(e, e->cursor, line_end(e, e->cursor)); return true;
    case 'w': cut(e, previous_word(e, e->cursor), e->cursor); return true;
    default: return false;
    }
}

bool edit_event(Edit *e, const Event *event) {
    char bytes[4];
    if (event->kind == EVENT_PASTE) {
        paste(e, event->text, event->size);
        return true;
    }
    if (event->kind != EVENT_KEY) return false;
    switch (event->key) {
    case KEY_IS_CHAR: {
        size_t n = text_encode(event->point, bytes);
        if (!text_is_clean(bytes, n, false) && event->point != 0x200C && event->point != 0x200D) return true;
        insert(e, bytes, n);
        return true;
    }
    case KEY_IS_LEFT: e->cursor = previous_char(e, e->cursor); return true;
    case KEY_IS_RIGHT: e->cursor = next_char(e, e->cursor); return true;
    case KEY_IS_HOME: e->cursor = line_start(e, e->cursor); return true;
    case KEY_IS_END: e->cursor = line_end(e, e->cursor); return true;
    case KEY_IS_BACKSPACE: cut(e, previous_char(e, e->cursor), e->cursor); return true;
    case KEY_IS_DELETE: cut(e, e->cursor, next_char(e, e->cursor)); return true;
    case KEY_IS_CONTROL: return control(e, (char)event->point);
    case KEY_IS_ENTER:
        if (e->lines) insert(e, "\n", 1);
        return e->lines;
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

static void draw_one(Edit *e, Rect r, Style style, bool focused) {
    int column = text_width(buffer_string(&e->text), e->cursor), used;
    if (column - e->scroll >= r.w) e->scroll = column - r.w + 1;
    if (column < e->scroll) e->scroll = column;
    size_t from = text_fit(buffer_string(&e->text), e->text.size, e->scroll, &used);
    int hidden = text_width(buffer_string(&e->text), from);
    size_t n = text_fit(buffer_string(&e->text) + from, e->text.size - from, r.w, &used);
    draw_text(r.y, r.x, r.w, style, ALIGN_LEFT, true, buffer_string(&e->text) + from, n);
    if (focused) draw_cursor(r.y, r.x + column - hidden);
}

/* The start of the next drawn line: lines are broken where they are full. */
static size_t drawn_line(const Edit *e, size_t at, int w, size_t *end) {
    int used;
    size_t stop = line_end(e, at);
    *end = at + text_fit(buffer_string(&e->text) + at, stop - at, w, &used);
    if (*end < stop) return *end > at ? *end : stop;
    return stop < e->text.size ? stop + 1 : e->text.size;
}

static void draw_lines(Edit *e, Rect r, Style style, bool focused) {
    int line = 0, cursor_line = 0, cursor_column = 0;
    size_t at = 0, end;
    /* Where the cursor is, to keep it in sight. */
    for (;; line++) {
        size_t next = drawn_line(e, at, r.w - 1, &end);
        bool last = next >= e->text.size;
        bool newline_ends = last && e->text.size && e->text.bytes[e->text.size - 1] == '\n' && next == e->text.size;
        if (e->cursor >= at && (e->cursor < next || (last && (e->cursor <= end || !newline_ends)))) {
            cursor_line = line;
            cursor_column = text_width(buffer_string(&e->text) + at, (e->cursor < end ? e->cursor : end) - at);
            break;
        }
        if (last) {
            cursor_line = line + 1;
            break;
        }
        at = next;
    }
    if (cursor_line < e->scroll) e->scroll = cursor_line;
    if (cursor_line >= e->scroll + r.h) e->scroll = cursor_line - r.h + 1;
    at = 0;
    for (line = 0; line < e->scroll + r.h; line++) {
        size_t next = drawn_line(e, at, r.w - 1, &end);
        if (line >= e->scroll)
            draw_text(r.y + line - e->scroll, r.x, r.w, style, ALIGN_LEFT, true, buffer_string(&e->text) + at,
                      at < e->text.size ? end - at : 0);
        at = next;
    }
    if (focused) draw_cursor(r.y + cursor_line - e->scroll, r.x + cursor_column);
}

void edit_draw(Edit *e, Rect r, Style style, bool focused) {
    if (e->lines) draw_lines(e, r, style, focused);
    else draw_one(e, r, style, focused);
}
