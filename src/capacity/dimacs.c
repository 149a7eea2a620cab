/* Reads minimum-cost flow problems in the DIMACS format. Bytes come through one buffer; numbers are read by hand, since
 * large problems have tens of millions of them. */
#include "capacity/dimacs.h"

#include "base/intl.h"
#include "capacity/mincost.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16, END = -1 };

typedef struct Reader {
    FILE *file;
    const DimacsSink *sink;
    Error *error;
    long line;
    const unsigned char *at, *end; /* what is left of the piece */
    bool ended, problem_seen;
    int64_t nodes, arcs; /* as the p line says */
    int64_t arcs_seen;
    unsigned char *supplied; /* a bit a node: had its n line */
    unsigned char piece[PIECE];
} Reader;

/* --- bytes ------------------------------------------------------------------------------------------------------ */

static bool refill(Reader *r) {
    if (r->ended) return false;
    size_t got = fread(r->piece, 1, sizeof r->piece, r->file);
    r->at = r->piece;
    r->end = r->piece + got;
    r->ended = !got;
    return got;
}

/* The next byte, not taken yet, or END. */
static inline int look(Reader *r) {
    return r->at < r->end || refill(r) ? *r->at : END;
}

static void skip_space(Reader *r) {
    int c;
    while ((c = look(r)) == ' ' || c == '\t') {
        r->at++;
    }
}

static bool at_line_end(Reader *r) {
    int c = look(r);
    return c == '\n' || c == '\r' || c == END;
}

static void skip_line(Reader *r) {
    while (look(r) != END && *r->at != '\n') {
        const unsigned char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
        r->at = newline ? newline : r->end;
    }
}

/* --- words ------------------------------------------------------------------------------------------------------ */

enum { WORD_SIZE = 24 };

static bool at_word_end(Reader *r) {
    return at_line_end(r) || *r->at == ' ' || *r->at == '\t';
}

/* Takes the rest of a word whose first `n` bytes are in `word` already, for comparing and for errors: without what a
 * terminal would act on, and with "..." where it is cut short. */
static void take_rest(Reader *r, char word[WORD_SIZE], size_t n) {
    bool cut = false;
    for (; !at_word_end(r); r->at++) {
        cut = n + 1 == WORD_SIZE;
        if (cut) break;
        word[n++] = *r->at > 0x20 && *r->at < 0x7F ? (char)*r->at : '?';
    }
    word[n] = 0;
    if (cut) memcpy(word + WORD_SIZE - 4, "...", 4);
}

static void take_word(Reader *r, char word[WORD_SIZE]) {
    skip_space(r);
    take_rest(r, word, 0);
}

static Status refuse_word(Reader *r, const char *word, const char *field, const char *expected) {
    if (*word) return error_set(r->error, STATUS_USAGE, field, _("\"%s\" where %s should be"), word, expected);
    return error_set(r->error, STATUS_USAGE, field, _("the line ends where %s should be"), expected);
}

/* One whole number after white space. `field` names it in the Error. It is built up below zero, where 64 bits reach one
 * further. */
static Status number(Reader *r, const char *field, int64_t *out) {
    char word[WORD_SIZE];
    size_t taken = 0, digits = 0;
    int64_t value = 0;
    bool fits = true;
    skip_space(r);
    bool minus = look(r) == '-';
    if (minus) word[taken++] = (char)*r->at++;
    for (int c; (c = look(r)) >= '0' && c <= '9' && taken + 1 < WORD_SIZE; r->at++, digits++) {
        word[taken++] = (char)c;
        fits = fits && !__builtin_mul_overflow(value, 10, &value) && !__builtin_sub_overflow(value, c - '0', &value);
    }
    if (!digits || !at_word_end(r)) {
        take_rest(r, word, taken);
        return refuse_word(r, word, field, _("a whole number of up to 19 digits"));
    }
    word[taken] = 0;
    if (!minus) fits = fits && !__builtin_sub_overflow(0, value, &value);
    if (!fits) return error_set(r->error, STATUS_USAGE, field, _("%s does not fit 64 bits"), word);
    *out = value;
    return STATUS_OK;
}

static Status node(Reader *r, const char *field, int64_t *out) {
    Status s = number(r, field, out);
    if (s) return s;
    if (*out < 1 || *out > r->nodes)
        return error_set(r->error, STATUS_USAGE, field, _("%" PRId64 " is not a node: they are 1 to %" PRId64), *out,
                         r->nodes);
    --*out;
    return STATUS_OK;
}

