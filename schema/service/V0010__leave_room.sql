-- Nothing: the number is taken elsewhere.
SELECT 1;
