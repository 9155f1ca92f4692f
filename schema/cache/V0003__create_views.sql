-- Views made for people, and the indexes that they need.
--
-- Days and times are by the wall clock of the cache's own library, on the nights too on which clocks change; `starts_at`
-- and `ends_at` stay Unix seconds. "Now" is this machine's clock.

CREATE INDEX shift_by_queue ON shift (queue_id, starts_at, ends_at);

-- The library that the cache belongs to, and its present.
CREATE VIEW here AS
SELECT
    library.library_id, library.name, library.time_zone, moment.now,
    date(moment.now + zone_offset.offset_seconds, 'unixepoch') AS today
FROM (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS now) AS moment
CROSS JOIN meta
JOIN library ON library.library_id = meta.library
JOIN zone_offset ON zone_offset.time_zone = library.time_zone
    AND zone_offset.starts_at <= moment.now AND moment.now < zone_offset.ends_at;

-- The clocks of the cache's own library: by how much they are ahead of UTC, and when.
CREATE VIEW here_offset AS
SELECT zone_offset.starts_at, zone_offset.ends_at, zone_offset.offset_seconds
FROM meta
JOIN library ON library.library_id = meta.library
JOIN zone_offset ON zone_offset.time_zone = library.time_zone;

-- Every published shift with its names and local times. Names of other libraries' operators are not known here.
CREATE VIEW shift_local AS
SELECT
    date(shift.starts_at + begins.offset_seconds, 'unixepoch') AS day,
    strftime('%H:%M', shift.starts_at + begins.offset_seconds, 'unixepoch') AS starts,
    CASE
        WHEN date(shift.ends_at + finishes.offset_seconds, 'unixepoch')
            = date(shift.starts_at + begins.offset_seconds, 'unixepoch')
        THEN strftime('%H:%M', shift.ends_at + finishes.offset_seconds, 'unixepoch')
        WHEN (shift.ends_at + finishes.offset_seconds) % 86400 = 0
            AND date(shift.ends_at + finishes.offset_seconds - 1, 'unixepoch')
                = date(shift.starts_at + begins.offset_seconds, 'unixepoch')
        THEN '24:00'
        ELSE strftime('%Y-%m-%d %H:%M', shift.ends_at + finishes.offset_seconds, 'unixepoch')
    END AS ends,
    coalesce(operator.name, '') AS operator, shift.operator_id,
    coalesce(library.name, '') AS library, shift.library_id,
    coalesce(queue.name, '') AS queue, shift.queue_id,
    -- With the offset, which tells the two hours of one name apart when clocks go back.
    strftime('%Y-%m-%dT%H:%M:%S', shift.starts_at + begins.offset_seconds, 'unixepoch')
        || printf('%s%02d:%02d', CASE WHEN begins.offset_seconds < 0 THEN '-' ELSE '+' END,
            abs(begins.offset_seconds) / 3600, abs(begins.offset_seconds) % 3600 / 60) AS starts_local,
    strftime('%Y-%m-%dT%H:%M:%S', shift.ends_at + finishes.offset_seconds, 'unixepoch')
        || printf('%s%02d:%02d', CASE WHEN finishes.offset_seconds < 0 THEN '-' ELSE '+' END,
            abs(finishes.offset_seconds) / 3600, abs(finishes.offset_seconds) % 3600 / 60) AS ends_local,
    date(shift.ends_at - 1 + finishes.offset_seconds, 'unixepoch') AS last_day,
    shift.starts_at, shift.ends_at, shift.plan_number, shift.shift_number
FROM shift
JOIN here_offset AS begins ON begins.starts_at <= shift.starts_at AND shift.starts_at < begins.ends_at
JOIN here_offset AS finishes ON finishes.starts_at <= shift.ends_at AND shift.ends_at < finishes.ends_at
LEFT JOIN operator ON operator.operator_id = shift.operator_id
LEFT JOIN library ON library.library_id = shift.library_id
LEFT JOIN queue ON queue.queue_id = shift.queue_id;

-- No shift is longer: what began earlier than this before a moment is over by then.
CREATE VIEW longest_shift AS
SELECT coalesce(max(ends_at - starts_at), 0) AS seconds FROM shift;

-- Who sits today, at all libraries.
CREATE VIEW shift_today AS
SELECT
    shift_local.starts, shift_local.ends, shift_local.queue, shift_local.library, shift_local.operator,
    shift_local.operator_id, shift_local.library_id, shift_local.queue_id,
    shift_local.starts_at <= here.now AND here.now < shift_local.ends_at AS is_on_now,
    shift_local.starts_at, shift_local.ends_at, shift_local.plan_number, shift_local.shift_number
FROM here
CROSS JOIN queue
JOIN shift_local ON shift_local.queue_id = queue.queue_id
    AND shift_local.starts_at > here.now - 90000 - (SELECT seconds FROM longest_shift)
    AND shift_local.starts_at < here.now + 90000
WHERE shift_local.day <= here.today AND here.today <= shift_local.last_day
ORDER BY shift_local.starts_at, shift_local.queue_id, shift_local.operator_id;

