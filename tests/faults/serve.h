/* What the fault tests of jazari serve share: a server of a store of its own, clients through the one door, and clients
 * that speak to its socket byte by byte. Everything is in this header, because each file beside it is a program. */
#ifndef JAZARI_TESTS_FAULTS_SERVE_H
#define JAZARI_TESTS_FAULTS_SERVE_H

#include "run.h"

#include "service/dial.h"
#include "service/frame.h"
#include "service/messages.h"
#include "service/protocol.h"
#include "service/request.h"

#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { CODE_ROOM = 32, TRIES = 5 };

/* --- the server ------------------------------------------------------------------------------------------------------ */

typedef struct Server {
    Run run;
    char store[64], socket[64];
} Server;

static inline void serve(Server *s) {
    const char *const words[] = {"--store", s->store, "--socket", s->socket, "serve", NULL};
    run_start(&s->run, &(RunHow){.words = words});
    /* It answers once it has the store. */
    for (int tries = 0; tries < 3; tries++) {
        Service *service;
        Error e = {0};
        Status status = service_connect(s->socket, "", &service, &e);
        if (status == STATUS_OK) service_close(service);
        if (status != STATUS_BUSY) return;
    }
    fail_msg("the server does not answer");
}

static inline void start(Server *s, const char *name) {
    char dir[64];
    *s = (Server){0};
    snprintf(s->store, sizeof s->store, "%s.db", name);
    assert_non_null(getcwd(dir, sizeof dir));
    snprintf(s->socket, sizeof s->socket, "%.40s/%s.sock", dir, name);
    RUN_WANTS(0, "made", "--store", s->store, "init", "--site", "ROOT,SMA");
    serve(s);
}

/* A process that the server started: the first one writes, the others serve a client each. */
static inline pid_t child_of(const Server *s, int place) {
    char path[64];
    long child = 0;
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)s->run.child, (long)s->run.child);
    FILE *children = fopen(path, "re");
    assert_non_null(children);
    for (int i = 0; i <= place; i++) {
        assert_int_equal(fscanf(children, "%ld", &child), 1);
    }
    fclose(children);
    return (pid_t)child;
}

static inline Status try_command(Service *service, const char *verb, const char *entity, const char *code,
                                 const Argument *arguments, int count, Error *e) {
    Arena arena = {0};
    Outcome outcome;
    char op[OPERATION_SIZE];
    operation_new(op);
    const CommandRequest request = {.verb = verb,
                                    .entity = entity,
                                    .codes = &code,
                                    .code_count = code != NULL,
                                    .arguments = arguments,
                                    .argument_count = count,
                                    .form = FORM_FILE,
                                    .op = op};
    Status status = service_command(service, &arena, &request, &outcome, e);
    arena_free(&arena);
    return status;
}

/* One act of somebody by his login, for Souss-Massa, on the file itself. */
static inline void act_as(const Server *s, const char *login, const char *verb, const char *entity, const char *code,
                          const Argument *arguments, int count) {
    Service *service;
    Error e = {0};
    if (service_open(s->store, true, 1000, login, &service, &e) != STATUS_OK) fail_msg("%s", e.why);
    Status status = service_act_as(service, 9, &e);
    if (status == STATUS_OK) status = try_command(service, verb, entity, code, arguments, count, &e);
    if (status != STATUS_OK) fail_msg("%s %s: %s: %s", verb, code ? code : entity, e.field, e.why);
    service_close(service);
}

static inline const char *own_login(void) {
    const struct passwd *p = getpwuid(geteuid());
    assert_non_null(p);
    return p->pw_name;
}

/* A store of ROOT and Souss-Massa, whose admin is somebody called "else". */
static inline void make_store(Server *s, const char *name) {
    static const int sites[] = {0, 9};
    char dir[64];
    Error e = {0};
    *s = (Server){0};
    snprintf(s->store, sizeof s->store, "%s.db", name);
    assert_non_null(getcwd(dir, sizeof dir));
    snprintf(s->socket, sizeof s->socket, "%.40s/%s.sock", dir, name);
    const InitRequest init = {.path = s->store, .login = "else", .sites = sites, .site_count = 2};
    if (service_init(&init, &e) != STATUS_OK) fail_msg("%s", e.why);
}

static inline void enlist(const Server *s, const char *login, const char *role) {
    const Argument who[] = {{"login", login}, {"name", "Someone"}, {"role", role}};
    act_as(s, "else", "add", "operator", NULL, who, 3);
    act_as(s, "else", "activate", NULL, login, NULL, 0);
}

