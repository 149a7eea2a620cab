/* Drafts: their files, read and written. */
#include "store/draft.h"

#include "base/date.h"
#include "base/json.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 4 << 20, PEOPLE_MOST = 1000, EDITORS_MOST = 20 };

/* --- a line ---------------------------------------------------------------------------------------------------------- */

static void write_text(Buffer *b, const char *key, const char *text) {
    json_write_key(b, key);
    json_write_string(b, text, strlen(text));
}

static void write_number(Buffer *b, const char *key, int64_t number) {
    json_write_key(b, key);
    buffer_add_number(b, number);
}

static void write_instant(Buffer *b, const char *key, int64_t instant) {
    char text[INSTANT_SIZE];
    instant_write(instant, text);
    write_text(b, key, text);
}

void draft_write(const Draft *d, Buffer *b) {
    buffer_add_char(b, '{');
    write_instant(b, "at", d->at);
    write_text(b, "code", d->code);
    write_number(b, "cursor", d->cursor);
    write_text(b, "entity", d->entity->name);
    json_write_key(b, "fields");
    buffer_add_char(b, '[');
    for (int i = 0; i < d->count; i++) {
        buffer_add_string(b, i ? ",{" : "{");
        write_text(b, "name", d->fields[i].name);
        write_text(b, "text", d->fields[i].text);
        write_text(b, "was", d->fields[i].was);
        buffer_add_char(b, '}');
    }
    buffer_add_char(b, ']');
    write_text(b, "focus", d->focus);
    write_number(b, "id", d->id);
    write_text(b, "key", d->key);
    write_text(b, "op", d->op);
    write_instant(b, "opened", d->opened);
    write_number(b, "rev", d->rev);
    write_number(b, "site", d->site);
    write_text(b, "verb", d->verb);
    buffer_add_char(b, '}');
}

static const char *text_of(Arena *arena, const json_t *object, const char *key, bool *good) {
    const json_t *member = json_object_get(object, key);
    *good = *good && json_is_string(member);
    return *good ? arena_copy(arena, json_string_value(member), json_string_length(member)) : "";
}

static int64_t number_of(const json_t *object, const char *key, bool *good) {
    const json_t *member = json_object_get(object, key);
    *good = *good && json_is_integer(member) && json_integer_value(member) >= 0;
    return *good ? json_integer_value(member) : 0;
}

static int64_t instant_of(const json_t *object, const char *key, bool *good) {
    const char *text = json_string_value(json_object_get(object, key));
    int64_t instant = 0;
    *good = *good && text && instant_parse(text, strlen(text), &instant);
    return instant;
}

static bool read_fields(Arena *arena, const json_t *list, Draft *d) {
    bool good = json_is_array(list) && json_array_size(list) <= DRAFT_FIELDS_MOST;
    d->count = good ? (int)json_array_size(list) : 0;
    d->fields = arena_array(arena, (size_t)d->count, sizeof *d->fields);
    for (int i = 0; i < d->count; i++) {
        const json_t *field = json_array_get(list, (size_t)i);
        d->fields[i].name = text_of(arena, field, "name", &good);
        d->fields[i].text = text_of(arena, field, "text", &good);
        d->fields[i].was = text_of(arena, field, "was", &good);
    }
    return good;
}

bool draft_read(Arena *arena, const char *line, size_t size, Draft *d) {
    json_t *root = size <= DRAFT_SIZE_MOST ? json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool good = json_is_object(root);
    *d = (Draft){0};
    const char *entity = text_of(arena, root, "entity", &good);
    d->at = instant_of(root, "at", &good);
    d->opened = instant_of(root, "opened", &good);
    d->key = text_of(arena, root, "key", &good);
    d->verb = text_of(arena, root, "verb", &good);
    d->code = text_of(arena, root, "code", &good);
    d->op = text_of(arena, root, "op", &good);
    d->focus = text_of(arena, root, "focus", &good);
    d->id = number_of(root, "id", &good);
    d->rev = number_of(root, "rev", &good);
    d->cursor = number_of(root, "cursor", &good);
    d->site = (int)number_of(root, "site", &good);
    d->entity = good ? entity_of_word(entity, strlen(entity)) : NULL;
    good = good && d->entity && d->site < SITE_COUNT && *d->key && strlen(d->key) <= DRAFT_KEY_MOST &&
           read_fields(arena, json_object_get(root, "fields"), d);
    json_decref(root);
    return good;
}

