/* The fuzz entry points on nasty inputs and on some thousand mutations of them, the same ones each time. An assertion of
 * theirs ends the program; the input it was about is printed first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LLVMFuzzerTestOneInput fuzz_text_input
#include "../fuzz/fuzz_text.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_settings_input
#include "../fuzz/fuzz_settings.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_filter_input
#include "../fuzz/fuzz_filter.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_value_input
#include "../fuzz/fuzz_value.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_csv_input
#include "../fuzz/fuzz_csv.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_keys_input
#include "../fuzz/fuzz_keys.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_dimacs_input
#include "../fuzz/fuzz_dimacs.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_wire_input
#include "../fuzz/fuzz_wire.c"
#undef LLVMFuzzerTestOneInput

enum { MUTATIONS = 2000, ROOM = 4000 };

typedef int Entry(const uint8_t *bytes, size_t size);
typedef struct Seed {
    const char *bytes;
    size_t size;
} Seed;
#define SEED(text)                                                                                                     \
    { text, sizeof(text) - 1 }

static struct {
    uint8_t bytes[ROOM];
    size_t size;
} input;

static void on_abort(int number) {
    fprintf(stderr, "# the input, %zu bytes: ", input.size);
    for (size_t i = 0; i < input.size; i++) {
        fprintf(stderr, "\\x%02X", input.bytes[i]);
    }
    fputc('\n', stderr);
    signal(number, SIG_DFL);
    raise(number);
}

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

static void take(const Seed *seed) {
    input.size = seed->size < ROOM ? seed->size : ROOM;
    memcpy(input.bytes, seed->bytes, input.size);
}

/* Changes, drops, doubles or puts in a byte or a piece of another seed. */
static void mutate(uint32_t *random, const Seed *other) {
    static const uint8_t nasty[] = {0,    '\n', '\r', '\t', 27,   '"',  ',',  ':', '-',
                                    '\'', 0x7F, 0x80, 0xC2, 0xE2, 0xF0, 0xFF, ' '};
    size_t at = input.size ? next_random(random) % input.size : 0;
    size_t from = other->size ? next_random(random) % other->size : 0, piece = (other->size - from) / 2 + 1;
    if (piece > other->size - from) piece = other->size - from;
    switch (next_random(random) % 5) {
    case 0:
        if (input.size) input.bytes[at] ^= (uint8_t)(1u << next_random(random) % 8);
        break;
    case 1:
        if (input.size) input.bytes[at] = nasty[next_random(random) % sizeof nasty];
        break;
    case 2:
        if (input.size) memmove(input.bytes + at, input.bytes + at + 1, --input.size - at);
        break;
    case 3: input.size = at; break;
    default:
        if (input.size + piece > ROOM) break;
        memmove(input.bytes + at + piece, input.bytes + at, input.size - at);
        memcpy(input.bytes + at, other->bytes + from, piece);
        input.size += piece;
    }
}

static void run_all(Entry *entry, const Seed *seeds, size_t count) {
    uint32_t random = 20261123;
    signal(SIGABRT, on_abort);
    for (size_t i = 0; i < count; i++) {
        take(&seeds[i]);
        assert_int_equal(entry(input.bytes, input.size), 0);
    }
    for (int i = 0; i < MUTATIONS; i++) {
        take(&seeds[next_random(&random) % count]);
        for (uint32_t changes = 1 + next_random(&random) % 6; changes; changes--) {
            mutate(&random, &seeds[next_random(&random) % count]);
        }
        assert_int_equal(entry(input.bytes, input.size), 0);
    }
    signal(SIGABRT, SIG_DFL);
}

