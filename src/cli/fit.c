/* fit: the offers of a request's kind, what each could give it in which weeks, and why the others could not: as text,
 * JSON, CSV. */
#include "cli/output.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "model/capacity_kind.h"

#include <string.h>

static void add_code(const Record *r, const CodeBook *book, Buffer *b) {
    if (r) record_code(r, book, b);
}

static const char *mode_word(const OfferFit *f) {
    const Choice *c =
        choice_of_number(entity_offer.fields[OFFER_MODE].choices, value_number_or(&f->offer->values[OFFER_MODE], 0));
    return c ? c->word : "";
}

/* {"offer":"CAS-O1","name":"Grappe","mode":"negotiated","free":750,"could":600,"weeks":[{"week":"2026-W48",...}]}; with
 * "session" where it is one, and "bar" where it could give nothing. */
static void write_json(Buffer *b, const OfferFit *f, const CodeBook *book) {
    Buffer code = {0};
    buffer_add_char(b, '{');
    add_code(f->offer, book, &code);
    output_json_text(b, "offer", buffer_string(&code));
    if (f->session) {
        buffer_clear(&code);
        add_code(f->session, book, &code);
        output_json_text(b, "session", buffer_string(&code));
    }
    output_json_text(b, "name", value_string(&f->offer->values[OFFER_NAME]));
    output_json_text(b, "mode", mode_word(f));
    if (f->bar != FIT_NO_BAR) output_json_text(b, "bar", offer_fit_word(f->bar));
    output_json_number(b, "free", f->fit.free, 3);
    output_json_number(b, "could", f->bar ? 0 : f->fit.could, 3);
    buffer_add_string(b, ",\"weeks\":[");
    for (int i = 0; i < f->fit.count; i++) {
        buffer_add_string(b, i ? ",{" : "{");
        output_json_week(b, "week", f->fit.weeks[i].week);
        output_json_number(b, "free", f->fit.weeks[i].free, 3);
        output_json_number(b, "could", f->bar ? 0 : f->fit.weeks[i].could, 3);
        buffer_add_char(b, '}');
    }
    buffer_add_string(b, "]}");
    buffer_free(&code);
}

static void add_cell(Buffer *b, const char *text) {
    if (b->size && b->bytes[b->size - 1] != '\n') buffer_add_char(b, ',');
    output_csv_cell(b, text, strlen(text));
}

static void write_csv(Buffer *b, const OfferFit *f, const CodeBook *book) {
    Buffer text = {0};
    const Record *records[] = {f->offer, f->session};
    char week[WEEK_SIZE];
    int weeks[2];
    for (int i = 0; i < 2; i++) {
        buffer_clear(&text);
        add_code(records[i], book, &text);
        if (i) buffer_add_char(b, ',');
        output_csv_cell(b, buffer_string(&text), text.size);
    }
    add_cell(b, value_string(&f->offer->values[OFFER_NAME]));
    add_cell(b, mode_word(f));
    bool any = f->bar == FIT_NO_BAR && offer_fit_weeks(f, &weeks[0], &weeks[1]);
    for (int i = 0; i < 2; i++) {
        if (any) week_write(weeks[i], week);
        add_cell(b, any ? week : "");
    }
    const int64_t amounts[] = {f->fit.free, f->bar ? 0 : f->fit.could};
    for (int i = 0; i < 2; i++) {
        buffer_clear(&text);
        number_write(&text, amounts[i], 3);
        add_cell(b, text.bytes);
    }
    add_cell(b, offer_fit_word(f->bar));
    buffer_add_char(b, '\n');
    buffer_free(&text);
}

static void add_padded(Buffer *b, const char *text, int width) {
    int w = text_width(text, strlen(text));
    buffer_format(b, "%s%*s", text, w < width ? width - w : 0, "");
}

/* "CAS-O1       W48 – W52              750 free, could give 600 GPU h  Grappe de calcul", or why not. */
static void write_text(Buffer *b, const OfferFit *f, const Record *request, const CodeBook *book) {
    Buffer code = {0}, what = {0};
    int first, last;
    int64_t kind = value_number_or(&request->values[REQUEST_KIND], 0);
    add_code(f->session ? f->session : f->offer, book, &code);
    add_padded(b, buffer_string(&code), 11);
    if (f->bar != FIT_NO_BAR) offer_fit_say(request, f, &what);
    else {
        if (offer_fit_weeks(f, &first, &last)) {
            week_show_span(&what, first, last, clock_today());
            buffer_add_string(&what, ": ");
        }
        if (kind_countable(kind)) {
            number_show(&what, f->fit.could, 3);
            buffer_format(&what, " %s", _("of "));
            kind_amount(&what, kind, f->fit.free);
        } else buffer_add_string(&what, _("access"));
    }
    add_padded(b, buffer_string(&what), 44);
    buffer_format(b, " %s\n", value_string(&f->offer->values[OFFER_NAME]));
    buffer_free(&code);
    buffer_free(&what);
}

Status cli_fit(Cli *cli, Error *e) {
    Record *request;
    OfferFit *fits;
    Buffer out = {0};
    int count;
    Status s = cli_open(cli, false, e);
    if (s == STATUS_OK) s = service_record(cli->service, &cli->arena, cli->options.words[1], &request, e);
    if (s != STATUS_OK) return s;
    if (request->entity != &entity_request)
        return error_set(e, STATUS_USAGE, NULL, _("\"%s\" is not a code such as SMA-R42"), cli->options.words[1]);
    s = service_fit(cli->service, &cli->arena, request->id, &fits, &count, e);
    if (s != STATUS_OK) return s;
    const CodeBook *book = service_codes(cli->service);
    if (cli->options.form == CLI_CSV) buffer_add_string(&out, "offer,session,name,mode,first,last,free,could,bar\n");
    for (int i = 0; i < count; i++) {
        switch (cli->options.form) {
        case CLI_JSON:
            buffer_add_string(&out, i ? ",\n" : "[\n");
            write_json(&out, &fits[i], book);
            break;
        case CLI_CSV: write_csv(&out, &fits[i], book); break;
        case CLI_TEXT: write_text(&out, &fits[i], request, book); break;
        }
    }
    if (cli->options.form == CLI_JSON) buffer_add_string(&out, count ? "\n]\n" : "[]\n");
    if (cli->options.form == CLI_TEXT && !count)
        buffer_format(&out, "%s\n", _("Nobody offers this kind of capacity now."));
    s = output_flush(&out, e);
    buffer_free(&out);
    return s;
}
