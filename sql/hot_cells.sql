-- Where are clusters now? Cells of about 0.7 km² that are hot against their own powiat in the last 28 days, the surest first.
-- How sure: `hot` is 90, 95 or 99 per cent after correction for the number of cells; `sources` says how many reported at most.
SELECT cell, category, reports, sources, expected, z, p_gi, p_poisson, hot, hot_national
FROM cells
WHERE resolution = 8 AND "window" = '28d' AND hot >= 90
ORDER BY hot DESC, z DESC, category, cell
