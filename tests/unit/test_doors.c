/* Who may what, through every door: commands, imports, undo and redo, versions brought back, operations done again. Each
 * is tried as people of several institutes and roles, and what is refused leaves nothing. */
#include "store_fixture.h"

#include "commands/command.h"
#include "commands/import.h"
#include "commands/init.h"
#include "commands/network_plan.h"

#include <stdarg.h>
#include <sys/mman.h>

enum { ROOT = 0, CAS = 6, ARGUMENTS_MOST = 12 };

static Fixture *f;
static int ops;

/* --- asking --------------------------------------------------------------------------------------------------------- */

static Actor somebody(const char *login, int site) {
    Actor actor;
    fixture_good(f, actor_load(f->store, login, &actor, &f->error), login);
    if (site >= 0) fixture_good(f, actor_act_as(&actor, site, &f->error), login);
    return actor;
}

/* Runs a command as somebody: code NULL for an addition; "name=value" words up to NULL. op NULL: a new one. */
static Status ask_op(const char *login, int site, const char *op, const char *verb, const char *entity,
                     const char *code, const char *const *words) {
    Actor actor = somebody(login, site);
    Argument arguments[ARGUMENTS_MOST];
    char own[32];
    Outcome outcome;
    int count = 0;
    snprintf(own, sizeof own, "door-%d", ++ops);
    for (; words[count]; count++) {
        const char *equals = strchr(words[count], '=');
        arguments[count] = (Argument){.name = arena_copy(&f->arena, words[count], (size_t)(equals - words[count])),
                                      .value = equals + 1};
    }
    const CommandRequest request = {.verb = verb,
                                    .entity = entity,
                                    .codes = &code,
                                    .code_count = code != NULL,
                                    .arguments = arguments,
                                    .argument_count = count,
                                    .op = op ? op : own};
    f->error = (Error){0};
    return command_run(f->store, &f->arena, &actor, &request, &outcome, &f->error);
}

/* Without arguments, NULL stands for them. */
#define ASK(login, site, verb, entity, code, ...)                                                                      \
    ask_op(login, site, NULL, verb, entity, code, (const char *const[]){__VA_ARGS__, NULL})
#define GOOD(...) fixture_good(f, ASK(__VA_ARGS__), #__VA_ARGS__)
#define REFUSED(status, what, ...)                                                                                     \
    do {                                                                                                               \
        Status refused_ = ASK(__VA_ARGS__);                                                                            \
        if (refused_ != (status) || !strstr(f->error.why, what))                                                       \
            fail_msg("%s: %d: %s: %s", #__VA_ARGS__, refused_, f->error.field, f->error.why);                          \
    } while (0)

/* op NULL: a new one. */
static Status import_op(const char *login, const char *op, const Entity *entity, const char *csv) {
    Actor actor = somebody(login, -1);
    ImportReply reply;
    char own[32];
    int fd = memfd_create("rows", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, csv, strlen(csv)), (ssize_t)strlen(csv));
    lseek(fd, 0, SEEK_SET);
    snprintf(own, sizeof own, "door-%d", ++ops);
    const ImportRequest request = {.entity = entity, .file = "rows.csv", .fd = fd, .op = op ? op : own};
    f->error = (Error){0};
    Status s = import_run(f->store, &f->arena, &actor, &request, &reply, &f->error);
    close(fd);
    return s;
}

static Status import_as(const char *login, const Entity *entity, const char *csv) {
    return import_op(login, NULL, entity, csv);
}

static void import_refused(const char *login, const Entity *entity, const char *csv, const char *what) {
    Status s = import_as(login, entity, csv);
    if (s != STATUS_DENIED || !strstr(f->error.why, what))
        fail_msg("%s importing %s: %d: %s: %s", login, csv, s, f->error.field, f->error.why);
}

/* --- the world ------------------------------------------------------------------------------------------------------ */

static void invite(int site, const char *login, const char *role) {
    char name[64], named[64], has[64];
    snprintf(name, sizeof name, "code=%s", login);
    snprintf(named, sizeof named, "name=%s", login);
    snprintf(has, sizeof has, "role=%s", role);
    GOOD("maker", site, "add", "operator", NULL, name, named, has);
    GOOD("maker", site, "activate", NULL, login, NULL);
}

