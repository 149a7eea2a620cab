/* For the files of help alone: what they read from the tables, and how they set it. */
#ifndef JAZARI_CLI_HELP_H
#define JAZARI_CLI_HELP_H

#include "cli/cli.h"

enum { HELP_OPTION_SIZE = 40 };

/* The verbs of all lifecycles with the entities they are for, each verb once, at its first place in the tables; found is
 * room for *row. False past the last. */
bool help_verb_at(int index, const char **verb, const Command **row, Command *found, Buffer *entities);

/* Prints words from a column on, in lines of an 80-column terminal, the later ones indented; returns the column it ends
 * in. */
int help_words(const char *text, int column, int indent);
/* Prints what a thing is called and, from a column on, what it is. */
void help_entry(const char *name, const char *help, int indent);

/* "-c, --config FILE" */
const char *help_option(const CliOption *, char out[HELP_OPTION_SIZE]);

/* Prints the settings, the files, the environment and the exit status (help_settings.c). */
Status help_settings(Error *);
/* The same as sections of the manual page. */
Status help_settings_man(Error *);
/* Prints a text for a manual page. */
void help_roff(const char *text);
void help_man_entry(const char *name, const char *help);

/* Prints the manual page (help_man.c). */
Status help_man(Error *);

#endif
