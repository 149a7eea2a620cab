-- What an operation was asked to do, as a hash: the same id with other values is another act, and is not answered as this
-- one. NULL where it is not known: of what was done before there was this column, and of imports.

ALTER TABLE operation ADD COLUMN request BLOB;
