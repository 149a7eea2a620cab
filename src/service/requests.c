/* The rows of request.h: how each request is written, and who does it. */
#include "service/request.h"

#include "base/intl.h"
#include "commands/import.h"
#include "commands/import_usage.h"
#include "service/local.h"
#include "service/messages.h"

#include <stddef.h>
#include <string.h>

enum { WEEK_MOST = 1 << 20, WEEKS_MOST = 2000 };

/* --- arguments and replies that only these rows know ---------------------------------------------------------------- */

static void count_arguments(Wire *w, void *p) {
    CountArguments *a = p;
    message_known_entity(w, &a->entity);
    wire_text(w, &a->text);
}

static void key_arguments(Wire *w, void *p) {
    KeyArguments *a = p;
    message_known_entity(w, &a->entity);
    wire_text(w, &a->sort);
    wire_number(w, &a->id);
}

static void code_arguments(Wire *w, void *p) {
    RecordArguments *a = p;
    wire_text(w, &a->code);
    if (!a->code) w->bad = true;
}

static void id_of_entity_arguments(Wire *w, void *p) {
    RecordArguments *a = p;
    message_known_entity(w, &a->entity);
    wire_number(w, &a->id);
}

static void id_arguments(Wire *w, void *p) {
    wire_number(w, &((IdArguments *)p)->id);
}

static void attention_arguments(Wire *w, void *p) {
    AttentionArguments *a = p;
    wire_between(w, &a->site, -1, SITE_COUNT - 1);
    wire_between(w, &a->limit, 0, MESSAGE_PAGE_MOST);
}

static void weeks(Wire *w, int *first, int *last) {
    wire_between(w, first, -WEEK_MOST, WEEK_MOST);
    wire_between(w, last, -WEEK_MOST, WEEK_MOST);
    if (wire_reads(w) && *last - *first > WEEKS_MOST) w->bad = true;
}

static void booked_arguments(Wire *w, void *p) {
    BookedArguments *a = p;
    wire_number(w, &a->offer);
    wire_number(w, &a->request);
    wire_between(w, &a->first, -WEEK_MOST, WEEK_MOST);
    wire_between(w, &a->last, -WEEK_MOST, WEEK_MOST);
}

static void capacity_arguments(Wire *w, void *p) {
    CapacityArguments *a = p;
    wire_between(w, &a->kind, 0, KIND_COUNT);
    weeks(w, &a->first, &a->last);
}

static void state_reply(Wire *w, void *p) {
    StoreState *s = p;
    message_actor(w, &s->actor);
    wire_bits(w, &s->homes);
    WIRE_ENUM(w, s->trouble.kind, TROUBLE_MOVED);
    wire_chars(w, s->trouble.why, sizeof s->trouble.why);
    wire_chars(w, s->trouble.copy, sizeof s->trouble.copy);
    wire_flag(w, &s->demo);
    wire_text(w, &s->path);
}

static void code_row(Wire *w, CodeRow *r) {
    wire_between(w, &r->entity, 1, ENTITY_COUNT - 1);
    wire_number(w, &r->id);
    wire_text(w, &r->code);
    if (!r->code) w->bad = true;
}

static void codes_reply(Wire *w, void *p) {
    CodeRows *r = p;
    WIRE_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST, code_row);
}

static void list_arguments(Wire *w, void *p) {
    message_list(w, p);
}

static void page_reply(Wire *w, void *p) {
    message_page(w, p);
}

static void count_reply(Wire *w, void *p) {
    wire_number(w, &((CountReply *)p)->count);
}

static void key_reply(Wire *w, void *p) {
    message_key(w, p);
}

static void record_reply(Wire *w, void *p) {
    message_record(w, &((RecordReply *)p)->record);
    if (!((RecordReply *)p)->record) w->bad = true;
}

static void journal_arguments(Wire *w, void *p) {
    message_journal_query(w, p);
}

