/* The list of offers beside a request: a line each, those that could give something and, quietly, those that could not,
 * with the reason in place of the figures. */
#ifndef JAZARI_PANELS_FIT_ROWS_H
#define JAZARI_PANELS_FIT_ROWS_H

#include "screen/draw.h"
#include "service/service.h"

enum { FIT_COLUMNS = 9 };

typedef struct FitRows {
    const Record *request;
    int x[FIT_COLUMNS], w[FIT_COLUMNS]; /* within the list; w 0: left out, the window is too narrow */
} FitRows;

/* Places the columns in w columns. */
void fit_rows_layout(FitRows *, const Record *request, const OfferFit *, int count, int w);
void fit_rows_head(const FitRows *, int y, Rect list);
void fit_rows_draw(const FitRows *, const OfferFit *, int y, Rect list, bool here);

/* A quantity as it is read. */
void fit_number_text(int64_t number, char *out, size_t size);

/* A quantity, and the earliest weeks that give it (0: all it could give), as they are typed into a form. */
void fit_type_quantity(int64_t quantity, Buffer *);
void fit_type_weeks(const Fit *, int64_t quantity, Buffer *);

#endif
