/* Finding commands, checking who may, and running them: one transaction each. */
#include "commands/command.h"

#include "base/date.h"
#include "base/text.h"
#include "commands/context.h"
#include "commands/repeat.h"
#include "store/journal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

enum { CODES_MAX = 10000 };

static const Field propose_arguments[] = {
    {.name = "offer",
     .kind = FIELD_REF,
     .ref = ENTITY_OFFER,
     .label = N_("Offer"),
     .help = N_("The offer that answers the request."),
     .flags = FIELD_REQUIRED},
    {.name = "quantity",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .min = 1,
     .max = INT64_C(1000000000000),
     .label = N_("Quantity"),
     .help = N_("In all, from the earliest free weeks on; all it can give where left empty.")},
    {.name = "bookings",
     .kind = FIELD_BOOKINGS,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Bookings"),
     .help = N_("Or week by week: W48:120 W49:96.")},
    {.name = "why", .kind = FIELD_NOTE, .max = 1000, .label = N_("Why"), .help = N_("A word to the other side.")},
    {.name = "session",
     .kind = FIELD_REF,
     .ref = ENTITY_SESSION,
     .label = N_("Session"),
     .help = N_("Of an offer with sessions: in which of them.")},
    {.name = "opens",
     .kind = FIELD_DATE,
     .label = N_("Access from"),
     .help = N_("Of a dataset or model: the first day; the first that both sides have where left empty.")},
    {.name = "ends",
     .kind = FIELD_DATE,
     .label = N_("Access until"),
     .help = N_("Of a dataset or model: the last day; the last that both sides have where left empty.")},
};

static const Field revert_arguments[] = {
    {.name = "to",
     .kind = FIELD_NUMBER,
     .min = 1,
     .max = INT64_C(1000000000),
     .label = N_("Version"),
     .help = N_("Its rev, as the history of the record tells it."),
     .flags = FIELD_REQUIRED},
};

const Command command_rows[] = {
    {.name = "add",
     .label = N_("New"),
     .help = N_("Makes a record and prints its code."),
     .takes = TAKES_ENTITY,
     .fields = true,
     .key = 'n',
     .role = ROLE_OPERATOR,
     .run = run_add},
    {.name = "set",
     .label = N_("Edit"),
     .help = N_("Changes fields of records."),
     .takes = TAKES_RECORDS,
     .fields = true,
     .key = 'e',
     .role = ROLE_OPERATOR,
     .run = run_set},
    {.name = "propose",
     .label = N_("Propose an allocation"),
     .help = N_("Books weeks of an offer for the request; the other side accepts."),
     .takes = TAKES_RECORDS,
     .entity = &entity_request,
     .states = FROM(REQUEST_APPROVED),
     .key = 'p',
     .role = ROLE_OPERATOR,
     .arguments = propose_arguments,
     .argument_count = (int)(sizeof propose_arguments / sizeof *propose_arguments),
     .run = run_propose},
    {.name = "account",
     .label = N_("Name its Slurm account"),
     .help = N_("Says whose jobs are its use, for the import of usage."),
     .takes = TAKES_RECORDS,
     .entity = &entity_allocation,
     .states = FROM(ALLOCATION_ACCEPTED) | FROM(ALLOCATION_ACTIVE) | FROM(ALLOCATION_COMPLETED) |
               FROM(ALLOCATION_RELEASED) | FROM(ALLOCATION_REVOKED),
     .role = ROLE_OPERATOR,
     .asks = "account",
     .run = run_account},
    {.name = "revert",
     .label = N_("Bring back"),
     .help = N_(
         "Gives a record the values that one of its versions had (rev, as its history has it), as a new one. One that "
         "is gone comes back."),
     .takes = TAKES_RECORDS,
     .role = ROLE_OPERATOR,
     .arguments = revert_arguments,
     .argument_count = (int)(sizeof revert_arguments / sizeof *revert_arguments),
     .run = run_revert},
    {.name = "rank",
     .label = N_("Change its priority"),
     .help = N_("Says anew how urgent it is among the region's own requests."),
     .takes = TAKES_RECORDS,
     .entity = &entity_request,
     .states = FROM(REQUEST_APPROVED),
     .role = ROLE_COORDINATOR,
     .asks = "priority!",
     .run = run_rank},
    {.name = "delete",
     .label = N_("Delete"),
     .help = N_("Removes records nobody has acted on yet; the journal keeps them."),
     .takes = TAKES_RECORDS,
     .role = ROLE_OPERATOR,
     .consequence = N_("It leaves the lists."),
     .run = run_delete},
    {.name = "undo",
     .label = N_("Undo"),
     .help = N_("Takes back your last act."),
     .takes = TAKES_NOTHING,
     .key = 'u',
     .role = ROLE_OPERATOR,
     .run = run_undo},
    {.name = "redo",
     .label = N_("Redo"),
     .help = N_("Brings back what you undid last."),
     .takes = TAKES_NOTHING,
     .key = 'U',
     .role = ROLE_OPERATOR,
     .run = run_redo},
    {0},
};