/* --- files ----------------------------------------------------------------------------------------------------------- */

static void add_directory(Buffer *b, const char *store, const char *login) {
    buffer_format(b, "%s-drafts", store);
    if (!login) return;
    buffer_add_char(b, '/');
    /* A login is a word; what else it may be is no way out of the directory. */
    for (const unsigned char *c = (const unsigned char *)login; *c; c++) {
        if (isalnum(*c) || *c == '-' || *c == '_' || (*c == '.' && c != (const unsigned char *)login))
            buffer_add_char(b, (char)*c);
        else buffer_format(b, "%%%02X", *c);
    }
}

/* The record's id is in the name, so that who is at it is found without reading. */
void draft_path(Buffer *b, const char *store, const char *login, const Draft *d) {
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)d->key, strlen(d->key), NULL, 0);
    add_directory(b, store, login);
    buffer_format(b, "/%s-%lld-", d->entity->name, (long long)d->id);
    for (size_t i = 0; i < sizeof hash; i++) {
        buffer_format(b, "%02x", hash[i]);
    }
    buffer_add_string(b, ".draft");
}

bool draft_make_directories(const char *store, const char *login) {
    Buffer path = {0};
    add_directory(&path, store, NULL);
    bool made = mkdir(buffer_string(&path), 0700) == 0 || errno == EEXIST;
    buffer_clear(&path);
    add_directory(&path, store, login);
    made = made && (mkdir(buffer_string(&path), 0700) == 0 || errno == EEXIST);
    buffer_free(&path);
    return made;
}

void draft_set_aside(const char *store) {
    enum { TRIES = 1000 };
    Buffer path = {0}, aside = {0};
    add_directory(&path, store, NULL);
    for (int i = 1; i < TRIES; i++) {
        buffer_clear(&aside);
        buffer_format(&aside, "%s-%d", path.bytes, i);
        if (rename(path.bytes, aside.bytes) == 0 || (errno != ENOTEMPTY && errno != EEXIST)) break;
    }
    buffer_free(&path);
    buffer_free(&aside);
}

static bool is_draft(const char *name) {
    size_t size = strlen(name);
    return size > 6 && !strcmp(name + size - 6, ".draft");
}

int draft_count(const char *store, const char *login) {
    Buffer path = {0};
    int count = 0;
    add_directory(&path, store, login);
    DIR *directory = opendir(buffer_string(&path));
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        count += is_draft(entry->d_name);
    }
    if (directory) closedir(directory);
    buffer_free(&path);
    return count;
}

static char *read_whole(int fd, size_t *size) {
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MOST) return NULL;
    char *bytes = memory_new((size_t)st.st_size + 1);
    ssize_t n = pread(fd, bytes, (size_t)st.st_size, 0);
    *size = n > 0 ? (size_t)n : 0;
    return bytes;
}

/* The newest whole line that is a draft. */
static bool read_file(Arena *arena, int fd, Draft *d) {
    size_t size = 0;
    char *bytes = read_whole(fd, &size);
    bool found = false;
    for (size_t end = size; bytes && end && !found;) {
        size_t start = end;
        while (start && bytes[start - 1] != '\n') {
            start--;
        }
        /* What the last newline does not follow was not written to its end. */
        if (end < size) found = draft_read(arena, bytes + start, end - start, d);
        end = start ? start - 1 : 0;
    }
    free(bytes);
    return found;
}

