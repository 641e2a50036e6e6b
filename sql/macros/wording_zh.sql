-- A word or sentence of the explanations in Chinese, simplified characters.
CREATE OR REPLACE MACRO wording_zh(wanted) AS (SELECT zh_hans FROM wording WHERE code = wanted);
