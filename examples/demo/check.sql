PRAGMA integrity_check;
EXPLAIN QUERY PLAN SELECT sum(price) FROM item WHERE team = 13;
UPDATE item SET price = price + 1 WHERE team = 13;
SELECT CASE
  WHEN (SELECT count(*) FROM item) = 100000
   AND (SELECT sum(id) FROM item) = 5000050000
   AND (SELECT sum(price) FROM item) = 2500025000.0 + (SELECT count(*) FROM item WHERE team = 13)
   AND (SELECT count(DISTINCT team) FROM item) = 97
   AND (SELECT name FROM item ORDER BY id DESC LIMIT 1) = 'item-100000'
   AND (SELECT date(1700000000, 'unixepoch')) = '2023-11-14'
  THEN 'sqlite: all checks passed' ELSE 'sqlite: a check failed' END;
