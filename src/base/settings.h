/* Settings: one row each, read through libconfig.
 *
 * jazari.conf.example, which is part of the program, gives the defaults; one file may change them. The file is at most
 * 64 KiB and includes no others. An unknown or doubled key, a value of another type, a number out of bounds or a word
 * that is none of the choices is refused with file, line, and what would be right. */
#ifndef JAZARI_BASE_SETTINGS_H
#define JAZARI_BASE_SETTINGS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum SettingKind {
    SETTING_TEXT,
    SETTING_NUMBER,
    SETTING_FLAG,
    SETTING_WORD,
    SETTING_QUANTITY, /* kept in thousandths: 12, or a decimal in quotation marks: "0.02" */
} SettingKind;

/* auto, always, never */
typedef enum Tristate { TRISTATE_AUTO, TRISTATE_ALWAYS, TRISTATE_NEVER } Tristate;

enum { SETTING_RATES = 9 };

typedef struct Settings {
    const char *file; /* that was read; "" for the defaults alone */
    const char *store_path;
    int64_t store_busy_ms;
    const char *ssh_commands;         /* those that read which a forced SSH session may be given */
    const char *server_socket;        /* "": the store is opened by this process */
    int64_t server_patience_ms;       /* how long it may take to answer a write */
    const char *server_user;          /* who may answer at the socket, besides root and oneself */
    int64_t language;                 /* of language_words */
    int64_t panel;                    /* of panel_words */
    int64_t color, ascii, bidi, thin; /* Tristate */
    int64_t mouse;
    int64_t confirm;              /* 0 always, 1 several */
    int64_t rates[SETTING_RATES]; /* thousandths of a credit a unit, by the number of the kind of capacity */
} Settings;

typedef struct Setting {
    const char *name; /* "store.path" */
    SettingKind kind;
    size_t offset;    /* in Settings */
    int64_t min, max; /* of SETTING_NUMBER, SETTING_QUANTITY; of SETTING_TEXT max bytes */
    const char *const
        *words; /* of SETTING_WORD: stored as the index; of SETTING_TEXT: those that a list holds. Ended by NULL */
    const char *help; /* what it is for, in sentences, to be translated; what it may be is added to it */
} Setting;

extern const Setting setting_rows[]; /* ended by a row without a name */
extern const char *const language_words[], *const panel_words[];
/* The commands that only read, which a forced SSH session may be given. Ended by NULL, as those above. */
extern const char *const ssh_command_words[];

/* What a setting is for and what it may be, as jazari.conf.example has it for a comment; and its value as a file has it. */
void setting_write_help(Buffer *, const Setting *);
void setting_write_value(Buffer *, const Setting *, const Settings *);

/* The defaults alone. */
Status settings_defaults(Arena *, Settings *, Error *);

/* Reads the defaults, then the file: `file` where it is given, else $JAZARI_CONF, else jazari/jazari.conf under
 * $XDG_CONFIG_HOME (or ~/.config), else /etc/jazari/jazari.conf, where one is there. Text is the arena's. */
Status settings_load(Arena *, const char *file, Settings *, Error *);

/* Reads one text over settings that are filled in; file is for messages. */
Status settings_read(Arena *, const char *text, size_t size, const char *file, Settings *, Error *);

/* Where the store is when no setting says: jazari/jazari.db under $XDG_DATA_HOME (or ~/.local/share). */
const char *settings_default_store(Arena *);

#endif
