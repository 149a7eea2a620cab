/* For statement: what was asked, and the forms it is written in. */
#ifndef JAZARI_CLI_STATEMENT_H
#define JAZARI_CLI_STATEMENT_H

#include "cli/cli.h"

typedef struct Asked {
    int site;              /* -1: all regions */
    int kind, first, last; /* kind 0: all */
    const char *name;      /* of the region */
    const int64_t *rates;  /* by kind; 0 for kinds not asked for */
    const Ledger *ledger;
} Asked;

static inline bool asked_for(const Asked *a, int kind) {
    return !a->kind || kind == a->kind;
}

/* What site lent other less what it borrowed of it, in credits, of a kind. */
int64_t asked_credits(const Asked *, int kind, int site, int other);

/* A region's statement. */
void statement_write_text(Buffer *, const Asked *);
void statement_write_json(Buffer *, const Asked *);
void statement_write_csv(Buffer *, const Asked *);

/* All regions': the balance of each, and who lent whom what. */
void balances_write_text(Buffer *, const Asked *);
void balances_write_json(Buffer *, const Asked *);
void balances_write_csv(Buffer *, const Asked *);

/* For texts: a label, clipped; a number in a column so wide, "-" for none, with a sign where it is a balance, and aligned
 * with others of so many decimals; headings,
 * ended by NULL, over such numbers; "GPU hours" with its unit where the label does not say it. */
enum { STATEMENT_LABEL = 17 };
void statement_label(Buffer *, const char *, int width);
void statement_number(Buffer *, int width, int64_t number, bool sign, int decimals);
void statement_headings(Buffer *, const char *label, int width, const char *const *headings);
void statement_kind(Buffer *, int kind);

#endif
