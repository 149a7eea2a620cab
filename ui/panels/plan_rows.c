/* Drawing the plan: its lists, what is at the cursor, and how sure it is. */
#include "panels/plan_view.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum {
    CODE = 10,
    NUMBER = 11,
    WEEKS = 18,
    PRIORITY = 5,
    DETAIL_LINES = 7,
    REGION_LINES = 3,
    PROOF_MOST = 4,
    KINDS_MOST = 3,
    ALL_FROM = 14
};
/* Columns from which a list of requests says more of them, and the view has what is at the cursor beside the list. */
enum { WISHES_FROM = 82, BESIDE_FROM = 118, GAUGE_MOST = 24 };

static void draw_number(int y, int x, Style style, int64_t number, int scale) {
    Buffer text = {0};
    number_show(&text, number, scale);
    draw_right(y, x, NUMBER - 1, number || style == STYLE_SELECTED ? style : STYLE_DIM, text.bytes);
    buffer_free(&text);
}

static void draw_difference(int y, int x, bool here, int64_t number) {
    Buffer text = {0};
    if (number > 0) buffer_add_char(&text, '+');
    number_show(&text, number, 3);
    Style style = here ? STYLE_SELECTED : number > 0 ? STYLE_GOOD : number < 0 ? STYLE_LATE : STYLE_DIM;
    draw_right(y, x, NUMBER - 1, style, number ? text.bytes : "=");
    buffer_free(&text);
}

/* --- above the list -------------------------------------------------------------------------------------------------- */

static void draw_top(const PlanView *p, const PlanPair *pair, Rect r) {
    const KindPlan *k = plan_shown(pair);
    int x = r.x + draw_string(r.y, r.x, r.w, STYLE_ACCENT, _("Plan")) + 2, whole = 0;
    x += draw_string(r.y, x, r.w - x, STYLE_STRONG, _(choice_of_number(kind_choices, k->kind)->label)) + 1;
    if (p->pair_count > 1) x += draw_format(r.y, x, r.w - x, STYLE_DIM, "%d/%d", p->kind + 1, p->pair_count) + 1;
    x++;
    for (int i = 0; i < k->in.request_count; i++) {
        whole += k->plan.answers[i].reason == PLAN_ALL;
    }
    Buffer right = {0}, weeks = {0};
    if (p->written) buffer_format(&right, "%s  ", _("written since: r plans anew"));
    number_show(&right, whole, 0);
    buffer_format(&right, " %s ", _("of"));
    number_show(&right, k->in.request_count, 0);
    buffer_format(&right, " %s", _("whole"));
    week_show_span(&weeks, k->in.first, k->in.last, app_today());
    x += draw_string(r.y, x, r.x + r.w - x, STYLE_DIM, weeks.bytes) + 1;
    draw_right(r.y, x, r.x + r.w - x, p->written ? STYLE_SOON : STYLE_DIM, right.bytes);
    buffer_free(&right);
    buffer_free(&weeks);
}

/* "All kinds, 75 requests, 6 short: 13 248 of 14 247 GPU h, all 62 474 CPU h ..." */
static void all_kinds(const PlanView *p, Buffer *b) {
    int requests, kept_short;
    network_plan_counts(&p->after, &requests, &kept_short);
    buffer_format(
        b, ngettext("All kinds, %d request, %d short: ", "All kinds, %d requests, %d short: ", (unsigned long)requests),
        requests, kept_short);
    network_plan_sums(&p->after, b);
}

/* "If  RSK-O7 quantity 100, without CAS" */
static void draw_supposed(const PlanView *p, Rect r) {
    Buffer text = {0};
    for (int i = 0; i < p->change_count; i++) {
        const PlanChange *c = &p->changes[i];
        if (i) buffer_add_string(&text, ", ");
        if (c->field) buffer_format(&text, "%s %s %s", c->code, c->field, c->value);
        else buffer_format(&text, _("without %s"), c->code);
    }
    int x = r.x + draw_string(r.y, r.x, r.w, STYLE_SOON, _("If")) + 2;
    draw_string(r.y, x, r.x + r.w - x, STYLE_SOON, buffer_string(&text));
    buffer_free(&text);
}