/* A server of such a store, in which this user has a role. */
static inline void start_as(Server *s, const char *name, const char *role) {
    make_store(s, name);
    enlist(s, own_login(), role);
    serve(s);
}

static inline void end(Server *s, int number) {
    kill(s->run.child, number);
    run_end(&s->run);
    if (number == SIGTERM) run_expect(&s->run, 0);
    run_free(&s->run);
}

static inline Service *connected(const Server *s) {
    Service *service;
    Error e = {0};
    if (service_connect(s->socket, "", &service, &e) != STATUS_OK) fail_msg("%s", e.why);
    return service;
}

/* Where the server is away for long, the same act is tried again under the same id, as the error says. */
static inline Status add_project(Service *service, const char *title, char code[CODE_ROOM], Error *e) {
    Arena arena = {0};
    Outcome outcome;
    char op[OPERATION_SIZE];
    Status s = STATUS_BUSY;
    const Argument arguments[] = {{"title", title}, {"stage", "pilot"}, {"sector", "water"}};
    operation_new(op);
    const CommandRequest request = {
        .verb = "add", .entity = "project", .arguments = arguments, .argument_count = 3, .form = FORM_FILE, .op = op};
    for (int tries = 0; tries < TRIES && s == STATUS_BUSY; tries++) {
        s = service_command(service, &arena, &request, &outcome, e);
    }
    if (s == STATUS_OK) code_write('P', outcome.effects[0].id, code);
    arena_free(&arena);
    return s;
}

static inline int count_projects(Service *service, const char *filter) {
    int64_t count = -1;
    Error e = {0};
    if (service_count(service, &entity_project, filter, &count, &e) != STATUS_OK) fail_msg("%s", e.why);
    return (int)count;
}

static inline void expect_whole(Service *service) {
    Error e = {0};
    if (service_check(service, &(CheckOptions){0}, &e) != STATUS_OK) fail_msg("%s", e.why);
}

/* --- byte by byte ---------------------------------------------------------------------------------------------------- */

static inline int raw_connect(const Server *s) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", s->socket);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* False where it was turned away before it could say anything. */
static inline bool try_version(int fd, const char *version) {
    Buffer out = {0};
    Wire w = {.out = &out};
    dial_hello(&w, &version);
    bool said = frame_send(fd, FRAME_HELLO, out.bytes, out.size, -1, 1000);
    buffer_free(&out);
    return said;
}

static inline void say_version(int fd, const char *version) {
    assert_true(try_version(fd, version));
}

static inline void say_hello(int fd) {
    say_version(fd, protocol_version());
}

/* The next message; what it says is good until the one after. */
static inline Frame next_frame(Frames *f) {
    Frame frame = {0};
    int got;
    while ((got = frames_next(f, &frame)) == 0) {
        struct pollfd p = {.fd = f->fd, .events = POLLIN};
        assert_int_equal(poll(&p, 1, RUN_PATIENCE_MS), 1);
        assert_int_not_equal(frames_fill(f), FRAMES_END);
    }
    assert_int_equal(got, 1);
    return frame;
}

/* A hello or a reply: what went wrong, and where what follows is read. */
static inline Wire read_error(const Frame *frame, Arena *arena, Error *e) {
    const char *version;
    Wire r = {.at = (const unsigned char *)frame->bytes,
              .end = (const unsigned char *)frame->bytes + frame->size,
              .arena = arena};
    *e = (Error){0};
    if (frame->kind == FRAME_HELLO) dial_hello(&r, &version);
    message_error(&r, e);
    assert_false(r.bad);
    return r;
}

static inline void write_command(Buffer *ask, int site, const CommandRequest *request) {
    Wire w = {.out = ask};
    int name = REQUEST_COMMAND;
    CommandRequest copy = *request;
    buffer_clear(ask);
    wire_int(&w, &site);
    wire_int(&w, &name);
    message_command(&w, &copy);
}

/* An operation's id, without a random number: libsodium does not forgive a process that forks after drawing one. */
static inline void operation_fixed(char op[OPERATION_SIZE]) {
    static const unsigned char nothing[OPERATION_RANDOM];
    static uint64_t count;
    operation_write(++count, nothing, op);
}

/* A request that adds a project, under an operation of its own. */
static inline void write_addition(Buffer *ask, const char *title) {
    const Argument arguments[] = {{"title", title}, {"stage", "pilot"}, {"sector", "water"}};
    char op[OPERATION_SIZE];
    operation_fixed(op);
    const CommandRequest request = {
        .verb = "add", .entity = "project", .arguments = arguments, .argument_count = 3, .form = FORM_FILE, .op = op};
    write_command(ask, 9, &request);
}

#endif
