/* The one door to the data: each function asks a request (request.h), of the store in this process or of the server. */
#include "service/service.h"

#include "base/date.h"
#include "base/intl.h"
#include "commands/demo.h"
#include "commands/import.h"
#include "commands/import_usage.h"
#include "commands/init.h"
#include "service/keeper.h"
#include "service/link.h"
#include "service/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Status ask(Service *s, Arena *arena, RequestName name, const void *arguments, void *reply, Error *e) {
    if (s->link) return link_ask(s->link, arena, s->actor.site, name, arguments, reply, e);
    return request_run(s, arena, name, arguments, reply, e);
}

/* --- opening -------------------------------------------------------------------------------------------------------- */

Status service_open(const char *path, bool write, int busy_ms, const char *login, Service **out, Error *e) {
    Store *store;
    *out = NULL;
    Status s = store_open(path, write, busy_ms, &store, e);
    if (s != STATUS_OK) return s;
    Service *service = memory_new(sizeof *service);
    *service = (Service){.store = store};
    s = actor_load(store, login, &service->actor, e);
    if (s != STATUS_OK) {
        service_close(service);
        return s;
    }
    *out = service;
    return STATUS_OK;
}

Status service_connect(const char *socket, const char *user, Service **out, Error *e) {
    return service_connect_watched(socket, user, NULL, out, e);
}

Status service_connect_watched(const char *socket, const char *user, const ServiceWaiting *waiting, Service **out,
                               Error *e) {
    Link *link;
    *out = NULL;
    Status s = link_open(socket, user, waiting, &link, e);
    if (s != STATUS_OK) return s;
    Service *service = memory_new(sizeof *service);
    *service = (Service){.link = link, .actor = link_state(link)->actor};
    *out = service;
    return STATUS_OK;
}

void service_close(Service *s) {
    if (!s) return;
    store_close(s->store);
    link_close(s->link);
    keeper_free(s->keeper);
    keeper_free(s->own);
    buffer_free(&s->own_place);
    free(s);
}

const Actor *service_actor(const Service *s) {
    return &s->actor;
}

Status service_act_as(Service *s, int site, Error *e) {
    return actor_act_as(&s->actor, site, e);
}

unsigned service_homes(const Service *s) {
    return s->link ? link_state(s->link)->homes : store_homes(s->store);
}

const char *service_path(const Service *s) {
    return s->link ? link_state(s->link)->path : store_path(s->store);
}

bool service_is_demo(const Service *s) {
    return s->link ? link_state(s->link)->demo : store_is_demo(s->store);
}

bool service_is_served(const Service *s) {
    return s->link != NULL;
}

const CodeBook *service_codes(Service *s) {
    return s->link ? link_codes(s->link) : store_codes(s->store);
}

/* Roles are the server's to say: what changed may be who one is. */
static void take_actor(Service *s, const StoreState *state) {
    int site = s->actor.site;
    s->actor = state->actor;
    actor_act_as(&s->actor, site, NULL);
}

void service_trouble(Service *s, Trouble *out) {
    Arena arena = {0};
    StoreState state = {0};
    if (s->link && link_fd(s->link) < 0) state.trouble = link_state(s->link)->trouble;
    else if (ask(s, &arena, REQUEST_ACTOR, NULL, &state, NULL) == STATUS_OK && s->link) take_actor(s, &state);
    *out = state.trouble;
    arena_free(&arena);
}

int64_t service_version(Service *s) {
    if (!s->link) return store_version(s->store);
    int64_t version = link_version(s->link);
    if (version != s->version && link_fd(s->link) >= 0) {
        Trouble unused;
        service_trouble(s, &unused);
    }
    return s->version = version;
}

int service_news_fd(const Service *s) {
    return s->link ? link_fd(s->link) : -1;
}

bool service_is_away(const Service *s) {
    return s->link && link_fd(s->link) < 0;
}

void service_set_interrupt(Service *s, bool (*stop)(void *), void *context) {
    if (s->link) link_set_interrupt(s->link, stop, context);
    else store_set_interrupt(s->store, stop, context);
}

void service_set_waits(Service *s, bool (*waits)(void *), void *context) {
    if (s->link) link_set_waits(s->link, waits, context);
}

bool service_is_unsure(const Error *e) {
    return e->status == STATUS_BUSY && !strcmp(e->field, "op");
}

/* What the command line can do about it. */
static Status say_operation(Status status, const char *op, Error *e) {
    if (status != STATUS_BUSY || !e || !service_is_unsure(e)) return status;
    return error_set(e, status, "op",
                     _("the server did not answer: it may have been done. The same with --op %s tells, "
                       "and does it once"),
                     op);
}

