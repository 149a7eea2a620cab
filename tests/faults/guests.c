/* jazari serve and guests that ask for more than is theirs: what they are refused costs nobody anything. */
#include "serve.h"

#include "base/date.h"

#include "service/server.h"

#include <dirent.h>

enum { ROWS = 20000, NOBODY = 65534, ROUNDS = 12, COMINGS = 300 };

/* A viewer's file that never ends would fill the disk, were it read before it is asked who passes it. */
static void test_who_may_not_import_has_no_file_read(void **state) {
    (void)state;
    Server s;
    Arena arena = {0};
    ImportReply reply;
    Error e = {0};
    start_as(&s, "viewer", "viewer");
    Service *service = connected(&s);
    int endless = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    assert_true(endless >= 0);
    const ImportRequest request = {
        .entity = &entity_project, .file = "endless.csv", .fd = endless, .op = "01ARZ3NDEKTSV4RRFFQ69G5FAV"};
    Status status = service_import(service, &arena, &request, &reply, &e);
    if (status != STATUS_DENIED) fail_msg("%d: %s", status, e.why);
    assert_non_null(strstr(e.why, "it takes the role coordinator"));
    assert_int_equal(lseek(endless, 0, SEEK_CUR), 0);
    close(endless);
    arena_free(&arena);
    service_close(service);
    end(&s, SIGTERM);
}

/* --- how many ------------------------------------------------------------------------------------------------------ */

static void expect_busy(const Server *s, const char *why) {
    Frames client;
    Arena arena = {0};
    Error e;
    frames_start(&client, raw_connect(s), FRAME_REPLY_MOST);
    Frame frame = next_frame(&client);
    assert_int_equal(frame.kind, FRAME_HELLO);
    read_error(&frame, &arena, &e);
    assert_int_equal(e.status, STATUS_BUSY);
    assert_non_null(strstr(e.why, why));
    arena_free(&arena);
    frames_free(&client);
}

/* Who connects and says nothing is one of few; whoever comes beyond is told so, and may come once one of them went. */
static void test_who_says_nothing_takes_little_room(void **state) {
    (void)state;
    Server s;
    int silent[SERVER_UNKNOWN_EACH];
    start_as(&s, "silent", "operator");
    Service *known = connected(&s);
    for (int i = 0; i < SERVER_UNKNOWN_EACH; i++) {
        silent[i] = raw_connect(&s);
    }
    expect_busy(&s, "the server has as many connections as it takes");
    assert_int_equal(count_projects(known, ""), 0);
    close(silent[0]);
    service_close(connected(&s));
    for (int i = 1; i < SERVER_UNKNOWN_EACH; i++) {
        close(silent[i]);
    }
    service_close(known);
    end(&s, SIGTERM);
}

static void greet(const Server *s, Frames *client) {
    Arena arena = {0};
    Error e;
    frames_start(client, raw_connect(s), FRAME_REPLY_MOST);
    say_hello(client->fd);
    Frame frame = next_frame(client);
    read_error(&frame, &arena, &e);
    if (e.status != STATUS_OK) fail_msg("%s", e.why);
    arena_free(&arena);
}

static void test_one_person_has_so_many_connections(void **state) {
    (void)state;
    Server s;
    static Frames clients[SERVER_SESSIONS_EACH];
    start_as(&s, "many", "operator");
    for (int i = 0; i < SERVER_SESSIONS_EACH; i++) {
        greet(&s, &clients[i]);
    }
    expect_busy(&s, "as many as one person may");
    frames_free(&clients[0]);
    Service *service = connected(&s);
    assert_int_equal(count_projects(service, ""), 0);
    service_close(service);
    for (int i = 1; i < SERVER_SESSIONS_EACH; i++) {
        frames_free(&clients[i]);
    }
    end(&s, SIGTERM);
}

static int count_files_of(pid_t process) {
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%ld/fd", (long)process);
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory)) {
        count++;
    }
    closedir(directory);
    return count;
}

