-- Where does the same thing come back? Public places (cells of about 50 m) with reports on three days or more in 90 days.
-- How sure: different days, not different people; a neighbour who reports every day is here too.
SELECT
    cell,
    category,
    count(*) AS reports,
    count(DISTINCT created_day) AS days,
    min(created_day) AS first_day,
    max(created_day) AS last_day,
    sum(CASE WHEN status = 'confirmed' THEN 1 ELSE 0 END) AS confirmed
FROM reports
WHERE created_day > (SELECT max(created_day) FROM reports) - INTERVAL '90' DAY
GROUP BY cell, category
HAVING count(DISTINCT created_day) >= 3
ORDER BY days DESC, reports DESC, category, cell
