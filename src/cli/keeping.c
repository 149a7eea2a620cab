/* init, import, check, backup and restore. */
#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/import_source.h"
#include "commands/import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER_STORE "/var/lib/jazari/jazari.db" /* where jazari.service has it */
#define HEAD_ENDS    " ,\t\r\n"

/* --- init --------------------------------------------------------------------------------------------------------- */

static Status take_sites(const char *text, int *sites, int *count, Error *e) {
    *count = 0;
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, ",");
        int site = site_of_code(at, n);
        if (site < 0)
            return error_set(e, STATUS_USAGE, "--site",
                             _("\"%.*s\" is not a site: ROOT, TTA, ORI, FMK, RSK, BMK, CAS, "
                               "MSF, DTF, SMA, GON, LSH or DOD"),
                             n > 40 ? 40 : (int)n, at);
        for (int i = 0; i < *count; i++) {
            if (sites[i] == site) return error_set(e, STATUS_USAGE, "--site", _("%s stands twice"), site_code(site));
        }
        sites[(*count)++] = site;
        at += n + (at[n] == ',');
    }
    return STATUS_OK;
}

/* The directories of the default place are made on the way; those of a path the user gives must be there. */
static void make_directories(const char *path) {
    char *copy = memory_string(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(copy, 0700);
        *slash = '/';
    }
    free(copy);
}

/* Where a server has the store, one of one's own is nothing that anybody would read. words: of the command that was meant
 * for the server's. */
static Status refuse_beside_server(const Cli *cli, const char *const *words, Error *e) {
    const char *path = *cli->settings.store_path ? cli->store_path : SERVER_STORE;
    const char *user = *cli->settings.server_user ? cli->settings.server_user : "root";
    bool restores = !strcmp(words[0], "restore");
    if (cli->options.store || (!cli->options.socket && !*cli->settings.server_socket)) return STATUS_OK;
    fprintf(stderr, "%s\n", _("The settings name a server: the store is its own. Its admin does this on its machine:"));
    fprintf(stderr, "  sudo systemctl stop jazari.socket jazari.service\n");
    if (restores) fprintf(stderr, "  sudo sh -c 'mkdir %s.old && mv %s %s-* %s.old'\n", path, path, path, path);
    fprintf(stderr, "  sudo -u %s jazari --store %s", user, path);
    for (; *words; words++) {
        fprintf(stderr, " %s", *words);
    }
    fprintf(stderr, "\n  sudo systemctl reset-failed jazari.socket jazari.service\n");
    fprintf(stderr, "  sudo systemctl start jazari.socket\n");
    return error_set(e, STATUS_USAGE, "server.socket",
                     _("nothing was made: a store beside the server's would be read by nobody (--store makes one)"));
}

Status cli_init(Cli *cli, Error *e) {
    int sites[SITE_COUNT], count = 0;
    const CliOptions *o = &cli->options;
    if (!o->demo && !o->site)
        return error_set(e, STATUS_USAGE, "--site", _("which site is the store home to? jazari init --site SMA"));
    if (o->demo && o->site) return error_set(e, STATUS_USAGE, "--site", _("the demo is home to all sites"));
    Status s = o->site ? take_sites(o->site, sites, &count, e) : STATUS_OK;
    if (s == STATUS_OK)
        s = refuse_beside_server(
            cli, (const char *const[]){"init", o->demo ? "--demo" : "--site", o->demo ? NULL : o->site, NULL}, e);
    if (s != STATUS_OK) return s;
    if (cli_store_is_default(cli)) make_directories(cli->store_path);
    InitRequest r = {
        .path = cli->store_path, .login = cli->login, .sites = sites, .site_count = count, .demo = o->demo};
    s = service_init(&r, e);
    if (s != STATUS_OK) return s;
    fprintf(stderr, _("%s: made; %s is its admin\n"), cli->store_path, cli->login);
    return STATUS_OK;
}

/* --- import ------------------------------------------------------------------------------------------------------- */