/* However many come and go: with a word, without one, in the middle of one. */
static void test_coming_and_going_leaves_nothing_open(void **state) {
    (void)state;
    Server s;
    char code[CODE_ROOM];
    Error e = {0};
    start_as(&s, "coming", "operator");
    Service *service = connected(&s);
    assert_int_equal(add_project(service, "Before", code, &e), STATUS_OK);
    pid_t writer = child_of(&s, 0);
    int front_files = count_files_of(s.run.child), writer_files = count_files_of(writer);
    for (int i = 0; i < COMINGS; i++) {
        if (i % 3 == 0) {
            int fd = raw_connect(&s);
            if (i % 2 && send(fd, "\x09", 1, MSG_NOSIGNAL) < 0) assert_int_equal(errno, EPIPE);
            close(fd);
            continue;
        }
        service_close(connected(&s));
    }
    /* They are gone after some more of this one's requests. */
    for (int64_t until = clock_ms() + RUN_PATIENCE_MS;
         count_files_of(writer) > writer_files || count_files_of(s.run.child) > front_files;) {
        if (clock_ms() > until) fail_msg("their files are still open");
        assert_int_equal(add_project(service, "Until they are gone", code, &e), STATUS_OK);
    }
    assert_int_equal(count_files_of(s.run.child), front_files);
    assert_int_equal(count_files_of(writer), writer_files);
    service_close(service);
    end(&s, SIGTERM);
}

/* Whoever asks for what takes long is served after all others: they would wait for him else. */
static void test_long_work_comes_last(void **state) {
    (void)state;
    Server s;
    Error e = {0};
    make_store(&s, "long");
    enlist(&s, own_login(), "viewer");
    const char *const words[] = {"--store", s.store, "--socket", s.socket, "serve", NULL};
    run_start(&s.run, &(RunHow){.words = words});
    Service *service = connected(&s);
    pid_t session = child_of(&s, 1);
    int before = getpriority(PRIO_PROCESS, (id_t)child_of(&s, 0));
    assert_int_equal(count_projects(service, ""), 0);
    assert_int_equal(getpriority(PRIO_PROCESS, (id_t)session), before);
    if (service_check(service, &(CheckOptions){0}, &e) != STATUS_OK) fail_msg("%s", e.why);
    assert_true(getpriority(PRIO_PROCESS, (id_t)session) > before);
    assert_int_equal(getpriority(PRIO_PROCESS, (id_t)child_of(&s, 0)), before);
    service_close(service);
    end(&s, SIGTERM);
}

/* --- who speaks to whom ---------------------------------------------------------------------------------------------- */

/* Another version is told which is older; a hello with more in it than a version, a login say, is no hello. */
static void test_a_hello_is_a_version_and_no_more(void **state) {
    (void)state;
    Server s;
    static const struct {
        const char *says, *login;
        Status status;
        const char *why;
    } hellos[] = {
        {"0.0.1+5", NULL, STATUS_FAILED, "this program is jazari 0.0.1, older than the server"},
        {"999.0+5", NULL, STATUS_FAILED, "older than this program, 999.0: it has to be started anew"},
        {JAZARI_VERSION "+other", NULL, STATUS_FAILED, "are different builds of jazari"},
        {NULL, "else", STATUS_USAGE, "the request cannot be read"},
    };
    start_as(&s, "hellos", "viewer");
    for (size_t i = 0; i < sizeof hellos / sizeof *hellos; i++) {
        Arena arena = {0};
        Buffer out = {0};
        Wire w = {.out = &out};
        Error e;
        Frames client;
        const char *version = hellos[i].says ? hellos[i].says : protocol_version(), *login = hellos[i].login;
        dial_hello(&w, &version);
        if (login) wire_text(&w, &login);
        frames_start(&client, raw_connect(&s), FRAME_REPLY_MOST);
        assert_true(frame_send(client.fd, FRAME_HELLO, out.bytes, out.size, -1, 1000));
        Frame frame = next_frame(&client);
        read_error(&frame, &arena, &e);
        if (e.status != hellos[i].status || !strstr(e.why, hellos[i].why)) fail_msg("%d: %s", e.status, e.why);
        struct pollfd p = {.fd = client.fd, .events = POLLIN};
        assert_int_equal(poll(&p, 1, RUN_PATIENCE_MS), 1);
        assert_int_equal(frames_fill(&client), FRAMES_END);
        frames_free(&client);
        buffer_free(&out);
        arena_free(&arena);
    }
    end(&s, SIGTERM);
}