/* --- finding ------------------------------------------------------------------------------------------------------ */

static void from_arrow(const Entity *entity, const Arrow *a, Command *c) {
    *c = (Command){.name = a->verb,
                   .label = a->label,
                   .help = a->help,
                   .takes = TAKES_RECORDS,
                   .entity = entity,
                   .states = a->from,
                   .key = a->key,
                   .role = a->role,
                   .party = a->party,
                   .arguments = a->extra,
                   .argument_count = a->extra_count,
                   .asks = a->asks,
                   .consequence = a->consequence,
                   .arrow = a,
                   .run = run_move};
}

/* Gives a record other values, and nothing else. */
static bool is_edit(const Command *c) {
    return c->run == run_set || c->run == run_revert;
}

/* Whether a row is for records of an entity at all. */
static bool row_fits(const Command *row, const Entity *entity) {
    if (row->entity) return row->entity == entity;
    if (entity->append_only && is_edit(row)) return false;
    if (row->run == run_delete) return !entity->reference && !entity->append_only && !entity->mutual;
    return true;
}

void effect_code(const Effect *effect, const CodeBook *book, Buffer *b) {
    Value unread[COMMON_COUNT] = {{0}};
    const Record r = {.entity = effect->entity, .id = effect->id, .values = unread};
    record_code(&r, book, b);
}

bool command_find(const char *name, const Entity *entity, Command *c) {
    const Arrow *arrow = entity ? entity_arrow(entity, name) : NULL;
    if (arrow) {
        from_arrow(entity, arrow, c);
        return true;
    }
    for (const Command *row = command_rows; row->name; row++) {
        if (strcmp(row->name, name) != 0 || (entity && !row_fits(row, entity))) continue;
        *c = *row;
        return true;
    }
    return false;
}

bool command_of_entity(const Entity *entity, int index, Command *c) {
    if (index < entity->arrow_count) {
        from_arrow(entity, &entity->arrows[index], c);
        return true;
    }
    index -= entity->arrow_count;
    for (const Command *row = command_rows; row->name; row++) {
        if (row->takes != TAKES_RECORDS || !row_fits(row, entity) || index--) continue;
        *c = *row;
        return true;
    }
    return false;
}

bool command_asks(const Command *c, const char *field, bool *required) {
    size_t size = strlen(field);
    for (const char *at = c->asks; at && *at;) {
        size_t n = strcspn(at, " ");
        bool must = n && at[n - 1] == '!';
        if (n - must == size && !strncmp(at, field, size)) {
            *required = must;
            return true;
        }
        at += n + (at[n] == ' ');
    }
    return false;
}

/* --- who may ------------------------------------------------------------------------------------------------------ */

/* The sites that may use a command on a record, as bits. */
static unsigned parties(const Command *c, const Record *r) {
    unsigned owner = 1u << record_site(r);
    bool allocation = r->entity == &entity_allocation;
    unsigned borrower = allocation ? 1u << value_number_or(&r->values[ALLOCATION_BORROWER], 0) : owner;
    bool by_owner = allocation && value_number_or(&r->values[ALLOCATION_PROPOSED_BY], 0) == record_site(r);
    if (c->run == run_propose) return ~0u; /* whose offer it is, is checked with the offer */
    if (r->entity->reference) return 1u;
    switch (c->party) {
    case PARTY_OWNER: return owner;
    case PARTY_BORROWER: return borrower;
    case PARTY_COUNTERPART: return by_owner ? borrower : owner;
    case PARTY_EITHER: return owner | borrower;
    case PARTY_HUB: return 1u;
    }
    return owner;
}

