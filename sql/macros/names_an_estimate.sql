-- Whether a sentence speaks of one particular estimate: the first, the one before, a revision.
CREATE OR REPLACE MACRO names_an_estimate(sentence) AS (regexp_matches(sentence, '初值|前值|[终終]值|初步(数据|數據|估)|修正|[上下]修'));
