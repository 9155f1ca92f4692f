-- Who would take a shift that is open or given away, and what became of each request about a shift.

ALTER TABLE swap_request
    -- Whose the wanted shift was; null where any will do, or where it was asked before this was kept.
    ADD COLUMN with_operator_id identifier,
    ADD FOREIGN KEY (consortium_id, with_operator_id) REFERENCES operator,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decided_by text,
    -- Why, for whoever asked; may be empty.
    ADD COLUMN decision text NOT NULL DEFAULT '',
    -- The edit that did it.
    ADD COLUMN edit_number integer,
    ADD FOREIGN KEY (consortium_id, edit_number) REFERENCES plan_edit,
    ADD CONSTRAINT swap_decision_is_whole CHECK (
        (state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL));

ALTER TABLE shift_decline
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decided_by text,
    ADD COLUMN decision text NOT NULL DEFAULT '',
    ADD COLUMN edit_number integer,
    ADD FOREIGN KEY (consortium_id, edit_number) REFERENCES plan_edit,
    ADD CONSTRAINT decline_decision_is_whole CHECK (
        (state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL));

-- An operator's wish to have time that nobody has, or a shift that somebody gives away.
CREATE TABLE shift_claim (
    consortium_id identifier NOT NULL,
    -- Counted from 1 in the consortium.
    claim_number  integer NOT NULL CHECK (claim_number >= 1),
    operator_id   identifier NOT NULL,
    queue_id      identifier NOT NULL,
    during        tstzrange NOT NULL,
    -- The request by which somebody gives the shift away; null for time that nobody has.
    decline_id    uuid,
    made_at       timestamptz NOT NULL,
    made_by       text NOT NULL CHECK (made_by <> ''),
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'refused', 'withdrawn')),
    decided_at    timestamptz,
    decided_by    text,
    decision      text NOT NULL DEFAULT '',
    edit_number   integer,
    PRIMARY KEY (consortium_id, claim_number),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue,
    FOREIGN KEY (consortium_id, decline_id) REFERENCES shift_decline (consortium_id, request_id),
    FOREIGN KEY (consortium_id, edit_number) REFERENCES plan_edit,
    CONSTRAINT shift_claim_is_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT claim_decision_is_whole CHECK (
        (state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT granted_claim_has_its_edit CHECK ((state = 'granted') = (edit_number IS NOT NULL))
);
-- Nobody asks twice for the same.
CREATE UNIQUE INDEX one_open_claim ON shift_claim (consortium_id, operator_id, queue_id, during) WHERE state = 'open';
CREATE INDEX shift_claim_by_queue ON shift_claim (consortium_id, queue_id);

-- An operator's shift as a request names it, by plan and number: as it is in the plan, or as it was last; and whether the
-- operator has it still, in whichever plan is published.
CREATE FUNCTION requested_shift(consortium text, plan integer, number integer, person text)
RETURNS TABLE (queue_id text, operator_id text, during tstzrange, stands boolean) STABLE LANGUAGE sql AS $$
    SELECT s.queue_id::text, s.operator_id::text, s.during, EXISTS (
        SELECT FROM shift AS p JOIN plan AS v USING (consortium_id, plan_number)
        WHERE v.state = 'published' AND p.consortium_id = consortium AND p.operator_id = s.operator_id
            AND p.queue_id = s.queue_id AND p.during = s.during)
    FROM (
        SELECT t.queue_id, t.operator_id, t.during, NULL::integer AS until_edit FROM shift AS t
        WHERE t.consortium_id = consortium AND t.plan_number = plan AND t.shift_number = number
            AND t.operator_id = person
        UNION ALL
        SELECT t.queue_id, t.operator_id, t.during, t.until_edit FROM past_shift AS t
        WHERE t.consortium_id = consortium AND t.plan_number = plan AND t.shift_number = number
            AND t.operator_id = person
        ORDER BY until_edit DESC NULLS FIRST LIMIT 1) AS s
$$;
