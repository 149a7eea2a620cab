/* People of one machine and a server's store: nobody opens the file, is somebody else, reads or does what his role does not
 * give him, or keeps others from writing. As root the tests are another person's, by his own user; else they prove what
 * one user can of himself. */
#include "serve.h"

#include <grp.h>
#include <sodium.h>
#include <sys/file.h>

enum { NOBODY = 65534 };

static bool is_root(void) {
    return geteuid() == 0;
}

/* The other person's login, as the server knows it. */
static const char *other_login(void) {
    const struct passwd *p = is_root() ? getpwuid(NOBODY) : NULL;
    if (!is_root()) return own_login();
    return p ? p->pw_name : "uid-65534";
}

/* In a child: from now on the other person. */
static void become_other(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    randombytes_stir(); /* libsodium's generator wants to know of a new process */
    /* What the environment says of who he is counts for nothing. */
    setenv("USER", "else", 1);
    setenv("LOGNAME", "else", 1);
    if (is_root() && (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) _exit(99);
}

static pid_t start_as_other(int (*act)(const Server *, int gate), const Server *s, int gate) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        become_other();
        _exit(act(s, gate));
    }
    return child;
}

/* What act returns there, or how it ended. */
static int end_of_other(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int as_other(int (*act)(const Server *, int gate), const Server *s) {
    return end_of_other(start_as_other(act, s, -1));
}

/* A server of a store whose admin is "else"; the directory is everybody's to look into, the worst case. */
static void start_for(Server *s, const char *name, const char *role) {
    char dir[64];
    assert_non_null(getcwd(dir, sizeof dir));
    assert_int_equal(chmod(dir, 0755), 0);
    make_store(s, name);
    if (*role) enlist(s, other_login(), role);
    if (is_root()) enlist(s, own_login(), "admin");
    serve(s);
}

/* --- who is nobody here ------------------------------------------------------------------------------------------- */

static int is_refused(const Server *s, int gate) {
    Service *service;
    Error e = {0};
    (void)gate;
    if (service_connect(s->socket, "", &service, &e) != STATUS_DENIED) return 2;
    return strstr(e.why, "is no active operator of this store") ? 0 : 3;
}

static void test_a_stranger_is_refused(void **state) {
    (void)state;
    Server s;
    start_for(&s, "strange", "");
    assert_int_equal(as_other(is_refused, &s), 0);
    end(&s, SIGTERM);
}

/* Every file beside the store that there is, for reading, for writing and for a lock. */
static int opens_a_file(const Server *s, int gate) {
    static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
    static const int ways[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_CREAT, O_WRONLY | O_TRUNC};
    (void)gate;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", s->store, ends[i]);
        if (access(path, F_OK) != 0) return 10 + (int)i; /* the test looks at the wrong files */
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
            int fd = open(path, ways[k], 0600);
            if (fd >= 0) return 20 + (int)i;
            if (errno != EACCES) return 30;
        }
        if (unlink(path) == 0 || rename(path, "taken.db") == 0) return 40 + (int)i;
    }
    return 0;
}

static void test_nobody_else_opens_the_files(void **state) {
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
    Server s;
    start_for(&s, "closed", "admin");
    service_close(connected(&s));
    if (is_root()) assert_int_equal(as_other(opens_a_file, &s), 0);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[80];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", s.store, ends[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(st.st_uid, geteuid());
    }
    end(&s, SIGTERM);
}

/* --- what a role does not give ------------------------------------------------------------------------------------ */

/* Looks, and tries all else; each refusal names the role it takes. */
static int only_looks(const Server *s, int gate) {
    static const Argument title[] = {{"title", "Not mine"}, {"stage", "pilot"}, {"sector", "water"}};
    static const Argument role[] = {{"role", "admin"}};
    Service *service;
    Arena arena = {0};
    Error e = {0};
    Record *r;
    ImportReply reply = {0};
    (void)gate;
    if (service_connect(s->socket, "", &service, &e) != STATUS_OK) return 2;
    if (count_projects(service, "") != 1) return 3;
    if (try_command(service, "add", "project", NULL, title, 3, &e) != STATUS_DENIED || !strstr(e.why, "operator"))
        return 4;
    if (try_command(service, "set", NULL, "SMA-P1", title, 1, &e) != STATUS_DENIED) return 5;
    if (try_command(service, "set", NULL, other_login(), role, 1, &e) != STATUS_DENIED || !strstr(e.why, "admin"))
        return 6;
    if (try_command(service, "disable", NULL, "else", NULL, 0, &e) != STATUS_DENIED) return 7;
    if (service_backup(service, "stolen.db", &e) != STATUS_DENIED || !strstr(e.why, "admin")) return 8;
    if (access("stolen.db", F_OK) == 0) return 9;
    ImportRequest import = {.entity = &entity_project, .file = "rows.csv", .op = "0123456789abcdef0123"};
    import.fd = open("/dev/null", O_RDONLY);
    if (service_import(service, &arena, &import, &reply, &e) != STATUS_DENIED) return 10;
    if (service_act_as(service, 0, &e) == STATUS_OK &&
        try_command(service, "add", "project", NULL, title, 3, &e) != STATUS_DENIED)
        return 11;
    /* What is hidden is not told, to whomever. */
    if (service_record(service, &arena, "else", &r, &e) != STATUS_OK) return 12;
    if (*value_string(&r->values[OPERATOR_PIN])) return 13;
    if (count_projects(service, "") != 1) return 14;
    return 0;
}