static Status wrong_state(const Command *c, const Record *r, Error *e) {
    Buffer code = {0}, from = {0};
    record_code(r, NULL, &code);
    const Choice *now = choice_of_number(r->entity->states, record_state(r));
    entity_states(r->entity, c->states, &from);
    error_set(e, STATUS_CONFLICT, NULL, _("%s is %s: this takes one that is %s"), buffer_string(&code),
              now ? _(now->label) : "?", buffer_string(&from));
    buffer_free(&code);
    buffer_free(&from);
    return STATUS_CONFLICT;
}

Role command_least_role(const Command *c, const Entity *entity) {
    bool whole = c->fields || is_edit(c) || c->run == run_delete || c->takes == TAKES_ENTITY;
    return whole && entity->role > c->role ? entity->role : c->role;
}

unsigned command_states(const Command *c, const Entity *entity) {
    if (c->run == run_delete) return FROM(entity->first_state);
    return is_edit(c) ? entity->editable : c->states;
}

/* It is for one of these sites: for the one that the actor may act for, where there is one. */
static Status for_another_site(const Actor *actor, unsigned sites, Error *e) {
    bool able = sites & actor->may_act;
    unsigned among = able ? sites & actor->may_act : sites;
    int site = 0;
    while (!(among >> site & 1)) {
        site++;
    }
    const char *code = site_code(site), *now = actor->site < 0 ? "-" : site_code(actor->site);
    if (able)
        return error_set(e, STATUS_DENIED, "site",
                         _("this is for %s to do, and you act for %s: act for %s (--site %s)"), code, now, code, code);
    return error_set(e, STATUS_DENIED, "site", _("this is for %s to do, and you act for %s: %s may not act for %s"),
                     code, now, actor->login, code);
}

Status command_allowed(const Command *c, const Actor *actor, const Record *r, Error *e) {
    Status s = actor_needs_role(actor, command_least_role(c, r->entity), e);
    if (s != STATUS_OK) return s;
    unsigned may = parties(c, r);
    if (actor->site < 0 || !(may >> actor->site & 1)) return for_another_site(actor, may, e);
    unsigned states = command_states(c, r->entity);
    if (states && !(states & FROM(record_state(r)))) {
        Command shown = *c;
        shown.states = states;
        return wrong_state(&shown, r, e);
    }
    return STATUS_OK;
}

int command_site(const Command *c, const Actor *actor, const Record *r) {
    unsigned may = parties(c, r) & actor->may_act;
    for (int site = 0; site < SITE_COUNT; site++) {
        if (may >> site & 1) return site;
    }
    return -1;
}

/* The command a verb of the journal stands for: imports are edits of many, and what was made with the store an addition.
 * What a machine counted is read by whoever may record it by hand. */
static void find_journaled(const char *verb, const Entity *entity, Command *c) {
    if (command_find(verb, entity, c)) return;
    command_find("add", NULL, c);
    if (!strcmp(verb, "import") && entity != &entity_usage) c->role = ROLE_COORDINATOR;
}

Role command_role(const char *verb, const Entity *entity) {
    Command c;
    find_journaled(verb, entity, &c);
    return command_least_role(&c, entity);
}

Status command_reaches(const char *verb, const Actor *actor, const Record *r, Error *e) {
    Command c;
    find_journaled(verb, r->entity, &c);
    if (command_site(&c, actor, r) >= 0) return STATUS_OK;
    Buffer code = {0};
    record_code(r, NULL, &code);
    error_set(e, STATUS_DENIED, "site", _("%s is of %s: it takes somebody who may act for it"), buffer_string(&code),
              site_code(record_site(r)));
    buffer_free(&code);
    return STATUS_DENIED;
}

/* The institute an actor acts for may itself be out of the network. */
static Status check_site_works(CommandContext *c, Error *e) {
    Record *site;
    Status s = store_read(c->store, c->arena, &entity_site, c->actor->site, FIELD_BIT(COMMON_STATE), &site, e);
    if (s != STATUS_OK) return s;
    int state = record_state(site);
    if (state != SITE_SUSPENDED && state != SITE_CLOSED) return STATUS_OK;
    return error_set(e, STATUS_DENIED, "site", _("%s is %s: its operators can only read"), site_code(c->actor->site),
                     _(choice_of_number(entity_site.states, state)->label));
}

/* --- running ------------------------------------------------------------------------------------------------------ */

