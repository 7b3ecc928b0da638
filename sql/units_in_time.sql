-- Which units close in time? Of the cases that were closed, how many within the catalogue's days, over all months.
-- How sure: the true share lies between `low` and `high` in 95 of 100 cases (Wilson); with few cases that is nearly anything.
WITH summed AS (
    SELECT
        unit,
        name,
        sum(reports) AS reports,
        sum("open") AS still_open,
        CAST(sum(closed) AS double) AS closed,
        CAST(sum(within_deadline) AS double) AS in_time
    FROM responses
    WHERE category = 'all'
    GROUP BY unit, name
)

SELECT
    unit,
    name,
    reports,
    still_open,
    round(100 * in_time / closed, 1) AS share,
    round(
        100 * (in_time + 1.92 - 1.96 * sqrt(in_time * (closed - in_time) / closed + 0.96)) / (closed + 3.84), 1
    ) AS low,
    round(
        100 * (in_time + 1.92 + 1.96 * sqrt(in_time * (closed - in_time) / closed + 0.96)) / (closed + 3.84), 1
    ) AS high
FROM summed
WHERE closed > 0
ORDER BY low DESC, unit