/* What makes no sense is answered once, and nothing after it is read. */
static void test_nonsense_is_answered_once(void **state) {
    (void)state;
    Server s;
    static const struct {
        const char *bytes;
        size_t size;
    } nonsense[] = {
#define BYTES(text) {text, sizeof(text) - 1}
        BYTES("\xFF\xFF\xFF\x7F\x02"),             /* two gigabytes follow */
        BYTES("\x01\x00\x40\x00\x02"),             /* a byte more than may */
        BYTES("\x00\x00\x00\x00\x63"),             /* no such kind */
        BYTES("\x00\x00\x00\x00\x05"),             /* a reply */
        BYTES("\x00\x00\x00\x00\x02"),             /* a request of nothing */
        BYTES("\x02\x00\x00\x00\x02\x12\x7E"),     /* no such request */
        BYTES("\x02\x00\x00\x00\x02\x7E\x00"),     /* no such site */
        BYTES("\x03\x00\x00\x00\x02\x12\x00\x00"), /* bytes after a request */
        BYTES("\x06\x00\x00\x00\x02\x12\x26\x04"
              "ad\x00"), /* NUL within a word */
        BYTES("\x0A\x00\x00\x00\x02\x12\x26\x04"
              "add\x00\xC0\x84\x3D"), /* as many codes as a million, and none there */
#undef BYTES
    };
    _Static_assert(REQUEST_COMMAND * 2 == 0x26, "the number in the bytes above");
    start_as(&s, "nonsense", "viewer");
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        Arena arena = {0};
        Frames client;
        Error e;
        greet(&s, &client);
        assert_int_equal(send(client.fd, nonsense[i].bytes, nonsense[i].size, MSG_NOSIGNAL), (ssize_t)nonsense[i].size);
        Frame frame = next_frame(&client);
        assert_int_equal(frame.kind, FRAME_REPLY);
        read_error(&frame, &arena, &e);
        if (e.status != STATUS_USAGE || !strstr(e.why, "cannot be read")) fail_msg("%zu: %d: %s", i, e.status, e.why);
        struct pollfd p = {.fd = client.fd, .events = POLLIN};
        assert_int_equal(poll(&p, 1, RUN_PATIENCE_MS), 1);
        assert_int_equal(frames_fill(&client), FRAMES_END);
        frames_free(&client);
        arena_free(&arena);
    }
    end(&s, SIGTERM);
}

/* Listens as somebody else until it is killed. */
static pid_t listen_as_nobody(const char *path) {
    int ends[2];
    char byte;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) _exit(2);
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) _exit(3);
        if (listen(fd, 8) != 0 || write(ends[1], "r", 1) != 1) _exit(4);
        for (;;) {
            pause();
        }
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    return child;
}