static int open_at(DIR *directory, const char *name) {
    return openat(dirfd(directory), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

/* Whether a form has it open. */
static bool is_held(int fd) {
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK;
    flock(fd, LOCK_UN);
    return false;
}

static int newest_first(const void *a, const void *b) {
    int64_t x = ((const Draft *)a)->at, y = ((const Draft *)b)->at;
    return x < y ? 1 : x > y ? -1 : strcmp(((const Draft *)a)->key, ((const Draft *)b)->key);
}

void draft_list(Arena *arena, const char *store, const char *login, Draft **out, int *count) {
    Buffer path = {0};
    *count = 0;
    *out = arena_array(arena, DRAFTS_MOST, sizeof **out);
    add_directory(&path, store, login);
    DIR *directory = opendir(buffer_string(&path));
    for (const struct dirent *entry; directory && *count < DRAFTS_MOST && (entry = readdir(directory));) {
        if (!is_draft(entry->d_name)) continue;
        int fd = open_at(directory, entry->d_name);
        Draft *d = &(*out)[*count];
        if (fd < 0) continue;
        if (read_file(arena, fd, d) && d->count) {
            d->open = is_held(fd);
            ++*count;
        }
        /* A form that was open and empty when its program was killed. Whoever opens it now sees that it is gone. */
        else if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            unlinkat(dirfd(directory), entry->d_name, 0);
        close(fd);
    }
    if (directory) closedir(directory);
    if (*count > 1) qsort(*out, (size_t)*count, sizeof **out, newest_first);
    buffer_free(&path);
}

/* All but the time of the last key. */
static bool is_same(const Draft *a, const Draft *b) {
    Draft one = *a, other = *b;
    Buffer lines[2] = {{0}, {0}};
    one.at = other.at = 0;
    draft_write(&one, &lines[0]);
    draft_write(&other, &lines[1]);
    bool same = buffer_equal(&lines[0], &lines[1]);
    buffer_free(&lines[0]);
    buffer_free(&lines[1]);
    return same;
}

bool draft_is_kept(const char *store, const char *login, const Draft *d) {
    Buffer path = {0};
    Arena arena = {0};
    Draft there;
    draft_path(&path, store, login, d);
    int fd = open(path.bytes, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool kept = fd >= 0 && read_file(&arena, fd, &there) && is_same(d, &there);
    if (fd >= 0) close(fd);
    buffer_free(&path);
    arena_free(&arena);
    return kept;
}

bool draft_make_way(const char *path) {
    char *copy = memory_string(path);
    bool made = true;
    for (char *slash = copy + 1; made && (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        made = mkdir(copy, 0700) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(copy);
    return made;
}

bool draft_own_place(Buffer *b, const char *store) {
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    unsigned char hash[16];
    if (base && *base == '/') buffer_add_string(b, base);
    else if (home && *home == '/') buffer_format(b, "%s/.local/state", home);
    else return false;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)store, strlen(store), NULL, 0);
    buffer_add_string(b, "/jazari/");
    for (size_t i = 0; i < sizeof hash; i++) {
        buffer_format(b, "%02x", hash[i]);
    }
    return true;
}

/* --- who is at a record ---------------------------------------------------------------------------------------------- */

static void add_editor(Arena *arena, DIR *person, const char *name, Editor *editors, int *count) {
    Draft d;
    int fd = open_at(person, name);
    if (fd >= 0 && is_held(fd) && read_file(arena, fd, &d)) editors[(*count)++].since = d.opened;
    if (fd >= 0) close(fd);
}

static void look_at_person(Arena *arena, DIR *all, const char *login, const char *prefix, Editor *editors, int *count) {
    int fd = openat(dirfd(all), login, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), before = *count;
    DIR *person = fd >= 0 ? fdopendir(fd) : NULL;
    if (fd >= 0 && !person) close(fd);
    for (const struct dirent *entry; person && *count == before && (entry = readdir(person));) {
        if (!strncmp(entry->d_name, prefix, strlen(prefix)) && is_draft(entry->d_name))
            add_editor(arena, person, entry->d_name, editors, count);
    }
    if (*count > before) editors[before].login = arena_string(arena, login);
    if (person) closedir(person);
}

void draft_editors(Arena *arena, const char *store, const Entity *entity, int64_t id, Editor **out, int *count) {
    Buffer path = {0};
    char prefix[64];
    int people = 0;
    *count = 0;
    *out = arena_array(arena, EDITORS_MOST, sizeof **out);
    snprintf(prefix, sizeof prefix, "%s-%lld-", entity->name, (long long)id);
    add_directory(&path, store, NULL);
    DIR *all = opendir(buffer_string(&path));
    for (const struct dirent *entry; all && people < PEOPLE_MOST && *count < EDITORS_MOST && (entry = readdir(all));) {
        if (*entry->d_name == '.') continue;
        look_at_person(arena, all, entry->d_name, prefix, *out, count);
        people++;
    }
    if (all) closedir(all);
    buffer_free(&path);
}
