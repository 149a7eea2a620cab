/* Rows of what wants attention. */
#include "panels/attention_rows.h"

#include "base/text.h"

enum { WORD_AT = 1, CODE_AT = 11, TITLE_AT = 21, GAP = 2, MATTER_PERCENT = 64 };

AttentionColumns attention_columns(const Attention *items, int count, int w, int lines) {
    AttentionColumns c = {.lines = lines};
    int room = w - TITLE_AT - 1, most = room * MATTER_PERCENT / 100;
    for (int i = 0; i < count; i++) {
        Buffer what = {0};
        attention_say(&items[i], app_today(), &what);
        int columns = text_width(buffer_string(&what), what.size);
        if (columns > c.matter_width) c.matter_width = columns;
        buffer_free(&what);
    }
    if (c.matter_width > most) c.matter_width = most;
    c.title_width = lines > 1 ? room : room - GAP - c.matter_width;
    if (lines > 1) c.matter_width = room;
    c.matter = lines > 1 ? TITLE_AT : TITLE_AT + c.title_width + GAP;
    return c;
}

void draw_attention_row(const Attention *a, int y, Rect r, const AttentionColumns *c, bool here) {
    Buffer what = {0}, code = {0};
    const Record shown = {.entity = a->entity, .id = a->id};
    record_code(&shown, NULL, &code);
    attention_say(a, app_today(), &what);
    Tone tone = a->whom ? TONE_QUIET : attention_tone(a->kind);
    draw_string(y, r.x + WORD_AT, CODE_AT - WORD_AT - 1, style_of_tone(tone), attention_word(a->kind));
    draw_string(y, r.x + CODE_AT, TITLE_AT - CODE_AT, STYLE_STRONG, code.bytes);
    draw_string(y, r.x + TITLE_AT, c->title_width, STYLE_TEXT, a->title);
    draw_string(y + c->lines - 1, r.x + c->matter, c->matter_width, STYLE_DIM, buffer_string(&what));
    if (here) draw_over((Rect){y, r.x, c->lines, r.w}, STYLE_SELECTED);
    buffer_free(&what);
    buffer_free(&code);
}