/* --- queries ------------------------------------------------------------------------------------------------------ */

Status service_parse_filter(Service *s, Arena *arena, const Entity *entity, const char *text, Filter *filter,
                            Error *e) {
    if (!text) text = "";
    return filter_parse(arena, entity, text, strlen(text), service_codes(s), filter, e);
}

Status service_parse_sort(const Entity *entity, const char *text, int *field, bool *descending, Error *e) {
    if (!text || !*text) text = entity->sort;
    *descending = *text == '-';
    const char *name = text + *descending;
    *field = filter_field(entity, name, strlen(name));
    if (*field >= 0 && (entity->fields[*field].flags & FIELD_LISTED)) return STATUS_OK;
    Buffer names = {0};
    for (int i = 0; i < entity->field_count; i++) {
        if (!(entity->fields[i].flags & FIELD_LISTED)) continue;
        buffer_format(&names, "%s%s", names.size ? ", " : "", field_word(&entity->fields[i]));
    }
    error_set(e, STATUS_USAGE, "sort", _("\"%.40s\" cannot be sorted on: one of %s"), name, buffer_string(&names));
    buffer_free(&names);
    return STATUS_USAGE;
}

Status service_list(Service *s, Arena *arena, const ListRequest *r, Page *page, Error *e) {
    *page = (Page){0};
    return ask(s, arena, REQUEST_LIST, r, page, e);
}

Status service_count(Service *s, const Entity *entity, const char *text, int64_t *count, Error *e) {
    Arena arena = {0};
    const CountArguments a = {entity, text};
    CountReply r = {0};
    Status status = ask(s, &arena, REQUEST_COUNT, &a, &r, e);
    if (status == STATUS_OK) *count = r.count;
    arena_free(&arena);
    return status;
}

Status service_key(Service *s, Arena *arena, const Entity *entity, const char *sort, int64_t id, PageKey *key,
                   Error *e) {
    const KeyArguments a = {entity, sort, id};
    *key = (PageKey){0};
    return ask(s, arena, REQUEST_KEY, &a, key, e);
}

Status service_record_of_id(Service *s, Arena *arena, const Entity *entity, int64_t id, Record **out, Error *e) {
    const RecordArguments a = {.entity = entity, .id = id};
    RecordReply r = {0};
    Status status = ask(s, arena, REQUEST_RECORD_OF_ID, &a, &r, e);
    if (status == STATUS_OK) *out = r.record;
    return status;
}

Status service_record(Service *s, Arena *arena, const char *code, Record **out, Error *e) {
    const RecordArguments a = {.code = code};
    RecordReply r = {0};
    Status status = ask(s, arena, REQUEST_RECORD, &a, &r, e);
    if (status == STATUS_OK) *out = r.record;
    return status;
}

