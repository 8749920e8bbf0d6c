-- Who did what, and how it ended, one row an event. Texts are empty where there is nothing to tell.
CREATE TABLE audit_events (
    id         TEXT COLLATE "C" PRIMARY KEY, -- grows with the events of a process
    at         BIGINT NOT NULL,               -- Unix time, ms
    event      TEXT NOT NULL, -- such as `sign-in`
    actor      TEXT NOT NULL, -- an entity reference, or the subject of a program
    outcome    TEXT NOT NULL CHECK (outcome IN ('succeeded', 'denied', 'failed')),
    request_id TEXT NOT NULL,
    details    TEXT NOT NULL  -- a JSON object
);
CREATE INDEX audit_events_at ON audit_events (at, id);
CREATE INDEX audit_events_actor ON audit_events (actor, at, id);
CREATE INDEX audit_events_event ON audit_events (event, at, id);
CREATE INDEX audit_events_outcome ON audit_events (outcome, at, id);
