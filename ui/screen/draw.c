/* Drawing. */
#include "screen/draw.h"

#include "base/text.h"
#include "screen/ascii.h"
#include "screen/bidi.h"
#include "screen/found.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool bidi_on = true;
static int cursor_y = -1, cursor_x;

enum { ELLIPSIS_BYTES = 3, TEXT_MAX = 4096 };

void draw_set_bidi(bool on) {
    bidi_on = on;
}

const char *draw_symbol(const char *utf8, const char *ascii) {
    return screen_ascii() ? ascii : utf8;
}

/* --- one line of text --------------------------------------------------------------------------------------------- */

static void style_cell(cchar_t *cell, const wchar_t *points, Style style) {
    setcchar(cell, points, theme_attributes(style), theme_pair(style), NULL);
}

static int point_columns(uint32_t c) {
    char bytes[4];
    int columns;
    size_t n = text_encode(c, bytes);
    text_cluster(bytes, n, &columns);
    return columns;
}

/* What a text is drawn with: its style, and another for the letters that were searched for. */
typedef struct Ink {
    Style style, found;
    const char *words; /* folded, parted by blanks; NULL: nothing was searched for */
} Ink;

/* Puts code points into cells, marks upon the letter before them; returns the columns used. */
static int put_points(int y, int x, int w, const Ink *ink, const uint32_t *points, const bool *found, int count) {
    int used = 0;
    for (int i = 0; i < count;) {
        wchar_t cluster[CCHARW_MAX + 1] = {0};
        int columns = point_columns(points[i]), n = 0;
        if (!columns) { /* a mark without a letter */
            i++;
            continue;
        }
        if (used + columns > w) break;
        Style style = found && found[i] ? ink->found : ink->style;
        do {
            if (n < CCHARW_MAX - 1) cluster[n++] = (wchar_t)points[i];
            i++;
        } while (i < count && !point_columns(points[i]));
        cchar_t cell;
        style_cell(&cell, cluster, style);
        mvadd_wch(y, x + used, &cell);
        used += columns;
    }
    return used;
}

static int put_text(int y, int x, int w, const Ink *ink, const char *text, size_t size) {
    uint32_t points[BIDI_MAX];
    bool in_text[BIDI_MAX], found[BIDI_MAX];
    int from[BIDI_MAX], count = 0;
    bool right_to_left, reorder = bidi_on && bidi_needed(text, size);
    bool any = ink->words && *ink->words && found_mark(text, size, ink->words, in_text, BIDI_MAX);
    if (reorder) count = bidi_visual(text, size, points, from, &right_to_left);
    else {
        for (size_t at = 0, used; at < size && count < BIDI_MAX; at += used) {
            points[count++] = text_decode(text + at, size - at, &used);
        }
    }
    for (int i = 0; any && i < count; i++) {
        found[i] = in_text[reorder ? from[i] : i];
    }
    return put_points(y, x, w, ink, points, any ? found : NULL, count);
}

/* Cuts clean text to w columns, with an ellipsis where something is lost. */
static void clip(Buffer *b, int w) {
    int used;
    if (text_width(buffer_string(b), b->size) <= w) return;
    size_t n = text_fit(buffer_string(b), b->size, w - 1, &used);
    while (n && b->bytes[n - 1] == ' ') {
        n--;
    }
    b->size = n;
    buffer_add_string(b, screen_ascii() ? "~" : "…");
}

static bool plain_ascii(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7E) return false;
    }
    return true;
}

static int draw_inked(int y, int x, int w, const Ink *ink, Align align, bool fill, const char *text, size_t size) {
    if (w <= 0 || y < 0 || y >= LINES || x >= COLS) return 0;
    if (x + w > COLS) w = COLS - x;
    if (size > TEXT_MAX) size = TEXT_MAX;
    Buffer clean = {0}, ascii = {0};
    text_clean_out(&clean, text, size, false);
    if (screen_ascii() && !plain_ascii(buffer_string(&clean), clean.size)) {
        text_to_ascii(&ascii, buffer_string(&clean), clean.size);
        Buffer swap = clean;
        clean = ascii;
        ascii = swap;
    }
    clip(&clean, w);
    int width = text_width(buffer_string(&clean), clean.size);
    int start = align == ALIGN_LEFT ? 0 : align == ALIGN_RIGHT ? w - width : (w - width) / 2;
    if (fill) draw_fill((Rect){y, x, 1, w}, ink->style);
    int used = put_text(y, x + start, w - start, ink, buffer_string(&clean), clean.size);
    buffer_free(&clean);
    buffer_free(&ascii);
    return used;
}

