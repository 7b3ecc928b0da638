-- How have clusters come about? Number of cells of each class of trend, by category.
-- How sure: a class needs a cluster in at least one of twelve times 28 days; where reports are few there is none.
SELECT category, trend, count(*) AS cells, sum(reports) AS reports_365d
FROM cells
WHERE resolution = 8 AND "window" = '365d' AND trend <> 'none'
GROUP BY category, trend
ORDER BY category, cells DESC, trend
