-- Lending: whose jobs are an allocation's use, and what a usage record was read from, so that reading the same again
-- changes nothing.

ALTER TABLE allocation ADD COLUMN account TEXT NOT NULL DEFAULT '';
CREATE INDEX allocation_by_account ON allocation (account, site);

ALTER TABLE usage ADD COLUMN reference TEXT NOT NULL DEFAULT '';
CREATE INDEX usage_by_reference ON usage (reference, week);

-- The request that a request extends or adds to.
ALTER TABLE request ADD COLUMN extends INTEGER REFERENCES request (id);
CREATE INDEX request_by_extends ON request (extends);

-- A dated session of an offer of training or laboratory time, in place of a weekly quantity; and whose places an
-- allocation books.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site (id),
    state INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    offer INTEGER NOT NULL REFERENCES offer (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    places INTEGER NOT NULL,
    note TEXT NOT NULL,
    week TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX session_by_site ON session (site, id);
CREATE INDEX session_by_offer ON session (offer, first_day, id);
CREATE INDEX session_by_first_day ON session (first_day, id);

ALTER TABLE allocation ADD COLUMN session INTEGER REFERENCES session (id);
CREATE INDEX allocation_by_session ON allocation (session) WHERE session IS NOT NULL;

-- Access to a dataset or model is from a day to a day.
ALTER TABLE allocation ADD COLUMN opens TEXT NOT NULL DEFAULT '';
ALTER TABLE allocation ADD COLUMN ends TEXT NOT NULL DEFAULT '';
