/* list, show, log and export. */
#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_ROWS = 500, FLUSH_BYTES = 1 << 16, RELATED_ROWS = 100, LOG_ROWS = 50 };

/* --- lists -------------------------------------------------------------------------------------------------------- */

typedef struct Listing {
    Cli *cli;
    Columns columns;
    CliForm form;
    TextTable table;
    Buffer out;
    int64_t written, limit;
} Listing;

Status cli_entity(const char *word, const Entity **entity, Error *e) {
    *entity = entity_of_word(word, strlen(word));
    if (*entity) return STATUS_OK;
    Buffer names = {0};
    for (int i = 1; i < ENTITY_COUNT; i++) {
        buffer_format(&names, "%s%s", i > 1 ? ", " : "", entity_of_kind(i)->plural);
    }
    error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not a kind of record: one of %s"), word, names.bytes);
    buffer_free(&names);
    return STATUS_USAGE;
}

/* The filter words joined by blanks; one that holds blanks and no quotes is put in quotes as it stands, unless it is
 * several conditions in one, as they stand on the screen ("state:active stage:pilot"). */
static const char *join_words(Cli *cli, int from) {
    static const char signs[] = ":=<>";
    Buffer b = {0};
    for (int i = from; i < cli->options.word_count; i++) {
        const char *word = cli->options.words[i], *sign = strpbrk(word, signs), *blank = strchr(word, ' ');
        if (b.size) buffer_add_char(&b, ' ');
        if (!blank || strchr(word, '"') || strpbrk(blank, signs)) buffer_add_string(&b, word);
        else if (sign && sign < blank) {
            sign += sign[1] == '='; /* "<=" is one sign */
            buffer_add(&b, word, (size_t)(sign - word) + 1);
            buffer_format(&b, "\"%s\"", sign + 1);
        } else buffer_add_string(&b, word);
    }
    const char *copy = arena_copy(&cli->arena, buffer_string(&b), b.size);
    buffer_free(&b);
    return copy;
}

static void write_row(Listing *l, const Record *r, const CodeBook *book) {
    switch (l->form) {
    case CLI_JSON:
        buffer_add_string(&l->out, l->written ? ",\n" : "\n");
        output_json(&l->out, &l->columns, r, book, NULL);
        break;
    case CLI_CSV: output_csv(&l->out, &l->columns, r, book); break;
    case CLI_TEXT: text_table_row(&l->table, r, book, &l->out); break;
    }
    l->written++;
}

static Status write_pages(Listing *l, const char *filter, Error *e) {
    Arena arena = {0};
    PageKey from;
    const CodeBook *book = service_codes(l->cli->service);
    ListRequest request = {.entity = l->columns.entity,
                           .filter = filter,
                           .sort = l->cli->options.sort,
                           .fields = l->columns.set | FIELD_BIT(COMMON_CODE)};
    /* A whole export goes through the ids, which cost least. */
    if (!request.sort && l->form == CLI_CSV) request.sort = "code";
    Status s = STATUS_OK;
    for (bool more = true; more && s == STATUS_OK && l->written < l->limit;) {
        Page page;
        int64_t left = l->limit - l->written;
        request.limit = left < PAGE_ROWS ? (int)left : PAGE_ROWS;
        s = service_list(l->cli->service, &arena, &request, &page, e);
        if (s != STATUS_OK) break;
        if (!l->written && l->form == CLI_TEXT && page.count)
            text_table_start(&l->table, &l->columns, page.rows, page.count, book, &l->out);
        for (int i = 0; i < page.count; i++) {
            write_row(l, page.rows[i], book);
            if (l->out.size > FLUSH_BYTES && (s = output_flush(&l->out, e)) != STATUS_OK) break;
        }
        more = page.more && page.count;
        if (more) {
            /* The key outlives the page's arena. */
            Arena next = {0};
            from = page.keys[page.count - 1];
            if (from.value.kind == VALUE_TEXT) from.value.text = arena_copy(&next, from.value.text, from.value.size);
            arena_free(&arena);
            arena = next;
            request.from = &from;
        }
    }
    arena_free(&arena);
    return s;
}

