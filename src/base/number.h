/* Decimal numbers kept as whole ones: quantities in thousandths (scale 3), money in centimes (scale 2), degrees in
 * millionths (scale 6), counts as they are (scale 0). */
#ifndef JAZARI_BASE_NUMBER_H
#define JAZARI_BASE_NUMBER_H

#include "base/buffer.h"
#include "base/status.h"

#include <stdbool.h>

/* Reads what a person writes: spaces between thousands, one '.' or ',' before the decimals. "1,000" and "1.000" could
 * be a thousand or one and are refused unless they come from a file (exact), where '.' parts decimals and nothing else
 * is allowed. More decimals than scale holds, and values outside 64 bits, are refused. */
Status number_parse(const char *text, size_t size, int scale, bool exact, int64_t *out, const char *field, Error *);

/* Appends the number for files: "-1234.5"; decimals only as needed. */
void number_write(Buffer *, int64_t number, int scale);

/* Appends it for reading: "1 234,5", thousands parted by a no-break space, the user's decimal sign. */
void number_show(Buffer *, int64_t number, int scale);

/* How many decimals it is shown with; and blanks in place of those that it is not, where others below and above it have
 * so many: units then stand under units. */
int number_decimals(int64_t number, int scale);
void number_align(Buffer *, int64_t number, int scale, int decimals);

/* The user's decimal sign for number_show: '.' (the default) or ','. Set once, when the language is chosen. */
void number_set_decimal_sign(char sign);

#endif