static int set_up(void **state) {
    static const int all[SITE_COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    (void)state;
    f = fixture_new(ALL_SITES);
    fixture_good(f, init_admin(f->store, all, SITE_COUNT, "maker", &f->error), "init");
    invite(SMA, "sma-viewer", "viewer");
    invite(SMA, "sma-operator", "operator");
    invite(SMA, "sma-coordinator", "coordinator");
    invite(SMA, "sma-admin", "admin");
    invite(CAS, "cas-coordinator", "coordinator");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    fixture_free(f);
    return 0;
}

/* --- imports -------------------------------------------------------------------------------------------------------- */

static void test_imports_take_their_role(void **state) {
    (void)state;
    static const char plain[] = "name,kind\nCommune 1,local_authority\n",
                      coded[] = "code,name,kind\nSMA-G90,Commune 2,local_authority\n",
                      people[] = "login,name,role,state\nmallory,Mallory,admin,active\n";
    import_refused("sma-viewer", &entity_organisation, plain, "coordinator");
    import_refused("sma-operator", &entity_organisation, plain, "coordinator");
    fixture_good(f, import_as("sma-coordinator", &entity_organisation, plain), "import");
    import_refused("sma-coordinator", &entity_organisation, coded, "admin");
    fixture_good(f, import_as("sma-admin", &entity_organisation, coded), "import");
    /* People are invited by admins alone, and reach no further than who invites them. */
    import_refused("sma-coordinator", &entity_operator, people, "admin");
    import_refused("sma-admin", &entity_operator, "login,name,role,acts_for\nmallory,Mallory,admin,ROOT CAS\n", "ROOT");
    import_refused("sma-admin", &entity_operator, "site,login,name,role\nCAS,mallory,Mallory,admin\n", "CAS");
    fixture_good(f, import_as("sma-admin", &entity_operator, people), "import");
}

/* Who may not make a plan's proposals is told so before anything is looked up or computed: of a change that makes no
 * sense, that it is not his to make. */
static void test_a_plan_asks_first_who_makes_it(void **state) {
    (void)state;
    static const PlanChange wrong[] = {{"CAS-O99", "quantity", "1"}};
    Actor viewer = somebody("sma-viewer", -1);
    NetworkPlan plan;
    for (int keep = 0; keep < 2; keep++) {
        const NetworkPlanRequest request = {
            .changes = wrong, .change_count = 1, .form = FORM_FILE, .apply = !keep, .keep = keep, .op = "door-plan"};
        f->error = (Error){0};
        assert_int_equal(network_plan(f->store, &f->arena, &viewer, &request, &plan, &f->error), STATUS_DENIED);
        assert_non_null(strstr(f->error.why, "it takes the role coordinator"));
    }
}

static void test_imports_go_through_no_wall(void **state) {
    (void)state;
    GOOD("maker", CAS, "add", "project", NULL, "title=Barrages", "stage=pilot", "sector=water");
    GOOD("maker", SMA, "add", "project", NULL, "title=Nappes", "stage=pilot", "sector=water");
    /* What hangs on another's project is the other's to add. */
    import_refused("sma-coordinator", &entity_milestone, "title,project,due\nEssai,CAS-P1,2027-01-01\n", "CAS");
    fixture_good(f, import_as("sma-coordinator", &entity_milestone, "title,project,due\nEssai,SMA-P1,2027-01-01\n"),
                 "import");
    /* What verbs write is not written by a file, but with a history. */
    import_refused("sma-coordinator", &entity_project, "title,stage,sector,reason\nEau,pilot,water,Parce que\n",
                   "admin");
    /* Nobody's consent comes out of a file of the other side. */
    GOOD("maker", CAS, "add", "request", NULL, "project=CAS-P1", "kind=gpu_hour", "wanted=100", "earliest=2026-W49",
         "latest=2026-W50", "priority=2", "data_level=1");
    GOOD("maker", CAS, "submit", NULL, "CAS-R1", NULL);
    GOOD("cas-coordinator", CAS, "approve", NULL, "CAS-R1", NULL);
    GOOD("maker", SMA, "add", "offer", NULL, "name=Grappe", "kind=gpu_hour", "quantity=100", "first=2026-W49",
         "last=2026-W50", "data_level=2", "mode=negotiated");
    GOOD("maker", SMA, "open", NULL, "SMA-O1", NULL);
    static const char forged[] =
        "code,state,request,offer,bookings,proposed_by\nSMA-A1,accepted,CAS-R1,SMA-O1,2026-W49:50,CAS\n";
    import_refused("sma-coordinator", &entity_allocation, forged, "admin");
    import_refused("sma-admin", &entity_allocation, forged, "has to agree");
}

/* A project's needs move with it whichever way it came by them, and those that nobody qualified are not answered. */
static void test_imports_leave_no_need_behind(void **state) {
    (void)state;
    static const char add[] = "title,stage,sector,needs\nForages,pilot,water,SMA-N1\n",
                      change[] = "code,needs\nSMA-P1,SMA-N2\n";
    GOOD("sma-operator", SMA, "add", "organisation", NULL, "name=Commune 1", "kind=local_authority");
    for (int i = 1; i <= 2; i++) {
        const char *code = i == 1 ? "SMA-N1" : "SMA-N2";
        GOOD("sma-operator", SMA, "add", "need", NULL, "title=Suivi des puits", "urgency=2", "sector=water",
             "beneficiary=SMA-G1");
        GOOD("sma-operator", SMA, "submit", NULL, code, NULL);
        assert_int_equal(import_as("sma-coordinator", &entity_project, i == 1 ? add : change), STATUS_CONFLICT);
        assert_non_null(strstr(f->error.why, "a project answers needs that are qualified"));
        GOOD("sma-coordinator", SMA, "qualify", NULL, code, NULL);
        fixture_good(f, import_as("sma-coordinator", &entity_project, i == 1 ? add : change), "import");
        REFUSED(STATUS_CONFLICT, "is in project", "sma-coordinator", SMA, "defer", NULL, code, "reason=Plus tard");
    }
    /* The one that was taken out waits for another. */
    REFUSED(STATUS_CONFLICT, "SMA-N1 is qualified", "sma-coordinator", SMA, "defer", NULL, "SMA-N1",
            "reason=Plus tard");
}

/* --- whom one acts for ---------------------------------------------------------------------------------------------- */

static void test_reach_is_given_by_who_has_it(void **state) {
    (void)state;
    REFUSED(STATUS_DENIED, "ROOT", "sma-admin", SMA, "set", NULL, "sma-admin", "acts_for=ROOT");
    REFUSED(STATUS_DENIED, "ROOT", "sma-admin", SMA, "set", NULL, "sma-operator", "acts_for+=CAS");
    REFUSED(STATUS_DENIED, "ROOT", "sma-admin", SMA, "add", "operator", NULL, "code=eve", "name=Eve", "role=viewer",
            "acts_for=CAS");
    GOOD("maker", ROOT, "add", "operator", NULL, "code=root-admin", "name=R", "role=admin");
    /* The hub gives it, and takes it. */
    GOOD("maker", SMA, "set", NULL, "sma-operator", "acts_for=CAS");
    /* Whoever has it from the hub is not made more than he was by an admin who has it not. */
    REFUSED(STATUS_DENIED, "CAS", "sma-admin", SMA, "set", NULL, "sma-operator", "role=admin");
    GOOD("sma-admin", SMA, "set", NULL, "sma-operator", "name=Op");
    GOOD("sma-admin", SMA, "set", NULL, "sma-operator", "acts_for=");
    /* Nor by an older version. */
    REFUSED(STATUS_DENIED, "CAS", "sma-admin", SMA, "revert", NULL, "sma-operator", "to=3");
}

/* Who is refused is told to act for whom he may; where he may for none of those whose it is, that. */
static void test_refusals_say_what_helps(void **state) {
    (void)state;
    GOOD("maker", SMA, "add", "project", NULL, "title=Nappes", "stage=pilot", "sector=water");
    REFUSED(STATUS_DENIED, "this is for SMA to do, and you act for CAS: cas-coordinator may not act for SMA",
            "cas-coordinator", CAS, "activate", NULL, "SMA-P1", NULL);
    REFUSED(STATUS_DENIED, "this is for SMA to do, and you act for CAS: act for SMA (--site SMA)", "maker", CAS,
            "activate", NULL, "SMA-P1", NULL);
    REFUSED(STATUS_DENIED, "this is for SMA to do, and cas-coordinator may not act for it", "cas-coordinator", CAS,
            "add", "milestone", NULL, "title=Essai", "project=SMA-P1", "due=2027-01-01");
    GOOD("maker", SMA, "activate", NULL, "SMA-P1", NULL);
    GOOD("sma-operator", SMA, "add", "request", NULL, "project=SMA-P1", "kind=gpu_hour", "wanted=10", "earliest=+1w",
         "latest=+4w", "data_level=1");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "approve", NULL, "SMA-R1", NULL);
    GOOD("maker", 4, "add", "offer", NULL, "name=Grappe", "kind=gpu_hour", "quantity=10", "first=+0w", "last=+9w",
         "data_level=2", "mode=free_hand");
    GOOD("maker", 4, "open", NULL, "RSK-O1", NULL);
    REFUSED(STATUS_DENIED, "this is for RSK, SMA or ROOT to propose, and cas-coordinator may act for none of them",
            "cas-coordinator", CAS, "propose", NULL, "SMA-R1", "offer=RSK-O1");
    GOOD("maker", CAS, "set", NULL, "cas-coordinator", "acts_for=SMA");
    REFUSED(STATUS_DENIED, "act for one of them (--site SMA)", "cas-coordinator", CAS, "propose", NULL, "SMA-R1",
            "offer=RSK-O1");
}

