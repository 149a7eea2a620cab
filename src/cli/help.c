/* Help and the shell completion, all read from the tables. */
#include "cli/help.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LINE_COLUMNS = 79, FIELD_COLUMN = 21 };

bool help_verb_at(int index, const char **verb, const Command **row, Command *found, Buffer *entities) {
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        for (int i = 0; command_of_entity(entity, i, found); i++) {
            bool earlier = !strcmp(found->name, "set");
            for (int k = 1; k <= kind && !earlier; k++) {
                Command other;
                for (int n = 0; command_of_entity(entity_of_kind(k), n, &other) && (k < kind || n < i); n++) {
                    earlier = earlier || !strcmp(other.name, found->name);
                }
            }
            if (earlier || index--) continue;
            *verb = found->name;
            *row = found;
            buffer_clear(entities);
            for (int k = 1; k < ENTITY_COUNT; k++) {
                Command other;
                if (!command_find(found->name, entity_of_kind(k), &other)) continue;
                buffer_format(entities, "%s%s", entities->size ? ", " : "", entity_of_kind(k)->name);
            }
            return true;
        }
    }
    return false;
}

/* Breaks not within brackets. */
int help_words(const char *text, int column, int indent) {
    while (*text) {
        size_t size = 0;
        for (int depth = 0; text[size] && (text[size] != ' ' || depth); size++) {
            depth += (text[size] == '[') - (text[size] == ']');
        }
        int width = text_width(text, size);
        if (column > indent && column + 1 + width > LINE_COLUMNS) column = printf("\n%*s", indent, "") - 1;
        else if (column > indent) column += printf(" ");
        printf("%.*s", (int)size, text);
        column += width;
        text += size + (text[size] == ' ');
    }
    return column;
}

void help_entry(const char *name, const char *help, int indent) {
    int column = printf("  %s", name);
    if (!*help) {
        puts("");
        return;
    }
    column += printf("%*s", column < indent ? indent - column : 0, "");
    if (column > indent) column = printf("\n%*s", indent, "") - 1;
    help_words(help, column, indent);
    puts("");
}

const char *help_option(const CliOption *o, char out[HELP_OPTION_SIZE]) {
    snprintf(out, HELP_OPTION_SIZE, "%s%s%s%s%s", o->short_name ? o->short_name : "", o->short_name ? ", " : "",
             o->name, o->value ? " " : "", o->value ? o->value : "");
    return out;
}

/* Of one command what it alone or with some others takes; NULL: all. */
static void print_options(const char *command) {
    char shown[HELP_OPTION_SIZE];
    for (const CliOption *o = cli_options; o->name; o++) {
        if (!command || (*o->with && cli_option_fits(o, command))) help_entry(help_option(o, shown), _(o->help), 23);
    }
}

void cli_print_usage(void) {
    Buffer entities = {0};
    Command found;
    const Command *row;
    const char *verb;
    printf("%s\n\n  jazari [%s] [%s] ...\n\n%s\n",
           _("jazari: the JAZARI Network of public AI institutes, in a terminal"), _("OPTIONS"), _("COMMAND"),
           _("Alone it opens the screen (without a terminal: prints the dashboard)."));
    printf("\n%s\n", _("Commands:"));
    for (const CliCommand *c = cli_commands; c->name; c++) {
        help_entry(c->name, c->usage, 12);
        printf("%*s", 14, "");
        help_words(_(c->help), 14, 14);
        puts("");
    }
    printf("\n%s\n", _("Verbs, as in \"jazari submit SMA-N17\" (jazari help VERB says more):"));
    for (int i = 0; help_verb_at(i, &verb, &row, &found, &entities); i++) {
        help_entry(verb, buffer_string(&entities), 13);
    }
    printf("\n%s\n", _("Options:"));
    print_options(NULL);
    printf("\n%s\n", _("A filter: region:SMA stage:pilot budget>1000000 due<+2w -state:stopped water"));
    buffer_free(&entities);
}

static void print_filter_help(void) {
    printf("\n%s\n", _("A filter is words, found in titles, texts and codes, and conditions on fields:"));
    printf("  region:SMA                %s\n", _("is; several: state:open,paused"));
    printf("  -state:stopped            %s\n", _("is not"));
    printf("  budget>1000000 due<=+2w   %s\n", _("more, less: > >= < <="));
    help_entry("first<=W48 due:30/11", _("without its year the nearest, before or after today (in a form the next)"),
               28);
    help_entry("SMA-R12", _("the record itself, or what hangs on it; \"SMA-R12\" in quotes only the text"), 28);
    printf("%s\n", _("Fields, by their records:"));
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        Buffer names = {0};
        for (int i = COMMON_SITE; i < entity->field_count; i++) {
            if (!(entity->fields[i].flags & FIELD_HIDDEN))
                buffer_format(&names, "%s%s", names.size ? " " : "", field_word(&entity->fields[i]));
        }
        help_words(buffer_string(&names), printf("  %s:", entity->plural), 5);
        puts("");
        buffer_free(&names);
    }
}