static void text_holds(void **state) {
    (void)state;
    static const Seed seeds[] = {
        SEED(""),
        SEED("Oujda"),
        SEED("  Béni Mellal-Khénifra  "),
        SEED("e\xCC\x81 A\xCC\x8A\xCC\xA7"),
        SEED("وجدة ٱلرباط لَا ـــ ٣٤ گ"),
        SEED("ⵜⴰⵎⴰⵣⵉⵖⵜ"),
        SEED("\033]0;x\a\033[2J"),
        SEED("a\xE2\x80\xAE"
             "b\xE2\x81\xA6"
             "c\xE2\x80\x8B\xEF\xBB\xBF\xC2\xAD"),
        SEED("\xE2\x80\x8D"
             "a\xE2\x80\x8D\xD8\xA8\xE2\x80\x8C\xD8\xAA\xE2\x80\x8D"),
        SEED("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB \xF0\x9F\x87\xB2\xF0\x9F\x87\xA6 \xF0\x9F\x8F\xBD"),
        SEED("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x85\x9F\xE3\x85\xA4"),
        SEED("line\r\nline\n\r\n\tend"),
        SEED("\xC0\x80\xED\xA0\x80\xF4\x90\x80\x80\xFE\xFF\xE2\x80"),
        SEED("\xEF\xB7\xBA \xEF\xBF\xBE \xEF\xBF\xBD \xE2\x80\xA8 \xF3\xA0\x81\x81"),
        SEED("\"\\/\x01\x7F\xC2\x85\xC2\xA0\xE1\x9A\x80\xE3\x80\x80"),
    };
    run_all(fuzz_text_input, seeds, sizeof seeds / sizeof *seeds);
}

static void settings_hold(void **state) {
    (void)state;
    static const Seed seeds[] = {
        SEED("store: { path = \"/srv/jazari.db\"; busy_ms = 100; };"),
        SEED("store: { busy_ms = 0x100000064; };"),
        SEED("store: { busy_ms = -4294967196L; };"),
        SEED("screen: { language = \"fr\"; mouse = false; color = \"never\"; };\n# end"),
        SEED("screen = ( 1, 2.5, [ \"a\" ], { x = 1; } );"),
        SEED("/* a */ // b\n@include \"/etc/passwd\"\n"),
        SEED("commands: { confirm = \"several\" \"always\"; };"),
        SEED("store.path = \"\\x1b[2J\\\"\\\\\";"),
        SEED("store: { store: { store: { path = \"\"; }; }; };"),
        SEED("\"\"I"),
        SEED("busy_ms = 1e309; x = 007; y = 99999999999999999999;\0"),
    };
    run_all(fuzz_settings_input, seeds, sizeof seeds / sizeof *seeds);
}

/* The first byte chooses the entity. */
static void filters_hold(void **state) {
    (void)state;
    static const Seed seeds[] = {
        SEED("\x05region:SMA stage:pilot,deployment budget>1000000 due<2027-01-01 irrigation"),
        SEED("\x05-state:stopped \"eau potable\" due: budget!=5 -due!=+2w lead:SMA-G1,ROOT-G2"),
        SEED("\x05title:\"a, b\" partners:ORI needs:SMA-N3 created_at>=today code:SMA-P1"),
        SEED("\x07quantity:01.222 quantity>-01.250 reserve<0.125"),
        SEED("\x07kind:gpu_hour first<=W50 quantity>=1,5 data_level:2 mode:free_hand"),
        SEED("\x03 founding:yes province:ab kind:\"public body\" \"\" :: == <>"),
        SEED("\x02login>\"=\" title>=\"=\" name:\"=\",="),
        SEED("\x00population>100000 sectors:water,energy latitude<30"),
        SEED("\x08wanted>1 000 weekly_most<9 priority:4 got=0"),
        SEED("\x04urgency:4 people>=1000 -problem:x beneficiary:SMA-G1 merged_into:"),
        SEED("\x09 bookings:W48:3 request:SMA-R1 offer:SMA-O1 total<5"),
        SEED("\x05\"\"\"\" -\"a\" - -- -: title: : title:, title:,,a,,"),
        SEED("\x05وجدة Évaluation de l’eau titre:é"),
    };
    run_all(fuzz_filter_input, seeds, sizeof seeds / sizeof *seeds);
}