/* --- taking back ---------------------------------------------------------------------------------------------------- */

static void test_undo_takes_the_role_of_the_act(void **state) {
    (void)state;
    /* An admin disables somebody, and is one no more. */
    GOOD("sma-admin", SMA, "disable", NULL, "sma-viewer", NULL);
    GOOD("maker", SMA, "set", NULL, "sma-admin", "role=operator");
    REFUSED(STATUS_DENIED, "admin", "sma-admin", SMA, "undo", NULL, NULL, NULL);
    GOOD("maker", SMA, "set", NULL, "sma-admin", "role=admin");
    GOOD("sma-admin", SMA, "undo", NULL, NULL, NULL);
    GOOD("maker", SMA, "set", NULL, "sma-admin", "role=operator");
    REFUSED(STATUS_DENIED, "admin", "sma-admin", SMA, "redo", NULL, NULL, NULL);
    /* A coordinator approves, and may no more. */
    GOOD("sma-operator", SMA, "add", "organisation", NULL, "name=Commune 1", "kind=local_authority");
    GOOD("sma-operator", SMA, "add", "need", NULL, "title=Suivi des puits", "urgency=2", "sector=water",
         "beneficiary=SMA-G1");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-N1", NULL);
    GOOD("sma-coordinator", SMA, "qualify", NULL, "SMA-N1", NULL);
    GOOD("maker", SMA, "set", NULL, "sma-coordinator", "role=operator");
    REFUSED(STATUS_DENIED, "coordinator", "sma-coordinator", SMA, "undo", NULL, NULL, NULL);
    /* What one did for another institute, one undoes as long as one may act for it. */
    GOOD("maker", SMA, "set", NULL, "sma-operator", "acts_for=CAS");
    GOOD("sma-operator", CAS, "add", "organisation", NULL, "name=Commune 2", "kind=local_authority");
    GOOD("maker", SMA, "set", NULL, "sma-operator", "acts_for=");
    REFUSED(STATUS_DENIED, "CAS", "sma-operator", SMA, "undo", NULL, NULL, NULL);
}

