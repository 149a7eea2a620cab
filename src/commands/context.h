/* For the files of src/commands/ alone: one running command. */
#ifndef JAZARI_COMMANDS_CONTEXT_H
#define JAZARI_COMMANDS_CONTEXT_H

#include "base/intl.h"
#include "commands/command.h"

struct CommandContext {
    Store *store;
    Arena *arena;
    const Actor *actor;
    const CommandRequest *request;
    Command command;
    const Entity *entity; /* that it is about; NULL for TAKES_NOTHING */
    Record *record;       /* as read in this transaction, for TAKES_RECORDS */
    bool deleted;         /* it is not there any more: the record is what it was last, with the rev of its deletion */
    Outcome *outcome;
    int room; /* for effects */
};

/* Writes a record (see store_write) and notes the effect. */
Status context_write(CommandContext *, const Record *before, Record *after, const char *verb, Error *);

/* The value given for one of the command's own arguments; VALUE_NONE where it was not given. */
Status context_argument(CommandContext *, const char *name, Value *out, Error *);
bool context_given(const CommandContext *, const char *name);

/* Sets r's fields from the arguments that name fields of its entity. making: fields that never change may be given. */
Status context_set_fields(CommandContext *, Record *r, bool making, Error *);

/* The record of an id with all its fields. */
Status context_read(CommandContext *, const Entity *, int64_t id, Record **, Error *);

/* STATUS_DENIED unless the actor acts for this site; names it. */
Status context_acts_for(const CommandContext *, int site, Error *);

/* "SMA-P42", into the arena. */
const char *context_code(CommandContext *, const Record *);

/* What a lifecycle's verb does besides moving the state: sees the record as it was, may change what it will be, may
 * write other records, or refuses. */
typedef Status (*MoveHook)(CommandContext *, const Record *before, Record *after, Error *);
/* Refuses what its author would be judging himself, where the institute has somebody else who may. */
Status not_ones_own(CommandContext *, const Record *, Record *, Error *);
/* Whether somebody else is there who may: not where one works in the store alone, or in a demonstration. */
Status context_others_judge(Store *, Arena *, bool *yes, Error *);
/* Whether a record comes to a state by such a judgement alone, by whatever way. */
bool context_is_judged(const Entity *, int state);

/* The commands, one function a row. Those for records run once for each, with context.record read. */
Status run_add(CommandContext *, Error *);
Status run_set(CommandContext *, Error *);
Status run_delete(CommandContext *, Error *);
Status run_move(CommandContext *, Error *);
Status run_propose(CommandContext *, Error *);
Status run_account(CommandContext *, Error *);
Status run_rank(CommandContext *, Error *);
Status run_revert(CommandContext *, Error *);
/* A record that was deleted, as it was then; STATUS_NOT_FOUND, with e left alone, where none was. */
Status context_read_deleted(CommandContext *, const Entity *, int64_t id, Record **, Error *);
Status run_undo(CommandContext *, Error *);
Status run_redo(CommandContext *, Error *);

/* Hooks, by the record they concern. */
Status need_answer(CommandContext *, const Record *, Record *, Error *);
Status need_merge(CommandContext *, const Record *, Record *, Error *);
Status need_reopen(CommandContext *, const Record *, Record *, Error *);
Status need_meet(CommandContext *, const Record *, Record *, Error *);
Status project_gate(CommandContext *, const Record *, Record *, Error *);
Status project_stop(CommandContext *, const Record *, Record *, Error *);
Status project_complete(CommandContext *, const Record *, Record *, Error *);
Status milestone_done(CommandContext *, const Record *, Record *, Error *);
Status request_submit(CommandContext *, const Record *, Record *, Error *);
Status request_approve(CommandContext *, const Record *, Record *, Error *);
Status request_close(CommandContext *, const Record *, Record *, Error *);
Status request_withdraw(CommandContext *, const Record *, Record *, Error *);
Status session_cancel(CommandContext *, const Record *, Record *, Error *);
Status offer_open(CommandContext *, const Record *, Record *, Error *);
Status allocation_accept(CommandContext *, const Record *, Record *, Error *);
Status allocation_start(CommandContext *, const Record *, Record *, Error *);
Status allocation_complete(CommandContext *, const Record *, Record *, Error *);
Status allocation_release(CommandContext *, const Record *, Record *, Error *);
Status allocation_released(CommandContext *, const Record *, Record *, Error *); /* follows the release */
Status allocation_revoke(CommandContext *, const Record *, Record *, Error *);

/* What an edit of a proposal makes of it besides. */
Status allocation_edited(const Record *before, Record *after, Error *);

/* Whether an offer may be changed so, as to its mode. */
Status offer_mode_stands(CommandContext *, const Record *before, const Record *after, Error *);

/* Whether the actor may make this record; as_it_was: it comes with its history, not as something new. */
Status context_check_new(CommandContext *, Record *, bool as_it_was, Error *);
/* Whether he may change it so, besides what command_allowed says. */
Status context_check_change(CommandContext *, const Record *before, const Record *after, Error *);

/* Writes an edit of a record (before NULL: a new one; after NULL: it is deleted) with all that follows from it. */
Status context_edit(CommandContext *, const Record *before, Record *after, const char *verb, Error *);
/* The part of it that concerns the needs a project answers. */
Status project_needs_follow(CommandContext *, const Record *before, const Record *after, Error *);

/* How many records of an entity match a filter written as text. */
Status context_count(CommandContext *, const Entity *, const char *text, int64_t *count, Error *);

#endif
