-- Views made for people, and the indexes that they need.
--
-- Days and times are by the wall clock of the cache's own library, on the nights too on which clocks change; `starts_at`
-- and `ends_at` stay Unix seconds. "Now" is this machine's clock.

CREATE INDEX shift_by_queue ON shift (queue_id, starts_at, ends_at);
CREATE INDEX shift_by_operator ON shift (operator_id, starts_at, ends_at);

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
-- Slots that lack the same are told as one stretch. `who_could` names this library's operators who have the skill,
-- neither a shift nor an absence then, and for a shortest shift of the queue are available in it and have hours left in
-- its day and week.
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
),
-- By the wall clock too, in seconds; its midnight and its Monday are of the day on which the gap begins.
placed AS (
    SELECT
        gap.*, queue.name, queue.skill, queue.priority,
        min(gap.ends_at - gap.starts_at, queue.min_shift_minutes * 60) AS shortest,
        gap.starts_at + begins.offset_seconds AS wall_starts, gap.ends_at + finishes.offset_seconds AS wall_ends,
        (gap.starts_at + begins.offset_seconds) / 86400 AS wall_day,
        ((gap.starts_at + begins.offset_seconds) / 86400 + 3) % 7 AS weekday,
        begins.offset_seconds
    FROM gap
    JOIN queue ON queue.queue_id = gap.queue_id
    JOIN here_offset AS begins ON begins.starts_at <= gap.starts_at AND gap.starts_at < begins.ends_at
    JOIN here_offset AS finishes ON finishes.starts_at <= gap.ends_at AND gap.ends_at < finishes.ends_at
)
SELECT
    date(placed.wall_starts, 'unixepoch') AS day,
    strftime('%H:%M', placed.wall_starts, 'unixepoch') AS starts,
    CASE
        WHEN placed.wall_ends / 86400 = placed.wall_day THEN strftime('%H:%M', placed.wall_ends, 'unixepoch')
        WHEN placed.wall_ends = (placed.wall_day + 1) * 86400 THEN '24:00'
        ELSE strftime('%Y-%m-%d %H:%M', placed.wall_ends, 'unixepoch')
    END AS ends,
    placed.name AS queue, placed.severity, placed.missing,
    (SELECT group_concat(operator.name, ', ')
    FROM operator
    WHERE EXISTS (SELECT 1 FROM operator_skill
            WHERE operator_skill.operator_id = operator.operator_id AND operator_skill.skill = placed.skill)
        AND NOT EXISTS (SELECT 1 FROM absence
            WHERE absence.operator_id = operator.operator_id
                AND absence.starts_at < placed.ends_at AND placed.starts_at < absence.ends_at)
        AND NOT EXISTS (SELECT 1 FROM shift
            WHERE shift.operator_id = operator.operator_id AND shift.starts_at < placed.ends_at
                AND shift.starts_at > placed.starts_at - (SELECT seconds FROM longest_shift)
                AND placed.starts_at < shift.ends_at)
        -- On the first such weekday from the gap's beginning on, or a week later where the gap is as long.
        AND EXISTS (SELECT 1
            FROM availability CROSS JOIN (SELECT 0 AS days UNION ALL SELECT 7) AS later
            WHERE availability.operator_id = operator.operator_id
                AND min(placed.wall_ends, availability.to_minute * 60
                        + (placed.wall_day + (availability.weekday - placed.weekday + 7) % 7 + later.days) * 86400)
                    - max(placed.wall_starts, availability.from_minute * 60
                        + (placed.wall_day + (availability.weekday - placed.weekday + 7) % 7 + later.days) * 86400)
                    >= placed.shortest)
        AND placed.shortest + (SELECT coalesce(sum(shift.ends_at - shift.starts_at), 0) FROM shift
                WHERE shift.operator_id = operator.operator_id
                    AND shift.starts_at >= placed.wall_day * 86400 - placed.offset_seconds
                    AND shift.starts_at < (placed.wall_day + 1) * 86400 - placed.offset_seconds)
            <= operator.max_hours_per_day * 3600
        AND placed.shortest + (SELECT coalesce(sum(shift.ends_at - shift.starts_at), 0) FROM shift
                WHERE shift.operator_id = operator.operator_id
                    AND shift.starts_at >= (placed.wall_day - placed.weekday) * 86400 - placed.offset_seconds
                    AND shift.starts_at < (placed.wall_day - placed.weekday + 7) * 86400 - placed.offset_seconds)
            <= operator.max_hours_per_week * 3600) AS who_could,
    placed.queue_id, placed.starts_at, placed.ends_at
FROM placed
ORDER BY placed.starts_at, placed.priority DESC, placed.queue_id;

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

