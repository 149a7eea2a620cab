/* What comes from the keyboard, the mouse, and a paste. A paste comes between brackets that the terminal was asked for:
 * it is text, whatever keys it looks like. */
#include "screen/input.h"

#include "base/buffer.h"
#include "base/date.h"
#include "base/text.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    KEY_PASTE_BEGIN = KEY_MAX + 1,
    KEY_PASTE_END,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    PASTE_MAX = 1 << 20,
    PASTE_WAIT_MS = 500,
    REPORTS_MOST = 16
};

static struct {
    Buffer paste;
    bool mouse;
    MEVENT reports[REPORTS_MOST]; /* not taken yet, the newest first */
    int report_count;
} input;

void input_start(bool mouse) {
    define_key("\033[200~", KEY_PASTE_BEGIN);
    define_key("\033[201~", KEY_PASTE_END);
    /* Ctrl or Alt with an arrow, as xterm and those after it send it. */
    define_key("\033[1;5D", KEY_WORD_LEFT);
    define_key("\033[1;3D", KEY_WORD_LEFT);
    define_key("\033[1;5C", KEY_WORD_RIGHT);
    define_key("\033[1;3C", KEY_WORD_RIGHT);
    input.mouse = mouse;
    if (mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0);
    }
}

void input_stop(void) {
    if (input.mouse) mousemask(0, NULL);
    buffer_free(&input.paste);
}

bool input_pending(void) {
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

/* A terminal that is gone is readable and yields nothing, for ever. */
static bool closed(void) {
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    int waiting = 0;
    if (poll(&p, 1, 0) <= 0) return false;
    if (p.revents & (POLLHUP | POLLERR | POLLNVAL)) return true;
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

static void add_point(uint32_t point) {
    char bytes[4];
    size_t n = text_encode(point, bytes);
    if (input.paste.size + n <= PASTE_MAX) buffer_add(&input.paste, bytes, n);
}

/* Reads up to the closing bracket; what came so far where it does not come. */
static Event take_paste(void) {
    wint_t c;
    buffer_clear(&input.paste);
    timeout(PASTE_WAIT_MS);
    for (;;) {
        int kind = get_wch(&c);
        if (kind == ERR || (kind == KEY_CODE_YES && c == KEY_PASTE_END)) break;
        if (kind == KEY_CODE_YES && c == KEY_ENTER) add_point('\n');
        else if (kind != KEY_CODE_YES) add_point(c == '\r' ? '\n' : (uint32_t)c);
    }
    timeout(0);
    return (Event){.kind = EVENT_PASTE, .text = buffer_string(&input.paste), .size = input.paste.size};
}

static Event mouse_event(MEVENT m) {
    static int last_y = -1, last_x = -1;
    static int64_t last_ms;
    if (m.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED))
        return (Event){.kind = EVENT_WHEEL, .y = m.y, .x = m.x, .lines = m.bstate & BUTTON4_PRESSED ? -3 : 3};
    if (!(m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED))) return (Event){0};
    int64_t now_ms = clock_ms();
    bool twice = m.bstate & BUTTON1_DOUBLE_CLICKED || (m.y == last_y && m.x == last_x && now_ms - last_ms < 400);
    last_y = twice ? -1 : m.y;
    last_x = m.x;
    last_ms = now_ms;
    return (Event){.kind = EVENT_CLICK, .y = m.y, .x = m.x, .twice = twice};
}

/* The oldest report that means something. */
static Event next_report(void) {
    while (input.report_count) {
        Event e = mouse_event(input.reports[--input.report_count]);
        if (e.kind != EVENT_NONE) return e;
    }
    return (Event){0};
}

/* Reports that came at once are told as one key, and handed out newest first. */
static Event take_mouse(void) {
    MEVENT m;
    while (input.report_count < REPORTS_MOST && getmouse(&m) == OK) {
        input.reports[input.report_count++] = m;
    }
    return next_report();
}

static Event key(Key k) {
    return (Event){.kind = EVENT_KEY, .key = k};
}

static Event code_event(wint_t c) {
    static const struct {
        wint_t code;
        Key key;
    } table[] = {{KEY_UP, KEY_IS_UP},         {KEY_DOWN, KEY_IS_DOWN},           {KEY_LEFT, KEY_IS_LEFT},
                 {KEY_RIGHT, KEY_IS_RIGHT},   {KEY_HOME, KEY_IS_HOME},           {KEY_END, KEY_IS_END},
                 {KEY_PPAGE, KEY_IS_PAGE_UP}, {KEY_NPAGE, KEY_IS_PAGE_DOWN},     {KEY_BTAB, KEY_IS_BACKTAB},
                 {KEY_DC, KEY_IS_DELETE},     {KEY_BACKSPACE, KEY_IS_BACKSPACE}, {KEY_ENTER, KEY_IS_ENTER},
                 {KEY_IC, KEY_IS_INSERT},     {KEY_FIND, KEY_IS_HOME},           {KEY_SELECT, KEY_IS_END}};
    if (c == KEY_PASTE_BEGIN) return take_paste();
    if (c == KEY_MOUSE) return take_mouse();
    if (c == KEY_WORD_LEFT || c == KEY_WORD_RIGHT)
        return (Event){.kind = EVENT_KEY, .key = c == KEY_WORD_LEFT ? KEY_IS_LEFT : KEY_IS_RIGHT, .control = true};
    if (c >= KEY_F(1) && c <= KEY_F(12))
        return (Event){.kind = EVENT_KEY, .key = KEY_IS_FUNCTION, .point = (uint32_t)(c - KEY_F0)};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].code == c) return key(table[i].key);
    }
    return (Event){0};
}

static Event char_event(wint_t c) {
    switch (c) {
    case '\r':
    case '\n': return key(KEY_IS_ENTER);
    case '\t': return key(KEY_IS_TAB);
    case 27: return key(KEY_IS_ESCAPE);
    case 8:
    case 127: return key(KEY_IS_BACKSPACE);
    default: break;
    }
    if (c < 32) return (Event){.kind = EVENT_KEY, .key = KEY_IS_CONTROL, .point = (uint32_t)c + 96};
    return (Event){.kind = EVENT_KEY, .key = KEY_IS_CHAR, .point = (uint32_t)c};
}

Event input_next(bool *gone) {
    wint_t c;
    *gone = false;
    Event waiting = next_report();
    if (waiting.kind != EVENT_NONE) return waiting;
    for (;;) {
        int kind = get_wch(&c);
        if (kind == ERR) {
            *gone = closed();
            return (Event){0};
        }
        Event e = kind == KEY_CODE_YES ? code_event(c) : char_event(c);
        if (e.kind != EVENT_NONE) return e;
    }
}

bool event_is_char(const Event *e, uint32_t point) {
    return e->kind == EVENT_KEY && e->key == KEY_IS_CHAR && e->point == point;
}

bool event_is_key(const Event *e, Key k) {
    return e->kind == EVENT_KEY && e->key == k;
}

bool event_is_control(const Event *e, char letter) {
    return e->kind == EVENT_KEY && e->key == KEY_IS_CONTROL && e->point == (uint32_t)letter;
}

bool event_clicks(const Event *e, Rect r) {
    return e->kind == EVENT_CLICK && e->y >= r.y && e->y < r.y + r.h && e->x >= r.x && e->x < r.x + r.w;
}