-- This week, Monday to Sunday, of the library's own operators; `pending` tells what was done offline and not decided.
CREATE VIEW my_library_week AS
SELECT
    shift_local.day, shift_local.starts, shift_local.ends, shift_local.operator, shift_local.queue,
    (SELECT group_concat(
        CASE intent.kind WHEN 'absence_add' THEN 'absence' WHEN 'swap_request' THEN 'swap' ELSE 'decline' END
        || ' pending', ', ')
    FROM intent
    WHERE intent.state = 'pending' AND intent.operator_id = shift_local.operator_id
        AND CASE intent.kind
            WHEN 'absence_add' THEN intent.starts_at < shift_local.ends_at AND shift_local.starts_at < intent.ends_at
            ELSE intent.plan_number = shift_local.plan_number AND intent.shift_number = shift_local.shift_number
        END) AS pending,
    shift_local.operator_id, shift_local.queue_id,
    shift_local.starts_at, shift_local.ends_at, shift_local.plan_number, shift_local.shift_number
FROM here
CROSS JOIN queue
JOIN shift_local ON shift_local.queue_id = queue.queue_id AND shift_local.library_id = here.library_id
    AND shift_local.starts_at > here.now - 694800 - (SELECT seconds FROM longest_shift)
    AND shift_local.starts_at < here.now + 694800
WHERE shift_local.last_day >= date(here.today, '-6 days', 'weekday 1')
    AND shift_local.day < date(here.today, '-6 days', 'weekday 1', '+7 days')
ORDER BY shift_local.starts_at, shift_local.operator_id;

-- What is still to come of each demand, slot by slot, with the operators who sit there.
CREATE VIEW slot_to_come AS
WITH RECURSIVE slot (queue_id, starts_at, ends_at, demand_ends_at, minimum, target, seconds) AS (
    SELECT
        demand.queue_id, demand.starts_at,
        min(demand.ends_at, demand.starts_at + consortium.slot_minutes * 60
            - demand.starts_at % (consortium.slot_minutes * 60)),
        demand.ends_at, demand.minimum, demand.target, consortium.slot_minutes * 60
    FROM here CROSS JOIN consortium CROSS JOIN demand
    WHERE demand.ends_at > here.now
    UNION ALL
    SELECT queue_id, ends_at, min(demand_ends_at, ends_at + seconds), demand_ends_at, minimum, target, seconds
    FROM slot WHERE ends_at < demand_ends_at
)
SELECT
    slot.queue_id, slot.starts_at, slot.ends_at, slot.minimum, slot.target,
    (SELECT count(*) FROM shift
    WHERE shift.queue_id = slot.queue_id
        AND shift.starts_at >= slot.ends_at - (SELECT seconds FROM longest_shift)
        AND shift.starts_at <= slot.starts_at AND shift.ends_at >= slot.ends_at) AS staffed
FROM here CROSS JOIN slot
WHERE slot.ends_at > here.now
    AND EXISTS (SELECT 1 FROM plan WHERE plan.starts_at <= slot.starts_at AND slot.ends_at <= plan.ends_at);

-- Demand that the published schedule does not meet from now on: critical below the minimum, thin below the target.
-- Slots that lack the same are told as one stretch. `who_could` names this library's operators who have the skill and
-- neither a shift nor an absence then.
CREATE VIEW open_gap AS
WITH lacking AS (
    SELECT
        queue_id, starts_at, ends_at,
        CASE WHEN staffed < minimum THEN 'critical' ELSE 'thin' END AS severity,
        CASE WHEN staffed < minimum THEN minimum ELSE target END - staffed AS missing
    FROM slot_to_come WHERE staffed < target
),
begun AS (
    SELECT *,
        starts_at IS NOT lag(ends_at) OVER (PARTITION BY queue_id, severity, missing ORDER BY starts_at) AS begins
    FROM lacking
),
numbered AS (
    SELECT *, sum(begins) OVER (PARTITION BY queue_id, severity, missing ORDER BY starts_at) AS stretch FROM begun
),
gap AS (
    SELECT queue_id, severity, missing, min(starts_at) AS starts_at, max(ends_at) AS ends_at
    FROM numbered GROUP BY queue_id, severity, missing, stretch
)
SELECT
    date(gap.starts_at + begins.offset_seconds, 'unixepoch') AS day,
    strftime('%H:%M', gap.starts_at + begins.offset_seconds, 'unixepoch') AS starts,
    CASE
        WHEN date(gap.ends_at + finishes.offset_seconds, 'unixepoch')
            = date(gap.starts_at + begins.offset_seconds, 'unixepoch')
        THEN strftime('%H:%M', gap.ends_at + finishes.offset_seconds, 'unixepoch')
        WHEN (gap.ends_at + finishes.offset_seconds) % 86400 = 0
            AND date(gap.ends_at + finishes.offset_seconds - 1, 'unixepoch')
                = date(gap.starts_at + begins.offset_seconds, 'unixepoch')
        THEN '24:00'
        ELSE strftime('%Y-%m-%d %H:%M', gap.ends_at + finishes.offset_seconds, 'unixepoch')
    END AS ends,
    queue.name AS queue, gap.severity, gap.missing,
    (SELECT group_concat(operator.name, ', ')
    FROM operator
    WHERE EXISTS (SELECT 1 FROM operator_skill
            WHERE operator_skill.operator_id = operator.operator_id AND operator_skill.skill = queue.skill)
        AND NOT EXISTS (SELECT 1 FROM absence
            WHERE absence.operator_id = operator.operator_id
                AND absence.starts_at < gap.ends_at AND gap.starts_at < absence.ends_at)
        AND NOT EXISTS (SELECT 1 FROM queue AS busy CROSS JOIN shift ON shift.queue_id = busy.queue_id
            AND shift.starts_at < gap.ends_at
            AND shift.starts_at > gap.starts_at - (SELECT seconds FROM longest_shift)
            WHERE shift.operator_id = operator.operator_id AND gap.starts_at < shift.ends_at)) AS who_could,
    gap.queue_id, gap.starts_at, gap.ends_at
