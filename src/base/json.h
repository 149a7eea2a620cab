/* JSON going out, one canonical way: no white space, UTF-8 as it is, only what must be escaped is. Objects are written
 * by the caller with their keys in byte order, so equal values give equal bytes. (jansson reads what comes in.) */
#ifndef JAZARI_BASE_JSON_H
#define JAZARI_BASE_JSON_H

#include "base/buffer.h"

void json_write_string(Buffer *, const char *text, size_t size);
void json_write_key(Buffer *, const char *key); /* "key": with a comma before it unless it is an object's first */

#endif
