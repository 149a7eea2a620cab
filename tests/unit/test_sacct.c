/* Slurm's accounts: which lines count, for how much, in which weeks; and that no line does harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../fuzz/fuzz_sacct.c"

#define HEADER       "JobID|Account|User|State|Start|End|ElapsedRaw|AllocTRES"
#define COUNT(array) (sizeof(array) / sizeof *(array))

static SacctHeader usual(void) {
    SacctHeader h;
    Error e = {0};
    assert_int_equal(sacct_header(&h, HEADER, strlen(HEADER), &e), STATUS_OK);
    return h;
}

/* A line that must be good; whether it counts. */
static bool read_line(const char *line, SacctJob *job) {
    SacctHeader h = usual();
    Error e = {0};
    bool counts;
    Status s = sacct_line(&h, line, strlen(line), job, &counts, &e);
    if (s != STATUS_OK) fail_msg("%s: %s: %s", line, e.field, e.why);
    return counts;
}

static SacctJob job_of(const char *line) {
    SacctJob job;
    if (!read_line(line, &job)) fail_msg("it does not count: %s", line);
    return job;
}

static void refused(const char *line, const char *field) {
    SacctHeader h = usual();
    SacctJob job;
    Error e = {0};
    bool counts = true;
    if (sacct_line(&h, line, strlen(line), &job, &counts, &e) != STATUS_USAGE) fail_msg("it was taken: %s", line);
    assert_string_equal(e.field, field);
    assert_true(*e.why);
    assert_false(counts);
}

static int week_of(const char *text) {
    int week;
    assert_true(week_parse(text, strlen(text), &week));
    return week;
}

static void a_job_is_read(void **state) {
    (void)state;
    SacctJob job = job_of("12|Irrigation|u1|COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|"
                          "billing=4,cpu=8,gres/gpu:a100=4,gres/gpu=4,mem=32G,node=1");
    assert_string_equal(job.run, "12@2026-11-10T10:00:00Z");
    assert_string_equal(job.account, "irrigation");
    assert_int_equal(job.gpus, 4);
    assert_int_equal(job.cpus, 8);
    assert_int_equal(job.elapsed, 7200);
    assert_int_equal(job.end - job.start, 7200);
    assert_int_equal(sacct_week(&job, job.gpus, week_of("2026-W46")), 8 * 3600);
}