static Status list(Cli *cli, CliForm form, Error *e) {
    const Entity *entity;
    Listing l = {.cli = cli, .form = form};
    Status s = cli_entity(cli->options.words[1], &entity, e);
    if (s == STATUS_OK) s = columns_choose(entity, cli->options.columns, form, &l.columns, e);
    if (s == STATUS_OK) s = cli_open(cli, false, e);
    if (s != STATUS_OK) return s;
    l.limit = cli->options.limit >= 0 ? cli->options.limit : INT64_MAX;
    if (form == CLI_JSON) buffer_add_char(&l.out, '[');
    if (form == CLI_CSV) output_csv(&l.out, &l.columns, NULL, NULL);
    s = write_pages(&l, join_words(cli, 2), e);
    if (s == STATUS_OK && form == CLI_JSON) buffer_add_string(&l.out, l.written ? "\n]\n" : "]\n");
    /* Its first sentence: the second is about keys of the screen. */
    const char *empty = _(entity->empty);
    if (s == STATUS_OK && form == CLI_TEXT && !l.written && l.limit)
        fprintf(stderr, "%.*s\n", (int)strcspn(empty, ".") + 1, empty);
    if (s == STATUS_OK) s = output_flush(&l.out, e);
    buffer_free(&l.out);
    return s;
}

Status cli_list(Cli *cli, Error *e) {
    return list(cli, cli->options.form, e);
}

Status cli_export(Cli *cli, Error *e) {
    return list(cli, cli->options.form == CLI_JSON ? CLI_JSON : CLI_CSV, e);
}

/* --- one record --------------------------------------------------------------------------------------------------- */

static void related_text(Cli *cli, const Entity *other, int field, const Page *page, Buffer *b) {
    Columns columns;
    TextTable table;
    const CodeBook *book = service_codes(cli->service);
    columns_choose(other, NULL, CLI_TEXT, &columns, NULL);
    buffer_format(b, "\n%s\n", entity_related_heading(other, field));
    text_table_start(&table, &columns, page->rows, page->count, book, b);
    for (int i = 0; i < page->count; i++) {
        text_table_row(&table, page->rows[i], book, b);
    }
    if (page->more) buffer_format(b, "… %s\n", _("and more: use list with a filter"));
}

static void related_json(Cli *cli, const Entity *other, const Page *page, Buffer *b) {
    Columns columns;
    columns_choose(other, NULL, CLI_JSON, &columns, NULL);
    buffer_format(b, ",\n\"%s\":[", other->plural);
    for (int i = 0; i < page->count; i++) {
        buffer_add_string(b, i ? ",\n" : "\n");
        output_json(b, &columns, page->rows[i], service_codes(cli->service), NULL);
    }
    buffer_add_char(b, ']');
}

static Status show_related(Cli *cli, const Record *r, Buffer *b, Error *e) {
    const Entity *other;
    int field;
    Status s = STATUS_OK;
    for (int i = 0; s == STATUS_OK && entity_related(r->entity, i, &other, &field); i++) {
        Buffer filter = {0};
        Page page;
        buffer_format(&filter, "%s:", other->fields[field].name);
        record_code(r, service_codes(cli->service), &filter);
        ListRequest request = {.entity = other, .filter = filter.bytes, .limit = RELATED_ROWS, .fields = FIELDS_ALL};
        s = service_list(cli->service, &cli->arena, &request, &page, e);
        if (s == STATUS_OK && page.count) {
            if (cli->options.form == CLI_JSON) related_json(cli, other, &page, b);
            else related_text(cli, other, field, &page, b);
        }
        buffer_free(&filter);
    }
    return s;
}

Status cli_show(Cli *cli, Error *e) {
    Record *r;
    Buffer out = {0}, related = {0};
    Columns columns;
    Status s = cli_open(cli, false, e);
    if (s == STATUS_OK) s = service_record(cli->service, &cli->arena, cli->options.words[1], &r, e);
    if (s == STATUS_OK) s = columns_choose(r->entity, cli->options.columns, CLI_JSON, &columns, e);
    if (s != STATUS_OK) return s;
    const CodeBook *book = service_codes(cli->service);
    s = cli->options.form == CLI_CSV ? STATUS_OK : show_related(cli, r, &related, e);
    switch (cli->options.form) {
    case CLI_JSON:
        output_json(&out, &columns, r, book, &related);
        buffer_add_char(&out, '\n');
        break;
    case CLI_CSV:
        columns_choose(r->entity, cli->options.columns, CLI_CSV, &columns, NULL);
        output_csv(&out, &columns, NULL, NULL);
        output_csv(&out, &columns, r, book);
        break;
    case CLI_TEXT:
        output_record(&out, r, book);
        buffer_add(&out, buffer_string(&related), related.size);
        break;
    }
    if (s == STATUS_OK) s = output_flush(&out, e);
    buffer_free(&out);
    buffer_free(&related);
    return s;
}

