-- The network: sites, organisations, needs, projects, capacity, and the journal of every write.
--
-- Migrations are append-only: a store that was made with this file keeps it for ever; changes come as 002, 003 ...
-- The common ground of SQLite 3.40 and PostgreSQL 15: INTEGER is 64 bits wide (the PostgreSQL engine writes BIGINT).
-- The columns of the entity tables are the fields of src/model/; a test compares the two. Text that is empty is '',
-- an optional number that is empty is 0, and only a reference may be NULL. `sort_key` is the folded title, cut to
-- 64 bytes; `folded` is the folded text that search compares, each word with a blank before it.
-- A list field has a table of its own, ENTITY_FIELD.
-- ENTITY_open_by_COLUMN has the rows that are still going on (the entity's open_filter), see src/store/page.h.

CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL
);

-- The sites this store is home to, and so may write, each with the epoch of its new ids.
CREATE TABLE home (
    site INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    made_at TEXT NOT NULL
);

-- The last counter given out, so that the id of a row that was undone is never given again.
CREATE TABLE counter (
    site INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (site, epoch, entity)
);

-- What everything else is a reading of. `hash` is SHA-256(previous entry's hash | header | SHA-256(salt | body)), see
-- src/store/journal.h. Where the body was erased, body is '' and body_hash keeps SHA-256(salt | body).
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    site INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    op TEXT NOT NULL,
    entity INTEGER NOT NULL,
    id INTEGER NOT NULL,
    verb TEXT NOT NULL,
    rev INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    salt BLOB NOT NULL,
    body TEXT NOT NULL,
    body_hash BLOB,
    hash BLOB NOT NULL
);
CREATE UNIQUE INDEX journal_by_number ON journal (site, epoch, number);
CREATE INDEX journal_by_record ON journal (entity, id, seq);

-- One row an operation, so that the same one twice changes nothing and that undo finds a person's last acts. All of it
-- can be read from the journal: entries first to last are the operation's. kind: 1 act, 2 undo, 3 redo (of `target`).
CREATE TABLE operation (
    op TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target TEXT NOT NULL,
    undone INTEGER NOT NULL
);
CREATE INDEX operation_by_actor ON operation (actor, first);
CREATE INDEX operation_by_target ON operation (target) WHERE target <> '';

CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    site INTEGER NOT NULL,
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    kind INTEGER NOT NULL,
    name_fr TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_zgh TEXT NOT NULL,
    seat TEXT NOT NULL,
    seat_ar TEXT NOT NULL,
    latitude INTEGER NOT NULL,
    longitude INTEGER NOT NULL,
    population INTEGER NOT NULL,
    population_2014 INTEGER NOT NULL,
    entitlement INTEGER NOT NULL,
    sectors INTEGER NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);

CREATE TABLE province (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    name_fr TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    kind INTEGER NOT NULL,
    of_region INTEGER NOT NULL REFERENCES site (id),
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);

