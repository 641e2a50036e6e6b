-- A piece of what is told of a statement: a template of seeds/wording.csv with its value and period; left out where it has no value.
CREATE OR REPLACE MACRO piece(code, value, unit, period_start, period_end) AS (
    {'code': code, 'value': value::DOUBLE, 'unit': unit, 'period_start': period_start::DATE, 'period_end': period_end::DATE}
);
