/* Plain values as bytes. */
#include "service/wire.h"

#include <limits.h>
#include <string.h>

static void write_size(Wire *w, uint64_t n) {
    while (n >= 0x80) {
        buffer_add_char(w->out, (char)(unsigned char)(n | 0x80));
        n >>= 7;
    }
    buffer_add_char(w->out, (char)(unsigned char)n);
}

static uint64_t read_size(Wire *w) {
    uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (w->bad || w->at == w->end) break;
        unsigned char byte = *w->at++;
        n |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) return n;
    }
    w->bad = true;
    return 0;
}

static size_t left(const Wire *w) {
    return w->bad ? 0 : (size_t)(w->end - w->at);
}

void wire_number(Wire *w, int64_t *n) {
    if (wire_reads(w)) {
        uint64_t raw = read_size(w);
        *n = (int64_t)(raw >> 1) ^ -(int64_t)(raw & 1);
    } else write_size(w, ((uint64_t)*n << 1) ^ (*n < 0 ? UINT64_MAX : 0));
}

void wire_between(Wire *w, int *n, int least, int most) {
    int64_t wide = *n;
    wire_number(w, &wide);
    if (!wire_reads(w)) return;
    if (wide < least || wide > most) {
        w->bad = true;
        wide = least > 0 ? least : 0;
    }
    *n = (int)wide;
}

void wire_int(Wire *w, int *n) {
    wire_between(w, n, INT_MIN, INT_MAX);
}

void wire_bits(Wire *w, unsigned *bits) {
    int64_t wide = *bits;
    wire_number(w, &wide);
    if (wire_reads(w) && (wide < 0 || wide > UINT_MAX)) w->bad = true;
    if (wire_reads(w)) *bits = w->bad ? 0 : (unsigned)wide;
}

void wire_flag(Wire *w, bool *flag) {
    int n = *flag;
    wire_between(w, &n, 0, 1);
    if (wire_reads(w)) *flag = n == 1 && !w->bad;
}

/* 0 stands for NULL; else the length and one. */
void wire_bytes(Wire *w, const char **bytes, size_t *size) {
    if (!wire_reads(w)) {
        write_size(w, *bytes ? (uint64_t)*size + 1 : 0);
        if (*bytes) buffer_add(w->out, *bytes, *size);
        return;
    }
    uint64_t n = read_size(w);
    *bytes = NULL;
    *size = 0;
    if (!n || w->bad) return;
    if (n - 1 > left(w)) {
        w->bad = true;
        return;
    }
    *size = (size_t)(n - 1);
    *bytes = arena_copy(w->arena, (const char *)w->at, *size);
    w->at += *size;
}

void wire_text(Wire *w, const char **text) {
    size_t size = !wire_reads(w) && *text ? strlen(*text) : 0;
    wire_bytes(w, text, &size);
    if (wire_reads(w) && *text && strlen(*text) != size) w->bad = true;
}

void wire_chars(Wire *w, char *out, size_t room) {
    const char *text = out;
    wire_text(w, &text);
    if (!wire_reads(w)) return;
    size_t size = text ? strlen(text) : 0;
    if (size >= room) {
        w->bad = true;
        size = 0;
    }
    if (size) memcpy(out, text, size);
    out[size] = 0;
}

void wire_plain(Wire *w, void *bytes, size_t size) {
    if (!wire_reads(w)) {
        buffer_add(w->out, bytes, size);
        return;
    }
    if (left(w) < size) {
        w->bad = true;
        memset(bytes, 0, size);
        return;
    }
    memcpy(bytes, w->at, size);
    w->at += size;
}

void *wire_count(Wire *w, int *count, int most, size_t size) {
    wire_between(w, count, 0, most);
    if (!wire_reads(w)) return NULL;
    if (w->bad || (size_t)*count > left(w)) {
        w->bad = true;
        *count = 0;
    }
    return *count ? arena_array(w->arena, (size_t)*count, size) : NULL;
}
