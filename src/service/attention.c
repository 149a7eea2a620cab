/* What wants attention, in words. */
#include "service/attention.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "model/capacity_kind.h"

static const struct {
    const char *word;
    Tone tone;
    const char *verb;
} words[] = {
    [0] = {"", TONE_PLAIN, ""},
    [ATTENTION_LATE_MILESTONE] = {N_("LATE"), TONE_LATE, "done"},
    [ATTENTION_LATE_PROJECT] = {N_("LATE"), TONE_LATE, "set"},
    [ATTENTION_PROPOSAL] = {N_("PROPOSED"), TONE_SOON, "accept"},
    [ATTENTION_ASKED] = {N_("ASKED"), TONE_SOON, "propose"},
    [ATTENTION_REVIEW] = {N_("REVIEW"), TONE_SOON, "approve"},
    [ATTENTION_QUALIFY] = {N_("NEW"), TONE_GOOD, "qualify"},
    [ATTENTION_RETURNED] = {N_("RETURNED"), TONE_SOON, "submit"},
    [ATTENTION_START] = {N_("START"), TONE_ACTIVE, "activate"},
    [ATTENTION_COMPLETE] = {N_("OVER"), TONE_QUIET, "complete"},
    [ATTENTION_ENDING] = {N_("ENDING"), TONE_QUIET, "set"},
    [ATTENTION_FREED] = {N_("FREE"), TONE_GOOD, "propose"},
    [ATTENTION_LOST] = {N_("LOST"), TONE_LATE, "propose"},
    [ATTENTION_EXPIRED] = {N_("PAST"), TONE_QUIET, "close"},
    [ATTENTION_COULD] = {N_("FREE"), TONE_GOOD, "propose"},
    [ATTENTION_DRAFT] = {N_("DRAFT"), TONE_QUIET, "submit"},
};

const char *attention_word(AttentionKind kind) {
    return *words[kind].word ? _(words[kind].word) : "";
}

Tone attention_tone(AttentionKind kind) {
    return words[kind].tone;
}

const char *attention_verb(AttentionKind kind) {
    return words[kind].verb;
}

static void say_days(Buffer *b, const char *one, const char *many, int days) {
    const char *form = ngettext(one, many, (unsigned long)days);
    for (const char *c = form; *c; c++) {
        if (c[0] == '%' && c[1] == 'd') {
            buffer_add_number(b, days);
            c++;
        } else buffer_add_char(b, *c);
    }
}

/* "could serve 120 GPU h of DOD", "could get 120 GPU h of CAS": short, for a narrow column beside the word FREE. */
static void say_freed(const Attention *a, const char *other, Buffer *b) {
    Buffer could = {0};
    number_show(&could, a->could, 3);
    buffer_format(b, a->kind == ATTENTION_FREED ? _("could serve %s %s of %s") : _("could get %s %s of %s"),
                  buffer_string(&could), kind_unit_of(a->kind_of, a->could), a->other < 0 ? _("your own") : other);
    buffer_free(&could);
}

static void say_matter(const Attention *a, int today, Buffer *b) {
    int late = a->day ? today - a->day : 0;
    const char *other = a->other >= 0 ? site_code(a->other) : "";
    switch (a->kind) {
    case ATTENTION_LATE_MILESTONE: say_days(b, N_("milestone %d day late"), N_("milestone %d days late"), late); return;
    case ATTENTION_LATE_PROJECT: say_days(b, N_("project %d day late"), N_("project %d days late"), late); return;
    case ATTENTION_PROPOSAL: buffer_format(b, _("%s waits for your answer"), other); return;
    case ATTENTION_ASKED: buffer_format(b, _("%s asks, you could lend"), other); return;
    case ATTENTION_REVIEW:
        if (late < 1) buffer_add_string(b, _("to review since today"));
        else say_days(b, N_("to review for %d day"), N_("to review for %d days"), late);
        return;
    case ATTENTION_QUALIFY:
        if (late < 1) buffer_add_string(b, _("to qualify since today"));
        else say_days(b, N_("to qualify for %d day"), N_("to qualify for %d days"), late);
        return;
    case ATTENTION_DRAFT: say_days(b, N_("not handed in for %d day"), N_("not handed in for %d days"), late); return;
    case ATTENTION_RETURNED: buffer_add_string(b, _("given back, to be mended")); return;
    case ATTENTION_START: buffer_format(b, _("%s: its first week has begun"), other); return;
    case ATTENTION_COMPLETE: buffer_format(b, _("%s: its last week is over"), other); return;
    case ATTENTION_FREED:
    case ATTENTION_COULD: say_freed(a, other, b); return;
    case ATTENTION_LOST: buffer_format(b, _("%s declined or took back"), other); return;
    case ATTENTION_EXPIRED: buffer_add_string(b, _("its last week is over: close it")); return;
    case ATTENTION_ENDING: say_days(b, N_("ends in %d day"), N_("ends in %d days"), -late); return;
    }
}

void attention_say(const Attention *a, int today, Buffer *b) {
    say_matter(a, today, b);
    if (a->whom)
        buffer_format(b, " (%s)",
                      a->whom == ATTENTION_FOR_ANOTHER ? _("yours: another coordinator") : _("coordinator"));
}
