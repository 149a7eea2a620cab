/* What goes through the one door, as bytes: a function a structure (see wire.h). */
#ifndef JAZARI_SERVICE_MESSAGES_H
#define JAZARI_SERVICE_MESSAGES_H

#include "commands/import.h"
#include "commands/import_usage.h"
#include "service/service.h"
#include "service/wire.h"

enum {
    MESSAGE_ROWS_MOST = 1 << 20, /* of a list in a reply */
    MESSAGE_CODES_MOST = 10000,  /* records in a command */
    MESSAGE_CHANGES_MOST = 1000,
    MESSAGE_PAGE_MOST = 20000,
    MESSAGE_WEEK_LAST = 12000, /* of the year 2199, after which there are no dates */
};

void message_error(Wire *, Error *);
void message_entity(Wire *, const Entity **); /* NULL stays NULL */
void message_known_entity(Wire *, const Entity **);
void message_record(Wire *, Record **); /* NULL stays NULL */
void message_actor(Wire *, Actor *);
void message_key(Wire *, PageKey *);
void message_page(Wire *, Page *);
void message_list(Wire *, ListRequest *);
void message_journal_query(Wire *, JournalQuery *);
void message_entry(Wire *, JournalEntry *);
void message_attention(Wire *, Attention *);
void message_fit(Wire *, OfferFit *);
void message_capacity(Wire *, CapacityRows *);
void message_plan_request(Wire *, NetworkPlanRequest *); /* but for what is called meanwhile */
void message_plan(Wire *, NetworkPlan *);
void message_command(Wire *, CommandRequest *);
void message_outcome(Wire *, Outcome *);
void message_draft(Wire *, Draft *);
void message_editor(Wire *, Editor *);
void message_import(Wire *, ImportRequest *); /* but for its file, which is passed beside */
void message_import_reply(Wire *, ImportReply *);
void message_usage_import(Wire *, UsageImportRequest *);
void message_usage_reply(Wire *, UsageImportReply *);

#endif