int draw_text(int y, int x, int w, Style style, Align align, bool fill, const char *text, size_t size) {
    const Ink ink = {.style = style};
    return draw_inked(y, x, w, &ink, align, fill, text, size);
}

int draw_found(int y, int x, int w, Style style, Style found, const char *words, const char *text, size_t size) {
    const Ink ink = {style, found, words};
    return draw_inked(y, x, w, &ink, ALIGN_LEFT, false, text, size);
}

int draw_string(int y, int x, int w, Style style, const char *text) {
    return draw_text(y, x, w, style, ALIGN_LEFT, false, text, strlen(text));
}

int draw_right(int y, int x, int w, Style style, const char *text) {
    return draw_text(y, x, w, style, ALIGN_RIGHT, false, text, strlen(text));
}

int draw_format(int y, int x, int w, Style style, const char *format, ...) {
    char text[TEXT_MAX];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return draw_string(y, x, w, style, text);
}

/* --- a line that is being typed ------------------------------------------------------------------------------------- */

static bool is_transliterated(const char *text, size_t size) {
    return screen_ascii() && !plain_ascii(text, size);
}

bool draw_typed_leftward(const char *text, size_t size) {
    bool leftward = false;
    if (bidi_on && bidi_needed(text, size) && !is_transliterated(text, size)) bidi_column(text, size, 0, &leftward);
    return leftward;
}

void draw_typed(int y, int x, int w, Style style, const char *text, size_t size) {
    draw_text(y, x, w, style, draw_typed_leftward(text, size) ? ALIGN_RIGHT : ALIGN_LEFT, true, text, size);
}

int draw_typed_column(int w, const char *text, size_t size, size_t at) {
    if (is_transliterated(text, size)) {
        Buffer before = {0};
        text_to_ascii(&before, text, at);
        int column = text_width(buffer_string(&before), before.size);
        buffer_free(&before);
        return column;
    }
    if (!bidi_on || !bidi_needed(text, size)) return text_width(text, at);
    bool leftward;
    int column = bidi_column(text, size, at, &leftward);
    if (!leftward) return column;
    /* As draw_text places it: by the width before letters are joined. */
    column += w - text_width(text, size);
    return column < 0 ? 0 : column;
}

/* --- several lines ------------------------------------------------------------------------------------------------ */

/* The bytes of text that go on one line of w columns, and how many more to pass over before the next. */
static size_t break_line(const char *text, size_t size, int w, size_t *skip) {
    const char *newline = memchr(text, '\n', size);
    size_t line = newline ? (size_t)(newline - text) : size;
    int used;
    size_t n = text_fit(text, line, w, &used);
    *skip = 0;
    if (n == line) {
        *skip = newline != NULL;
        return n;
    }
    size_t blank = n;
    if (text[n] != ' ') {
        while (blank && text[blank - 1] != ' ') {
            blank--;
        }
    }
    if (!blank) return n ? n : size;
    n = blank;
    while (n + *skip < line && text[n + *skip] == ' ') {
        ++*skip;
    }
    while (n && text[n - 1] == ' ') {
        n--;
        ++*skip;
    }
    return n;
}

int draw_wrapped(Rect r, Style style, const char *text) {
    int lines = 0;
    size_t size = strlen(text), skip;
    if (r.w <= 0) return 0;
    while (size && lines < r.h) {
        size_t n = break_line(text, size, r.w, &skip);
        bool last = lines == r.h - 1 && n + skip < size;
        /* The last line there is room for says, by its ellipsis, that there is more. */
        draw_text(r.y + lines++, r.x, r.w, style, ALIGN_LEFT, false, text, last ? size : n);
        text += n + skip;
        size -= n + skip;
    }
    return lines;
}

int wrapped_height(int w, const char *text) {
    int lines = 0;
    size_t size = strlen(text), skip;
    while (size && w > 0) {
        size_t n = break_line(text, size, w, &skip);
        text += n + skip;
        size -= n + skip;
        lines++;
    }
    return lines;
}

