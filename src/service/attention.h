/* What wants attention, in words: shared by the screen and the command line. */
#ifndef JAZARI_SERVICE_ATTENTION_H
#define JAZARI_SERVICE_ATTENTION_H

#include "store/figures.h"

const char *attention_word(AttentionKind); /* one word, translated: "LATE", "ASKED" */
Tone attention_tone(AttentionKind);

/* Appends what is the matter: "six days late", "DOD waits for your answer". */
void attention_say(const Attention *, int today, Buffer *);

#endif
