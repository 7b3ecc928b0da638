-- How many reports were there in each month, and what has become of them?
-- How sure: full counts of what was reported. More reports can mean more trouble or more people who report.
SELECT
    year,
    month,
    category,
    count(*) AS reports,
    sum(CASE WHEN status = 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
    sum(CASE WHEN status = 'eliminated' THEN 1 ELSE 0 END) AS eliminated,
    sum(CASE WHEN status = 'passed_on' THEN 1 ELSE 0 END) AS passed_on,
    sum(CASE WHEN status = 'unconfirmed' THEN 1 ELSE 0 END) AS unconfirmed,
    sum(CASE WHEN status IN ('new', 'verifying') THEN 1 ELSE 0 END) AS still_open
FROM reports
GROUP BY year, month, category
ORDER BY year, month, category