static Status line_end(Reader *r) {
    skip_space(r);
    if (look(r) == '\r') r->at++;
    if (look(r) == '\n' || look(r) == END) return STATUS_OK;
    char word[WORD_SIZE];
    take_word(r, word);
    return refuse_word(r, *word ? word : "\\r", NULL, _("the end of the line"));
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static Status problem_line(Reader *r) {
    char word[WORD_SIZE];
    if (r->problem_seen) return error_set(r->error, STATUS_USAGE, "p", _("there is a p line already"));
    take_word(r, word);
    if (strcmp(word, "min") != 0) return refuse_word(r, word, "p", _("\"min\", a minimum-cost flow problem,"));
    Status s = number(r, "nodes", &r->nodes);
    if (!s) s = number(r, "arcs", &r->arcs);
    if (!s) s = line_end(r);
    if (s) return s;
    if (r->nodes < 1 || r->arcs < 0 || r->nodes > MINCOST_MOST || r->arcs > MINCOST_MOST)
        return error_set(r->error, STATUS_USAGE, "p",
                         _("%" PRId64 " nodes and %" PRId64 " arcs: nodes must be from 1, arcs from 0, to %" PRId64),
                         r->nodes, r->arcs, MINCOST_MOST);
    s = r->sink->problem(r->sink->context, r->nodes, r->arcs, r->error);
    if (s) return s;
    r->problem_seen = true;
    r->supplied = calloc((size_t)r->nodes / 8 + 1, 1);
    return r->supplied ? STATUS_OK : error_set(r->error, STATUS_FAILED, "nodes", _("not enough memory"));
}

static Status node_line(Reader *r) {
    int64_t v = 0, supply = 0;
    Status s = node(r, "node", &v);
    if (!s) s = number(r, "supply", &supply);
    if (!s) s = line_end(r);
    if (s) return s;
    unsigned char *byte = &r->supplied[v / 8], bit = (unsigned char)(1u << v % 8);
    if (*byte & bit)
        return error_set(r->error, STATUS_USAGE, "node", _("node %" PRId64 " had an n line already"), v + 1);
    *byte |= bit;
    return r->sink->supply(r->sink->context, v, supply, r->error);
}

static Status arc_line(Reader *r) {
    int64_t from = 0, to = 0, lower = 0, upper = 0, cost = 0;
    Status s = node(r, "from", &from);
    if (!s) s = node(r, "to", &to);
    if (!s) s = number(r, "lower", &lower);
    if (!s) s = number(r, "capacity", &upper);
    if (!s) s = number(r, "cost", &cost);
    if (!s) s = line_end(r);
    if (s) return s;
    if (r->arcs_seen == r->arcs)
        return error_set(r->error, STATUS_USAGE, "a", _("more arcs than the %" PRId64 " of the p line"), r->arcs);
    if (upper < lower && upper < 0) upper = MINCOST_UNLIMITED;
    if (upper < lower)
        return error_set(r->error, STATUS_USAGE, "capacity",
                         _("the capacity %" PRId64 " is below the lower bound, %" PRId64), upper, lower);
    return r->sink->arc(r->sink->context, r->arcs_seen++, from, to, lower, upper, cost, r->error);
}

/* One line, up to its newline. */
static Status one_line(Reader *r) {
    skip_space(r);
    if (at_line_end(r)) return line_end(r);
    int kind = look(r);
    if (kind == 'c') {
        skip_line(r);
        return STATUS_OK;
    }
    if (kind != 'p' && kind != 'n' && kind != 'a') {
        char word[WORD_SIZE];
        take_word(r, word);
        return refuse_word(r, word, NULL, _("c, p, n or a"));
    }
    if (kind != 'p' && !r->problem_seen)
        return error_set(r->error, STATUS_USAGE, "p", _("the p line must come before any other but comments"));
    r->at++;
    if (look(r) != ' ' && look(r) != '\t')
        return error_set(r->error, STATUS_USAGE, NULL, _("a line begins with c, p, n or a, and then a space"));
    if (kind == 'a') return arc_line(r);
    return kind == 'n' ? node_line(r) : problem_line(r);
}

static Status all_lines(Reader *r) {
    while (look(r) != END) {
        Status s = one_line(r);
        if (s) return s;
        if (look(r) == END) break;
        r->at++;
        r->line++;
    }
    if (ferror(r->file)) return error_set(r->error, STATUS_FAILED, NULL, _("reading failed: %s"), strerror(errno));
    if (!r->problem_seen) return error_set(r->error, STATUS_USAGE, "p", _("the file has no p line"));
    if (r->arcs_seen < r->arcs)
        return error_set(r->error, STATUS_USAGE, "a", _("the file ends after %" PRId64 " of %" PRId64 " arcs"),
                         r->arcs_seen, r->arcs);
    return STATUS_OK;
}

Status dimacs_read(FILE *file, const char *name, const DimacsSink *sink, Error *e) {
    Reader *r = malloc(sizeof *r);
    if (!r) return error_set(e, STATUS_FAILED, NULL, _("not enough memory"));
    memset(r, 0, offsetof(Reader, piece));
    r->file = file;
    r->sink = sink;
    r->error = e;
    r->line = 1;
    Status s = all_lines(r);
    if (s) error_at(e, name, r->line);
    free(r->supplied);
    free(r);
    return s;
}
