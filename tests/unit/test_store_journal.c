/* The journal's chains, and what check finds: whatever is changed, removed, moved or added behind the store's back, in
 * the journal, in the rows, in the lists or in the search index. */
#include "store_fixture.h"

#include "store/journal_chain.h"

static void what_is_whole_passes(void **state) {
    Spoiled *s = *state;
    if (check_spoiled(s, "SELECT 1") != STATUS_OK) fail_msg("%s", buffer_string(&s->f->faults));
    assert_int_equal(raw_number(s->f->path, "SELECT COUNT(*) FROM journal"), ENTRIES);
}

/* --- the chain as it is described --------------------------------------------------------------------------------- */

static void header_of(Buffer *out, sqlite3_stmt *row) {
    buffer_clear(out);
    buffer_add_string(out, "jazari-journal-1\n");
    for (int i = 0; i < 11; i++) {
        const char *text = (const char *)sqlite3_column_text(row, i);
        if (i == 0) text = site_code(sqlite3_column_int64(row, 0));
        if (i == 6) text = entity_of_kind(sqlite3_column_int(row, 6))->name;
        buffer_format(out, "%s\n", text);
    }
}

/* The hashes again, from the words of journal.h alone. */
static void hashes_are_what_the_header_says(void **state) {
    Spoiled *s = *state;
    sqlite3 *db = raw_open(s->f->path);
    sqlite3_stmt *row = NULL;
    Buffer header = {0}, bytes = {0};
    unsigned char previous[32] = {0}, hash[32];
    int64_t site = -1, seen = 0;
    const char *sql = "SELECT site, epoch, number, at, actor, op, entity, id, verb, rev, schema, salt, body, hash "
                      "FROM journal ORDER BY site, epoch, number";
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    for (; sqlite3_step(row) == SQLITE_ROW; seen++) {
        if (sqlite3_column_int64(row, 0) != site) memset(previous, 0, sizeof previous);
        site = sqlite3_column_int64(row, 0);
        assert_int_equal(sqlite3_column_bytes(row, 11), 16);
        buffer_clear(&bytes);
        buffer_add(&bytes, sqlite3_column_blob(row, 11), 16);
        buffer_add_string(&bytes, (const char *)sqlite3_column_text(row, 12));
        crypto_hash_sha256(hash, (const unsigned char *)bytes.bytes, bytes.size);
        header_of(&header, row);
        buffer_clear(&bytes);
        buffer_add(&bytes, (const char *)previous, 32);
        buffer_add(&bytes, header.bytes, header.size);
        buffer_add(&bytes, (const char *)hash, 32);
        crypto_hash_sha256(previous, (const unsigned char *)bytes.bytes, bytes.size);
        assert_int_equal(sqlite3_column_bytes(row, 13), 32);
        assert_memory_equal(sqlite3_column_blob(row, 13), previous, 32);
    }
    assert_int_equal(seen, ENTRIES);
    sqlite3_finalize(row);
    sqlite3_close(db);
    buffer_free(&header);
    buffer_free(&bytes);
}

/* --- each column of an entry -------------------------------------------------------------------------------------- */

static void each_changed_column_is_found(void **state) {
    Spoiled *s = *state;
    static const char *const numbers[] = {"site", "epoch", "number", "entity", "id", "rev", "schema"};
    static const char *const additions[] = {"100", "4294967296", "0.25", "-1000"};
    static const char *const texts[] = {"at", "actor", "op", "verb", "body"};
    /* One character more, none, one less, one behind a NUL, another one first. */
    static const char *const before[] = {"", "'' AND ", "substr(", "", "'X' || substr("};
    static const char *const after[] = {" || 'x'", "", ", 2)", " || char(0) || 'x'", ", 2)"};
    char sql[200];
    /* In the middle of a chain, and its end. */
    for (int seq = 4; seq <= 13; seq += 9) {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            for (size_t k = 0; k < sizeof additions / sizeof *additions; k++) {
                snprintf(sql, sizeof sql, "UPDATE journal SET %s = %s + %s WHERE seq = %d", numbers[i], numbers[i],
                         additions[k], seq);
                assert_found(s, sql, "");
            }
        }
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            for (size_t k = 0; k < sizeof after / sizeof *after; k++) {
                snprintf(sql, sizeof sql, "UPDATE journal SET %s = %s%s%s WHERE seq = %d", texts[i], before[k],
                         texts[i], after[k], seq);
                assert_found(s, sql, "");
            }
        }
    }
}