static void print_field(const Field *f, bool required) {
    Buffer about = {0};
    int column = printf("    %-*s ", FIELD_COLUMN - 5, f->name);
    buffer_format(&about, "%s%s%s%s", _(f->label), required ? " *" : "", f->help ? ". " : "",
                  f->help ? _(f->help) : "");
    if (column > FIELD_COLUMN) column = printf("\n%*s", FIELD_COLUMN, "") - 1;
    help_words(buffer_string(&about), column, FIELD_COLUMN);
    puts("");
    if (f->preset) printf("%*s%s: %s\n", FIELD_COLUMN, "", _("where left out"), f->preset);
    for (const Choice *c = f->choices; c && c->number; c++) {
        printf("%*s%s\n", FIELD_COLUMN + 2, "", c->word);
    }
    buffer_free(&about);
}

static void print_command(const Command *c, const Entity *entity) {
    const Choice *role = choice_of_number(role_choices, command_least_role(c, entity)),
                 *party = choice_of_number(party_choices, (int)c->party + 1);
    printf("jazari %s %s\n    %s\n", c->name, c->takes == TAKES_ENTITY ? entity->name : "CODE ...", _(c->help));
    printf("    %s: %s%s%s\n", _("takes the role"), role ? _(role->label) : "", c->arrow ? _(" of ") : "",
           c->arrow ? _(party->label) : "");
    for (int i = 0; i < c->argument_count; i++) {
        print_field(&c->arguments[i], c->arguments[i].flags & FIELD_REQUIRED);
    }
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        bool required, asked = command_asks(c, f->name, &required);
        bool given = c->fields && !(f->flags & FIELD_SYSTEM) && (i >= COMMON_COUNT || !i);
        if (asked) print_field(f, required);
        else if (given) print_field(f, f->flags & FIELD_REQUIRED);
    }
}

static bool help_on_verb(const char *word) {
    bool found = false;
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        Command c;
        const Entity *entity = entity_of_kind(kind);
        if (!command_find(word, entity, &c) || (c.takes == TAKES_RECORDS && !c.arrow && c.fields)) continue;
        if (c.takes == TAKES_NOTHING) continue;
        if (c.takes == TAKES_ENTITY && (entity->reference || entity == &entity_allocation)) continue;
        printf("%s", found ? "\n" : "");
        printf("%s: ", _(entity->label));
        print_command(&c, entity);
        found = true;
    }
    return found;
}

/* --- completion --------------------------------------------------------------------------------------------------- */

static void print_completion(void) {
    Buffer entities = {0};
    Command found;
    const Command *row;
    const char *verb;
    printf(
        "# bash completion for jazari\n_jazari() {\n    local word=${COMP_WORDS[COMP_CWORD]}\n    local commands=\"");
    for (const CliCommand *c = cli_commands; c->name; c++) {
        printf("%s ", c->name);
    }
    for (int i = 0; help_verb_at(i, &verb, &row, &found, &entities); i++) {
        printf("%s ", verb);
    }
    printf("\"\n    local entities=\"");
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        printf("%s ", entity_of_kind(kind)->plural);
    }
    printf("\"\n    local options=\"");
    for (const CliOption *o = cli_options; o->name; o++) {
        printf("%s %s%s", o->name, o->short_name ? o->short_name : "", o->short_name ? " " : "");
    }
    printf("\"\n    case ${COMP_WORDS[COMP_CWORD-1]} in\n"
           "    -c|--store|backup|restore) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
           "    list|add|import|export) COMPREPLY=($(compgen -W \"$entities\" -- \"$word\")) ;;\n"
           "    *) COMPREPLY=($(compgen -W \"$commands $options\" -- \"$word\")) ;;\n"
           "    esac\n}\ncomplete -o default -F _jazari jazari\n");
    buffer_free(&entities);
}

Status cli_help(Cli *cli, Error *e) {
    const char *word = cli->options.word_count > 1 ? cli->options.words[1] : NULL;
    if (!word) cli_print_usage();
    else if (!strcmp(word, "man")) return help_man(e);
    else if (!strcmp(word, "settings")) return help_settings(e);
    else if (!strcmp(word, "completion")) print_completion();
    else {
        bool found = false;
        for (const CliCommand *c = cli_commands; c->name; c++) {
            if (strcmp(c->name, word) != 0) continue;
            help_words(c->usage, printf("jazari %s", c->name), 8);
            printf("\n    ");
            help_words(_(c->help), 4, 4);
            puts("");
            print_options(c->name);
            if (strstr(c->usage, "FILTER")) print_filter_help();
            found = true;
        }
        if (help_on_verb(word)) found = true;
        if (!found) return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is no command"), word);
    }
    return STATUS_OK;
}