/* --- the lists ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *of, *plain[4], *compared[4];
} headings[PLAN_LISTS] = {
    {N_("Request"), {N_("Lacks"), N_("Gets")}, {N_("Got"), N_("Would get"), N_("Difference")}},
    {N_("Region"),
     {N_("Lacks"), N_("Gets"), N_("Entitled"), N_("Per 1 %")},
     {N_("Got"), N_("Would get"), N_("Difference")}},
    {N_("Offer"), {N_("Free"), N_("Gives")}, {N_("Free"), N_("Would give")}},
};

static void draw_compared(int y, int x, bool here, int64_t before, int64_t after) {
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
    draw_number(y, x, plain, before, 3);
    draw_number(y, x + NUMBER, plain, after, 3);
    draw_difference(y, x + 2 * NUMBER, here, after - before);
}

/* Where there is room: the weeks in which it is wanted, and how urgent it is. */
static int draw_wish(const PlanRequest *q, int y, int x, Style style) {
    Buffer weeks = {0};
    week_show_span(&weeks, q->first, q->last, app_today());
    draw_string(y, x, WEEKS - 1, style, weeks.bytes);
    draw_format(y, x + WEEKS, PRIORITY, style, "%d", q->priority);
    buffer_free(&weeks);
    return WEEKS + PRIORITY;
}

static bool shows_wishes(Rect r) {
    return r.w >= WISHES_FROM;
}

static void draw_request(const PlanView *p, const PlanPair *pair, int i, int y, Rect r, bool here) {
    const Record *record = plan_pair_record(pair, i);
    char code[CODE_SIZE];
    Buffer why = {0};
    int x = r.x + CODE, at = pair->requests[i].after;
    const PlanRequest *q =
        at >= 0 ? &pair->after->in.requests[at] : &pair->before->in.requests[pair->requests[i].before];
    int64_t got = plan_pair_got(pair, i, true);
    bool whole = at >= 0 && pair->after->plan.answers[at].reason == PLAN_ALL;
    code_write(record->entity->letter, record->id, code);
    draw_string(y, r.x, CODE, here ? STYLE_SELECTED : STYLE_STRONG, code);
    if (shows_wishes(r)) x += draw_wish(q, y, x, here ? STYLE_SELECTED : STYLE_TEXT);
    if (p->change_count) {
        draw_compared(y, x, here, plan_pair_got(pair, i, false), got);
        x += 3 * NUMBER + 1;
    } else {
        Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
        draw_number(y, x, plain, plan_pair_missing(pair, i), 3);
        draw_number(y, x + NUMBER, plain, got, 3);
        x += 2 * NUMBER + 1;
    }
    if (at >= 0) network_plan_reason(pair->after, at, &why);
    else buffer_add_string(&why, _("takes no part"));
    Style says = here ? STYLE_SELECTED : whole ? STYLE_GOOD : got ? STYLE_SOON : STYLE_LATE;
    draw_string(y, x, r.x + r.w - x, says, whole ? _("all") : buffer_string(&why));
    buffer_free(&why);
}

/* "6.2 %", and what it gets for each percent. */
static void draw_entitled(const KindPlan *k, int site, int y, int x, Style style) {
    Buffer entitled = {0}, each = {0};
    network_plan_entitled(k, site, &entitled);
    network_plan_per_percent(k, site, &each);
    draw_right(y, x, NUMBER - 1, style, entitled.bytes);
    draw_right(y, x + NUMBER, NUMBER - 1, style, each.bytes);
    buffer_free(&entitled);
    buffer_free(&each);
}