/* Every single byte of what is hashed: one bit of it, the others as they were. */
static void each_flipped_byte_is_found(void **state) {
    Spoiled *s = *state;
    static const char *const blobs[] = {"salt", "hash", "body"};
    static const int sizes[] = {16, 32, 200};
    char sql[300];
    for (size_t i = 0; i < sizeof blobs / sizeof *blobs; i++) {
        for (int at = 1; at <= sizes[i]; at += i == 2 ? 13 : 5) {
            /* The byte goes from its value to a neighbour's; hex keeps it a blob or a text of as many bytes. */
            snprintf(sql, sizeof sql,
                     "UPDATE journal SET %s = CAST(substr(CAST(%s AS BLOB), 1, %d) || "
                     "CASE WHEN substr(CAST(%s AS BLOB), %d, 1) = x'41' THEN x'42' ELSE x'41' END || "
                     "substr(CAST(%s AS BLOB), %d) AS %s) WHERE seq = 4",
                     blobs[i], blobs[i], at - 1, blobs[i], at, blobs[i], at + 1, i == 2 ? "TEXT" : "BLOB");
            assert_found(s, sql, "");
        }
        snprintf(sql, sizeof sql, "UPDATE journal SET %s = x'' WHERE seq = 4", blobs[i]);
        assert_found(s, sql, "");
        snprintf(sql, sizeof sql, "UPDATE journal SET %s = %s || x'00' WHERE seq = 4", blobs[i], blobs[i]);
        assert_found(s, sql, "");
    }
}

static void a_changed_order_of_arrival_is_found(void **state) {
    Spoiled *s = *state;
    assert_found(s, "UPDATE journal SET seq = 1000 WHERE seq = 13", "operation");
    assert_found(s, "UPDATE journal SET seq = -seq WHERE seq = 4", "operation");
    /* Of the two entries of one act. */
    assert_found(s,
                 "UPDATE journal SET seq = 1000 WHERE seq = 9; UPDATE journal SET seq = 9 WHERE seq = 10;"
                 "UPDATE journal SET seq = 10 WHERE seq = 1000",
                 "");
}

static void a_removed_entry_is_found(void **state) {
    Spoiled *s = *state;
    char sql[120];
    for (int seq = 1; seq <= ENTRIES; seq++) {
        snprintf(sql, sizeof sql, "DELETE FROM journal WHERE seq = %d", seq);
        assert_found(s, sql, "");
        /* With every trace of its act. */
        snprintf(sql, sizeof sql,
                 "DELETE FROM journal WHERE seq = %d; DELETE FROM operation WHERE first = %d AND last = %d", seq, seq,
                 seq);
        assert_found(s, sql, "");
    }
    assert_found(s, "DELETE FROM journal WHERE seq = 3", "entry 4 follows 2: entries are missing");
    assert_found(s, "DELETE FROM journal", "no journal entry made it");
    assert_found(s, "DELETE FROM operation WHERE first = 4", "the operations name 12");
    assert_found(s, "UPDATE operation SET last = last + 1 WHERE first = 4", "does not agree with the journal");
}

static void reordered_and_forged_entries_are_found(void **state) {
    Spoiled *s = *state;
    /* Two of one chain change places. */
    assert_found(s,
                 "UPDATE journal SET number = 1000 WHERE seq = 3; UPDATE journal SET number = 3 WHERE seq = 4;"
                 "UPDATE journal SET number = 4 WHERE seq = 3",
                 "hash is wrong");
    /* Two bodies change places. */
    assert_found(s,
                 "UPDATE journal SET body = (SELECT j.body FROM journal j WHERE j.seq = 16 - journal.seq - 9) "
                 "WHERE seq IN (3, 4)",
                 "hash is wrong");
    /* An entry of one chain is put at the end of another. */
    assert_found(s, "UPDATE journal SET site = 12, number = 2 WHERE seq = 13", "hash is wrong");
    /* One is written in by hand. */
    assert_found(
        s,
        "INSERT INTO journal SELECT 14, site, epoch, number + 1, at, actor, 'op-forged', entity, id, verb, rev, "
        "schema, salt, body, NULL, hash FROM journal WHERE seq = 13;"
        "INSERT INTO operation VALUES ('op-forged', 'x', 14, 14, 1, '', 0, NULL)",
        "hash is wrong");
}

/* --- erased bodies ------------------------------------------------------------------------------------------------ */

/* SQL that erases the body of an entry as the schema says: '' and the hash of what stood there. */
static void erase_sql(Spoiled *s, int seq, const char *body, Buffer *out) {
    sqlite3 *db = raw_open(s->f->path);
    sqlite3_stmt *row = NULL;
    unsigned char hash[32];
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT salt, body FROM journal WHERE seq = ?1", -1, &row, NULL),
                     SQLITE_OK);
    sqlite3_bind_int(row, 1, seq);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    chain_body_hash(sqlite3_column_blob(row, 0), 16, (const char *)sqlite3_column_text(row, 1),
                    (size_t)sqlite3_column_bytes(row, 1), hash);
    sqlite3_finalize(row);
    sqlite3_close(db);
    buffer_clear(out);
    buffer_format(out, "UPDATE journal SET body = %s, body_hash = x'", body);
    for (size_t i = 0; i < sizeof hash; i++) {
        buffer_format(out, "%02x", hash[i]);
    }
    buffer_format(out, "' WHERE seq = %d;", seq);
}

