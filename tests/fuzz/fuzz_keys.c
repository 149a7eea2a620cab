/* Any bytes from a terminal: keys, half sequences, pastes and mouse reports go through the same input as on the screen into
 * a field being typed, of one line or of several. The field always holds clean text and its cursor stands between
 * characters. */
#include "fuzz.h"

#include "base/text.h"
#include "screen/input.h"
#include "widgets/edit.h"

#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A terminal whose keyboard is a file: at its end nothing more comes. */
static int open_terminal(void) {
    static int keyboard = -1;
    static FILE *out;
    if (keyboard >= 0) return keyboard;
    setlocale(LC_CTYPE, "C.UTF-8");
    keyboard = memfd_create("keyboard", MFD_CLOEXEC);
    out = fopen("/dev/null", "we");
    FUZZ_HOLDS(keyboard >= 0 && out && dup2(keyboard, STDIN_FILENO) == STDIN_FILENO);
    FUZZ_HOLDS(newterm("xterm-256color", out, stdin));
    set_escdelay(1);
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    input_start(true);
    return keyboard;
}

static void check_edit(const Edit *e) {
    FUZZ_HOLDS(e->cursor <= e->text.size && e->text.size <= (e->max ? e->max : EDIT_BYTES_MOST));
    FUZZ_HOLDS(e->cursor == e->text.size || ((unsigned char)e->text.bytes[e->cursor] & 0xC0) != 0x80);
    FUZZ_HOLDS(strlen(edit_string(e)) == e->text.size);
}

/* Of a joiner alone between no letters nothing is stored, but it may be on its way; so whether it can be shown is asked
 * of the text as it goes out. */
static void check_text(const Edit *e) {
    Buffer out = {0};
    text_clean_out(&out, edit_string(e), e->text.size, e->lines);
    FUZZ_HOLDS(text_is_clean(buffer_string(&out), out.size, e->lines));
    for (size_t i = 0; i < e->text.size; i++) {
        unsigned char c = (unsigned char)e->text.bytes[i];
        FUZZ_HOLDS((c >= 0x20 && c != 0x7F) || (c == '\n' && e->lines));
    }
    buffer_free(&out);
}

static void feed(const uint8_t *bytes, size_t size, bool lines) {
    Edit edit = {0};
    bool gone = false;
    int keyboard = open_terminal();
    /* ncurses reads a mouse report to its end, whatever comes; this is one. */
    FUZZ_HOLDS(ftruncate(keyboard, 0) == 0 && pwrite(keyboard, bytes, size, 0) == (ssize_t)size);
    FUZZ_HOLDS(pwrite(keyboard, "M", 1, (off_t)size) == 1);
    FUZZ_HOLDS(lseek(STDIN_FILENO, 0, SEEK_SET) == 0);
    edit_set(&edit, "", lines);
    edit.width = 20;
    for (size_t steps = 0;; steps++) {
        Event event = input_next(&gone);
        if (event.kind == EVENT_NONE) break;
        FUZZ_HOLDS(steps <= size + 1);
        edit_event(&edit, &event);
        if (event.kind == EVENT_CLICK) edit_click(&edit, (Rect){0, 0, 4, edit.width + 1}, event.y, event.x);
        check_edit(&edit);
    }
    check_text(&edit);
    edit_free(&edit);
    flushinp();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (!size || size > 4096) return 0;
    feed(bytes + 1, size - 1, bytes[0] & 1);
    return 0;
}