static void draw_region(const PlanView *p, const PlanPair *pair, int row, int y, Rect r, bool here) {
    const int site = plan_site_at(pair, row);
    const KindPlan *k = plan_shown(pair);
    int64_t lacks = 0, got = plan_pair_share(pair, site, true);
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
    for (int i = 0; i < pair->request_count; i++) {
        if (record_site(plan_pair_record(pair, i)) == site) lacks += plan_pair_missing(pair, i);
    }
    draw_string(y, r.x, CODE, here ? STYLE_SELECTED : STYLE_STRONG, site_code(site));
    if (p->change_count) draw_compared(y, r.x + CODE, here, plan_pair_share(pair, site, false), got);
    else {
        draw_number(y, r.x + CODE, plain, lacks, 3);
        draw_number(y, r.x + CODE + NUMBER, plain, got, 3);
        draw_entitled(k, site, y, r.x + CODE + 2 * NUMBER, plain);
    }
    int x = r.x + CODE + (p->change_count ? 3 : 4) * NUMBER + 1, w = r.x + r.w - x;
    if (plan_leaves_out(p, site_code(site)))
        draw_string(y, x, w, here ? STYLE_SELECTED : STYLE_LATE, _("takes no part"));
    else if (w > 4) draw_gauge(y, x, w < GAUGE_MOST ? w : GAUGE_MOST, here ? STYLE_SELECTED : STYLE_GOOD, got, lacks);
}

static int64_t booked_in(const PlanOffer *o, int week) {
    for (int i = 0; i < o->booked_count; i++) {
        if (o->booked[i].week == week) return o->booked[i].quantity;
    }
    return 0;
}

/* Of an offer, in the weeks planned. */
static int64_t free_of(const KindPlan *k, const PlanOffer *o) {
    int64_t sum = 0;
    for (int week = k->in.first; week <= k->in.last; week++) {
        int64_t left = o->lendable - booked_in(o, week);
        if (week >= o->first && week <= o->last && left > 0) sum += left;
    }
    return sum;
}

static void offer_code(const KindPlan *k, int offer, char code[CODE_SIZE]) {
    const Record *session = k->sessions[offer];
    const Record *r = session ? session : k->offers[offer];
    code_write(r->entity->letter, r->id, code);
}

static void draw_offer(const PlanPair *pair, int row, int y, Rect r, bool here) {
    const int offer = pair->offers[row].after;
    const Record *record = plan_pair_offer(pair, row);
    char code[CODE_SIZE];
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
    code_write(record->entity->letter, record->id, code);
    draw_string(y, r.x, CODE, here ? STYLE_SELECTED : STYLE_STRONG, code);
    int x = r.x + CODE + 2 * NUMBER + 1, w = r.x + r.w - x;
    if (offer < 0) {
        draw_string(y, x, w, here ? STYLE_SELECTED : STYLE_LATE, _("takes no part"));
        return;
    }
    const KindPlan *k = pair->after;
    int64_t free = free_of(k, &k->in.offers[offer]), given = 0;
    for (int i = 0; i < k->plan.grant_count; i++) {
        if (k->plan.grants[i].offer == offer) given += k->plan.grants[i].quantity;
    }
    draw_number(y, r.x + CODE, plain, free, 3);
    draw_number(y, r.x + CODE + NUMBER, plain, given, 3);
    if (w > 4) draw_gauge(y, x, w < GAUGE_MOST ? w : GAUGE_MOST, here ? STYLE_SELECTED : STYLE_GOOD, given, free);
    if (w > GAUGE_MOST + 4)
        draw_string(y, x + GAUGE_MOST + 2, w - GAUGE_MOST - 2, plain,
                    value_string(&k->offers[offer]->values[OFFER_NAME]));
}

static void draw_rows(PlanView *p, const PlanPair *pair, Rect r) {
    int count = plan_rows(p);
    const char *const *titles = p->change_count ? headings[p->list].compared : headings[p->list].plain;
    int x = r.x + CODE;
    draw_string(r.y, r.x, CODE, STYLE_DIM, _(headings[p->list].of));
    if (p->list == PLAN_BY_REQUEST && shows_wishes(r)) {
        draw_string(r.y, x, WEEKS - 1, STYLE_DIM, _("Wanted"));
        draw_string(r.y, x + WEEKS, PRIORITY, STYLE_DIM, _("Prio"));
        x += WEEKS + PRIORITY;
    }
    for (int i = 0; i < 4 && titles[i]; i++) {
        draw_right(r.y, x + i * NUMBER, NUMBER - 1, STYLE_DIM, _(titles[i]));
    }
    p->height = r.h - 1;
    if (p->cursor < p->top) p->top = p->cursor;
    if (p->cursor >= p->top + p->height) p->top = p->cursor - p->height + 1;
    for (int i = p->top; i < count && i < p->top + p->height; i++) {
        int y = r.y + 1 + i - p->top;
        bool here = i == p->cursor;
        if (here) {
            draw_fill((Rect){y, r.x - 1, 1, r.w + 2}, STYLE_SELECTED);
            draw_cursor(y, r.x);
        }
        if (p->list == PLAN_BY_REGION) draw_region(p, pair, i, y, r, here);
        else if (p->list == PLAN_BY_OFFER) draw_offer(pair, i, y, r, here);
        else draw_request(p, pair, i, y, r, here);
    }
    draw_more((Rect){r.y + 1, r.x, p->height, r.w}, p->top > 0, p->top + p->height < count);
}

