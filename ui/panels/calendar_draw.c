/* Drawing the calendar: its cells, and under them what lies in the one at the cursor. */
#include "panels/calendar_view.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* --- the map ------------------------------------------------------------------------------------------------------ */

static HeatLevel level_of(int percent) {
    if (percent < 0) return HEAT_NOTHING;
    if (percent > 100) return HEAT_OVER;
    return percent == 100  ? HEAT_FULL
           : percent >= 80 ? HEAT_HIGH
           : percent >= 50 ? HEAT_MIDDLE
           : percent >= 25 ? HEAT_SOME
           : percent       ? HEAT_LOW
                           : HEAT_EMPTY;
}

static void cell_of(void *context, int line, int column, HeatCell *cell) {
    const CalendarView *c = context;
    int first, last;
    calendar_column_weeks(c, column, &first, &last);
    CalendarCell k = calendar_cell(c->grid, line, first, last);
    if (!k.weeks) return;
    bool countable = kind_countable(c->kind);
    calendar_write(&k, !countable ? CALENDAR_ACCESS : c->free_shown ? CALENDAR_FREE : CALENDAR_PERCENT, cell->text);
    cell->level = !countable ? (k.access ? HEAT_LOW : HEAT_EMPTY)
                  : k.over   ? HEAT_OVER
                             : level_of(calendar_cell_percent(&k));
}

static void heading_of(void *context, int column, HeatHeading *heading) {
    const CalendarView *c = context;
    Buffer text = {0};
    calendar_column_text(c, column, &text);
    text_copy(heading->text, sizeof heading->text, text.bytes);
    heading->now = column == calendar_this_column(c);
    buffer_free(&text);
}

static void label_of(void *context, int line, const char **code, const char **name) {
    CalendarView *c = context;
    if (!c->by_offer) {
        *code = site_code(line);
        *name = c->names[line].name;
    } else {
        code_write('O', c->rows.offers[line].id, c->code);
        *code = c->code;
        *name = c->rows.offers[line].name;
        if (c->rows.offers[line].state != OFFER_PAUSED) return;
        snprintf(c->paused, sizeof c->paused, "%s: %s", _("paused"), *name);
        *name = c->paused;
    }
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static void quantity_text(const CalendarView *c, int64_t quantity, Buffer *b) {
    number_show(b, quantity, 3);
    if (*kind_unit(c->kind)) buffer_format(b, " %s", kind_unit(c->kind));
}

static void draw_head(const CalendarView *c, Rect r) {
    const Choice *kind = choice_of_number(kind_choices, c->kind);
    Buffer range = {0};
    int last = c->map.left + c->map.width - 1;
    calendar_column_text(c, c->map.left, &range);
    buffer_format(&range, " %d – ", calendar_column_year(c, c->map.left));
    calendar_column_text(c, last, &range);
    buffer_format(&range, " %d", calendar_column_year(c, last));
    int x = r.x + draw_string(r.y, r.x, r.w, STYLE_STRONG, _(kind->label)) + 1;
    const char *says = !kind_countable(c->kind) ? _("with access") : c->free_shown ? _("free") : _("booked, percent");
    int w = text_width(range.bytes, range.size);
    draw_string(r.y, x, r.x + r.w - x - w - 2, STYLE_DIM, says);
    draw_right(r.y, r.x + r.w - w, w, STYLE_DIM, range.bytes);
    buffer_free(&range);
}

/* "608 booked, 32 held, 0 free of 640 GPU h". */
static void say_cell(const CalendarView *c, Buffer *b) {
    int first, last;
    calendar_column_weeks(c, c->map.column, &first, &last);
    CalendarCell k = calendar_cell(c->grid, c->map.line, first, last);
    if (!k.weeks) {
        buffer_add_string(b, _("nothing is offered"));
        return;
    }
    if (!kind_countable(c->kind)) {
        buffer_add_string(b, c->items.count ? _("with access:") : _("nobody has access"));
        return;
    }
    number_show(b, k.booked, 3);
    buffer_format(b, " %s, ", _("booked"));
    if (k.held) {
        number_show(b, k.held, 3);
        buffer_format(b, " %s, ", _("held"));
    }
    if (k.over) {
        number_show(b, k.over, 3);
        buffer_format(b, " %s, ", _("too many"));
    }
    number_show(b, calendar_left(&k), 3);
    buffer_format(b, " %s ", _("free of"));
    quantity_text(c, k.lendable, b);
}

static void draw_items(View *v, Rect r) {
    CalendarView *c = v->state;
    const char *code, *name;
    char title[80];
    Buffer column = {0}, says = {0};
    if (c->map.lines) {
        label_of(c, c->map.line, &code, &name);
        calendar_column_text(c, c->map.column, &column);
        int year = calendar_column_year(c, c->map.column);
        if (year != calendar_column_year(c, calendar_this_column(c))) buffer_format(&column, " %d", year);
        snprintf(title, sizeof title, "%s %s", code, column.bytes);
        say_cell(c, &says);
        draw_title(r.y, r.x, r.w, title, buffer_string(&says));
    }
    calendar_items_draw(v->app, &c->items, c->kind, c->on_list, (Rect){r.y + 1, r.x, r.h - 1, r.w});
    buffer_free(&column);
    buffer_free(&says);
}

void calendar_draw(View *v, Rect r) {
    CalendarView *c = v->state;
    Rect in = {r.y, r.x + 1, r.h, r.w - 2};
    int below = r.h >= 30 ? 11 : r.h >= 18 ? 5 : 4;
    Rect map = {in.y + 1, in.x, in.h - 1 - below, in.w};
    calendar_read_shown(v, map);
    /* Where there is room, a blank line parts the two. */
    int gap = map.h > c->map.lines + 1;
    if (gap) map.h--;
    heatmap_scroll(&c->map, map);
    calendar_find_items(c);
    draw_head(c, in);
    if (!c->read) {
        draw_wrapped(map, STYLE_ERROR, c->error.why);
        return;
    }
    const HeatSource source = {.context = c, .cell = cell_of, .heading = heading_of, .label = label_of};
    heatmap_draw(&c->map, map, &source, !c->on_list);
    if (!c->map.lines)
        draw_wrapped((Rect){map.y + 1, map.x, map.h - 1, map.w}, STYLE_DIM,
                     _("No region offers anything of this kind around these weeks. ] goes to the next kind."));
    int end = map.y + 1 + (c->map.lines < c->map.height ? c->map.lines : c->map.height) + gap;
    draw_items(v, (Rect){end, in.x, in.y + in.h - end, in.w});
}
