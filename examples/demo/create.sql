PRAGMA journal_mode = DELETE;
CREATE TABLE item (id INTEGER PRIMARY KEY, team INTEGER NOT NULL, price REAL, name TEXT);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO item SELECT i, i % 97, i * 0.5, printf('item-%06d', i) FROM n;
COMMIT;
CREATE INDEX item_by_team ON item (team, price);
ANALYZE;
SELECT team, count(*), sum(price), max(name) FROM item GROUP BY team ORDER BY team LIMIT 3;