static void test_undo_turns_no_agreement(void **state) {
    (void)state;
    GOOD("sma-coordinator", SMA, "add", "project", NULL, "title=Suivi des puits", "stage=research", "sector=water");
    GOOD("sma-coordinator", SMA, "activate", NULL, "SMA-P1", NULL);
    GOOD("sma-operator", SMA, "add", "request", NULL, "project=SMA-P1", "kind=gpu_hour", "wanted=10", "earliest=+1w",
         "latest=+4w", "data_level=1");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "approve", NULL, "SMA-R1", NULL);
    GOOD("cas-coordinator", CAS, "add", "offer", NULL, "name=Grappe", "kind=gpu_hour", "quantity=10", "first=+0w",
         "last=+9w", "data_level=2", "mode=free_hand");
    GOOD("cas-coordinator", CAS, "open", NULL, "CAS-O1", NULL);
    GOOD("cas-coordinator", CAS, "set", NULL, "CAS-O1", "mode=negotiated");
    GOOD("cas-coordinator", CAS, "undo", NULL, NULL, NULL);
    GOOD("cas-coordinator", CAS, "redo", NULL, NULL, NULL);
    GOOD("sma-operator", SMA, "propose", NULL, "SMA-R1", "offer=CAS-O1");
    REFUSED(STATUS_CONFLICT, "negotiated and stands", "cas-coordinator", CAS, "undo", NULL, NULL, NULL);
    REFUSED(STATUS_CONFLICT, "negotiated and stands", "cas-coordinator", CAS, "set", NULL, "CAS-O1", "mode=free_hand");
    REFUSED(STATUS_CONFLICT, "negotiated and stands", "cas-coordinator", CAS, "revert", NULL, "CAS-O1", "to=2");
}

