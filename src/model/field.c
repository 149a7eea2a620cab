/* What can be said of a field from its row alone. */
#include "model/field.h"

#include "base/intl.h"

#include <string.h>
#include <strings.h>

const Choice *choice_of_number(const Choice *list, int64_t number) {
    for (; list && list->number; list++) {
        if (list->number == number) return list;
    }
    return NULL;
}

const Choice *choice_of_word(const Choice *list, const char *word, size_t size) {
    for (; list && list->number; list++) {
        if (strlen(list->word) == size && !strncasecmp(list->word, word, size)) return list;
    }
    return NULL;
}

int choice_count(const Choice *list) {
    int n = 0;
    while (list && list[n].number) {
        n++;
    }
    return n;
}

bool field_is_list(const Field *f) {
    return f->kind == FIELD_REFS || f->kind == FIELD_BOOKINGS;
}

bool field_has_column(const Field *f) {
    return !(f->flags & FIELD_DERIVED) && !field_is_list(f) && f->kind != FIELD_CODE;
}

bool field_is_text(const Field *f) {
    return f->kind == FIELD_TEXT || f->kind == FIELD_NOTE || f->kind == FIELD_DATE || f->kind == FIELD_WEEK ||
           f->kind == FIELD_INSTANT;
}

const char *field_heading(const Field *f) {
    return _(f->heading ? f->heading : f->label);
}

const char *field_word(const Field *f) {
    return f->alias && !strcasecmp(f->alias, f->label) ? f->alias : f->name;
}