Status cli_import(Cli *cli, Error *e) {
    char op[OPERATION_SIZE];
    ImportSource source;
    ImportReply reply = {0};
    if (cli->options.format && strcmp(cli->options.format, "csv") != 0) return cli_import_usage(cli, e);
    operation_new(op);
    ImportRequest r = {.op = cli->options.op ? cli->options.op : op,
                       .dry_run = cli->options.dry_run,
                       .progress = import_source_progress,
                       .context = &source};
    Status s = cli_entity(cli->options.words[1], &r.entity, e);
    if (s == STATUS_OK) s = import_source_open(cli, &source, e);
    if (s != STATUS_OK) return s;
    r.file = source.name;
    r.fd = source.fd;
    s = cli_open(cli, true, e);
    if (s == STATUS_OK) s = service_import(cli->service, &cli->arena, &r, &reply, e);
    import_source_close(&source);
    if (s != STATUS_OK) import_source_say_faults(reply.faults, reply.fault_count, e);
    else if (reply.repeated) fprintf(stderr, "%s\n", _("this operation was done before: nothing was written"));
    else
        fprintf(stderr, _("%lld added, %lld changed, %lld as they were%s\n"), (long long)reply.added,
                (long long)reply.changed, (long long)reply.same, r.dry_run ? _(" (nothing was written)") : "");
    return s;
}

/* --- check, backup, restore --------------------------------------------------------------------------------------- */

static void show_fault(void *context, const char *fault) {
    Buffer clean = {0};
    (void)context;
    text_clean_out(&clean, fault, strlen(fault), false);
    printf("%s\n", buffer_string(&clean));
    buffer_free(&clean);
}

/* As "jazari journal head" prints them, a line each, or parted in any other way. */
static const char *join_heads(Arena *arena, const char *given) {
    Buffer heads = {0};
    for (const char *at = given + strspn(given, HEAD_ENDS); *at;) {
        size_t n = strcspn(at, HEAD_ENDS);
        buffer_format(&heads, "%s%.*s", heads.size ? "," : "", (int)n, at);
        at += n + strspn(at + n, HEAD_ENDS);
    }
    const char *joined = arena_string(arena, buffer_string(&heads));
    buffer_free(&heads);
    return joined;
}

Status cli_check(Cli *cli, Error *e) {
    const char *head = cli->options.head;
    const CheckOptions options = {.fault = show_fault, .heads = head ? join_heads(&cli->arena, head) : NULL};
    if (head && !*options.heads)
        return error_set(e, STATUS_USAGE, "--head", _("there is none in it: give what \"jazari journal head\" prints"));
    Status s = cli_open(cli, false, e);
    if (s == STATUS_OK) s = service_check(cli->service, &options, e);
    if (s == STATUS_OK) printf("%s\n", _("the store is whole"));
    return s;
}

Status cli_journal(Cli *cli, Error *e) {
    JournalHead *heads;
    int count;
    if (strcmp(cli->options.words[1], "head") != 0)
        return error_set(e, STATUS_USAGE, NULL, _("usage: jazari %s %s"), "journal", "head");
    Status s = cli_open(cli, false, e);
    if (s == STATUS_OK) s = service_heads(cli->service, &cli->arena, &heads, &count, e);
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        Buffer line = {0};
        journal_head_write(&heads[i], &line);
        printf("%s\n", buffer_string(&line));
        buffer_free(&line);
    }
    return s;
}

/* A copy that is not whole is none, and no file has its name: it is written and checked under another one first. */
static Status back_up(Cli *cli, const char *path, Error *e) {
    const char *part = arena_format(&cli->arena, "%s.part", path);
    const CheckOptions options = {.fault = show_fault};
    Status s = service_copy_is_free(path, e);
    if (s != STATUS_OK) return s;
    unlink(part); /* of a backup that was killed */
    s = service_backup(cli->service, part, e);
    if (s == STATUS_OK) s = service_check_copy(part, &options, e);
    if (s == STATUS_OK) s = service_name_copy(cli->service, part, path, e);
    if (s != STATUS_OK) {
        unlink(part);
        if (!strcmp(e->file, part)) text_copy(e->file, sizeof e->file, path);
        return s;
    }
    fprintf(stderr, _("%s: written and checked\n"), path);
    return STATUS_OK;
}

