-- Version 4: notifications that were given up, in the order of time.

ALTER TABLE notifications ADD COLUMN given_up_at INTEGER;

-- Nanoseconds: whole seconds, and the digits between the point and the Z, of which there may be none.
UPDATE notifications SET given_up_at = (
    SELECT max(unixepoch(given_up) * 1000000000
        + CAST(substr(rtrim(substr(given_up, 21), 'Z') || '000000000', 1, 9) AS INTEGER))
    FROM (SELECT value ->> '$.given_up.at' AS given_up FROM json_each(doc, '$.deliveries'))
) WHERE json_valid(doc);

CREATE INDEX notifications_by_given_up ON notifications (given_up_at, id) WHERE given_up_at IS NOT NULL;
