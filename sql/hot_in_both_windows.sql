-- Which clusters are old and still there? Cells that are hot both over a year and over the last 28 days.
-- How sure: each window has been tested for itself; `trend` tells how the cluster has come about.
SELECT
    year.cell,
    year.category,
    year.reports AS reports_365d,
    recent.reports AS reports_28d,
    year.hot AS hot_365d,
    recent.hot AS hot_28d,
    year.trend
FROM cells AS year
INNER JOIN cells AS recent
    ON recent.cell = year.cell
    AND recent.resolution = year.resolution
    AND recent.category = year.category
WHERE year.resolution = 8
    AND year."window" = '365d'
    AND recent."window" = '28d'
    AND year.hot >= 90
    AND recent.hot >= 90
ORDER BY reports_28d DESC, reports_365d DESC, year.category, year.cell