static void entries_reply(Wire *w, void *p) {
    EntryRows *r = p;
    WIRE_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST, message_entry);
}

static void heads_reply(Wire *w, void *p) {
    HeadRows *r = p;
    WIRE_PLAIN_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST);
}

static void check_arguments(Wire *w, void *p) {
    wire_text(w, &((CheckOptions *)p)->heads);
}

static void figures_reply(Wire *w, void *p) {
    wire_plain(w, p, sizeof(NetworkFigures));
}

static void attention_reply(Wire *w, void *p) {
    AttentionRows *r = p;
    WIRE_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST, message_attention);
}

static void booked_reply(Wire *w, void *p) {
    BookedRows *r = p;
    WIRE_PLAIN_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST);
}

static void fit_reply(Wire *w, void *p) {
    FitRows *r = p;
    WIRE_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST, message_fit);
}

static void capacity_reply(Wire *w, void *p) {
    message_capacity(w, p);
}

static void plan_arguments(Wire *w, void *p) {
    message_plan_request(w, p);
}

static void plan_reply(Wire *w, void *p) {
    message_plan(w, p);
}

static void drafts_reply(Wire *w, void *p) {
    DraftRows *r = p;
    WIRE_LIST(w, r->rows, r->count, DRAFTS_MOST, message_draft);
}

static void draft_arguments(Wire *w, void *p) {
    message_draft(w, p);
}

static void draft_check_reply(Wire *w, void *p) {
    DraftCheckReply *r = p;
    wire_flag(w, &r->safe);
}

static void editors_reply(Wire *w, void *p) {
    EditorRows *r = p;
    WIRE_LIST(w, r->rows, r->count, MESSAGE_ROWS_MOST, message_editor);
}

static void command_arguments(Wire *w, void *p) {
    message_command(w, p);
}

static void outcome_reply(Wire *w, void *p) {
    message_outcome(w, p);
}

static void import_arguments(Wire *w, void *p) {
    message_import(w, p);
}

static void import_reply(Wire *w, void *p) {
    message_import_reply(w, p);
}

static void usage_arguments(Wire *w, void *p) {
    message_usage_import(w, p);
}

static void usage_reply(Wire *w, void *p) {
    message_usage_reply(w, p);
}

/* --- which of them write -------------------------------------------------------------------------------------------- */

static bool always(const void *arguments) {
    (void)arguments;
    return true;
}

static bool plan_writes(const void *arguments) {
    const NetworkPlanRequest *r = arguments;
    return r->apply || r->keep;
}

/* --- who may ask for them ------------------------------------------------------------------------------------------- */

static Role plan_role(const void *arguments) {
    return plan_writes(arguments) ? ROLE_COORDINATOR : ROLE_VIEWER;
}

static Role operator_role(const void *arguments) {
    (void)arguments;
    return ROLE_OPERATOR;
}

static Role coordinator_role(const void *arguments) {
    (void)arguments;
    return ROLE_COORDINATOR;
}

static Role admin_role(const void *arguments) {
    (void)arguments;
    return ROLE_ADMIN;
}

static int *import_file(void *arguments) {
    return &((ImportRequest *)arguments)->fd;
}

static int *backup_file(void *arguments) {
    return &((BackupArguments *)arguments)->fd;
}

static int *usage_file(void *arguments) {
    return &((UsageImportRequest *)arguments)->fd;
}

/* --- what they tell meanwhile --------------------------------------------------------------------------------------- */

/* Where what is told goes: one request runs at a time. */
static struct {
    NoteSink sink;
    void *context;
    PlanWatch watch;
} told;

static void set_sink(NoteSink sink, void *context) {
    told.sink = sink;
    told.context = context;
}

static void tell_fault(void *context, const char *fault) {
    (void)context;
    told.sink(told.context, &(Note){.text = fault});
}

