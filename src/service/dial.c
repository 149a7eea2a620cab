/* The first words to a server. */
#include "service/dial.h"

#include "base/intl.h"
#include "base/text.h"
#include "service/protocol.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void dial_hello(Wire *w, const char **version) {
    wire_text(w, version);
}

static Status connect_socket(const char *path, int *fd, Error *e) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
        return error_set(e, STATUS_FAILED, NULL, _("%s is no socket: jazari serve makes one"), path);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0) return STATUS_STOPPED;
    text_copy(address.sun_path, sizeof address.sun_path, path);
    if (connect(*fd, (struct sockaddr *)&address, sizeof address) == 0) return STATUS_OK;
    int reason = errno;
    close(*fd);
    *fd = -1;
    if (reason != EACCES) return STATUS_STOPPED;
    return error_set(e, STATUS_DENIED, NULL, _("%s may not be opened: %s"), path, strerror(reason));
}

/* Whoever answers is told all that is typed: only root, the server's user and oneself are trusted with it. */
static Status check_answerer(const char *path, const char *user, int fd, Error *e) {
    struct ucred who;
    socklen_t size = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return STATUS_STOPPED;
    if (who.uid == 0 || who.uid == geteuid()) return STATUS_OK;
    const struct passwd *p = *user ? getpwnam(user) : NULL;
    if (p && p->pw_uid == who.uid) return STATUS_OK;
    p = getpwuid(who.uid);
    return error_set(e, STATUS_DENIED, "server.user",
                     _("at %s answers %.32s (user %ld), who is neither root nor \"%.32s\": nothing was told"), path,
                     p ? p->pw_name : "?", (long)who.uid, user);
}

Status dial(const char *path, const char *user, Frames *frames, Error *e) {
    int fd = -1;
    Status s = connect_socket(path, &fd, e);
    if (s == STATUS_OK) s = check_answerer(path, user, fd, e);
    if (s != STATUS_OK) {
        if (fd >= 0) close(fd);
        return s;
    }
    Buffer out = {0};
    Wire w = {.out = &out};
    const char *version = protocol_version();
    dial_hello(&w, &version);
    /* Whom it has no room for, it tells so unasked, and hears nothing. */
    frame_send(fd, FRAME_HELLO, out.bytes, out.size, -1, 0);
    buffer_free(&out);
    frames_start(frames, fd, FRAME_REPLY_MOST);
    return STATUS_OK;
}