Status context_write(CommandContext *c, const Record *before, Record *after, const char *verb, Error *e) {
    Status s = store_write(c->store, before, after, verb, e);
    if (s != STATUS_OK) return s;
    Outcome *o = c->outcome;
    if (o->count == c->room) {
        Effect *more = arena_array(c->arena, (size_t)(c->room = c->room ? c->room * 2 : 8), sizeof *more);
        if (o->count) memcpy(more, o->effects, (size_t)o->count * sizeof *more);
        o->effects = more;
    }
    const Record *any = after ? after : before;
    o->effects[o->count++] = (Effect){.entity = any->entity,
                                      .id = any->id,
                                      .rev = any->values[COMMON_REV].number + !after,
                                      .verb = arena_string(c->arena, verb)};
    return STATUS_OK;
}

static Status stale(CommandContext *c, const Record *r, Error *e) {
    return error_set(e, STATUS_CONFLICT, "rev", _("%s was changed by %s meanwhile: look at it again"),
                     context_code(c, r), value_string(&r->values[COMMON_UPDATED_BY]));
}

/* The record that a code names: one that is there, or for what brings records back one that was. */
static Status find_record(CommandContext *c, const char *code, const Entity **entity, int64_t *id, Error *e) {
    Record *last;
    Status s = store_find(c->store, code, strlen(code), entity, id, e);
    if (s != STATUS_NOT_FOUND || strcmp(c->request->verb, "revert") != 0) return s;
    if (!store_parse_code(c->store, code, strlen(code), entity, id)) return s;
    return context_read_deleted(c, *entity, *id, &last, e);
}

static Status run_on_code(CommandContext *c, int index, Error *e) {
    const char *code = c->request->codes[index];
    int64_t id, rev = c->request->revs ? c->request->revs[index] : 0;
    Status s = find_record(c, code, &c->entity, &id, e);
    if (s != STATUS_OK) return s;
    if (!command_find(c->request->verb, c->entity, &c->command))
        return error_set(e, STATUS_USAGE, NULL, _("\"%s\" is not for %s"), c->request->verb, c->entity->plural);
    s = context_read(c, c->entity, id, &c->record, e);
    c->deleted = s == STATUS_NOT_FOUND && c->command.run == run_revert;
    if (c->deleted) s = context_read_deleted(c, c->entity, id, &c->record, e);
    if (s != STATUS_OK) return s;
    if (rev && rev != c->record->values[COMMON_REV].number) return stale(c, c->record, e);
    s = command_allowed(&c->command, c->actor, c->record, e);
    return s == STATUS_OK ? c->command.run(c, e) : s;
}

static Status run_on_entity(CommandContext *c, Error *e) {
    const char *word = c->request->entity ? c->request->entity : "";
    c->entity = entity_of_word(word, strlen(word));
    if (!c->entity) return error_set(e, STATUS_USAGE, NULL, _("\"%s\" is not a kind of record"), word);
    Status s = actor_needs_role(c->actor, command_least_role(&c->command, c->entity), e);
    return s == STATUS_OK ? c->command.run(c, e) : s;
}

/* Of several records, says which one it was that failed. */
static void name_record(CommandContext *c, int index, Error *e) {
    if (!e || c->request->code_count < 2) return;
    char why[sizeof e->why];
    text_copy(why, sizeof why, e->why);
    const char *code = c->request->codes[index];
    if (strstr(why, code)) return;
    char field[sizeof e->field];
    text_copy(field, sizeof field, e->field);
    error_set(e, e->status, *field ? field : NULL, "%s: %s", code, why);
}

static Status run_all(CommandContext *c, Error *e) {
    Status s = STATUS_OK;
    assert(c->command.run);
    switch (c->command.takes) {
    case TAKES_NOTHING:
        s = actor_needs_role(c->actor, c->command.role, e);
        return s == STATUS_OK ? c->command.run(c, e) : s;
    case TAKES_ENTITY: return run_on_entity(c, e);
    case TAKES_RECORDS: break;
    }
    if (c->request->code_count < 1) return error_set(e, STATUS_USAGE, NULL, _("which record? Give its code"));
    if (c->request->code_count > CODES_MAX)
        return error_set(e, STATUS_USAGE, NULL, _("more than %d records at once"), CODES_MAX);
    for (int i = 0; i < c->request->code_count && s == STATUS_OK; i++) {
        s = run_on_code(c, i, e);
        if (s != STATUS_OK) name_record(c, i, e);
    }
    return s;
}

