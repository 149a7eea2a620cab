/* Whole stores: made, checked, copied and brought back. */
#include "service/service_parts.h"

#include "base/intl.h"
#include "commands/demo.h"
#include "commands/init.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

Status service_init(const InitRequest *r, Error *e) {
    return r->demo ? demo_make(r->path, r->login, e) : init_store(r->path, r->sites, r->site_count, r->login, e);
}

/* Under another name until it is in its new epoch: killed before, it is no store that could give out old ids. */
Status service_restore(const char *backup, const char *path, Error *e) {
    Store *from, *to;
    Buffer part = {0};
    Status s = store_open_copy(backup, &from, e);
    if (s != STATUS_OK) return s;
    buffer_format(&part, "%s.part", path);
    store_remove(part.bytes);
    s = store_is_free(path, e);
    if (s == STATUS_OK) s = store_backup(from, part.bytes, e);
    store_close(from);
    if (s == STATUS_OK) s = store_open(part.bytes, true, 0, &to, e);
    if (s == STATUS_OK) {
        s = store_new_epoch(to, e);
        store_close(to);
    }
    if (s == STATUS_OK) s = store_publish(part.bytes, path, e);
    store_remove(part.bytes);
    buffer_free(&part);
    return s;
}

Status service_check(Service *s, const CheckOptions *options, Error *e) {
    Arena arena = {0};
    Status status = service_ask(s, &arena, REQUEST_CHECK, options, NULL, e);
    arena_free(&arena);
    return status;
}

/* Over the link the file is made here, with the asker's rights, and filled there. */
Status service_backup(Service *s, const char *path, Error *e) {
    Arena arena = {0};
    BackupArguments a = {.path = path, .fd = -1};
    if (s->link) {
        a.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (a.fd < 0) {
            error_set(e, STATUS_FAILED, NULL, "%s", strerror(errno));
            return error_at(e, path, 0);
        }
    }
    Status status = service_ask(s, &arena, REQUEST_BACKUP, &a, NULL, e);
    if (a.fd >= 0) {
        close(a.fd);
        if (status != STATUS_OK) unlink(path);
    }
    arena_free(&arena);
    return status;
}

Status service_check_copy(const char *path, const CheckOptions *options, Error *e) {
    Store *copy;
    Status s = store_open_copy(path, &copy, e);
    if (s != STATUS_OK) return s;
    s = check_store(copy, options, e);
    store_close(copy);
    return s;
}

void service_remove_copy(const char *path) {
    store_remove(path);
}

Status service_copy_is_free(const char *path, Error *e) {
    return store_is_free(path, e);
}

Status service_name_copy(Service *s, const char *part, const char *path, Error *e) {
    Status status = store_publish(part, path, e);
    if (status == STATUS_OK && !s->link) trouble_note_copy(store_path(s->store), path);
    return status;
}
