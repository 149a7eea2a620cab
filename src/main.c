/* jazari: a terminal program for the people who run the JAZARI Network of public AI institutes. Alone, at a terminal, it
 * opens the screen (ui/); otherwise it does what the command line says (cli/). */
#include "base/arena.h"
#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "cli/cli.h"
#include "ui.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The clock stands still for tests that say so. */
static Status pin_clock(Error *e) {
    const char *text = getenv("JAZARI_CLOCK");
    int64_t instant;
    if (!text || !*text) return STATUS_OK;
    if (!instant_parse(text, strlen(text), &instant))
        return error_set(e, STATUS_USAGE, "JAZARI_CLOCK", _("\"%.40s\" is not an instant: write 2026-11-30T09:00:00Z"),
                         text);
    clock_pin(instant);
    return STATUS_OK;
}

static void choose_language(const Settings *settings) {
    static const char *const locales[] = {NULL, "en", "fr", "ar"};
    if (settings->language > 0) setenv("LANGUAGE", locales[settings->language], 1);
    bindtextdomain("jazari", JAZARI_LOCALES);
    bind_textdomain_codeset("jazari", "UTF-8");
    textdomain("jazari");
    const struct lconv *format = localeconv();
    number_set_decimal_sign(format->decimal_point && *format->decimal_point == ',' ? ',' : '.');
}

/* A language that was asked for, and whose words are not there, is said once; that of the environment is just passed over.
 * A catalogue translates the empty text to what it says of itself. */
static void say_missing_words(const Settings *settings) {
    static const char *const missing[] = {NULL, NULL, N_("no French words are installed: the screen is in English"),
                                          N_("no Arabic words are installed: the screen is in English")};
    const char *why = missing[settings->language];
    if (why && !*gettext("")) fprintf(stderr, "jazari: %s\n", why);
}

static const char *own_login(Arena *arena) {
    const struct passwd *p = getpwuid(geteuid());
    return p && p->pw_name ? arena_string(arena, p->pw_name) : arena_format(arena, "uid-%ld", (long)geteuid());
}

static const char *expand_home(Arena *arena, const char *path) {
    const char *home = getenv("HOME");
    return !strncmp(path, "~/", 2) && home ? arena_format(arena, "%s/%s", home, path + 2) : path;
}

static Status prepare(Cli *cli, int argc, char **argv, Error *e) {
    Status s = cli_parse(&cli->arena, argc, argv, &cli->options, e);
    if (s == STATUS_OK) s = pin_clock(e);
    if (s == STATUS_OK) s = settings_load(&cli->arena, cli->options.config, &cli->settings, e);
    if (s != STATUS_OK) return s;
    choose_language(&cli->settings);
    s = cli_take_ssh(cli, e);
    if (s != STATUS_OK) return s;
    cli->login = own_login(&cli->arena);
    const char *path = cli->options.store ? cli->options.store : cli->settings.store_path;
    cli->store_path = *path ? expand_home(&cli->arena, path) : settings_default_store(&cli->arena);
    return STATUS_OK;
}

/* As any other command: "jazari list projects | head" ends without a word. */
static void end_with_reader(void) {
    signal(SIGPIPE, SIG_DFL);
}

static void print_usage(void) {
    end_with_reader();
    cli_print_usage();
}

static Status run(Cli *cli, Error *e) {
    bool screen = !cli->options.word_count && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (!screen) {
        end_with_reader();
        return cli_run(cli, e);
    }
    Status s = cli_open(cli, true, e);
    if (s != STATUS_OK) return s;
    say_missing_words(&cli->settings);
    const UiOptions options = {.service = cli->service, .settings = &cli->settings, .panel = cli->options.panel};
    return ui_run(&options, e);
}

int main(int argc, char **argv) {
    Cli cli = {0};
    Error error = {0};
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    json_set_alloc_funcs(memory_new, free);
    Status s = prepare(&cli, argc, argv, &error);
    if (s == STATUS_OK && cli.options.version) printf("jazari %s\n", JAZARI_VERSION);
    else if (s == STATUS_OK && cli.options.help) print_usage();
    else if (s == STATUS_OK) s = run(&cli, &error);
    /* What was refused earlier is lost to the flush, which finds nothing left to write. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && s == STATUS_OK)
        s = error_set(&error, STATUS_FAILED, NULL, _("the output cannot be written: %s"), strerror(errno));
    if (s != STATUS_OK) cli_print_error(&error);
    service_close(cli.service);
    arena_free(&cli.arena);
    return s <= STATUS_BUSY ? (int)s : 1;
}
