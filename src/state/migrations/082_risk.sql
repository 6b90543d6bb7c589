-- What makes findings on a resource worse, by the formula of content/policy/risk.json. No row: nothing is known.
CREATE TABLE posture_risks (
    resource INTEGER PRIMARY KEY,
    points   INTEGER NOT NULL, -- of the factors that it has
    present  INTEGER NOT NULL, -- a bit for each of them, by its place in the formula
    factors  TEXT NOT NULL     -- JSON, with the sign and its evidence
) STRICT;
