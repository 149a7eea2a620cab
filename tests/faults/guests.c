/* jazari serve and guests that ask for more than is theirs: what they are refused costs nobody anything. */
#include "serve.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_may_not_import_has_no_file_read),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
