/* Styles. Where there are 256 colours, calm ones that read on dark and on light backgrounds; else the terminal's own
 * eight. The background is the terminal's own but for the top line, the selection and what is typed into. */
#include "screen/theme.h"

#include <curses.h>

typedef struct Look {
    short many[2]; /* foreground and background, of 256 colours; -1: the terminal's own */
    short few[2];  /* of 8 or 16 */
    attr_t color;  /* with colour */
    attr_t mono;   /* without */
} Look;

static const Look looks[STYLE_COUNT] = {
    [STYLE_TEXT] = {{-1, -1}, {-1, -1}, A_NORMAL, A_NORMAL},
    [STYLE_ROW] = {{-1, -1}, {-1, -1}, A_NORMAL, A_NORMAL},
    [STYLE_STRONG] = {{-1, -1}, {-1, -1}, A_BOLD, A_BOLD},
    [STYLE_DIM] = {{245, -1}, {-1, -1}, A_NORMAL, A_NORMAL},
    [STYLE_RULE] = {{239, -1}, {-1, -1}, A_NORMAL, A_NORMAL},
    [STYLE_KEY] = {{43, -1}, {COLOR_CYAN, -1}, A_NORMAL, A_BOLD},
    [STYLE_ACCENT] = {{43, -1}, {COLOR_CYAN, -1}, A_BOLD, A_BOLD},
    [STYLE_GOOD] = {{77, -1}, {COLOR_GREEN, -1}, A_NORMAL, A_NORMAL},
    [STYLE_SOON] = {{214, -1}, {COLOR_YELLOW, -1}, A_NORMAL, A_NORMAL},
    [STYLE_LATE] = {{203, -1}, {COLOR_RED, -1}, A_NORMAL, A_BOLD},
    [STYLE_SELECTED] = {{15, 24}, {COLOR_WHITE, COLOR_BLUE}, A_NORMAL, A_REVERSE},
    [STYLE_CURRENT] = {{-1, 237}, {-1, -1}, A_NORMAL, A_UNDERLINE},
    [STYLE_FOUND] = {{43, -1}, {COLOR_CYAN, -1}, A_UNDERLINE, A_BOLD | A_UNDERLINE},
    [STYLE_HEADER] = {{250, 236}, {-1, -1}, A_NORMAL, A_NORMAL},
    [STYLE_HEADER_STRONG] = {{15, 236}, {-1, -1}, A_BOLD, A_BOLD},
    [STYLE_HEADER_ACCENT] = {{43, 236}, {COLOR_CYAN, -1}, A_BOLD, A_BOLD},
    [STYLE_TAB] = {{15, 24}, {COLOR_WHITE, COLOR_BLUE}, A_BOLD, A_REVERSE},
    [STYLE_CHIP] = {{43, 236}, {COLOR_CYAN, -1}, A_NORMAL, A_UNDERLINE},
    [STYLE_INPUT] = {{-1, 236}, {-1, -1}, A_NORMAL, A_UNDERLINE},
    [STYLE_VACANT] = {{245, 236}, {-1, -1}, A_NORMAL, A_UNDERLINE},
    [STYLE_FOCUS] = {{15, 24}, {COLOR_WHITE, COLOR_BLUE}, A_NORMAL, A_REVERSE},
    [STYLE_ERROR] = {{203, -1}, {COLOR_RED, -1}, A_BOLD, A_BOLD},
    [STYLE_HEAT_LOW] = {{255, 22}, {COLOR_GREEN, -1}, A_NORMAL, A_NORMAL},
    [STYLE_HEAT_SOME] = {{255, 28}, {COLOR_GREEN, -1}, A_NORMAL, A_NORMAL},
    [STYLE_HEAT_MIDDLE] = {{255, 58}, {COLOR_YELLOW, -1}, A_NORMAL, A_NORMAL},
    [STYLE_HEAT_HIGH] = {{255, 94}, {COLOR_YELLOW, -1}, A_BOLD, A_BOLD},
    [STYLE_HEAT_FULL] = {{255, 124}, {COLOR_RED, -1}, A_BOLD, A_BOLD},
    [STYLE_HEAT_OVER] = {{231, 196}, {COLOR_WHITE, COLOR_RED}, A_BOLD, A_BOLD | A_UNDERLINE},
};

static bool color_on;

void theme_start(bool color) {
    color_on = color && start_color() == OK && use_default_colors() == OK;
    for (int i = 0; color_on && i < STYLE_COUNT; i++) {
        const short *pair = COLORS >= 256 ? looks[i].many : looks[i].few;
        init_pair((short)(i + 1), pair[0], pair[1]);
    }
}

bool theme_has_color(void) {
    return color_on;
}

unsigned theme_attributes(Style style) {
    const Look *look = &looks[style];
    if (!color_on) return look->mono;
    /* With few colours the header has no background to stand out by. */
    if (COLORS < 256 && style == STYLE_HEADER) return A_NORMAL;
    return look->color;
}

short theme_pair(Style style) {
    return color_on && style != STYLE_TEXT && style != STYLE_STRONG ? (short)(style + 1) : 0;
}

Style style_of_tone(Tone tone) {
    switch (tone) {
    case TONE_PLAIN: return STYLE_TEXT;
    case TONE_GOOD: return STYLE_GOOD;
    case TONE_SOON: return STYLE_SOON;
    case TONE_LATE: return STYLE_LATE;
    case TONE_ACTIVE: return STYLE_ACCENT;
    case TONE_QUIET: return STYLE_DIM;
    }
    return STYLE_TEXT;
}