/* The first byte chooses the entity, the second the field and, by its lowest bit, typed or of a file. */
static void values_hold(void **state) {
    (void)state;
    enum { TEXTS = 16, FIELDS = 24 };
    static const char *const texts[TEXTS] = {"",
                                             "1 250,5",
                                             "-0.001",
                                             "9223372036854775807",
                                             "+2w",
                                             "W48",
                                             "30/11",
                                             "SMA-P42.3",
                                             "yes",
                                             "water, energy",
                                             "fri",
                                             "2026-W48:120 W49:96",
                                             "aa bb,cc",
                                             "2026-11-30",
                                             "2026-11-30T09:00:00Z",
                                             "Évaluation\nسطر"};
    static char bytes[TEXTS * FIELDS][40];
    static Seed seeds[TEXTS * FIELDS];
    for (int i = 0; i < TEXTS * FIELDS; i++) {
        size_t size = strlen(texts[i % TEXTS]);
        bytes[i][0] = (char)(i / 7);
        bytes[i][1] = (char)(2 * (i / TEXTS) + i % 2);
        memcpy(bytes[i] + 2, texts[i % TEXTS], size);
        seeds[i] = (Seed){bytes[i], size + 2};
    }
    run_all(fuzz_value_input, seeds, sizeof seeds / sizeof *seeds);
}

static void csv_holds(void **state) {
    (void)state;
    static const Seed seeds[] = {
        SEED("\x05title,stage,sector\nWater,pilot,water\n"),
        SEED("\x05\xEF\xBB\xBF"
             "code,title,stage,sector,state,rev\r\nSMA-P1,\"a \"\"b\"\"\",pilot,water,active,3\r\n"),
        SEED("\x05title,title\na,b\n"),
        SEED("\x05title,stage,sector\n\"Water,pilot,water\n"),
        SEED("\x05title\n\n\n,,,\n\"\"\n"),
        SEED("\x04title,urgency,sector,merged_into\nx,2,water,SMA-N2\ny,2,water,SMA-N9\n"),
        SEED("\x03name,kind,site\n'=1+1,company,SMA\n-a,company,ORI\n"),
        SEED("\x02"
             "code,name,role\nab,A,viewer\nab,B,viewer\n"),
        SEED("\x07name,kind,quantity,first,last,data_level,mode\nNode,gpu_hour,5,2026-W50,2026-W51,2,negotiated\n"),
        SEED("\x09"
             "code,bookings,request,offer\nSMA-A1,2026-W48:3,SMA-R1,SMA-O1\n"),
        SEED("\x00name_fr\nx\n"),
        SEED("\x05,\x00,\"\r\r\n\"x\"y"),
        SEED(
            "\5{\"title\":\"Suivi\",\"stage\":\"pilot\",\"sector\":\"water\",\"partners\":[\"CAS\"],\"budget\":12.5}]"),
        SEED("\4{\"code\":\"SMA-G1\",\"name\":\"Commune "
             "\\u0661\",\"kind\":\"company\",\"founding\":true},\n{\"name\":null}]"),
    };
    run_all(fuzz_csv_input, seeds, sizeof seeds / sizeof *seeds);
}

static void keys_hold(void **state) {
    (void)state;
    static const Seed seeds[] = {
        SEED("\x00Oujda\x7F\x7F\x01x\x05y\x0B\x15"),
        SEED("\x01one\rtwo\rthree\033[A\033[Aup\033[B\033[H\033[F\033OD\033OC\033[3~"),
        SEED("\x00\033[200~pasted \033[31m text\r\xE2\x80\xAE\033[201~after"),
        SEED("\x01\033[200~a paste without an end\r\n"),
        SEED("\x00\033[<0;10;10M\033[<0;10;10m\033[<64;1;1M"),
        SEED("\x00\xD9\x88\xD8\xAC\xD8\xAF\xD8\xA9\033[D\033[D\x7F\x17"),
        SEED("\x00"
             "e\xCC\x81\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB\x7F"),
        SEED("\x00\033\033[\033O\033[1;5C\033[999~\x9B\xC3"),
        SEED("\x01\xFF\xFE\x80\xE2\x80\x0D\x0A\x09\x08"),
    };
    run_all(fuzz_keys_input, seeds, sizeof seeds / sizeof *seeds);
}