/* "jazari-2026-11-24T02:30:00Z.db", and no other file. */
static int is_copy(const struct dirent *d) {
    int64_t at;
    size_t size = strlen(d->d_name);
    return size == 7 + INSTANT_SIZE - 1 + 3 && !strncmp(d->d_name, "jazari-", 7) &&
           instant_parse(d->d_name + 7, INSTANT_SIZE - 1, &at) && !strcmp(d->d_name + size - 3, ".db");
}

/* Names sort by time. What is beyond the newest goes once the new one is whole, which stays whatever the clock says. */
static Status rotate(Cli *cli, const char *dir, Error *e) {
    char at[INSTANT_SIZE];
    struct dirent **copies = NULL;
    instant_write(clock_now(), at);
    const char *name = arena_format(&cli->arena, "jazari-%s.db", at);
    Status s = back_up(cli, arena_format(&cli->arena, "%s/%s", dir, name), e);
    int count = s == STATUS_OK ? scandir(dir, &copies, is_copy, alphasort) : 0;
    int64_t left = count - cli->options.rotate;
    for (int i = 0; i < count; i++) {
        if (left > 0 && strcmp(copies[i]->d_name, name) != 0) {
            const char *old = arena_format(&cli->arena, "%s/%s", dir, copies[i]->d_name);
            service_remove_copy(old);
            fprintf(stderr, _("%s: removed\n"), old);
            left--;
        }
        free(copies[i]);
    }
    free(copies);
    return s;
}

Status cli_backup(Cli *cli, Error *e) {
    const char *path = cli->options.words[1];
    if (!cli->options.rotate)
        return error_set(e, STATUS_USAGE, "--rotate", _("how many copies are kept has to be above 0"));
    Status s = cli_open(cli, false, e);
    if (s != STATUS_OK) return s;
    return cli->options.rotate < 0 ? back_up(cli, path, e) : rotate(cli, path, e);
}

/* What came back, and up to when. */
static Status say_restored(Cli *cli, Error *e) {
    JournalEntry *newest = NULL;
    JournalHead *heads = NULL;
    int count = 0, entries = 0;
    const JournalQuery q = {.site = -1, .limit = 1};
    int64_t all = 0, at = 0;
    Status s = service_open(cli->store_path, false, 0, cli->login, &cli->service, e);
    if (s == STATUS_OK) s = service_heads(cli->service, &cli->arena, &heads, &count, e);
    if (s == STATUS_OK) s = service_journal(cli->service, &cli->arena, &q, &newest, &entries, e);
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        all += heads[i].number;
    }
    if (s != STATUS_OK || !entries || !instant_parse(newest->at, strlen(newest->at), &at)) return s;
    Buffer when = {0}, many = {0};
    at += clock_local_offset(at);
    date_show(&when, (int)(at / 86400), clock_today());
    number_show(&many, all, 0);
    fprintf(stderr, _("%s writes, the newest of %s %02d:%02d by %s; what was written after is not in it\n"), many.bytes,
            when.bytes, (int)(at / 3600 % 24), (int)(at / 60 % 60), newest->actor);
    fprintf(stderr, "%s\n", _("It goes on in a new epoch, so that its codes are never those given out since."));
    buffer_free(&when);
    buffer_free(&many);
    return STATUS_OK;
}

Status cli_restore(Cli *cli, Error *e) {
    const CheckOptions options = {.fault = show_fault};
    Status s = refuse_beside_server(cli, (const char *const[]){"restore", cli->options.words[1], NULL}, e);
    if (s == STATUS_OK) s = service_check_copy(cli->options.words[1], &options, e);
    if (s == STATUS_OK && cli_store_is_default(cli)) make_directories(cli->store_path);
    if (s == STATUS_OK) s = service_restore(cli->options.words[1], cli->store_path, e);
    if (s != STATUS_OK) return s;
    fprintf(stderr, _("%s: restored from %s\n"), cli->store_path, cli->options.words[1]);
    return say_restored(cli, e);
}
