-- What waits? Open cases of each unit by their age in days, as of the newest report.
-- How sure: full counts of public cases; what is not public (yet) is not here.
SELECT
    unit,
    count(*) AS still_open,
    sum(CASE WHEN age <= 7 THEN 1 ELSE 0 END) AS days_0_7,
    sum(CASE WHEN age > 7 AND age <= 30 THEN 1 ELSE 0 END) AS days_8_30,
    sum(CASE WHEN age > 30 THEN 1 ELSE 0 END) AS days_over_30,
    max(age) AS oldest
FROM (
    SELECT unit, date_diff('day', created_day, (SELECT max(created_day) FROM reports)) AS age
    FROM reports
    WHERE status IN ('new', 'verifying')
) AS waiting
GROUP BY unit
ORDER BY days_over_30 DESC, still_open DESC, unit
