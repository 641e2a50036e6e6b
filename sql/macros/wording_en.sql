-- A word or sentence of the explanations in English.
CREATE OR REPLACE MACRO wording_en(wanted) AS (SELECT en FROM wording WHERE code = wanted);