/* The first byte: a stream of messages (0), a request (1), a reply (2); then what there is as bytes. */
static void wires_hold(void **state) {
    (void)state;
    static Seed seeds[2 * REQUEST_NAMES + 8] = {
        SEED("\x00\x0A\x00\x00\x00\x01\x0A"
             "0.1.0+123\x00\x00\x00\x00\x03\x02\x00\x00\x00\x02\x01\x00"),
        SEED("\x00\xFF\xFF\xFF\xFF\x02"),
        SEED("\x00\x05\x00\x00\x00\x07p{\"a\"\x00\x00\x00\x00\x06"),
        SEED("\x00\x10\x00\x00\x00\x07p[[[[[[[[[[[[[[["),
        SEED("\x01\x12\x26\x04"
             "add\x08project\x00\x00\x04\x06title\x06water\x06stage\x06pilot\x02\x1B"
             "01ARZ3NDEKTSV4RRFFQ69G5FAV\x00"),
        SEED("\x01\x12\x26\x04set\x00\x04\x07SMA-P1\x07SMA-P2\x04\x06\x08\x02\x04"
             "due\x04+2w\x02\x02x\x00"),
        SEED("\x01\x01\x04\x0A\x06water\x00\x02\x04\x04"
             "abc\x06\x00\x00\x64\x00\x00\x7F\x02"),
        SEED("\x01\x12\x20\x02\x00\x00\x02\x07"
             "CAS-O1\x09quantity\x04"
             "240\x00\x02\x00\x02x\x00"),
    };
    static char names[2 * REQUEST_NAMES][24];
    size_t count = 8;
    for (int i = 0; i < 2 * REQUEST_NAMES; i++) {
        int name = i / 2;
        memset(names[i], i % 2 ? 0 : 4, sizeof names[i]);
        names[i][0] = (char)(1 + i % 2);
        names[i][1] = (char)(i % 2 ? name : 18);
        names[i][2] = (char)(i % 2 ? 0 : 2 * name);
        seeds[count++] = (Seed){names[i], sizeof names[i]};
    }
    run_all(fuzz_wire_input, seeds, count);
}

static void problems_hold(void **state) {
    (void)state;
    static const Seed seeds[] = {
        SEED(""),
        SEED(
            "c a comment\np min 4 5\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 1 3 0 2 2\na 2 3 0 2 1\na 2 4 0 3 3\na 3 4 0 5 1\n"),
        SEED("p min 2 2\r\nn 1 3\r\nn 2 -3\r\na 1 2 1 2 -5\r\na 1 2 0 -1 7\r\n"),
        SEED("p min 3 3\nn 1 1\nn 3 -1\na 1 2 0 1 0\na 2 1 0 9223372036854775807 -1\na 1 2 -3 -1 1\n"),
        SEED("p min 2147483646 2147483646\n"),
        SEED("p min 99999999999999999999 0\n"),
        SEED("p min 1 0\np min 1 0\n"),
        SEED("n 1 1\np min 2 1\n"),
        SEED("p min 2 1\na 1 3 0 1 1\n"),
        SEED("p min 2 1\na 1 2 5 1 1\n"),
        SEED("p max 2 1\n\x1b[2J\n"),
    };
    run_all(fuzz_dimacs_input, seeds, sizeof seeds / sizeof *seeds);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wires_hold),    cmocka_unit_test(problems_hold), cmocka_unit_test(text_holds),
        cmocka_unit_test(settings_hold), cmocka_unit_test(filters_hold),  cmocka_unit_test(values_hold),
        cmocka_unit_test(csv_holds),     cmocka_unit_test(keys_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
