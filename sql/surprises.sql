-- What is unusual for its place? Cells whose last 28 days would come about by chance at most once in a thousand.
-- How sure: among a thousand quiet cells one is here by chance alone; `surprise` 6 is once in a million.
SELECT cell, category, reports, sources, expected, surprise, hot
FROM cells
WHERE resolution = 8 AND "window" = '28d' AND surprise >= 3
ORDER BY surprise DESC, category, cell
