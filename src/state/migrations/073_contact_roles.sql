-- Whom a contact tells beside its addresses: a bit for each role of incident_contact's table.
ALTER TABLE security_contacts ADD COLUMN roles INTEGER NOT NULL DEFAULT 0;