/* --- the journal -------------------------------------------------------------------------------------------------- */

static void entry_code(const JournalEntry *j, const CodeBook *book, Buffer *b) {
    const Record *any = j->after ? j->after : j->before;
    if (any) record_code(any, book, b);
    else buffer_format(b, "%s %lld", j->entity->name, (long long)j->id);
}

static void change_json(Buffer *b, const JournalEntry *j, const CodeBook *book) {
    bool first = true;
    for (int i = COMMON_SITE; i < j->entity->field_count; i++) {
        const Field *f = &j->entity->fields[i];
        static const Value none;
        if ((f->flags & FIELD_HIDDEN) || (i > COMMON_REV && i < COMMON_COUNT)) continue;
        const Value *now = j->after ? &j->after->values[i] : &none;
        bool was_set = j->before && (j->changed & FIELD_BIT(i));
        if (j->before ? !was_set : value_empty(f, now)) continue;
        buffer_format(b, "%s\"%s\":{\"before\":", first ? "" : ",", f->name);
        value_json(b, f, was_set ? &j->before->values[i] : &none, book);
        buffer_add_string(b, ",\"after\":");
        value_json(b, f, now, book);
        buffer_add_char(b, '}');
        first = false;
    }
}

static void entry_json(Buffer *b, const JournalEntry *j, const CodeBook *book) {
    const struct {
        const char *key, *text;
    } texts[] = {{"at", j->at}, {"actor", j->actor}, {"verb", j->verb}, {"op", j->op}};
    Buffer code = {0};
    entry_code(j, book, &code);
    buffer_format(b, "{\"site\":\"%s\",\"epoch\":%d,\"number\":%lld,\"entity\":\"%s\",\"code\":", site_code(j->site),
                  j->epoch, (long long)j->number, j->entity->name);
    json_write_string(b, buffer_string(&code), code.size);
    buffer_format(b, ",\"rev\":%lld", (long long)j->rev);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buffer_format(b, ",\"%s\":", texts[i].key);
        json_write_string(b, texts[i].text, strlen(texts[i].text));
    }
    buffer_add_string(b, ",\"changes\":{");
    change_json(b, j, book);
    buffer_add_string(b, j->erased ? "},\"erased\":true}" : "}}");
    buffer_free(&code);
}

/* "state: proposed → accepted, due: 30 Nov → 10 Nov"; of a new record its title, of a deleted one "title → –". */
static void change_text(Buffer *b, const JournalEntry *j, const CodeBook *book) {
    if (!j->before || !j->after) {
        if (j->after || j->before) record_title(j->after ? j->after : j->before, b);
        if (!j->after) buffer_add_string(b, " → –");
        return;
    }
    bool first = true;
    for (int i = COMMON_SITE; i < j->entity->field_count; i++) {
        const Field *f = &j->entity->fields[i];
        if (!(j->changed & FIELD_BIT(i)) || (i > COMMON_REV && i < COMMON_COUNT)) continue;
        Buffer was = {0}, now = {0};
        value_show(&was, f, &j->before->values[i], book);
        value_show(&now, f, &j->after->values[i], book);
        char before[64], after[64]; /* a title's worth of each, whole characters */
        text_copy(before, sizeof before, was.size ? was.bytes : "–");
        text_copy(after, sizeof after, now.size ? now.bytes : "–");
        buffer_format(b, "%s%s: %s → %s", first ? "" : ", ", _(f->label), before, after);
        buffer_free(&was);
        buffer_free(&now);
        first = false;
    }
}

/* How wide the columns of a log are: as most entries need, or as the widest one so far. */
typedef struct LogWidths {
    int code, verb, actor;
} LogWidths;

static void widen(int *width, const char *text) {
    int w = text_width(text, strlen(text));
    if (w > *width) *width = w;
}