static bool tell_progress(void *context, int64_t done, int64_t total) {
    (void)context;
    return told.sink(told.context, &(Note){.done = done, .total = total});
}

static void tell_check(void *context, int64_t done, int64_t total) {
    tell_progress(context, done, total);
}

static bool tell_percent(void *context, int percent) {
    (void)context;
    return told.sink(told.context, &(Note){.done = percent, .total = 100});
}

static void check_listen(void *arguments, NoteSink sink, void *context) {
    CheckOptions *o = arguments;
    set_sink(sink, context);
    o->fault = tell_fault;
    o->progress = tell_check;
}

static bool check_tell(const void *arguments, const Note *n) {
    const CheckOptions *o = arguments;
    if (n->text && o->fault) o->fault(o->context, n->text);
    if (!n->text && o->progress) o->progress(o->context, n->done, n->total);
    return true;
}

static void import_listen(void *arguments, NoteSink sink, void *context) {
    set_sink(sink, context);
    ((ImportRequest *)arguments)->progress = tell_progress;
}

static bool import_tell(const void *arguments, const Note *n) {
    const ImportRequest *r = arguments;
    return !r->progress || r->progress(r->context, n->done, n->total);
}

static void usage_listen(void *arguments, NoteSink sink, void *context) {
    set_sink(sink, context);
    ((UsageImportRequest *)arguments)->progress = tell_progress;
}

static bool usage_tell(const void *arguments, const Note *n) {
    const UsageImportRequest *r = arguments;
    return !r->progress || r->progress(r->context, n->done, n->total);
}

static void plan_listen(void *arguments, NoteSink sink, void *context) {
    set_sink(sink, context);
    told.watch = (PlanWatch){tell_percent, NULL};
    ((NetworkPlanRequest *)arguments)->watch = &told.watch;
}

static bool plan_tell(const void *arguments, const Note *n) {
    const PlanWatch *w = ((const NetworkPlanRequest *)arguments)->watch;
    return !w || w->call(w->context, (int)n->done);
}

/* --- the rows ------------------------------------------------------------------------------------------------------- */

#define SIZES(arguments_type, reply_type) .arguments_size = sizeof(arguments_type), .reply_size = sizeof(reply_type)