/* What answers in the server's place is told nothing, but where it is the user who is said to. */
static void test_nobody_else_is_taken_for_the_server(void **state) {
    (void)state;
    Service *service;
    Error e = {0};
    const struct passwd *p = getpwuid(NOBODY);
    run_write_file("file", "", 0);
    assert_int_equal(service_connect("file", "", &service, &e), STATUS_FAILED);
    assert_non_null(strstr(e.why, "file is no socket"));
    assert_non_null(p);
    pid_t child = listen_as_nobody("false.sock");
    Frames frames;
    bool same = geteuid() != 0;
    assert_int_equal(dial("false.sock", "root", &frames, &e), same ? STATUS_OK : STATUS_DENIED);
    if (same) frames_free(&frames);
    else assert_non_null(strstr(e.why, "who is neither root nor \"root\": nothing was told"));
    assert_int_equal(dial("false.sock", p->pw_name, &frames, &e), STATUS_OK);
    frames_free(&frames);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static int count_open(void) {
    int count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

/* A screen whose server is killed and started again finds its way back by itself, and holds no more than before. */
static void test_who_comes_back_leaves_nothing_open(void **state) {
    (void)state;
    Server s;
    char code[CODE_ROOM];
    Error e = {0};
    start_as(&s, "back", "operator");
    Service *service = connected(&s);
    int before = count_open();
    for (int i = 0; i < ROUNDS; i++) {
        struct pollfd hangs_up = {.fd = service_news_fd(service), .events = POLLIN};
        end(&s, SIGKILL);
        assert_int_equal(poll(&hangs_up, 1, RUN_PATIENCE_MS), 1);
        service_version(service);
        assert_true(service_is_away(service));
        assert_int_equal(service_news_fd(service), -1);
        serve(&s);
        int64_t version = service_version(service);
        for (int64_t until = clock_ms() + RUN_PATIENCE_MS; service_is_away(service);) {
            assert_true(service_version(service) >= version);
            if (clock_ms() > until) fail_msg("the server is not found again");
        }
        assert_int_equal(add_project(service, "Back again", code, &e), STATUS_OK);
    }
    assert_int_equal(count_projects(service, ""), ROUNDS);
    assert_int_equal(count_open(), before);
    service_close(service);
    end(&s, SIGTERM);
}

/* --- files -------------------------------------------------------------------------------------------------------------- */

static void write_rows(void) {
    Buffer rows = {0};
    buffer_add_string(&rows, "title,stage,sector\n");
    for (int i = 0; i < ROWS; i++) {
        buffer_format(&rows, "Row %d of them,pilot,water\n", i);
    }
    run_write_file("rows.csv", rows.bytes, rows.size);
    buffer_free(&rows);
}

static Status import_rows(Service *service, bool (*progress)(void *, int64_t, int64_t), int file, Error *e) {
    Arena arena = {0};
    ImportReply reply;
    char op[OPERATION_SIZE];
    operation_fixed(op);
    const ImportRequest request = {
        .entity = &entity_project, .file = "rows.csv", .fd = file, .op = op, .progress = progress};
    Status status = service_import(service, &arena, &request, &reply, e);
    arena_free(&arena);
    return status;
}

static bool stop(void *context, int64_t rows, int64_t bytes) {
    (void)context;
    (void)rows;
    (void)bytes;
    return false;
}

static bool vanish(void *context, int64_t rows, int64_t bytes) {
    (void)context;
    (void)rows;
    (void)bytes;
    _exit(0);
}

/* A client in a process of its own, that imports a file. */
static pid_t import_apart(const Server *s, int file, const int *closed) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    Error e = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (closed) close(*closed);
    import_rows(connected(s), vanish, file, &e);
    fprintf(stderr, "the import went on: %s\n", e.why);
    _exit(2);
}

/* An import that is stopped, or whose client vanishes while it runs, leaves nothing of it, and the store to the next. */
static void test_an_import_ends_with_who_wants_it(void **state) {
    (void)state;
    Server s;
    Error e = {0};
    char code[CODE_ROOM];
    int status;
    start_as(&s, "imports", "coordinator");
    write_rows();
    int file = open("rows.csv", O_RDONLY | O_CLOEXEC);
    pid_t child = import_apart(&s, file, NULL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    Service *service = connected(&s);
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    assert_int_equal(import_rows(service, stop, file, &e), STATUS_STOPPED);
    close(file);
    assert_int_equal(add_project(service, "After them", code, &e), STATUS_OK);
    assert_int_equal(count_projects(service, ""), 1);
    service_close(service);
    end(&s, SIGTERM);
}

/* The same while the file is still on its way: the server lets go of a pipe that would give it nothing more, and of what
 * came none is kept, though it is whole rows. */
static void test_a_file_on_its_way_ends_with_its_client(void **state) {
    (void)state;
    Server s;
    int ends[2], status;
    Buffer rows = {0};
    start_as(&s, "pipes", "coordinator");
    buffer_add_string(&rows, "title,stage,sector\n");
    while (rows.size < 1 << 20) {
        buffer_add_string(&rows, "A row of them,pilot,water\n");
    }
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = import_apart(&s, ends[0], &ends[1]);
    close(ends[0]);
    /* More than the pipe holds: all but a little of it was read. */
    assert_int_equal(write(ends[1], rows.bytes, rows.size), rows.size);
    buffer_free(&rows);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    struct pollfd p = {.fd = ends[1]};
    assert_int_equal(poll(&p, 1, RUN_PATIENCE_MS), 1);
    assert_true(p.revents & POLLERR);
    close(ends[1]);
    Service *service = connected(&s);
    expect_whole(service);
    assert_int_equal(count_projects(service, ""), 0);
    service_close(service);
    end(&s, SIGTERM);
}

static void wait_until_read(int pipe) {
    int left = 1;
    for (int64_t until = clock_ms() + RUN_PATIENCE_MS; left;) {
        assert_int_equal(ioctl(pipe, FIONREAD, &left), 0);
        if (clock_ms() > until) fail_msg("%d bytes were not read", left);
    }
}

/* What came of a file before its client's end is whole rows, and so few that they would be written in no time. */
static void test_the_beginning_of_a_file_is_not_taken_for_it(void **state) {
    static const char rows[] = "title,stage,sector\nOne,pilot,water\nAnother one,pilot,water\n";
    enum { TIMES = 5 };
    (void)state;
    Server s;
    start_as(&s, "begun", "coordinator");
    for (int i = 0; i < TIMES; i++) {
        int ends[2];
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        assert_int_equal(write(ends[1], rows, sizeof rows - 1), sizeof rows - 1);
        pid_t child = import_apart(&s, ends[0], &ends[1]);
        wait_until_read(ends[0]);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        close(ends[0]);
        close(ends[1]);
    }
    end(&s, SIGTERM); /* whatever it was told is done */
    serve(&s);
    Service *service = connected(&s);
    assert_int_equal(count_projects(service, ""), 0);
    service_close(service);
    end(&s, SIGTERM);
}

static pid_t ended_process(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return child;
}

/* What killed processes left beside the store goes when the server starts; what a living one makes stays, and whatever
 * else bears such a name. */
static void test_what_was_left_is_cleared_away(void **state) {
    (void)state;
    Server s;
    char names[6][64];
    static const bool stays[6] = {false, false, false, true, true, true};
    long dead = ended_process();
    make_store(&s, "left");
    enlist(&s, own_login(), "viewer");
    snprintf(names[0], sizeof names[0], "left.db-backup-%ld", dead);
    snprintf(names[1], sizeof names[1], "left.db-backup-%ld-journal", dead);
    snprintf(names[2], sizeof names[2], "left.db-passed-a1B2c3");
    snprintf(names[3], sizeof names[3], "left.db-backup-%ld", (long)getpid());
    snprintf(names[4], sizeof names[4], "left.db-backup-of-november");
    snprintf(names[5], sizeof names[5], "other.db-backup-%ld", dead);
    for (int i = 0; i < 6; i++) {
        run_write_file(names[i], "left", 4);
    }
    serve(&s);
    for (int i = 0; i < 6; i++) {
        if ((access(names[i], F_OK) == 0) != stays[i]) fail_msg("%s", names[i]);
    }
    end(&s, SIGTERM);
}

/* A file where the socket is wanted is somebody's, and stays. */
static void test_no_file_goes_for_a_socket(void **state) {
    (void)state;
    Server s;
    Buffer kept = {0};
    make_store(&s, "place");
    run_write_file("place.txt", "kept", 4);
    RUN_WANTS(STATUS_CONFLICT, "place.txt is there already, and is no socket", "--store", s.store, "--socket",
              "place.txt", "serve");
    run_read_file("place.txt", &kept);
    assert_string_equal(buffer_string(&kept), "kept");
    buffer_free(&kept);
}

/* Two servers would not tell each other's screens what was written: the second one is told that there is a first. */
static void test_a_store_has_one_server(void **state) {
    (void)state;
    Server s;
    char code[CODE_ROOM];
    Error e = {0};
    start_as(&s, "one", "operator");
    run_write_file("quick.conf", "store: { busy_ms = 10; };", 25);
    RUN_WANTS(STATUS_CONFLICT, "another server has this store", "-c", "quick.conf", "--store", s.store, "--socket",
              "two.sock", "serve");
    Service *service = connected(&s);
    assert_int_equal(add_project(service, "Of the first", code, &e), STATUS_OK);
    assert_int_equal(run_count_rows(s.store, "projects"), 1);
    service_close(service);
    end(&s, SIGTERM);
    serve(&s);
    end(&s, SIGTERM);
}

/* --- what changes while one is connected ----------------------------------------------------------------------------- */

static int count_drafts(Service *service) {
    Arena arena = {0};
    Draft *drafts;
    Error e = {0};
    int count = 0;
    if (service_drafts(service, &arena, &drafts, &count, &e) != STATUS_OK) fail_msg("%s", e.why);
    arena_free(&arena);
    return count;
}

static bool type(Service *service, const char *key) {
    DraftField field = {"title", "", "Half a wo"};
    char op[OPERATION_SIZE];
    operation_fixed(op);
    const Draft draft = {.key = key,
                         .verb = "add",
                         .code = "",
                         .entity = &entity_project,
                         .site = 9,
                         .op = op,
                         .opened = 1795442520,
                         .at = 1795442520,
                         .focus = "title",
                         .fields = &field,
                         .count = 1};
    return service_draft_put(service, &draft);
}

static void test_who_is_no_operator_keeps_no_drafts(void **state) {
    (void)state;
    Server s;
    start_as(&s, "drafts", "operator");
    Service *service = connected(&s);
    assert_true(type(service, "one"));
    assert_int_equal(count_drafts(service), 1);
    act_as(&s, "else", "disable", NULL, own_login(), NULL, 0);
    assert_true(type(service, "two"));
    /* Its answer says that the draft before it was seen to. */
    int64_t count;
    Error e = {0};
    assert_int_equal(service_count(service, &entity_project, "", &count, &e), STATUS_DENIED);
    act_as(&s, "else", "enable", NULL, own_login(), NULL, 0);
    assert_int_equal(count_drafts(service), 1);
    assert_true(type(service, "three"));
    assert_int_equal(count_drafts(service), 2);
    service_close(service);
    end(&s, SIGTERM);
}

static void test_a_role_counts_as_it_is_now(void **state) {
    (void)state;
    Server s;
    Error e = {0};
    char code[CODE_ROOM];
    int64_t count;
    static const Argument lower[] = {{"role", "viewer"}};
    start_as(&s, "roles", "operator");
    Service *service = connected(&s);
    assert_int_equal(add_project(service, "As an operator", code, &e), STATUS_OK);
    act_as(&s, "else", "set", NULL, own_login(), lower, 1);
    assert_int_equal(add_project(service, "As a viewer", code, &e), STATUS_DENIED);
    assert_non_null(strstr(e.why, "it takes the role operator"));
    assert_int_equal(count_projects(service, ""), 1);
    act_as(&s, "else", "disable", NULL, own_login(), NULL, 0);
    assert_int_equal(add_project(service, "As nobody", code, &e), STATUS_DENIED);
    assert_int_equal(service_count(service, &entity_project, "", &count, &e), STATUS_DENIED);
    assert_non_null(strstr(e.why, "is no active operator of this store"));
    service_close(service);
    end(&s, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_may_not_import_has_no_file_read),
        cmocka_unit_test(test_who_says_nothing_takes_little_room),
        cmocka_unit_test(test_one_person_has_so_many_connections),
        cmocka_unit_test(test_coming_and_going_leaves_nothing_open),
        cmocka_unit_test(test_long_work_comes_last),
        cmocka_unit_test(test_a_hello_is_a_version_and_no_more),
        cmocka_unit_test(test_nonsense_is_answered_once),
        cmocka_unit_test(test_nobody_else_is_taken_for_the_server),
        cmocka_unit_test(test_who_comes_back_leaves_nothing_open),
        cmocka_unit_test(test_an_import_ends_with_who_wants_it),
        cmocka_unit_test(test_a_file_on_its_way_ends_with_its_client),
        cmocka_unit_test(test_the_beginning_of_a_file_is_not_taken_for_it),
        cmocka_unit_test(test_what_was_left_is_cleared_away),
        cmocka_unit_test(test_no_file_goes_for_a_socket),
        cmocka_unit_test(test_a_store_has_one_server),
        cmocka_unit_test(test_a_role_counts_as_it_is_now),
        cmocka_unit_test(test_who_is_no_operator_keeps_no_drafts),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