/* One value a field: of two, neither is known to be the one meant. List changes (tags+=) may come several times. */
static Status check_arguments(const CommandRequest *r, Error *e) {
    for (int i = 0; i < r->argument_count; i++) {
        const Argument *a = &r->arguments[i];
        size_t size = strlen(a->name);
        if (size && (a->name[size - 1] == '+' || a->name[size - 1] == '-')) continue;
        for (int k = 0; k < i; k++) {
            if (strcmp(r->arguments[k].name, a->name) != 0) continue;
            return error_set(e, STATUS_USAGE, a->name, _("given twice, as \"%.40s\" and as \"%.40s\""),
                             r->arguments[k].value, a->value);
        }
    }
    return STATUS_OK;
}

/* Whether a verb is for operators alone, who are named by their logins. */
static bool is_of_operators(const char *verb) {
    Command c;
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        if (command_find(verb, entity_of_kind(kind), &c) != (entity_of_kind(kind) == &entity_operator)) return false;
    }
    return true;
}

/* The command a request names: that of the first record's entity. */
static Status find_command(CommandContext *c, Error *e) {
    const CommandRequest *r = c->request;
    const Entity *entity = NULL;
    int64_t id;
    if (r->code_count) {
        Status s = find_record(c, r->codes[0], &entity, &id, e);
        if (s == STATUS_NOT_FOUND && is_of_operators(r->verb))
            error_set(e, s, NULL, _("there is no operator %.40s"), r->codes[0]);
        if (s != STATUS_OK) return s;
    }
    if (command_find(r->verb, entity, &c->command)) return STATUS_OK;
    if (entity) return error_set(e, STATUS_USAGE, NULL, _("\"%s\" is not for %s"), r->verb, entity->plural);
    return error_set(e, STATUS_USAGE, NULL, _("\"%s\" is no command"), r->verb);
}

/* Each is checked as far as can be before the store is locked. */
static Status check_requests(CommandContext *c, const CommandRequest *requests, int count, Error *e) {
    Status s = check_site_works(c, e);
    for (int i = 0; i < count && s == STATUS_OK; i++) {
        c->request = &requests[i];
        s = find_command(c, e);
        if (s == STATUS_OK) s = check_arguments(c->request, e);
    }
    c->request = requests;
    return s;
}

Status command_run_all(Store *store, Arena *arena, const Actor *actor, const CommandRequest *requests, int count,
                       Outcome *outcome, Error *e) {
    CommandContext c = {.store = store, .arena = arena, .actor = actor, .request = requests, .outcome = outcome};
    char name[LOGIN_SIZE + 8];
    bool repeated = false;
    *outcome = (Outcome){.op = requests->op};
    actor_name(actor, name, sizeof name);
    Status s = check_requests(&c, requests, count, e);
    if (s != STATUS_OK) return s;
    unsigned char asked[REQUEST_HASH_SIZE];
    repeat_hash(actor, requests, count, asked);
    const Act act = {.login = actor->login, .actor = name, .op = requests->op, .at = clock_now(), .request = asked};
    s = store_begin(store, &act, &repeated, e);
    if (s != STATUS_OK) return s;
    if (repeated) s = repeat_read(store, arena, &act, requests->verb, outcome, e);
    for (int i = 0; i < count && s == STATUS_OK && !repeated; i++) {
        c.request = &requests[i];
        s = find_command(&c, e);
        if (s == STATUS_OK) s = run_all(&c, e);
    }
    if (s == STATUS_OK && !repeated && !requests->dry_run) return store_commit(store, e);
    store_rollback(store);
    return s;
}

Status command_run(Store *store, Arena *arena, const Actor *actor, const CommandRequest *request, Outcome *outcome,
                   Error *e) {
    return command_run_all(store, arena, actor, request, 1, outcome, e);
}

void operation_write(uint64_t ms, const unsigned char random[OPERATION_RANDOM], char out[OPERATION_SIZE]) {
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's base 32 */
    for (int i = 0; i < 10; i++) {
        out[i] = digits[ms >> (45 - 5 * i) & 31];
    }
    for (int i = 0; i < OPERATION_RANDOM; i++) {
        out[10 + i] = digits[random[i] & 31];
    }
    out[OPERATION_SIZE - 1] = 0;
}

void operation_new(char out[OPERATION_SIZE]) {
    unsigned char random[OPERATION_RANDOM];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    randombytes_buf(random, sizeof random);
    operation_write((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000, random, out);
}
