-- Which powiats have most reports for their inhabitants? Ordinary categories, the last twelve full months.
-- How sure: `margin` is that of 95 per cent, from the number of reports alone. Who reports differs more between places than that.
WITH months AS (
    SELECT teryt, name, reports, population
    FROM areas
    WHERE level = 'powiat'
        AND category = 'all'
        AND first_day < date_trunc('month', (SELECT max(last_day) FROM areas WHERE category = 'all'))
        AND first_day >= date_trunc('month', (SELECT max(last_day) FROM areas WHERE category = 'all')) - INTERVAL '12' MONTH
)

SELECT
    teryt,
    name,
    sum(reports) AS reports,
    max(population) AS population,
    round(1000 * CAST(sum(reports) AS double) / max(population), 2) AS per_1000,
    round(1000 * 1.96 * sqrt(CAST(sum(reports) AS double)) / max(population), 2) AS margin
FROM months
GROUP BY teryt, name
HAVING max(population) > 0
ORDER BY per_1000 DESC, teryt
