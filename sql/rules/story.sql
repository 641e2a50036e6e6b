-- The written figures that tell the story of each claim, three for today and three for the day of the article, and how widely the claim is read.
SELECT t.claim_id,
    max(f.figure_id) FILTER (t.basis = 'today' AND t.place = 1) AS now_1, max(f.figure_id) FILTER (t.basis = 'today' AND t.place = 2) AS now_2,
    max(f.figure_id) FILTER (t.basis = 'today' AND t.place = 3) AS now_3, max(f.figure_id) FILTER (t.basis = 'when_published' AND t.place = 1) AS past_1,
    max(f.figure_id) FILTER (t.basis = 'when_published' AND t.place = 2) AS past_2, max(f.figure_id) FILTER (t.basis = 'when_published' AND t.place = 3) AS past_3,
    max(t.accepted_low) FILTER (t.basis = 'today' AND t.place = 1) AS accepted_low, max(t.accepted_high) FILTER (t.basis = 'today' AND t.place = 1) AS accepted_high,
    max(f.shown_unit) FILTER (t.basis = 'today' AND t.place = 1) AS shown_unit
FROM told_figures t
JOIN figures_to_write f ON f.figure = t.figure
GROUP BY t.claim_id
