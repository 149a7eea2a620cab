/* Settings, files, environment and exit status: as a page of help, and as sections of the manual page. */
#include "cli/help.h"

#include "base/intl.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 6 };

typedef struct HelpRow {
    const char *name, *help; /* help to be translated */
} HelpRow;

static const HelpRow files[] = {
    {"~/.config/jazari/jazari.conf", N_("Your settings; under $XDG_CONFIG_HOME where that is set.")},
    {"/etc/jazari/jazari.conf", N_("Everybody's settings on this machine, for who has none of his own.")},
    {"~/.local/share/jazari/jazari.db",
     N_("The store, where neither --store nor a setting names another; under $XDG_DATA_HOME where that is set.")},
    {"STORE-wal, STORE-shm, STORE-lock",
     N_("What belongs to a store while it is in use: copy a store by jazari backup, not by its file alone.")},
    {"STORE-drafts/", N_("What people have typed into forms of the screen and not saved yet.")},
    {0},
};

static const HelpRow environment[] = {
    {"JAZARI_CONF", N_("The file of settings, where -c names none.")},
    {"JAZARI_CLOCK", N_("Pins the clock, as for a test: 2026-11-23T09:00:00Z.")},
    {"NO_COLOR", N_("Set to anything: no colours, unless screen.color is always.")},
    {"SSH_CONNECTION", N_("Set by SSH: screen.thin = \"auto\" spares the link.")},
    {"SSH_ORIGINAL_COMMAND", N_("Set by SSH where it forces this program on people: the command they gave, which "
                                "server.ssh_commands may allow.")},
    {"XDG_CONFIG_HOME, XDG_DATA_HOME", N_("In the place of ~/.config and ~/.local/share.")},
    {"LC_ALL, LC_CTYPE, LANG, LANGUAGE", N_("The language, and whether the terminal takes UTF-8.")},
    {"TERM, TZ", N_("What the terminal can do, and the place's time.")},
    {0},
};

static const HelpRow statuses[] = {
    [STATUS_OK] = {"0", N_("Done.")},
    [STATUS_FAILED] = {"1", N_("It failed: the machine said no.")},
    [STATUS_USAGE] = {"2", N_("What was asked makes no sense: an unknown word, a value out of bounds.")},
    [STATUS_DENIED] = {"3", N_("Not allowed.")},
    [STATUS_CONFLICT] = {"4", N_("A conflict with what somebody else wrote, or a broken rule.")},
    [STATUS_NOT_FOUND] = {"5", N_("There is no such record.")},
    [STATUS_BUSY] = {"6", N_("The store is busy: try again.")},
    [STATUS_BUSY + 1] = {0},
};

/* A part of the page: of rows, or of the settings. */
static const struct {
    const char *heading, *title; /* of the page, to be translated, and of the manual */
    const char *before;          /* a sentence, to be translated; NULL: none */
    const HelpRow *rows;         /* NULL: the settings */
} parts[] = {
    {N_("Settings:"), "SETTINGS",
     N_("They are read from one file: the one of -c, else of $JAZARI_CONF, else yours, else everybody's (see the "
        "files). "
        "What it leaves out, and all where there is none, is as it is here."),
     NULL},
    {N_("Files:"), "FILES", NULL, files},
    {N_("Environment:"), "ENVIRONMENT", NULL, environment},
    {N_("Exit status:"), "EXIT STATUS", NULL, statuses},
};

/* Settings of one help stand together, and it is said once. */
static bool goes_on(const Setting *row) {
    return row[1].name && !strcmp(row->help, row[1].help);
}

static void write_setting(Buffer *b, const Setting *row, const Settings *defaults) {
    buffer_format(b, "%s = ", row->name);
    setting_write_value(b, row, defaults);
}

static void print_settings(const Settings *defaults) {
    for (const Setting *row = setting_rows; row->name; row++) {
        Buffer name = {0}, help = {0};
        write_setting(&name, row, defaults);
        if (!goes_on(row)) setting_write_help(&help, row);
        help_entry(buffer_string(&name), buffer_string(&help), HELP_COLUMN);
        buffer_free(&name);
        buffer_free(&help);
    }
}

static void print_settings_man(const Settings *defaults) {
    for (const Setting *row = setting_rows; row->name; row++) {
        Buffer names = {0}, help = {0};
        write_setting(&names, row, defaults);
        for (; goes_on(row); row++) {
            buffer_add_string(&names, ", ");
            write_setting(&names, row + 1, defaults);
        }
        setting_write_help(&help, row);
        help_man_entry(buffer_string(&names), buffer_string(&help));
        buffer_free(&names);
        buffer_free(&help);
    }
}

static Status print_parts(bool manual, Error *e) {
    Arena arena = {0};
    Settings defaults;
    Status s = settings_defaults(&arena, &defaults, e);
    for (size_t i = 0; s == STATUS_OK && i < sizeof parts / sizeof *parts; i++) {
        const char *before = parts[i].before ? _(parts[i].before) : "";
        if (manual) {
            printf(".SH %s\n", parts[i].title);
            help_roff(before);
            if (*before) puts("");
        } else {
            printf("%s%s\n", i ? "\n" : "", _(parts[i].heading));
            if (*before) help_entry("", before, 2);
        }
        if (!parts[i].rows && manual) print_settings_man(&defaults);
        else if (!parts[i].rows) print_settings(&defaults);
        for (const HelpRow *row = parts[i].rows; row && row->name; row++) {
            if (manual) help_man_entry(row->name, _(row->help));
            else help_entry(row->name, _(row->help), HELP_COLUMN);
        }
    }
    arena_free(&arena);
    return s;
}

Status help_settings(Error *e) {
    return print_parts(false, e);
}

Status help_settings_man(Error *e) {
    return print_parts(true, e);
}
