-- Every value that an explanation tells, in words: written once, whatever the number of claims that tell of it.
SELECT value, unit, format_value_en(value, unit) AS en, format_value_zh(value, unit) AS zh, to_traditional_units(zh) AS zh_hant
FROM (
    SELECT value_low AS value, unit FROM claims
    UNION SELECT value_high, unit FROM claims
    UNION SELECT figure.value, shown_unit FROM figures_to_write
    UNION SELECT accepted_low, shown_unit FROM story
    UNION SELECT accepted_high, shown_unit FROM story
)
WHERE value IS NOT NULL