/* --- under the list --------------------------------------------------------------------------------------------------- */

/* The other end of what a grant gives: a request's offer, an offer's request. */
static int other_end(const PlanGrant *g, PlanList list) {
    return list == PLAN_BY_OFFER ? g->request : g->offer;
}

static void other_code(const KindPlan *k, int other, PlanList list, char code[CODE_SIZE]) {
    if (list == PLAN_BY_OFFER) code_write(entity_request.letter, k->requests[other]->id, code);
    else offer_code(k, other, code);
}

/* For each other end "CAS-O1  W48 120  W49 96", in as many lines as that takes. Returns the line after. */
static int draw_grants(const KindPlan *k, PlanList list, int at, Rect r) {
    int y = r.y, other = -1;
    Buffer text = {0};
    char code[CODE_SIZE];
    for (int i = 0; i <= k->plan.grant_count && y < r.y + r.h; i++) {
        const PlanGrant *g = i < k->plan.grant_count ? &k->plan.grants[i] : NULL;
        if (g && (list == PLAN_BY_OFFER ? g->offer : g->request) != at) continue;
        if (other >= 0 && (!g || other_end(g, list) != other)) {
            other_code(k, other, list, code);
            draw_string(y, r.x, CODE, STYLE_STRONG, code);
            y += draw_wrapped((Rect){y, r.x + CODE, r.y + r.h - y, r.w - CODE}, STYLE_TEXT, buffer_string(&text));
            buffer_clear(&text);
        }
        if (!g) break;
        other = other_end(g, list);
        if (text.size) buffer_add_string(&text, "  ");
        week_show(&text, g->week, app_today());
        buffer_add_string(&text, "\xC2\xA0"); /* a week and its quantity stay together */
        number_show(&text, g->quantity, 3);
    }
    buffer_free(&text);
    return y;
}

/* Why a region gets no more. */
static void draw_region_detail(const PlanPair *pair, int site, Rect r) {
    Buffer why = {0};
    draw_title(r.y, r.x, r.w, site_code(site), kind_unit(plan_shown(pair)->kind));
    if (pair->after) network_plan_share(pair->after, site, &why);
    draw_wrapped((Rect){r.y + 1, r.x, r.h - 1, r.w}, STYLE_TEXT, buffer_string(&why));
    buffer_free(&why);
}

static void draw_detail(const PlanView *p, const PlanPair *pair, Rect r) {
    const KindPlan *k = plan_shown(pair);
    if (p->list == PLAN_BY_REGION) {
        draw_region_detail(pair, plan_site_at(pair, p->cursor), r);
        return;
    }
    char code[CODE_SIZE];
    int at = p->list == PLAN_BY_OFFER ? pair->offers[p->cursor].after : pair->requests[p->cursor].after;
    const Record *record =
        p->list == PLAN_BY_OFFER ? plan_pair_offer(pair, p->cursor) : plan_pair_record(pair, p->cursor);
    Rect in = {r.y + 1, r.x, r.h - 1, r.w};
    code_write(record->entity->letter, record->id, code);
    draw_title(r.y, r.x, r.w, code, kind_unit(k->kind));
    if (at < 0) return;
    int y = draw_grants(k, p->list, at, in);
    if (p->list == PLAN_BY_OFFER) return;
    Buffer why = {0}, takes = {0};
    network_plan_reason(k, at, &why);
    network_plan_remedy(k, at, &takes);
    if (why.size && y < r.y + r.h) y += draw_wrapped((Rect){y, r.x, r.y + r.h - y, r.w}, STYLE_SOON, why.bytes);
    if (p->explaining && !takes.size)
        buffer_format(&takes, _("Looking for what would give it all … %d %%"), p->percent);
    if (takes.size && y < r.y + r.h) draw_wrapped((Rect){y, r.x, r.y + r.h - y, r.w}, STYLE_TEXT, takes.bytes);
    buffer_free(&why);
    buffer_free(&takes);
}

