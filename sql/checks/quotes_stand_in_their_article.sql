-- Every quote is exactly what its article holds at its offsets.
-- asset: claims
SELECT claim_id, quote, text[quote_start + 1 : quote_end] AS found
FROM claims
JOIN articles USING (article_id)
WHERE found <> quote;