CREATE TABLE operator (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    name TEXT NOT NULL,
    role INTEGER NOT NULL,
    language INTEGER NOT NULL,
    pin_hash TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE TABLE operator_acts_for (
    record INTEGER NOT NULL REFERENCES operator (id),
    item INTEGER NOT NULL REFERENCES site (id),
    PRIMARY KEY (record, item)
);

CREATE TABLE organisation (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    province INTEGER REFERENCES province (id),
    founding INTEGER NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX organisation_by_site ON organisation (site, id);
CREATE INDEX organisation_by_state ON organisation (state, id);
CREATE INDEX organisation_by_sort_key ON organisation (sort_key, id);
CREATE INDEX organisation_by_kind ON organisation (kind, id);
CREATE INDEX organisation_by_founding ON organisation (founding, id);
CREATE INDEX organisation_by_province ON organisation (province);

CREATE TABLE need (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    title TEXT NOT NULL,
    urgency INTEGER NOT NULL,
    sector INTEGER NOT NULL,
    beneficiary INTEGER NOT NULL REFERENCES organisation (id),
    province INTEGER REFERENCES province (id),
    people INTEGER NOT NULL,
    data_level INTEGER NOT NULL,
    problem TEXT NOT NULL,
    merged_into INTEGER REFERENCES need (id),
    reason TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX need_by_site ON need (site, id);
CREATE INDEX need_by_state ON need (state, id);
CREATE INDEX need_by_sort_key ON need (sort_key, id);
CREATE INDEX need_by_urgency ON need (urgency, id);
CREATE INDEX need_by_sector ON need (sector, id);
CREATE INDEX need_by_people ON need (people, id);
CREATE INDEX need_by_beneficiary ON need (beneficiary);
CREATE INDEX need_by_province ON need (province);
CREATE INDEX need_by_merged_into ON need (merged_into);

CREATE TABLE project (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    title TEXT NOT NULL,
    stage INTEGER NOT NULL,
    health INTEGER NOT NULL,
    due TEXT NOT NULL,
    sector INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    funded INTEGER NOT NULL,
    start TEXT NOT NULL,
    lead INTEGER REFERENCES organisation (id),
    axis INTEGER NOT NULL,
    summary TEXT NOT NULL,
    reason TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX project_by_site ON project (site, id);
CREATE INDEX project_by_state ON project (state, id);
CREATE INDEX project_by_sort_key ON project (sort_key, id);
CREATE INDEX project_by_stage ON project (stage, id);
CREATE INDEX project_by_health ON project (health, id);
CREATE INDEX project_by_due ON project (due, id);
CREATE INDEX project_open_by_due ON project (due, id) WHERE state IN (1, 2, 3);
CREATE INDEX project_by_sector ON project (sector, id);
CREATE INDEX project_by_budget ON project (budget, id);
CREATE INDEX project_by_lead ON project (lead);
CREATE TABLE project_partners (
    record INTEGER NOT NULL REFERENCES project (id),
    item INTEGER NOT NULL REFERENCES site (id),
    PRIMARY KEY (record, item)
);
CREATE TABLE project_needs (
    record INTEGER NOT NULL REFERENCES project (id),
    item INTEGER NOT NULL REFERENCES need (id),
    PRIMARY KEY (record, item)
);
CREATE INDEX project_partners_by_item ON project_partners (item, record);
CREATE INDEX project_needs_by_item ON project_needs (item, record);

CREATE TABLE milestone (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    title TEXT NOT NULL,
    project INTEGER NOT NULL REFERENCES project (id),
    due TEXT NOT NULL,
    done TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX milestone_by_site ON milestone (site, id);
CREATE INDEX milestone_by_state ON milestone (state, due, id);
CREATE INDEX milestone_by_project ON milestone (project, id);
CREATE INDEX milestone_by_due ON milestone (due, id);

CREATE TABLE offer (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    reserve INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    data_level INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    conditions TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX offer_by_site ON offer (site, id);
CREATE INDEX offer_by_kind ON offer (kind, state, id);

CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    project INTEGER NOT NULL REFERENCES project (id),
    kind INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    smallest INTEGER NOT NULL,
    weekly_most INTEGER NOT NULL,
    earliest TEXT NOT NULL,
    latest TEXT NOT NULL,
    priority INTEGER NOT NULL,
    data_level INTEGER NOT NULL,
    justification TEXT NOT NULL,
    reason TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX request_by_site ON request (site, id);
CREATE INDEX request_by_state ON request (state, kind, id);
CREATE INDEX request_by_project ON request (project);

CREATE TABLE allocation (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    request INTEGER NOT NULL REFERENCES request (id),
    offer INTEGER NOT NULL REFERENCES offer (id),
    kind INTEGER NOT NULL,
    borrower INTEGER NOT NULL REFERENCES site (id),
    total INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    proposed_by INTEGER NOT NULL REFERENCES site (id),
    why TEXT NOT NULL,
    reason TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX allocation_by_site ON allocation (site, id);
CREATE INDEX allocation_by_borrower ON allocation (borrower, id);
CREATE INDEX allocation_by_request ON allocation (request);
CREATE INDEX allocation_by_offer ON allocation (offer);
CREATE INDEX allocation_by_state ON allocation (state, id);
CREATE TABLE allocation_bookings (
    record INTEGER NOT NULL REFERENCES allocation (id),
    item TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (record, item)
);

CREATE TABLE usage (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    allocation INTEGER NOT NULL REFERENCES allocation (id),
    week TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    source INTEGER NOT NULL
);
CREATE INDEX usage_by_site ON usage (site, id);
CREATE INDEX usage_by_allocation ON usage (allocation, week);