FROM gap
JOIN queue ON queue.queue_id = gap.queue_id
JOIN here_offset AS begins ON begins.starts_at <= gap.starts_at AND gap.starts_at < begins.ends_at
JOIN here_offset AS finishes ON finishes.starts_at <= gap.ends_at AND gap.ends_at < finishes.ends_at
ORDER BY gap.starts_at, queue.priority DESC, gap.queue_id;

-- Each queue at this moment: how many are wanted and how many sit there. Null minimum: nobody is wanted now.
CREATE VIEW coverage_now AS
SELECT
    queue.name AS queue, demand.minimum, demand.target, count(shift.operator_id) AS staffed,
    group_concat(shift.operator_id, ', ') AS operators,
    CASE
        WHEN demand.minimum IS NULL THEN 'closed'
        WHEN count(shift.operator_id) < demand.minimum THEN 'critical'
        WHEN count(shift.operator_id) < demand.target THEN 'thin'
        ELSE 'covered'
    END AS standing,
    queue.queue_id
FROM here
CROSS JOIN queue
LEFT JOIN demand ON demand.queue_id = queue.queue_id AND demand.starts_at <= here.now AND here.now < demand.ends_at
LEFT JOIN shift ON shift.queue_id = queue.queue_id
    AND shift.starts_at > here.now - (SELECT seconds FROM longest_shift)
    AND shift.starts_at <= here.now AND here.now < shift.ends_at
GROUP BY queue.queue_id
ORDER BY queue.priority DESC, queue.queue_id;

-- Everything that this library did offline, with what became of it.
CREATE VIEW intent_local AS
SELECT
    intent.intent_number,
    CASE intent.kind
        WHEN 'absence_add' THEN 'absence' WHEN 'swap_request' THEN 'swap' ELSE 'decline'
    END AS what,
    intent.operator_id, coalesce(operator.name, '') AS operator,
    strftime('%Y-%m-%d %H:%M', intent.starts_at + begins.offset_seconds, 'unixepoch') AS starts,
    strftime('%Y-%m-%d %H:%M', intent.ends_at + finishes.offset_seconds, 'unixepoch') AS ends,
    intent.plan_number, intent.shift_number,
    json_extract(intent.body, '$.reason') AS said,
    strftime('%Y-%m-%d %H:%M', intent.made_at + made.offset_seconds, 'unixepoch') AS made,
    intent.state, intent.reason, intent.theirs, intent.intent_id
FROM intent
JOIN here_offset AS begins ON begins.starts_at <= intent.starts_at AND intent.starts_at < begins.ends_at
JOIN here_offset AS finishes ON finishes.starts_at <= intent.ends_at AND intent.ends_at < finishes.ends_at
JOIN here_offset AS made ON made.starts_at <= intent.made_at AND intent.made_at < made.ends_at
LEFT JOIN operator ON operator.operator_id = intent.operator_id
ORDER BY intent.intent_number;

-- What the service has not decided yet.
CREATE VIEW pending_intent AS
SELECT intent_number, what, operator_id, operator, starts, ends, plan_number, shift_number, said, made
FROM intent_local WHERE state = 'pending';

-- As of when the cache is, for people.
CREATE VIEW cache_state AS
SELECT
    here.name AS library,
    strftime('%Y-%m-%d %H:%M:%S', meta.as_of / 1000000 + told.offset_seconds, 'unixepoch') AS as_of,
    CASE
        WHEN meta.in_step = 1 AND here.now - meta.contact_at <= 60 THEN 'in step'
        ELSE 'not in step'
    END AS standing,
    here.now - meta.contact_at AS seconds_since_contact,
    (SELECT count(*) FROM intent WHERE state = 'pending') AS pending_intents
FROM here
CROSS JOIN meta
JOIN here_offset AS told ON told.starts_at <= meta.as_of / 1000000 AND meta.as_of / 1000000 < told.ends_at;