const Request request_rows[REQUEST_NAMES] = {
    [REQUEST_ACTOR] = {.name = "actor", SIZES(char, StoreState), .reply = state_reply, .run = local_actor},
    [REQUEST_CODES] = {.name = "codes", SIZES(char, CodeRows), .reply = codes_reply, .run = local_codes},
    [REQUEST_LIST] =
        {.name = "list", SIZES(ListRequest, Page), .arguments = list_arguments, .reply = page_reply, .run = local_list},
    [REQUEST_COUNT] = {.name = "count",
                       SIZES(CountArguments, CountReply),
                       .arguments = count_arguments,
                       .reply = count_reply,
                       .run = local_count},
    [REQUEST_KEY] =
        {.name = "key", SIZES(KeyArguments, PageKey), .arguments = key_arguments, .reply = key_reply, .run = local_key},
    [REQUEST_RECORD] = {.name = "record",
                        SIZES(RecordArguments, RecordReply),
                        .arguments = code_arguments,
                        .reply = record_reply,
                        .run = local_record},
    [REQUEST_RECORD_OF_ID] = {.name = "record of id",
                              SIZES(RecordArguments, RecordReply),
                              .arguments = id_of_entity_arguments,
                              .reply = record_reply,
                              .run = local_record},
    [REQUEST_JOURNAL] = {.name = "journal",
                         SIZES(JournalQuery, EntryRows),
                         .arguments = journal_arguments,
                         .reply = entries_reply,
                         .run = local_journal},
    [REQUEST_HEADS] = {.name = "heads", SIZES(char, HeadRows), .reply = heads_reply, .run = local_heads},
    [REQUEST_FIGURES] = {.name = "figures", SIZES(char, NetworkFigures), .reply = figures_reply, .run = local_figures},
    [REQUEST_PROJECT_FIGURES] = {.name = "project figures",
                                 SIZES(char, NetworkFigures),
                                 .reply = figures_reply,
                                 .run = local_project_figures},
    [REQUEST_ATTENTION] = {.name = "attention",
                           SIZES(AttentionArguments, AttentionRows),
                           .arguments = attention_arguments,
                           .reply = attention_reply,
                           .run = local_attention},
    [REQUEST_BOOKED] = {.name = "booked",
                        SIZES(BookedArguments, BookedRows),
                        .arguments = booked_arguments,
                        .reply = booked_reply,
                        .run = local_booked},
    [REQUEST_FIT] =
        {.name = "fit", SIZES(IdArguments, FitRows), .arguments = id_arguments, .reply = fit_reply, .run = local_fit},
    [REQUEST_CAPACITY] = {.name = "capacity",
                          SIZES(CapacityArguments, CapacityRows),
                          .arguments = capacity_arguments,
                          .reply = capacity_reply,
                          .run = local_capacity},
    [REQUEST_PLAN] = {.name = "plan",
                      SIZES(NetworkPlanRequest, NetworkPlan),
                      .arguments = plan_arguments,
                      .reply = plan_reply,
                      .run = local_plan,
                      .writes = plan_writes,
                      .role = plan_role,
                      .listen = plan_listen,
                      .tell = plan_tell},
    [REQUEST_PLAN_SUPPOSE] = {.name = "plan suppose",
                              SIZES(NetworkPlanRequest, char),
                              .arguments = plan_arguments,
                              .run = local_plan_suppose},
    [REQUEST_DRAFTS] = {.name = "drafts", SIZES(char, DraftRows), .reply = drafts_reply, .run = local_drafts},
    [REQUEST_DRAFT_CHECK] = {.name = "draft check",
                             SIZES(Draft, DraftCheckReply),
                             .arguments = draft_arguments,
                             .reply = draft_check_reply,
                             .run = local_draft_check},
    [REQUEST_EDITORS] = {.name = "editors",
                         SIZES(RecordArguments, EditorRows),
                         .arguments = id_of_entity_arguments,
                         .reply = editors_reply,
                         .run = local_editors},
    [REQUEST_COMMAND] = {.name = "command",
                         SIZES(CommandRequest, Outcome),
                         .arguments = command_arguments,
                         .reply = outcome_reply,
                         .run = local_command,
                         .writes = always},
    [REQUEST_CHECK] = {.name = "check",
                       SIZES(CheckOptions, char),
                       .arguments = check_arguments,
                       .run = local_check,
                       .listen = check_listen,
                       .tell = check_tell},
    [REQUEST_BACKUP] =
        {.name = "backup", SIZES(BackupArguments, char), .run = local_backup, .role = admin_role, .file = backup_file},
    [REQUEST_IMPORT] = {.name = "import",
                        SIZES(ImportRequest, ImportReply),
                        .arguments = import_arguments,
                        .reply = import_reply,
                        .run = local_import,
                        .writes = always,
                        .role = coordinator_role,
                        .alone = true,
                        .replies_failing = true,
                        .file = import_file,
                        .listen = import_listen,
                        .tell = import_tell},
    [REQUEST_IMPORT_USAGE] = {.name = "import usage",
                              SIZES(UsageImportRequest, UsageImportReply),
                              .arguments = usage_arguments,
                              .reply = usage_reply,
                              .run = local_import_usage,
                              .writes = always,
                              .role = operator_role,
                              .alone = true,
                              .replies_failing = true,
                              .file = usage_file,
                              .listen = usage_listen,
                              .tell = usage_tell},
};

Status request_run(Service *s, Arena *arena, RequestName name, const void *arguments, void *reply, Error *e) {
    return request_rows[name].run(s, arena, arguments, reply, e);
}