/* What was given while one could give it is not given again by redo, nor by taking back that one took it away. */
static void test_redo_gives_no_reach_that_is_lost(void **state) {
    (void)state;
    GOOD("maker", SMA, "set", NULL, "sma-admin", "acts_for=CAS");
    GOOD("sma-admin", SMA, "set", NULL, "sma-operator", "acts_for=CAS");
    GOOD("sma-admin", SMA, "undo", NULL, NULL, NULL);
    GOOD("sma-admin", SMA, "redo", NULL, NULL, NULL);
    GOOD("sma-admin", SMA, "undo", NULL, NULL, NULL);
    GOOD("maker", SMA, "set", NULL, "sma-admin", "acts_for=");
    REFUSED(STATUS_DENIED, "to act for CAS", "sma-admin", SMA, "redo", NULL, NULL, NULL);
    /* The same, where the reach was taken away. */
    GOOD("maker", SMA, "set", NULL, "sma-operator", "acts_for=CAS");
    GOOD("sma-admin", SMA, "set", NULL, "sma-operator", "acts_for=");
    REFUSED(STATUS_DENIED, "to act for CAS", "sma-admin", SMA, "undo", NULL, NULL, NULL);
    /* And where somebody was invited with it, and deleted. */
    GOOD("maker", SMA, "set", NULL, "sma-admin", "acts_for=CAS");
    GOOD("sma-admin", SMA, "add", "operator", NULL, "code=eve", "name=Eve", "role=admin", "acts_for=CAS");
    GOOD("sma-admin", SMA, "undo", NULL, NULL, NULL);
    GOOD("maker", SMA, "set", NULL, "sma-admin", "acts_for=");
    REFUSED(STATUS_DENIED, "to act for CAS", "sma-admin", SMA, "redo", NULL, NULL, NULL);
}

static void test_undo_moves_no_session_that_has_guests(void **state) {
    (void)state;
    GOOD("sma-coordinator", SMA, "add", "project", NULL, "title=Suivi des puits", "stage=research", "sector=water");
    GOOD("sma-coordinator", SMA, "activate", NULL, "SMA-P1", NULL);
    GOOD("sma-operator", SMA, "add", "request", NULL, "project=SMA-P1", "kind=training_seat", "wanted=2",
         "earliest=2026-W49", "latest=2026-W52", "data_level=1");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "approve", NULL, "SMA-R1", NULL);
    GOOD("cas-coordinator", CAS, "add", "offer", NULL, "name=Cours", "kind=training_seat", "first=2026-W49",
         "last=2026-W52", "data_level=2", "mode=negotiated");
    GOOD("cas-coordinator", CAS, "add", "session", NULL, "offer=CAS-O1", "first_day=2026-12-07", "places=12");
    GOOD("cas-coordinator", CAS, "open", NULL, "CAS-O1", NULL);
    GOOD("cas-coordinator", CAS, "set", NULL, "CAS-T1", "first_day=2026-12-09", "last_day=2026-12-09");
    GOOD("sma-operator", SMA, "propose", NULL, "SMA-R1", "offer=CAS-O1", "session=CAS-T1", "quantity=2");
    REFUSED(STATUS_CONFLICT, "its days stand", "cas-coordinator", CAS, "undo", NULL, NULL, NULL);
}

