/* The filter of a list as the text it is: its terms, and what changes them. What a term means is the model's
 * (model/filter.h). */
#ifndef JAZARI_PANELS_BROWSE_FILTER_H
#define JAZARI_PANELS_BROWSE_FILTER_H

#include "panels/browse.h"

/* The bytes of the term that text begins with, and in *next where the one after it begins. */
size_t filter_term(const char *text, size_t *next);

/* Copies a filter without its terms that a list begins with (what is open, whose) wherever another term asks for the
 * same field: who types state:draft behind "open" wants drafts, not nothing. out holds BROWSE_FILTER bytes. */
void filter_settle(const Browse *, const char *filter, char *out);

/* Whether the filter lets in the records of one institute alone: the one that is acted for. */
bool filter_is_mine(const Browse *);
/* Copies the filter with that institute's term; without any institute's where it is mine already. false: no room. */
bool filter_turn_mine(const Browse *, char *out);

#endif