Status service_journal(Service *s, Arena *arena, const JournalQuery *q, JournalEntry **out, int *count, Error *e) {
    EntryRows r = {0};
    Status status = ask(s, arena, REQUEST_JOURNAL, q, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_heads(Service *s, Arena *arena, JournalHead **out, int *count, Error *e) {
    HeadRows r = {0};
    Status status = ask(s, arena, REQUEST_HEADS, NULL, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_figures(Service *s, NetworkFigures *out, Error *e) {
    Arena arena = {0};
    Status status = ask(s, &arena, REQUEST_FIGURES, NULL, out, e);
    arena_free(&arena);
    return status;
}

Status service_project_figures(Service *s, NetworkFigures *out, Error *e) {
    Arena arena = {0};
    NetworkFigures now = {0};
    Status status = ask(s, &arena, REQUEST_PROJECT_FIGURES, NULL, &now, e);
    for (int site = 0; status == STATUS_OK && site < SITE_COUNT; site++) {
        out->region[site].projects = now.region[site].projects;
        out->region[site].late = now.region[site].late;
    }
    arena_free(&arena);
    return status;
}

Status service_attention(Service *s, Arena *arena, int site, int limit, Attention **out, int *count, Error *e) {
    const AttentionArguments a = {site, limit};
    AttentionRows r = {0};
    Status status = ask(s, arena, REQUEST_ATTENTION, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_booked(Service *s, Arena *arena, int64_t offer, int64_t request, int first, int last, BookedWeek **out,
                      int *count, Error *e) {
    const BookedArguments a = {offer, request, first, last};
    BookedRows r = {0};
    Status status = ask(s, arena, REQUEST_BOOKED, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_fit(Service *s, Arena *arena, int64_t request, OfferFit **out, int *count, Error *e) {
    const IdArguments a = {request};
    FitRows r = {0};
    Status status = ask(s, arena, REQUEST_FIT, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_capacity(Service *s, Arena *arena, int kind, int first, int last, CapacityRows *out, Error *e) {
    const CapacityArguments a = {kind, first, last};
    *out = (CapacityRows){0};
    return ask(s, arena, REQUEST_CAPACITY, &a, out, e);
}

/* The ledger follows from the rows: it is made where it is read. */
Status service_ledger(Service *s, Arena *arena, int kind, int first, int last, const Ledger **out, Error *e) {
    CapacityRows rows;
    Status status = service_capacity(s, arena, kind, first, last, &rows, e);
    if (status == STATUS_OK) *out = ledger_compute(arena, &rows, week_of_date(clock_today()));
    return status;
}

Status service_plan(Service *s, Arena *arena, const NetworkPlanRequest *request, NetworkPlan *plan, Error *e) {
    *plan = (NetworkPlan){0};
    return say_operation(ask(s, arena, REQUEST_PLAN, request, plan, e), request->op, e);
}

Status service_plan_suppose(Service *s, const NetworkPlanRequest *request, Error *e) {
    Arena arena = {0};
    Status status = ask(s, &arena, REQUEST_PLAN_SUPPOSE, request, NULL, e);
    arena_free(&arena);
    return status;
}

/* --- drafts ------------------------------------------------------------------------------------------------------- */

static bool tell(Service *s, KeeperAct act, const Draft *d) {
    Buffer message = {0};
    if (!s->link) return keeper_tell(local_keeper(s), act, d);
    keeper_message(&message, act, d);
    bool told = link_tell(s->link, FRAME_DRAFT, message.bytes, message.size);
    buffer_free(&message);
    return told;
}

/* Where this person's own directory has drafts of the store; NULL: nowhere. */
static const char *own_place(Service *s) {
    if (!s->own_place.size && !draft_own_place(&s->own_place, service_path(s))) buffer_clear(&s->own_place);
    return s->own_place.size ? s->own_place.bytes : NULL;
}

static bool tell_own(Service *s, KeeperAct act, const Draft *d) {
    if (!s->own && own_place(s) && draft_make_way(own_place(s))) s->own = keeper_new(own_place(s), s->actor.login);
    return s->own && keeper_tell(s->own, act, d);
}

bool service_draft_put(Service *s, const Draft *d) {
    bool told = tell(s, KEEPER_PUT, d);
    if (told && !s->aside) return true;
    return tell_own(s, KEEPER_PUT, d) || told;
}

void service_draft_leave(Service *s, const Draft *d) {
    tell(s, KEEPER_LEAVE, d);
    if (s->own) tell_own(s, KEEPER_LEAVE, d);
}

void service_draft_drop(Service *s, const Draft *d) {
    tell(s, KEEPER_DROP, d);
    if (s->own) tell_own(s, KEEPER_DROP, d);
}

/* What the server or the store's keeper has needs not be kept here, too. */
DraftKept service_draft_check(Service *s, const Draft *d, Error *e) {
    Arena arena = {0};
    DraftCheckReply r = {0};
    Status status = service_is_away(s) ? error_set(e, STATUS_BUSY, NULL, _("the server is away"))
                                       : ask(s, &arena, REQUEST_DRAFT_CHECK, d, &r, e);
    arena_free(&arena);
    if (status == STATUS_OK && !r.safe) return DRAFT_WRITTEN;
    s->aside = status != STATUS_OK && status != STATUS_DENIED;
    if (!s->aside && s->own) tell_own(s, KEEPER_DROP, d);
    if (!s->aside) return status == STATUS_OK ? DRAFT_SAFE : DRAFT_NOWHERE;
    DraftKept own = s->own ? keeper_check(s->own, d) : DRAFT_NOWHERE;
    if (own == DRAFT_NOWHERE && tell_own(s, KEEPER_PUT, d)) own = keeper_check(s->own, d);
    return own == DRAFT_SAFE ? DRAFT_ASIDE : own;
}

static void list_own(Service *s, Arena *arena, DraftRows *r) {
    if (!own_place(s)) return;
    if (s->own) keeper_settle(s->own);
    draft_list(arena, own_place(s), s->actor.login, &r->rows, &r->count);
}

static const Draft *find_draft(const DraftRows *r, const char *key) {
    for (int i = 0; i < r->count; i++) {
        if (!strcmp(r->rows[i].key, key)) return &r->rows[i];
    }
    return NULL;
}

/* A form that is open hands in its own. */
static bool hand_in_one(Service *s, const Draft *d, const DraftRows *there) {
    Arena arena = {0};
    const Draft *same = find_draft(there, d->key);
    bool newer = !same || same->at <= d->at;
    if (d->open || (newer && same && same->open)) return false;
    if (newer) tell(s, KEEPER_PUT, d);
    if (newer) tell(s, KEEPER_LEAVE, d);
    DraftCheckReply r = {.safe = true};
    bool kept = (!newer || ask(s, &arena, REQUEST_DRAFT_CHECK, d, &r, NULL) == STATUS_OK) && r.safe;
    if (kept) tell_own(s, KEEPER_DROP, d);
    arena_free(&arena);
    return kept;
}

/* Whether there was anything. */
static bool hand_in(Service *s, Arena *arena, const DraftRows *there) {
    DraftRows own = {0};
    bool any = false;
    list_own(s, arena, &own);
    for (int i = 0; i < own.count; i++) {
        any = hand_in_one(s, &own.rows[i], there) || any;
    }
    return any;
}

void service_drafts_hand_in(Service *s) {
    Arena arena = {0};
    Draft *unused;
    int count;
    service_drafts(s, &arena, &unused, &count, NULL);
    arena_free(&arena);
}

static void add_own(Service *s, Arena *arena, DraftRows *r) {
    DraftRows own = {0};
    list_own(s, arena, &own);
    if (!own.count) return;
    DraftRows all = {arena_array(arena, (size_t)own.count + (size_t)r->count, sizeof *all.rows), 0};
    for (int i = 0; i < own.count; i++) {
        all.rows[all.count++] = own.rows[i];
    }
    for (int i = 0; i < r->count; i++) {
        if (!find_draft(&own, r->rows[i].key)) all.rows[all.count++] = r->rows[i];
    }
    *r = all;
}

Status service_drafts(Service *s, Arena *arena, Draft **out, int *count, Error *e) {
    DraftRows r = {0};
    Status status = ask(s, arena, REQUEST_DRAFTS, NULL, &r, e);
    if (status == STATUS_OK && hand_in(s, arena, &r)) {
        r = (DraftRows){0};
        status = ask(s, arena, REQUEST_DRAFTS, NULL, &r, e);
    }
    if (status == STATUS_OK) add_own(s, arena, &r);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_editors(Service *s, Arena *arena, const Entity *entity, int64_t id, Editor **out, int *count, Error *e) {
    const RecordArguments a = {.entity = entity, .id = id};
    EditorRows r = {0};
    Status status = ask(s, arena, REQUEST_EDITORS, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

Status service_command(Service *s, Arena *arena, const CommandRequest *request, Outcome *outcome, Error *e) {
    *outcome = (Outcome){0};
    return say_operation(ask(s, arena, REQUEST_COMMAND, request, outcome, e), request->op, e);
}

/* The value of a field of a record that was written, as it is now; false where it cannot be read. */
static bool say_field(Service *s, const Effect *effect, const char *name, Buffer *b) {
    Arena arena = {0};
    Record *r;
    int field = entity_field(effect->entity, name, strlen(name));
    bool read = service_record_of_id(s, &arena, effect->entity, effect->id, &r, NULL) == STATUS_OK;
    if (read) value_show(b, &effect->entity->fields[field], &r->values[field], service_codes(s));
    arena_free(&arena);
    return read;
}

const char *service_said(const Entity *entity, const char *verb) {
    const Arrow *arrow = entity_arrow(entity, verb);
    static const struct {
        const char *verb, *said;
    } others[] = {{"add", N_("made")},         {"set", N_("changed")},     {"delete", N_("deleted")},
                  {"propose", N_("proposed")}, {"import", N_("imported")}, {"revert", N_("brought back")}};
    if (arrow) {
        const Choice *to = choice_of_number(entity->states, arrow->to);
        return to ? _(to->label) : "";
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!strcmp(others[i].verb, verb)) return _(others[i].said);
    }
    return verb;
}

enum { SAID_MOST = 4 }; /* records named one by one */

/* What the request itself was about: the last that its verb moved; of an undo, the last of all. */
static const Effect *main_effect(const CommandRequest *request, const Outcome *o) {
    for (int i = o->count - 1; i >= 0; i--) {
        if (!strcmp(o->effects[i].verb, request->verb)) return &o->effects[i];
    }
    return &o->effects[o->count - 1];
}

void service_say_outcome(Service *s, const CommandRequest *request, const Outcome *o, Buffer *b) {
    if (!o->count) {
        buffer_add_string(b, _("nothing to change"));
        return;
    }
    bool undoing = !strcmp(request->verb, "undo") || !strcmp(request->verb, "redo");
    const Effect *last = main_effect(request, o);
    if (undoing) buffer_format(b, "%s: ", !strcmp(request->verb, "undo") ? _("undone") : _("redone"));
    bool many = undoing && o->count > SAID_MOST;
    for (int i = 0; many && i < o->count; i++) {
        many = o->effects[i].entity == last->entity;
    }
    if (request->code_count > 1 || many) {
        entity_count(last->entity, many ? o->count : request->code_count, b);
    } else effect_code(last, service_codes(s), b);
    buffer_add_string(b, ": ");
    const Arrow *arrow = entity_arrow(last->entity, last->verb);
    if (undoing || request->code_count > 1 || !arrow || !arrow->shows || !say_field(s, last, arrow->shows, b))
        buffer_add_string(b, service_said(last->entity, last->verb));
    int others = request->code_count < 2 && !many ? o->count - 1 : 0, more = others - (SAID_MOST - 1);
    for (int i = 0, said = 0; i < o->count && said < others && said < SAID_MOST - 1; i++) {
        if (&o->effects[i] == last) continue;
        said++;
        buffer_add_string(b, ", ");
        effect_code(&o->effects[i], service_codes(s), b);
        buffer_format(b, ": %s", service_said(o->effects[i].entity, o->effects[i].verb));
    }
    if (more > 0) buffer_format(b, ngettext(", and %d more", ", and %d more", (unsigned long)more), more);
}

/* --- whole stores ------------------------------------------------------------------------------------------------- */

Status service_init(const InitRequest *r, Error *e) {
    return r->demo ? demo_make(r->path, r->login, e) : init_store(r->path, r->sites, r->site_count, r->login, e);
}

/* Under another name until it is in its new epoch: killed before, it is no store that could give out old ids. */
Status service_restore(const char *backup, const char *path, Error *e) {
    Store *from, *to;
    Buffer part = {0};
    Status s = store_open_copy(backup, &from, e);
    if (s != STATUS_OK) return s;
    buffer_format(&part, "%s.part", path);
    store_remove(part.bytes);
    s = store_is_free(path, e);
    if (s == STATUS_OK) s = store_backup(from, part.bytes, e);
    store_close(from);
    if (s == STATUS_OK) s = store_open(part.bytes, true, 0, &to, e);
    if (s == STATUS_OK) {
        s = store_new_epoch(to, e);
        store_close(to);
    }
    if (s == STATUS_OK) s = store_publish(part.bytes, path, e);
    store_remove(part.bytes);
    buffer_free(&part);
    return s;
}

Status service_check(Service *s, const CheckOptions *options, Error *e) {
    Arena arena = {0};
    Status status = ask(s, &arena, REQUEST_CHECK, options, NULL, e);
    arena_free(&arena);
    return status;
}

/* Over the link the file is made here, with the asker's rights, and filled there. */
Status service_backup(Service *s, const char *path, Error *e) {
    Arena arena = {0};
    BackupArguments a = {.path = path, .fd = -1};
    if (s->link) {
        a.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (a.fd < 0) {
            error_set(e, STATUS_FAILED, NULL, "%s", strerror(errno));
            return error_at(e, path, 0);
        }
    }
    Status status = ask(s, &arena, REQUEST_BACKUP, &a, NULL, e);
    if (a.fd >= 0) {
        close(a.fd);
        if (status != STATUS_OK) unlink(path);
    }
    arena_free(&arena);
    return status;
}

Status service_check_copy(const char *path, const CheckOptions *options, Error *e) {
    Store *copy;
    Status s = store_open_copy(path, &copy, e);
    if (s != STATUS_OK) return s;
    s = check_store(copy, options, e);
    store_close(copy);
    return s;
}

void service_remove_copy(const char *path) {
    store_remove(path);
}

Status service_copy_is_free(const char *path, Error *e) {
    return store_is_free(path, e);
}

Status service_name_copy(Service *s, const char *part, const char *path, Error *e) {
    Status status = store_publish(part, path, e);
    if (status == STATUS_OK && !s->link) trouble_note_copy(store_path(s->store), path);
    return status;
}

Status service_import(Service *s, Arena *arena, const ImportRequest *request, ImportReply *reply, Error *e) {
    *reply = (ImportReply){0};
    return say_operation(ask(s, arena, REQUEST_IMPORT, request, reply, e), request->op, e);
}

Status service_import_usage(Service *s, Arena *arena, const UsageImportRequest *request, UsageImportReply *reply,
                            Error *e) {
    *reply = (UsageImportReply){0};
    return say_operation(ask(s, arena, REQUEST_IMPORT_USAGE, request, reply, e), request->op, e);
}
