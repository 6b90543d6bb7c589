-- The index of words once more: beginnings of one to four letters have lists of their own, and an address in dotted
-- form is one word (10x1x2x3) beside its four numbers, which half of all documents hold. All texts are told to be
-- fresh: incident_search puts them in when the store is opened. Its words can be looked up (search_terms).
UPDATE search_docs SET fresh = coalesce(fresh, (SELECT text FROM search_text WHERE rowid = search_docs.id)), was = NULL;
DROP TABLE search_text;
CREATE VIRTUAL TABLE search_text USING fts5(text, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4');
CREATE VIRTUAL TABLE search_terms USING fts5vocab(search_text, 'instance');