static void test_a_role_gives_what_it_gives(void **state) {
    (void)state;
    Server s;
    static const Argument project[] = {{"title", "Of others"}, {"stage", "pilot"}, {"sector", "water"}};
    make_store(&s, "roles");
    act_as(&s, "else", "add", "project", NULL, project, 3);
    enlist(&s, other_login(), "viewer");
    char dir[64];
    assert_non_null(getcwd(dir, sizeof dir));
    assert_int_equal(chmod(dir, 0777), 0); /* so that a stolen copy could be written */
    serve(&s);
    assert_int_equal(as_other(only_looks, &s), 0);
    assert_int_equal(chmod(dir, 0755), 0);
    end(&s, SIGTERM);
}

/* Writes once, waits for a byte, and is refused the next time, over the same connection. */
static int writes_until_disabled(const Server *s, int gate) {
    Service *service;
    Error e = {0};
    char code[CODE_ROOM], byte = 'r';
    if (service_connect(s->socket, "", &service, &e) != STATUS_OK) return 2;
    if (add_project(service, "While active", code, &e) != STATUS_OK) return 3;
    if (write(gate, &byte, 1) != 1 || read(gate, &byte, 1) != 1) return 4;
    if (add_project(service, "Once disabled", code, &e) != STATUS_DENIED) return 5;
    return 0;
}

static void test_who_is_disabled_writes_no_more(void **state) {
    (void)state;
    Server s;
    char byte;
    int gate[2];
    start_for(&s, "disabled", "operator");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, gate), 0);
    pid_t child = start_as_other(writes_until_disabled, &s, gate[1]);
    close(gate[1]);
    if (read(gate[0], &byte, 1) != 1) fail_msg("no write");
    if (is_root()) RUN_WANTS(0, "", "--socket", s.socket, "--site", "SMA", "disable", other_login());
    else act_as(&s, "else", "disable", NULL, other_login(), NULL, 0);
    assert_int_equal(write(gate[0], &byte, 1), 1);
    assert_int_equal(end_of_other(child), 0);
    close(gate[0]);
    end(&s, SIGTERM);
}

/* --- who holds on to what he can ---------------------------------------------------------------------------------- */

/* Locks what may be locked, begins to read and to write, and stops there. */
static int holds_on(const Server *s, int gate) {
    Service *service;
    Error e = {0};
    char byte = 'h', code[CODE_ROOM];
    int here = open(".", O_RDONLY | O_DIRECTORY), file = open(s->store, O_RDONLY);
    if (here < 0 || flock(here, LOCK_EX) != 0) return 2;
    if (is_root() && file >= 0) return 3;
    if (service_connect(s->socket, "", &service, &e) != STATUS_OK) return 4;
    if (add_project(service, "The last word", code, &e) != STATUS_OK) return 5;
    /* A request of which the end never comes, on another connection. */
    int half = raw_connect(s);
    say_hello(half);
    if (send(half, "\xFF\xFF\x0F", 3, MSG_NOSIGNAL) < 0) return 6;
    if (write(gate, &byte, 1) != 1) return 7;
    for (;;) {
        pause();
    }
}

static void test_nobody_is_kept_from_writing(void **state) {
    (void)state;
    Server s;
    int gate[2], status;
    char byte, code[CODE_ROOM];
    Error e = {0};
    start_for(&s, "held", "operator");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, gate), 0);
    pid_t child = start_as_other(holds_on, &s, gate[1]);
    close(gate[1]);
    if (read(gate[0], &byte, 1) != 1) fail_msg("the other one: %d", end_of_other(child));
    kill(child, SIGSTOP);
    Service *service = connected(&s);
    for (int i = 0; i < 20; i++) {
        if (add_project(service, "All the same", code, &e) != STATUS_OK) fail_msg("%s", e.why);
    }
    assert_int_equal(count_projects(service, ""), 21);
    expect_whole(service);
    service_close(service);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(gate[0]);
    end(&s, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stranger_is_refused),       cmocka_unit_test(test_nobody_else_opens_the_files),
        cmocka_unit_test(test_a_role_gives_what_it_gives),  cmocka_unit_test(test_who_is_disabled_writes_no_more),
        cmocka_unit_test(test_nobody_is_kept_from_writing),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
