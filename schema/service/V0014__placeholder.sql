-- Holds the number of the migration that edits plans until that one is merged in its place.
SELECT 1;