/* gres/gpu is the sum of its types where both are printed; where only types are, they are added up. */
static void gpus_are_counted_once(void **state) {
    (void)state;
    static const struct {
        const char *tres;
        int64_t gpus;
    } cases[] = {{"cpu=1,gres/gpu=4", 4},
                 {"cpu=1,gres/gpu:a100=4", 4},
                 {"cpu=1,gres/gpu:a100=4,gres/gpu:h100=2", 6},
                 {"cpu=1,gres/gpu:a100=4,gres/gpu=4,gres/gpu:h100=0", 4},
                 {"cpu=1,gres/gpu=6,gres/gpu:a100=4,gres/gpu:h100=2", 6},
                 {"cpu=1,gres/gpumem=80G,gres/gpuutil=100", 0},
                 {"cpu=1,gres/shard=8", 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char line[200];
        snprintf(line, sizeof line, "1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|%s", cases[i].tres);
        assert_int_equal(job_of(line).gpus, cases[i].gpus);
    }
}

static void what_used_nothing_is_passed_over(void **state) {
    (void)state;
    static const char *const lines[] = {
        "12.batch|a||COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|cpu=8,gres/gpu=4",
        "12.extern|a||COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|cpu=8,gres/gpu=4",
        "12.0|a||CANCELLED by 1000|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|cpu=8,gres/gpu=4",
        "12_3.batch|a||COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|cpu=8",
        "12+1.0|a||COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|cpu=8",
        "12_[4-9]|a|u|PENDING|Unknown|Unknown|0|",
        "12_[4-9%2]|a|u|PENDING|Unknown|Unknown|0|",
        "13|a|u|PENDING|2026-12-10T10:00:00|Unknown|0|",
        "14|a|u|CANCELLED by 1000|None|2026-11-12T10:00:00|0|",
        "14|a|u|CANCELLED|Unknown|2026-11-12T10:00:00|0|",
        "15|a|u|FAILED|2026-11-12T10:00:00|2026-11-12T10:00:00|0|cpu=8,gres/gpu=1",
        "16|a|u|COMPLETED|2026-11-12T10:00:00|2026-11-12T11:00:00|3600|billing=1,mem=4G,node=1",
        "17|a|u|COMPLETED|2026-11-12T10:00:00|2026-11-12T11:00:00|3600|",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        SacctJob job;
        if (read_line(lines[i], &job)) fail_msg("it counts: %s", lines[i]);
    }
}

static void runs_of_a_job_are_told_apart(void **state) {
    (void)state;
    SacctJob first = job_of("12|a|u|REQUEUED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|gres/gpu=1");
    SacctJob again = job_of("12|a|u|COMPLETED|2026-11-10T13:00:00|2026-11-10T14:00:00|3600|gres/gpu=1");
    SacctJob task = job_of("12_3|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|gres/gpu=1");
    SacctJob part = job_of("12+1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|gres/gpu=1");
    assert_string_not_equal(first.run, again.run);
    assert_string_not_equal(first.run, task.run);
    assert_string_not_equal(first.run, part.run);
    /* Still running, or over: the same run. */
    SacctJob running = job_of("12|a|u|RUNNING|2026-11-10T10:00:00|Unknown|60|gres/gpu=1");
    assert_string_equal(running.run, first.run);
    assert_int_equal(running.end - running.start, 60);
    /* Cancelled while it ran: what it used, it used. */
    assert_int_equal(job_of("9|a|u|CANCELLED by 1000|2026-11-10T10:00:00|2026-11-10T10:30:00|1800|gres/gpu=2").elapsed,
                     1800);
}

/* Sunday 23:00 to Monday 01:30, two GPUs: two hours in one week, three in the next. */
static void a_week_ends_where_it_ends(void **state) {
    (void)state;
    SacctJob job = job_of("1|a|u|FAILED|2026-11-15T23:00:00|2026-11-16T01:30:00|9000|gres/gpu=2");
    assert_int_equal(sacct_first_week(&job), week_of("2026-W46"));
    assert_int_equal(sacct_last_week(&job), week_of("2026-W47"));
    assert_int_equal(sacct_week(&job, 2, week_of("2026-W46")), 2 * 3600);
    assert_int_equal(sacct_week(&job, 2, week_of("2026-W47")), 3 * 3600);
    /* One that ends with its week has nothing in the next. */
    job = job_of("1|a|u|COMPLETED|2026-11-15T23:00:00|2026-11-16T00:00:00|3600|gres/gpu=1");
    assert_int_equal(sacct_last_week(&job), week_of("2026-W46"));
    /* Over the year's end, three weeks. */
    job = job_of("1|a|u|COMPLETED|2026-12-27T00:00:00|2027-01-05T00:00:00|777600|gres/gpu=1");
    assert_int_equal(sacct_week(&job, 1, week_of("2026-W52")), 24 * 3600);
    assert_int_equal(sacct_week(&job, 1, week_of("2026-W53")), 168 * 3600);
    assert_int_equal(sacct_week(&job, 1, week_of("2027-W01")), 24 * 3600);
}

/* Ten seconds either side of midnight, of which one was suspended. */
static void weeks_add_up_to_the_whole(void **state) {
    (void)state;
    SacctJob job = job_of("1|a|u|COMPLETED|2026-11-15T23:59:50|2026-11-16T00:00:10|19|gres/gpu=7");
    int64_t before = sacct_week(&job, 7, week_of("2026-W46")), after = sacct_week(&job, 7, week_of("2026-W47"));
    assert_int_equal(before, 7 * 9);
    assert_int_equal(before + after, 7 * 19);
    /* Suspended for half of two days, one in either week. */
    job = job_of("1|a|u|COMPLETED|2026-11-15T00:00:00|2026-11-17T00:00:00|86400|gres/gpu=1");
    assert_int_equal(sacct_week(&job, 1, week_of("2026-W46")), 12 * 3600);
    assert_int_equal(sacct_week(&job, 1, week_of("2026-W47")), 12 * 3600);
}

static void times_are_read_as_utc(void **state) {
    (void)state;
    SacctJob plain = job_of("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=1");
    SacctJob zulu = job_of("1|a|u|COMPLETED|2026-11-10T10:00:00Z|2026-11-10T11:00:00Z|3600|cpu=1");
    SacctJob seconds = job_of("1|a|u|COMPLETED|1794304800|1794308400|3600|cpu=1");
    assert_true(plain.start == zulu.start && plain.end == zulu.end);
    assert_true(plain.start == seconds.start && plain.end == seconds.end);
    assert_string_equal(plain.run, seconds.run);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600", "");
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=1|more", "");
    refused("x|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=1", "JobID");
    refused("|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=1", "JobID");
    refused("1|a\033[2J|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=1", "Account");
    refused("1|a|u||2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=1", "State");
    refused("1|a|u|COMPLETED|yesterday|2026-11-10T11:00:00|3600|cpu=1", "Start");
    refused("1|a|u|COMPLETED|2026-02-30T10:00:00|2026-11-10T11:00:00|3600|cpu=1", "Start");
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T09:00:00|3600|cpu=1", "End");
    refused("1|a|u|COMPLETED|1926-11-10T10:00:00|2026-11-10T09:00:00|3600|cpu=1", "End");
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|-1|cpu=1", "ElapsedRaw");
    refused("1|a|u|RUNNING|2026-11-10T10:00:00|Unknown|99999999999999999999|cpu=1", "ElapsedRaw");
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|cpu=many", "AllocTRES");
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|gres/gpu=9223372036854775808", "AllocTRES");
    refused("1|a|u|COMPLETED|2026-11-10T10:00:00|2026-11-10T11:00:00|3600|gpu", "AllocTRES");
}

static void columns_may_stand_in_any_order(void **state) {
    (void)state;
    static const char header[] = "AllocTRES|JobName|End|Start|State|ElapsedRaw|account|JobID\r\n";
    static const char line[] = "gres/gpu=2|a name|2026-11-10T11:00:00|2026-11-10T10:00:00|TIMEOUT|3600|eau|7\r\n";
    SacctHeader h;
    SacctJob job;
    Error e = {0};
    bool counts = false;
    assert_int_equal(sacct_header(&h, header, sizeof header - 1, &e), STATUS_OK);
    assert_int_equal(sacct_line(&h, line, sizeof line - 1, &job, &counts, &e), STATUS_OK);
    assert_true(counts);
    assert_string_equal(job.account, "eau");
    assert_int_equal(job.gpus, 2);
    assert_int_equal(sacct_header(&h, "JobID|User|State", 16, &e), STATUS_USAGE);
    assert_string_equal(e.field, "Account");
    assert_int_equal(h.count, 0);
}

/* --- hostile input ------------------------------------------------------------------------------------------------ */

static const char *const seeds[] = {
    "12|irrigation|u1|COMPLETED|2026-11-10T10:00:00|2026-11-10T12:00:00|7200|cpu=8,gres/gpu:a100=4,gres/gpu=4",
    "13_3|irrigation|u1|FAILED|2026-11-15T23:00:00|2026-11-16T01:30:00|9000|cpu=8,gres/gpu:a100=2",
    "13_[4-9]|eau|u1|PENDING|Unknown|Unknown|0|",
    "14|irrigation|u1|RUNNING|2026-11-23T10:00:00|Unknown|315576000|cpu=5000000,gres/gpu=5000000",
    "15.batch|irrigation||CANCELLED by 1000|None|2026-11-12T10:00:00|0|",
    "16+1|\xD9\x85\xD8\xA7\xD8\xA1|u2|TIMEOUT|0|7258118399|3600|cpu=4,gres/gpu=1",
    "|||||||",
    "",
};

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

static void no_line_does_harm(void **state) {
    (void)state;
    static const char nasty[] = "|\r\033\x7F\x80\xC2\xFF=,:.[]+_0129TZ";
    uint32_t random = 20261123;
    for (int i = 0; i < 20000; i++) {
        char text[600];
        const char *seed = seeds[next_random(&random) % COUNT(seeds)];
        size_t size = (size_t)snprintf(text, sizeof text, "%s\n%s", HEADER, seed);
        /* Mostly in the line; now and then in the header. */
        size_t from = next_random(&random) % 16 ? sizeof HEADER : 0;
        for (uint32_t changes = next_random(&random) % 5; changes && size > from; changes--) {
            size_t at = from + next_random(&random) % (size - from);
            switch (next_random(&random) % 3) {
            case 0: text[at] = nasty[next_random(&random) % (sizeof nasty - 1)]; break;
            case 1: memmove(text + at, text + at + 1, --size - at); break;
            default: text[at] = (char)(text[at] ^ (1 << next_random(&random) % 8)); break;
            }
        }
        assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)text, size), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_read),
        cmocka_unit_test(gpus_are_counted_once),
        cmocka_unit_test(what_used_nothing_is_passed_over),
        cmocka_unit_test(runs_of_a_job_are_told_apart),
        cmocka_unit_test(a_week_ends_where_it_ends),
        cmocka_unit_test(weeks_add_up_to_the_whole),
        cmocka_unit_test(times_are_read_as_utc),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(columns_may_stand_in_any_order),
        cmocka_unit_test(no_line_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
