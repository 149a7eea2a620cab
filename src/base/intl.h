/* The user's language: _() around every string a person reads, N_() around those kept in tables. */
#ifndef JAZARI_BASE_INTL_H
#define JAZARI_BASE_INTL_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text

#endif