static void test_the_invited_are_told_so(void **state) {
    (void)state;
    GOOD("maker", SMA, "add", "operator", NULL, "login=fatima", "name=Fatima", "role=operator");
    REFUSED(STATUS_DENIED, "fatima is invited and not activated yet: an admin of SMA does that", "fatima", -1, "add",
            "organisation", NULL, "name=Commune 1", "kind=local_authority");
    REFUSED(STATUS_DENIED, "karim is no active operator", "karim", -1, "add", "organisation", NULL, "name=Commune 1",
            "kind=local_authority");
}

/* --- done again ----------------------------------------------------------------------------------------------------- */

static void test_operations_are_of_one_and_of_one_kind(void **state) {
    (void)state;
    const char *const first[] = {"name=Commune 1", "kind=local_authority", NULL}, *const none[] = {NULL};
    const char *const second[] = {"name=Commune 2", "kind=local_authority", NULL};
    char longest[80];
    fixture_good(f, ask_op("sma-operator", SMA, "nightly-1", "add", "organisation", NULL, first), "add");
    fixture_good(f, ask_op("sma-operator", SMA, "nightly-1", "add", "organisation", NULL, first), "again");
    assert_int_equal(ask_op("sma-coordinator", SMA, "nightly-1", "add", "organisation", NULL, first), STATUS_CONFLICT);
    assert_non_null(strstr(f->error.why, "somebody else's"));
    assert_int_equal(ask_op("sma-operator", SMA, "nightly-1", "deactivate", NULL, "SMA-G1", none), STATUS_CONFLICT);
    assert_non_null(strstr(f->error.why, "another act (add)"));
    assert_int_equal(ask_op("sma-operator", SMA, "nightly-1", "add", "organisation", NULL, second), STATUS_CONFLICT);
    assert_non_null(strstr(f->error.why, "done before with other values"));
    memset(longest, 'x', sizeof longest);
    longest[65] = 0;
    assert_int_equal(ask_op("sma-operator", SMA, longest, "add", "organisation", NULL, first), STATUS_USAGE);
    assert_int_equal(ask_op("sma-operator", SMA, "", "add", "organisation", NULL, first), STATUS_USAGE);
    assert_int_equal(ask_op("sma-operator", SMA, "a\nb", "add", "organisation", NULL, first), STATUS_USAGE);
    longest[64] = 0;
    fixture_good(f, ask_op("sma-operator", SMA, longest, "add", "organisation", NULL, first), "the longest");
}

static void test_an_import_is_of_one_file(void **state) {
    (void)state;
    static const char first[] = "name,kind\nCommune 1,local_authority\n",
                      second[] = "name,kind\nCommune 2,local_authority\n";
    const char *const words[] = {"name=Commune 3", "kind=local_authority", NULL};
    fixture_good(f, import_op("sma-coordinator", "nightly-2", &entity_organisation, first), "import");
    fixture_good(f, import_op("sma-coordinator", "nightly-2", &entity_organisation, first), "again");
    assert_int_equal(import_op("sma-coordinator", "nightly-2", &entity_organisation, second), STATUS_CONFLICT);
    assert_non_null(strstr(f->error.why, "done before with other values"));
    assert_int_equal(import_op("sma-coordinator", "nightly-2", &entity_need, first), STATUS_CONFLICT);
    assert_int_equal(import_op("sma-admin", "nightly-2", &entity_organisation, first), STATUS_CONFLICT);
    assert_non_null(strstr(f->error.why, "somebody else's"));
    /* Nor is it done by what was another act. */
    fixture_good(f, ask_op("sma-coordinator", SMA, "nightly-3", "add", "organisation", NULL, words), "add");
    assert_int_equal(import_op("sma-coordinator", "nightly-3", &entity_organisation, first), STATUS_CONFLICT);
    GOOD("sma-coordinator", SMA, "deactivate", NULL, "SMA-G2", NULL);
    REFUSED(STATUS_NOT_FOUND, "no such record", "sma-coordinator", SMA, "deactivate", NULL, "SMA-G3", NULL);
}

