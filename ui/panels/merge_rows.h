/* For the files of two versions alone: the fields that are not the same in both. */
#ifndef JAZARI_PANELS_MERGE_ROWS_H
#define JAZARI_PANELS_MERGE_ROWS_H

#include "panels/form_view.h"

enum { PART_COUNT = 4 };

typedef enum MergeSide { SIDE_NONE, SIDE_THEIRS, SIDE_MINE } MergeSide;

/* A field that is not the same in both versions. */
typedef struct MergeRow {
    int field; /* of the form */
    const char *theirs;
    bool clash; /* both changed it, each to something else */
    bool alike; /* both changed it, to the same */
    MergeSide taken;
    const char *shown[3]; /* what it was, theirs and mine, as one reads it: by MergeSide */
    /* Where its heading and each of the three stand, in lines from the first; height 0: not shown. */
    int line[PART_COUNT], height[PART_COUNT];
    int read; /* lines of long texts that one has read on past, in each of them as far as it goes */
} MergeRow;

/* The fields of the form that differ from what they began with or from the record as it is now. The rows and their texts
 * are the view's arena's; *clashes: how many both changed. */
MergeRow *merge_compare(View *form_view, const Record *now, int *count, int *clashes);
/* Fills in what is shown of each. */
void merge_make_readable(View *form_view, MergeRow *, int count);

#endif
