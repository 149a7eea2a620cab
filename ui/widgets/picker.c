/* A list to choose from by typing. */
#include "widgets/picker.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { WIDEST = 84, TALLEST = 20, CODE_MOST = 22, MORE_LINES = 2 };

void picker_start(Picker *p, const char *title, PickerSource source, void *context) {
    *p = (Picker){.title = title,
                  .source = source,
                  .context = context,
                  .several = p->several,
                  .wordless = p->wordless,
                  .empty = p->empty};
    picker_refresh(p);
}

void picker_free(Picker *p) {
    edit_free(&p->typed);
    buffer_free(&p->typed_folded);
    arena_free(&p->arena);
    *p = (Picker){0};
}

void picker_refresh(Picker *p) {
    arena_reset(&p->arena);
    p->items = NULL;
    p->count = 0;
    buffer_clear(&p->typed_folded);
    text_fold(&p->typed_folded, edit_string(&p->typed), p->typed.text.size);
    p->source(p->context, edit_string(&p->typed), &p->arena, &p->items, &p->count);
    if (p->cursor >= p->count) p->cursor = p->count ? p->count - 1 : 0;
    p->code_width = 0;
    p->says_more = false;
    for (int i = 0; i < p->count; i++) {
        int w = p->wordless ? 0 : text_width(p->items[i].code, strlen(p->items[i].code));
        if (w > p->code_width) p->code_width = w;
        p->says_more = p->says_more || p->items[i].more;
    }
    if (p->code_width > CODE_MOST) p->code_width = CODE_MOST;
}

void picker_sort(PickerItem *items, int count) {
    for (int i = 1; i < count; i++) {
        PickerItem item = items[i];
        int k = i;
        for (; k && items[k - 1].place > item.place; k--) {
            items[k] = items[k - 1];
        }
        items[k] = item;
    }
}

const PickerItem *picker_item(const Picker *p) {
    return p->count ? &p->items[p->cursor] : NULL;
}

static void move_to(Picker *p, int to) {
    if (to < 0) to = 0;
    if (to >= p->count) to = p->count - 1;
    p->cursor = to < 0 ? 0 : to;
}

void picker_go_to_chosen(Picker *p) {
    for (int i = 0; i < p->count; i++) {
        if (!p->items[i].chosen) continue;
        move_to(p, i);
        return;
    }
}

bool picker_click(Picker *p, const Event *e) {
    int at = p->top + e->y - p->list.y;
    if (!event_clicks(e, p->list) || at >= p->count) return false;
    p->cursor = at;
    return true;
}

static PickerAnswer choose(const Picker *p) {
    return p->count && !p->items[p->cursor].off ? PICKER_CHOSEN : PICKER_OPEN;
}

PickerAnswer picker_event(Picker *p, const Event *e) {
    if (e->kind == EVENT_CLICK) return picker_click(p, e) ? choose(p) : PICKER_OPEN;
    if (e->kind == EVENT_WHEEL) {
        move_to(p, p->cursor + (e->lines > 0 ? 1 : -1));
        return PICKER_OPEN;
    }
    if (e->kind == EVENT_KEY) {
        switch (e->key) {
        case KEY_IS_ESCAPE: return PICKER_LEFT;
        case KEY_IS_ENTER: return choose(p);
        case KEY_IS_UP:
        case KEY_IS_BACKTAB: move_to(p, p->cursor - 1); return PICKER_OPEN;
        case KEY_IS_DOWN:
        case KEY_IS_TAB: move_to(p, p->cursor + 1); return PICKER_OPEN;
        case KEY_IS_HOME:
        case KEY_IS_END:
            if (p->typed.text.size) break; /* of what is typed */
            move_to(p, e->key == KEY_IS_HOME ? 0 : p->count - 1);
            return PICKER_OPEN;
        case KEY_IS_PAGE_UP: move_to(p, p->cursor - 10); return PICKER_OPEN;
        case KEY_IS_PAGE_DOWN: move_to(p, p->cursor + 10); return PICKER_OPEN;
        case KEY_IS_CONTROL:
            if (e->point == 'n' || e->point == 'p') {
                move_to(p, p->cursor + (e->point == 'n' ? 1 : -1));
                return PICKER_OPEN;
            }
            break;
        default: break;
        }
    }
    size_t before = p->typed.text.size;
    if (edit_event(&p->typed, e) && p->typed.text.size != before) {
        p->cursor = 0;
        picker_refresh(p);
    }
    return PICKER_OPEN;
}

