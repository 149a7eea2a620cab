/* What wants attention, in words: shared by the screen and the command line. */
#ifndef JAZARI_SERVICE_ATTENTION_H
#define JAZARI_SERVICE_ATTENTION_H

#include "store/figures.h"

const char *attention_word(AttentionKind); /* one word, translated: "LATE", "ASKED" */
Tone attention_tone(AttentionKind);

/* The verb by which it is dealt with: whoever may not use it on the item's record waits for somebody who may. */
const char *attention_verb(AttentionKind);

/* Appends what is the matter: "six days late", "DOD waits for your answer"; and whom it takes, where it is not for who asks. */
void attention_say(const Attention *, int today, Buffer *);

#endif