static void an_erased_body_keeps_the_chain(void **state) {
    Spoiled *s = *state;
    Buffer sql = {0};
    for (int seq = 1; seq <= ENTRIES; seq++) {
        erase_sql(s, seq, "''", &sql);
        if (check_spoiled(s, sql.bytes) != STATUS_OK) fail_msg("entry %d: %s", seq, buffer_string(&s->f->faults));
    }
    /* Its header is still proven, and so is the hash that stands for the body. */
    erase_sql(s, 4, "''", &sql);
    buffer_add_string(&sql, "UPDATE journal SET actor = 'x' WHERE seq = 4");
    assert_found(s, sql.bytes, "hash is wrong");
    erase_sql(s, 4, "''", &sql);
    buffer_add_string(&sql, "UPDATE journal SET body_hash = zeroblob(32) WHERE seq = 4");
    assert_found(s, sql.bytes, "hash is wrong");
    erase_sql(s, 4, "''", &sql);
    buffer_add_string(&sql, "UPDATE project SET rev = 9 WHERE id & 255 = 1 AND site = 9");
    assert_found(s, sql.bytes, "rev is 9");
    buffer_free(&sql);
}

/* A body hash hides neither another body nor a row that says something else. */
static void a_body_hash_hides_nothing(void **state) {
    Spoiled *s = *state;
    Buffer sql = {0};
    erase_sql(s, 4, "'{\"after\":{}}'", &sql);
    assert_found(s, sql.bytes, "");
    erase_sql(s, 4, "body", &sql);
    assert_found(s, sql.bytes, "");
    assert_found(s, "UPDATE journal SET body_hash = x'00' WHERE seq = 4", "");
    assert_found(s, "UPDATE journal SET body_hash = x'' WHERE seq = 4; UPDATE project SET budget = 1 WHERE site = 9",
                 "");
    buffer_free(&sql);
}

static void an_erased_entry_is_read_as_such(void **state) {
    Spoiled *s = *state;
    Buffer sql = {0};
    Store *store;
    JournalEntry *entries;
    int count;
    erase_sql(s, 4, "''", &sql);
    file_write(s->copy, s->whole.bytes, s->whole.size);
    raw_do(s->copy, sql.bytes);
    fixture_good(s->f, store_open(s->copy, true, 1000, &store, &s->f->error), "open");
    const JournalQuery q = {.entity = &entity_project, .id = id_make(SMA, 0, 1), .site = -1, .limit = 2};
    fixture_good(s->f, journal_read(store, &s->f->arena, &q, &entries, &count, &s->f->error), "read");
    assert_int_equal(count, 2);
    assert_true(entries[0].erased);
    assert_null(entries[0].after);
    assert_string_equal(entries[0].actor, "op-agadir");
    assert_false(entries[1].erased);
    assert_string_equal(value_string(&entries[1].after->values[PROJECT_TITLE]), "Irrigation du Souss");
    store_close(store);
    store_remove(s->copy);
    buffer_free(&sql);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void entries_are_read_newest_first(void **state) {
    Spoiled *s = *state;
    Store *store;
    JournalEntry *entries;
    int count;
    fixture_good(s->f, store_open(s->f->path, false, 1000, &store, &s->f->error), "open");
    JournalQuery q = {.site = -1, .limit = 5};
    int64_t expected = ENTRIES;
    do {
        fixture_good(s->f, journal_read(store, &s->f->arena, &q, &entries, &count, &s->f->error), "read");
        for (int i = 0; i < count; i++) {
            assert_int_equal(entries[i].seq, expected--);
        }
        if (count) q.before = entries[count - 1].seq;
    } while (count);
    assert_int_equal(expected, 0);
    q = (JournalQuery){.site = TTA, .limit = 50};
    fixture_good(s->f, journal_read(store, &s->f->arena, &q, &entries, &count, &s->f->error), "read");
    assert_int_equal(count, 2);
    assert_ptr_equal(entries[0].entity, &entity_allocation);
    assert_int_equal(entries[0].after->values[ALLOCATION_BOOKINGS].size, 2);
    assert_int_equal(entries[0].after->values[ALLOCATION_BOOKINGS].items[0].quantity, 60000);
    assert_ptr_equal(entries[1].entity, &entity_offer);
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_whole_passes),
        cmocka_unit_test(hashes_are_what_the_header_says),
        cmocka_unit_test(each_changed_column_is_found),
        cmocka_unit_test(each_flipped_byte_is_found),
        cmocka_unit_test(a_changed_order_of_arrival_is_found),
        cmocka_unit_test(a_removed_entry_is_found),
        cmocka_unit_test(reordered_and_forged_entries_are_found),
        cmocka_unit_test(an_erased_body_keeps_the_chain),
        cmocka_unit_test(a_body_hash_hides_nothing),
        cmocka_unit_test(an_erased_entry_is_read_as_such),
        cmocka_unit_test(entries_are_read_newest_first),
    };
    return cmocka_run_group_tests(tests, spoiled_set_up, spoiled_tear_down);
}
