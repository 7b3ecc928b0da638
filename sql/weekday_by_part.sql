-- When does it happen? Reports of the last 365 days by the day of the week and the part of the day on which it happened.
-- How sure: only reports that say when; compare `share` with 100 / 28 = 3.6 and mind how many `reports` are behind it.
SELECT
    category,
    mod(date_diff('day', DATE '1900-01-01', occurred_day), 7) + 1 AS weekday,
    part,
    count(*) AS reports,
    round(100 * CAST(count(*) AS double) / sum(count(*)) OVER (PARTITION BY category), 1) AS share
FROM reports
WHERE occurred_day IS NOT NULL
    AND part IS NOT NULL
    AND created_day > (SELECT max(created_day) FROM reports) - INTERVAL '365' DAY
GROUP BY category, mod(date_diff('day', DATE '1900-01-01', occurred_day), 7) + 1, part
ORDER BY category, weekday, part