const char *wrapped_rest(int w, const char *text, int lines) {
    size_t size = strlen(text), skip;
    for (; size && w > 0 && lines > 0; lines--) {
        size_t n = break_line(text, size, w, &skip);
        text += n + skip;
        size -= n + skip;
    }
    return text;
}

/* --- shapes ------------------------------------------------------------------------------------------------------- */

static void put_cell(int y, int x, Style style, wchar_t point) {
    wchar_t text[2] = {point, 0};
    cchar_t cell;
    if (y < 0 || y >= LINES || x < 0 || x >= COLS) return;
    style_cell(&cell, text, style);
    mvadd_wch(y, x, &cell);
}

void draw_fill(Rect r, Style style) {
    for (int y = r.y; y < r.y + r.h; y++) {
        for (int x = r.x; x < r.x + r.w; x++) {
            put_cell(y, x, style, L' ');
        }
    }
}

void draw_more(Rect r, bool above, bool below) {
    if (above) draw_string(r.y, r.x + r.w, 1, STYLE_ACCENT, draw_symbol("↑", "^"));
    if (below) draw_string(r.y + r.h - 1, r.x + r.w, 1, STYLE_ACCENT, draw_symbol("↓", "v"));
}

void draw_over(Rect r, Style style) {
    for (int y = r.y; y < r.y + r.h && y < LINES; y++) {
        for (int x = r.x; x < r.x + r.w && x < COLS; x++) {
            attr_t kept = mvinch(y, x) & A_UNDERLINE;
            chgat(1, theme_attributes(style) | kept, theme_pair(style), NULL);
        }
    }
}

void draw_line(int y, int x, int w, Style style) {
    for (int i = 0; i < w; i++) {
        put_cell(y, x + i, style, screen_ascii() ? L'-' : L'─');
    }
}

void draw_bar(int y, int x, int h, Style style) {
    for (int i = 0; i < h; i++) {
        put_cell(y + i, x, style, screen_ascii() ? L'|' : L'│');
    }
}

void draw_point(int y, int x, Style style, uint32_t point, char ascii) {
    put_cell(y, x, style, screen_ascii() ? (wchar_t)ascii : (wchar_t)point);
}

static int64_t gauge_cells(int w, int64_t part, int64_t whole) {
    int64_t cells = whole > 0 ? (part * w + whole / 2) / whole : 0;
    if (part > 0 && !cells) cells = 1;
    return cells < w ? cells : w;
}

void draw_gauge_held(int y, int x, int w, Style style, int64_t part, int64_t held, int64_t whole) {
    int64_t filled = gauge_cells(w, part, whole), to = held > 0 ? gauge_cells(w, part + held, whole) : filled;
    /* What is held shows, however little it is. */
    if (held > 0 && to == filled) to < w ? to++ : filled--;
    for (int i = 0; i < w; i++) {
        if (i < filled) put_cell(y, x + i, style, screen_ascii() ? L'#' : L'━');
        else if (i < to) put_cell(y, x + i, STYLE_SOON, screen_ascii() ? L'=' : L'╍');
        else put_cell(y, x + i, STYLE_RULE, screen_ascii() ? L'-' : L'─');
    }
}

void draw_gauge(int y, int x, int w, Style style, int64_t part, int64_t whole) {
    draw_gauge_held(y, x, w, style, part, 0, whole);
}

void draw_title(int y, int x, int w, const char *title, const char *more) {
    int used = draw_string(y, x, w, STYLE_STRONG, title);
    if (*more && used + 2 < w) used += 1 + draw_string(y, x + used + 1, w - used - 1, STYLE_DIM, more);
    if (used + 2 < w) draw_line(y, x + used + 1, w - used - 1, STYLE_RULE);
}

/* --- the picture -------------------------------------------------------------------------------------------------- */

void draw_begin(void) {
    erase();
    cursor_y = -1;
}

void draw_cursor(int y, int x) {
    cursor_y = y;
    cursor_x = x < COLS ? x : COLS - 1;
}

void draw_end(void) {
    if (cursor_y >= 0 && cursor_y < LINES) move(cursor_y, cursor_x);
    curs_set(cursor_y >= 0);
    wnoutrefresh(stdscr);
    doupdate();
}
