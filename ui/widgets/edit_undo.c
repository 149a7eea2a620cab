/* A text being typed: what it was before each change. */
#include "widgets/edit.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { STATES_MOST = 64 };

static EditState state_of(const Edit *e) {
    EditState state = {memory_new(e->text.size + 1), e->text.size, e->cursor};
    memcpy(state.text, buffer_string(&e->text), e->text.size + 1);
    return state;
}

static void drop_from(Edit *e, int from) {
    for (int i = from; i < e->state_count; i++) {
        free(e->states[i].text);
    }
    if (e->state_count > from) e->state_count = from;
}

void edit_forget(Edit *e) {
    drop_from(e, 0);
    free(e->states);
    e->states = NULL;
    e->state_count = e->state_at = e->state_room = 0;
}

void edit_remember(Edit *e, EditChange change, bool joins) {
    bool goes_on =
        joins && e->state_at > 0 && e->state_at == e->state_count && e->changed == change && e->changed_at == e->cursor;
    e->changed = change;
    if (goes_on) return;
    drop_from(e, e->state_at);
    if (e->state_count == STATES_MOST) {
        free(e->states[0].text);
        memmove(e->states, e->states + 1, (size_t)--e->state_count * sizeof *e->states);
    }
    if (e->state_count == e->state_room)
        e->states = memory_grow(e->states, (size_t)(e->state_room += STATES_MOST), sizeof *e->states);
    e->states[e->state_count++] = state_of(e);
    e->state_at = e->state_count;
}

/* Changes places with a state that is kept. */
static void swap(Edit *e, EditState *kept) {
    EditState now = state_of(e);
    buffer_clear(&e->text);
    buffer_add(&e->text, kept->text, kept->size);
    e->cursor = kept->cursor;
    free(kept->text);
    *kept = now;
}

bool edit_undo(Edit *e) {
    if (!e->state_at) return false;
    swap(e, &e->states[--e->state_at]);
    return true;
}

bool edit_redo(Edit *e) {
    if (e->state_at == e->state_count) return false;
    swap(e, &e->states[e->state_at++]);
    return true;
}
