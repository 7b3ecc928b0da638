-- What is reported most in each powiat? Its three most frequent categories of the last 365 days.
-- How sure: `share` has a margin of about 100 / sqrt(`all_reports`) points.
WITH counted AS (
    SELECT powiat, category, count(*) AS reports
    FROM reports
    WHERE created_day > (SELECT max(created_day) FROM reports) - INTERVAL '365' DAY
    GROUP BY powiat, category
),

ranked AS (
    SELECT
        powiat,
        category,
        reports,
        sum(reports) OVER (PARTITION BY powiat) AS all_reports,
        row_number() OVER (PARTITION BY powiat ORDER BY reports DESC, category) AS place
    FROM counted
)

SELECT powiat, place, category, reports, all_reports, round(100 * CAST(reports AS double) / all_reports, 1) AS share
FROM ranked
WHERE place <= 3
ORDER BY powiat, place
