/* The filter of a list as text. */
#include "panels/browse_filter.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

size_t filter_term(const char *text, size_t *next) {
    size_t n = 0;
    bool quoted = false;
    while (text[n] && (quoted || text[n] != ' ')) {
        if (text[n++] == '"') quoted = !quoted;
    }
    *next = n + strspn(text + n, " ");
    return n;
}

/* --- what a list begins with gives way ------------------------------------------------------------------------------ */

/* The name of the field that a term is about; *size 0 for a word. */
static const char *term_field(const char *term, size_t size, size_t *field_size) {
    if (*term == '-') {
        term++;
        size--;
    }
    size_t n = strcspn(term, ":<>=!\" ");
    *field_size = n < size && term[n] != '"' && term[n] != ' ' ? n : 0;
    return term;
}

static bool same_field(const char *a, size_t a_size, const char *b, size_t b_size) {
    size_t m, n;
    const char *one = term_field(a, a_size, &m), *other = term_field(b, b_size, &n);
    return m && m == n && !memcmp(one, other, n);
}

/* Whether the list begins with this very term. */
static bool begins_with(const Browse *b, const char *term, size_t size) {
    size_t next;
    for (const char *at = b->start; *at; at += next) {
        size_t n = filter_term(at, &next);
        if (n == size && !memcmp(at, term, n)) return true;
    }
    return false;
}

static bool overruled(const Browse *b, const char *filter, const char *term, size_t size) {
    size_t next;
    if (!begins_with(b, term, size)) return false;
    for (const char *at = filter; *at; at += next) {
        size_t n = filter_term(at, &next);
        if (at != term && *at != '-' && at[n - 1] != ':' && same_field(at, n, term, size)) return true;
    }
    return false;
}

void filter_settle(const Browse *b, const char *filter, char *out) {
    size_t next, used = 0;
    filter += strspn(filter, " ");
    for (const char *at = filter; *at; at += next) {
        size_t n = filter_term(at, &next);
        if (overruled(b, filter, at, n) || used + n + 2 > BROWSE_FILTER) continue;
        if (used) out[used++] = ' ';
        memcpy(out + used, at, n);
        used += n;
    }
    out[used] = 0;
}

/* --- whose records -------------------------------------------------------------------------------------------------- */

/* The filter's term for an institute, and its size; NULL: there is none. */
static const char *institute_term(const Browse *b, size_t *size) {
    for (const char *at = b->filter; (at = strstr(at, browse_site_word(b->entity))); at++) {
        *size = strcspn(at, " ");
        if (at == b->filter || at[-1] == ' ') return at;
    }
    return NULL;
}

bool filter_is_mine(const Browse *b) {
    size_t size;
    const char *at = institute_term(b, &size), *code = site_code(service_actor(b->service)->site);
    const size_t word = strlen(browse_site_word(b->entity));
    return at && code && strlen(code) == size - word && !memcmp(at + word, code, size - word);
}

bool filter_turn_mine(const Browse *b, char *out) {
    char rest[BROWSE_FILTER];
    size_t size;
    const char *at = institute_term(b, &size);
    text_copy(rest, sizeof rest, b->filter);
    if (at) {
        char *cut = rest + (at - b->filter), *after = cut + size + (cut[size] == ' ');
        memmove(cut, after, strlen(after) + 1);
        for (size_t n = strlen(rest); n && rest[n - 1] == ' '; n--) {
            rest[n - 1] = 0;
        }
    }
    int n = filter_is_mine(b) ? snprintf(out, BROWSE_FILTER, "%s", rest)
                              : snprintf(out, BROWSE_FILTER, "%s%s%s%s", browse_site_word(b->entity),
                                         site_code(service_actor(b->service)->site), *rest ? " " : "", rest);
    return n < BROWSE_FILTER;
}
