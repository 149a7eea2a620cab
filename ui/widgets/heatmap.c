/* A heatmap. */
#include "widgets/heatmap.h"

#include <string.h>

static int label_width(const Heatmap *h, int w) {
    int name = w >= 120 ? 34 : w >= 76 ? 18 : w >= 66 ? 12 : 7;
    return h->code_width + 1 + name + 1;
}

int heatmap_columns(const Heatmap *h, int w) {
    int n = (w - label_width(h, w)) / HEAT_CELL;
    return n > 0 ? n : 1;
}

void heatmap_go(Heatmap *h, int line, int column) {
    h->line = line >= h->lines ? h->lines - 1 : line;
    if (h->line < 0) h->line = 0;
    h->column = column > h->most ? h->most : column < h->least ? h->least : column;
}

void heatmap_scroll(Heatmap *h, Rect r) {
    int columns = heatmap_columns(h, r.w), lines = r.h > 1 ? r.h - 1 : 1;
    h->at = r;
    h->width = columns;
    h->height = lines;
    h->label_width = label_width(h, r.w);
    heatmap_go(h, h->line, h->column);
    if (h->left > h->most - columns + 1) h->left = h->most - columns + 1;
    if (h->left < h->least) h->left = h->least;
    if (h->column < h->left) h->left = h->column;
    if (h->column >= h->left + columns) h->left = h->column - columns + 1;
    if (h->top > h->lines - lines) h->top = h->lines - lines;
    if (h->line < h->top) h->top = h->line;
    if (h->line >= h->top + lines) h->top = h->line - lines + 1;
    if (h->top < 0) h->top = 0;
}

static Style style_of(HeatLevel level) {
    switch (level) {
    case HEAT_NOTHING: return STYLE_DIM;
    case HEAT_EMPTY: return STYLE_DIM;
    case HEAT_LOW: return STYLE_HEAT_LOW;
    case HEAT_SOME: return STYLE_HEAT_SOME;
    case HEAT_MIDDLE: return STYLE_HEAT_MIDDLE;
    case HEAT_HIGH: return STYLE_HEAT_HIGH;
    case HEAT_FULL: return STYLE_HEAT_FULL;
    case HEAT_OVER: return STYLE_HEAT_OVER;
    }
    return STYLE_TEXT;
}

static void draw_cell(int y, int x, const HeatCell *c, bool here, bool focused) {
    Style style = here ? (focused ? STYLE_SELECTED : STYLE_CURRENT) : style_of(c->level);
    const char *text = *c->text ? c->text : draw_symbol("·", ".");
    if (here || c->level > HEAT_EMPTY) draw_fill((Rect){y, x, 1, HEAT_CELL - 1}, style);
    /* A sign at the end stands beyond the column of digits, so that these stay aligned. */
    size_t n = strlen(text);
    bool sign = n && (text[n - 1] == '!' || n == HEAT_CELL - 1);
    draw_right(y, x, HEAT_CELL - 1 - !sign, style, text);
    if (here) draw_cursor(y, x + HEAT_CELL - 2);
}

void heatmap_draw(Heatmap *h, Rect r, const HeatSource *source, bool focused) {
    heatmap_scroll(h, r);
    int x0 = r.x + h->label_width;
    for (int i = 0; i < h->width && h->left + i <= h->most; i++) {
        HeatHeading heading = {0};
        source->heading(source->context, h->left + i, &heading);
        draw_right(r.y, x0 + i * HEAT_CELL, HEAT_CELL - 2, heading.now ? STYLE_ACCENT : STYLE_DIM, heading.text);
    }
    for (int i = 0; i < h->height && h->top + i < h->lines; i++) {
        int line = h->top + i, y = r.y + 1 + i;
        const char *code = "", *name = "";
        source->label(source->context, line, &code, &name);
        draw_string(y, r.x, h->code_width, line == h->line ? STYLE_ACCENT : STYLE_STRONG, code);
        draw_string(y, r.x + h->code_width + 1, h->label_width - h->code_width - 2,
                    line == h->line ? STYLE_TEXT : STYLE_DIM, name);
        for (int k = 0; k < h->width && h->left + k <= h->most; k++) {
            HeatCell cell = {0};
            source->cell(source->context, line, h->left + k, &cell);
            draw_cell(y, x0 + k * HEAT_CELL, &cell, line == h->line && h->left + k == h->column, focused);
        }
    }
}

static bool click(Heatmap *h, const Event *e) {
    int line = e->y - h->at.y - 1, column = (e->x - h->at.x - h->label_width) / HEAT_CELL;
    if (line < 0 || line >= h->height || h->top + line >= h->lines) return false;
    if (e->x < h->at.x + h->label_width || column >= h->width) return false;
    heatmap_go(h, h->top + line, h->left + column);
    return true;
}

bool heatmap_event(Heatmap *h, const Event *e) {
    int line = h->line, column = h->column;
    if (e->kind == EVENT_CLICK) return click(h, e);
    if (e->kind == EVENT_WHEEL) line += e->lines > 0 ? 1 : -1;
    else if (e->kind != EVENT_KEY) return false;
    else if (e->key == KEY_IS_DOWN || event_is_char(e, 'j')) line++;
    else if (e->key == KEY_IS_UP || event_is_char(e, 'k')) line--;
    else if (e->key == KEY_IS_LEFT || event_is_char(e, 'h')) column--;
    else if (e->key == KEY_IS_RIGHT || event_is_char(e, 'l')) column++;
    else if (e->key == KEY_IS_HOME) line = 0;
    else if (e->key == KEY_IS_END) line = h->lines - 1;
    else if (e->key == KEY_IS_PAGE_DOWN || e->key == KEY_IS_PAGE_UP) {
        int by = e->key == KEY_IS_PAGE_DOWN ? h->width : -h->width;
        column += by;
        h->left += by;
    } else return false;
    heatmap_go(h, line, column);
    if (h->left < h->least) h->left = h->least;
    return true;
}
