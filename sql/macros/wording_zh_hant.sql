-- A word or sentence of the explanations in Chinese, traditional characters.
CREATE OR REPLACE MACRO wording_zh_hant(wanted) AS (SELECT zh_hant FROM wording WHERE code = wanted);
