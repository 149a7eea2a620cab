/* The manual page, all read from the tables. */
#include "cli/help.h"

#include "base/intl.h"

#include <stdio.h>

void help_roff(const char *text) {
    for (; *text; text++) {
        if (*text == '-') fputs("\\-", stdout);
        else if (*text == '\\') fputs("\\e", stdout);
        else putchar(*text);
    }
}

void help_man_entry(const char *name, const char *help) {
    printf(".TP\n\\fB");
    help_roff(name);
    printf("\\fR\n");
    help_roff(help);
    putchar('\n');
}

static void print_commands(void) {
    printf(".SH COMMANDS\n");
    for (const CliCommand *c = cli_commands; c->name; c++) {
        printf(".TP\n.B %s ", c->name);
        help_roff(c->usage);
        putchar('\n');
        help_roff(_(c->help));
        putchar('\n');
    }
}

static void print_verbs(void) {
    Buffer entities = {0};
    Command found;
    const Command *row;
    const char *verb;
    printf(".SH VERBS\n");
    for (int i = 0; help_verb_at(i, &verb, &row, &found, &entities); i++) {
        printf(".TP\n.B %s CODE\n", verb);
        help_roff(_(row->help));
        printf(" (%s)\n", buffer_string(&entities));
    }
    buffer_free(&entities);
}

static void print_options(void) {
    char shown[HELP_OPTION_SIZE];
    printf(".SH OPTIONS\n");
    for (const CliOption *o = cli_options; o->name; o++) {
        help_man_entry(help_option(o, shown), _(o->help));
    }
}

static void print_records(void) {
    printf(".SH RECORDS\n");
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        printf(".SS %s\n", entity->name);
        for (int i = 0; i < entity->field_count; i++) {
            const Field *f = &entity->fields[i];
            if (f->flags & FIELD_HIDDEN) continue;
            printf(".TP\n.B %s\n", f->name);
            help_roff(_(f->label));
            if (f->help) {
                fputs(". ", stdout);
                help_roff(_(f->help));
            }
            putchar('\n');
        }
    }
}

Status help_man(Error *e) {
    printf(".TH JAZARI 1 \"\" \"jazari %s\"\n.SH NAME\njazari \\- ", JAZARI_VERSION);
    help_roff(_("the JAZARI Network of public AI institutes, in a terminal"));
    printf("\n.SH SYNOPSIS\n.B jazari\n[OPTIONS] [COMMAND ...]\n");
    print_commands();
    print_verbs();
    print_options();
    print_records();
    return help_settings_man(e);
}
