/* Text where only ASCII can be shown. */
#ifndef JAZARI_SCREEN_ASCII_H
#define JAZARI_SCREEN_ASCII_H

#include "base/buffer.h"

/* Appends the nearest ASCII of clean text: letters without their accents, Arabic and Tifinagh letter by letter as they
 * are romanised in Morocco, '?' for what has no such form. */
void text_to_ascii(Buffer *out, const char *text, size_t size);

#endif
