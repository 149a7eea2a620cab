-- Lending: whose jobs are an allocation's use, and what a usage record was read from, so that reading the same again
-- changes nothing.

ALTER TABLE allocation ADD COLUMN account TEXT NOT NULL DEFAULT '';
CREATE INDEX allocation_by_account ON allocation (account, site);

ALTER TABLE usage ADD COLUMN reference TEXT NOT NULL DEFAULT '';
CREATE INDEX usage_by_reference ON usage (reference, week);

-- The request that a request extends or adds to.
ALTER TABLE request ADD COLUMN extends INTEGER REFERENCES request (id);
CREATE INDEX request_by_extends ON request (extends);