-- Questions by email that have not ended, of this library's patrons or for its operators; the most urgent first.
CREATE VIEW my_library_ticket AS
SELECT
    ticket.session_number AS number, coalesce(queue.name, '') AS queue, ticket.state,
    -- Other libraries' operators are known by their ids alone.
    coalesce(operator.name, ticket.operator_id) AS operator,
    strftime('%Y-%m-%d %H:%M', ticket.created_at + asked.offset_seconds, 'unixepoch') AS asked,
    strftime('%Y-%m-%d %H:%M', ticket.due_at + due.offset_seconds, 'unixepoch') AS due,
    coalesce(ticket.due_at < here.now, 0) AS is_overdue,
    coalesce(library.name, '') AS patrons_library, ticket.library_id IS here.library_id AS is_own_patrons,
    operator.operator_id IS NOT NULL AS is_held_here, ticket.note,
    ticket.queue_id, ticket.library_id, ticket.operator_id, ticket.created_at, ticket.due_at
FROM here
CROSS JOIN ticket
JOIN here_offset AS asked ON asked.starts_at <= ticket.created_at AND ticket.created_at < asked.ends_at
LEFT JOIN here_offset AS due ON due.starts_at <= ticket.due_at AND ticket.due_at < due.ends_at
LEFT JOIN queue ON queue.queue_id = ticket.queue_id
LEFT JOIN library ON library.library_id = ticket.library_id
LEFT JOIN operator ON operator.operator_id = ticket.operator_id
ORDER BY ticket.due_at IS NULL, ticket.due_at, ticket.session_number;

-- Wishes to exchange shifts, from this library and to it: the shift that is given, and the one that is wanted for it if
-- one is named. Shifts that are no longer in a published plan have no times.
CREATE VIEW my_library_swap AS
SELECT
    swap_request.state, swap_request.library_id IS here.library_id AS is_asked_here,
    date(gives.starts_at + gives_begins.offset_seconds, 'unixepoch') AS day,
    strftime('%H:%M', gives.starts_at + gives_begins.offset_seconds, 'unixepoch') AS starts,
    strftime('%H:%M', gives.ends_at + gives_finishes.offset_seconds, 'unixepoch') AS ends,
    coalesce(giver.name, swap_request.operator_id) AS operator, coalesce(gives_queue.name, '') AS queue,
    date(takes.starts_at + takes_begins.offset_seconds, 'unixepoch') AS for_day,
    strftime('%H:%M', takes.starts_at + takes_begins.offset_seconds, 'unixepoch') AS for_starts,
    strftime('%H:%M', takes.ends_at + takes_finishes.offset_seconds, 'unixepoch') AS for_ends,
    coalesce(taker.name, takes.operator_id) AS for_operator, takes_queue.name AS for_queue,
    swap_request.reason,
    strftime('%Y-%m-%d %H:%M', swap_request.made_at + made.offset_seconds, 'unixepoch') AS made,
    swap_request.plan_number, swap_request.shift_number, swap_request.with_plan_number,
    swap_request.with_shift_number, swap_request.request_id
FROM here
CROSS JOIN swap_request
JOIN here_offset AS made ON made.starts_at <= swap_request.made_at AND swap_request.made_at < made.ends_at
LEFT JOIN shift AS gives ON gives.plan_number = swap_request.plan_number
    AND gives.shift_number = swap_request.shift_number
LEFT JOIN here_offset AS gives_begins ON gives_begins.starts_at <= gives.starts_at
    AND gives.starts_at < gives_begins.ends_at
LEFT JOIN here_offset AS gives_finishes ON gives_finishes.starts_at <= gives.ends_at
    AND gives.ends_at < gives_finishes.ends_at
LEFT JOIN queue AS gives_queue ON gives_queue.queue_id = gives.queue_id
LEFT JOIN operator AS giver ON giver.operator_id = swap_request.operator_id
LEFT JOIN shift AS takes ON takes.plan_number = swap_request.with_plan_number
    AND takes.shift_number = swap_request.with_shift_number
LEFT JOIN here_offset AS takes_begins ON takes_begins.starts_at <= takes.starts_at
    AND takes.starts_at < takes_begins.ends_at
LEFT JOIN here_offset AS takes_finishes ON takes_finishes.starts_at <= takes.ends_at
    AND takes.ends_at < takes_finishes.ends_at
LEFT JOIN queue AS takes_queue ON takes_queue.queue_id = takes.queue_id
LEFT JOIN operator AS taker ON taker.operator_id = takes.operator_id
ORDER BY swap_request.state <> 'open', gives.starts_at, swap_request.request_id;

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
