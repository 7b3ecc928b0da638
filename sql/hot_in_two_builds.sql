-- What has changed since an earlier build? Its table must have been kept: CREATE TABLE cells_before AS SELECT * FROM cells
-- How sure: a cell at the edge of a level comes and goes by chance; what stays over several builds is worth a look.
SELECT
    coalesce(later.cell, earlier.cell) AS cell,
    coalesce(later.category, earlier.category) AS category,
    CASE WHEN earlier.cell IS NULL THEN 'new' WHEN later.cell IS NULL THEN 'gone' ELSE 'in both' END AS found,
    earlier.hot AS hot_before,
    later.hot AS hot_now
FROM (SELECT cell, category, hot FROM cells WHERE resolution = 8 AND "window" = '28d' AND hot >= 90) AS later
FULL JOIN (SELECT cell, category, hot FROM cells_before WHERE resolution = 8 AND "window" = '28d' AND hot >= 90) AS earlier
    ON earlier.cell = later.cell AND earlier.category = later.category
ORDER BY found, category, cell