Rect draw_box(Rect r, int w, int h, const char *title) {
    if (w > r.w) w = r.w;
    if (h > r.h) h = r.h;
    Rect box = {r.y + (r.h - h) / 2, r.x + (r.w - w) / 2, h, w};
    /* A blank column on each side; where less than a word would be left beside the box, all of it. */
    int side = (r.w - w) / 2 < 12 ? (r.w - w + 1) / 2 : 1;
    draw_fill((Rect){box.y, box.x - side, box.h, box.w + 2 * side}, STYLE_TEXT);
    draw_line(box.y, box.x, box.w, STYLE_RULE);
    draw_line(box.y + box.h - 1, box.x, box.w, STYLE_RULE);
    draw_bar(box.y + 1, box.x, box.h - 2, STYLE_RULE);
    draw_bar(box.y + 1, box.x + box.w - 1, box.h - 2, STYLE_RULE);
    draw_point(box.y, box.x, STYLE_RULE, 0x256D, '+');
    draw_point(box.y, box.x + box.w - 1, STYLE_RULE, 0x256E, '+');
    draw_point(box.y + box.h - 1, box.x, STYLE_RULE, 0x2570, '+');
    draw_point(box.y + box.h - 1, box.x + box.w - 1, STYLE_RULE, 0x256F, '+');
    draw_point(box.y, box.x + 1, STYLE_TEXT, ' ', ' ');
    int used = draw_string(box.y, box.x + 2, box.w - 5, STYLE_STRONG, title);
    draw_point(box.y, box.x + 2 + used, STYLE_TEXT, ' ', ' ');
    return (Rect){box.y + 1, box.x + 2, box.h - 2, box.w - 4};
}

/* Marks the letters by which an item was found. In the row one is on all stands out already. */
static void mark_found(const Picker *p, int y, int x, int w, const char *text) {
    size_t start, end = 0;
    while (found_part(buffer_string(&p->typed_folded), text, end, &start, &end)) {
        int column = text_width(text, start);
        /* What is cut has an ellipsis at its end. */
        if (text_width(text, end) >= w) return;
        draw_text(y, x + column, w - column, STYLE_ACCENT, ALIGN_LEFT, false, text + start, end - start);
    }
}

static void draw_item(const Picker *p, const PickerItem *item, int y, Rect r, bool here) {
    Style style = here ? STYLE_SELECTED : item->off ? STYLE_DIM : STYLE_TEXT;
    int x = r.x, right = 0;
    if (here) draw_fill((Rect){y, r.x, 1, r.w}, style);
    if (p->several) {
        draw_string(y, x, 2, here ? style : STYLE_ACCENT, item->chosen ? draw_symbol("✓", "x") : " ");
        x += 2;
    }
    if (item->right) right = draw_right(y, x, r.w - (x - r.x) - 1, here ? style : STYLE_DIM, item->right) + 2;
    if (p->code_width) {
        draw_string(y, x, p->code_width, here ? style : item->off ? STYLE_DIM : STYLE_STRONG, item->code);
        x += p->code_width + 2;
    }
    draw_string(y, x, r.x + r.w - x - right, style, item->label);
    if (here || item->off) return;
    if (p->code_width) mark_found(p, y, x - p->code_width - 2, p->code_width, item->code);
    mark_found(p, y, x, r.x + r.w - x - right, item->label);
}

void picker_draw(Picker *p, Rect r) {
    int foot = p->says_more ? MORE_LINES + 1 : 0, wanted = p->count + 4 + foot;
    int h = wanted > TALLEST ? TALLEST : wanted, w = r.w - 4 < WIDEST ? r.w - 4 : WIDEST;
    if (h < 7) h = 7;
    Rect in = draw_box(r, w, h > r.h ? r.h : h, p->title);
    Rect list = p->list = (Rect){in.y + 2, in.x, in.h - 2 - foot, in.w};
    char place[40] = "";
    int said = 0;
    if (p->cursor < p->top) p->top = p->cursor;
    if (p->cursor >= p->top + list.h) p->top = p->cursor - list.h + 1;
    if (p->count > list.h) {
        snprintf(place, sizeof place, _("%d of %d"), p->cursor + 1, p->count);
        said = draw_right(in.y, in.x + in.w / 2, in.w - in.w / 2, STYLE_DIM, place) + 2;
    }
    draw_string(in.y, in.x, 2, STYLE_ACCENT, draw_symbol("›", ">"));
    edit_draw(&p->typed, (Rect){in.y, in.x + 2, 1, in.w - 2 - said}, STYLE_TEXT, true);
    if (p->typed.more_before) draw_string(in.y, in.x, 1, STYLE_ACCENT, draw_symbol("‹", "<"));
    for (int i = 0; i < list.h && p->top + i < p->count; i++) {
        draw_item(p, &p->items[p->top + i], list.y + i, list, p->top + i == p->cursor);
    }
    if (!p->count) draw_string(list.y, list.x, list.w, STYLE_DIM, p->empty ? p->empty : _("Nothing matches."));
    draw_more(list, p->top > 0, p->top + list.h < p->count);
    const PickerItem *here = picker_item(p);
    if (here && here->more)
        draw_wrapped((Rect){list.y + list.h + 1, list.x, MORE_LINES, list.w}, STYLE_SOON, here->more);
}
