-- Where has a month brought more or fewer reports than the one before? Each powiat's last full month against its own past.
-- How sure: `z` beyond 2 or -2 happens by chance once in twenty powiats; below 20 reports in both months do not use it.
WITH counted AS (
    SELECT powiat, 12 * year + month AS number, count(*) AS reports
    FROM reports
    GROUP BY powiat, 12 * year + month
),

last AS (
    -- The newest month is not over yet.
    SELECT max(number) - 1 AS number FROM counted
),

paired AS (
    SELECT
        counted.powiat,
        sum(CASE WHEN counted.number = last.number - 1 THEN counted.reports ELSE 0 END) AS before,
        sum(CASE WHEN counted.number = last.number THEN counted.reports ELSE 0 END) AS after
    FROM counted
    CROSS JOIN last
    WHERE counted.number IN (last.number - 1, last.number)
    GROUP BY counted.powiat
)

SELECT
    powiat,
    before,
    after,
    after - before AS difference,
    round((after - before) / sqrt(CAST(after + before AS double)), 2) AS z
FROM paired
ORDER BY z DESC, powiat
