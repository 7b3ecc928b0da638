-- How long do cases take? Whole days from acceptance to closing, by category: half and nine of ten are closed by then.
-- How sure: closed cases alone. The slow ones of late months are still open, so read `still_open` beside it.
WITH aged AS (
    SELECT
        category,
        date_diff('day', created_day, resolved_day) AS days,
        row_number() OVER (
            PARTITION BY category, resolved_day IS NULL
            ORDER BY date_diff('day', created_day, resolved_day)
        ) AS place,
        count(resolved_day) OVER (PARTITION BY category) AS closed,
        count(*) OVER (PARTITION BY category) AS reports
    FROM reports
)

SELECT
    category,
    max(closed) AS closed,
    max(reports) - max(closed) AS still_open,
    min(CASE WHEN 2 * place >= closed THEN days END) AS days_median,
    min(CASE WHEN 10 * place >= 9 * closed THEN days END) AS days_p90
FROM aged
WHERE days IS NOT NULL
GROUP BY category
ORDER BY days_median DESC, category
