-- Whether a value was the one known on a day; on the last of all days it is the one known today.
CREATE OR REPLACE MACRO was_known(known_from, known_until, on_day) AS (known_from <= on_day AND (known_until IS NULL OR known_until >= on_day));
