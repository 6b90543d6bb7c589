-- Alerts of other products: which of ours stands for which of theirs.
CREATE TABLE foreign_alerts (
    product  TEXT NOT NULL COLLATE NOCASE,
    original TEXT NOT NULL, -- the product's own id
    alert    TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (product, original)
) STRICT, WITHOUT ROWID;