/* --- all of it --------------------------------------------------------------------------------------------------------- */

static void draw_nothing(const PlanView *p, Rect r) {
    if (*p->error.why) draw_wrapped(r, STYLE_ERROR, p->error.why);
    else if (!p->after_made) {
        draw_string(r.y, r.x, r.w, STYLE_STRONG, _("Planning…"));
        draw_gauge(r.y + 1, r.x, r.w < 40 ? r.w : 40, STYLE_ACCENT, p->percent, 100);
        draw_string(r.y + 2, r.x, r.w, STYLE_DIM, _("Esc stops."));
    } else draw_wrapped(r, STYLE_DIM, _("No approved request lacks anything: there is nothing to plan."));
}

static bool has_detail(const PlanView *p) {
    return plan_rows(p) > 0;
}

/* As much as the rows take, and the rest for what is at the cursor. */
static void draw_below(PlanView *p, const PlanPair *pair, Rect r) {
    int rows = plan_rows(p), most = r.h - (p->list != PLAN_BY_REGION ? DETAIL_LINES : REGION_LINES);
    if (most < 4) most = 4;
    if (rows + 1 < most) most = rows + 1;
    draw_rows(p, pair, (Rect){r.y, r.x, most, r.w});
    if (has_detail(p) && r.h - most > 1) draw_detail(p, pair, (Rect){r.y + most, r.x, r.h - most, r.w});
}

/* A wide screen has what is at the cursor to the right of the list. */
static void draw_beside(PlanView *p, const PlanPair *pair, Rect r) {
    int w = has_detail(p) ? r.w * 3 / 5 : r.w, rows = plan_rows(p) + 1;
    draw_rows(p, pair, (Rect){r.y, r.x, rows < r.h ? rows : r.h, w});
    if (has_detail(p)) draw_detail(p, pair, (Rect){r.y, r.x + w + 3, r.h, r.w - w - 3});
}

void plan_draw(View *v, Rect r) {
    PlanView *p = v->state;
    Rect in = {r.y, r.x + 1, r.h, r.w - 2};
    const PlanPair *pair = plan_pair(p);
    if (!pair) {
        draw_nothing(p, in);
        return;
    }
    draw_top(p, pair, in);
    in.y++;
    in.h--;
    if (p->change_count && in.h > 6) {
        draw_supposed(p, in);
        in.y++;
        in.h--;
    }
    Buffer kinds = {0}, text = {0};
    if (p->pair_count > 1) all_kinds(p, &kinds);
    int every = kinds.size ? wrapped_height(in.w, kinds.bytes) : 0;
    if (every > KINDS_MOST || in.h - every < ALL_FROM) every = 0;
    draw_wrapped((Rect){in.y, in.x, every, in.w}, STYLE_DIM, buffer_string(&kinds));
    in.y += every;
    in.h -= every;
    network_plan_proof(plan_shown(pair), &text);
    buffer_add_char(&text, ' ');
    network_plan_optimum(plan_shown(pair), &text);
    int proof = wrapped_height(in.w, text.bytes);
    if (proof > PROOF_MOST) proof = PROOF_MOST;
    if (in.h - proof < DETAIL_LINES) proof = 0;
    Rect lists = {in.y, in.x, in.h - proof, in.w};
    if (in.w >= BESIDE_FROM) draw_beside(p, pair, lists);
    else draw_below(p, pair, lists);
    draw_wrapped((Rect){in.y + in.h - proof, in.x, proof, in.w}, STYLE_DIM, text.bytes);
    buffer_free(&kinds);
    buffer_free(&text);
}