static void log_widen(LogWidths *w, const JournalEntry *entries, int count, const CodeBook *book) {
    Buffer code = {0};
    for (int i = 0; i < count; i++) {
        buffer_clear(&code);
        entry_code(&entries[i], book, &code);
        widen(&w->code, buffer_string(&code));
        widen(&w->verb, entries[i].verb);
        widen(&w->actor, entries[i].actor);
    }
    buffer_free(&code);
}

static void add_padded(Buffer *b, const char *text, int width) {
    int used = text_width(text, strlen(text));
    buffer_format(b, "%s%*s  ", text, width > used ? width - used : 0, "");
}

/* The time is the place's, as on the screen; for programs (--json) it is UTC. */
static void entry_text(Buffer *b, const JournalEntry *j, const LogWidths *w, const CodeBook *book) {
    enum { REV_WIDTH = 3 };
    Buffer code = {0}, rev = {0}, line = {0};
    char at[INSTANT_SIZE];
    int64_t instant = 0;
    entry_code(j, book, &code);
    if (instant_parse(j->at, strlen(j->at), &instant)) instant += clock_local_offset(instant);
    instant_write(instant, at);
    buffer_format(&line, "%.10s %.5s  ", at, at + 11);
    add_padded(&line, buffer_string(&code), w->code);
    buffer_format(&rev, "v%lld", (long long)j->rev);
    add_padded(&line, buffer_string(&rev), REV_WIDTH);
    buffer_free(&rev);
    add_padded(&line, j->verb, w->verb);
    add_padded(&line, j->actor, w->actor);
    change_text(&line, j, book);
    text_clean_out(b, buffer_string(&line), line.size, false);
    buffer_add_char(b, '\n');
    buffer_free(&code);
    buffer_free(&line);
}

Status cli_log(Cli *cli, Error *e) {
    Buffer out = {0};
    Arena arena = {0};
    Record *r;
    JournalQuery q = {.site = -1};
    LogWidths widths = {.code = 12, .verb = 9, .actor = 10};
    int64_t left = cli->options.limit >= 0 ? cli->options.limit : cli->options.form == CLI_JSON ? INT64_MAX : LOG_ROWS;
    int count = 1;
    int64_t written = 0;
    Status s = cli_open(cli, false, e);
    if (s == STATUS_OK && cli->options.word_count > 1) {
        const char *code = cli->options.words[1];
        char letter;
        s = service_record(cli->service, &cli->arena, code, &r, e);
        if (s == STATUS_OK) {
            q.entity = r->entity;
            q.id = r->id;
        } else if (s == STATUS_NOT_FOUND && code_read(code, strlen(code), &letter, &q.id)) {
            /* It may have been deleted, which is when its journal is wanted most. */
            JournalEntry *entries;
            q.entity = entity_of_letter(letter);
            q.limit = 1;
            if (q.entity && service_journal(cli->service, &arena, &q, &entries, &count, NULL) == STATUS_OK && count)
                s = STATUS_OK;
        }
    }
    if (s != STATUS_OK) return s;
    /* A record that is named is told whole, whoever writes of it: another site may have answered. */
    if (cli->options.site && !q.entity) q.site = site_of_code(cli->options.site, strlen(cli->options.site));
    const CodeBook *book = service_codes(cli->service);
    if (cli->options.form == CLI_JSON) buffer_add_char(&out, '[');
    while (left > 0 && count && s == STATUS_OK) {
        JournalEntry *entries;
        q.limit = left < PAGE_ROWS ? (int)left : PAGE_ROWS;
        s = service_journal(cli->service, &arena, &q, &entries, &count, e);
        if (s == STATUS_OK) log_widen(&widths, entries, count, book);
        for (int i = 0; i < count && s == STATUS_OK; i++, left--) {
            q.before = entries[i].seq;
            if (cli->options.form == CLI_JSON) {
                buffer_add_string(&out, written++ ? ",\n" : "\n");
                entry_json(&out, &entries[i], book);
            } else entry_text(&out, &entries[i], &widths, book);
        }
        if (s == STATUS_OK) s = output_flush(&out, e);
        arena_reset(&arena);
    }
    if (cli->options.form == CLI_JSON) buffer_add_string(&out, written ? "\n]\n" : "]\n");
    if (s == STATUS_OK) s = output_flush(&out, e);
    buffer_free(&out);
    arena_free(&arena);
    return s;
}
