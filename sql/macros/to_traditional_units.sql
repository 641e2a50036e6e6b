-- A value written in simplified characters in traditional ones: 38.02萬億美元 for 38.02万亿美元; what has none of them (95.05%) stays as it is.
CREATE OR REPLACE MACRO to_traditional_units(written) AS (
    CASE WHEN strlen(written) = length(written) THEN written ELSE translate(written, '万亿个点币欧镑', '萬億個點幣歐鎊') END
);