/* --- one's own ------------------------------------------------------------------------------------------------------ */

static void test_nobody_judges_his_own(void **state) {
    (void)state;
    GOOD("sma-coordinator", SMA, "add", "organisation", NULL, "name=Commune 1", "kind=local_authority");
    GOOD("sma-coordinator", SMA, "add", "need", NULL, "title=Suivi des puits", "urgency=2", "sector=water",
         "beneficiary=SMA-G1");
    GOOD("sma-coordinator", SMA, "submit", NULL, "SMA-N1", NULL);
    REFUSED(STATUS_DENIED, "takes another coordinator", "sma-coordinator", SMA, "qualify", NULL, "SMA-N1", NULL);
    /* Also where nobody else of the region could: somebody else is in the store. */
    GOOD("maker", SMA, "disable", NULL, "sma-admin", NULL);
    REFUSED(STATUS_DENIED, "takes another coordinator", "sma-coordinator", SMA, "qualify", NULL, "SMA-N1", NULL);
    GOOD("maker", SMA, "qualify", NULL, "SMA-N1", NULL);
}

/* Nor what he wrote into what somebody else filed, whoever submits it before he did. */
static void test_nobody_judges_what_he_changed(void **state) {
    (void)state;
    GOOD("sma-operator", SMA, "add", "project", NULL, "title=Suivi des puits", "stage=research", "sector=water");
    GOOD("sma-coordinator", SMA, "activate", NULL, "SMA-P1", NULL);
    GOOD("sma-operator", SMA, "add", "request", NULL, "project=SMA-P1", "kind=gpu_hour", "wanted=10", "earliest=+1w",
         "latest=+4w", "data_level=1");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "set", NULL, "SMA-R1", "wanted=99999");
    REFUSED(STATUS_DENIED, "what you changed in it yourself: it takes another coordinator of SMA", "sma-coordinator",
            SMA, "approve", NULL, "SMA-R1", NULL);
    /* To return it and submit it oneself changes nothing; that its author submits it does, or that it is taken back. */
    GOOD("sma-coordinator", SMA, "return", NULL, "SMA-R1", "reason=Trop");
    GOOD("sma-coordinator", SMA, "submit", NULL, "SMA-R1", NULL);
    REFUSED(STATUS_DENIED, "what you changed", "sma-coordinator", SMA, "approve", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "set", NULL, "SMA-R1", "wanted=10");
    GOOD("sma-coordinator", SMA, "approve", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "undo", NULL, NULL, NULL);
    GOOD("sma-coordinator", SMA, "set", NULL, "SMA-R1", "wanted=20");
    GOOD("sma-coordinator", SMA, "return", NULL, "SMA-R1", "reason=Assez");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-R1", NULL);
    GOOD("sma-coordinator", SMA, "approve", NULL, "SMA-R1", NULL);
    /* By a file no more than by hand. */
    GOOD("sma-operator", SMA, "add", "organisation", NULL, "name=Commune 1", "kind=local_authority");
    GOOD("sma-operator", SMA, "add", "need", NULL, "title=Suivi des puits", "urgency=2", "sector=water",
         "beneficiary=SMA-G1");
    GOOD("sma-operator", SMA, "submit", NULL, "SMA-N1", NULL);
    fixture_good(f, import_as("sma-coordinator", &entity_need, "code,urgency\nSMA-N1,4\n"), "import");
    REFUSED(STATUS_DENIED, "what you changed", "sma-coordinator", SMA, "qualify", NULL, "SMA-N1", NULL);
    GOOD("sma-admin", SMA, "qualify", NULL, "SMA-N1", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_imports_take_their_role, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_plan_asks_first_who_makes_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_imports_go_through_no_wall, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_imports_leave_no_need_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reach_is_given_by_who_has_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals_say_what_helps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_undo_takes_the_role_of_the_act, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_undo_turns_no_agreement, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_redo_gives_no_reach_that_is_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_undo_moves_no_session_that_has_guests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_invited_are_told_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_operations_are_of_one_and_of_one_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_import_is_of_one_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_judges_his_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_judges_what_he_changed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
