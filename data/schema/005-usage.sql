-- What a machine counted, to the second: the sum of a week is rounded, not each of ten thousand short runs.

ALTER TABLE usage ADD COLUMN seconds INTEGER NOT NULL DEFAULT 0;

-- With the quantities, so that what was taken back in a week is found without reading all that was recorded in it.
DROP INDEX usage_by_allocation;
CREATE INDEX usage_by_allocation ON usage (allocation, week, quantity);
