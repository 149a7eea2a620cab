-- A demonstration store: one person plays everybody in it, so what takes two is not refused to one.

ALTER TABLE home ADD COLUMN demonstration INTEGER NOT NULL DEFAULT 0;
